/* harness/test: what cmocka lacks: rows with a label, text that is compared as
 * text, golden folders and the sweep over every failing allocation.
 *
 * A test file is functions `static void test_x(stele_test *t)` and ends with
 * TEST_MAIN(test_x, test_y). Each function has an arena of its own. */
#ifndef STELE_TESTS_HARNESS_TEST_H
#define STELE_TESTS_HARNESS_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct stele_test {
  stele_arena *arena; /* fresh for each function */
  const char *label;  /* of the current row; "" outside rows */
  const char *name;   /* of the function */
} stele_test;

typedef struct test_entry {
  const char *name;
  void (*run)(stele_test *t);
} test_entry;

/* Names the row that follows: failures print it. */
void t_case(stele_test *t, const char *label);
void t_case_n(stele_test *t, const char *label, size_t n);

/* Each fails the test with file, line, label and both values. */
#define t_true(t, condition) t_check((t), (condition), #condition, __FILE__, __LINE__)
#define t_eq_int(t, got, want)                                                                     \
  t_check_int((t), (int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
#define t_eq_str(t, got, want) t_check_str((t), (got), (want), #got, __FILE__, __LINE__)
#define t_ok(t, call, err) t_check_ok((t), (call), (err), #call, __FILE__, __LINE__)

void t_check(stele_test *t, bool ok, const char *what, const char *file, int line);
void t_check_int(stele_test *t, int64_t got, int64_t want, const char *what, const char *file,
                 int line);
void t_check_str(stele_test *t, stele_str got, stele_str want, const char *what, const char *file,
                 int line);
void t_check_ok(stele_test *t, bool ok, const stele_err *err, const char *what, const char *file,
                int line);

/* Runs `fn` again and again, the n-th allocation of a fresh arena failing, for
 * n = 1, 2, … until it succeeds. `fn` must use stele_guard_run and answer
 * false with STELE_NO_MEMORY each time before that. */
void t_each_failure(stele_test *t, bool (*fn)(stele_arena *arena, stele_err *err));

/* A whole file below the source tree, NUL-terminated; fails the test if it
 * cannot be read. */
stele_str t_file(stele_test *t, const char *path);

/* Is there such a file? */
bool t_has_file(stele_test *t, const char *path);

/* The names of the folders in a folder below the source tree, sorted; fails
 * the test when there are none. */
const stele_str *t_folders(stele_test *t, const char *path, size_t *count);

/* Compares `got` with the file `path` below the source tree. With
 * STELE_REFRESH set to a glob that matches `path` the file is written. */
void t_golden(stele_test *t, const char *path, stele_str got);

int t_run(const char *file, const test_entry *entries, size_t count);

#define T_ENTRY(fn) {#fn, fn},
#define T_EACH_1(m, a) m(a)
#define T_EACH_2(m, a, ...) m(a) T_EACH_1(m, __VA_ARGS__)
#define T_EACH_3(m, a, ...) m(a) T_EACH_2(m, __VA_ARGS__)
#define T_EACH_4(m, a, ...) m(a) T_EACH_3(m, __VA_ARGS__)
#define T_EACH_5(m, a, ...) m(a) T_EACH_4(m, __VA_ARGS__)
#define T_EACH_6(m, a, ...) m(a) T_EACH_5(m, __VA_ARGS__)
#define T_EACH_7(m, a, ...) m(a) T_EACH_6(m, __VA_ARGS__)
#define T_EACH_8(m, a, ...) m(a) T_EACH_7(m, __VA_ARGS__)
#define T_EACH_9(m, a, ...) m(a) T_EACH_8(m, __VA_ARGS__)
#define T_EACH_10(m, a, ...) m(a) T_EACH_9(m, __VA_ARGS__)
#define T_EACH_11(m, a, ...) m(a) T_EACH_10(m, __VA_ARGS__)
#define T_EACH_12(m, a, ...) m(a) T_EACH_11(m, __VA_ARGS__)
#define T_EACH_13(m, a, ...) m(a) T_EACH_12(m, __VA_ARGS__)
#define T_EACH_14(m, a, ...) m(a) T_EACH_13(m, __VA_ARGS__)
#define T_EACH_15(m, a, ...) m(a) T_EACH_14(m, __VA_ARGS__)
#define T_EACH_16(m, a, ...) m(a) T_EACH_15(m, __VA_ARGS__)
#define T_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, name, ...)   \
  name
#define T_EACH(m, ...)                                                                             \
  T_PICK(__VA_ARGS__, T_EACH_16, T_EACH_15, T_EACH_14, T_EACH_13, T_EACH_12, T_EACH_11, T_EACH_10, \
         T_EACH_9, T_EACH_8, T_EACH_7, T_EACH_6, T_EACH_5, T_EACH_4, T_EACH_3, T_EACH_2, T_EACH_1, \
         none)                                                                                     \
  (m, __VA_ARGS__)

#define TEST_MAIN(...)                                                                             \
  int main(void) {                                                                                 \
    static const test_entry entries[] = {T_EACH(T_ENTRY, __VA_ARGS__)};                            \
    return t_run(__FILE__, entries, STELE_COUNT(entries));                                         \
  }

#endif
