/* The walk over two trees: what was, beside what is now.
 *
 * Files pair by path and types by full name, over the whole of both trees, so a
 * type that moved to another file is still compared. Nearly all types are where
 * they were, at the same index of the same file: that is looked at first, and a
 * table of all full names is only made when something is not there. */
#include "base/guard.h"
#include "check/breaking/breaking.h"
#include "check/pairs/moved.h"
#include "check/rule/rule_known.h"

/* ---- The walk ------------------------------------------------------------------ */

static void pair_fields(rule_run *run, const stele_message *now, const stele_message *was) {
  if (!rule_is_asked(run, RULE_ON_FIELD)) return;
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field =
        i < now->field_count && now->fields[i].number == was->fields[i].number
            ? &now->fields[i]
            : stele_message_field(now, was->fields[i].number);
    if (field) rule_ask(run, RULE_ON_FIELD, field, &was->fields[i]);
  }
}

static void walk_enums(rule_run *run, const stele_enum *was, uint32_t was_count,
                       const stele_enum *now, uint32_t now_count) {
  if (!rule_is_asked(run, RULE_ON_ENUM)) return;
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_enum *type = BREAKING_SIBLING(run, now, now_count, was[i].name, i);
    if (!type) type = stele_map_find(&breaking_names_of(run)->enums, was[i].full_name);
    if (type) rule_ask(run, RULE_ON_ENUM, type, &was[i]);
  }
}

static void walk_messages(rule_run *run, const stele_message *was, uint32_t was_count,
                          const stele_message *now, uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_message *old = &was[i];
    const stele_message *new = BREAKING_SIBLING(run, now, now_count, old->name, i);
    if (!new) new = stele_map_find(&breaking_names_of(run)->messages, old->full_name);
    if (new) {
      rule_ask(run, RULE_ON_MESSAGE, new, old);
      pair_fields(run, new, old);
    }
    walk_enums(run, old->enums, old->enum_count, new ? new->enums : NULL,
               new ? new->enum_count : 0);
    walk_messages(run, old->messages, old->message_count, new ? new->messages : NULL,
                  new ? new->message_count : 0);
  }
}

static void walk_services(rule_run *run, const stele_file *was, const stele_file *now) {
  for (uint32_t i = 0; i < was->service_count; i++) {
    const stele_service *old = &was->services[i], *new = NULL;
    if (now) new = BREAKING_SIBLING(run, now->services, now->service_count, old->name, i);
    if (!new) new = stele_map_find(&breaking_names_of(run)->services, old->full_name);
    if (!new) continue;
    rule_ask(run, RULE_ON_SERVICE, new, old);
    for (uint32_t m = 0; m < old->method_count; m++) {
      const stele_method *method =
          BREAKING_SIBLING(run, new->methods, new->method_count, old->methods[m].name, m);
      if (method) rule_ask(run, RULE_ON_METHOD, method, &old->methods[m]);
    }
  }
}

/* ---- What is passed by ------------------------------------------------------------ */

static void leave(rule_run *run, const stele_file *file) {
  const rule_file *row = file ? rule_side_file(&run->now, file->name) : NULL;
  if (row) run->now.tree->passed_by[row - run->now.tree->files] = false;
}

/* Where a type that is not here is now: that file is looked at as well. */
static bool leave_messages(rule_run *run, const stele_message *was, uint32_t count,
                           const stele_message *now, uint32_t now_count) {
  bool all_here = true;
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *here = BREAKING_SIBLING(run, now, now_count, was[i].name, i);
    if (!here) {
      const stele_message *there =
          stele_map_find(&breaking_names_of(run)->messages, was[i].full_name);
      leave(run, there ? there->file : NULL);
      all_here = false;
    }
    for (uint32_t k = 0; k < was[i].enum_count; k++) {
      if (here && BREAKING_SIBLING(run, here->enums, here->enum_count, was[i].enums[k].name, k)) {
        continue;
      }
      const stele_enum *type =
          stele_map_find(&breaking_names_of(run)->enums, was[i].enums[k].full_name);
      leave(run, type ? type->file : NULL);
      all_here = false;
    }
    all_here = leave_messages(run, was[i].messages, was[i].message_count,
                              here ? here->messages : NULL, here ? here->message_count : 0) &&
               all_here;
  }
  return all_here;
}

/* Does the newer file have all that the older one had? */
static bool has_all(rule_run *run, const stele_file *now, const stele_file *was) {
  bool all_here =
      leave_messages(run, was->messages, was->message_count, now->messages, now->message_count);
  for (uint32_t i = 0; i < was->enum_count; i++) {
    if (BREAKING_SIBLING(run, now->enums, now->enum_count, was->enums[i].name, i)) continue;
    const stele_enum *type =
        stele_map_find(&breaking_names_of(run)->enums, was->enums[i].full_name);
    leave(run, type ? type->file : NULL);
    all_here = false;
  }
  for (uint32_t i = 0; i < was->service_count; i++) {
    const stele_service *old = &was->services[i];
    if (BREAKING_SIBLING(run, now->services, now->service_count, old->name, i)) continue;
    const stele_service *type = stele_map_find(&breaking_names_of(run)->services, old->full_name);
    leave(run, type ? type->file : NULL);
    all_here = false;
  }
  return all_here;
}

