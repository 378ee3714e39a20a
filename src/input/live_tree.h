/* input/live_tree: the tree of one module, kept in order while its files change.
 *
 * In:   which files are others now.   Out: the targets that are linked and all that
 *       they import, by import path: what input_open would have made of them.
 * Imports are counted, so that a step costs what changed and no more.
 * Deps: input/input.h, stele/workspace.h. */
#ifndef STELE_INPUT_LIVE_TREE_H
#define STELE_INPUT_LIVE_TREE_H

#include "input/input_internal.h"

typedef struct live_tree {
  stele_arena *arena;
  const input_workspace *workspace;
  const input_place *place;
  size_t module;
  stele_map rows; /* import path -> live_row */
  input_tree tree;
  size_t room;                                       /* of tree.files */
  STELE_VEC(struct live_row *) queue, touched, come; /* while it changes */
  STELE_VEC(input_file *) gone;
} live_tree;

/* Empty. Memory: in `arena`, which `workspace` lies in too. */
void live_tree_init(live_tree *tree, stele_arena *arena, const input_workspace *workspace,
                    const input_place *place, size_t module);

/* `file` is what the path is linked as from now on; NULL: it is gone, or has errors. What
 * it was linked as before must be there still. Any number of these, and then the end. */
void live_tree_set(live_tree *tree, stele_str path, const stele_file *file);
void live_tree_end(live_tree *tree);

#endif
