/* The public face of the tree: what it tells of files that are whole, broken or
 * hardly begun, and that it holds for every text and every index. */
#include "stele/syntax.h"

#include "base/buf.h"
#include "harness/test.h"

static const stele_syntax *parse(stele_test *t, stele_str text) {
  stele_err err = {0};
  const stele_syntax *syntax = stele_syntax_parse(t->arena, STELE_STR("a.proto"), text, NULL, &err);
  t_ok(t, syntax != NULL, &err);
  return syntax;
}

static void add_part(const stele_syntax *s, uint32_t decl, stele_syntax_part part,
                     const char *label, stele_buf *out) {
  stele_syntax_span span;
  if (!stele_syntax_decl_span(s, decl, part, &span)) return;
  stele_buf_printf(out, " %s=", label);
  stele_buf_add_str(out, stele_syntax_span_text(s, span));
}

/* "message A { int32 a = 1; }" is (message name=A (field type=int32 name=a #=1)). */
static void dump(const stele_syntax *s, uint32_t decl, stele_buf *out) {
  stele_syntax_kind kind = stele_syntax_decl_kind(s, decl);
  stele_buf_printf(out, "(%s", stele_syntax_kind_text(kind));
  if (stele_syntax_decl_meant(s, decl) != kind) {
    stele_buf_printf(out, " meant=%s", stele_syntax_kind_text(stele_syntax_decl_meant(s, decl)));
  }
  add_part(s, decl, STELE_SYNTAX_PART_TYPE, "type", out);
  add_part(s, decl, STELE_SYNTAX_PART_SECOND_TYPE, "second", out);
  add_part(s, decl, STELE_SYNTAX_PART_NAME, "name", out);
  add_part(s, decl, STELE_SYNTAX_PART_NUMBER, "#", out);
  add_part(s, decl, STELE_SYNTAX_PART_VALUE, "value", out);
  if (kind == STELE_SYNTAX_BAD) add_part(s, decl, STELE_SYNTAX_PART_WHOLE, "was", out);
  for (uint32_t i = 0; i < stele_syntax_decl_child_count(s, decl); i++) {
    stele_buf_add_byte(out, ' ');
    dump(s, stele_syntax_decl_child(s, decl, i), out);
  }
  stele_buf_add_byte(out, ')');
}

