/* YAML for configuration: compared through the JSON it means. */
#include "fmt/yaml_config.h"

#include "harness/test.h"

static void test_accepted(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"nothing", "", "null"},
      {"a comment alone", "# nothing\n", "null"},
      {"a document marker alone", "---\n", "null"},
      {"nulls in block form", "- ~\n- null\n- Null\n- NULL\n-\n- 'null'\n- nULL\n",
       "[null,null,null,null,null,\"null\",\"nULL\"]"},
      {"bools, and what YAML 1.1 took for them", "[true, True, TRUE, false, yes, no, on, off, y]",
       "[true,true,true,false,\"yes\",\"no\",\"on\",\"off\",\"y\"]"},
      {"quoted scalars are strings", "['1', \"true\", '~']", "[\"1\",\"true\",\"~\"]"},
      {"integers", "[0, -5, +7, 007, -0012, 0x1F, 0o17, 0xffffffffffffffff, 1_000]",
       "[0,-5,7,7,-12,31,15,18446744073709551615,\"1_000\"]"},
      {"what does not fit is a string", "[0x10000000000000000, 0o8, 0x, 0xg]",
       "[\"0x10000000000000000\",\"0o8\",\"0x\",\"0xg\"]"},
      {"floats", "[1.5, .5, 5., -.5e3, +1e+3, 00.10]", "[1.5,0.5,5.0,-0.5e3,1e+3,0.10]"},
      {"nearly numbers", "['.', ., 1.2.3, 1e, +, -x, 1a, v1, 2026-01-31]",
       "[\".\",\".\",\"1.2.3\",\"1e\",\"+\",\"-x\",\"1a\",\"v1\",\"2026-01-31\"]"},
      {"a mapping in order", "z: 1\na:\n  - b\n  - {c: d}\n",
       "{\"z\":1,\"a\":[\"b\",{\"c\":\"d\"}]}"},
      {"a null value", "a:\nb: ''\n", "{\"a\":null,\"b\":\"\"}"},
      {"keys are words whatever they look like", "{1: a, true: b, null: c}",
       "{\"1\":\"a\",\"true\":\"b\",\"null\":\"c\"}"},
      {"a literal block", "a: |\n  x\n  y\n", "{\"a\":\"x\\ny\\n\"}"},
      {"a folded block", "a: >-\n  x\n  y\n", "{\"a\":\"x y\"}"},
      {"an escape", "\"\\u00e9\\0\"", "\"\xc3\xa9\\u0000\""},
      {"the string tag", "[!!str 5, ! 6]", "[\"5\",\"6\"]"},
      {"plain collection tags", "!!map {a: !!seq [1]}", "{\"a\":[1]}"},
      {"an alias", "a: &x {b: [1, two]}\nc: *x\nd: *x\n",
       "{\"a\":{\"b\":[1,\"two\"]},\"c\":{\"b\":[1,\"two\"]},\"d\":{\"b\":[1,\"two\"]}}"},
      {"an anchor set again", "[&x 1, *x, &x 2, *x]", "[1,1,2,2]"},
      {"aliases to scalars", "- &x true\n- *x\n- &y s\n- *y\n- &z\n- *z\n",
       "[true,true,\"s\",\"s\",null,null]"},
      {"a scalar document", "--- 5\n...\n", "5"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    stele_buf buf;
    stele_json_writer w;
    t_case(t, rows[i].label);
    const stele_json *tree = stele_yaml_parse(t->arena, stele_cstr(rows[i].in), NULL, NULL, &err);
    t_ok(t, tree != NULL, &err);
    stele_buf_init(&buf, t->arena, 0);
    stele_json_writer_init(&w, &buf, 0);
    stele_json_write_value(&w, tree);
    t_eq_str(t, stele_buf_str(&buf), stele_cstr(rows[i].want));
    t_true(t, stele_json_parse(t->arena, stele_buf_str(&buf), NULL, NULL, &err) != NULL);
  }
}

