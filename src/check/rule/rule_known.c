/* Texts of the tree die with its files, so all that is kept is copied. The memory is its
 * own: running out of it ends the process. */
#include "base/guard.h"
#include "check/rule/rule_memory_internal.h"

/* ---- the files -------------------------------------------------------------- */

rule_known *rule_known_of(const rule_tree *tree) {
  return tree->memory && tree->shape ? &tree->memory->known : NULL;
}

void rule_known_drop(rule_known *known) {
  for (size_t i = 0; i < known->rule_count; i++) stele_arena_free(known->rules[i].arena);
  stele_arena_free(known->arena);
  *known = (rule_known){0};
}

static void mark_dirty(rule_known *known, uint32_t index) {
  if (known->files[index].is_dirty) return;
  known->files[index].is_dirty = true;
  STELE_VEC_PUSH(known->arena, &known->dirty, index);
}

void rule_known_forget(rule_known *known, stele_str path) {
  uintptr_t index = known->arena ? (uintptr_t)stele_map_find(&known->paths, path) : 0;
  if (index) mark_dirty(known, (uint32_t)(index - 1));
}

void rule_known_relink(rule_known *known, stele_str path) {
  uintptr_t index = known->arena ? (uintptr_t)stele_map_find(&known->paths, path) : 0;
  if (!index || known->files[index - 1].is_relinked) return;
  known->files[index - 1].is_relinked = true;
  STELE_VEC_PUSH(known->arena, &known->relinked, (uint32_t)(index - 1));
}

static void learn(rule_known *known, const rule_tree *tree) {
  stele_arena *arena = known->arena;
  known->shape = tree->shape;
  known->count = tree->count;
  known->files = STELE_NEW_ARRAY(arena, rule_known_file, tree->count);
  known->rules = STELE_NEW_ARRAY(arena, rule_known_rule, known->rule_count);
  stele_map_init(&known->paths, arena, (uintptr_t)arena);
  for (size_t i = 0; i < tree->count; i++) {
    const stele_file *file = tree->files[i].file;
    rule_known_file *row = &known->files[i];
    row->package = stele_str_copy(arena, file->package);
    row->facts = STELE_NEW_ARRAY(arena, uint64_t, known->rule_count);
    *stele_map_add(&known->paths, stele_str_copy(arena, file->name)) = (void *)(uintptr_t)(i + 1);
    mark_dirty(known, (uint32_t)i);
  }
}

void rule_known_begin(rule_known *known, const rule_run *run, const rule_tree *tree) {
  size_t rule_count = run->selection->by_element[RULE_ON_TREE].count;
  bool is_same = known->arena && !known->is_running && known->shape == tree->shape &&
                 known->count == tree->count && known->rule_count == rule_count;
  if (!is_same) {
    rule_known_drop(known);
    known->rule_count = rule_count;
    known->arena = stele_arena_new(0);
    if (!known->arena) stele_guard_leave(run->arena, STELE_NO_MEMORY, "no memory for a tree");
    learn(known, tree);
  }
  known->is_running = true;
  for (size_t i = 0; i < known->last_dirty.count; i++) {
    known->files[known->last_dirty.at[i]].was_dirty = false;
  }
  known->last_dirty.count = 0;
}

void rule_known_end(rule_known *known) {
  for (size_t i = 0; i < known->dirty.count; i++) {
    known->files[known->dirty.at[i]].is_dirty = false;
    known->files[known->dirty.at[i]].was_dirty = true;
    STELE_VEC_PUSH(known->arena, &known->last_dirty, known->dirty.at[i]);
  }
  for (size_t i = 0; i < known->relinked.count; i++) {
    known->files[known->relinked.at[i]].is_relinked = false;
  }
  known->dirty.count = known->relinked.count = 0;
  known->is_running = false;
}

/* ---- the tree --------------------------------------------------------------- */

