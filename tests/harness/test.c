/* A thin layer over cmocka: it runs the functions and catches the failures;
 * this file adds labels, arenas, files and the failure sweep.
 *
 * Test programs print cmocka's lines; the closing "N passed, N failed" of the
 * whole run is made by scripts/test. */
#include "harness/test.h"

#include <dirent.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/guard.h"
#include "base/vec.h"

enum { MOST_FAILURES = 200000 };

void t_case(stele_test *t, const char *label) {
  t->label = label;
}

void t_case_n(stele_test *t, const char *label, size_t n) {
  t->label = stele_str_printf(t->arena, "%s %zu", label, n).ptr;
}

static _Noreturn void fail_at(stele_test *t, const char *file, int line) {
  print_error("  in %s, row \"%s\"\n", t->name, t->label);
  _fail(file, line);
  abort(); /* cmocka has jumped away */
}

void t_check(stele_test *t, bool ok, const char *what, const char *file, int line) {
  if (ok) return;
  print_error("  not true: %s\n", what);
  fail_at(t, file, line);
}

void t_check_int(stele_test *t, int64_t got, int64_t want, const char *what, const char *file,
                 int line) {
  if (got == want) return;
  print_error("  %s is %" PRId64 ", want %" PRId64 "\n", what, got, want);
  fail_at(t, file, line);
}

void t_check_str(stele_test *t, stele_str got, stele_str want, const char *what, const char *file,
                 int line) {
  if (stele_str_eq(got, want)) return;
  print_error("  %s is\n%.*s\n  want\n%.*s\n", what, STELE_STR_ARG(got), STELE_STR_ARG(want));
  fail_at(t, file, line);
}

void t_check_ok(stele_test *t, bool ok, const stele_err *err, const char *what, const char *file,
                int line) {
  if (ok) return;
  print_error("  %s failed: %s: %s\n", what, stele_code_text(err->code), err->msg);
  fail_at(t, file, line);
}

void t_each_failure(stele_test *t, bool (*fn)(stele_arena *arena, stele_err *err)) {
  for (size_t n = 1; n < MOST_FAILURES; n++) {
    stele_arena *arena = stele_arena_new(0);
    t_true(t, arena != NULL);
    stele_err err = {0};
    stele_arena_fail_after(arena, n);
    bool ok = fn(arena, &err);
    stele_arena_free(arena);
    if (ok) {
      t_true(t, n > 1);
      return;
    }
    t_case_n(t, "with failing allocation", n);
    t_eq_int(t, err.code, STELE_NO_MEMORY);
  }
  t_check(t, false, "it succeeds in the end", __FILE__, __LINE__);
}

static const char *source_path(stele_test *t, const char *path) {
  const char *root = getenv("STELE_SOURCE_ROOT");
  return stele_str_printf(t->arena, "%s/%s", root ? root : ".", path).ptr;
}

stele_str t_file(stele_test *t, const char *path) {
  const char *full = source_path(t, path);
  FILE *file = fopen(full, "rb");
  if (!file) {
    print_error("  cannot read %s\n", full);
    fail_at(t, __FILE__, __LINE__);
  }
  (void)fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = stele_arena_alloc(t->arena, (size_t)size + 1, 1);
  size_t len = fread(text, 1, (size_t)size, file);
  (void)fclose(file);
  text[len] = 0;
  t_eq_int(t, len, size);
  return (stele_str){text, len};
}

bool t_has_file(stele_test *t, const char *path) {
  return access(source_path(t, path), R_OK) == 0;
}

static int compare_names(const void *left, const void *right) {
  return strcmp(((const stele_str *)left)->ptr, ((const stele_str *)right)->ptr);
}

const stele_str *t_folders(stele_test *t, const char *path, size_t *count) {
  STELE_VEC(stele_str) names = {0};
  DIR *dir = opendir(source_path(t, path));
  t_true(t, dir != NULL);
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    STELE_VEC_PUSH(t->arena, &names, stele_str_copy(t->arena, stele_cstr(entry->d_name)));
  }
  (void)closedir(dir);
  t_true(t, names.count > 0);
  qsort(names.at, names.count, sizeof *names.at, compare_names);
  *count = names.count;
  return names.at;
}

void t_golden(stele_test *t, const char *path, stele_str got) {
  const char *refresh = getenv("STELE_REFRESH");
  if (refresh && fnmatch(refresh, path, 0) == 0) {
    FILE *file = fopen(source_path(t, path), "wb");
    t_true(t, file != NULL);
    t_eq_int(t, fwrite(got.ptr, 1, got.len, file), got.len);
    t_eq_int(t, fclose(file), 0);
    return;
  }
  t_check_str(t, got, t_file(t, path), path, __FILE__, __LINE__);
}

static void run_one(void **state) {
  const test_entry *entry = *state;
  stele_test t = {.arena = stele_arena_new(0), .label = "", .name = entry->name};
  assert_non_null(t.arena);
  entry->run(&t);
  stele_arena_free(t.arena);
}

int t_run(const char *file, const test_entry *entries, size_t count) {
  struct CMUnitTest *tests = calloc(count, sizeof *tests);
  if (!tests) return 1;
  for (size_t i = 0; i < count; i++) {
    tests[i] = (struct CMUnitTest){.name = entries[i].name,
                                   .test_func = run_one,
                                   .initial_state = (void *)(uintptr_t)&entries[i]};
  }
  int failed = _cmocka_run_group_tests(file, tests, count, NULL, NULL);
  free(tests);
  return failed ? 1 : 0;
}