static void test_trees(stele_test *t) {
  static const struct {
    const char *label, *in, *tree;
    const char *findings; /* NULL: none */
  } rows[] = {
      {"empty", "", "(file)", NULL},
      {"only comments", "// one\n/* two\n */", "(file)", NULL},
      {"all that has a name", "syntax = 'proto3'; package a . b; import 'x' 'y';",
       "(file (syntax value='proto3') (package name=a . b) (import value='x' 'y'))", NULL},
      {"messages",
       "message A { reserved 3; oneof o { B b = 1; } map<int32, .c.D> m = 2; message E {} ; }",
       "(file (message name=A (reserved) (oneof name=o (field type=B name=b #=1)) (map field "
       "type=int32 second=.c.D name=m #=2) (message name=E) (empty)))",
       NULL},
      {"the rest",
       "enum A { B = -1; } service S { rpc M(A) returns (stream .B); } extend X { optional group G "
       "= 1 {} } message Y { extensions 4; option (a).b = 'c'; }",
       "(file (enum name=A (value name=B #=1)) (service name=S (method type=A second=.B name=M)) "
       "(extend type=X (group type=group name=G #=1)) (message name=Y (extensions) (option "
       "name=(a).b value='c')))",
       NULL},
      {"broken in the middle of a message",
       "syntax = 'proto3'; message A { int32 a = 1; int32 b = ; int32 c = 3; }",
       "(file (syntax value='proto3') (message name=A (field type=int32 name=a #=1) (bad "
       "meant=field type=int32 name=b was=int32 b = ;) (field type=int32 name=c #=3)))",
       "a.proto:1:55: Expected field number.\n"},
      {"a string without end: to the next semicolon",
       "syntax = 'proto3'; import \"a\nmessage A { int32 a = 1; } message B {}",
       "(file (syntax value='proto3') (bad meant=import value=\"a was=import \"a\nmessage A { "
       "int32 "
       "a = 1; }) (message name=B))",
       "a.proto:1:29: Multiline strings are not allowed. Did you miss a \"?.\n"
       "a.proto:2:1: Expected \";\".\n"},
      {"a brace is missing", "syntax = 'proto3'; message A { int32 a = 1;\nmessage B {}",
       "(file (syntax value='proto3') (message name=A (field type=int32 name=a #=1) (message "
       "name=B)))",
       "a.proto:2:13: Reached end of input in message definition (missing '}').\n"},
      {"a type alone", "syntax = 'proto3'; message A { fo",
       "(file (syntax value='proto3') (message name=A (bad meant=field type=fo was=fo)))",
       "a.proto:1:34: Expected field name.\n"
       "a.proto:1:34: Reached end of input in message definition (missing '}').\n"},
      {"a brace too many", "} enum A { B = 0; }",
       "(file (bad was=}) (enum name=A (value name=B #=0)))",
       "a.proto:1:1: Expected top-level statement (e.g. \"message\").\n"
       "a.proto:1:1: Unmatched \"}\".\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_str text = stele_cstr(rows[i].in);
    const stele_syntax *s = parse(t, text);
    stele_buf out;
    stele_buf_init(&out, t->arena, 0);
    dump(s, 0, &out);
    t_eq_str(t, stele_buf_str(&out), stele_cstr(rows[i].tree));
    t_eq_int(t, stele_syntax_has_errors(s), rows[i].findings != NULL);
    t_eq_str(t, stele_report_text(stele_syntax_findings(s), t->arena, STELE_REPORT_PROTOC),
             stele_cstr(rows[i].findings));
    t_eq_str(t, stele_syntax_text(s), text);
    t_eq_str(t, stele_syntax_path(s), STELE_STR("a.proto"));
    t_true(t, text.len == 0 || stele_syntax_text(s).ptr != text.ptr);
  }
}

static void test_places(stele_test *t) {
  static const struct {
    const char *label;
    stele_syntax_part part;
    uint32_t decl, offset, length;
    int32_t line, column;
  } rows[] = {
      {"all of a file, its comments too", STELE_SYNTAX_PART_WHOLE, 0, 0, 65, 0, 0},
      {"a message", STELE_SYNTAX_PART_WHOLE, 1, 7, 58, 1, 0},
      {"its name", STELE_SYNTAX_PART_NAME, 1, 15, 1, 1, 8},
      {"its block", STELE_SYNTAX_PART_BLOCK, 1, 17, 48, 1, 10},
      {"a field behind a tab, its label too", STELE_SYNTAX_PART_WHOLE, 2, 20, 43, 2, 8},
      {"its type", STELE_SYNTAX_PART_TYPE, 2, 29, 4, 2, 17},
      {"its name", STELE_SYNTAX_PART_NAME, 2, 34, 3, 2, 22},
      {"its number", STELE_SYNTAX_PART_NUMBER, 2, 40, 2, 2, 28},
  };
  const stele_syntax *s = parse(t, STELE_STR("// one\n"
                                             "message A {\n"
                                             "\trepeated .b.C abc = 12 [deprecated = true];\n"
                                             "}"));
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_syntax_span span;
    t_true(t, stele_syntax_decl_span(s, rows[i].decl, rows[i].part, &span));
    t_eq_int(t, span.offset, rows[i].offset);
    t_eq_int(t, span.length, rows[i].length);
    t_eq_int(t, span.line, rows[i].line);
    t_eq_int(t, span.column, rows[i].column);
  }
  t_case(t, "lines");
  t_eq_int(t, stele_syntax_line_count(s), 4);
  t_eq_int(t, stele_syntax_line_offset(s, 0), 0);
  t_eq_int(t, stele_syntax_line_offset(s, 3), 64);
  t_eq_int(t, stele_syntax_line_offset(s, 4), 65);
}

/* Tokens and comments in the order of the text, between bars; blocks with a star. */
static void test_tokens_and_comments(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"every kind", "a 1 0x2 .5 'b' ;", "n:a|i:1|i:0x2|f:.5|s:'b'|y:;|"},
      {"line comments are one each", "// a\r\n//\r\n//b", "/:// a|/://|/://b|"},
      {"a block", "a/**/b /* c\n * d */", "n:a|*:/**/|n:b|*:/* c\n * d */|"},
      {"it needs two stars or a byte", "/*/ a */ b", "*:/*/ a */|n:b|"},
      {"a block without end", "a /* b", "n:a|*:/* b|"},
      {"comments in comments", "// /* a\nb /* // */ c", "/:// /* a|n:b|*:/* // */|n:c|"},
      {"none in a string", "'// a' /* b */", "s:'// a'|*:/* b */|"},
      {"a string without end", "'a // b\nc", "s:'a // b|n:c|"},
      {"slashes", "a / b", "n:a|y:/|n:b|"},
      {"a byte order mark", "\xef\xbb\xbf// a\nb", "/:// a|n:b|"},
  };
  static const char kinds[] = {'?', 'n', 'i', 'f', 's', 'y'};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    const stele_syntax *s = parse(t, stele_cstr(rows[i].in));
    stele_buf out;
    stele_buf_init(&out, t->arena, 0);
    stele_syntax_span span;
    for (uint32_t n = 0; n <= stele_syntax_token_count(s); n++) {
      uint32_t count, first = stele_syntax_comments_before(s, n, &count);
      for (uint32_t k = 0; k < count; k++) {
        t_true(t, stele_syntax_comment_span(s, first + k, &span));
        stele_buf_printf(&out, "%c:", stele_syntax_comment_is_block(s, first + k) ? '*' : '/');
        stele_buf_add_str(&out, stele_syntax_span_text(s, span));
        stele_buf_add_byte(&out, '|');
      }
      if (!stele_syntax_token_span(s, n, &span)) continue;
      stele_buf_printf(&out, "%c:", kinds[stele_syntax_token_kind_of(s, n)]);
      stele_buf_add_str(&out, stele_syntax_span_text(s, span));
      stele_buf_add_byte(&out, '|');
    }
    t_eq_str(t, stele_buf_str(&out), stele_cstr(rows[i].want));
  }
}

