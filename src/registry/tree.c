/* A B+ tree whose nodes are counted.
 *
 * Each entry carries the first eight bytes of its key as a number, so a search
 * looks at an item only when those are equal. An inner entry stands for the
 * smallest key below it.
 *
 * Editing walks down and makes each node on the way its own: a node with one
 * holder is changed in place, a shared one is copied, which makes its children
 * shared and so goes on below. Full nodes split; a node grown at its end splits
 * behind the last entry, so that ascending keys leave full nodes behind. Empty
 * nodes go, thin ones stay: a registry deletes rarely. */
#include "registry/tree.h"

#include <stdio.h>
#include <stdlib.h>

enum { FANOUT = 16 };

struct tree_node {
  _Atomic uint32_t holders;
  uint16_t count;
  bool leaf;
  uint64_t head[FANOUT]; /* first eight bytes of the (smallest) key */
  void *at[FANOUT];      /* items, or nodes */
};

void *registry_alloc(size_t size) {
  void *memory = calloc(1, size);
  if (!memory) {
    fputs("stele: out of memory for the snapshot\n", stderr);
    abort();
  }
  return memory;
}

static uint64_t head_of(stele_str key) {
  uint64_t head = 0;
  for (unsigned i = 0; i < 8; i++) {
    head = head << 8 | (i < key.len ? (uint8_t)key.ptr[i] : 0u);
  }
  return head;
}

bool tree_key_has_prefix(stele_str key, stele_str prefix) {
  return key.len >= prefix.len && (prefix.len == 0 || memcmp(key.ptr, prefix.ptr, prefix.len) == 0);
}

static stele_str smallest_key(const tree_kind *kind, const tree_node *node, unsigned i) {
  const void *entry = node->at[i];
  while (!node->leaf) {
    node = entry;
    entry = node->at[0];
  }
  return kind->key(entry);
}

typedef struct probe {
  stele_str key;
  uint64_t head;
} probe;

static int compare_entry(const tree_kind *kind, const tree_node *node, unsigned i, const probe *p) {
  if (node->head[i] != p->head) return node->head[i] < p->head ? -1 : 1;
  return stele_str_order(smallest_key(kind, node, i), p->key);
}

/* How many entries have a key that is not greater than the probe's; `equal`
 * says that the last of them is the same. */
