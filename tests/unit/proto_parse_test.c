/* The tree of a file: what each declaration is made of, and what is left of it
 * after a mistake. Findings are held by tests/golden/diagnostics. */
#include "base/guard.h"
#include "harness/test.h"
#include "proto/parse/parse.h"

static const char *const kinds[] = {"file",    "syntax", "package", "import",     "option",
                                    "message", "enum",   "service", "extend",     "field",
                                    "map",     "group",  "oneof",   "extensions", "reserved",
                                    "value",   "method", "empty",   "bad"};
static const char *const modifiers[] = {"",         "public",   "weak",   "option", "optional",
                                        "required", "repeated", "export", "local"};

static const stele_ast_file *parse(stele_test *t, stele_str text) {
  stele_source *source = STELE_NEW(t->arena, stele_source);
  *source = (stele_source){STELE_STR("a.proto"), text};
  stele_report *report = stele_report_new(t->arena, 0);
  return stele_parse(t->arena, stele_token_interner(t->arena), source, report);
}

static void add_tokens(stele_test *t, const stele_ast_file *file, const char *label, uint32_t first,
                       uint32_t last, stele_buf *out) {
  if (first == STELE_AST_NONE) return;
  stele_buf_printf(out, " %s=", label);
  stele_buf_add_str(out, stele_token_glue(t->arena, &file->tokens, first, last));
}

static void add_options(stele_test *t, const stele_ast_file *file, const stele_ast_decl *decl,
                        stele_buf *out) {
  static const char values[] = {'n', 'i', 'f', 's', 'a'};
  for (uint32_t i = 0; i < decl->option_count; i++) {
    const stele_ast_option *option = &file->options[decl->option_start + i];
    stele_buf_add_cstr(out, " [");
    stele_buf_add_str(
        out, stele_token_glue(t->arena, &file->tokens, option->name_first, option->name_last));
    stele_buf_printf(out, " %c%s ", values[option->value_kind], option->negative ? "-" : "");
    stele_buf_add_str(
        out, stele_token_glue(t->arena, &file->tokens, option->value_first, option->value_last));
    stele_buf_add_byte(out, ']');
  }
}

static void add_numbers(const stele_ast_file *file, const stele_ast_decl *decl, stele_buf *out) {
  if (decl->number != STELE_AST_NONE) stele_buf_printf(out, " #%d", decl->number_value);
  for (uint32_t i = 0; i < decl->range_count; i++) {
    const stele_ast_range *range = &file->ranges[decl->range_start + i];
    stele_buf_printf(out, " %d..%d%s", range->start_value, range->end_value,
                     range->is_max ? "(max)" : "");
  }
  for (uint32_t i = 0; i < decl->reserved_count; i++) {
    stele_buf_add_cstr(out, " '");
    stele_buf_add_str(out, file->reserved_names[decl->reserved_start + i].name);
    stele_buf_add_byte(out, '\'');
  }
}

/* "message A { field int32 a #1; }" is
 * (message name=A (field type=int32 name=a #1)). */
static void dump(stele_test *t, const stele_ast_file *file, const stele_ast_decl *decl,
                 stele_buf *out) {
  stele_buf_printf(out, "(%s", kinds[decl->kind]);
  if (decl->modifier) stele_buf_printf(out, " %s", modifiers[decl->modifier]);
  if (decl->stream != STELE_AST_NONE) stele_buf_add_cstr(out, " in-stream");
  add_tokens(t, file, "type", decl->type, decl->type_last, out);
  if (decl->stream2 != STELE_AST_NONE) stele_buf_add_cstr(out, " out-stream");
  add_tokens(t, file, "type2", decl->type2, decl->type2_last, out);
  add_tokens(t, file, "name", decl->name, decl->name_last, out);
  add_tokens(t, file, "value", decl->value, decl->value_last, out);
  add_numbers(file, decl, out);
  add_options(t, file, decl, out);
  if (decl->kind == STELE_AST_BAD) add_tokens(t, file, "was", decl->first, decl->last, out);
  for (uint32_t i = 0; i < decl->child_count; i++) {
    stele_buf_add_byte(out, ' ');
    dump(t, file, stele_ast_child(file, decl, i), out);
  }
  stele_buf_add_byte(out, ')');
}

static stele_str dump_file(stele_test *t, const stele_ast_file *file) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (uint32_t i = 0; i < file->decls[0].child_count; i++) {
    if (i) stele_buf_add_byte(&out, ' ');
    dump(t, file, stele_ast_child(file, &file->decls[0], i), &out);
  }
  return stele_buf_str(&out);
}

