/* Since and until when an option may be used, and on what.
 *
 * Fields of options, and values of enums in them, may say in which edition
 * they came, were deprecated and went (feature_support), and for which kinds
 * of elements they are (targets). Both are asked of everything that is set,
 * nested messages too.
 *
 * Nearly nothing says any of this. So it is remembered per field whether
 * there is anything to find below it, and what has nothing is stepped over. */
#include <stdlib.h>

#include "proto/link/link_validate.h"
#include "proto/wire/reader.h"

enum {
  SUPPORT_INTRODUCED = 1,
  SUPPORT_DEPRECATED = 2,
  SUPPORT_WARNING = 3,
  SUPPORT_REMOVED = 4,
  SUPPORT_ERROR = 5,
  GROUP_DEPTH = 100,
  MOST_DEPTH = 100,
};

/* ---- feature_support ---------------------------------------------------- */

typedef struct support {
  uint64_t introduced, deprecated, removed; /* 0: not said */
  stele_str warning, error;
  bool is_set, has_warning, has_error;
} support;

/* Adds what one options message says; later settings hide earlier ones. */
static void add_support(support *s, const stele_options *options, uint32_t number) {
  stele_bytes in = options ? options->wire : (stele_bytes){NULL, 0}, bytes, text;
  while (in.len && link_wire_find(&in, number, &bytes)) {
    s->is_set = true;
    s->introduced = link_wire_varint(bytes, SUPPORT_INTRODUCED, s->introduced);
    s->deprecated = link_wire_varint(bytes, SUPPORT_DEPRECATED, s->deprecated);
    s->removed = link_wire_varint(bytes, SUPPORT_REMOVED, s->removed);
    stele_bytes rest = bytes;
    while (link_wire_find(&rest, SUPPORT_WARNING, &text)) {
      s->warning = stele_bytes_str(text);
      s->has_warning = true;
    }
    rest = bytes;
    while (link_wire_find(&rest, SUPPORT_ERROR, &text)) {
      s->error = stele_bytes_str(text);
      s->has_error = true;
    }
  }
}

/* What is wrong with a window, or NULL. */
static const char *judge(const support *s) {
  if (s->deprecated) {
    if (s->deprecated < s->introduced) return " was deprecated before it was introduced.";
    if (!s->has_warning) return " is deprecated but does not specify a deprecation warning.";
  } else if (s->has_warning) {
    return " specifies a deprecation warning but is not marked deprecated in any edition.";
  }
  if (s->removed) {
    if (s->deprecated >= s->removed) return " was deprecated after it was removed.";
    if (s->removed < s->introduced) return " was removed before it was introduced.";
    if (s->introduced != s->removed && !s->has_error) {
      return " has been removed but does not specify a removal error.";
    }
  } else if (s->has_error) {
    return " specifies a removal error but is not marked removed in any edition.";
  }
  return NULL;
}

/* False after an error: a value of a field's enum must stay in its window. */
static bool validate_value_window(link_file_state *state, const stele_field *field,
                                  const support *parent, const stele_enum_value *value) {
  support s = *parent;
  s.is_set = false;
  add_support(&s, value->options, VALUE_FEATURE_SUPPORT);
  if (!s.is_set) return true;
  uint32_t token = link_token_of_json_name(state, field);
  stele_str name = stele_enum_value_full_name(state->scratch, value);
  stele_str of = stele_field_full_name(state->scratch, field);
  const char *wrong = judge(&s), *when = NULL;
  if (wrong) {
    link_error(state, token, STELE_STR_FMT "%s", STELE_STR_ARG(name), wrong);
    return false;
  }
  if (s.introduced < parent->introduced) when = "introduced before";
  if (!when && parent->removed && s.removed > parent->removed) when = "removed after";
  if (!when && parent->deprecated && s.deprecated > parent->deprecated) when = "deprecated after";
  if (!when) return true;
  link_error(state, token, "value " STELE_STR_FMT " was %s " STELE_STR_FMT " was.",
             STELE_STR_ARG(name), when, STELE_STR_ARG(of));
  return false;
}