/* ---- What holds of every text ----------------------------------------------- */

static bool covers(stele_syntax_span span, uint32_t at) {
  return span.offset <= at && at - span.offset < span.length;
}

/* Children lie in order inside their parent. */
static void check_tree(stele_test *t, const stele_syntax *s) {
  for (uint32_t decl = 0; decl < stele_syntax_decl_count(s); decl++) {
    stele_syntax_span span, inner;
    t_true(t, stele_syntax_decl_span(s, decl, STELE_SYNTAX_PART_WHOLE, &span));
    uint32_t at = span.offset;
    for (uint32_t i = 0; i < stele_syntax_decl_child_count(s, decl); i++) {
      uint32_t child = stele_syntax_decl_child(s, decl, i);
      t_true(t, child > decl && stele_syntax_decl_parent(s, child) == decl);
      t_true(t, stele_syntax_decl_span(s, child, STELE_SYNTAX_PART_WHOLE, &inner));
      t_true(t, inner.length > 0 && inner.offset >= at);
      at = inner.offset + inner.length;
    }
    t_true(t, at <= span.offset + span.length);
    for (int part = 0; part <= STELE_SYNTAX_PART_BLOCK; part++) {
      if (!stele_syntax_decl_span(s, decl, (stele_syntax_part)part, &inner)) continue;
      t_true(t, inner.offset >= span.offset);
      t_true(t, inner.offset + inner.length <= span.offset + span.length);
    }
  }
}

/* What stands at each byte, found the long way. */
static void check_places(stele_test *t, const stele_syntax *s) {
  uint32_t len = (uint32_t)stele_syntax_text(s).len;
  for (uint32_t at = 0; at <= len; at++) {
    stele_syntax_span span;
    uint32_t decl = 0, token = STELE_SYNTAX_NONE, comment = STELE_SYNTAX_NONE, from = 0;
    for (uint32_t i = 1; i < stele_syntax_decl_count(s); i++) {
      (void)stele_syntax_decl_span(s, i, STELE_SYNTAX_PART_WHOLE, &span);
      if (covers(span, at)) decl = i;
    }
    for (uint32_t i = 0; stele_syntax_token_span(s, i, &span); i++) {
      if (covers(span, at)) token = i;
      if (span.offset + span.length <= at) from = i + 1;
    }
    for (uint32_t i = 0; stele_syntax_comment_span(s, i, &span); i++) {
      if (covers(span, at)) comment = i;
    }
    t_eq_int(t, stele_syntax_decl_at(s, at), decl);
    t_eq_int(t, stele_syntax_token_at(s, at), token);
    t_eq_int(t, stele_syntax_token_from(s, at), from);
    t_eq_int(t, stele_syntax_comment_at(s, at), comment);
    t_true(t, token == STELE_SYNTAX_NONE || comment == STELE_SYNTAX_NONE);
    bool is_space = at == len || strchr(" \t\r\n", stele_syntax_text(s).ptr[at]);
    t_true(t, is_space || token != STELE_SYNTAX_NONE || comment != STELE_SYNTAX_NONE);
  }
}

static const char rich[] =
    "syntax = \"proto3\"; // first\n"
    "package a.b;\n"
    "import \"x.proto\";\n"
    "option (o).p = { q: [1, 2] };\n"
    "/* of A */ message A {\n"
    "\toptional int32 a = 1 [d = 'x', json_name = \"y\"];\n"
    "  map<string, B> m = 2; oneof o { int32 c = 3; group G = 4 { B b = 1; } }\n"
    "  reserved 5 to 6, 9; reserved 'r'; extensions 100 to max [v = DECL];\n"
    "  message N { enum E { Z = 0; M = -1; } ; } // last\n"
    "}\n"
    "extend A { repeated group X = 100 { } }\n"
    "service S { rpc M(stream A) returns (B) { option z = 1; } rpc O(A) returns (A); }\n";

