/* Comments: whose they are is held against protoc by tests/golden/comments; here
 * are the ranges, the order of calls, and the text. */
#include "harness/test.h"
#include "proto/token/comments.h"

static stele_tokens lex(stele_test *t, const char *text) {
  stele_tokens tokens;
  stele_source source = {STELE_STR("a.proto"), stele_cstr(text)};
  stele_token_lex(t->arena, stele_token_interner(t->arena), &source, NULL, &tokens);
  return tokens;
}

/* Raw text of a comment, "-" for none. */
static stele_str raw(const stele_tokens *tokens, const stele_comment *comment) {
  if (!comment->end) return STELE_STR("-");
  return (stele_str){tokens->source.text.ptr + comment->off, comment->end - comment->off};
}

static stele_str text_of(stele_test *t, const stele_tokens *tokens, const stele_comment *comment) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_comment_print(tokens, comment, &out);
  return stele_buf_str(&out);
}

static void test_ranges(stele_test *t) {
  stele_tokens tokens = lex(t, "// one\n  // two\na; // of a\n\n/* apart */\n\n/* of b */\nb;");
  stele_comments comments;
  stele_comments_of of;
  stele_comments_init(&comments, t->arena, &tokens);
  t_true(t, stele_comments_take(&comments, 1, &of));
  t_eq_str(t, raw(&tokens, &of.leading), STELE_STR("// one\n  // two\n"));
  t_true(t, !of.leading.is_block);
  t_eq_str(t, raw(&tokens, &of.trailing), STELE_STR("// of a\n"));
  t_eq_int(t, of.detached_count, 0);
  t_true(t, stele_comments_take(&comments, 3, &of));
  t_eq_str(t, raw(&tokens, &of.leading), STELE_STR("/* of b */"));
  t_true(t, of.leading.is_block);
  t_eq_str(t, raw(&tokens, &of.trailing), STELE_STR("-"));
  t_eq_int(t, of.detached_count, 1);
  t_eq_str(t, raw(&tokens, &of.detached[0]), STELE_STR("/* apart */"));
}

static void test_no_comments(stele_test *t) {
  stele_tokens tokens = lex(t, "a;\n\nb { c; }");
  stele_comments comments;
  stele_comments_of of;
  stele_comments_init(&comments, t->arena, &tokens);
  t_true(t, !stele_comments_take(&comments, 1, &of));
  t_true(t, !stele_comments_take(&comments, 3, &of));
  t_true(t, !stele_comments_take(&comments, 5, &of));
  stele_comments_pass(&comments, 6);
  t_eq_int(t, of.detached_count, 0);
}

/* A `}` drops what is still detached, an empty statement keeps it and adds. */
static void test_passing(stele_test *t) {
  static const struct {
    const char *label, *in;
    size_t want;
  } rows[] = {
      {"an empty statement keeps", "a;\n\n// 1\n\n;\n\n// 2\n\nb;", 2},
      {"a brace drops", "a;\n\n// 1\n\n}\n\n// 2\n\nb;", 1},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex(t, rows[i].in);
    stele_comments comments;
    stele_comments_of of;
    stele_comments_init(&comments, t->arena, &tokens);
    (void)stele_comments_take(&comments, 1, &of);
    stele_comments_pass(&comments, 2);
    t_true(t, stele_comments_take(&comments, 4, &of));
    t_eq_int(t, of.detached_count, rows[i].want);
  }
}

static void test_text(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"a line", "// a\nx;", " a\n"},
      {"lines", "//a\n \t// b\n///c\nx;", "a\n b\n/c\n"},
      {"slashes in a line", "// a // b /* c\nx;", " a // b /* c\n"},
      {"a carriage return is text", "// a\r\nx;", " a\r\n"},
      {"a block", "/* a */x;", " a "},
      {"a block of lines", "/*\n * a\n\t\r * b\n */x;", "\n a\n b\n"},
      {"stars", "/** a\n ** b\n  *\n **/x;", "* a\n* b\n\n"},
      {"no stars", "/* a\n   b\n   */x;", " a\nb\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex(t, rows[i].in);
    stele_comments comments;
    stele_comments_init(&comments, t->arena, &tokens);
    bool is_detached = comments.leading.end == 0;
    t_true(t, !is_detached || comments.detached.count == 1);
    const stele_comment *comment = is_detached ? &comments.detached.at[0] : &comments.leading;
    t_eq_str(t, text_of(t, &tokens, comment), stele_cstr(rows[i].want));
  }
}

/* Ranges of a text with mistakes in it must be safe to print. */
static void test_unfinished(stele_test *t) {
  static const char *const rows[] = {"x;/*",     "x;/**",  "x; /* a\n",           "x; //",
                                     "x;//\n//", "x; /*/", "x;// a\\\n /* /* */", "/*",
                                     "//",       ""};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i]);
    stele_tokens tokens = lex(t, rows[i]);
    stele_comments comments;
    stele_comments_of of;
    stele_comments_init(&comments, t->arena, &tokens);
    if (tokens.count < 3) continue;
    (void)stele_comments_take(&comments, 1, &of);
    t_true(t, text_of(t, &tokens, &of.trailing).len <= strlen(rows[i]));
    t_true(t, text_of(t, &tokens, &comments.leading).len <= strlen(rows[i]));
  }
}

TEST_MAIN(test_ranges, test_no_comments, test_passing, test_text, test_unfinished)
