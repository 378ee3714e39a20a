/* The lexer: what is a token, where it is, and what it is worth. What protoc
 * says about wrong ones is held by tests/golden/diagnostics. */
#include <math.h>

#include "base/guard.h"
#include "harness/test.h"
#include "proto/token/token.h"

static stele_tokens lex(stele_test *t, stele_interner *interner, stele_str text) {
  stele_tokens tokens;
  stele_source source = {STELE_STR("a.proto"), text};
  stele_token_lex(t->arena, interner, &source, NULL, &tokens);
  return tokens;
}

static stele_tokens lex_text(stele_test *t, const char *text) {
  return lex(t, stele_token_interner(t->arena), stele_cstr(text));
}

/* One letter of kind and the text of each token: "n:message s:{". */
static stele_str dump(stele_test *t, const stele_tokens *tokens) {
  static const char kinds[] = {'$', 'n', 'i', 'f', 't', 's'};
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (uint32_t i = 0; i + 1 < tokens->count; i++) {
    if (i) stele_buf_add_byte(&out, ' ');
    stele_buf_printf(&out, "%c:", kinds[tokens->at[i].kind]);
    stele_buf_add_str(&out, stele_token_text(tokens, i));
  }
  t_eq_int(t, tokens->at[tokens->count - 1].kind, STELE_TOKEN_END);
  return stele_buf_str(&out);
}

static void test_tokens(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"nothing", "", ""},
      {"only space", " \t\n\r\v\f", ""},
      {"only comments", "// a\n/* b */ // c", ""},
      {"a declaration", "message A { }", "n:message n:A s:{ s:}"},
      {"names", "_ a_1 A9 __", "n:_ n:a_1 n:A9 n:__"},
      {"no space is needed between kinds", "a=1;", "n:a s:= i:1 s:;"},
      {"integers", "0 10 017 0x1F 0XaB", "i:0 i:10 i:017 i:0x1F i:0XaB"},
      {"floats", "1. 1.5 .5 1e9 1E-9 1.5e+9 0.5 0e1",
       "f:1. f:1.5 f:.5 f:1e9 f:1E-9 f:1.5e+9 f:0.5 f:0e1"},
      {"a sign is a symbol", "-1 +1", "s:- i:1 s:+ i:1"},
      {"a point alone is a symbol", "a . b .c", "n:a s:. n:b s:. n:c"},
      {"strings", "\"a\" 'b' \"'\" '\"'", "t:\"a\" t:'b' t:\"'\" t:'\"'"},
      {"escaped quotes do not end", "\"a\\\"b\" '\\''", "t:\"a\\\"b\" t:'\\''"},
      {"an escaped backslash does not hide the end", "\"\\\\\" a", "t:\"\\\\\" n:a"},
      {"comments separate", "a/**/b//\nc", "n:a n:b n:c"},
      {"a slash alone is a symbol", "a / b", "n:a s:/ n:b"},
      {"stars in a block", "/***/ a /****/ b /* * / */ c", "n:a n:b n:c"},
      {"a comment in a string is none", "\"//\" '/*'", "t:\"//\" t:'/*'"},
      {"every other symbol", "!#$%&()*+,:<>?@[]^`{|}~",
       "s:! s:# s:$ s:% s:& s:( s:) s:* s:+ s:, "
       "s:: s:< s:> s:? s:@ s:[ s:] s:^ s:` s:{ "
       "s:| s:} s:~"},
      {"a byte order mark",
       "\xef\xbb\xbf"
       "a",
       "n:a"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex_text(t, rows[i].in);
    t_eq_str(t, dump(t, &tokens), stele_cstr(rows[i].want));
    t_eq_int(t, tokens.mistake_count, 0);
  }
}

static void test_mistakes_keep_their_token(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
    uint32_t token, off;
  } rows[] = {
      {"the token it is in", "a 0x b", "\"0x\" must be followed by hex digits.", 1, 4},
      {"the token behind the gap it is in", "a \x01 b",
       "Invalid control characters encountered in text.", 1, 2},
      {"the end", "a /* b", "End-of-file inside block comment.", 1, 6},
      {"a byte that is not ASCII is a token", "a \xe9 b", "Interpreting non ascii codepoint 233.",
       1, 2},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex_text(t, rows[i].in);
    t_true(t, tokens.mistake_count > 0);
    t_eq_str(t, tokens.mistakes[0].text, stele_cstr(rows[i].want));
    t_eq_int(t, tokens.mistakes[0].token, rows[i].token);
    t_eq_int(t, tokens.mistakes[0].off, rows[i].off);
  }
}

