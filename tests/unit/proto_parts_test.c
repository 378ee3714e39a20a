/* A compile in parts, and compiles side by side: what several threads make of
 * the same files is what one makes. */
#include <stdatomic.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/vec.h"
#include "harness/test.h"
#include "proto/compile/compile.h"
#include "proto/descriptor/descriptor.h"
#include "sys/thread.h"

enum { MOST_FILES = 40, THREADS = 4 };

typedef struct shelf {
  stele_resolver resolver; /* first: the callbacks cast back */
  const stele_str *paths, *texts;
  size_t count;
  const stele_file *shared; /* answered for its path, linked already */
} shelf;

static bool shelf_find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const shelf *s = (const shelf *)self;
  (void)err;
  out->kind = STELE_FOUND_NOTHING;
  if (s->shared && stele_str_eq(s->shared->name, path)) {
    *out = (stele_found){.kind = STELE_FOUND_FILE, .file = s->shared};
    return true;
  }
  for (size_t i = 0; i < s->count; i++) {
    if (!stele_str_eq(s->paths[i], path)) continue;
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(s->texts[i])};
  }
  return true;
}

/* What a compile emits, in order: names, marked when they were named, and a hash
 * of the descriptor. */
typedef struct emitted {
  stele_arena *arena;
  STELE_VEC(stele_str) lines;
} emitted;

typedef struct note_job {
  emitted *list;
  const stele_file *file;
  bool is_named;
} note_job;

static void note(void *arg) {
  static const stele_descriptor_options whole = {.source_info = true};
  note_job *job = arg;
  stele_buf bytes;
  stele_buf_init(&bytes, job->list->arena, 0);
  stele_descriptor_encode(job->list->arena, job->file, &whole, &bytes);
  STELE_VEC_PUSH(job->list->arena, &job->list->lines,
                 stele_str_printf(job->list->arena, STELE_STR_FMT "%s %016llx",
                                  STELE_STR_ARG(job->file->name), job->is_named ? "*" : "",
                                  (unsigned long long)stele_hash_str(stele_buf_str(&bytes), 0)));
}

static bool emit(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  emitted *list = arg;
  note_job job = {list, file, is_named};
  return stele_guard_run(list->arena, note, &job, err);
}

static void add_lines(stele_buf *out, const emitted *list) {
  for (size_t i = 0; i < list->lines.count; i++) {
    stele_str line = list->lines.at[i];
    bool is_there = false;
    for (size_t at = 0; at + line.len < out->len && !is_there; at++) {
      is_there = memcmp(out->ptr + at, line.ptr, line.len) == 0;
    }
    if (is_there) continue; /* of a part before */
    stele_buf_add_str(out, line);
    stele_buf_add_byte(out, '\n');
  }
}

/* ---- Threads for the parts ------------------------------------------------------ */

typedef struct runner {
  stele_runner runner; /* first: the functions cast back */
  sys_mutex lock;
} runner;

typedef struct call {
  void (*fn)(void *arg, size_t i);
  void *arg;
  size_t i;
} call;

static void make_call(void *arg) {
  call *c = arg;
  c->fn(c->arg, c->i);
}

static void run_on_threads(stele_runner *self, size_t count, void (*fn)(void *arg, size_t i),
                           void *arg) {
  sys_thread threads[THREADS];
  call calls[THREADS];
  stele_err err = {0};
  (void)self;
  for (size_t i = 0; i < count; i++) {
    calls[i] = (call){fn, arg, i};
    if (!sys_thread_start(&threads[i], "part", make_call, &calls[i], &err)) abort();
  }
  for (size_t i = 0; i < count; i++) sys_thread_join(&threads[i]);
}

static void run_alone(stele_runner *self, void (*fn)(void *arg), void *arg) {
  sys_mutex *lock = &((runner *)self)->lock;
  sys_mutex_lock(lock);
  fn(arg);
  sys_mutex_unlock(lock);
}

/* ---- Parts ---------------------------------------------------------------------- */

typedef struct tree {
  stele_str paths[MOST_FILES], texts[MOST_FILES];
  size_t count;
} tree;

static void add(stele_test *t, tree *all, const char *path, const char *format, ...)
    STELE_PRINTF(4, 5);

static void add(stele_test *t, tree *all, const char *path, const char *format, ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof text, format, args);
  va_end(args);
  all->paths[all->count] = stele_str_copy(t->arena, stele_cstr(path));
  all->texts[all->count++] = stele_str_copy(t->arena, stele_cstr(text));
}

/* Files that use a common one with options, each the one before it, and one
 * import that is not used. */