typedef struct row {
  const char *label, *in, *want;
} row;

static void check_rows(stele_test *t, const row *rows, size_t count, bool has_errors) {
  for (size_t i = 0; i < count; i++) {
    t_case(t, rows[i].label);
    const stele_ast_file *file = parse(t, stele_cstr(rows[i].in));
    t_eq_str(t, dump_file(t, file), stele_cstr(rows[i].want));
    t_eq_int(t, file->has_errors, has_errors);
  }
}

static void test_trees(stele_test *t) {
  static const row rows[] = {
      {"nothing", "", ""},
      {"syntax", "syntax = \"pro\" 'to3';", "(syntax value=\"pro\"'to3')"},
      {"edition", "edition = \"2023\";", "(syntax value=\"2023\")"},
      {"package", "package a . b.c;", "(package name=a.b.c)"},
      {"imports", "import 'a' 'b'; import public \"c\"; import weak \"d\";",
       "(import value='a''b') (import public value=\"c\") (import weak value=\"d\")"},
      {"option import", "edition = \"2024\"; import option 'a';",
       "(syntax value=\"2024\") (import option value='a')"},
      {"empty statements", ";;", "(empty) (empty)"},
      {"message", "message A {}", "(message name=A)"},
      {"visibility", "edition = \"2024\"; export message A { local enum B {} }",
       "(syntax value=\"2024\") (message export name=A (enum local name=B))"},
      {"fields", "message A { optional int32 a = 1; repeated .b.C c = 0x10; required d d = 017; }",
       "(message name=A (field optional type=int32 name=a #1) (field repeated type=.b.C name=c "
       "#16) (field required type=d name=d #15))"},
      {"nested declarations",
       "message A { message B {} enum C {} ; extend D { optional E f = 1; } }",
       "(message name=A (message name=B) (enum name=C) (empty) (extend type=D (field optional "
       "type=E name=f #1)))"},
      {"maps", "syntax = 'proto3'; message A { map<int32, .B.C> a = 1 [x = y]; }",
       "(syntax value='proto3') (message name=A (map type=int32 type2=.B.C name=a #1 [x n y]))"},
      {"map as a name", "message A { optional map map = 1; }",
       "(message name=A (field optional type=map name=map #1))"},
      {"groups", "message A { repeated group G = 1 [x = 1] { optional int32 a = 1; } }",
       "(message name=A (group repeated type=group name=G #1 [x i 1] (field optional type=int32 "
       "name=a #1)))"},
      {"oneofs", "message A { oneof o { option x = 1; int32 a = 1; group G = 2 {} } }",
       "(message name=A (oneof name=o (option [x i 1]) (field type=int32 name=a #1) (group "
       "type=group name=G #2)))"},
      {"extensions", "message A { extensions 1, 3 to 5, 7 to max [x = y]; }",
       "(message name=A (extensions 1..1 3..5 7..2147483647(max) [x n y]))"},
      {"reserved", "message A { reserved 1, 2 to 3, 4 to max; reserved 'a' \"b\", 'c'; }",
       "(message name=A (reserved 1..1 2..3 4..2147483647(max)) (reserved 'ab' 'c'))"},
      {"reserved in an edition", "edition = '2023'; message A { reserved a, b; }",
       "(syntax value='2023') (message name=A (reserved 'a' 'b'))"},
      {"enums",
       "enum A { B = 0; C = -1 [x = y, z = -2]; reserved -5 to -3, 9; option q = true; ; }",
       "(enum name=A (value name=B #0) (value name=C #-1 [x n y] [z i- -2]) (reserved -5..-3 9..9) "
       "(option [q n true]) (empty))"},
      {"the smallest number", "enum A { B = -2147483648; }",
       "(enum name=A (value name=B #-2147483648))"},
      {"services",
       "service S { option x = 1; rpc a(B) returns (.c.D); rpc e(stream B) returns "
       "(stream F) { option y = 2; ; } }",
       "(service name=S (option [x i 1]) (method type=B type2=.c.D name=a) (method in-stream "
       "type=B "
       "out-stream type2=F name=e (option [y i 2]) (empty)))"},
      {"option names", "option (a).b.(.c.d) = 1; option ( a . b ) = 1;",
       "(option [(a).b.(.c.d) i 1]) (option [(a.b) i 1])"},
      {"option values",
       "option a = b; option a = 1; option a = -1; option a = 1.5; option a = -.5; option a = inf; "
       "option a = -inf; option a = 'x' 'y'; option a = { b: { c: '}' } };",
       "(option [a n b]) (option [a i 1]) (option [a i- -1]) (option [a f 1.5]) (option [a f- "
       "-.5]) "
       "(option [a n inf]) (option [a f- -inf]) (option [a s 'x''y']) (option [a a {b:{c:'}'}}])"},
      {"integers too large are floats",
       "option a = 18446744073709551615; option a = 18446744073709551616; option a = "
       "-9223372036854775808; option a = -9223372036854775809;",
       "(option [a i 18446744073709551615]) (option [a f 18446744073709551616]) (option [a i- "
       "-9223372036854775808]) (option [a f- -9223372036854775809])"},
      {"pseudo-options",
       "message A { optional int32 a = 1 [default = -5, json_name = 'x' 'y', z = 1]; optional B b "
       "= "
       "2 [default = C]; optional B b = 3 [default = 7]; optional bool c = 4 [default = true]; }",
       "(message name=A (field optional type=int32 name=a #1 [default i- -5] [json_name s 'x''y'] "
       "[z i 1]) (field optional type=B name=b #2 [default n C]) (field optional type=B name=b #3 "
       "[default i 7]) (field optional type=bool name=c #4 [default n true]))"},
  };
  check_rows(t, rows, STELE_COUNT(rows), false);
}

