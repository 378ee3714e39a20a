/* Maps keep their order; interned names keep their numbers. */
#include "base/map.h"

#include "base/intern.h"
#include "harness/test.h"

static void test_map_finds_in_order(stele_test *t) {
  stele_map map;
  stele_map_init(&map, t->arena, 42);
  static int values[5000];
  for (size_t i = 0; i < STELE_COUNT(values); i++) {
    *stele_map_add(&map, stele_str_printf(t->arena, "key%zu", i)) = &values[i];
  }
  t_eq_int(t, map.count, STELE_COUNT(values));
  for (size_t i = 0; i < STELE_COUNT(values); i++) {
    stele_str key = stele_str_printf(t->arena, "key%zu", i);
    t_true(t, stele_map_find(&map, key) == &values[i]);
    t_eq_str(t, map.entries[i].key.str, key);
  }
  t_true(t, stele_map_find(&map, STELE_STR("key")) == NULL);
  t_true(t, *stele_map_add(&map, STELE_STR("key7")) == &values[7]);
}

static void test_map_of_numbers(stele_test *t) {
  stele_map map;
  stele_map_init(&map, t->arena, 0);
  int value = 0;
  for (uint64_t i = 0; i < 1000; i++) *stele_map_add_u64(&map, i << 32) = &value;
  for (uint64_t i = 0; i < 1000; i++) t_true(t, stele_map_find_u64(&map, i << 32) == &value);
  t_true(t, stele_map_find_u64(&map, 1) == NULL);
}

static void test_intern(stele_test *t) {
  static const stele_str fixed[] = {STELE_STR_INIT("message"), STELE_STR_INIT("enum")};
  stele_interner *in = stele_interner_new(t->arena, fixed, STELE_COUNT(fixed));
  t_eq_int(t, stele_intern(in, STELE_STR("message")), 1);
  t_eq_int(t, stele_intern(in, STELE_STR("enum")), 2);
  for (size_t i = 0; i < 5000; i++) {
    stele_sym sym = stele_intern(in, stele_str_printf(t->arena, "a_rather_long_name_%zu", i));
    t_eq_int(t, sym, i + 3);
  }
  for (size_t i = 0; i < 5000; i++) {
    stele_str name = stele_str_printf(t->arena, "a_rather_long_name_%zu", i);
    t_eq_int(t, stele_intern_find(in, name), i + 3);
    t_eq_str(t, stele_sym_str(in, (stele_sym)i + 3), name);
  }
  t_eq_int(t, stele_intern_find(in, STELE_STR("none")), 0);
}

/* The first and the last eight bytes are compared as words, what is between as bytes:
 * names of every length that differ in one byte, wherever it is. */
static void test_intern_tells_each_byte(stele_test *t) {
  enum { LONGEST = 40 };
  stele_interner *in = stele_interner_new(t->arena, NULL, 0);
  char text[LONGEST];
  for (size_t len = 0; len <= LONGEST; len++) {
    memset(text, 'a', sizeof text);
    stele_str name = {text, len};
    stele_sym plain = stele_intern(in, name);
    t_eq_int(t, plain, stele_intern_count(in));
    for (size_t i = 0; i < len; i++) {
      text[i] = 'b';
      stele_sym other = stele_intern(in, name);
      t_eq_int(t, other, stele_intern_count(in));
      t_eq_int(t, stele_intern_find(in, name), other);
      t_eq_str(t, stele_sym_str(in, other), name);
      text[i] = 'a';
    }
    t_eq_int(t, stele_intern_find(in, name), plain);
    t_eq_int(t, *stele_sym_derived(in, plain), 0);
  }
}

TEST_MAIN(test_map_finds_in_order, test_map_of_numbers, test_intern, test_intern_tells_each_byte)