static void make_tree(stele_test *t, tree *all) {
  add(t, all, "common.proto",
      "syntax = \"proto3\"; package c; import \"google/protobuf/descriptor.proto\";\n"
      "extend google.protobuf.FieldOptions { int32 tag = 5000; } message C {}");
  for (int i = 0; i < 20; i++) {
    char path[32];
    (void)snprintf(path, sizeof path, "f%02d.proto", i);
    add(t, all, path,
        "syntax = \"proto3\"; package p%d; import \"common.proto\"; %s%02d%s\n"
        "import \"google/protobuf/empty.proto\"; // not used\n"
        "message M { c.C c = 1 [(c.tag) = %d]; %s }",
        i, i ? "import \"f" : "//", i ? i - 1 : 0, i ? ".proto\";" : "", i,
        i ? "" : "repeated M more = 2;");
  }
}

/* The last checks tell of these behind all else, in the order of the names. */
static void add_old_files(stele_test *t, tree *all) {
  for (int i = 0; i < 5; i++) {
    char path[32];
    (void)snprintf(path, sizeof path, "old%d.proto", i);
    add(t, all, path,
        "syntax = \"proto2\"; package o%d; import \"common.proto\";\n"
        "option cc_generic_services = true;",
        i);
  }
}

static stele_str one_compile(stele_test *t, const tree *all) {
  shelf s = {.resolver = {.find = shelf_find},
             .paths = all->paths,
             .texts = all->texts,
             .count = all->count};
  emitted list = {.arena = t->arena};
  stele_compile_options options = {.source_info = true,
                                   .use_builtin = true,
                                   .warn_unused_imports = true,
                                   .emit = emit,
                                   .emit_arg = &list};
  stele_report *report = stele_report_new(t->arena, 0);
  stele_err err = {0};
  stele_schema_unref(stele_compile(&s.resolver, all->paths, all->count, &options, report, &err));
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  add_lines(&out, &list);
  stele_report_print(report, STELE_REPORT_PROTOC, &out);
  return stele_buf_str(&out);
}

/* What one part emits goes to the list of the run that it has. */
typedef struct part_lists {
  emitted *runs;
  stele_arena *arena;
  size_t run, run_count, taken;
} part_lists;

static bool take(void *arg, size_t run, stele_err *err) {
  part_lists *lists = arg;
  (void)err;
  lists->run = run;
  if (run < lists->run_count) {
    lists->runs[run].arena = lists->arena;
    lists->taken++;
  }
  return true;
}

static bool emit_in_run(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  part_lists *lists = arg;
  return emit(&lists->runs[lists->run], file, is_named, err);
}

static stele_str in_parts(stele_test *t, const tree *all, size_t count, size_t run_count,
                          stele_err *err) {
  runner threads = {.runner = {run_on_threads, run_alone}};
  stele_part at[THREADS];
  shelf shelves[THREADS];
  part_lists lists[THREADS];
  emitted runs[MOST_FILES] = {0};
  size_t ends[MOST_FILES], taken = 0;
  stele_report *report = stele_report_new(t->arena, 0);
  for (size_t i = 0; i < run_count; i++) ends[i] = all->count * (i + 1) / run_count;
  for (size_t i = 0; i < count; i++) {
    shelves[i] = (shelf){.resolver = {.find = shelf_find},
                         .paths = all->paths,
                         .texts = all->texts,
                         .count = all->count};
    lists[i] = (part_lists){.runs = runs, .arena = stele_arena_new(0), .run_count = run_count};
    at[i] = (stele_part){.resolver = &shelves[i].resolver,
                         .emit_arg = &lists[i],
                         .report = stele_report_new(lists[i].arena, 0)};
  }
  stele_compile_options options = {
      .source_info = true, .use_builtin = true, .warn_unused_imports = true, .emit = emit_in_run};
  stele_parts parts = {
      .at = at, .count = count, .ends = ends, .run_count = run_count, .take = take};
  sys_mutex_init(&threads.lock);
  bool ok =
      stele_compile_parts(&threads.runner, &parts, all->paths, all->count, &options, report, err);
  sys_mutex_release(&threads.lock);
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; ok && i < run_count; i++) add_lines(&out, &runs[i]);
  for (size_t i = 0; i < count; i++) {
    taken += lists[i].taken;
    stele_schema_unref(at[i].schema);
    stele_arena_free(lists[i].arena);
  }
  if (ok) t_eq_int(t, taken, run_count);
  stele_report_print(report, STELE_REPORT_PROTOC, &out);
  return stele_buf_str(&out);
}