static void test_trees_after_mistakes(stele_test *t) {
  static const row rows[] = {
      {"a statement becomes bad", "foo bar; message A {}", "(bad was=foobar;) (message name=A)"},
      {"its neighbours stay", "message A { int32 ; optional int32 b = 2; }",
       "(message name=A (bad type=int32 was=int32;) (field optional type=int32 name=b #2))"},
      {"a block is skipped", "foo { bar } ;", "(bad was=foo{bar}) (empty)"},
      {"a block without end keeps what it has", "message A { message B {} optional int32 c = 1;",
       "(message name=A (message name=B) (field optional type=int32 name=c #1))"},
      {"a brace alone", "} message A {}", "(bad was=}) (message name=A)"},
      {"a wrong syntax ends all", "syntax = 'x'; message A {}", "(bad value='x' was=syntax='x';)"},
      {"what is skipped behind a block", "enum A { option allow_alias = false; B = 0; } enum C {}",
       "(enum name=A (option [allow_alias n false]) (value name=B #0)) (bad was=enumC{})"},
      {"nothing taken, nothing added", "message A { oneof o {} }",
       "(message name=A (oneof name=o))"},
  };
  check_rows(t, rows, STELE_COUNT(rows), true);
}

static void test_members(stele_test *t) {
  const stele_ast_file *file = parse(
      t, STELE_STR("edition = '2024';\nexport message A { repeated int32 a = 1 [x = 1]; }\n"));
  const stele_ast_decl *root = &file->decls[0];
  const stele_ast_decl *message = stele_ast_child(file, root, 1);
  const stele_ast_decl *field = stele_ast_child(file, message, 0);
  t_eq_int(t, file->edition, 1001);
  t_true(t, file->has_syntax);
  t_eq_int(t, root->first, 0);
  t_eq_int(t, root->last, file->tokens.count - 2);
  t_eq_int(t, message->first, message->modifier_token);
  t_eq_str(t, stele_token_text(&file->tokens, message->open), STELE_STR("{"));
  t_eq_int(t, message->close, message->last);
  t_eq_str(t, stele_token_text(&file->tokens, field->first), STELE_STR("repeated"));
  t_eq_str(t, stele_token_text(&file->tokens, field->last), STELE_STR(";"));
  t_eq_str(t, stele_token_text(&file->tokens, field->bracket_open), STELE_STR("["));
  t_eq_str(t, stele_token_text(&file->tokens, field->bracket_close), STELE_STR("]"));
  t_eq_str(t, stele_token_text(&file->tokens, field->number), STELE_STR("1"));
  t_eq_int(t, field->open, STELE_AST_NONE);
  t_eq_int(t, field->parent, message - file->decls);
}

