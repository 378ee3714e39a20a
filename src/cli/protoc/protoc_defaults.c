/* --edition_defaults_out: what each feature is in each edition, as a
 * FeatureSetDefaults. The values stand in the options of the feature's field, in
 * text format; so the defaults of an edition are written as one text, and read
 * as a message. Rules: protobuf, docs/design/editions, and FeatureResolver. */
#include <stdlib.h>

#include "cli/protoc/protoc.h"
#include "proto/descriptor/normal.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"
#include "stele/codec.h"
#include "sys/file.h"

enum {
  OPTION_TARGETS = 19, /* of FieldOptions */
  OPTION_DEFAULTS = 20,
  OPTION_SUPPORT = 22,
  DEFAULT_VALUE = 2, /* of EditionDefault */
  DEFAULT_EDITION = 3,
  SUPPORT_INTRODUCED = 1, /* of FeatureSupport */
  SUPPORT_DEPRECATED = 2,
  SUPPORT_REMOVED = 4,

  SET_DEFAULTS = 1, /* of FeatureSetDefaults */
  SET_MINIMUM = 4,
  SET_MAXIMUM = 5,
  EDITION_EDITION = 3, /* of FeatureSetEditionDefault */
  EDITION_OVERRIDABLE = 4,
  EDITION_FIXED = 5,

  EDITION_LEGACY = 900,
  EDITION_UNSTABLE = 9999,
  MOST_DEPTH = 100,
};

typedef STELE_VEC(const stele_field *) field_list;
typedef STELE_VEC(int32_t) edition_list;

typedef struct defaults_job {
  protoc_run *run;
  stele_arena *arena;
  const stele_message *features; /* google.protobuf.FeatureSet */
  field_list extensions;         /* of it, by number */
  edition_list editions;         /* with defaults of their own, ascending */
  const stele_layout *layout;
} defaults_job;

static bool fail(const defaults_job *job, const char *format, stele_str name, stele_str more) {
  stele_str text = stele_str_printf(job->arena, format, STELE_STR_ARG(name), STELE_STR_ARG(more));
  return protoc_say(job->run, STELE_STR_FMT ": " STELE_STR_FMT "\n",
                    STELE_STR_ARG(job->run->options.defaults_out), STELE_STR_ARG(text));
}

/* ---- A feature's options -------------------------------------------------------- */

static stele_reader options_of(const stele_field *field) {
  return stele_reader_of(field->options ? field->options->wire : (stele_bytes){NULL, 0});
}

/* The next value of an option that is a message. */
static bool next_message(stele_reader *r, uint32_t number, stele_bytes *out) {
  while (!stele_read_done(r)) {
    uint32_t tag = stele_read_tag(r);
    if (tag == stele_wire_tag(number, STELE_WIRE_DELIMITED)) {
      *out = stele_read_delimited(r);
      return !r->failed;
    }
    stele_read_skip_value(r, tag, MOST_DEPTH);
  }
  return false;
}

/* The last integer, and the last text, of a message's field. */
static int32_t integer_of(stele_bytes message, uint32_t number) {
  stele_reader r = stele_reader_of(message);
  int32_t found = 0;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(number, STELE_WIRE_VARINT)) {
      found = (int32_t)(uint32_t)stele_read_varint(&r);
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MOST_DEPTH);
    }
  }
  return found;
}

static stele_str text_of(stele_bytes message, uint32_t number) {
  stele_reader r = stele_reader_of(message);
  stele_bytes text = {NULL, 0};
  while (next_message(&r, number, &text)) continue;
  return stele_bytes_str(text);
}

/* An edition may have it, but may not change it. */
static bool is_fixed(const stele_field *field, int32_t edition) {
  stele_reader r = options_of(field);
  stele_bytes support = {NULL, 0};
  while (next_message(&r, OPTION_SUPPORT, &support)) continue;
  int32_t introduced = integer_of(support, SUPPORT_INTRODUCED);
  int32_t removed = integer_of(support, SUPPORT_REMOVED);
  return edition < introduced || (removed && edition >= removed);
}

/* The default of the latest edition up to this one. */
static bool find_default(const stele_field *field, int32_t edition, stele_str *value) {
  stele_reader r = options_of(field);
  stele_bytes one;
  int32_t best = -1;
  while (next_message(&r, OPTION_DEFAULTS, &one)) {
    int32_t since = integer_of(one, DEFAULT_EDITION);
    if (since > edition || since < best) continue;
    best = since;
    *value = text_of(one, DEFAULT_VALUE);
  }
  return best >= 0;
}

