/* The package of a text that nobody has compiled yet. */
#include "harness/test.h"
#include "input/package_scan.h"

static void test_packages(stele_test *t) {
  static const struct {
    const char *label, *text, *want;
  } rows[] = {
      {"nothing", "", ""},
      {"none", "syntax = \"proto3\"; message M {}", ""},
      {"one", "syntax = \"proto3\";\npackage a.b.v1;\n", "a.b.v1"},
      {"blanks and comments in it", "package /* x */ a . // y\n b ;", "a.b"},
      {"after imports and options", "import \"x.proto\"; option a = { b: 1 }; package p;", "p"},
      {"in a comment", "// package a;\n/* package b; */ package c;", "c"},
      {"in a text", "import \"; package a;\"; option x = '; package b;'; package c;", "c"},
      {"a quote in a text", "option x = \"\\\"; package a;\"; package b;", "b"},
      {"a text that does not end ends with its line", "option x = \"a;\npackage b;", ""},
      {"in a message", "message M { package a; }", ""},
      {"after a message", "message M { message N {} } package b;", "b"},
      {"a word that begins so", "packages a; package b;", "b"},
      {"a name that begins so", "option package = 1; package b;", "b"},
      {"too many ends", "}}} package b;", "b"},
      {"a comment that does not end", "/* package a;", ""},
      {"cut off", "package", ""},
      {"cut off in the name", "package a.", "a."},
      {"another mark in the name", "package a-b;", "a"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, input_package_of(t->arena, stele_cstr(rows[i].text)), stele_cstr(rows[i].want));
  }
}

TEST_MAIN(test_packages)