/* What of a pair of files is known until the newer one changes. */
typedef enum pair_state {
  PAIR_UNKNOWN,
  PAIR_WHOLE,   /* the newer file has all that the older one had */
  PAIR_LACKING, /* it has not: what it lacks may be elsewhere */
  PAIR_OTHER    /* it is gone, or in another package */
} pair_state;

/* What the walk knows of the run before. */
typedef struct walk_memory {
  uint64_t shape; /* of the older tree */
  size_t count;
  uint32_t *newer;         /* by index of the older file: index + 1; 0: gone */
  uint8_t *pairs;          /* pair_state, by the same */
  bool *extends;           /* by index of the newer file: has it extensions? */
  bool has_moved_anywhere; /* an extension that is in another file than it was */
} walk_memory;

static walk_memory *memory_of(rule_run *run) {
  rule_known *known = run->now.known;
  const rule_tree *was = run->was.tree;
  if (!known || !was->shape) return NULL;
  walk_memory *memory = known->of_walk;
  if (memory && memory->shape == was->shape && memory->count == was->count) return memory;
  known->of_walk = memory = STELE_NEW(known->arena, walk_memory);
  *memory = (walk_memory){.shape = was->shape,
                          .count = was->count,
                          .newer = STELE_NEW_ARRAY(known->arena, uint32_t, was->count),
                          .pairs = STELE_NEW_ARRAY(known->arena, uint8_t, was->count),
                          .extends = STELE_NEW_ARRAY(known->arena, bool, known->count),
                          .has_moved_anywhere = true};
  for (size_t i = 0; i < was->count; i++) {
    const rule_file *row = rule_side_file(&run->now, was->files[i].file->name);
    memory->newer[i] = row ? (uint32_t)(row - run->now.tree->files) + 1 : 0;
  }
  return memory;
}

static const rule_file *newer_of(rule_run *run, const walk_memory *memory, size_t was) {
  if (!memory) return rule_side_file(&run->now, run->was.tree->files[was].file->name);
  return memory->newer[was] ? &run->now.tree->files[memory->newer[was] - 1] : NULL;
}

static pair_state look_at_pair(rule_run *run, const rule_file *row, const stele_file *was) {
  if (!row || !stele_str_eq(row->file->package, was->package)) return PAIR_OTHER;
  return has_all(run, row->file, was) ? PAIR_WHOLE : PAIR_LACKING;
}

/* A file that did not change is passed by unless types came to it, or went. Files that are
 * gone, or in another package, leave their types anywhere: then every file is looked at. */
static void choose_files(rule_run *run, walk_memory *memory) {
  const rule_tree *tree = run->now.tree;
  if (!tree->passed_by) return;
  memset(tree->passed_by, 0, tree->count * sizeof *tree->passed_by);
  if (!memory) return;
  const rule_known *known = run->now.known;
  bool sees_shapes = platform_moves_are_told(run); /* of types that are only referred to */
  for (size_t i = 0; i < tree->count; i++) {
    const rule_known_file *file = &known->files[i];
    tree->passed_by[i] = !file->is_dirty && !(file->is_relinked && sees_shapes);
  }
  bool has_other = false;
  for (size_t i = 0; i < memory->count; i++) {
    const rule_file *row = newer_of(run, memory, i);
    bool is_dirty = !row || known->files[row - tree->files].is_dirty;
    if (!is_dirty && memory->pairs[i] == PAIR_WHOLE) continue;
    memory->pairs[i] = (uint8_t)look_at_pair(run, row, run->was.tree->files[i].file);
    if (memory->pairs[i] == PAIR_LACKING) leave(run, row->file);
    has_other = has_other || memory->pairs[i] == PAIR_OTHER;
  }
  if (has_other) memset(tree->passed_by, 0, tree->count * sizeof *tree->passed_by);
}

static bool is_passed_by(const rule_run *run, const rule_file *row) {
  const rule_tree *tree = run->now.tree;
  return row && tree->passed_by && tree->passed_by[row - tree->files];
}

/* ---- Extensions: by the type they extend and their number ----------------------- */

static stele_str extension_key(rule_run *run, const stele_field *field) {
  return stele_str_printf(run->arena, STELE_STR_FMT " %d",
                          STELE_STR_ARG(stele_field_extendee_name(field)), field->number);
}

