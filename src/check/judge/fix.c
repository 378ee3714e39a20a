/* Edits over the spans that source info knows.
 *
 * Nothing is parsed again: a name is replaced where its span is, a reserved
 * statement goes behind the brace that opens the element, and imports are only
 * put in order when nothing but blanks stands between them. */
#include "check/judge/fix.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/guard.h"
#include "base/map.h"
#include "check/pairs/pairs.h"
#include "check/platform/platform.h"
#include "check/rule/rule_text.h"

enum { DESCRIPTOR_NAME = 1, FILE_IMPORT = 3 };

typedef struct fix_job {
  rule_run run;
  const rule_tree *tree, *against;
  STELE_VEC(rule_edit) edits;
  const stele_file *file; /* at hand, and its text */
  stele_str text;
} fix_job;

static bool is_on(const fix_job *job, const char *id) {
  const rule_rows *on = &job->run.selection->on;
  for (size_t i = 0; i < on->count; i++) {
    if (strcmp(on->at[i]->id, id) == 0) return true;
  }
  return false;
}

static void edit(fix_job *job, size_t offset, size_t len, stele_str replacement) {
  STELE_VEC_PUSH(job->run.arena, &job->edits,
                 (rule_edit){job->file->name, offset, len, replacement});
}

/* Where something stands in the text; false when the source does not say. */
static bool find_span(fix_job *job, rule_spot spot, size_t *start, size_t *end) {
  stele_place at, behind;
  if (!rule_span_of(&job->run.now, spot, &at, &behind)) return false;
  *start = rule_text_offset(job->text, at);
  *end = rule_text_offset(job->text, behind);
  return *start < *end && *end <= job->text.len;
}

/* ---- Names ---------------------------------------------------------------------------- */

static void rename_element(fix_job *job, stele_symbol_kind kind, const void *element,
                           stele_str name, stele_str wanted) {
  size_t start, end;
  rule_spot spot = rule_spot_step(rule_spot_of(kind, element), DESCRIPTOR_NAME);
  if (!find_span(job, spot, &start, &end)) return;
  if (!stele_str_eq(name, (stele_str){job->text.ptr + start, end - start})) return;
  edit(job, start, end - start, wanted);
}

static bool is_taken(const stele_message *message, stele_str name) {
  if (stele_message_field_by_name(message, name)) return true;
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    if (stele_str_eq(message->oneofs[i].name, name)) return true;
  }
  return false;
}

static void fix_field_name(fix_job *job, const stele_field *field) {
  stele_str wanted = rule_lower_snake_case(job->run.arena, field->name);
  if (stele_str_eq(wanted, field->name) || is_taken(field->message, wanted)) return;
  if (field->type == STELE_TYPE_GROUP) return; /* its name is its type's */
  if (!field->has_json_name &&
      !stele_str_eq(stele_json_name(job->run.arena, wanted), field->json_name)) {
    return;
  }
  rename_element(job, STELE_SYMBOL_FIELD, field, field->name, wanted);
}

static void fix_oneof_name(fix_job *job, const stele_oneof *oneof) {
  stele_str wanted = rule_lower_snake_case(job->run.arena, oneof->name);
  if (stele_str_eq(wanted, oneof->name) || is_taken(oneof->message, wanted)) return;
  rename_element(job, STELE_SYMBOL_ONEOF, oneof, oneof->name, wanted);
}

static void fix_names(fix_job *job, const stele_message *messages, uint32_t count) {
  bool fields = is_on(job, "FIELD_LOWER_SNAKE_CASE"), oneofs = is_on(job, "ONEOF_LOWER_SNAKE_CASE");
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *message = &messages[i];
    if (message->is_map_entry) continue;
    for (uint32_t k = 0; fields && k < message->field_count; k++) {
      fix_field_name(job, &message->fields[k]);
    }
    for (uint32_t k = 0; oneofs && k < message->real_oneof_count; k++) {
      fix_oneof_name(job, &message->oneofs[k]);
    }
    fix_names(job, message->messages, message->message_count);
  }
}

