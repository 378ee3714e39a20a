/* The tree against a sorted array: whatever is put and removed, every edition
 * stays what it was when it was taken. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/test.h"
#include "registry/tree.h"

typedef struct item {
  int holders;
  size_t len;
  char key[24];
} item;

static stele_str item_key(const void *it) {
  const item *i = it;
  return (stele_str){i->key, i->len};
}
static void item_ref(void *it) {
  ((item *)it)->holders++;
}
static void item_unref(void *it) {
  item *i = it;
  if (--i->holders == 0) free(i);
}
static const tree_kind kind = {item_key, item_ref, item_unref};

static item *new_item(stele_str key) {
  item *i = calloc(1, sizeof *i);
  i->holders = 1;
  i->len = key.len;
  memcpy(i->key, key.ptr, key.len);
  return i;
}

static stele_str number_key(char buffer[24], const char *prefix, unsigned n) {
  int len = snprintf(buffer, 24, "%s%05u", prefix, n);
  return (stele_str){buffer, (size_t)len};
}

enum { SPACE = 400 };

static void check_same(stele_test *t, const tree *got, const bool *want, const char *prefix) {
  size_t count = 0;
  tree_cursor c = tree_seek(&kind, got, STELE_STR(""));
  for (unsigned n = 0; n < SPACE; n++) {
    char buffer[24];
    stele_str key = number_key(buffer, prefix, n);
    t_true(t, (tree_find(&kind, got, key) != NULL) == want[n]);
    if (!want[n]) continue;
    count++;
    const item *next = tree_next(&c);
    t_true(t, next != NULL);
    if (next) t_eq_str(t, item_key(next), key);
  }
  t_true(t, tree_next(&c) == NULL);
  t_eq_int(t, got->count, count);
}

/* A small generator: the same order every time. */
static unsigned next_random(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(*state >> 33);
}

static void one_life(stele_test *t, const char *prefix, unsigned steps) {
  enum { EDITIONS = 8 };
  tree now = {0}, kept[EDITIONS] = {0};
  bool have[SPACE] = {0}, had[EDITIONS][SPACE] = {0};
  uint64_t state = steps;
  for (unsigned step = 0; step < steps; step++) {
    char buffer[24];
    unsigned n = next_random(&state) % SPACE;
    stele_str key = number_key(buffer, prefix, n);
    if (next_random(&state) % 3) {
      tree_put(&kind, &now, new_item(key));
      have[n] = true;
    } else {
      t_true(t, tree_remove(&kind, &now, key) == have[n]);
      have[n] = false;
    }
    if (step % (steps / EDITIONS) == 0 && step / (steps / EDITIONS) < EDITIONS) {
      unsigned e = step / (steps / EDITIONS);
      kept[e] = tree_ref(&now);
      memcpy(had[e], have, sizeof have);
    }
  }
  check_same(t, &now, have, prefix);
  tree_release(&kind, &now);
  for (unsigned e = 0; e < EDITIONS; e++) {
    check_same(t, &kept[e], had[e], prefix);
    tree_release(&kind, &kept[e]);
  }
}

static void test_editions(stele_test *t) {
  t_case(t, "keys that differ in the first eight bytes");
  one_life(t, "", 4000);
  t_case(t, "keys that share more than eight bytes");
  one_life(t, "trading/orders", 4000);
}

static void test_ascending(stele_test *t) {
  tree now = {0};
  bool have[SPACE];
  for (unsigned n = 0; n < SPACE; n++) {
    char buffer[24];
    tree_put(&kind, &now, new_item(number_key(buffer, "id", n)));
    have[n] = true;
  }
  check_same(t, &now, have, "id");
  for (unsigned n = 0; n < SPACE; n++) {
    char buffer[24];
    t_true(t, tree_remove(&kind, &now, number_key(buffer, "id", n)));
  }
  t_true(t, now.root == NULL);
}

static void test_order_and_ranges(stele_test *t) {
  static const char *const keys[] = {"", "a", "a\x01", "aaaaaaaa", "aaaaaaaab", "aaaaaaab", "b"};
  tree now = {0};
  for (size_t i = STELE_COUNT(keys); i-- > 0;) {
    tree_put(&kind, &now, new_item(stele_cstr(keys[i])));
  }
  tree_cursor c = tree_seek(&kind, &now, STELE_STR(""));
  for (size_t i = 0; i < STELE_COUNT(keys); i++) {
    t_eq_str(t, item_key(tree_next(&c)), stele_cstr(keys[i]));
  }
  c = tree_seek(&kind, &now, STELE_STR("aaaaaaaaa"));
  t_eq_str(t, item_key(tree_next(&c)), STELE_STR("aaaaaaaab"));
  c = tree_seek(&kind, &now, STELE_STR("c"));
  t_true(t, tree_next(&c) == NULL);
  t_eq_str(t, item_key(tree_first_with(&kind, &now, STELE_STR("aaaaaaaa"))), STELE_STR("aaaaaaaa"));
  t_true(t, tree_first_with(&kind, &now, STELE_STR("ab")) == NULL);
  t_true(t, tree_remove(&kind, &now, STELE_STR("zz")) == false);
  tree_release(&kind, &now);
}

TEST_MAIN(test_editions, test_ascending, test_order_and_ranges)
