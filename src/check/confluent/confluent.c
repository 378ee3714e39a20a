/* Confluent's comparison of two files: messages by name, fields by number.
 *
 * The walk follows declaration order of the original, so the same pair gives
 * the same findings each time (Confluent's own order is that of a hash table).
 * Map entries are no messages here: a removed map field is a removed field. */
#include <stdlib.h>

#include "base/guard.h"
#include "check/confluent/confluent_internal.h"
#include "check/element/level.h"

/* As deep as the parser lets messages nest. */
enum { MOST_DEPTH = 64 };

size_t confluent_path_push(confluent_run *run, stele_str step) {
  size_t len = run->path.len;
  if (len > 2) stele_buf_add_byte(&run->path, '/');
  stele_buf_add_str(&run->path, step);
  return len;
}

void confluent_path_pop(confluent_run *run, size_t len) {
  run->path.len = len;
}

confluent_leaf confluent_leaf_of(const stele_oneof *oneof, const stele_field *field) {
  return (confluent_leaf){oneof ? oneof->name : (stele_str){0}, true, field->number};
}

static void push_leaf(confluent_run *run, confluent_leaf leaf) {
  if (leaf.name.len) (void)confluent_path_push(run, leaf.name);
  if (!leaf.has_number) return;
  (void)confluent_path_push(run, (stele_str){0});
  stele_buf_printf(&run->path, "%d", leaf.number);
}

void confluent_found(confluent_run *run, confluent_rule rule, confluent_leaf leaf,
                     check_elements where, const char *format, ...) {
  if (run->only_refusing && !confluent_rules[rule].incompatible) return;
  size_t len = run->path.len;
  if (run->field) push_leaf(run, confluent_leaf_of(check_oneof_of(run->field), run->field));
  push_leaf(run, leaf);
  stele_str path = stele_str_copy(run->pair.arena, stele_buf_str(&run->path));
  confluent_path_pop(run, len);
  va_list args;
  va_start(args, format);
  check_add(&run->pair, &confluent_rules[rule], path, where, format, args);
  va_end(args);
}

/* Map entries are no messages. */
static const stele_message *message_named(check_level *level, stele_str name, size_t near) {
  const stele_message *found = check_level_find(level, name, near);
  return found && !found->is_map_entry ? found : NULL;
}

/* Declaration indexes without map entries: what a reader of the text would count. */
static const int *sibling_indexes(stele_arena *arena, const stele_message *all, size_t count) {
  int *indexes = STELE_NEW_ARRAY(arena, int, count), next = 0;
  for (size_t i = 0; i < count; i++) indexes[i] = all[i].is_map_entry ? -1 : next++;
  return indexes;
}

static void messages_added(confluent_run *run, check_level *original, const stele_message *update,
                           size_t update_count) {
  for (size_t i = 0; i < update_count; i++) {
    const stele_message *now = &update[i];
    if (now->is_map_entry || message_named(original, now->name, i)) continue;
    confluent_found(run, CONFLUENT_MESSAGE_ADDED, CONFLUENT_NAMED(now->name),
                    (check_elements){NULL, now, STELE_SYMBOL_MESSAGE},
                    "the %s schema has the message \"" STELE_STR_FMT "\", the %s schema does not",
                    run->pair.update_word, STELE_STR_ARG(now->full_name), run->pair.original_word);
  }
}

static void message_removed(confluent_run *run, const stele_message *was) {
  confluent_found(run, CONFLUENT_MESSAGE_REMOVED, CONFLUENT_NAMED(was->name),
                  (check_elements){was, NULL, STELE_SYMBOL_MESSAGE},
                  "the %s schema has the message \"" STELE_STR_FMT "\", the %s schema does not",
                  run->pair.original_word, STELE_STR_ARG(was->full_name), run->pair.update_word);
}

static void message_moved(confluent_run *run, const stele_message *was, const stele_message *now,
                          int old_index, int new_index) {
  if (old_index == new_index) return;
  confluent_found(run, CONFLUENT_MESSAGE_MOVED, CONFLUENT_NAMED(was->name),
                  (check_elements){was, now, STELE_SYMBOL_MESSAGE},
                  "the message \"" STELE_STR_FMT "\" is number %d among its siblings in the %s "
                  "schema, and number %d in the %s schema",
                  STELE_STR_ARG(was->full_name), old_index, run->pair.original_word, new_index,
                  run->pair.update_word);
}

