/* Types over all files: matched by name, and what is left over by shape.
 *
 * A shape is what the wire and JSON see of a type: numbers, names and kinds of
 * its members, not the names of the types they have. A removed and an added type
 * of one shape are the same type under another name; of several candidates the
 * one with the same short name goes first. */
#include "check/diff/diff.h"

#include <stdlib.h>

#include "base/guard.h"
#include "base/hash.h"
#include "check/diff/diff_internal.h"
#include "check/element/code_option.h"

enum { FEWEST_MEMBERS = 1 };

/* ---- types ---------------------------------------------------------------- */

typedef struct diff_type {
  stele_symbol_kind kind;
  const void *element;
  stele_str name, full_name;
  const stele_file *file;
  const stele_message *parent;
  struct diff_type *other; /* what it became, or was */
  uint64_t shape;
  uint32_t members;
} diff_type;

static uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = (a ^ b) * 0x9e3779b97f4a7c15u;
  return x ^ x >> 29;
}

static uint64_t text_hash(stele_str text) {
  uint64_t h = text.len;
  for (size_t i = 0; i < text.len; i++) h = mix(h, (uint8_t)text.ptr[i]);
  return h;
}

/* Sums, so that the order of members does not count. */
static uint64_t message_shape(const stele_message *message) {
  uint64_t sum = mix(1, message->field_count);
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    sum += mix(mix(text_hash(field->name), (uint64_t)field->number),
               (uint64_t)field->type << 8 | field->label);
  }
  return sum;
}

static uint64_t enum_shape(const stele_enum *type) {
  uint64_t sum = mix(2, type->value_count);
  for (uint32_t i = 0; i < type->value_count; i++) {
    sum += mix(text_hash(type->values[i].name), (uint64_t)(uint32_t)type->values[i].number);
  }
  return sum;
}

static uint64_t service_shape(const stele_service *service) {
  uint64_t sum = mix(3, service->method_count);
  for (uint32_t i = 0; i < service->method_count; i++) {
    const stele_method *method = &service->methods[i];
    sum += mix(text_hash(method->name),
               (uint64_t)method->client_streaming << 1 | method->server_streaming);
  }
  return sum;
}

static void add_type(diff_run *run, stele_map *types, diff_type type) {
  void **place = stele_map_add(types, type.full_name);
  if (*place) return;
  diff_type *kept = *place = STELE_NEW(run->arena, diff_type);
  *kept = type;
}

static void add_enums(diff_run *run, stele_map *types, const stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_enum *type = &enums[i];
    add_type(run, types,
             (diff_type){STELE_SYMBOL_ENUM, type, type->name, type->full_name, type->file,
                         type->parent, NULL, enum_shape(type), type->value_count});
  }
}

static void add_messages(diff_run *run, stele_map *types, const stele_message *messages,
                         uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *type = &messages[i];
    if (type->is_map_entry) continue;
    add_type(run, types,
             (diff_type){STELE_SYMBOL_MESSAGE, type, type->name, type->full_name, type->file,
                         type->parent, NULL, message_shape(type), type->field_count});
    add_enums(run, types, type->enums, type->enum_count);
    add_messages(run, types, type->messages, type->message_count);
  }
}

static void add_file(diff_run *run, stele_map *types, const stele_file *file) {
  add_messages(run, types, file->messages, file->message_count);
  add_enums(run, types, file->enums, file->enum_count);
  for (uint32_t i = 0; i < file->service_count; i++) {
    const stele_service *type = &file->services[i];
    add_type(run, types,
             (diff_type){STELE_SYMBOL_SERVICE, type, type->name, type->full_name, type->file, NULL,
                         NULL, service_shape(type), type->method_count});
  }
}

/* ---- matching ------------------------------------------------------------- */

static void match(diff_run *run, diff_type *was, diff_type *now) {
  was->other = now;
  now->other = was;
  if (stele_str_eq(was->full_name, now->full_name)) return;
  stele_str *name = STELE_NEW(run->arena, stele_str);
  *name = now->full_name;
  *stele_map_add(&run->renamed, was->full_name) = name;
}

