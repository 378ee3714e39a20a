/* What of an element changed, and what that means: a part is a row, its class is
 * that of the fixed rules (see check/semver/semver_table.c). */
#include "check/diff/diff_internal.h"

#include "proto/descriptor/descriptor.h"
#include "proto/wire/reader.h"

/* ---- texts and flags ------------------------------------------------------ */

void diff_text(diff_run *run, diff_parts *parts, const char *name, stele_str was, stele_str now,
               check_class cls) {
  if (stele_str_eq(was, now)) return;
  diff_part part = {.name = name, .old_text = was, .new_text = now, .cls = cls};
  STELE_VEC_PUSH(run->arena, parts, part);
}

void diff_flag(diff_run *run, diff_parts *parts, const char *name, bool was, bool now,
               check_class cls) {
  static const stele_str words[] = {STELE_STR_INIT("no"), STELE_STR_INIT("yes")};
  diff_text(run, parts, name, words[was], words[now], cls);
}

/* ---- options -------------------------------------------------------------- */

/* The options of one side as a descriptor carries them: merged, in one order, and
 * without those that are for the source alone. So text and descriptor are alike. */
typedef struct option_side {
  const stele_options *options; /* NULL: none */
  stele_bytes wire;
} option_side;

static option_side side_of(diff_run *run, const stele_file *file, const stele_options *options) {
  option_side side = {.options = options};
  if (options) side.wire = stele_descriptor_options_of(run->arena, file, options, false);
  return side;
}

/* The name of an option by its number: that of the field, or of the extension. */
static stele_str option_name(diff_run *run, const stele_options *options, uint32_t number) {
  const stele_field *field =
      options->type ? stele_message_field(options->type, (int32_t)number) : NULL;
  if (field) return field->name;
  for (uint32_t i = 0; i < options->count; i++) {
    const stele_field *extension = options->at[i].extension;
    if (!extension || extension->number != (int32_t)number) continue;
    stele_str full = stele_field_full_name(run->arena, extension);
    return stele_str_printf(run->arena, "(" STELE_STR_FMT ")", STELE_STR_ARG(full));
  }
  return stele_str_printf(run->arena, "%u", number);
}

/* Those that are parts of their own, or of other elements. */
static bool is_told_elsewhere(stele_str name) {
  static const char *const names[] = {"deprecated", "packed",    "map_entry",
                                      "default",    "json_name", "message_set_wire_format",
                                      "allow_alias"};
  for (size_t i = 0; i < STELE_COUNT(names); i++) {
    if (stele_str_eq(name, stele_cstr(names[i]))) return true;
  }
  return false;
}

/* The next field of the message: its number, and its bytes. */
static bool next_option(stele_reader *r, uint32_t *number, stele_bytes *bytes) {
  enum { DEEP_ENOUGH = 100 };
  if (stele_read_done(r)) return false;
  const uint8_t *from = r->at;
  *number = stele_read_tag(r) >> 3;
  r->at = from;
  stele_read_skip_field(r, DEEP_ENOUGH);
  *bytes = (stele_bytes){from, (size_t)(r->at - from)};
  return !r->failed;
}

/* All values of one number, one after the other. */
static stele_bytes bytes_of(diff_run *run, const option_side *side, uint32_t wanted) {
  stele_reader r = stele_reader_of(side->wire);
  stele_bytes bytes;
  stele_buf all;
  uint32_t number;
  stele_buf_init(&all, run->arena, 0);
  while (next_option(&r, &number, &bytes)) {
    if (number == wanted) stele_buf_add(&all, bytes.ptr, bytes.len);
  }
  return stele_buf_bytes(&all);
}

static bool is_there(const diff_parts *parts, stele_str name) {
  for (size_t i = 0; i < parts->count; i++) {
    if (stele_str_eq(parts->at[i].option, name)) return true;
  }
  return false;
}

static void each_option(diff_run *run, diff_parts *parts, const option_side *mine,
                        const option_side *was, const option_side *now) {
  stele_reader r = stele_reader_of(mine->wire);
  stele_bytes bytes;
  for (uint32_t number; next_option(&r, &number, &bytes);) {
    stele_str name = option_name(run, mine->options, number);
    if (is_told_elsewhere(name) || is_there(parts, name)) continue;
    stele_bytes old = bytes_of(run, was, number), new = bytes_of(run, now, number);
    if (stele_bytes_eq(old, new)) continue;
    diff_part part = {.name = "option",
                      .option = name,
                      .old_text = old.len ? STELE_STR("set") : STELE_STR(""),
                      .new_text = !new.len  ? STELE_STR("")
                                  : old.len ? STELE_STR("changed")
                                            : STELE_STR("set"),
                      .cls = CHECK_PATCH};
    STELE_VEC_PUSH(run->arena, parts, part);
  }
}