static void check_text(stele_test *t, stele_str text) {
  stele_arena *arena = stele_arena_new(0);
  stele_test inner = {.arena = arena, .label = t->label, .name = t->name};
  const stele_syntax *s = parse(&inner, text);
  check_tree(&inner, s);
  check_places(&inner, s);
  stele_arena_free(arena);
}

static void test_as_it_is_written(stele_test *t) {
  for (size_t len = 0; len < sizeof rich; len++) {
    t_case_n(t, "the first bytes:", len);
    check_text(t, (stele_str){rich, len});
  }
}

static void test_without_a_token(stele_test *t) {
  const stele_syntax *s = parse(t, stele_cstr(rich));
  stele_syntax_span span;
  for (uint32_t i = 0; stele_syntax_token_span(s, i, &span); i++) {
    char text[sizeof rich];
    t_case_n(t, "without token", i);
    memcpy(text, rich, sizeof rich);
    memset(text + span.offset, ' ', span.length);
    check_text(t, (stele_str){text, sizeof rich - 1});
    memset(text + span.offset, '}', span.length);
    check_text(t, (stele_str){text, sizeof rich - 1});
  }
}

static void check_out_of_range(stele_test *t, const stele_syntax *s, uint32_t n) {
  uint32_t count = 7;
  stele_syntax_span span = {1, 1, 1, 1};
  for (int part = 0; part <= STELE_SYNTAX_PART_BLOCK + 1; part++) {
    t_true(t, !stele_syntax_decl_span(s, n, (stele_syntax_part)part, &span) && span.length == 0);
  }
  t_eq_int(t, stele_syntax_decl_kind(s, n), STELE_SYNTAX_BAD);
  t_eq_int(t, stele_syntax_decl_meant(s, n), STELE_SYNTAX_BAD);
  t_eq_int(t, stele_syntax_decl_name(s, n).len, 0);
  t_eq_int(t, stele_syntax_decl_parent(s, n), STELE_SYNTAX_NONE);
  t_eq_int(t, stele_syntax_decl_child_count(s, n), 0);
  t_eq_int(t, stele_syntax_decl_child(s, n, 0), STELE_SYNTAX_NONE);
  t_eq_int(t, stele_syntax_decl_child(s, 0, n), STELE_SYNTAX_NONE);
  t_eq_int(t, stele_syntax_token_kind_of(s, n), STELE_SYNTAX_TOKEN_END);
  t_true(t, !stele_syntax_token_span(s, n, &span) && span.length == 0);
  t_true(t, !stele_syntax_comment_span(s, n, &span) && span.length == 0);
  t_true(t, !stele_syntax_comment_is_block(s, n));
  t_eq_int(t, stele_syntax_comments_before(s, n + (n != UINT32_MAX), &count), STELE_SYNTAX_NONE);
  t_eq_int(t, count, 0);
  t_eq_int(t, stele_syntax_line_offset(s, n), stele_syntax_text(s).len);
}

static void test_out_of_range(stele_test *t) {
  static const char *const texts[] = {"", "a;", "message A { // b\n}\n/* c */"};
  static const uint32_t far[] = {8, 1000, INT32_MAX, UINT32_MAX - 1, UINT32_MAX};
  for (size_t i = 0; i < STELE_COUNT(texts); i++) {
    t_case(t, texts[i]);
    const stele_syntax *s = parse(t, stele_cstr(texts[i]));
    size_t len = stele_syntax_text(s).len;
    for (size_t k = 0; k < STELE_COUNT(far); k++) check_out_of_range(t, s, far[k]);
    stele_syntax_span span;
    t_true(t,
           !stele_syntax_decl_span(s, stele_syntax_decl_count(s), STELE_SYNTAX_PART_WHOLE, &span));
    t_true(t, !stele_syntax_token_span(s, stele_syntax_token_count(s), &span));
    t_true(t, !stele_syntax_comment_span(s, stele_syntax_comment_count(s), &span));
    t_eq_int(t, stele_syntax_decl_at(s, len), 0);
    t_eq_int(t, stele_syntax_decl_at(s, len + 1), STELE_SYNTAX_NONE);
    t_eq_int(t, stele_syntax_decl_at(s, SIZE_MAX), STELE_SYNTAX_NONE);
    t_eq_int(t, stele_syntax_token_at(s, SIZE_MAX), STELE_SYNTAX_NONE);
    t_eq_int(t, stele_syntax_token_from(s, SIZE_MAX), stele_syntax_token_count(s));
    t_eq_int(t, stele_syntax_comment_at(s, SIZE_MAX), STELE_SYNTAX_NONE);
    t_eq_int(t, stele_syntax_span_text(s, (stele_syntax_span){UINT32_MAX, UINT32_MAX, 0, 0}).len,
             0);
    t_eq_int(t, stele_syntax_span_text(s, (stele_syntax_span){0, UINT32_MAX, 0, 0}).len, len);
  }
  t_eq_str(t, stele_cstr(stele_syntax_kind_text((stele_syntax_kind)99)), STELE_STR(""));
}

