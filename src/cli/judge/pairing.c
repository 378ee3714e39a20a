/* Modules by their names, folders and files. Trees of one input are in the order of
 * their folders, files of one tree in the order of their import paths. */
#include "cli/judge/pairing.h"

#include <stdlib.h>

#include "base/map.h"
#include "proto/schema/schema.h"

/* ---- the same rules -------------------------------------------------------- */

static bool same_strs(const config_strs *a, const config_strs *b) {
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    if (!stele_str_eq(a->at[i], b->at[i])) return false;
  }
  return true;
}

static bool same_rules(const config_rules *a, const config_rules *b) {
  if (!same_strs(&a->use, &b->use) || !same_strs(&a->except, &b->except)) return false;
  if (!same_strs(&a->ignore, &b->ignore)) return false;
  if (a->ignore_only.count != b->ignore_only.count) return false;
  for (size_t i = 0; i < a->ignore_only.count; i++) {
    if (!stele_str_eq(a->ignore_only.at[i].id, b->ignore_only.at[i].id)) return false;
    if (!same_strs(&a->ignore_only.at[i].paths, &b->ignore_only.at[i].paths)) return false;
  }
  return a->disable_builtin == b->disable_builtin &&
         a->ignore_unstable_packages == b->ignore_unstable_packages;
}

static bool have_same_rules(const input *in) {
  for (size_t i = 1; i < in->count; i++) {
    if (!same_rules(&in->trees[0].config->breaking, &in->trees[i].config->breaking)) return false;
  }
  return true;
}

/* ---- which has become which -------------------------------------------------- */

static bool share_file(const input_tree *a, const input_tree *b) {
  size_t i = 0, j = 0;
  while (i < a->count && j < b->count) {
    int order = stele_str_order(a->files[i].file->name, b->files[j].file->name);
    if (order == 0 && !a->files[i].is_import && !b->files[j].is_import) return true;
    i += order <= 0;
    j += order >= 0;
  }
  return false;
}

static bool same_name(const input_tree *a, const input_tree *b) {
  return a->config->name.len && stele_str_eq(a->config->name, b->config->name);
}

/* Two names that differ are two modules, wherever they lie. */
static bool same_dir(const input_tree *a, const input_tree *b) {
  if (a->config->name.len && b->config->name.len) return false;
  return stele_str_eq(a->dir, b->dir);
}

static bool any_two(const input_tree *a, const input_tree *b) {
  (void)a, (void)b;
  return true;
}

/* become[j] is the index of the tree of `now` that tree j of `was` has become, taken
 * once; SIZE_MAX: none. Each kind of likeness goes before the next for all of them. */
static void match(const input *now, const input *was,
                  bool (*const *alike)(const input_tree *, const input_tree *), size_t kinds,
                  bool *taken, size_t *become) {
  for (size_t j = 0; j < was->count; j++) become[j] = SIZE_MAX;
  for (size_t k = 0; k < kinds; k++) {
    for (size_t i = 0; i < now->count; i++) {
      for (size_t j = 0; j < was->count && !taken[i]; j++) {
        if (become[j] != SIZE_MAX || !alike[k](&now->trees[i], &was->trees[j])) continue;
        become[j] = i;
        taken[i] = true;
      }
    }
  }
}

/* ---- older files, one by one --------------------------------------------------- */

typedef struct sharing {
  stele_arena *arena;
  const input *now, *was;
  const size_t *become;
  stele_map homes;    /* import path of a file that is meant now -> tree of `now` */
  stele_map packages; /* package of one -> the first tree that has it */
  stele_map owners;   /* import path of an older file -> input_file */
} sharing;

static void take_homes(sharing *s) {
  stele_map_init(&s->homes, s->arena, 0);
  stele_map_init(&s->packages, s->arena, 0);
  stele_map_init(&s->owners, s->arena, 0);
  for (size_t i = 0; i < s->now->count; i++) {
    const input_tree *tree = &s->now->trees[i];
    for (size_t f = 0; f < tree->count; f++) {
      if (tree->files[f].is_import) continue;
      *stele_map_add(&s->homes, tree->files[f].file->name) = (void *)(uintptr_t)tree;
      void **package = stele_map_add(&s->packages, tree->files[f].file->package);
      if (!*package) *package = (void *)(uintptr_t)tree;
    }
  }
  for (size_t j = 0; j < s->was->count; j++) {
    const input_tree *tree = &s->was->trees[j];
    for (size_t f = 0; f < tree->count; f++) {
      void **place = stele_map_add(&s->owners, tree->files[f].file->name);
      if (!*place || !tree->files[f].is_import) *place = &tree->files[f];
    }
  }
}

