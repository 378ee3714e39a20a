/* Each path has a row. Rows that stand in the tree (targets that are linked, and what is
 * imported by rows that stand there) have counted their imports once; when a row changes,
 * what it counted is taken back, and what it imports now is counted. */
#include "input/live_tree.h"

#include <stdlib.h>

#include "base/hash.h"
#include "proto/schema/schema.h"

typedef struct live_row {
  input_file shown;           /* `file`: what it is linked as */
  const stele_file *standing; /* as which it stands in the tree; its imports are counted */
  stele_str name;
  uint32_t importers; /* that stand in the tree */
  bool is_queued, is_touched;
  bool is_listed; /* among the tree's files, which follow at the end */
} live_row;

void live_tree_init(live_tree *tree, stele_arena *arena, const input_workspace *workspace,
                    const input_place *place, size_t module) {
  const input_module *row = &workspace->modules.at[module];
  *tree = (live_tree){.arena = arena,
                      .workspace = workspace,
                      .place = place,
                      .module = module,
                      .tree = {.dir = row->dir, .config = row->config, .version = row->version}};
  stele_map_init(&tree->rows, arena, 0);
}

static live_row *row_of(live_tree *tree, stele_str name) {
  live_row *row = stele_map_find(&tree->rows, name);
  if (row) return row;
  const input_source *source = stele_map_find(&tree->workspace->by_name, name);
  row = STELE_NEW(tree->arena, live_row);
  row->name = stele_str_copy(tree->arena, name);
  *stele_map_add(&tree->rows, row->name) = row;
  row->shown = (input_file){.shown = row->name, .is_import = true};
  if (!source) return row;
  row->shown.source = source->path;
  row->shown.shown = input_place_show(tree->arena, tree->place, source->path);
  row->shown.is_import = !source->is_target || source->module != tree->module;
  return row;
}

static void ask(live_tree *tree, live_row *row) {
  if (row->is_queued) return;
  row->is_queued = true;
  STELE_VEC_PUSH(tree->arena, &tree->queue, row);
}

void live_tree_set(live_tree *tree, stele_str path, const stele_file *file) {
  live_row *row = row_of(tree, path);
  row->shown.file = file;
  ask(tree, row);
}

static void count_imports(live_tree *tree, const stele_file *file, uint32_t by) {
  for (uint32_t i = 0; file && i < file->import_count; i++) {
    if (!file->imports[i].file) continue;
    live_row *import = row_of(tree, file->imports[i].file->name);
    import->importers += by;
    ask(tree, import);
  }
}

static void settle(live_tree *tree, live_row *row) {
  bool is_wanted = !row->shown.is_import || row->importers > 0;
  const stele_file *file = is_wanted ? row->shown.file : NULL;
  const stele_file *before = row->standing;
  row->is_queued = false;
  if (before == file) return;
  row->standing = file;
  if (!row->is_touched) STELE_VEC_PUSH(tree->arena, &tree->touched, row);
  row->is_touched = true;
  count_imports(tree, file, 1);
  count_imports(tree, before, UINT32_MAX); /* minus one */
}

/* ---- the files, in order --------------------------------------------------- */

static input_file *place_of(const live_tree *tree, const live_row *row) {
  return (input_file *)(uintptr_t)input_tree_find(&tree->tree, row->name);
}

static void add_to_shape(live_tree *tree, const live_row *row) {
  uint64_t own = stele_hash_str(row->name, row->shown.is_import);
  tree->tree.shape += row->is_listed ? own : 0 - own;
}

/* The places of those that go are found while all names are there, and emptied then. */
static void take_gone(live_tree *tree) {
  size_t kept = 0;
  for (size_t i = 0; i < tree->gone.count; i++) tree->gone.at[i]->file = NULL;
  for (size_t i = 0; i < tree->tree.count; i++) {
    if (tree->tree.files[i].file) tree->tree.files[kept++] = tree->tree.files[i];
  }
  tree->tree.count = kept;
}

static int by_name(const void *a, const void *b) {
  return stele_str_order((*(live_row *const *)a)->name, (*(live_row *const *)b)->name);
}

/* Merged from the end, in place. */
static void take_come(live_tree *tree) {
  size_t left = tree->tree.count, more = tree->come.count;
  qsort(tree->come.at, more, sizeof *tree->come.at, by_name);
  if (left + more > tree->room) {
    size_t room = 2 * (left + more);
    tree->tree.files = stele_arena_grow(tree->arena, tree->tree.files, left * sizeof(input_file),
                                        room * sizeof(input_file), _Alignof(input_file));
    tree->room = room;
  }
  input_file *files = tree->tree.files;
  tree->tree.count = left + more;
  for (size_t to = left + more; more > 0; to--) {
    const live_row *row = tree->come.at[more - 1];
    bool is_behind = left == 0 || stele_str_order(files[left - 1].file->name, row->name) < 0;
    files[to - 1] = is_behind ? row->shown : files[left - 1];
    more -= is_behind;
    left -= !is_behind;
  }
}

void live_tree_end(live_tree *tree) {
  tree->touched.count = tree->come.count = tree->gone.count = 0;
  for (size_t i = 0; i < tree->queue.count; i++) settle(tree, tree->queue.at[i]);
  tree->queue.count = 0;
  for (size_t i = 0; i < tree->touched.count; i++) {
    live_row *row = tree->touched.at[i];
    bool was_listed = row->is_listed;
    row->is_touched = false;
    row->is_listed = row->standing != NULL;
    if (was_listed != row->is_listed) add_to_shape(tree, row);
    if (!was_listed && row->is_listed) STELE_VEC_PUSH(tree->arena, &tree->come, row);
    if (was_listed && !row->is_listed) {
      STELE_VEC_PUSH(tree->arena, &tree->gone, place_of(tree, row));
    }
    if (was_listed && row->is_listed) place_of(tree, row)->file = row->standing;
  }
  if (tree->gone.count) take_gone(tree);
  if (tree->come.count) take_come(tree);
}
