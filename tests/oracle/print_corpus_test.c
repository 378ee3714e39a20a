/* Printing on what people wrote: every file of schemas/, of tests/oracle/files and
 * of protoc's own include folder, and a hundred or so of Google's APIs, from text and
 * from descriptor, in each form, with comments and without: see harness/proto.h for
 * what must be true.
 *
 * STELE_NPM names the folder of the pinned packages; STELE_PRINT_FILES how many of
 * Google's files are taken (0: all); STELE_PRINT_ROOT another folder to look at. */
#include <stdlib.h>

#include "harness/proto.h"
#include "harness/test.h"
#include "sys/file.h"

enum { FILE_BYTES = 16 << 20, MOST_FILES = 100000 };

typedef struct root_resolver {
  stele_resolver resolver; /* first: the callback casts back */
  stele_arena *arena;
  stele_str root;
} root_resolver;

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const root_resolver *in = (const root_resolver *)self;
  stele_str whole = stele_str_printf(in->arena, STELE_STR_FMT "/" STELE_STR_FMT,
                                     STELE_STR_ARG(in->root), STELE_STR_ARG(path));
  stele_err absent = {0};
  if (sys_file_read(in->arena, whole, FILE_BYTES, &out->bytes, &absent)) {
    out->kind = STELE_FOUND_TEXT;
  } else if (absent.code != STELE_NOT_FOUND) {
    *err = absent;
    return false;
  }
  return true;
}

static stele_str npm_root(stele_arena *arena) {
  stele_str npm = sys_env("STELE_NPM");
  if (npm.len) return npm;
  stele_str root = sys_env("STELE_SOURCE_ROOT");
  return stele_str_printf(arena, STELE_STR_FMT "/.deps/npm/node_modules", STELE_STR_ARG(root));
}

static void check_forms(stele_test *t, const stele_file *file) {
  const char *fault = proto_print_faults(t->arena, file);
  if (fault) t_eq_str(t, stele_cstr(fault), STELE_STR(""));
}

/* protoc leaves the options out that let a file be: its descriptor breaks rules that
 * the file did not. */
static bool is_stripped(stele_str findings) {
  return memmem(findings.ptr, findings.len, "features.enforce_naming_style", 29) != NULL;
}

/* A file whose imports are not in its package is passed over: false. */
static bool check_file(stele_test *t, stele_str root, stele_str path) {
  root_resolver resolver = {.resolver = {.find = find}, .arena = t->arena, .root = root};
  const char *named = stele_str_copy(t->arena, path).ptr;
  t_case(t, named);
  proto_made made = proto_compile_from(t->arena, &resolver.resolver, named);
  if (!made.file && memmem(made.findings.ptr, made.findings.len, ": File not found.", 17)) {
    return false;
  }
  if (!made.file) t_eq_str(t, made.findings, STELE_STR("(compiles)"));
  check_forms(t, made.file);

  proto_source source = {.bytes = proto_descriptor(t->arena, made.file), .is_descriptor = true};
  proto_made decoded = proto_compile_again(t->arena, made.file, &source);
  if (!decoded.file && is_stripped(decoded.findings)) {
    proto_release(&made);
    return true;
  }
  if (!decoded.file) t_eq_str(t, decoded.findings, STELE_STR("(a descriptor that links)"));
  stele_sha256 want, got;
  t_true(t, proto_fingerprint(t->arena, made.file, &want));
  t_true(t, proto_fingerprint(t->arena, decoded.file, &got));
  t_true(t, memcmp(&want, &got, sizeof want) == 0);
  check_forms(t, decoded.file);
  proto_release(&decoded);
  proto_release(&made);
  return true;
}

/* At most `most` files of a root, evenly spread. */
static void check_root(stele_test *t, stele_str root, size_t most) {
  sys_paths paths = {0};
  stele_err err = {0};
  t_ok(t, sys_dir_list(t->arena, root, STELE_STR(".proto"), MOST_FILES, &paths, &err), &err);
  size_t step = most && paths.count > most ? paths.count / most : 1;
  size_t checked = 0, missing = 0;
  for (size_t i = 0; i < paths.count; i += step) {
    stele_mark mark = stele_arena_mark(t->arena);
    if (check_file(t, root, paths.at[i])) {
      checked++;
    } else {
      missing++;
    }
    stele_arena_rewind(t->arena, mark);
  }
  t_true(t, checked > 20 * missing);
}

static void test_own_files(stele_test *t) {
  stele_str root = sys_env("STELE_SOURCE_ROOT"), another = sys_env("STELE_PRINT_ROOT");
  check_root(t, stele_str_printf(t->arena, STELE_STR_FMT "/schemas", STELE_STR_ARG(root)), 0);
  check_root(
      t, stele_str_printf(t->arena, STELE_STR_FMT "/tests/oracle/files", STELE_STR_ARG(root)), 0);
  if (another.len) check_root(t, another, 0);
}

static void check_package(stele_test *t, const char *name, size_t most) {
  stele_str npm = npm_root(t->arena);
  stele_str root = stele_str_printf(t->arena, STELE_STR_FMT "/%s", STELE_STR_ARG(npm), name);
  check_root(t, root, most);
}

static void test_protoc(stele_test *t) {
  check_package(t, "protoc/include", 0);
}

static void test_google(stele_test *t) {
  const char *count = getenv("STELE_PRINT_FILES"); /* 0: all of them */
  check_package(t, "google-proto-files", count ? (size_t)strtoul(count, NULL, 10) : 150);
}

TEST_MAIN(test_own_files, test_protoc, test_google)