void diff_options(diff_run *run, diff_parts *parts, const stele_file *was_file,
                  const stele_options *was, const stele_file *now_file, const stele_options *now) {
  if (!was && !now) return;
  if (was && now && stele_bytes_eq(was->wire, now->wire)) return;
  option_side old = side_of(run, was_file, was), new = side_of(run, now_file, now);
  each_option(run, parts, &old, &old, &new);
  each_option(run, parts, &new, &old, &new);
}

/* ---- telling -------------------------------------------------------------- */

static bool is_deprecated(stele_symbol_kind kind, const void *element) {
  if (!element) return false;
  switch (kind) {
  case STELE_SYMBOL_MESSAGE: return ((const stele_message *)element)->is_deprecated;
  case STELE_SYMBOL_ENUM: return ((const stele_enum *)element)->is_deprecated;
  case STELE_SYMBOL_SERVICE: return ((const stele_service *)element)->is_deprecated;
  case STELE_SYMBOL_FIELD: return ((const stele_field *)element)->is_deprecated;
  case STELE_SYMBOL_ENUM_VALUE: return ((const stele_enum_value *)element)->is_deprecated;
  case STELE_SYMBOL_METHOD: return ((const stele_method *)element)->is_deprecated;
  case STELE_SYMBOL_FILE:
    return stele_options_varint(((const stele_file *)element)->options, 23, 0) != 0;
  case STELE_SYMBOL_ONEOF:
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return false;
}

static check_class base_class(diff_kind kind) {
  static const check_class classes[DIFF_KINDS] = {
      [DIFF_ADDED] = CHECK_MINOR, [DIFF_REMOVED] = CHECK_MAJOR, [DIFF_RENAMED] = CHECK_MAJOR,
      [DIFF_MOVED] = CHECK_MAJOR, [DIFF_CHANGED] = CHECK_NONE,
  };
  return classes[kind];
}

static void take_common_parts(diff_run *run, const diff_pair *pair, diff_parts *parts) {
  bool was = is_deprecated(pair->kind, pair->was), now = is_deprecated(pair->kind, pair->now);
  diff_flag(run, parts, "deprecated", was, now, now ? CHECK_MINOR : CHECK_PATCH);
  if (!check_file_of(pair->kind, pair->was)->source_info.len) return; /* a bare descriptor */
  if (!check_file_of(pair->kind, pair->now)->source_info.len) return;
  diff_text(run, parts, "documentation", check_docs_comment(&run->docs, pair->kind, pair->was),
            check_docs_comment(&run->docs, pair->kind, pair->now), CHECK_PATCH);
}

static void take_side(diff_run *run, const diff_pair *pair, const void *element, stele_str *name,
                      stele_str *file, stele_str *text, check_place *place) {
  *place = (check_place){{"", 0}, -1, -1};
  if (!element) return;
  *name = diff_full_name(run, pair->kind, element);
  *file = check_file_of(pair->kind, element)->name;
  *text = diff_words(run, pair->kind, element);
  *place = check_docs_place(&run->docs, pair->kind, element);
}

void diff_tell(diff_run *run, diff_kind kind, const diff_pair *pair, diff_parts *parts) {
  diff_parts none = {0};
  if (!parts) parts = &none;
  if (pair->was && pair->now) take_common_parts(run, pair, parts);
  if (kind == DIFF_CHANGED && parts->count == 0) return;
  diff_change change = {.kind = kind,
                        .element = pair->element,
                        .parts = parts->at,
                        .part_count = parts->count,
                        .cls = base_class(kind)};
  take_side(run, pair, pair->was, &change.old_name, &change.old_file, &change.old_text,
            &change.old_place);
  take_side(run, pair, pair->now, &change.new_name, &change.new_file, &change.new_text,
            &change.new_place);
  for (size_t i = 0; i < parts->count; i++) {
    if (parts->at[i].cls > change.cls) change.cls = parts->at[i].cls;
  }
  change.is_deprecated =
      pair->was && is_deprecated(pair->kind, pair->now) && !is_deprecated(pair->kind, pair->was);
  change.documentation =
      check_docs_comment(&run->docs, pair->kind, pair->now ? pair->now : pair->was);
  STELE_VEC_PUSH(run->arena, &run->changes, change);
}