/* A stretch of text of one kind of mistake must not fill memory. */
static void test_mistakes_are_bounded(stele_test *t) {
  enum { LEN = 1 << 20 };
  char *text = stele_arena_alloc(t->arena, LEN, 1);
  memset(text, 0xe9, LEN);
  stele_tokens tokens = lex(t, stele_token_interner(t->arena), (stele_str){text, LEN});
  t_eq_int(t, tokens.count, LEN + 1);
  t_true(t, tokens.mistake_count >= 1000 && tokens.mistake_count < LEN);
}

/* Names are found sixteen bytes at a time where there is room, one by one at
 * the end of the text: both ways must give the same number. */
static void test_names_of_every_length(stele_test *t) {
  static const char letters[] = "aZ_09bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP";
  stele_interner *interner = stele_token_interner(t->arena);
  for (size_t len = 1; len <= 33; len++) {
    t_case_n(t, "name of length", len);
    for (int sep = 1; sep < 128; sep++) {
      bool goes_on = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", sep);
      if (goes_on || sep == '"' || sep == '\'' || sep == '/') continue;
      stele_buf text;
      stele_buf_init(&text, t->arena, 0);
      stele_buf_add(&text, letters, len);
      stele_buf_add_byte(&text, (uint8_t)sep);
      stele_buf_add_cstr(&text, "                ");
      stele_buf_add(&text, letters, len);
      stele_tokens tokens = lex(t, interner, stele_buf_str(&text));
      uint32_t last = tokens.count - 2;
      t_eq_str(t, stele_token_text(&tokens, 0), ((stele_str){letters, len}));
      t_eq_int(t, tokens.at[0].sym, tokens.at[last].sym);
      t_eq_str(t, stele_sym_str(interner, tokens.at[0].sym), ((stele_str){letters, len}));
    }
  }
}

static void test_words_are_constants(stele_test *t) {
  stele_tokens tokens = lex_text(t, "syntax message enforce_utf8 to x ; } ~");
  static const stele_sym want[] = {STELE_SYM_syntax, STELE_SYM_message, STELE_SYM_enforce_utf8,
                                   STELE_SYM_to};
  for (uint32_t i = 0; i < STELE_COUNT(want); i++) t_eq_int(t, tokens.at[i].sym, want[i]);
  t_true(t, tokens.at[4].sym != 0);
  t_eq_int(t, tokens.at[5].sym, STELE_SYM_OF(';'));
  t_eq_int(t, tokens.at[6].sym, STELE_SYM_OF('}'));
  t_eq_int(t, tokens.at[7].sym, '~');
  t_eq_str(t, stele_sym_str(tokens.interner, STELE_SYM_map_entry), STELE_STR("map_entry"));
  t_eq_str(t, stele_sym_str(tokens.interner, STELE_SYM_OF('{')), STELE_STR("{"));
}

static void test_places(stele_test *t) {
  static const struct {
    const char *label, *in;
    uint32_t token;
    int32_t line, column, end_column;
  } rows[] = {
      {"the first", "ab cd", 0, 0, 0, 2},
      {"the second", "ab cd", 1, 0, 3, 5},
      {"the end of the text", "ab cd", 2, 0, 5, 5},
      {"the next line", "ab\ncd", 1, 1, 0, 2},
      {"the end behind a newline", "ab\n", 1, 1, 0, 0},
      {"a carriage return counts one", "ab\r\n\rcd", 1, 1, 1, 3},
      {"a tab goes on to eight", "\tab", 0, 0, 8, 10},
      {"a tab in the middle", "ab\tcd", 1, 0, 8, 10},
      {"a tab at a stop goes on by eight", "12345678\tcd", 1, 0, 16, 18},
      {"tabs in a row", "a\t\t b", 1, 0, 17, 18},
      {"a tab on another line does not matter", "\ta\nb c", 2, 1, 2, 3},
      {"a tab in a comment", "/*\t*/ a", 0, 0, 11, 12},
      {"a tab in a string", "\"\t\" a", 0, 0, 0, 9},
      {"behind a tab in a string", "\"\t\" a", 1, 0, 10, 11},
      {"bytes count, not characters", "/*\xc3\xa9*/ a", 0, 0, 7, 8},
      {"a byte order mark counts three",
       "\xef\xbb\xbf"
       "a",
       0, 0, 3, 4},
      {"behind a block comment of lines", "/*\n\n*/ a", 0, 2, 3, 4},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex_text(t, rows[i].in);
    stele_place place = stele_token_place(&tokens, rows[i].token);
    stele_place end = stele_token_end(&tokens, rows[i].token);
    t_eq_int(t, place.line, rows[i].line);
    t_eq_int(t, place.column, rows[i].column);
    t_eq_int(t, end.column, rows[i].end_column);
    stele_place same = stele_source_place(&tokens.source, tokens.at[rows[i].token].off);
    t_eq_int(t, same.line, place.line);
    t_eq_int(t, same.column, place.column);
  }
}