void link_validate_support(link_file_state *state, const stele_field *field) {
  if (!field->options) return;
  support s = {0};
  add_support(&s, field->options, FIELD_FEATURE_SUPPORT);
  if (!s.is_set) return;
  const char *wrong = judge(&s);
  if (wrong) {
    stele_str name = stele_field_full_name(state->scratch, field);
    link_error(state, link_token_of_json_name(state, field), STELE_STR_FMT "%s",
               STELE_STR_ARG(name), wrong);
    return;
  }
  for (uint32_t i = 0; field->type_enum && i < field->type_enum->value_count; i++) {
    if (!validate_value_window(state, field, &s, &field->type_enum->values[i])) return;
  }
}

void link_validate_value_support(link_file_state *state, const stele_enum_value *value) {
  if (!value->options) return;
  support s = {0};
  add_support(&s, value->options, VALUE_FEATURE_SUPPORT);
  const char *wrong = s.is_set ? judge(&s) : NULL;
  if (!wrong) return;
  stele_str name = stele_enum_value_full_name(state->scratch, value);
  link_error(state, LINK_NONE, STELE_STR_FMT "%s", STELE_STR_ARG(name), wrong);
}

/* ---- What is worth a look ----------------------------------------------- */

/* Whether a field or a message, or anything below it, has a window or targets:
 * remembered for the job. An element stands for yes, the map itself for no. */
typedef struct interest {
  link_job *job;
  stele_map *known;
  STELE_VEC(const stele_message *) dull; /* said no to since the question was put */
} interest;

static void remember(interest *in, const void *element, bool yes) {
  void **place = stele_map_add_u64(in->known, (uint64_t)(uintptr_t)element);
  *place = yes ? (void *)(uintptr_t)element : in->known;
}

static bool is_interesting_message(interest *in, const stele_message *message, int depth);

static bool has_window_or_targets(const stele_field *field) {
  const stele_options *options = field->options;
  return options && (link_wire_has(options->wire, FIELD_FEATURE_SUPPORT) ||
                     link_wire_has(options->wire, FIELD_TARGETS));
}

static bool is_interesting_enum(const stele_enum *type) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    const stele_options *options = type->values[i].options;
    if (options && link_wire_has(options->wire, VALUE_FEATURE_SUPPORT)) return true;
  }
  return false;
}

static bool judge_field(interest *in, const stele_field *field, int depth) {
  if (has_window_or_targets(field)) return true;
  if (field->type_enum) return is_interesting_enum(field->type_enum);
  return field->type_message && is_interesting_message(in, field->type_message, depth);
}

/* Extensions of a message may come with any file, so a message that can be
 * extended is always worth a look. One that is being looked at counts as no:
 * whoever asked will say yes for both, if there is anything to find. */
static bool is_interesting_message(interest *in, const stele_message *message, int depth) {
  const void *known = stele_map_find_u64(in->known, (uint64_t)(uintptr_t)message);
  if (known) return known == (const void *)message;
  remember(in, message, false);
  STELE_VEC_PUSH(in->job->tables, &in->dull, message);
  bool found = message->extension_range_count != 0 || depth > MOST_DEPTH;
  for (uint32_t i = 0; i < message->field_count && !found; i++) {
    found = judge_field(in, &message->fields[i], depth + 1);
  }
  if (found) remember(in, message, true);
  return found;
}

/* A no that was said while something above was still open may have been too
 * early when the answer at the top is yes: it is forgotten. */
static bool look_into(interest *in, const stele_field *field) {
  const void *known = stele_map_find_u64(in->known, (uint64_t)(uintptr_t)field);
  if (known) return known == (const void *)field;
  in->dull.count = 0;
  bool found = judge_field(in, field, 0);
  for (size_t i = 0; found && i < in->dull.count; i++) {
    void **place = stele_map_add_u64(in->known, (uint64_t)(uintptr_t)in->dull.at[i]);
    if (*place == in->known) *place = NULL;
  }
  remember(in, field, found);
  return found;
}

/* A tree sets the same few dozen options over and over. */
static bool is_interesting(interest *in, const stele_field *field) {
  link_interest *place =
      &in->job->interests[(uintptr_t)field / sizeof(stele_field) % LINK_INTERESTS];
  if (place->field != field) *place = (link_interest){field, look_into(in, field)};
  return place->yes;
}

/* Most elements' options have nothing to find: their statements tell so. */
static bool any_interesting(interest *in, const stele_options *options, const stele_message *type) {
  for (uint32_t i = 0; i < options->count; i++) {
    const stele_option *option = &options->at[i];
    const stele_field *field = option->extension;
    if (!field) {
      stele_reader r = stele_reader_of(option->wire);
      field = stele_message_field(type, (int32_t)stele_wire_number(stele_read_tag(&r)));
    }
    if (field && is_interesting(in, field)) return true;
  }
  return false;
}