/* ---- Limits ----------------------------------------------------------------- */

static void test_limits(stele_test *t) {
  static const _Atomic bool yes = true;
  static const struct {
    const char *label, *in;
    stele_syntax_options options;
    size_t memory;
    stele_code want;
    size_t errors, findings;
  } rows[] = {
      {"a text as long as allowed", "message A{}", {.limit_text_bytes = 11}, 0, STELE_OK, 0, 0},
      {"a longer one", "message A{} ", {.limit_text_bytes = 11}, 0, STELE_LIMIT, 0, 0},
      {"memory", "message A{}", {0}, 1000, STELE_LIMIT, 0, 0},
      {"depth", "message A{message B{message C{}}}", {.limit_depth = 2}, 0, STELE_OK, 1, 1},
      {"findings are counted", "a; b; c;", {.limit_findings = 2}, 0, STELE_OK, 3, 2},
      {"cancelled", "message A{}", {.cancelled = &yes}, 0, STELE_CANCELLED, 0, 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_arena *arena = stele_arena_new(rows[i].memory);
    stele_err err = {0};
    const stele_syntax *s = stele_syntax_parse(arena, STELE_STR("a.proto"), stele_cstr(rows[i].in),
                                               &rows[i].options, &err);
    t_eq_int(t, err.code, rows[i].want);
    t_eq_int(t, s != NULL, rows[i].want == STELE_OK);
    size_t count = 0;
    if (s) (void)stele_report_findings(stele_syntax_findings(s), &count);
    t_eq_int(t, count, rows[i].findings);
    t_eq_int(t, s ? stele_report_error_count(stele_syntax_findings(s)) : 0, rows[i].errors);
    stele_arena_free(arena);
  }
}

/* Texts with much of what only this face looks at. */
static void test_very_many(stele_test *t) {
  static const struct {
    const char *label, *body;
    uint32_t tokens, comments, decls; /* for each time */
  } rows[] = {
      {"comments in one gap", "/**/", 0, 1, 0},
      {"comments between tokens", ";//\n", 1, 1, 1},
      {"slashes in one comment", "//", 0, 0, 0},
      {"messages side by side", "message A{}", 4, 0, 1},
  };
  enum { TIMES = 200000 };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_buf text;
    stele_buf_init(&text, t->arena, 0);
    for (size_t n = 0; n < TIMES; n++) stele_buf_add_cstr(&text, rows[i].body);
    const stele_syntax *s = parse(t, stele_buf_str(&text));
    uint32_t last = (uint32_t)stele_syntax_text(s).len - 2;
    t_eq_int(t, stele_syntax_token_count(s), rows[i].tokens * TIMES);
    t_eq_int(t, stele_syntax_decl_count(s), rows[i].decls * TIMES + 1);
    t_eq_int(t, stele_syntax_decl_at(s, last - 2), rows[i].decls * TIMES);
    bool is_one = !rows[i].comments && !rows[i].tokens;
    t_eq_int(t, stele_syntax_comment_count(s), is_one ? 1 : rows[i].comments * TIMES);
    t_eq_int(t, stele_syntax_comment_at(s, last),
             rows[i].tokens == 4 ? STELE_SYNTAX_NONE : stele_syntax_comment_count(s) - 1);
  }
}

static bool parse_under_failure(stele_arena *arena, stele_err *err) {
  return stele_syntax_parse(arena, STELE_STR("a.proto"),
                            STELE_STR("/* a */ message A { int32 b = 1; // c\n int32; }"), NULL,
                            err);
}

static void test_out_of_memory(stele_test *t) {
  t_each_failure(t, parse_under_failure);
}

TEST_MAIN(test_trees, test_places, test_tokens_and_comments, test_as_it_is_written,
          test_without_a_token, test_out_of_range, test_limits, test_very_many, test_out_of_memory)