static void match_names(diff_run *run) {
  for (size_t i = 0; i < run->old_types.count; i++) {
    diff_type *was = run->old_types.entries[i].value;
    diff_type *now = stele_map_find(&run->new_types, was->full_name);
    if (now && now->kind == was->kind) match(run, was, now);
  }
}

/* A nested type goes with its parent: it is no candidate while that is matched to
 * another name, but under the parent's new name. */
static bool match_below_parent(diff_run *run, diff_type *was) {
  if (!was->parent) return false;
  const diff_type *parent = stele_map_find(&run->old_types, was->parent->full_name);
  if (!parent || !parent->other) return false;
  stele_str below = parent->other->full_name;
  stele_str name = stele_str_printf(run->arena, STELE_STR_FMT "." STELE_STR_FMT,
                                    STELE_STR_ARG(below), STELE_STR_ARG(was->name));
  diff_type *now = stele_map_find(&run->new_types, name);
  if (!now || now->other || now->kind != was->kind) return false;
  match(run, was, now);
  return true;
}

/* The best free type of the same shape: the same short name, else any. */
static diff_type *best_of(const diff_type *was, diff_type *const *added, size_t count,
                          bool needs_name) {
  diff_type *found = NULL;
  for (size_t i = 0; i < count; i++) {
    diff_type *now = added[i];
    if (now->other || now->kind != was->kind || now->shape != was->shape) continue;
    if (stele_str_eq(now->name, was->name)) return now;
    if (!needs_name && !found) found = now;
  }
  return found;
}

/* Types that keep their short name may differ a little: half of the members are
 * enough to know a message again. */
static bool is_alike(const diff_type *was, const diff_type *now) {
  if (was->kind != STELE_SYMBOL_MESSAGE || now->kind != STELE_SYMBOL_MESSAGE) return false;
  const stele_message *old = was->element, *new = now->element;
  uint32_t shared = 0;
  for (uint32_t i = 0; i < old->field_count; i++) {
    const stele_field *field = stele_message_field(new, old->fields[i].number);
    shared += field && stele_str_eq(field->name, old->fields[i].name);
  }
  return shared > 0 && shared * 2 >= old->field_count && shared * 2 >= new->field_count;
}

static diff_type *alike_of(const diff_type *was, diff_type *const *added, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (added[i]->other || !stele_str_eq(added[i]->name, was->name)) continue;
    if (is_alike(was, added[i])) return added[i];
  }
  return NULL;
}

enum { MOST_LEFT_OVER = 4000 }; /* beyond this, matching by shape costs too much */

static size_t left_over(diff_run *run, const stele_map *types, diff_type ***out) {
  size_t count = 0;
  *out = STELE_NEW_ARRAY(run->arena, diff_type *, types->count + 1);
  for (size_t i = 0; i < types->count; i++) {
    diff_type *type = types->entries[i].value;
    if (!type->other) (*out)[count++] = type;
  }
  return count;
}

static void match_shapes(diff_run *run) {
  diff_type **removed, **added;
  size_t removed_count = left_over(run, &run->old_types, &removed);
  size_t added_count = left_over(run, &run->new_types, &added);
  if (removed_count > MOST_LEFT_OVER || added_count > MOST_LEFT_OVER) return;
  /* Outer types stand before those in them; a surer match goes before a weaker. */
  for (int pass = 0; pass < 3; pass++) {
    for (size_t i = 0; i < removed_count; i++) {
      diff_type *was = removed[i], *now = NULL;
      if (was->other || match_below_parent(run, was)) continue;
      bool has_members = was->members >= FEWEST_MEMBERS;
      if (pass == 0 && has_members) now = best_of(was, added, added_count, true);
      if (pass == 1) now = alike_of(was, added, added_count);
      if (pass == 2 && has_members) now = best_of(was, added, added_count, false);
      if (now) match(run, was, now);
    }
  }
}

