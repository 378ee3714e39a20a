/* Formatting what people wrote, and what a generator and other tests thought of:
 * schemas/, protoc's own include folder, Google's APIs, and the texts of
 * tests/oracle and tests/golden: see harness/format.h for what must be true.
 *
 * STELE_NPM names the folder of the pinned packages; STELE_FORMAT_FILES how many of
 * Google's files are taken (0: all); STELE_FORMAT_ROOT another folder to look at. */
#include <stdlib.h>

#include "harness/format.h"
#include "harness/test.h"
#include "sys/file.h"

enum { FILE_BYTES = 16 << 20, MOST_FILES = 1000000 };

static void check_file(stele_test *t, stele_str root, stele_str path) {
  stele_bytes bytes;
  stele_err err = {0};
  stele_str whole = stele_str_printf(t->arena, STELE_STR_FMT "/" STELE_STR_FMT, STELE_STR_ARG(root),
                                     STELE_STR_ARG(path));
  t_case(t, whole.ptr);
  t_ok(t, sys_file_read(t->arena, whole, FILE_BYTES, &bytes, &err), &err);
  const char *fault = format_fault(t->arena, stele_bytes_str(bytes), NULL);
  if (fault) t_eq_str(t, stele_cstr(fault), STELE_STR(""));
}

/* At most `most` files of a root (0: all), evenly spread. */
static void check_root(stele_test *t, stele_str root, size_t most) {
  sys_paths paths = {0};
  stele_err err = {0};
  t_ok(t, sys_dir_list(t->arena, root, STELE_STR(".proto"), MOST_FILES, &paths, &err), &err);
  t_true(t, paths.count > 0);
  size_t step = most && paths.count > most ? paths.count / most : 1;
  for (size_t i = 0; i < paths.count; i += step) {
    stele_mark mark = stele_arena_mark(t->arena);
    check_file(t, root, paths.at[i]);
    stele_arena_rewind(t->arena, mark);
  }
}

static void test_own_files(stele_test *t) {
  static const char *const folders[] = {"schemas", "tests/oracle", "tests/golden", "src/proto/wkt"};
  stele_str root = sys_env("STELE_SOURCE_ROOT");
  for (size_t i = 0; i < STELE_COUNT(folders); i++) {
    check_root(t, stele_str_printf(t->arena, STELE_STR_FMT "/%s", STELE_STR_ARG(root), folders[i]),
               0);
  }
}

static void check_package(stele_test *t, const char *name, size_t most) {
  stele_str npm = sys_env("STELE_NPM");
  if (!npm.len) {
    stele_str root = sys_env("STELE_SOURCE_ROOT");
    npm = stele_str_printf(t->arena, STELE_STR_FMT "/.deps/npm/node_modules", STELE_STR_ARG(root));
  }
  check_root(t, stele_str_printf(t->arena, STELE_STR_FMT "/%s", STELE_STR_ARG(npm), name), most);
}

static void test_packages(stele_test *t) {
  const char *count = getenv("STELE_FORMAT_FILES");
  check_package(t, "protoc/include", 0);
  check_package(t, "google-proto-files", count ? (size_t)strtoul(count, NULL, 10) : 600);
}

static void test_another_root(stele_test *t) {
  stele_str root = sys_env("STELE_FORMAT_ROOT");
  if (root.len) check_root(t, root, 0);
}

TEST_MAIN(test_own_files, test_packages, test_another_root)
