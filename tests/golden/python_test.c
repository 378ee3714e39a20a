/* tests/golden/python/files/x.proto -> tests/golden/python/oracle/x_pb2.py and
 * x_pb2.pyi, which only protoc ever writes: tests/oracle/test_python_codegen.py
 * holds them to what protoc 36.2 makes today. */
#include "base/guard.h"
#include "gen/generator.h"
#include "harness/test.h"
#include "proto/compile/compile.h"
#include "sys/file.h"

enum { MOST_CASES = 1000, MOST_BYTES = 1 << 20 };

typedef struct golden_files {
  stele_resolver resolver;
  stele_arena *arena;
  stele_str root;
  stele_str made; /* the text of "made.proto" */
} golden_files;

static bool find_file(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  golden_files *files = (golden_files *)self;
  stele_str full = stele_str_printf(files->arena, STELE_STR_FMT "/" STELE_STR_FMT,
                                    STELE_STR_ARG(files->root), STELE_STR_ARG(path));
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (stele_str_eq(path, STELE_STR("made.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(files->made)};
    return true;
  }
  if (sys_file_stat(full).kind != SYS_FILE_PLAIN) return true;
  out->kind = STELE_FOUND_TEXT;
  return sys_file_read(files->arena, full, MOST_BYTES, &out->bytes, err);
}

/* A schema keeps nothing of the text that it was linked from. */
static void spoil_file(stele_resolver *self, const stele_found *found) {
  (void)self;
  memset((uint8_t *)(uintptr_t)found->bytes.ptr, '#', found->bytes.len);
}

static golden_files open_files(stele_test *t) {
  const char *root = getenv("STELE_SOURCE_ROOT");
  return (golden_files){
      .resolver = {.find = find_file, .release = spoil_file},
      .arena = t->arena,
      .root = stele_str_printf(t->arena, "%s/tests/golden/python/files", root ? root : ".")};
}

static const stele_schema *compile(stele_test *t, golden_files *files, stele_str path) {
  static const stele_compile_options options = {.use_builtin = true};
  stele_err err = {0};
  stele_report *report = stele_report_new(t->arena, 0);
  const stele_schema *schema = stele_compile(&files->resolver, &path, 1, &options, report, &err);
  size_t count = 0;
  const stele_finding *findings = stele_report_findings(report, &count);
  if (!schema && count) t_eq_str(t, findings[0].text, STELE_STR(""));
  t_ok(t, schema != NULL, &err);
  return schema;
}

static void check_file(stele_test *t, golden_files *files, stele_str path) {
  const stele_schema *schema = compile(t, files, path);
  const stele_file *file = stele_schema_file(schema, path);
  stele_gen_output *output = stele_gen_output_new(t->arena);
  stele_err err = {0};
  size_t count = 0;
  t_ok(t,
       stele_generate(stele_generator_find(STELE_STR("python")), t->arena, &file, 1, STELE_STR(""),
                      output, &err),
       &err);
  const stele_gen_file *made = stele_gen_output_files(output, &count);
  t_eq_int(t, count, 2);
  for (size_t i = 0; i < count; i++) {
    stele_str want = stele_str_printf(t->arena, "tests/golden/python/oracle/" STELE_STR_FMT,
                                      STELE_STR_ARG(made[i].path));
    t_case(t, want.ptr);
    t_eq_str(t, made[i].content, t_file(t, want.ptr));
  }
  stele_schema_unref(schema);
}

static void test_files(stele_test *t) {
  golden_files files = open_files(t);
  sys_paths paths;
  stele_err err = {0};
  t_ok(t, sys_dir_list(t->arena, files.root, STELE_STR(".proto"), MOST_CASES, &paths, &err), &err);
  t_true(t, paths.count > 50);
  for (size_t i = 0; i < paths.count; i++) check_file(t, &files, paths.at[i]);
}

static void test_without_stubs(stele_test *t) {
  golden_files files = open_files(t);
  const stele_schema *schema = compile(t, &files, STELE_STR("keywords.proto"));
  const stele_file *file = stele_schema_file(schema, STELE_STR("keywords.proto"));
  stele_gen_output *output = stele_gen_output_new(t->arena);
  stele_err err = {0};
  size_t count = 0;
  t_ok(t,
       stele_generate(stele_generator_find(STELE_STR("python")), t->arena, &file, 1,
                      STELE_STR("pyi=false"), output, &err),
       &err);
  t_eq_str(t, stele_gen_output_files(output, &count)->path, STELE_STR("keywords_pb2.py"));
  t_eq_int(t, count, 1);
  stele_schema_unref(schema);
}

/* The same file twice in one request is a mistake of the caller's. */
static void test_twice(stele_test *t) {
  golden_files files = open_files(t);
  const stele_schema *schema = compile(t, &files, STELE_STR("empty.proto"));
  const stele_file *file = stele_schema_file(schema, STELE_STR("empty.proto"));
  const stele_file *const both[] = {file, file};
  stele_err err = {0};
  t_true(t, !stele_generate(stele_generator_find(STELE_STR("python")), t->arena, both, 2,
                            STELE_STR(""), stele_gen_output_new(t->arena), &err));
  t_eq_int(t, err.code, STELE_CONFLICT);
  stele_schema_unref(schema);
}

/* Types of one name are told apart by what follows it; those that differ only
 * late take a comparison each, and there is a bound on those. */
static void test_types_of_one_name(stele_test *t) {
  static const struct {
    const char *label, *first;
    int count;
    stele_code want;
  } rows[] = {
      {"differing early", "", 3000, STELE_OK},
      {"differing late", "int32 the_same_for_all_of_them_and_long = 1;", 1500, STELE_OK},
      {"too many of those", "int32 the_same_for_all_of_them_and_long = 1;", 7000, STELE_LIMIT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    golden_files files = open_files(t);
    stele_buf text;
    stele_buf_init(&text, t->arena, 0);
    stele_buf_add_cstr(&text, "syntax = \"proto3\";\n");
    for (int j = 0; j < rows[i].count; j++) {
      stele_buf_printf(&text, "message M%d { message In { %s int32 a%d = 2; } }\n", j,
                       rows[i].first, j);
    }
    files.made = stele_buf_str(&text);
    const stele_schema *schema = compile(t, &files, STELE_STR("made.proto"));
    const stele_file *file = stele_schema_file(schema, STELE_STR("made.proto"));
    stele_err err = {0};
    t_case(t, rows[i].label);
    bool ok = stele_generate(stele_generator_find(STELE_STR("python")), t->arena, &file, 1,
                             STELE_STR(""), stele_gen_output_new(t->arena), &err);
    t_eq_int(t, ok, rows[i].want == STELE_OK);
    t_eq_int(t, err.code, rows[i].want);
    stele_schema_unref(schema);
  }
}

/* t_each_failure passes nothing along, so this program holds what to generate. */
static const stele_file *failing_file;

typedef struct failing_job {
  stele_arena *arena;
  stele_err *err;
  bool ok;
} failing_job;

static void generate_failing(void *arg) {
  failing_job *job = arg;
  job->ok = stele_generate(stele_generator_find(STELE_STR("python")), job->arena, &failing_file, 1,
                           STELE_STR(""), stele_gen_output_new(job->arena), job->err);
}

static bool generate_once(stele_arena *arena, stele_err *err) {
  failing_job job = {arena, err, false};
  return stele_guard_run(arena, generate_failing, &job, err) && job.ok;
}

static void test_failing_memory(stele_test *t) {
  golden_files files = open_files(t);
  const stele_schema *schema = compile(t, &files, STELE_STR("1number.proto"));
  failing_file = stele_schema_file(schema, STELE_STR("1number.proto"));
  t_each_failure(t, generate_once);
  stele_schema_unref(schema);
}

TEST_MAIN(test_files, test_without_stubs, test_twice, test_types_of_one_name, test_failing_memory)
