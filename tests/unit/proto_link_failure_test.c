/* Memory that runs out at any moment while a file is parsed and linked, or
 * while a tree is compiled, is an error and nothing else. */
#include "base/guard.h"
#include "harness/schema.h"
#include "proto/compile/compile.h"
#include "proto/link/link.h"
#include "proto/parse/parse.h"
#include "proto/schema/schema_internal.h"

static const char medium[] =
    "syntax = \"proto3\"; package p.q;\n"
    "option java_package = \"x\"; option deprecated = false;\n"
    "message M { option deprecated = true; map<string, N> m = 1; optional int32 o = 2;\n"
    "  oneof one { string s = 3 [json_name = \"S\"]; N n = 4; } repeated int32 r = 5 [packed = "
    "false];\n"
    "  message N { enum E { Z = 0; O = 1; } E e = 1; p.q.M back = 2; .p.q.M.N.E far = 3; }\n"
    "  reserved 10 to 20, 30; reserved \"a\", \"b\"; }\n"
    "enum Top { option allow_alias = true; A = 0; B = 1; B2 = 1 [deprecated = true]; }\n"
    "service S { rpc Go(M) returns (stream M.N) { option idempotency_level = IDEMPOTENT; } }\n";

/* descriptor.proto, linked once and shared by all runs. */
static const stele_file *shared;

static const stele_file *give_shared(void *arg) {
  (void)arg;
  return shared;
}

typedef struct link_run {
  stele_arena *arena, *scratch;
  link_job *job;
  const stele_file *file;
} link_run;

static void link_medium(void *arg) {
  link_run *run = arg;
  stele_arena *arena = run->arena;
  stele_interner *interner = stele_token_interner(arena);
  stele_report *report = stele_report_new(arena, 0);
  stele_source source = {STELE_STR("in.proto"), {medium, sizeof medium - 1}};
  const stele_ast_file *ast = stele_parse(arena, interner, &source, report);
  run->job = link_job_new(arena, arena, run->scratch, interner, report);
  link_job_use_descriptor(run->job, give_shared, NULL);
  stele_buf info;
  stele_buf_init(&info, arena, 0);
  link_file_in in = {.ast = ast, .name = source.name, .source_info = &info};
  run->file = link_file(run->job, &in);
  (void)link_job_finish(run->job);
}

/* Everything lives in the arena that fails, so the schema must not free it. */
static bool link_under_failure(stele_arena *arena, stele_err *err) {
  link_run run = {.arena = arena, .scratch = stele_arena_new_scratch(arena)};
  bool ok = stele_guard_run(arena, link_medium, &run, err);
  if (ok && !run.file) ok = stele_fail(err, STELE_INTERNAL, "the file has errors");
  stele_schema *schema = run.job ? link_job_schema(run.job) : NULL;
  for (size_t i = 0; schema && i < schema->schemas.count; i++) {
    stele_schema_unref(schema->schemas.at[i]);
  }
  stele_arena_free(run.scratch);
  return ok;
}

static bool find_medium(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)self, (void)err;
  static const char head[] = "syntax = \"proto3\"; import \"b.proto\"; import \"c.proto\";"
                             " message Head { p.q.M m = 1; }";
  static const char third[] = "syntax = \"proto3\"; import public \"b.proto\";";
  if (stele_str_eq(path, STELE_STR("a.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(head))};
  } else if (stele_str_eq(path, STELE_STR("b.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(medium))};
  } else if (stele_str_eq(path, STELE_STR("c.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(third))};
  }
  return true;
}

/* The limit is met in another place for each number of bytes. */
static void compile_under_limits(stele_test *t) {
  enum { STEP = 512, MOST = 4 << 20 };
  stele_str path = STELE_STR("a.proto");
  for (size_t bytes = STEP; bytes < MOST; bytes += STEP) {
    stele_resolver resolver = {find_medium, NULL};
    stele_compile_options options = {
        .limit_bytes = bytes, .descriptor = shared, .source_info = true};
    stele_arena *arena = stele_arena_new(0);
    stele_err err = {0};
    const stele_schema *schema =
        stele_compile(&resolver, &path, 1, &options, stele_report_new(arena, 0), &err);
    stele_arena_free(arena);
    if (schema) {
      t_true(t, bytes > STEP);
      stele_schema_unref(schema);
      return;
    }
    t_case_n(t, "with a limit of bytes", bytes);
    t_eq_int(t, err.code, STELE_LIMIT);
  }
  t_true(t, false);
}

static void test_any_allocation_may_fail(stele_test *t) {
  t_schemas held = {0};
  static const t_text text[] = {
      {"x.proto", "syntax = \"proto3\"; import \"google/protobuf/descriptor.proto\";\n"
                  "message X { google.protobuf.FileOptions o = 1; }"}};
  const stele_file *file = t_schema_files(t, &held, text, 1);
  shared = file->imports[0].file;
  t_each_failure(t, link_under_failure);
  compile_under_limits(t);
  t_schemas_free(&held);
}

TEST_MAIN(test_any_allocation_may_fail)
