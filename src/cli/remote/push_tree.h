/* cli/push_tree: a tree of files on its way to the registry, and the answer.
 * What `push` and `check` share.
 * Deps: cli/remote.h, archive/archive.h. */
#ifndef STELE_CLI_PUSH_TREE_H
#define STELE_CLI_PUSH_TREE_H

#include "base/vec.h"
#include "cli/remote/remote.h"

typedef struct push_tree {
  cli_args *args;
  STELE_VEC(stele_str) names; /* import paths */
  STELE_VEC(stele_bytes) contents;
  STELE_VEC(stele_str) removed;
  stele_str base_release, key, commit;
  bool dry_run;
} push_tree;

/* Adds all .proto files below a folder, named relative to it. False: printed. */
bool push_tree_add_dir(push_tree *tree, stele_str dir) STELE_MUST_USE;

/* Adds one file under a name. False: printed. */
bool push_tree_add_file(push_tree *tree, stele_str path, stele_str name) STELE_MUST_USE;

/* Sends it, and prints what came of it. */
cli_exit push_tree_send(push_tree *tree);

#endif