static bool has_default_for(const stele_field *field, int32_t edition) {
  stele_reader r = options_of(field);
  stele_bytes one;
  while (next_message(&r, OPTION_DEFAULTS, &one)) {
    if (integer_of(one, DEFAULT_EDITION) == edition) return true;
  }
  return false;
}

/* ---- Which features, which editions ------------------------------------------------ */

static bool is_named_features(const stele_message *message) {
  return stele_str_eq(message->full_name, STELE_STR("google.protobuf.FeatureSet"));
}

static int by_number(const void *a, const void *b) {
  const stele_field *x = *(const stele_field *const *)a, *y = *(const stele_field *const *)b;
  return (x->number > y->number) - (x->number < y->number);
}

static bool find_features(defaults_job *job) {
  size_t count, extension_count;
  const stele_file *const *files = stele_schema_files(job->run->schema, &count);
  for (size_t i = 0; i < count; i++) {
    for (uint32_t k = 0; k < files[i]->message_count; k++) {
      if (is_named_features(&files[i]->messages[k])) job->features = &files[i]->messages[k];
    }
    const stele_field *const *extensions = stele_file_extensions(files[i], &extension_count);
    for (size_t k = 0; k < extension_count; k++) {
      if (is_named_features(extensions[k]->message)) {
        STELE_VEC_PUSH(job->arena, &job->extensions, extensions[k]);
      }
    }
  }
  if (job->extensions.count) {
    qsort(job->extensions.at, job->extensions.count, sizeof *job->extensions.at, by_number);
  }
  return job->features ||
         fail(job,
              "Could not find FeatureSet in descriptor pool.  Please make sure descriptor.proto is "
              "in your import path" STELE_STR_FMT STELE_STR_FMT,
              (stele_str){NULL, 0}, (stele_str){NULL, 0});
}

static void add_edition(defaults_job *job, int32_t edition) {
  edition_list *list = &job->editions;
  size_t at = list->count;
  while (at && list->at[at - 1] > edition) at--;
  if (at && list->at[at - 1] == edition) return;
  (void)STELE_VEC_ADD(job->arena, list);
  memmove(&list->at[at + 1], &list->at[at], (list->count - 1 - at) * sizeof *list->at);
  list->at[at] = edition;
}

/* What a feature will be is told from the first mention on, whatever the bounds. */
static void collect_unstable(defaults_job *job, const stele_field *field) {
  static const uint32_t mentions[] = {SUPPORT_INTRODUCED, SUPPORT_DEPRECATED, SUPPORT_REMOVED};
  stele_reader r = options_of(field);
  stele_bytes support;
  bool found = has_default_for(field, EDITION_UNSTABLE);
  while (next_message(&r, OPTION_SUPPORT, &support)) {
    for (size_t i = 0; i < STELE_COUNT(mentions); i++) {
      found |= integer_of(support, mentions[i]) == EDITION_UNSTABLE;
    }
  }
  if (found) add_edition(job, EDITION_UNSTABLE);
}

static void collect_editions(defaults_job *job, const stele_message *message, int32_t maximum) {
  for (uint32_t i = 0; i < message->field_count; i++) {
    stele_reader r = options_of(&message->fields[i]);
    stele_bytes one;
    while (next_message(&r, OPTION_DEFAULTS, &one)) {
      int32_t edition = integer_of(one, DEFAULT_EDITION);
      if (edition <= maximum) add_edition(job, edition);
    }
    collect_unstable(job, &message->fields[i]);
  }
}

/* ---- Features that can be none ------------------------------------------------------ */

static bool fail_of(const defaults_job *job, const char *before, stele_str name,
                    const char *after) {
  stele_str start = stele_str_printf(job->arena, "%s " STELE_STR_FMT, before, STELE_STR_ARG(name));
  return fail(job, STELE_STR_FMT STELE_STR_FMT, start, stele_cstr(after));
}

static bool has_option(const stele_field *field, uint32_t number) {
  stele_reader r = options_of(field);
  stele_bytes value;
  return next_message(&r, number, &value);
}