/* ---- What is set -------------------------------------------------------- */

/* One field that is set in a message, with its place in the bytes. */
typedef struct set_field {
  const stele_field *field;
  uint64_t value;
  stele_bytes bytes;
  uint32_t number, order;
  bool is_bytes;
} set_field;

typedef STELE_VEC(set_field) set_fields;

static int by_number(const void *a, const void *b) {
  const set_field *x = a, *y = b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

/* At the top of an element's options `features` may be looked at alone, or
 * left out: protoc takes it out of the options and judges it before them. */
typedef enum set_part { SET_ALL, SET_ONLY_FEATURES, SET_NO_FEATURES } set_part;

typedef struct set_walk {
  link_file_state *state;
  const stele_options *options; /* of the element, and their message */
  const stele_message *type;
  interest interest;
  void (*found)(struct set_walk *walk, const set_field *set, bool is_first);
  bool inside_out;  /* what is in a message comes before the field that holds it */
  bool warnings;    /* lifetimes: tell these, or else the errors */
  bool any_warning; /* there are some, for another walk */
  set_part part;    /* at the top */
  uint32_t token;   /* of the element */
  uint8_t kind;     /* of the element: link_target_kind */
} set_walk;

static void add_value(set_walk *walk, set_fields *list, const stele_field *field, uint32_t number,
                      uint64_t value) {
  STELE_VEC_PUSH(
      walk->state->scratch, list,
      (set_field){
          .field = field, .number = number, .value = value, .order = (uint32_t)list->count});
}

/* Reads what is set and interesting in a message, in the order of numbers. */
static void read_set(set_walk *walk, const stele_message *type, stele_bytes bytes,
                     set_fields *list) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r), number = stele_wire_number(tag);
    stele_wire_type wire = stele_wire_type_of(tag);
    const stele_field *field = stele_message_field(type, (int32_t)number);
    if (!field && type->extension_range_count) {
      field = link_extension(walk->state->job, type, (int32_t)number);
    }
    if (!field || !is_interesting(&walk->interest, field)) {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
    } else if (wire == STELE_WIRE_DELIMITED || wire == STELE_WIRE_GROUP) {
      stele_bytes value = wire == STELE_WIRE_GROUP ? stele_read_group(&r, tag, GROUP_DEPTH)
                                                   : stele_read_delimited(&r);
      stele_reader packed = stele_reader_of(value);
      while (field->type_enum && !stele_read_done(&packed)) {
        add_value(walk, list, field, number, stele_read_varint(&packed));
      }
      if (field->type_enum) continue;
      add_value(walk, list, field, number, 0);
      list->at[list->count - 1].bytes = value;
      list->at[list->count - 1].is_bytes = true;
    } else if (wire == STELE_WIRE_VARINT) {
      add_value(walk, list, field, number, stele_read_varint(&r));
    } else {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
      add_value(walk, list, field, number, 0);
    }
  }
  if (list->count > 1) qsort(list->at, list->count, sizeof *list->at, by_number);
}

static bool is_features(const stele_field *field) {
  return !field->is_extension && stele_str_eq(field->name, STELE_STR("features"));
}

/* Each field that is set is found once for each of its values; `is_first` (or
 * last, inside out) tells the one that stands for the field itself. */
static void walk_set(set_walk *walk, const stele_message *type, stele_bytes bytes, int depth) {
  set_fields list = {0};
  if (depth > MOST_DEPTH) return;
  read_set(walk, type, bytes, &list);
  for (size_t i = 0; i < list.count; i++) {
    const set_field *set = &list.at[i];
    bool is_first = i == 0 || list.at[i - 1].number != set->number;
    bool is_last = i + 1 == list.count || list.at[i + 1].number != set->number;
    bool is_message = set->is_bytes && set->field->type_message;
    bool only_inside = false;
    if (depth == 0 && walk->part != SET_ALL) {
      only_inside = is_features(set->field);
      if (only_inside != (walk->part == SET_ONLY_FEATURES)) continue;
    }
    if (!walk->inside_out) walk->found(walk, set, is_first);
    if (is_message) walk_set(walk, set->field->type_message, set->bytes, depth + 1);
    if (walk->inside_out && !only_inside) walk->found(walk, set, is_last);
  }
}