static const input_tree *home_of(const sharing *s, const input_file *file, size_t tree) {
  const input_tree *home = stele_map_find(&s->homes, file->file->name);
  if (home) return home;
  if (s->become[tree] != SIZE_MAX && !s->was->is_image) return &s->now->trees[s->become[tree]];
  home = stele_map_find(&s->packages, file->file->package);
  return home ? home : &s->now->trees[0];
}

typedef STELE_VEC(input_file) file_vec;

/* What the files of the list import, to the end of it. */
static void add_imports(const sharing *s, stele_map *seen, file_vec *files) {
  for (size_t i = 0; i < files->count; i++) {
    const stele_file *file = files->at[i].file;
    for (uint32_t k = 0; k < file->import_count; k++) {
      const input_file *row = stele_map_find(&s->owners, file->imports[k].path);
      void **place = row ? stele_map_add(seen, row->file->name) : NULL;
      if (!place || *place) continue;
      *place = seen;
      STELE_VEC_PUSH(s->arena, files, *row);
      files->at[files->count - 1].is_import = true;
    }
  }
}

static int by_name(const void *a, const void *b) {
  const input_file *x = a, *y = b;
  return stele_str_order(x->file->name, y->file->name);
}

static const input_tree *share_of(const sharing *s, const input_tree *now) {
  input_tree *out = STELE_NEW(s->arena, input_tree);
  stele_map seen;
  file_vec files = {0};
  stele_map_init(&seen, s->arena, 0);
  *out = s->was->trees[0];
  for (size_t j = 0; j < s->was->count; j++) {
    const input_tree *tree = &s->was->trees[j];
    for (size_t f = 0; f < tree->count; f++) {
      if (tree->files[f].is_import || home_of(s, &tree->files[f], j) != now) continue;
      STELE_VEC_PUSH(s->arena, &files, tree->files[f]);
      *stele_map_add(&seen, tree->files[f].file->name) = &seen;
    }
  }
  add_imports(s, &seen, &files);
  if (files.count) qsort(files.at, files.count, sizeof *files.at, by_name);
  out->files = files.at;
  out->count = files.count;
  return out;
}

/* ---- pairs ----------------------------------------------------------------------- */

static void add_pair(pairing *out, const input_tree *now, const input_tree *was) {
  out->now[out->count] = now;
  out->was[out->count++] = was;
}

/* Tree by tree, in the order of this state's. False: some older one has no partner. */
static bool pair_trees(const input *now, const input *was, const size_t *become, pairing *out) {
  for (size_t j = 0; j < was->count; j++) {
    if (become[j] == SIZE_MAX) return false;
  }
  for (size_t i = 0; i < now->count; i++) {
    for (size_t j = 0; j < was->count; j++) {
      if (become[j] == i) add_pair(out, &now->trees[i], &was->trees[j]);
    }
  }
  return true;
}

pairing pairing_find(stele_arena *arena, const input *now, const input *was) {
  static bool (*const alike[])(const input_tree *, const input_tree *) = {
      same_name, same_dir, share_file, any_two, /* the last where the numbers are equal */
  };
  static bool (*const sharing_file[])(const input_tree *, const input_tree *) = {share_file};
  pairing out = {STELE_NEW_ARRAY(arena, const input_tree *, now->count + 1),
                 STELE_NEW_ARRAY(arena, const input_tree *, now->count + 1), 0, false};
  bool *taken = STELE_NEW_ARRAY(arena, bool, now->count + 1);
  size_t *become = STELE_NEW_ARRAY(arena, size_t, was->count + 1);
  if (now->count == was->count) {
    match(now, was, alike, STELE_COUNT(alike), taken, become);
    (void)pair_trees(now, was, become, &out);
    return out;
  }
  if (now->count > was->count && !was->is_image && have_same_rules(now)) {
    match(now, was, sharing_file, STELE_COUNT(sharing_file), taken, become);
    if (pair_trees(now, was, become, &out)) return out;
    memset(taken, 0, now->count * sizeof *taken);
  }
  match(now, was, alike, STELE_COUNT(alike) - 1, taken, become);
  sharing s = {.arena = arena, .now = now, .was = was, .become = become};
  take_homes(&s);
  out.is_shared = true;
  for (size_t i = 0; i < now->count; i++) {
    add_pair(&out, &now->trees[i], share_of(&s, &now->trees[i]));
  }
  return out;
}