/* ---- Imports ---------------------------------------------------------------------------- */

typedef struct import_text {
  stele_str path, text;
} import_text;

static int by_path(const void *a, const void *b) {
  const import_text *x = a, *y = b;
  return stele_str_order(x->path, y->path);
}

static bool is_blank(stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    if (!strchr(" \t\r\n", text.ptr[i])) return false;
  }
  return true;
}

static void fix_imports(fix_job *job) {
  const stele_file *file = job->file;
  uint32_t count = file->import_count;
  size_t first = 0, last = 0;
  bool in_order = true;
  import_text *texts = STELE_NEW_ARRAY(job->run.arena, import_text, count);
  for (uint32_t i = 0; i < count; i++) {
    size_t start, end;
    rule_spot spot = rule_spot_step(rule_spot_step(rule_spot_file(file), FILE_IMPORT), i);
    if (file->imports[i].kind == STELE_IMPORT_OPTION || !find_span(job, spot, &start, &end)) return;
    if (i > 0 && (start < last || !is_blank((stele_str){job->text.ptr + last, start - last}))) {
      return;
    }
    if (i == 0) first = start;
    last = end;
    texts[i] = (import_text){file->imports[i].path, {job->text.ptr + start, end - start}};
    in_order = in_order && (i == 0 || stele_str_order(texts[i - 1].path, texts[i].path) <= 0);
  }
  if (count < 2 || in_order) return;
  qsort(texts, count, sizeof *texts, by_path);
  stele_buf out;
  stele_buf_init(&out, job->run.arena, 0);
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) stele_buf_add_byte(&out, '\n');
    stele_buf_add_str(&out, texts[i].text);
  }
  edit(job, first, last - first, stele_buf_str(&out));
}

/* ---- Reserving ----------------------------------------------------------------------------- */

/* The brace that opens an element, behind its name; comments may stand between. */
static const char *find_brace(const char *at, const char *end) {
  while (at < end && *at != '{') {
    bool is_line = end - at > 1 && at[0] == '/' && at[1] == '/';
    bool is_block = end - at > 1 && at[0] == '/' && at[1] == '*';
    const char *mark = is_line ? "\n" : "*/";
    const char *past = NULL;
    if (is_line || is_block) past = memmem(at + 2, (size_t)(end - at) - 2, mark, strlen(mark));
    if ((is_line || is_block) && !past) return NULL;
    at = past ? past + strlen(mark) : at + 1;
  }
  return at < end ? at : NULL;
}

/* Behind that brace, in a line of its own, which ends as the lines of the file do. */
static void insert_reserved(fix_job *job, stele_symbol_kind kind, const void *element,
                            stele_str statements) {
  size_t start, end;
  stele_place at, behind;
  rule_spot spot = rule_spot_of(kind, element);
  rule_spot name = rule_spot_step(spot, DESCRIPTOR_NAME);
  if (!rule_span_of(&job->run.now, spot, &at, &behind)) return;
  if (!find_span(job, name, &start, &end)) return;
  const char *text_end = job->text.ptr + job->text.len;
  const char *brace = find_brace(job->text.ptr + end, text_end);
  if (!brace) return;
  const char *feed = memchr(job->text.ptr, '\n', job->text.len);
  const char *line_end = feed && feed > job->text.ptr && feed[-1] == '\r' ? "\r\n" : "\n";
  stele_buf out;
  stele_buf_init(&out, job->run.arena, 0);
  stele_buf_add_cstr(&out, line_end);
  stele_buf_add_spaces(&out, (size_t)at.column + 2);
  stele_buf_add_str(&out, statements);
  size_t offset = (size_t)(brace - job->text.ptr) + 1;
  bool ends_line = offset < job->text.len && strchr("\r\n", job->text.ptr[offset]);
  if (!ends_line) {
    stele_buf_add_cstr(&out, line_end);
    stele_buf_add_spaces(&out, (size_t)at.column + 1);
  }
  edit(job, offset, 0, stele_buf_str(&out));
}