/* ---- The options of each element ---------------------------------------- */

static void of_file(link_file_state *state, const stele_file *file) {
  uint32_t token = state->ast ? link_token_of_statement(state, STELE_AST_PACKAGE) : LINK_NONE;
  state->on_options(state, file->options, LINK_TARGET_FILE, token);
}
static void of_message(link_file_state *state, const stele_message *message) {
  uint32_t token = state->ast ? link_token_of_message(state, message) : LINK_NONE;
  state->on_options(state, message->options, LINK_TARGET_MESSAGE, token);
}
static void of_enum(link_file_state *state, const stele_enum *type) {
  uint32_t token = state->ast ? link_token_of_enum(state, type) : LINK_NONE;
  state->on_options(state, type->options, LINK_TARGET_ENUM, token);
}
static void of_value(link_file_state *state, const stele_enum_value *value) {
  uint32_t token = state->ast ? link_token_of_value(state, value) : LINK_NONE;
  state->on_options(state, value->options, LINK_TARGET_ENUM_VALUE, token);
}
static void of_oneof(link_file_state *state, const stele_oneof *oneof) {
  state->on_options(state, oneof->options, LINK_TARGET_ONEOF, LINK_NONE);
}
static void of_field(link_file_state *state, const stele_field *field) {
  uint32_t token = state->ast ? link_token_of_field(state, field) : LINK_NONE;
  state->on_options(state, field->options, LINK_TARGET_FIELD, token);
}
static void of_range(link_file_state *state, const stele_range *range) {
  state->on_options(state, range->options, LINK_TARGET_EXTENSION_RANGE, LINK_NONE);
}
static void of_service(link_file_state *state, const stele_service *service) {
  uint32_t token = state->ast ? link_token_of_service(state, service) : LINK_NONE;
  state->on_options(state, service->options, LINK_TARGET_SERVICE, token);
}
static void of_method(link_file_state *state, const stele_method *method) {
  uint32_t token = state->ast ? link_token_of_method(state, method) : LINK_NONE;
  state->on_options(state, method->options, LINK_TARGET_METHOD, token);
}

/* Calls state->on_options for every element, options or not. */
static const link_visitor options_visitor = {
    .file = of_file,
    .message = of_message,
    .type = of_enum,
    .value = of_value,
    .oneof = of_oneof,
    .field = of_field,
    .range = of_range,
    .service = of_service,
    .method = of_method,
};

/* Prepares a walk over an element's options; false when there is nothing to
 * find in them. */
static bool begin_walk(set_walk *walk, const stele_options *options) {
  link_job *job = walk->state->job;
  if (!options) return false;
  walk->options = options;
  walk->type = options->type;
  walk->interest = (interest){.job = job, .known = &job->interesting};
  return walk->type && any_interesting(&walk->interest, options, walk->type);
}

static void walk_options(set_walk *walk) {
  stele_mark mark = stele_arena_mark(walk->state->scratch);
  walk_set(walk, walk->type, walk->options->wire, 0);
  stele_arena_rewind(walk->state->scratch, mark);
}

/* ---- Targets ------------------------------------------------------------ */

/* google.protobuf.FieldOptions.OptionTargetType, and its word in findings. */
static const struct {
  uint64_t number;
  const char *word;
} target_rows[] = {
    [LINK_TARGET_FILE] = {1, "file"},
    [LINK_TARGET_EXTENSION_RANGE] = {2, "extension range"},
    [LINK_TARGET_MESSAGE] = {3, "message"},
    [LINK_TARGET_FIELD] = {4, "field"},
    [LINK_TARGET_ONEOF] = {5, "oneof"},
    [LINK_TARGET_ENUM] = {6, "enum"},
    [LINK_TARGET_ENUM_VALUE] = {7, "enum entry"},
    [LINK_TARGET_SERVICE] = {8, "service"},
    [LINK_TARGET_METHOD] = {9, "method"},
};

static bool suits(const stele_field *field, uint64_t number) {
  if (!field->options) return true;
  bool any = false;
  stele_reader r = stele_reader_of(field->options->wire);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(FIELD_TARGETS, STELE_WIRE_VARINT)) {
      any = true;
      if (stele_read_varint(&r) == number) return true;
    } else {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
    }
  }
  return !any;
}

