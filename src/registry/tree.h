/* tree: an ordered table that many may read while one makes the next edition.
 *
 * In:   items, each with a key of bytes.   Out: lookup, ranges in order.
 * A tree is a value: copying it (tree_ref) shares all nodes, and an edit copies
 * only the nodes between the root and the place it changes, unless nobody else
 * holds them. So a snapshot is one pointer, and a change costs O(log n).
 * Memory: items and nodes are counted; what the last tree drops is freed.
 * Threads: readers as they like; a tree value is edited by one thread.
 * Deps: base. */
#ifndef STELE_REGISTRY_TREE_H
#define STELE_REGISTRY_TREE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stele/str.h"

/* What a tree must know of its items. Keys are compared as unsigned bytes, a
 * prefix before the longer key; the key belongs to the item and never changes. */
typedef struct tree_kind {
  stele_str (*key)(const void *item);
  void (*ref)(void *item);
  void (*unref)(void *item);
} tree_kind;

typedef struct tree_node tree_node;

/* All zero is the empty tree. */
typedef struct tree {
  tree_node *root;
  size_t count;
} tree;

/* A second holder of the same nodes. */
tree tree_ref(const tree *t);

/* Drops everything this tree alone holds, and leaves it empty. */
void tree_release(const tree_kind *kind, tree *t);

/* The item of that key, borrowed, or NULL. Cost: O(log n). */
void *tree_find(const tree_kind *kind, const tree *t, stele_str key);

/* Puts an item in the place of its key, in addition or instead; the tree takes
 * over the caller's reference. */
void tree_put(const tree_kind *kind, tree *t, void *item);

/* Takes the item of that key out; false when there is none. */
bool tree_remove(const tree_kind *kind, tree *t, stele_str key);

/* A place in a tree, for walking in order. It holds as long as the tree. */
enum { TREE_MOST_LEVELS = 16 };
typedef struct tree_cursor {
  const tree_node *path[TREE_MOST_LEVELS];
  unsigned at[TREE_MOST_LEVELS];
  unsigned levels; /* 0: at the end */
} tree_cursor;

/* At the first item whose key is not less than `from`. */
tree_cursor tree_seek(const tree_kind *kind, const tree *t, stele_str from);

/* The item at the cursor, which then moves on; NULL at the end. */
void *tree_next(tree_cursor *cursor);

/* The first item whose key starts with `prefix`, or NULL. */
void *tree_first_with(const tree_kind *kind, const tree *t, stele_str prefix);

/* The item with the greatest key, or NULL. */
void *tree_last(const tree *t);

/* True when `key` starts with `prefix`. */
bool tree_key_has_prefix(stele_str key, stele_str prefix);

/* Heap memory for long-lived things, zeroed and never NULL: a registry without
 * memory for what is already stored ends, and comes back by loading it. */
void *registry_alloc(size_t size);

#endif
