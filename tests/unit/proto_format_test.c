/* The formatter: corners of its style in short rows, and what it refuses. Longer
 * texts stand in tests/golden/format. */
#include "proto/format/format.h"

#include "harness/format.h"
#include "harness/test.h"
#include "proto/report/report.h"

typedef struct format_row {
  const char *label, *in, *want;
} format_row;

static void check_rows(stele_test *t, const format_row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    stele_str out;
    t_case(t, rows[i].label);
    const char *fault = format_fault(t->arena, stele_cstr(rows[i].in), &out);
    if (fault) t_eq_str(t, stele_cstr(fault), STELE_STR(""));
    t_eq_str(t, out, stele_cstr(rows[i].want));
  }
}

static void test_layout(stele_test *t) {
  static const format_row rows[] = {
      {"nothing", "", ""},
      {"only white space", " \t\n\v\n", ""},
      {"only a lone ;", " ; ", ""},
      {"a lone ; first", ";message A{}", "message A {}\n"},
      {"a byte order mark goes", "\xef\xbb\xbfpackage a;", "package a;\n"},
      {"a line end is added", "package a;", "package a;\n"},
      {"blank lines at the end go", "package a;\n\n\n", "package a;\n"},
      {"sections are parted", "package a;import 'b';option c=1;enum E{Z=0;}",
       "package a;\n\nimport 'b';\n\noption c = 1;\n\nenum E {\n  Z = 0;\n}\n"},
      {"empty blocks stand together or apart, as written",
       "message A{}\nmessage B{}\n\n\nmessage C{}", "message A {}\nmessage B {}\n\nmessage C {}\n"},
      {"a block with something in it stands apart",
       "message A{}\nmessage B{reserved 1;}\nmessage C{}",
       "message A {}\n\nmessage B {\n  reserved 1;\n}\n\nmessage C {}\n"},
      {"a body of lone ; is empty", "message A{;;}", "message A {}\n"},
      {"a literal that ends with its option's line fits to the last column",
       "option (a) = {a22222222222222222222222222222222222222222222222222222222222222222222: 1 b:"
       " 1 cde: 1};",
       "option (a) = {a22222222222222222222222222222222222222222222222222222222222222222222: 1 b:"
       " 1 cde: 1};\n"},
      {"and one more does not",
       "option (a) = {a22222222222222222222222222222222222222222222222222222222222222222222: 1 b:"
       " 1 cdef: 1};",
       "option (a) = {\n  a22222222222222222222222222222222222222222222222222222222222222222222: "
       "1\n  b: 1\n  cdef: 1\n};\n"},
      {"words that are no words here stay apart", "option (a) = {b: 1 .5};",
       "option (a) = {b: 1 .5};\n"},
      {"a number before a dot", "option (a) = {[b 1 .c]: 2};", "option (a) = {[b 1 .c]: 2};\n"},
      {"a sign may stand alone", "option a = - inf;", "option a = -inf;\n"},
      {"a sign before a literal is nothing to protoc", "option a = -{b:1};",
       "option a = -{b: 1};\n"},
      {"a list with a comma too many is kept", "option (a) = {b: [1 , ]};",
       "option (a) = {b: [1 , ]};\n"},
      {"a # comment keeps its line", "option (a) = {b: 1 # c: 2\nd:3};",
       "option (a) = {b: 1 # c: 2\nd:3};\n"},
  };
  check_rows(t, rows, STELE_COUNT(rows));
}

static void test_comments(stele_test *t) {
  static const format_row rows[] = {
      {"a lone one on a shared line stays nobody's", "package a; /* x */ option b=1;",
       "package a;\n\n/* x */\n\noption b = 1;\n"},
      {"two on a shared line have owners", "package a; /* x */ /* y */ option b=1;",
       "package a; /* x */\n\n/* y */\noption b = 1;\n"},
      {"a block above its token gets the line for itself", "package a;\n/* x */ option b=1;",
       "package a;\n\n/* x */\noption b = 1;\n"},
      {"two blocks below each other", "package a;\n/* x */\n/* y */\noption b=1;",
       "package a;\n/* x */\n\n/* y */\noption b = 1;\n"},
      {"line comments below a trailing one", "package a; // x\n// y\n// z\noption b=1;",
       "package a; // x\n\n// y\n// z\noption b = 1;\n"},
      {"a block, then a line comment, on one line", "package a;\n/* x */ // y\noption b=1;",
       "package a;\n/* x */\n\n// y\noption b = 1;\n"},
      {"no blank line at the start of a block but for what it parts",
       "message A {\n\n// x\nreserved 1; }\nmessage B {\n\n// x\n\n// y\nreserved 1; }",
       "message A {\n  // x\n  reserved 1;\n}\n\nmessage B {\n\n  // x\n\n  // y\n  reserved 1;\n}"
       "\n"},
      {"an empty body's own", "message A { /* x */ }\nmessage B { // y\n}\nmessage C {\n// z\n}",
       "message A { /* x */ }\n\nmessage B { // y\n}\n\nmessage C {\n  // z\n}\n"},
      {"between all tokens", "package/*1*/a/*2*/./*3*/b/*4*/;",
       "package /*1*/ a /*2*/. /*3*/ b /*4*/;\n"},
      {"line comments between tokens", "package//1\na//2\n;//3",
       "package //1\n    a //2\n    ; //3\n"},
      {"a block of several lines moves as one",
       "message A {\n/* x\n   y\n  * z\n\n*/\nreserved 1;}",
       "message A {\n  /* x\n     y\n   * z\n\n   */\n  reserved 1;\n}\n"},
      {"a tab in it counts eight", "message A {\n\t/* x\n\t   y */\nreserved 1;}",
       "message A {\n  /* x\n     y */\n  reserved 1;\n}\n"},
      {"blanks at the end are words of the comment", "package a; // x  \n", "package a; // x  \n"},
      {"beside a lone ;", "message A {}; // x", "message A {}; // x\n"},
      {"lone ; that go and others that stay", "message A {};;//x\n;;", "message A {}; //x\n;\n"},
      {"in front of a lone ;", "message A {}\n// x\n;", "message A {}\n// x\n;\n"},
  };
  check_rows(t, rows, STELE_COUNT(rows));
}