static void test_lines_over_blocks(stele_test *t) {
  stele_buf text;
  stele_buf_init(&text, t->arena, 0);
  for (int i = 0; i < 500; i++) {
    stele_buf_add_spaces(&text, (size_t)(i % 7));
    stele_buf_add_cstr(&text, i % 3 ? "x\n" : "\n");
  }
  stele_buf_add_cstr(&text, "last");
  stele_tokens tokens = lex(t, stele_token_interner(t->arena), stele_buf_str(&text));
  t_eq_int(t, tokens.line_count, 501);
  t_eq_str(t, stele_token_line(&tokens, 500), STELE_STR("last"));
  t_eq_str(t, stele_token_line(&tokens, 1), STELE_STR(" x"));
  t_eq_str(t, stele_token_line(&tokens, 501), STELE_STR(""));
  for (int32_t line = 0; line < 501; line++) {
    t_eq_str(t, stele_token_line(&tokens, (uint32_t)line), stele_source_line(&tokens.source, line));
  }
}

static void test_flags(stele_test *t) {
  stele_tokens tokens = lex_text(t, "a /* */ b // c\n d e\n/* f */ g");
  static const uint8_t want[] = {STELE_TOKEN_FIRST_ON_LINE, STELE_TOKEN_AFTER_COMMENT,
                                 STELE_TOKEN_FIRST_ON_LINE | STELE_TOKEN_AFTER_COMMENT, 0,
                                 STELE_TOKEN_FIRST_ON_LINE | STELE_TOKEN_AFTER_COMMENT};
  for (uint32_t i = 0; i < STELE_COUNT(want); i++) t_eq_int(t, tokens.at[i].flags, want[i]);
}