/* ---- Lifetimes ---------------------------------------------------------- */

/* protoc tells the errors of an element's options before their warnings. */
static void tell_lifetime(set_walk *walk, stele_str name, const support *s) {
  link_file_state *state = walk->state;
  uint64_t edition = state->file->edition;
  bool is_removed = s->removed && edition >= s->removed;
  bool is_deprecated = !is_removed && s->deprecated && edition >= s->deprecated;
  walk->any_warning |= is_deprecated;
  if (walk->warnings) {
    if (!is_deprecated) return;
    link_warning(state, walk->token,
                 STELE_STR_FMT " has been deprecated in edition %s: " STELE_STR_FMT,
                 STELE_STR_ARG(name), link_edition_name(s->deprecated), STELE_STR_ARG(s->warning));
    return;
  }
  if (edition < s->introduced) {
    link_late_error(
        state, walk->token,
        STELE_STR_FMT " wasn't introduced until edition %s and can't be used in edition %s",
        STELE_STR_ARG(name), link_edition_name(s->introduced), link_edition_name(edition));
  }
  if (is_removed) {
    link_late_error(state, walk->token,
                    STELE_STR_FMT " has been removed in edition %s%s" STELE_STR_FMT,
                    STELE_STR_ARG(name), link_edition_name(s->removed), s->has_error ? ": " : "",
                    STELE_STR_ARG(s->error));
  }
}

static void found_lifetime(set_walk *walk, const set_field *set, bool is_last) {
  stele_arena *scratch = walk->state->scratch;
  const stele_field *field = set->field;
  if (field->type_enum) {
    const stele_enum_value *value =
        stele_enum_value_by_number(field->type_enum, (int32_t)(uint32_t)set->value);
    support s = {0};
    if (value) add_support(&s, value->options, VALUE_FEATURE_SUPPORT);
    if (s.is_set) tell_lifetime(walk, stele_enum_value_full_name(scratch, value), &s);
  }
  if (!is_last) return;
  support s = {0};
  add_support(&s, field->options, FIELD_FEATURE_SUPPORT);
  if (s.is_set) tell_lifetime(walk, stele_field_full_name(scratch, field), &s);
}

/* While the file is at hand: will link_check_named have something to tell? */
static void note_target(set_walk *walk, const set_field *set, bool is_first) {
  if (!is_first || suits(set->field, target_rows[walk->kind].number)) return;
  walk->state->job->files.at[walk->state->file_index].has_target_work = true;
}

static void lifetimes_of(link_file_state *state, const stele_options *options, uint8_t kind,
                         uint32_t token) {
  static const set_part parts[] = {SET_ONLY_FEATURES, SET_NO_FEATURES};
  set_walk walk = {
      .state = state, .found = found_lifetime, .inside_out = true, .kind = kind, .token = token};
  if (!begin_walk(&walk, options)) return;
  set_walk targets = walk;
  targets.found = note_target;
  targets.inside_out = false;
  walk_options(&targets);
  for (size_t i = 0; i < STELE_COUNT(parts); i++) {
    walk.part = parts[i];
    walk.warnings = walk.any_warning = false;
    walk_options(&walk);
    walk.warnings = walk.any_warning;
    if (walk.warnings) walk_options(&walk);
  }
}

static bool is_reserved_number(int32_t number) {
  return number >= 19000 && number <= 19999;
}

static bool has_generic_services(const stele_options *options) {
  return stele_options_varint(options, FILE_CC_SERVICES, 0) ||
         stele_options_varint(options, FILE_JAVA_SERVICES, 0) ||
         stele_options_varint(options, FILE_PY_SERVICES, 0);
}

/* While the file is at hand: is there anything for link_check_named to do? */
static void note_first_work(link_file_state *state) {
  bool *found = &state->job->files.at[state->file_index].has_first_work;
  *found = has_generic_services(state->file->options);
  for (uint32_t i = 0; i < state->field_count && !*found; i++) {
    *found = is_reserved_number(state->fields[i].number);
  }
}

/* Is there anything to find in the options of this element? */
static bool has_lifetimes(link_file_state *state, const link_target *target) {
  set_walk walk = {.state = state};
  return begin_walk(&walk, *target->slot);
}

/* In most files only the file's own options have lifetimes (java_multiple_files
 * has one), and the list of what has options is shorter than a walk over all. */