static void test_line_ends(stele_test *t) {
  static const format_row rows[] = {
      {"CR LF stays", "package a;\r\n// x\r\n\r\noption b=1;\r\n",
       "package a;\r\n// x\r\n\r\noption b = 1;\r\n"},
      {"in blocks too", "package a;\r\n/* x\r\n\r\n y */\r\n",
       "package a;\r\n/* x\r\n\r\n y */\r\n"},
      {"CR LF where all are", "package a;\n// x\r\n\r\noption b=1;\r\n",
       "package a;\n// x\r\n\noption b = 1;\n"},
      {"a comment that the file ends with", "package a;\r\noption b=1;\r\n//x",
       "package a;\r\n\r\noption b = 1;\r\n//x\n"},
      {"and one with a line end", "package a;\r\noption b=1;\r\n//x\n",
       "package a;\r\n\r\noption b = 1;\r\n//x\n"},
      {"a lone one behind a comment", "message M{reserved 1;}//x\r\n",
       "message M {\r\n  reserved 1;\r\n} //x\r\n"},
      {"a first one that goes", "\n\n/* a\r\n b */", "/* a\r\n b */\n"},
      {"a last one that differs", "package a;\r\noption b=1;\n", "package a;\n\noption b = 1;\n"},
      {"CR alone is a blank", "package a;\roption b=1;", "package a;\n\noption b = 1;\n"},
  };
  check_rows(t, rows, STELE_COUNT(rows));
}

/* ---- What is refused ------------------------------------------------------------ */

static void test_mistakes(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"a token is missing", "message {}", "x.proto:1:9: Expected message name.\n"},
      {"two mistakes", "message A { int32 = 1; }\nfoo",
       "x.proto:1:13: Expected \"required\", \"optional\", or \"repeated\".\nx.proto:1:19: "
       "Expected "
       "field name.\nx.proto:2:1: Expected top-level statement (e.g. \"message\").\n"},
      {"a comment without end", "package a; /* b", NULL},
      {"a NUL byte", "package a;\x01", NULL},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    stele_buf out, said;
    stele_report *report = stele_report_new(t->arena, 0);
    stele_source source = {STELE_STR("x.proto"), stele_cstr(rows[i].in)};
    t_case(t, rows[i].label);
    stele_buf_init(&out, t->arena, 0);
    stele_buf_add_cstr(&out, "before");
    t_true(t, !stele_format(t->arena, &source, report, &out, &err));
    t_eq_int(t, err.code, STELE_INVALID);
    t_eq_str(t, stele_buf_str(&out), STELE_STR("before"));
    t_true(t, stele_report_has_errors(report));
    if (!rows[i].want) continue;
    stele_buf_init(&said, t->arena, 0);
    stele_report_print(report, STELE_REPORT_PROTOC, &said);
    const char *warning = memmem(said.ptr, said.len, "\nx.proto", 8); /* no syntax was given */
    t_true(t, warning || said.len);
    t_true(t, memmem(said.ptr, said.len, rows[i].want, strlen(rows[i].want)) != NULL);
  }
}

static bool format_to_heap(stele_arena *arena, stele_err *err) {
  stele_buf out;
  stele_source source = {
      STELE_STR("x.proto"),
      STELE_STR("// a\n\n/* b\n c */\nmessage A { // d\n reserved 1, 2; /* e */ }\n"
                "option (x) = { a: [1, 2] b { c: 'd' 'e' } };")};
  stele_buf_init(&out, NULL, 0);
  stele_report *report = NULL;
  bool ok = stele_format(arena, &source, report, &out, err);
  stele_buf_release(&out);
  return ok;
}

static void test_out_of_memory(stele_test *t) {
  t_each_failure(t, format_to_heap);
}

static void test_limit(stele_test *t) {
  stele_err err = {0};
  stele_buf out;
  stele_source source = {STELE_STR("x.proto"), STELE_STR("message Message { }")};
  stele_buf_init(&out, t->arena, 10);
  t_true(t, !stele_format(t->arena, &source, stele_report_new(t->arena, 0), &out, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  t_eq_int(t, out.len, 0);
}

/* Far deeper than any literal that a person writes, and very wide. */
static void test_bounds(stele_test *t) {
  stele_buf text;
  stele_str out;
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text, "option a = {");
  for (int i = 0; i < 20000; i++) stele_buf_add_cstr(&text, "b{");
  for (int i = 0; i < 20000; i++) stele_buf_add_byte(&text, '}');
  stele_buf_add_cstr(&text, "};\noption c = {d: [");
  for (int i = 0; i < 20000; i++) stele_buf_add_cstr(&text, "1,");
  stele_buf_add_cstr(&text, "2]};");
  const char *fault = format_fault(t->arena, stele_buf_str(&text), &out);
  t_true(t, fault == NULL);
  t_true(t, out.len > text.len);
}

TEST_MAIN(test_layout, test_comments, test_line_ends, test_mistakes, test_out_of_memory, test_limit,
          test_bounds)