static void test_editions(stele_test *t) {
  static const struct {
    const char *in;
    uint32_t want;
    bool has_syntax;
  } rows[] = {
      {"", 998, false},
      {"syntax = 'proto2';", 998, true},
      {"syntax = 'proto3';", 999, true},
      {"edition = '2023';", 1000, true},
      {"edition = '2024';", 1001, true},
      {"edition = '2026';", 1002, true},
      {"edition = 'UNSTABLE';", 9999, true},
      {"edition = '99997_TEST_ONLY';", 99997, true},
      {"edition = 'MAX';", INT32_MAX, true},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].in);
    const stele_ast_file *file = parse(t, stele_cstr(rows[i].in));
    t_eq_int(t, file->edition, rows[i].want);
    t_eq_int(t, file->has_syntax, rows[i].has_syntax);
    t_true(t, !file->has_errors);
  }
}

static void test_imports(stele_test *t) {
  const stele_ast_file *file =
      parse(t, STELE_STR("import 'a'; message A {} import public 'b' '/c'; import \"\\x64\";"));
  const stele_str *paths;
  t_eq_int(t, stele_parse_imports(file, t->arena, &paths), 3);
  t_eq_str(t, paths[0], STELE_STR("a"));
  t_eq_str(t, paths[1], STELE_STR("b/c"));
  t_eq_str(t, paths[2], STELE_STR("d"));
}

/* Texts that try to cost more than they are long. */
static void test_hostile_texts(stele_test *t) {
  static const struct {
    const char *label, *head, *body, *tail;
    size_t times;
    bool has_errors;
  } rows[] = {
      {"ten thousand messages in one another", "", "message A{", "", 10000, true},
      {"ten thousand groups", "message A{", "optional group G=1{", "", 10000, true},
      {"a hundred thousand braces", "", "{", "", 100000, true},
      {"a hundred thousand closing braces", "", "}", "", 100000, true},
      {"an aggregate a million deep", "option a = {", "b{", "", 1000000, true},
      {"a type name of a million parts", "message A { optional ", "a.", "a b = 1; }", 1000000,
       false},
      {"a million strings in a row", "option a = ", "'x' ", ";", 1000000, false},
      {"a million tabs", "", "\t", "x", 1000000, true},
      {"a million options", "message A { optional B b = 1 [a = 1", ", a = 1", "]; }", 300000,
       false},
      {"a million comments", "", "/**/", "", 1000000, false},
      {"a million mistakes", "", "0x ", "", 300000, true},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_arena *arena = stele_arena_new(512 << 20);
    t_true(t, arena != NULL);
    stele_test inner = {.arena = arena, .label = t->label, .name = t->name};
    stele_buf text;
    stele_buf_init(&text, arena, 0);
    stele_buf_add_cstr(&text, rows[i].head);
    for (size_t n = 0; n < rows[i].times; n++) stele_buf_add_cstr(&text, rows[i].body);
    stele_buf_add_cstr(&text, rows[i].tail);
    const stele_ast_file *file = parse(&inner, stele_buf_str(&text));
    t_eq_int(t, file->has_errors, rows[i].has_errors);
    stele_arena_free(arena);
  }
}

static void parse_all(void *arg) {
  stele_arena *arena = arg;
  stele_source source = {STELE_STR("a.proto"),
                         STELE_STR("syntax = 'proto2'; message A { optional int32 a = 1 [x = 'y']; "
                                   "extensions 5 to 9; reserved 'b', 'c d'; int32; }")};
  stele_report *report = stele_report_new(arena, 0);
  (void)stele_parse(arena, stele_token_interner(arena), &source, report);
}

static bool parse_under_failure(stele_arena *arena, stele_err *err) {
  return stele_guard_run(arena, parse_all, arena, err);
}

static void test_out_of_memory(stele_test *t) {
  t_each_failure(t, parse_under_failure);
}

/* A text that needs more than the job may have is refused, not survived. */
static void parse_much(void *arg) {
  stele_arena *arena = arg;
  static char text[1 << 20];
  memset(text, ';', sizeof text);
  stele_source source = {STELE_STR("a.proto"), {text, sizeof text}};
  stele_report *report = stele_report_new(arena, 0);
  (void)stele_parse(arena, stele_token_interner(arena), &source, report);
}

static void test_limit(stele_test *t) {
  stele_arena *arena = stele_arena_new(4 << 20);
  stele_err err = {0};
  t_true(t, !stele_guard_run(arena, parse_much, arena, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  stele_arena_free(arena);
}

TEST_MAIN(test_trees, test_trees_after_mistakes, test_members, test_editions, test_imports,
          test_hostile_texts, test_out_of_memory, test_limit)