void link_check_lifetimes(link_file_state *state) {
  const stele_options *last = NULL;
  bool in_file = false, in_elements = false;
  note_first_work(state);
  for (size_t i = 0; i < state->targets.count && !in_elements; i++) {
    const link_target *target = &state->targets.at[i];
    if (*target->slot == last) continue;
    last = *target->slot;
    bool *found = target->kind == LINK_TARGET_FILE ? &in_file : &in_elements;
    *found = has_lifetimes(state, target);
  }
  state->on_options = lifetimes_of;
  if (in_elements) {
    link_visit(state, &options_visitor);
  } else if (in_file) {
    of_file(state, state->file);
  }
}

/* ---- Targets that do not suit ------------------------------------------- */

static void found_target(set_walk *walk, const set_field *set, bool is_first) {
  if (!is_first || suits(set->field, target_rows[walk->kind].number)) return;
  stele_str name = stele_field_full_name(walk->state->scratch, set->field);
  link_late_error(walk->state, LINK_NONE,
                  "Option " STELE_STR_FMT " cannot be set on an entity of type `%s`.",
                  STELE_STR_ARG(name), target_rows[walk->kind].word);
}

static void targets_of(link_file_state *state, const stele_options *options, uint8_t kind,
                       uint32_t token) {
  set_walk walk = {.state = state, .found = found_target, .kind = kind, .token = token};
  if (begin_walk(&walk, options)) walk_options(&walk);
}

/* ---- Named files -------------------------------------------------------- */

static void check_reserved_number(link_file_state *state, const stele_field *field) {
  if (!is_reserved_number(field->number)) return;
  link_late_error(state, LINK_NONE,
                  "Field numbers 19000 through 19999 are reserved for the protocol buffer library "
                  "implementation.");
}

static void warn_generic_services(link_file_state *state, const stele_file *file) {
  if (!has_generic_services(file->options)) return;
  link_warning(state, LINK_NONE,
               "Generic services (cc_generic_services, java_generic_services, and "
               "py_generic_services) are deprecated in favor of using plugins that generate code "
               "specific to your particular RPC system. Additional code generator options may be "
               "required to enable generic services and total removal of these options is planned "
               "in future breaking releases.");
}

/* The edition that is still being made may be linked, but not used. */
static void check_editions(link_job *job, const stele_file *const *files, size_t count) {
  enum { UNSTABLE = 9999 };
  static const stele_str exempt = STELE_STR_INIT("google/protobuf/");
  for (size_t i = 0; i < count && !job->has_late_errors; i++) {
    const stele_file *file = files[i];
    bool is_exempt =
        file->name.len > exempt.len && memcmp(file->name.ptr, exempt.ptr, exempt.len) == 0;
    if (file->edition != UNSTABLE || is_exempt) continue;
    link_file_state state = {.job = job,
                             .file = (stele_file *)(uintptr_t)file,
                             .file_index = link_pool_find(job, file),
                             .scratch = job->scratch};
    link_late_error(&state, LINK_NONE,
                    "is a file using edition UNSTABLE, which is later than the protoc maximum "
                    "supported edition 2026.");
  }
}

/* protoc makes these checks last, of the files it was called with, and gives
 * no places: first numbers of all files, then targets of all files. */
bool link_check_named(link_job *job, const stele_file *const *files, size_t count) {
  static const link_visitor first = {.file = warn_generic_services, .field = check_reserved_number};
  const link_visitor *const groups[] = {&first, &options_visitor};
  for (size_t group = 0; group < STELE_COUNT(groups); group++) {
    for (size_t i = 0; i < count; i++) {
      link_file_state state = {.job = job,
                               .file = (stele_file *)(uintptr_t)files[i],
                               .file_index = link_pool_find(job, files[i]),
                               .arena = job->arena,
                               .scratch = job->scratch,
                               .on_options = targets_of};
      const link_pool_file *pool = &job->files.at[state.file_index];
      if (!(group == 0 ? pool->has_first_work : pool->has_target_work)) continue;
      stele_mark mark = stele_arena_mark(job->scratch);
      link_visit(&state, groups[group]);
      stele_arena_rewind(job->scratch, mark);
    }
  }
  if (!job->has_late_errors && !job->takes_any_edition) check_editions(job, files, count);
  return !job->has_late_errors;
}