/* What is to be reserved in one element: "2, 3" and ""b", "c"". */
typedef struct reserved_lists {
  stele_buf numbers, names;
} reserved_lists;

static void lists_open(fix_job *job, reserved_lists *lists) {
  stele_buf_init(&lists->numbers, job->run.arena, 0);
  stele_buf_init(&lists->names, job->run.arena, 0);
}

static void reserve_number(reserved_lists *lists, int32_t number) {
  stele_buf_printf(&lists->numbers, "%s%d", lists->numbers.len ? ", " : "", number);
}

static void reserve_name(const fix_job *job, reserved_lists *lists, stele_str name) {
  const char *quote = job->file->edition < STELE_EDITION_2023 ? "\"" : "";
  stele_buf_printf(&lists->names, "%s%s" STELE_STR_FMT "%s", lists->names.len ? ", " : "", quote,
                   STELE_STR_ARG(name), quote);
}

static void lists_insert(fix_job *job, stele_symbol_kind kind, const void *element,
                         const reserved_lists *lists) {
  stele_buf out;
  stele_buf_init(&out, job->run.arena, 0);
  stele_str numbers = stele_buf_str(&lists->numbers), names = stele_buf_str(&lists->names);
  if (numbers.len) stele_buf_printf(&out, "reserved " STELE_STR_FMT ";", STELE_STR_ARG(numbers));
  if (numbers.len && names.len) stele_buf_add_byte(&out, ' ');
  if (names.len) stele_buf_printf(&out, "reserved " STELE_STR_FMT ";", STELE_STR_ARG(names));
  if (out.len > 0) insert_reserved(job, kind, element, stele_buf_str(&out));
}

static void reserve_fields(fix_job *job, const stele_message *now, const stele_message *was) {
  reserved_lists lists;
  lists_open(job, &lists);
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field = &was->fields[i];
    if (stele_message_field(now, field->number)) continue;
    if (!breaking_reserves_number(&job->run, now->reserved_ranges, now->reserved_range_count, true,
                                  field->number)) {
      reserve_number(&lists, field->number);
    }
    if (!stele_message_field_by_name(now, field->name) &&
        !breaking_reserves_name(&job->run, now->reserved_names, now->reserved_name_count,
                                field->name)) {
      reserve_name(job, &lists, field->name);
    }
  }
  lists_insert(job, STELE_SYMBOL_MESSAGE, now, &lists);
}

/* Aliases share a number, which is reserved once. */
static void reserve_values(fix_job *job, const stele_enum *now, const stele_enum *was) {
  reserved_lists lists;
  stele_map seen;
  lists_open(job, &lists);
  stele_map_init(&seen, job->run.arena, 0);
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *value = &was->values[i];
    if (stele_enum_value_by_number(now, value->number)) continue;
    void **place = stele_map_add_u64(&seen, (uint32_t)value->number);
    bool is_first = !*place;
    *place = &seen;
    if (is_first && !breaking_reserves_number(&job->run, now->reserved_ranges,
                                              now->reserved_range_count, false, value->number)) {
      reserve_number(&lists, value->number);
    }
    if (!stele_enum_value_by_name(now, value->name) &&
        !breaking_reserves_name(&job->run, now->reserved_names, now->reserved_name_count,
                                value->name)) {
      reserve_name(job, &lists, value->name);
    }
  }
  lists_insert(job, STELE_SYMBOL_ENUM, now, &lists);
}

static void reserve_enums(fix_job *job, const stele_enum *now, uint32_t count,
                          const stele_enum *was, uint32_t was_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_enum *type = BREAKING_SIBLING(&job->run, now, count, was[i].name, i);
    if (type) reserve_values(job, type, &was[i]);
  }
}