static void test_parts_are_as_one(stele_test *t) {
  tree all = {.count = 0};
  make_tree(t, &all);
  add_old_files(t, &all);
  stele_str want = one_compile(t, &all);
  t_true(t, want.len > 1000);
  for (size_t count = 1; count <= THREADS; count++) {
    for (size_t runs = 1; runs <= all.count; runs += 3) {
      stele_err err = {0};
      t_case_n(t, "parts and runs", count * 100 + runs);
      t_eq_str(t, in_parts(t, &all, count, runs, &err), want);
      t_eq_int(t, err.code, STELE_OK);
    }
  }
}

static void test_what_parts_cannot_tell(stele_test *t) {
  static const struct {
    const char *label, *first, *last;
  } rows[] = {
      {"a mistake", "", "syntax = \"proto3\"; message"},
      {"a name that is defined twice", "syntax = \"proto3\"; package z; message Twice {}",
       "syntax = \"proto3\"; package z; enum Twice { Z = 0; }"},
      {"an enum value beside a message", "syntax = \"proto3\"; package z; message V {}",
       "syntax = \"proto3\"; package z; enum E { V = 0; }"},
      {"a package that is a message elsewhere", "syntax = \"proto3\"; package z; message a {}",
       "syntax = \"proto3\"; package z.a.b;"},
      {"a message that is a package elsewhere", "syntax = \"proto3\"; package z.a.b;",
       "syntax = \"proto3\"; package z; message a {}"},
      {"one extension number twice",
       "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\";\n"
       "extend google.protobuf.FileOptions { optional int32 one = 7000; }",
       "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\";\n"
       "extend google.protobuf.FileOptions { optional int32 two = 7000; }"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    tree all = {.count = 0};
    stele_err err = {0};
    t_case(t, rows[i].label);
    if (rows[i].first[0]) add(t, &all, "a_first.proto", "%s", rows[i].first);
    make_tree(t, &all);
    add(t, &all, "z_last.proto", "%s", rows[i].last);
    for (size_t runs = 2; runs <= all.count; runs += 5) {
      t_eq_str(t, in_parts(t, &all, 2, runs, &err), STELE_STR(""));
      t_eq_int(t, err.code, STELE_CONFLICT);
    }
  }
}

/* ---- Side by side --------------------------------------------------------------- */

typedef struct side {
  const tree *all;
  const stele_file *shared;
  stele_arena *arena;
  size_t good;
} side;

/* Compiles every file by itself, over and over, on a shared import. */
static void compile_all(void *arg) {
  side *job = arg;
  shelf s = {.resolver = {.find = shelf_find},
             .paths = job->all->paths,
             .texts = job->all->texts,
             .count = job->all->count,
             .shared = job->shared};
  for (size_t i = 1; i < job->all->count; i++) {
    stele_err err = {0};
    stele_compile_options options = {.source_info = true, .use_builtin = true};
    stele_report *report = stele_report_new(job->arena, 0);
    const stele_schema *schema =
        stele_compile(&s.resolver, &job->all->paths[i], 1, &options, report, &err);
    job->good += schema && stele_schema_find(schema, STELE_STR("c.C")).kind == STELE_SYMBOL_MESSAGE;
    stele_schema_unref(schema);
  }
}

static void test_threads_share_linked_files(stele_test *t) {
  tree all = {.count = 0};
  make_tree(t, &all);
  shelf s = {
      .resolver = {.find = shelf_find}, .paths = all.paths, .texts = all.texts, .count = all.count};
  stele_err err = {0};
  stele_compile_options options = {.use_builtin = true};
  const stele_schema *common =
      stele_compile(&s.resolver, all.paths, 1, &options, stele_report_new(t->arena, 0), &err);
  t_ok(t, common != NULL, &err);
  side jobs[THREADS];
  sys_thread threads[THREADS];
  for (size_t i = 0; i < THREADS; i++) {
    jobs[i] = (side){.all = &all,
                     .shared = stele_schema_file(common, all.paths[0]),
                     .arena = stele_arena_new(0)};
    t_ok(t, sys_thread_start(&threads[i], "side", compile_all, &jobs[i], &err), &err);
  }
  for (size_t i = 0; i < THREADS; i++) {
    sys_thread_join(&threads[i]);
    stele_arena_free(jobs[i].arena);
    t_eq_int(t, jobs[i].good, all.count - 1);
  }
  stele_schema_unref(common);
}

TEST_MAIN(test_parts_are_as_one, test_what_parts_cannot_tell, test_threads_share_linked_files)