/* ---- files ---------------------------------------------------------------- */

/* The types of a file stand side by side in the map. */
static void index_files(diff_run *run) {
  for (size_t i = run->old_types.count; i-- > 0;) {
    const diff_type *type = run->old_types.entries[i].value;
    *stele_map_add_u64(&run->first_type, (uint64_t)(uintptr_t)type->file) = (void *)(i + 1);
  }
  for (size_t i = 0; i < run->older_count; i++) {
    *stele_map_add(&run->old_files, run->older[i]->name) = run;
  }
}

/* Where the types of a file that is gone went, when that is one file and new. */
static const stele_file *file_became(diff_run *run, const stele_map *newer, const stele_file *was) {
  const stele_file *same = stele_map_find(newer, was->name), *found = NULL;
  if (same) return same;
  size_t first = (size_t)stele_map_find_u64(&run->first_type, (uint64_t)(uintptr_t)was);
  for (size_t i = first; i > 0 && i <= run->old_types.count; i++) {
    const diff_type *type = run->old_types.entries[i - 1].value;
    if (type->file != was) break;
    if (!type->other || (found && found != type->other->file)) return NULL;
    found = type->other->file;
  }
  return found && !stele_map_find(&run->old_files, found->name) ? found : NULL;
}

static stele_str option_text(const stele_file *file, size_t row) {
  if (check_code_options[row].is_text) {
    stele_str text = stele_options_str(file->options, check_code_options[row].number, NULL);
    return text.len ? text : (stele_str){"", 0};
  }
  return stele_options_varint(file->options, check_code_options[row].number, 0)
             ? STELE_STR("true")
             : (stele_str){"", 0};
}

static stele_str edition_text(diff_run *run, const stele_file *file) {
  enum { PROTO2 = 998, PROTO3 = 999, FIRST = 1000 };
  if (file->edition == PROTO2) return STELE_STR("proto2");
  if (file->edition == PROTO3) return STELE_STR("proto3");
  return stele_str_printf(run->arena, "%d", file->edition - FIRST + 2023);
}

static void each_import(diff_run *run, diff_parts *parts, const stele_file *mine,
                        const stele_file *other, bool is_new) {
  for (uint32_t i = 0; i < mine->import_count; i++) {
    const stele_import *import = &mine->imports[i];
    bool found = false;
    for (uint32_t j = 0; j < other->import_count && !found; j++) {
      found = stele_str_eq(other->imports[j].path, import->path) &&
              other->imports[j].kind == import->kind;
    }
    if (found) continue;
    bool is_public = import->kind == STELE_IMPORT_PUBLIC;
    stele_str none = {"", 0};
    diff_part part = {.name = is_public ? "public import" : "import",
                      .old_text = is_new ? none : import->path,
                      .new_text = is_new ? import->path : none,
                      .cls = !is_public ? CHECK_PATCH
                             : is_new   ? CHECK_MINOR
                                        : CHECK_MAJOR};
    STELE_VEC_PUSH(run->arena, parts, part);
  }
}

static void file_pair(diff_run *run, const stele_file *was, const stele_file *now) {
  diff_parts parts = {0}, options = {0};
  diff_text(run, &parts, "package", was->package, now->package, CHECK_MAJOR);
  diff_text(run, &parts, "edition", edition_text(run, was), edition_text(run, now), CHECK_PATCH);
  for (size_t i = 0; i < CHECK_CODE_OPTIONS; i++) {
    diff_text(run, &parts, check_code_options[i].name, option_text(was, i), option_text(now, i),
              CHECK_MAJOR);
  }
  each_import(run, &parts, was, now, false);
  each_import(run, &parts, now, was, true);
  diff_options(run, &options, was, was->options, now, now->options);
  for (size_t i = 0; i < options.count; i++) {
    bool is_told = false;
    for (size_t j = 0; j < CHECK_CODE_OPTIONS; j++) {
      is_told =
          is_told || stele_str_eq(options.at[i].option, stele_cstr(check_code_options[j].name));
    }
    if (!is_told) STELE_VEC_PUSH(run->arena, &parts, options.at[i]);
  }
  diff_kind kind = stele_str_eq(was->name, now->name) ? DIFF_CHANGED : DIFF_MOVED;
  diff_tell(run, kind, &(diff_pair){STELE_SYMBOL_FILE, "file", was, now}, &parts);
}