/* Types are looked for where they were: what moved is for people. */
static void reserve_messages(fix_job *job, const stele_message *now, uint32_t count,
                             const stele_message *was, uint32_t was_count, bool fields,
                             bool values) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_message *message = BREAKING_SIBLING(&job->run, now, count, was[i].name, i);
    if (!message || message->is_map_entry) continue;
    if (fields) reserve_fields(job, message, &was[i]);
    if (values) {
      reserve_enums(job, message->enums, message->enum_count, was[i].enums, was[i].enum_count);
    }
    reserve_messages(job, message->messages, message->message_count, was[i].messages,
                     was[i].message_count, fields, values);
  }
}

static bool is_any_on(const fix_job *job, const char *const *ids, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (is_on(job, ids[i])) return true;
  }
  return false;
}

static void fix_removed(fix_job *job, const stele_file *was) {
  static const char *const field_rules[] = {"REMOVED_FIELD_RESERVED", "FIELD_NO_DELETE",
                                            "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
                                            "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"};
  static const char *const value_rules[] = {"REMOVED_VALUE_RESERVED", "ENUM_VALUE_NO_DELETE",
                                            "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
                                            "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED"};
  const stele_file *now = job->file;
  bool fields = is_any_on(job, field_rules, STELE_COUNT(field_rules));
  bool values = is_any_on(job, value_rules, STELE_COUNT(value_rules));
  reserve_messages(job, now->messages, now->message_count, was->messages, was->message_count,
                   fields, values);
  if (values) reserve_enums(job, now->enums, now->enum_count, was->enums, was->enum_count);
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int by_place(const void *a, const void *b) {
  const rule_edit *x = a, *y = b;
  int order = stele_str_order(x->path, y->path);
  return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static void fix_file(fix_job *job, const rule_file *row) {
  job->file = row->file;
  if (!job->tree->text(job->tree->text_arg, row->file, &job->text)) return;
  job->text = stele_str_copy(job->run.arena, job->text); /* edits alias it */
  if (!job->against) {
    fix_names(job, row->file->messages, row->file->message_count);
    fix_imports(job);
    return;
  }
  const rule_file *was = rule_side_file(&job->run.was, row->file->name);
  if (was) fix_removed(job, was->file);
}

static void run_fix(void *arg) {
  fix_job *job = arg;
  rule_run_open(&job->run, job->tree, job->against);
  breaking_memo_open(&job->run);
  for (size_t i = 0; i < job->tree->count; i++) {
    const rule_file *row = &job->tree->files[i];
    if (row->is_import || rule_file_is_ignored(&job->run, &job->run.now, row->file)) continue;
    fix_file(job, row);
  }
  if (job->edits.count > 0) {
    qsort(job->edits.at, job->edits.count, sizeof *job->edits.at, by_place);
  }
}

bool rule_fix(stele_arena *arena, const rule_selection *selection, const rule_tree *tree,
              const rule_tree *against, rule_edits *out, stele_err *err) {
  fix_job job = {.run = {.arena = arena, .selection = selection}, .tree = tree, .against = against};
  bool ok = !tree->text || stele_guard_run(arena, run_fix, &job, err);
  rule_sources_close(&job.run);
  *out = (rule_edits){job.edits.at, ok ? job.edits.count : 0};
  return ok;
}

stele_str rule_edits_apply(stele_arena *arena, const rule_edits *edits, stele_str path,
                           stele_str text) {
  stele_buf out;
  size_t at = 0;
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < edits->count; i++) {
    const rule_edit *e = &edits->at[i];
    if (!stele_str_eq(e->path, path)) continue;
    stele_buf_add(&out, text.ptr + at, e->offset - at);
    stele_buf_add_str(&out, e->replacement);
    at = e->offset + e->len;
  }
  stele_buf_add(&out, text.ptr + at, text.len - at);
  return stele_buf_str(&out);
}