static bool check_field(const defaults_job *job, const stele_field *field) {
  const char *wrong = NULL;
  if (field->is_required) {
    wrong = " is an unsupported required field.";
  } else if (field->label == STELE_LABEL_REPEATED) {
    wrong = " is an unsupported repeated field.";
  } else if (field->type != STELE_TYPE_ENUM && field->type != STELE_TYPE_BOOL) {
    wrong = " is not an enum or boolean.";
  } else if (stele_options_varint(field->options, OPTION_TARGETS, 0) == 0) {
    wrong = " has no target specified.";
  } else if (!has_default_for(field, EDITION_LEGACY)) {
    wrong = " has no default specified for EDITION_LEGACY, before it was introduced.";
  } else if (!has_option(field, OPTION_SUPPORT)) {
    wrong = " has no feature support specified.";
  }
  if (!wrong) return true;
  return fail_of(job, "Feature field", stele_field_full_name(job->arena, field), wrong);
}

static bool check_message(const defaults_job *job, const stele_message *message) {
  if (message->oneof_count) {
    return fail_of(job, "Type", message->full_name, " contains unsupported oneof feature fields.");
  }
  for (uint32_t i = 0; i < message->field_count; i++) {
    if (!check_field(job, &message->fields[i])) return false;
  }
  return true;
}

static bool check_extension(const defaults_job *job, const stele_field *field) {
  const stele_message *type = field->type_message;
  stele_str name = stele_field_full_name(job->arena, field);
  if (!type) {
    return fail_of(job, "FeatureSet extension", name,
                   " is not of message type.  Feature extensions should always use messages to "
                   "allow for evolution.");
  }
  if (field->label == STELE_LABEL_REPEATED) {
    return fail_of(job,
                   "Only singular features extensions are supported.  Found repeated extension",
                   name, "");
  }
  if (type->extension_count || type->extension_range_count) {
    return fail_of(job, "Nested extensions in feature extension", name, " are not supported.");
  }
  return check_message(job, type);
}

/* ---- One edition ---------------------------------------------------------------------- */

static stele_object *read(const defaults_job *job, stele_str text) {
  stele_err ignored = {0};
  const stele_text_read_options options = {.allow_partial = true};
  return stele_text_read(job->arena, job->layout, text, &options, &ignored);
}

/* The defaults of one message's fields, each in the text where it belongs. */
static bool add_fields(const defaults_job *job, const stele_message *message, stele_str before,
                       int32_t edition, stele_buf *texts[2]) {
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    stele_str value, name = stele_field_full_name(job->arena, field);
    if (!find_default(field, edition, &value)) {
      return fail(job,
                  "No valid default found for edition " STELE_STR_FMT
                  " in feature field " STELE_STR_FMT,
                  stele_cstr(stele_edition_name(edition)), name);
    }
    stele_str text = stele_str_printf(job->arena, STELE_STR_FMT ": " STELE_STR_FMT "\n",
                                      STELE_STR_ARG(field->name), STELE_STR_ARG(value));
    stele_str close = before.len ? STELE_STR("}") : STELE_STR("");
    stele_str alone =
        stele_str_printf(job->arena, STELE_STR_FMT STELE_STR_FMT STELE_STR_FMT,
                         STELE_STR_ARG(before), STELE_STR_ARG(text), STELE_STR_ARG(close));
    if (!read(job, alone)) {
      return fail(job,
                  "Parsing error in edition_defaults for feature field " STELE_STR_FMT
                  ". Could not parse: " STELE_STR_FMT,
                  name, value);
    }
    stele_buf_add_str(texts[is_fixed(field, edition)], text);
  }
  return true;
}

static bool add_extension(const defaults_job *job, const stele_field *extension, int32_t edition,
                          stele_buf *texts[2]) {
  stele_str open = stele_str_printf(job->arena, "[" STELE_STR_FMT "] {\n",
                                    STELE_STR_ARG(stele_field_full_name(job->arena, extension)));
  for (int i = 0; i < 2; i++) stele_buf_add_str(texts[i], open);
  if (!add_fields(job, extension->type_message, open, edition, texts)) return false;
  for (int i = 0; i < 2; i++) stele_buf_add_cstr(texts[i], "}\n");
  return true;
}

static bool is_known(const defaults_job *job, uint32_t number) {
  for (size_t i = 0; i < job->extensions.count; i++) {
    const stele_field *extension = job->extensions.at[i];
    if ((uint32_t)extension->number == number) return descriptor_is_compiled_in(extension);
  }
  return true;
}