static void compare_files(diff_run *run) {
  stele_map newer, taken;
  stele_map_init(&newer, run->arena, 0);
  stele_map_init(&taken, run->arena, 0);
  for (size_t i = 0; i < run->newer_count; i++) {
    *stele_map_add(&newer, run->newer[i]->name) = (void *)(uintptr_t)run->newer[i];
  }
  for (size_t i = 0; i < run->older_count; i++) {
    const stele_file *was = run->older[i], *now = file_became(run, &newer, was);
    void **place = now ? stele_map_add(&taken, now->name) : NULL;
    if (!now || *place) {
      diff_tell(run, DIFF_REMOVED, &(diff_pair){STELE_SYMBOL_FILE, "file", was, NULL}, NULL);
      continue;
    }
    *place = run;
    *stele_map_add_u64(&run->files, (uint64_t)(uintptr_t)was) = (void *)(uintptr_t)now;
    file_pair(run, was, now);
    diff_extensions(run, was->extensions, was->extension_count, now->extensions,
                    now->extension_count);
  }
  for (size_t i = 0; i < run->newer_count; i++) {
    if (stele_map_find(&taken, run->newer[i]->name)) continue;
    diff_tell(run, DIFF_ADDED, &(diff_pair){STELE_SYMBOL_FILE, "file", NULL, run->newer[i]}, NULL);
  }
}

/* ---- pairs of types ------------------------------------------------------- */

static const char *word_of(stele_symbol_kind kind) {
  return kind == STELE_SYMBOL_MESSAGE ? "message" : kind == STELE_SYMBOL_ENUM ? "enum" : "service";
}

/* Ranges as a text that does not depend on their order. */
static int range_order(const void *a, const void *b) {
  const stele_range *x = a, *y = b;
  return x->start != y->start ? (x->start > y->start) - (x->start < y->start)
                              : (x->end > y->end) - (x->end < y->end);
}

static int str_order(const void *a, const void *b) {
  const stele_str *x = a, *y = b;
  return stele_str_order(*x, *y);
}

static stele_str ranges_text(diff_run *run, const stele_range *ranges, uint32_t count,
                             bool is_inclusive) {
  stele_range *sorted = STELE_NEW_ARRAY(run->arena, stele_range, count + 1);
  stele_buf out;
  stele_buf_init(&out, run->arena, 0);
  if (count) memcpy(sorted, ranges, count * sizeof *sorted);
  if (count) qsort(sorted, count, sizeof *sorted, range_order);
  for (uint32_t i = 0; i < count; i++) {
    int32_t end = is_inclusive ? sorted[i].end : sorted[i].end - 1;
    stele_buf_printf(&out, "%s%d", i ? ", " : "", sorted[i].start);
    if (end != sorted[i].start) stele_buf_printf(&out, " to %d", end);
  }
  return out.len ? stele_buf_str(&out) : (stele_str){"", 0};
}

static stele_str names_text(diff_run *run, const stele_str *names, uint32_t count) {
  stele_str *sorted = STELE_NEW_ARRAY(run->arena, stele_str, count + 1);
  stele_buf out;
  stele_buf_init(&out, run->arena, 0);
  if (count) memcpy(sorted, names, count * sizeof *sorted);
  if (count) qsort(sorted, count, sizeof *sorted, str_order);
  for (uint32_t i = 0; i < count; i++) {
    stele_buf_printf(&out, "%s" STELE_STR_FMT, i ? ", " : "", STELE_STR_ARG(sorted[i]));
  }
  return out.len ? stele_buf_str(&out) : (stele_str){"", 0};
}