/* Would the rule find the same, at the same spots? */
static bool is_at_rest(const rule_known *known, rule_run *run, const rule_tree *tree, size_t at) {
  rule_known_rule *kept = &known->rules[at];
  const rule *row = run->selection->by_element[RULE_ON_TREE].at[at];
  bool at_rest = kept->is_known && kept->rule == row;
  run->rule = row;
  for (size_t i = 0; i < known->dirty.count; i++) {
    uint32_t index = known->dirty.at[i];
    const stele_file *file = tree->files[index].file;
    uint64_t facts = row->facts ? row->facts(run, file) : RULE_FACTS_ANY;
    uint64_t *before = &known->files[index].facts[at];
    if (facts == RULE_FACTS_ANY || facts != *before) at_rest = false;
    if (at_rest && stele_map_find(&kept->deep, file->name)) at_rest = false;
    *before = facts;
  }
  return at_rest;
}

static stele_str copy(stele_arena *arena, stele_str text) {
  return text.len ? stele_str_copy(arena, text) : (stele_str){"", 0};
}

void rule_known_keep(rule_known_rule *kept, rule_spot at, const rule_finding *finding,
                     bool is_ignored) {
  stele_arena *arena = kept->arena;
  rule_known_finding *own = STELE_VEC_ADD(arena, &kept->findings);
  *own = (rule_known_finding){.finding = *finding, .is_ignored = is_ignored};
  if (at.file) own->finding.at.path = at.file->name;
  stele_str *texts[] = {&own->finding.message, &own->finding.hint, &own->finding.at.path,
                        &own->finding.against.path};
  for (size_t i = 0; i < STELE_COUNT(texts); i++) *texts[i] = copy(arena, *texts[i]);
  if (!at.file || rule_spot_by_steps(at, &own->spot)) return;
  *stele_map_add(&kept->deep, own->finding.at.path) = kept;
}

static void ask_one(rule_known_rule *kept, rule_run *run, const rule *row, const void *element,
                    const void *against) {
  stele_arena_free(kept->arena);
  *kept = (rule_known_rule){.rule = row, .arena = stele_arena_new(0)};
  if (!kept->arena) stele_guard_leave(run->arena, STELE_NO_MEMORY, "no memory for a rule");
  stele_map_init(&kept->deep, kept->arena, (uintptr_t)kept->arena);
  run->rule = row;
  run->keeping = kept;
  row->check(run, element, against);
  run->keeping = NULL;
  kept->is_known = true;
}

/* Finds again what was found in dirty files, where it is now. */
static void place_again(rule_known *known, rule_known_rule *kept, rule_run *run) {
  run->rule = kept->rule;
  for (size_t i = 0; i < kept->findings.count; i++) {
    rule_known_finding *f = &kept->findings.at[i];
    const rule_file *row = NULL;
    if (f->finding.at.path.len) row = rule_side_file(&run->now, f->finding.at.path);
    if (!row || !known->files[row - run->now.tree->files].is_dirty) continue;
    f->spot.file = row->file;
    stele_str path = f->finding.at.path;
    f->is_ignored = !rule_locate(run, f->spot, &f->finding.at);
    f->finding.at.path = path;
  }
}

static void tell_kept(const rule_known *known, const rule_known_rule *kept, rule_run *run,
                      bool all) {
  for (size_t i = 0; i < kept->findings.count; i++) {
    const rule_known_finding *f = &kept->findings.at[i];
    const rule_file *row = NULL;
    if (!all && f->finding.at.path.len) row = rule_side_file(&run->now, f->finding.at.path);
    bool is_told = all || (row && known->files[row - run->now.tree->files].is_dirty);
    if (is_told && !f->is_ignored) STELE_VEC_PUSH(run->arena, &run->findings, f->finding);
  }
}

void rule_known_ask_tree(rule_known *known, rule_run *run, const void *element,
                         const void *against) {
  const rule_rows *rows = &run->selection->by_element[RULE_ON_TREE];
  known->is_tree_at_rest = true;
  for (size_t i = 0; i < rows->count; i++) {
    known->rules[i].is_changed = !is_at_rest(known, run, run->now.tree, i);
    if (known->rules[i].is_changed) known->is_tree_at_rest = false;
  }
  for (size_t i = 0; i < rows->count; i++) {
    rule_known_rule *kept = &known->rules[i];
    if (kept->is_changed) {
      ask_one(kept, run, rows->at[i], element, against);
    } else {
      place_again(known, kept, run);
      tell_kept(known, kept, run, !known->is_tree_at_rest);
    }
  }
}