static void test_refused(stele_test *t) {
  static const struct {
    const char *label, *in;
    uint32_t line, column;
    const char *want;
  } rows[] = {
      {"a tab as indentation", "a:\n\tb: 1\n", 2, 1,
       "line 2, column 1: found character that cannot start any token"},
      {"an open bracket", "a: [1, 2\n", 2, 1, "line 2, column 1: did not find expected ',' or ']'"},
      {"an empty entry in brackets", "[~, , 1]", 1, 5,
       "line 1, column 5: did not find expected node content"},
      {"a name twice", "a: 1\nb: 2\na: 3\n", 3, 1, "line 3, column 1: the name \"a\" stands twice"},
      {"a name twice, once quoted", "{a: 1, 'a': 2}", 1, 8,
       "line 1, column 8: the name \"a\" stands twice"},
      {"a second document", "a: 1\n---\nb: 2\n", 2, 1, "line 2, column 1: a second document"},
      {"a merge key", "a: &x {}\nb:\n  <<: *x\n", 3, 3,
       "line 3, column 3: merge keys are not supported"},
      {"a list as a key", "? [a]\n: b\n", 1, 3, "line 1, column 3: a key must be a plain word"},
      {"an alias as a key", "a: &x b\n*x : c\n", 2, 1,
       "line 2, column 1: a key must be a plain word"},
      {"an unknown alias", "a: *x\n", 1, 4, "line 1, column 4: no anchor is called x"},
      {"an alias in its own anchor", "&x [1, *x]", 1, 8,
       "line 1, column 8: the alias x stands inside its anchor"},
      {"another tag", "a: !!binary aGk=\n", 1, 4,
       "line 1, column 4: the tag tag:yaml.org,2002:binary is not supported"},
      {"a tag of somebody's own", "!x {}", 1, 1, "line 1, column 1: the tag !x is not supported"},
      {"infinity", "a: .inf", 1, 1, "line 1, column 1: not a finite number"},
      {"not a number", "[.NaN]", 1, 2, "line 1, column 2: not a finite number"},
      {"not UTF-8", "a: \xc3\xa9\nb: \xff\n", 2, 4, "line 2, column 4: not UTF-8"},
      {"a control byte", "a: \x01\n", 1, 4, "line 1, column 4: control characters are not allowed"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    stele_json_place where;
    t_case(t, rows[i].label);
    t_true(t, !stele_yaml_parse(t->arena, stele_cstr(rows[i].in), NULL, &where, &err));
    t_eq_int(t, err.code, STELE_INVALID);
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
    t_eq_int(t, where.line, rows[i].line);
    t_eq_int(t, where.column, rows[i].column);
  }
}

static void test_limits(stele_test *t) {
  const stele_json_limits limits = {.bytes = 1000, .depth = 6, .values = 200};
  static const char laughs[] = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n";
  const struct {
    const char *label, *in;
    stele_code want;
  } rows[] = {
      {"as deep as allowed", "[[[[[[1]]]]]]", STELE_OK},
      {"one deeper", "[[[[[[[]]]]]]]", STELE_LIMIT},
      {"as deep as allowed by an alias", "[&a [[[1]]], [[*a]]]", STELE_OK},
      {"one deeper by an alias", "[&a [[[1]]], [[[*a]]]]", STELE_LIMIT},
      {"a billion laughs", laughs, STELE_LIMIT},
      {"too long", stele_str_printf(t->arena, "%1001s", "x").ptr, STELE_LIMIT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].label);
    (void)!stele_yaml_parse(t->arena, stele_cstr(rows[i].in), &limits, NULL, &err);
    t_eq_int(t, err.code, rows[i].want);
  }
}

static bool parse_all(stele_arena *arena, stele_err *err) {
  return stele_yaml_parse(arena, STELE_STR("a: &x [1, .5, 0x10, s]\nb: *x\nc: {d: ~}\n"), NULL,
                          NULL, err) != NULL;
}

static void test_failing_memory(stele_test *t) {
  t_each_failure(t, parse_all);
}

TEST_MAIN(test_accepted, test_refused, test_limits, test_failing_memory)