void confluent_messages(confluent_run *run, const stele_message *original, size_t original_count,
                        const stele_message *update, size_t update_count) {
  check_level olds = check_level_of(run->pair.arena, original, original_count, sizeof *original);
  check_level news = check_level_of(run->pair.arena, update, update_count, sizeof *update);
  const int *old_indexes = NULL, *new_indexes = NULL;
  if (!run->only_refusing) {
    old_indexes = sibling_indexes(run->pair.arena, original, original_count);
    new_indexes = sibling_indexes(run->pair.arena, update, update_count);
  }
  for (size_t i = 0; i < original_count; i++) {
    const stele_message *was = &original[i];
    if (was->is_map_entry) continue;
    const stele_message *now = message_named(&news, was->name, i);
    if (!now) {
      message_removed(run, was);
      continue;
    }
    size_t len = confluent_path_push(run, was->name);
    confluent_message(run, was, now);
    confluent_path_pop(run, len);
    if (old_indexes) message_moved(run, was, now, old_indexes[i], new_indexes[now - update]);
  }
  if (!run->only_refusing) messages_added(run, &olds, update, update_count);
}

/* Still there under its name and number, maybe as one of several aliases. */
static bool is_value(check_level *values, const stele_enum_value *was, size_t near) {
  const stele_enum_value *now = check_level_find(values, was->name, near);
  return now && now->number == was->number;
}

static void enum_values(confluent_run *run, const stele_enum *was, const stele_enum *now) {
  check_level names =
      check_level_of(run->pair.arena, now->values, now->value_count, sizeof *now->values);
  check_numbers news = check_numbers_of(run->pair.arena, now),
                olds = check_numbers_of(run->pair.arena, was);
  for (size_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *old = &was->values[i];
    const stele_enum_value *new = check_numbers_find(&news, old->number);
    check_elements both = {old, new, STELE_SYMBOL_ENUM_VALUE};
    confluent_leaf leaf = {.has_number = true, .number = old->number};
    if (!new) {
      confluent_found(run, CONFLUENT_ENUM_CONST_REMOVED, leaf, both,
                      "the %s schema has the enum value \"" STELE_STR_FMT "\" = %d, the %s schema "
                      "does not",
                      run->pair.original_word, STELE_STR_ARG(old->name), old->number,
                      run->pair.update_word);
    } else if (!is_value(&names, old, i)) {
      confluent_found(run, CONFLUENT_ENUM_CONST_CHANGED, leaf, both,
                      "the enum value %d is \"" STELE_STR_FMT
                      "\" in the %s schema and \"" STELE_STR_FMT "\" in the %s schema",
                      old->number, STELE_STR_ARG(old->name), run->pair.original_word,
                      STELE_STR_ARG(new->name), run->pair.update_word);
    }
  }
  for (size_t i = 0; i < now->value_count; i++) {
    const stele_enum_value *new = &now->values[i];
    if (check_numbers_find(&olds, new->number)) continue;
    confluent_found(
        run, CONFLUENT_ENUM_CONST_ADDED,
        (confluent_leaf){.has_number = true, .number = new->number},
        (check_elements){NULL, new, STELE_SYMBOL_ENUM_VALUE},
        "the %s schema has the enum value \"" STELE_STR_FMT "\" = %d, the %s schema does "
        "not",
        run->pair.update_word, STELE_STR_ARG(new->name), new->number, run->pair.original_word);
  }
}

void confluent_enums(confluent_run *run, const stele_enum *original, size_t original_count,
                     const stele_enum *update, size_t update_count) {
  if (run->only_refusing) return; /* no difference between enums does */
  check_level olds = check_level_of(run->pair.arena, original, original_count, sizeof *original);
  check_level news = check_level_of(run->pair.arena, update, update_count, sizeof *update);
  for (size_t i = 0; i < original_count; i++) {
    const stele_enum *was = &original[i];
    const stele_enum *now = check_level_find(&news, was->name, i);
    if (!now) {
      confluent_found(run, CONFLUENT_ENUM_REMOVED, CONFLUENT_NAMED(was->name),
                      (check_elements){was, NULL, STELE_SYMBOL_ENUM},
                      "the %s schema has the enum \"" STELE_STR_FMT "\", the %s schema does not",
                      run->pair.original_word, STELE_STR_ARG(was->full_name),
                      run->pair.update_word);
      continue;
    }
    size_t len = confluent_path_push(run, was->name);
    enum_values(run, was, now);
    confluent_path_pop(run, len);
  }
  for (size_t i = 0; i < update_count; i++) {
    const stele_enum *now = &update[i];
    if (check_level_find(&olds, now->name, i)) continue;
    confluent_found(run, CONFLUENT_ENUM_ADDED, CONFLUENT_NAMED(now->name),
                    (check_elements){NULL, now, STELE_SYMBOL_ENUM},
                    "the %s schema has the enum \"" STELE_STR_FMT "\", the %s schema does not",
                    run->pair.update_word, STELE_STR_ARG(now->full_name), run->pair.original_word);
  }
}

static int by_number(const void *a, const void *b) {
  const stele_field *const *left = a, *const *right = b;
  return ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
}