static void register_extensions(rule_run *run, stele_map *map, const stele_field *fields,
                                uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    void **place = stele_map_add(map, extension_key(run, &fields[i]));
    const stele_field *field = &fields[i], *taken = *place;
    *place = (void *)(uintptr_t)field;
    if (!taken) continue;
    stele_str first = stele_field_full_name(run->arena, taken);
    stele_str second = stele_field_full_name(run->arena, field);
    stele_str extendee = breaking_plain(stele_field_extendee_name(field));
    stele_guard_leave(run->arena, STELE_INVALID,
                      "duplicate extension %d of " STELE_STR_FMT ": " STELE_STR_FMT
                      " in \"" STELE_STR_FMT "\" and " STELE_STR_FMT " in \"" STELE_STR_FMT "\"",
                      field->number, STELE_STR_ARG(extendee), STELE_STR_ARG(first),
                      STELE_STR_ARG(stele_field_file(taken)->name), STELE_STR_ARG(second),
                      STELE_STR_ARG(stele_field_file(field)->name));
  }
}

static void register_nested(rule_run *run, stele_map *map, const stele_message *messages,
                            uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    register_extensions(run, map, messages[i].extensions, messages[i].extension_count);
    register_nested(run, map, messages[i].messages, messages[i].message_count);
  }
}

static void register_tree(rule_run *run, stele_map *map, const rule_tree *tree) {
  stele_map_init(map, run->arena, 0);
  for (size_t i = 0; i < tree->count; i++) {
    const stele_file *file = tree->files[i].file;
    register_extensions(run, map, file->extensions, file->extension_count);
    register_nested(run, map, file->messages, file->message_count);
  }
}

static bool has_extensions(const stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (messages[i].extension_count) return true;
    if (has_extensions(messages[i].messages, messages[i].message_count)) return true;
  }
  return false;
}

/* Can pairs be others than in the run before, or are they to be asked about again: is there
 * a file with extensions, or that had some, that is not passed by? What moved is asked about
 * each time. */
static bool is_extension_at_hand(const rule_run *run, walk_memory *memory) {
  if (!memory) return true;
  bool is_at_hand = memory->has_moved_anywhere;
  const rule_known *known = run->now.known;
  for (size_t i = 0; i < known->dirty.count; i++) {
    const stele_file *file = run->now.tree->files[known->dirty.at[i]].file;
    bool *extends = &memory->extends[known->dirty.at[i]];
    is_at_hand = is_at_hand || *extends;
    *extends = file->extension_count || has_extensions(file->messages, file->message_count);
  }
  for (size_t i = 0; i < known->count && !is_at_hand; i++) {
    is_at_hand = memory->extends[i] && !(run->now.tree->passed_by && run->now.tree->passed_by[i]);
  }
  return is_at_hand;
}

static void pair_extensions(rule_run *run, walk_memory *memory) {
  stele_map now, was;
  if (!rule_is_asked(run, RULE_ON_FIELD) || !is_extension_at_hand(run, memory)) return;
  register_tree(run, &now, run->now.tree);
  register_tree(run, &was, run->was.tree);
  bool has_moved = false;
  for (size_t i = 0; i < was.count; i++) {
    const stele_field *field = stele_map_find(&now, was.entries[i].key.str);
    const stele_field *old = was.entries[i].value;
    if (!field) continue;
    bool is_here = stele_str_eq(stele_field_file(field)->name, stele_field_file(old)->name);
    has_moved = has_moved || !is_here;
    if (is_here && is_passed_by(run, rule_side_file(&run->now, stele_field_file(field)->name)))
      continue;
    rule_ask(run, RULE_ON_FIELD, field, old);
  }
  if (memory) memory->has_moved_anywhere = has_moved;
}

void breaking_walk(rule_run *run) {
  breaking_memo_open(run);
  rule_known *known = run->now.known;
  walk_memory *memory = memory_of(run);
  choose_files(run, memory);
  if (known) {
    rule_known_ask_tree(known, run, &run->now, &run->was);
  } else {
    rule_ask(run, RULE_ON_TREE, &run->now, &run->was);
  }
  for (size_t i = 0; i < run->was.tree->count; i++) {
    const rule_file *row = newer_of(run, memory, i);
    if (is_passed_by(run, row)) continue;
    const stele_file *was = run->was.tree->files[i].file;
    const stele_file *now = row ? row->file : NULL;
    if (now) rule_ask(run, RULE_ON_FILE, now, was);
    /* In another package the same names are other types. */
    if (now && !stele_str_eq(now->package, was->package)) now = NULL;
    walk_messages(run, was->messages, was->message_count, now ? now->messages : NULL,
                  now ? now->message_count : 0);
    walk_enums(run, was->enums, was->enum_count, now ? now->enums : NULL,
               now ? now->enum_count : 0);
    walk_services(run, was, now);
  }
  pair_extensions(run, memory);
  if (known) rule_known_end(known);
  if (run->was.known) rule_known_end(run->was.known);
}