/* ---- packages and folders ----------------------------------------------------- */

static rule_known_group *group_of(rule_known *known, stele_map *groups, stele_str name) {
  rule_known_group *group = stele_map_find(groups, name);
  if (group) return group;
  group = STELE_NEW(known->arena, rule_known_group);
  group->group.name = stele_str_copy(known->arena, name);
  *stele_map_add(groups, group->group.name) = group;
  return group;
}

static void touch(rule_known_group *group) {
  if (group) group->is_touched = true;
}

/* In order of their indexes. */
static void join(rule_known *known, rule_known_group *group, uint32_t index) {
  rule_group *of = &group->group;
  STELE_VEC_PUSH(known->arena, &of->files, index);
  for (size_t i = of->files.count - 1; i > 0 && of->files.at[i - 1] > index; i--) {
    of->files.at[i] = of->files.at[i - 1];
    of->files.at[i - 1] = index;
  }
  touch(group);
}

static void part(rule_known_group *group, uint32_t index) {
  size_t kept = 0;
  for (size_t i = 0; group && i < group->group.files.count; i++) {
    if (group->group.files.at[i] != index) group->group.files.at[kept++] = group->group.files.at[i];
  }
  if (group) group->group.files.count = kept;
  touch(group);
}

static void put(rule_known *known, const rule_tree *tree, uint32_t index) {
  const stele_file *file = tree->files[index].file;
  rule_known_file *row = &known->files[index];
  if (tree->files[index].is_import) return;
  if (!row->folder_group) {
    row->folder_group = group_of(known, &known->folders, rule_folder(file->name));
    join(known, row->folder_group, index);
  }
  touch(row->folder_group);
  touch(row->package_group);
  if (row->package_group && stele_str_eq(row->package, file->package)) return;
  part(row->package_group, index);
  row->package_group = group_of(known, &known->packages, file->package);
  if (!stele_str_eq(row->package, file->package)) row->package = row->package_group->group.name;
  join(known, row->package_group, index);
}

static void ask_touched(rule_run *run, rule_on on, const stele_map *groups) {
  if (!rule_is_asked(run, on)) return;
  for (size_t i = 0; i < groups->count; i++) {
    const rule_known_group *group = groups->entries[i].value;
    if (group->is_touched && group->group.files.count) rule_ask(run, on, &group->group, NULL);
  }
}

static void calm(const stele_map *groups) {
  for (size_t i = 0; i < groups->count; i++) {
    ((rule_known_group *)groups->entries[i].value)->is_touched = false;
  }
}

void rule_known_ask_groups(rule_known *known, rule_run *run) {
  if (!known->has_groups) {
    stele_map_init(&known->packages, known->arena, (uintptr_t)known->arena);
    stele_map_init(&known->folders, known->arena, (uintptr_t)known->arena);
    known->has_groups = true;
  }
  calm(&known->packages);
  calm(&known->folders);
  for (size_t i = 0; i < known->dirty.count; i++) put(known, run->now.tree, known->dirty.at[i]);
  ask_touched(run, RULE_ON_PACKAGE, &known->packages);
  ask_touched(run, RULE_ON_FOLDER, &known->folders);
}

static bool is_calm(const rule_known_group *group) {
  return !group || !group->is_touched;
}

bool rule_memory_holds(const rule_memory *memory, size_t index, const rule *row) {
  if (index >= memory->known.count) return false;
  const rule_known_file *file = &memory->known.files[index];
  return is_calm(row->on == RULE_ON_PACKAGE ? file->package_group : file->folder_group);
}

bool rule_memory_is_at_rest(const rule_memory *memory, size_t index) {
  if (index >= memory->known.count) return false;
  const rule_known_file *row = &memory->known.files[index];
  return is_calm(row->package_group) && is_calm(row->folder_group);
}

bool rule_memory_is_at_rest_in_tree(const rule_memory *memory, size_t index) {
  const rule_known *known = &memory->known;
  return known->is_tree_at_rest && index < known->count && !known->files[index].was_dirty;
}

bool rule_memory_is_tree_at_rest(const rule_memory *memory) {
  return memory->known.is_tree_at_rest;
}