/* The fields of a message by number. Groups are left out, as Confluent does. */
static const stele_field **fields_by_number(stele_arena *arena, const stele_message *message,
                                            size_t *count) {
  const stele_field **sorted = STELE_NEW_ARRAY(arena, const stele_field *, message->field_count);
  bool in_order = true;
  *count = 0;
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    if (field->type == STELE_TYPE_GROUP) continue;
    in_order = in_order && (*count == 0 || sorted[*count - 1]->number < field->number);
    sorted[(*count)++] = field;
  }
  if (!in_order) qsort(sorted, *count, sizeof *sorted, by_number);
  return sorted;
}

/* A field on one side only. Members of oneofs are the oneof rules' business. */
static void lone_field(confluent_run *run, const stele_field *field, bool added) {
  if (check_oneof_of(field)) return;
  const char *here = added ? run->pair.update_word : run->pair.original_word;
  const char *there = added ? run->pair.original_word : run->pair.update_word;
  check_elements where = {added ? NULL : field, added ? field : NULL, STELE_SYMBOL_FIELD};
  confluent_rule rule = added ? CONFLUENT_FIELD_ADDED : CONFLUENT_FIELD_REMOVED;
  if (field->is_required) {
    rule = added ? CONFLUENT_REQUIRED_FIELD_ADDED : CONFLUENT_REQUIRED_FIELD_REMOVED;
  }
  confluent_found(
      run, rule, confluent_leaf_of(NULL, field), where,
      "the %s schema has the %sfield \"" STELE_STR_FMT "\" = %d, the %s schema does not", here,
      field->is_required ? "required " : "", STELE_STR_ARG(field->name), field->number, there);
}

static void fields(confluent_run *run, const stele_message *original, const stele_message *update) {
  size_t old_count, new_count, o = 0, n = 0;
  const stele_field **olds = fields_by_number(run->pair.arena, original, &old_count);
  const stele_field **news = fields_by_number(run->pair.arena, update, &new_count);
  while (o < old_count || n < new_count) {
    if (n == new_count || (o < old_count && olds[o]->number < news[n]->number)) {
      lone_field(run, olds[o++], false);
    } else if (o == old_count || news[n]->number < olds[o]->number) {
      lone_field(run, news[n++], true);
    } else {
      run->field = news[n];
      confluent_field(run, olds[o++], news[n++]);
      run->field = NULL;
    }
  }
}

void confluent_message(confluent_run *run, const stele_message *original,
                       const stele_message *update) {
  if (run->depth++ > MOST_DEPTH) {
    stele_guard_leave(run->pair.arena, STELE_LIMIT, "types are nested more than %d deep",
                      MOST_DEPTH);
  }
  confluent_oneofs(run, original, update);
  fields(run, original, update);
  confluent_messages(run, original->messages, original->message_count, update->messages,
                     update->message_count);
  confluent_enums(run, original->enums, original->enum_count, update->enums, update->enum_count);
  run->depth--;
}

static void run_confluent(void *arg) {
  confluent_run *run = arg;
  const stele_file *was = run->pair.original, *now = run->pair.update;
  check_run_open(&run->pair);
  stele_buf_add_cstr(&run->path, "#/");
  if (!stele_str_eq(was->package, now->package)) {
    confluent_found(run, CONFLUENT_PACKAGE_CHANGED, CONFLUENT_HERE,
                    (check_elements){was, now, STELE_SYMBOL_FILE},
                    "the package is \"" STELE_STR_FMT "\" in the %s schema and \"" STELE_STR_FMT
                    "\" in the %s schema",
                    STELE_STR_ARG(was->package), run->pair.original_word,
                    STELE_STR_ARG(now->package), run->pair.update_word);
  }
  confluent_messages(run, was->messages, was->message_count, now->messages, now->message_count);
  confluent_enums(run, was->enums, was->enum_count, now->enums, now->enum_count);
}

static bool judge(stele_arena *arena, const stele_file *older, const stele_file *newer,
                  check_direction direction, bool only_refusing, check_findings *out,
                  stele_err *err) {
  bool forward = direction == CHECK_FORWARD;
  confluent_run run = {.pair = {.arena = arena,
                                .original = forward ? newer : older,
                                .update = forward ? older : newer,
                                .original_word = forward ? "new" : "old",
                                .update_word = forward ? "old" : "new",
                                .swapped = forward},
                       .only_refusing = only_refusing};
  stele_buf_init(&run.path, arena, 0);
  bool ok = stele_guard_run(arena, run_confluent, &run, err);
  *out = (check_findings){run.pair.findings.at, run.pair.findings.count};
  return ok;
}

bool check_confluent(stele_arena *arena, const stele_file *older, const stele_file *newer,
                     check_direction direction, check_findings *out, stele_err *err) {
  return judge(arena, older, newer, direction, false, out, err);
}

bool check_confluent_refusals(stele_arena *arena, const stele_file *older, const stele_file *newer,
                              check_direction direction, check_findings *out, stele_err *err) {
  return judge(arena, older, newer, direction, true, out, err);
}
