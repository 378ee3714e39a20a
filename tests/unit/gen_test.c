/* The frame around generators: the set of files, parameters, the table. */
#include "gen/generator.h"

#include "harness/test.h"

static void test_output(stele_test *t) {
  static const struct {
    const char *label, *path;
    stele_code want;
  } rows[] = {
      {"a file", "b/x_pb2.py", STELE_OK},
      {"another", "a.py", STELE_OK},
      {"the same again", "b/x_pb2.py", STELE_CONFLICT},
      {"out of the folder", "../x.py", STELE_INVALID},
      {"absolute", "/x.py", STELE_INVALID},
      {"a third", "b.py", STELE_OK},
  };
  stele_gen_output *output = stele_gen_output_new(t->arena);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].label);
    bool ok = stele_gen_output_add(output, stele_cstr(rows[i].path), STELE_STR("x"), &err);
    t_eq_int(t, ok, rows[i].want == STELE_OK);
    t_eq_int(t, err.code, rows[i].want);
  }
  size_t count = 0;
  const stele_gen_file *files = stele_gen_output_files(output, &count);
  t_eq_int(t, count, 3);
  t_eq_str(t, files[0].path, STELE_STR("a.py"));
  t_eq_str(t, files[1].path, STELE_STR("b.py"));
  t_eq_str(t, files[2].path, STELE_STR("b/x_pb2.py"));
}

static void test_parameter(stele_test *t) {
  static const struct {
    const char *parameter, *name, *want;
  } rows[] = {
      {"", "pyi", "otherwise"},       {"pyi", "pyi", ""},        {"pyi=", "pyi", ""},
      {"pyi=false", "pyi", "false"},  {"a=1,pyi=2", "pyi", "2"}, {"pyi=1,pyi=2", "pyi", "2"},
      {"pyix=1", "pyi", "otherwise"}, {"a=b=c", "a", "b=c"},     {",,a=1,", "a", "1"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_gen_request request = {.parameter = stele_cstr(rows[i].parameter)};
    t_case(t, rows[i].parameter);
    t_eq_str(t, stele_gen_parameter(&request, stele_cstr(rows[i].name), STELE_STR("otherwise")),
             stele_cstr(rows[i].want));
  }
}

static void test_table(stele_test *t) {
  for (size_t i = 0; i < stele_generator_count; i++) {
    t_true(t, stele_generator_find(stele_cstr(stele_generators[i].name)) == &stele_generators[i]);
  }
  t_true(t, !stele_generator_find(STELE_STR("cobol")));
}

static void test_refusals(stele_test *t) {
  static const struct {
    const char *language, *parameter, *want;
    stele_code code;
  } rows[] = {
      {"go", "", "Go code is not available yet", STELE_UNSUPPORTED},
      {"python", "pyi=true,fast", "Python code has no option \"fast\"", STELE_INVALID},
      {"python", "pyi=maybe", "pyi is true, false or only", STELE_INVALID},
      {"python", "", "", STELE_OK},
      {"python", "pyi=false", "", STELE_OK},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    stele_gen_output *output = stele_gen_output_new(t->arena);
    t_case(t, rows[i].want);
    bool ok = stele_generate(stele_generator_find(stele_cstr(rows[i].language)), t->arena, NULL, 0,
                             stele_cstr(rows[i].parameter), output, &err);
    t_eq_int(t, ok, rows[i].code == STELE_OK);
    t_eq_int(t, err.code, rows[i].code);
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
  }
}

TEST_MAIN(test_output, test_parameter, test_table, test_refusals)