static void message_parts(diff_run *run, const stele_message *was, const stele_message *now,
                          diff_parts *parts) {
  diff_flag(run, parts, "message_set_wire_format", was->is_message_set, now->is_message_set,
            CHECK_MAJOR);
  stele_str old = ranges_text(run, was->extension_ranges, was->extension_range_count, false);
  stele_str new = ranges_text(run, now->extension_ranges, now->extension_range_count, false);
  diff_text(run, parts, "extension numbers", old, new, old.len ? CHECK_MAJOR : CHECK_MINOR);
  diff_text(run, parts, "reserved numbers",
            ranges_text(run, was->reserved_ranges, was->reserved_range_count, false),
            ranges_text(run, now->reserved_ranges, now->reserved_range_count, false), CHECK_PATCH);
  diff_text(run, parts, "reserved names",
            names_text(run, was->reserved_names, was->reserved_name_count),
            names_text(run, now->reserved_names, now->reserved_name_count), CHECK_PATCH);
  diff_options(run, parts, was->file, was->options, now->file, now->options);
}

static void enum_parts(diff_run *run, const stele_enum *was, const stele_enum *now,
                       diff_parts *parts) {
  diff_flag(run, parts, "closed", was->is_closed, now->is_closed, CHECK_MAJOR);
  diff_flag(run, parts, "allow_alias", was->allow_alias, now->allow_alias, CHECK_PATCH);
  diff_text(run, parts, "reserved numbers",
            ranges_text(run, was->reserved_ranges, was->reserved_range_count, true),
            ranges_text(run, now->reserved_ranges, now->reserved_range_count, true), CHECK_PATCH);
  diff_text(run, parts, "reserved names",
            names_text(run, was->reserved_names, was->reserved_name_count),
            names_text(run, now->reserved_names, now->reserved_name_count), CHECK_PATCH);
  diff_options(run, parts, was->file, was->options, now->file, now->options);
}

static void compare_members(diff_run *run, const diff_type *was, const diff_type *now) {
  if (was->kind == STELE_SYMBOL_MESSAGE) {
    const stele_message *old = was->element, *new = now->element;
    diff_fields(run, old, new);
    diff_oneofs(run, old, new);
    diff_extensions(run, old->extensions, old->extension_count, new->extensions,
                    new->extension_count);
  } else if (was->kind == STELE_SYMBOL_ENUM) {
    diff_values(run, was->element, now->element);
  } else {
    diff_methods(run, was->element, now->element);
  }
}

/* Is it where it was: below the type or in the package and file that its own
 * became? Then only its own name can be another. */
static bool is_in_place(const diff_run *run, const diff_type *was, const diff_type *now) {
  if ((was->parent != NULL) != (now->parent != NULL)) return false;
  if (was->parent) {
    return stele_str_eq(diff_mapped(run, was->parent->full_name), now->parent->full_name);
  }
  const stele_file *file = stele_map_find_u64(&run->files, (uint64_t)(uintptr_t)was->file);
  return file == now->file;
}

static void compare_pair(diff_run *run, const diff_type *was, const diff_type *now) {
  diff_pair pair = {was->kind, word_of(was->kind), was->element, now->element};
  diff_parts parts = {0};
  if (was->kind == STELE_SYMBOL_MESSAGE) {
    message_parts(run, was->element, now->element, &parts);
  } else if (was->kind == STELE_SYMBOL_ENUM) {
    enum_parts(run, was->element, now->element, &parts);
  } else {
    const stele_service *old = was->element, *new = now->element;
    diff_options(run, &parts, old->file, old->options, new->file, new->options);
  }
  diff_kind kind = !is_in_place(run, was, now)          ? DIFF_MOVED
                   : stele_str_eq(was->name, now->name) ? DIFF_CHANGED
                                                        : DIFF_RENAMED;
  diff_tell(run, kind, &pair, &parts);
  compare_members(run, was, now);
}