static void test_integers(stele_test *t) {
  static const struct {
    const char *label, *in;
    uint64_t max;
    bool ok;
    uint64_t want;
  } rows[] = {
      {"zero", "0", 0, true, 0},
      {"decimal", "123", 200, true, 123},
      {"octal", "0755", 1000, true, 493},
      {"hex", "0xfF", 1000, true, 255},
      {"leading zeros", "0000017", 100, true, 15},
      {"the maximum itself", "2147483647", INT32_MAX, true, INT32_MAX},
      {"one more", "2147483648", INT32_MAX, false, 0},
      {"64 bits", "18446744073709551615", UINT64_MAX, true, UINT64_MAX},
      {"64 bits in hex", "0xffffffffffffffff", UINT64_MAX, true, UINT64_MAX},
      {"64 bits in octal", "01777777777777777777777", UINT64_MAX, true, UINT64_MAX},
      {"one more than 64 bits", "18446744073709551616", UINT64_MAX, false, 0},
      {"65 bits in hex", "0x10000000000000000", UINT64_MAX, false, 0},
      {"66 bits in octal", "03777777777777777777777", UINT64_MAX, false, 0},
      {"many zeros do not overflow", "0x000000000000000000000001", 1, true, 1},
      {"a wrong octal", "08", UINT64_MAX, false, 0},
      {"hex without digits is zero", "0x", 5, true, 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex_text(t, rows[i].in);
    uint64_t value = 0;
    t_eq_int(t, stele_token_integer(&tokens, 0, rows[i].max, &value), rows[i].ok);
    t_eq_int(t, value, rows[i].want);
  }
}

static void test_floats(stele_test *t) {
  static const struct {
    const char *label, *in;
    double want;
  } rows[] = {
      {"plain", "1.5", 1.5},
      {"point first", ".5", 0.5},
      {"point last", "1.", 1},
      {"exponent", "1e3", 1000},
      {"an integer", "17", 17},
      {"an octal integer", "017", 15},
      {"a hex integer", "0x10", 16},
      {"an integer of more than 64 bits", "100000000000000000000", 1e20},
      {"too large", "1e999", INFINITY},
      {"too small", "1e-999", 0},
      {"the smallest", "4.9406564584124654e-324", 4.9406564584124654e-324},
      {"no exponent digits", "1e", 1},
      {"no exponent digits behind a sign", "1e+", 1},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex_text(t, rows[i].in);
    t_true(t, stele_token_float(&tokens, 0) == rows[i].want);
  }
}

static void test_strings(stele_test *t) {
  static const struct {
    const char *label, *in;
    stele_str want;
  } rows[] = {
      {"empty", "\"\"", STELE_STR_INIT("")},
      {"plain", "'ab'", STELE_STR_INIT("ab")},
      {"pieces are joined", "\"a\" 'b'\n\"\" \"c\"", STELE_STR_INIT("abc")},
      {"simple escapes", "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\'\\\"\"",
       STELE_STR_INIT("\a\b\f\n\r\t\v\\?'\"")},
      {"octal of one to three digits", "\"\\0\\12\\1234\\778\"", STELE_STR_INIT("\0\n\1234\778")},
      {"octal keeps eight bits", "\"\\777\"", STELE_STR_INIT("\377")},
      {"hex of one or two digits", "\"\\x4\\x41\\X5aB\"",
       STELE_STR_INIT("\x04\x41\x5a"
                      "B")},
      {"four digits", "\"\\u0041\\u00e9\\u20ac\"", STELE_STR_INIT("A\xc3\xa9\xe2\x82\xac")},
      {"eight digits", "\"\\U0001F600\"", STELE_STR_INIT("\xf0\x9f\x98\x80")},
      {"a surrogate pair", "\"\\uD83D\\uDE00\"", STELE_STR_INIT("\xf0\x9f\x98\x80")},
      {"a head alone", "\"\\uD83Dx\"", STELE_STR_INIT("\xed\xa0\xbdx")},
      {"a head before something else", "\"\\uD83D\\u0041\"",
       STELE_STR_INIT("\xed\xa0\xbd"
                      "A")},
      {"a tail alone", "\"\\uDE00\"", STELE_STR_INIT("\xed\xb8\x80")},
      {"the largest code", "\"\\U0010FFFF\"", STELE_STR_INIT("\xf4\x8f\xbf\xbf")},
      {"a code that is none is its escape", "\"\\U00110000\"", STELE_STR_INIT("\\U00110000")},
      {"bytes are kept", "\"\xff\xc3\xa9\"", STELE_STR_INIT("\xff\xc3\xa9")},
      {"other quotes are plain", "\"a'b\"", STELE_STR_INIT("a'b")},
      {"unterminated", "\"ab", STELE_STR_INIT("ab")},
      {"a backslash at the end", "\"ab\\", STELE_STR_INIT("ab\\")},
      {"a wrong escape", "\"a\\qb\"", STELE_STR_INIT("a?b")},
      {"a cut code", "\"\\u12\"", STELE_STR_INIT("u12")},
      {"a quote alone", "\"", STELE_STR_INIT("")},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_tokens tokens = lex_text(t, rows[i].in);
    t_eq_str(t, stele_token_string(t->arena, &tokens, 0, tokens.count - 2), rows[i].want);
  }
}

static void test_glue(stele_test *t) {
  stele_tokens tokens = lex_text(t, "a.b . /* c */ d\n.e");
  t_eq_str(t, stele_token_glue(t->arena, &tokens, 0, 6), STELE_STR("a.b.d.e"));
  stele_str whole = stele_token_glue(t->arena, &tokens, 0, 2);
  t_eq_str(t, whole, STELE_STR("a.b"));
  t_true(t, whole.ptr == tokens.source.text.ptr);
}

static void lex_all(void *arg) {
  stele_arena *arena = arg;
  stele_tokens tokens;
  stele_source source = {STELE_STR("a.proto"), STELE_STR("\tmessage\t\xe9 { // x\n\"\\n\" 'a' }")};
  stele_report *report = stele_report_new(arena, 0);
  stele_token_lex(arena, stele_token_interner(arena), &source, report, &tokens);
  (void)stele_token_string(arena, &tokens, 3, 4);
}

static bool lex_under_failure(stele_arena *arena, stele_err *err) {
  return stele_guard_run(arena, lex_all, arena, err);
}

static void test_out_of_memory(stele_test *t) {
  t_each_failure(t, lex_under_failure);
}

TEST_MAIN(test_tokens, test_mistakes_keep_their_token, test_mistakes_are_bounded,
          test_names_of_every_length, test_words_are_constants, test_places, test_lines_over_blocks,
          test_flags, test_integers, test_floats, test_strings, test_glue, test_out_of_memory)