/* What protoc knows stands before what it does not, each by number. */
static void add_known_first(const defaults_job *job, stele_bytes bytes, stele_buf *out) {
  for (int known = 1; known >= 0; known--) {
    stele_reader r = stele_reader_of(bytes);
    while (!stele_read_done(&r)) {
      const uint8_t *start = r.at;
      uint32_t tag = stele_read_tag(&r);
      stele_read_skip_value(&r, tag, MOST_DEPTH);
      if (is_known(job, stele_wire_number(tag)) != known) continue;
      stele_buf_add(out, start, (size_t)(r.at - start));
    }
  }
}

static bool put_features(const defaults_job *job, uint32_t number, const stele_buf *text,
                         stele_buf *out) {
  stele_bytes bytes;
  stele_err err = {0};
  const stele_encode_options options = {.deterministic = true, .allow_partial = true};
  stele_object *object = read(job, stele_buf_str(text));
  if (!object || !stele_binary_encode(job->arena, object, &options, &bytes, &err)) {
    return protoc_say(job->run, "%s\n", err.msg);
  }
  stele_buf ordered;
  stele_buf_init(&ordered, job->arena, 0);
  add_known_first(job, bytes, &ordered);
  stele_write_bytes_field(out, number, stele_buf_bytes(&ordered));
  return true;
}

static bool add_defaults(const defaults_job *job, int32_t edition, stele_buf *out) {
  stele_buf overridable, fixed, inner;
  stele_buf_init(&overridable, job->arena, 0);
  stele_buf_init(&fixed, job->arena, 0);
  stele_buf_init(&inner, job->arena, 0);
  stele_buf *texts[2] = {&overridable, &fixed};
  if (!add_fields(job, job->features, (stele_str){NULL, 0}, edition, texts)) return false;
  for (size_t i = 0; i < job->extensions.count; i++) {
    if (!add_extension(job, job->extensions.at[i], edition, texts)) return false;
  }
  stele_write_varint_field(&inner, EDITION_EDITION, (uint64_t)edition);
  if (!put_features(job, EDITION_OVERRIDABLE, &overridable, &inner)) return false;
  if (!put_features(job, EDITION_FIXED, &fixed, &inner)) return false;
  stele_write_bytes_field(out, SET_DEFAULTS, stele_buf_bytes(&inner));
  return true;
}

/* ---- All of them ------------------------------------------------------------------------ */

static bool make_defaults(defaults_job *job, int32_t minimum, int32_t maximum, stele_buf *out) {
  if (minimum > maximum) {
    return fail(job,
                "Invalid edition range, edition " STELE_STR_FMT
                " is newer than edition " STELE_STR_FMT,
                stele_cstr(stele_edition_name(minimum)), stele_cstr(stele_edition_name(maximum)));
  }
  if (!check_message(job, job->features)) return false;
  collect_editions(job, job->features, maximum);
  for (size_t i = 0; i < job->extensions.count; i++) {
    if (!check_extension(job, job->extensions.at[i])) return false;
    collect_editions(job, job->extensions.at[i]->type_message, maximum);
  }
  for (size_t i = 0; i < job->editions.count; i++) {
    if (!add_defaults(job, job->editions.at[i], out)) return false;
  }
  stele_write_varint_field(out, SET_MINIMUM, (uint64_t)minimum);
  stele_write_varint_field(out, SET_MAXIMUM, (uint64_t)maximum);
  return true;
}

static bool write(protoc_run *run, const stele_buf *out) {
  bool is_open;
  stele_err err = {0};
  if (sys_file_overwrite(run->options.defaults_out, stele_buf_bytes(out), &is_open, &err)) {
    return true;
  }
  return protoc_say(run, "%s\n", err.msg);
}

bool protoc_write_defaults(protoc_run *run) {
  const protoc_options *o = &run->options;
  defaults_job job = {.run = run, .arena = run->arena};
  stele_err err = {0};
  stele_buf out;
  if (!find_features(&job)) return false;
  stele_layouts *layouts = stele_layouts_new(run->schema, &err);
  job.layout = layouts ? stele_layouts_find(layouts, job.features->full_name, &err) : NULL;
  stele_buf_init(&out, run->arena, 0);
  bool ok =
      job.layout
          ? make_defaults(&job, o->defaults_minimum ? o->defaults_minimum : STELE_EDITION_PROTO2,
                          o->defaults_maximum ? o->defaults_maximum : STELE_EDITION_2026, &out)
          : protoc_say(run, "%s\n", err.msg);
  stele_layouts_unref(layouts);
  return ok && write(run, &out);
}