/* What lies in a type that came or went is not told apart. */
static bool goes_with_parent(const stele_map *types, const diff_type *type) {
  if (!type->parent) return false;
  const diff_type *parent = stele_map_find(types, type->parent->full_name);
  return parent && !parent->other;
}

static void compare_types(diff_run *run) {
  for (size_t i = 0; i < run->old_types.count; i++) {
    const diff_type *was = run->old_types.entries[i].value;
    diff_pair gone = {was->kind, word_of(was->kind), was->element, NULL};
    if (was->other) {
      compare_pair(run, was, was->other);
    } else if (!goes_with_parent(&run->old_types, was)) {
      diff_tell(run, DIFF_REMOVED, &gone, NULL);
    }
  }
  for (size_t i = 0; i < run->new_types.count; i++) {
    const diff_type *now = run->new_types.entries[i].value;
    diff_pair come = {now->kind, word_of(now->kind), NULL, now->element};
    if (now->other || goes_with_parent(&run->new_types, now)) continue;
    diff_tell(run, DIFF_ADDED, &come, NULL);
  }
}

/* ---- the run -------------------------------------------------------------- */

static const check_place *place_of(const diff_change *change) {
  return change->new_file.len ? &change->new_place : &change->old_place;
}

static int change_order(const void *left, const void *right) {
  const diff_change *a = left, *b = right;
  stele_str x = a->new_file.len ? a->new_file : a->old_file;
  stele_str y = b->new_file.len ? b->new_file : b->old_file;
  int order = str_order(&x, &y);
  const check_place *p = place_of(a), *q = place_of(b);
  if (!order) order = (a->new_file.len > 0) - (b->new_file.len > 0);
  if (!order) order = (p->line > q->line) - (p->line < q->line);
  if (!order) order = (p->column > q->column) - (p->column < q->column);
  if (order) return order;
  x = a->new_name.len ? a->new_name : a->old_name;
  y = b->new_name.len ? b->new_name : b->old_name;
  return str_order(&x, &y);
}

static void run_diff(void *arg) {
  diff_run *run = arg;
  stele_map_init(&run->old_types, run->arena, 0);
  stele_map_init(&run->new_types, run->arena, 0);
  stele_map_init(&run->renamed, run->arena, 0);
  stele_map_init(&run->files, run->arena, 0);
  check_docs_init(&run->docs, run->arena);
  check_levels_init(&run->levels, run->arena);
  for (size_t i = 0; i < run->older_count; i++) add_file(run, &run->old_types, run->older[i]);
  for (size_t i = 0; i < run->newer_count; i++) add_file(run, &run->new_types, run->newer[i]);
  stele_map_init(&run->first_type, run->arena, 0);
  stele_map_init(&run->old_files, run->arena, 0);
  index_files(run);
  match_names(run);
  match_shapes(run);
  diff_take_extensions(run);
  compare_files(run);
  diff_extension_pairs(run);
  compare_types(run);
  if (run->changes.count) {
    qsort(run->changes.at, run->changes.count, sizeof *run->changes.at, change_order);
  }
}

bool check_diff(stele_arena *arena, const stele_file *const *older, size_t older_count,
                const stele_file *const *newer, size_t newer_count, diff_changes *out,
                stele_err *err) {
  diff_run run = {.arena = arena,
                  .older = older,
                  .newer = newer,
                  .older_count = older_count,
                  .newer_count = newer_count};
  bool ok = stele_guard_run(arena, run_diff, &run, err);
  *out = ok ? (diff_changes){run.changes.at, run.changes.count} : (diff_changes){0};
  return ok;
}

const char *diff_kind_text(diff_kind kind) {
  static const char *const texts[DIFF_KINDS] = {
      [DIFF_ADDED] = "added", [DIFF_REMOVED] = "removed", [DIFF_RENAMED] = "renamed",
      [DIFF_MOVED] = "moved", [DIFF_CHANGED] = "changed",
  };
  return texts[kind];
}