static unsigned rank(const tree_kind *kind, const tree_node *node, const probe *p, bool *equal) {
  unsigned low = 0, high = node->count;
  *equal = false;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    int order = compare_entry(kind, node, middle, p);
    if (order == 0) {
      *equal = true;
      return middle + 1;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* --- holding ------------------------------------------------------------- */

static void hold(tree_node *node) {
  (void)atomic_fetch_add_explicit(&node->holders, 1, memory_order_relaxed);
}

static void drop(const tree_kind *kind, tree_node *node) {
  if (atomic_fetch_sub_explicit(&node->holders, 1, memory_order_acq_rel) != 1) return;
  for (unsigned i = 0; i < node->count; i++) {
    if (node->leaf) {
      kind->unref(node->at[i]);
    } else {
      drop(kind, node->at[i]);
    }
  }
  free(node);
}

static tree_node *new_node(bool leaf) {
  tree_node *node = registry_alloc(sizeof *node);
  atomic_init(&node->holders, 1);
  node->leaf = leaf;
  return node;
}

/* Makes the node in `*slot` ours alone. */
static tree_node *own(const tree_kind *kind, void **slot) {
  tree_node *node = *slot;
  if (atomic_load_explicit(&node->holders, memory_order_acquire) == 1) return node;
  tree_node *copy = new_node(node->leaf);
  copy->count = node->count;
  memcpy(copy->head, node->head, sizeof copy->head);
  memcpy(copy->at, node->at, sizeof copy->at);
  for (unsigned i = 0; i < copy->count; i++) {
    if (copy->leaf) {
      kind->ref(copy->at[i]);
    } else {
      hold(copy->at[i]);
    }
  }
  drop(kind, node);
  *slot = copy;
  return copy;
}

tree tree_ref(const tree *t) {
  if (t->root) hold(t->root);
  return *t;
}

void tree_release(const tree_kind *kind, tree *t) {
  if (t->root) drop(kind, t->root);
  *t = (tree){0};
}

/* --- reading ------------------------------------------------------------- */

void *tree_find(const tree_kind *kind, const tree *t, stele_str key) {
  probe p = {.key = key, .head = head_of(key)};
  const tree_node *node = t->root;
  while (node) {
    bool equal;
    unsigned count = rank(kind, node, &p, &equal);
    if (count == 0) return NULL;
    if (node->leaf) return equal ? node->at[count - 1] : NULL;
    node = node->at[count - 1];
  }
  return NULL;
}

/* Steps over finished nodes, so that the cursor stands at an item or the end. */
static void settle(tree_cursor *c) {
  while (c->levels && c->at[c->levels - 1] >= c->path[c->levels - 1]->count) {
    c->levels--;
    if (c->levels) c->at[c->levels - 1]++;
  }
  while (c->levels && !c->path[c->levels - 1]->leaf) {
    c->path[c->levels] = c->path[c->levels - 1]->at[c->at[c->levels - 1]];
    c->at[c->levels] = 0;
    c->levels++;
  }
}

tree_cursor tree_seek(const tree_kind *kind, const tree *t, stele_str from) {
  tree_cursor c = {0};
  probe p = {.key = from, .head = head_of(from)};
  const tree_node *node = t->root;
  while (node) {
    bool equal;
    unsigned count = rank(kind, node, &p, &equal);
    c.path[c.levels] = node;
    if (node->leaf) {
      c.at[c.levels++] = equal ? count - 1 : count;
      break;
    }
    c.at[c.levels] = count ? count - 1 : 0;
    node = node->at[c.at[c.levels++]];
  }
  settle(&c);
  return c;
}

void *tree_next(tree_cursor *c) {
  if (!c->levels) return NULL;
  void *item = c->path[c->levels - 1]->at[c->at[c->levels - 1]++];
  settle(c);
  return item;
}

void *tree_first_with(const tree_kind *kind, const tree *t, stele_str prefix) {
  tree_cursor c = tree_seek(kind, t, prefix);
  void *item = tree_next(&c);
  return item && tree_key_has_prefix(kind->key(item), prefix) ? item : NULL;
}

void *tree_last(const tree *t) {
  const tree_node *node = t->root;
  while (node && !node->leaf) node = node->at[node->count - 1];
  return node ? node->at[node->count - 1] : NULL;
}

/* --- editing ------------------------------------------------------------- */

static void insert_at(tree_node *node, unsigned i, uint64_t head, void *entry) {
  memmove(&node->head[i + 1], &node->head[i], (node->count - i) * sizeof node->head[0]);
  memmove(&node->at[i + 1], &node->at[i], (node->count - i) * sizeof node->at[0]);
  node->head[i] = head;
  node->at[i] = entry;
  node->count++;
}

static void remove_at(tree_node *node, unsigned i) {
  node->count--;
  memmove(&node->head[i], &node->head[i + 1], (node->count - i) * sizeof node->head[0]);
  memmove(&node->at[i], &node->at[i + 1], (node->count - i) * sizeof node->at[0]);
}

/* Inserts; when the node is full its upper part goes to a new sibling, which
 * is answered. */
static tree_node *insert(tree_node *node, unsigned i, uint64_t head, void *entry) {
  if (node->count < FANOUT) {
    insert_at(node, i, head, entry);
    return NULL;
  }
  unsigned keep = i == FANOUT ? FANOUT : FANOUT / 2;
  tree_node *upper = new_node(node->leaf);
  upper->count = (uint16_t)(FANOUT - keep);
  memcpy(upper->head, &node->head[keep], upper->count * sizeof upper->head[0]);
  memcpy(upper->at, &node->at[keep], upper->count * sizeof upper->at[0]);
  node->count = (uint16_t)keep;
  if (i < keep) {
    insert_at(node, i, head, entry);
  } else {
    insert_at(upper, i - keep, head, entry);
  }
  return upper;
}

/* Puts below `*slot`; answers the new sibling when that node had to split. */
static tree_node *put(const tree_kind *kind, void **slot, const probe *p, void *item, bool *added) {
  tree_node *node = own(kind, slot);
  bool equal;
  unsigned count = rank(kind, node, p, &equal);
  if (node->leaf) {
    *added = !equal;
    if (!equal) return insert(node, count, p->head, item);
    kind->unref(node->at[count - 1]);
    node->at[count - 1] = item;
    return NULL;
  }
  unsigned i = count ? count - 1 : 0;
  tree_node *upper = put(kind, &node->at[i], p, item, added);
  if (count == 0) node->head[0] = p->head; /* it is the smallest now */
  if (!upper) return NULL;
  return insert(node, i + 1, upper->head[0], upper);
}

void tree_put(const tree_kind *kind, tree *t, void *item) {
  stele_str key = kind->key(item);
  probe p = {.key = key, .head = head_of(key)};
  bool added = false;
  if (!t->root) t->root = new_node(true);
  void *root = t->root;
  tree_node *upper = put(kind, &root, &p, item, &added);
  if (upper) {
    tree_node *lower = root;
    tree_node *top = new_node(false);
    insert_at(top, 0, lower->head[0], lower);
    insert_at(top, 1, upper->head[0], upper);
    root = top;
  }
  t->root = root;
  if (added) t->count++;
}

/* The key is known to be there. */
static void take(const tree_kind *kind, void **slot, const probe *p) {
  tree_node *node = own(kind, slot);
  bool equal;
  unsigned i = rank(kind, node, p, &equal) - 1;
  if (node->leaf) {
    kind->unref(node->at[i]);
    remove_at(node, i);
    return;
  }
  take(kind, &node->at[i], p);
  tree_node *child = node->at[i];
  if (child->count) {
    node->head[i] = child->head[0];
  } else {
    drop(kind, child);
    remove_at(node, i);
  }
}

bool tree_remove(const tree_kind *kind, tree *t, stele_str key) {
  if (!tree_find(kind, t, key)) return false;
  probe p = {.key = key, .head = head_of(key)};
  void *root = t->root;
  take(kind, &root, &p);
  tree_node *top = root;
  while (!top->leaf && top->count == 1) {
    tree_node *only = top->at[0];
    hold(only);
    drop(kind, top);
    top = only;
  }
  t->root = top;
  t->count--;
  if (t->count == 0) tree_release(kind, t);
  return true;
}
