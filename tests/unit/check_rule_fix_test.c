/* Fixes: a text goes in, the mended one comes out. */
#include "check/judge/fix.h"
#include "check/judge/judge.h"
#include "harness/schema.h"

/* The text behind the one file of a tree. */
static bool text_of(void *arg, const stele_file *file, stele_str *out) {
  (void)file;
  *out = stele_cstr(arg);
  return true;
}

static stele_str mended(stele_test *t, t_schemas *held, const rule_config *config, const char *text,
                        const char *was) {
  stele_err err = {0};
  t_text files[] = {{"test.proto", text},
                    {"z.proto", "syntax = \"proto3\"; message Z {}"},
                    {"a.proto", "syntax = \"proto3\"; message A {}"}};
  rule_file now = {.file = t_schema_files(t, held, files, 3)};
  rule_file before = {.file = was ? t_schema(t, held, was) : NULL};
  rule_tree tree = {
      .files = &now, .count = 1, .text = text_of, .text_arg = (void *)(uintptr_t)text};
  rule_tree older = {.files = &before, .count = 1};
  rule_edits edits = {0};
  const rule_selection *selection = rule_select(t->arena, config, &err);
  t_ok(t, selection != NULL, &err);
  t_ok(t, rule_fix(t->arena, selection, &tree, was ? &older : NULL, &edits, &err), &err);
  return rule_edits_apply(t->arena, &edits, STELE_STR("test.proto"), stele_cstr(text));
}

#define HEAD "syntax = \"proto3\";\n"

static void test_lint(stele_test *t) {
  static const struct {
    const char *label, *text, *want;
  } rows[] = {
      {"a field whose JSON name stays", HEAD "message M { int32 fooBar = 1; }\n",
       HEAD "message M { int32 foo_bar = 1; }\n"},
      {"one whose JSON name would not", HEAD "message M { int32 FooBar = 1; }\n",
       HEAD "message M { int32 FooBar = 1; }\n"},
      {"one whose JSON name is given",
       HEAD "message M { int32 FooBar = 1 [json_name = \"FooBar\"]; }\n",
       HEAD "message M { int32 foo_bar = 1 [json_name = \"FooBar\"]; }\n"},
      {"a oneof, behind a tab and a wide letter",
       HEAD "message M {\n\t/* é */ oneof someThing { int32 a = 1; }\n}\n",
       HEAD "message M {\n\t/* é */ oneof some_thing { int32 a = 1; }\n}\n"},
      {"a name that is taken", HEAD "message M { oneof aB { int32 a_b = 1; } }\n",
       HEAD "message M { oneof aB { int32 a_b = 1; } }\n"},
      {"imports",
       HEAD "import \"z.proto\";\nimport \"a.proto\";\nmessage M { Z z = 1; A a = 2; }\n",
       HEAD "import \"a.proto\";\nimport \"z.proto\";\nmessage M { Z z = 1; A a = 2; }\n"},
      {"imports with words between them",
       HEAD "import \"z.proto\";\n// Mine.\nimport \"a.proto\";\nmessage M { Z z = 1; A a = 2; }\n",
       HEAD
       "import \"z.proto\";\n// Mine.\nimport \"a.proto\";\nmessage M { Z z = 1; A a = 2; }\n"},
  };
  const rule_config config = {.kind = RULE_LINT, .set = RULE_SET_V2};
  t_schemas held = {0};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, mended(t, &held, &config, rows[i].text, NULL), stele_cstr(rows[i].want));
  }
  t_schemas_free(&held);
}

static void test_reserve(stele_test *t) {
  static const struct {
    const char *label, *was, *text, *want;
  } rows[] = {
      {"a field, in a message of many lines",
       HEAD "message M {\n  int32 a = 1;\n  int32 b = 2;\n}\n",
       HEAD "message M {\n  int32 a = 1;\n}\n",
       HEAD "message M {\n  reserved 2; reserved \"b\";\n  int32 a = 1;\n}\n"},
      {"a value, in a line", HEAD "enum E { Z = 0; A = 1; }\n", HEAD "enum E { Z = 0; }\n",
       HEAD "enum E {\n  reserved 1; reserved \"A\";\n  Z = 0; }\n"},
      {"several at once", HEAD "message M {\n  int32 a = 1;\n  int32 b = 2;\n  int32 c = 3;\n}\n",
       HEAD "message M {\n}\n",
       HEAD "message M {\n  reserved 1, 2, 3; reserved \"a\", \"b\", \"c\";\n}\n"},
      {"two names of one number",
       HEAD "enum E {\n  option allow_alias = true;\n  Z = 0;\n  A = -1;\n  B = -1;\n}\n",
       HEAD "enum E {\n  Z = 0;\n}\n",
       HEAD "enum E {\n  reserved -1; reserved \"A\", \"B\";\n  Z = 0;\n}\n"},
      {"an edition has names without quotes", "edition = \"2023\";\nmessage M { int32 b = 2; }\n",
       "edition = \"2023\";\nmessage M {\n}\n",
       "edition = \"2023\";\nmessage M {\n  reserved 2; reserved b;\n}\n"},
      {"a brace in a comment", HEAD "message M /* { */ // {\n{\n  int32 b = 2;\n}\n",
       HEAD "message M /* { */ // {\n{\n}\n",
       HEAD "message M /* { */ // {\n{\n  reserved 2; reserved \"b\";\n}\n"},
      {"lines that end with CR LF", HEAD "\r\nmessage M {\r\n  int32 b = 2;\r\n}\r\n",
       "syntax = \"proto3\";\r\nmessage M {\r\n}\r\n",
       "syntax = \"proto3\";\r\nmessage M {\r\n  reserved 2; reserved \"b\";\r\n}\r\n"},
      {"what is reserved already", HEAD "message M { int32 b = 2; }\n",
       HEAD "message M { reserved 2; reserved \"b\"; }\n",
       HEAD "message M { reserved 2; reserved \"b\"; }\n"},
      {"nested, by number alone", HEAD "message O {\n  message M { int32 b = 2; }\n}\n",
       HEAD "message O {\n  message M {\n    int32 b = 3;\n  }\n}\n",
       HEAD "message O {\n  message M {\n    reserved 2;\n    int32 b = 3;\n  }\n}\n"},
  };
  const rule_config config = {.kind = RULE_BREAKING, .set = RULE_SET_V2};
  t_schemas held = {0};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, mended(t, &held, &config, rows[i].text, rows[i].was), stele_cstr(rows[i].want));
  }
  t_schemas_free(&held);
}

TEST_MAIN(test_lint, test_reserve)
