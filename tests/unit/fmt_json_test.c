/* JSON both ways: what is refused and where, what is read, what is written. */
#include "fmt/json.h"

#include <math.h>

#include "fmt/json_scan.h"
#include "harness/test.h"

static const stele_json *parse(stele_test *t, stele_str text) {
  stele_err err = {0};
  const stele_json *tree = stele_json_parse(t->arena, text, NULL, NULL, &err);
  t_ok(t, tree != NULL, &err);
  return tree;
}

static stele_str print(stele_test *t, const stele_json *tree, uint32_t indent) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, t->arena, 0);
  stele_json_writer_init(&w, &buf, indent);
  stele_json_write_value(&w, tree);
  return stele_buf_str(&buf);
}

/* Each row is read, written compactly and compared; what was written reads
 * back to the same text. */
static void test_accepted(stele_test *t) {
  static const struct {
    const char *label;
    stele_str in, want;
  } rows[] = {
      {"null", STELE_STR_INIT("null"), STELE_STR_INIT("null")},
      {"true in white space", STELE_STR_INIT(" \t\r\n true \n"), STELE_STR_INIT("true")},
      {"false", STELE_STR_INIT("false"), STELE_STR_INIT("false")},
      {"a string alone", STELE_STR_INIT("\"a\""), STELE_STR_INIT("\"a\"")},
      {"the empty string", STELE_STR_INIT("\"\""), STELE_STR_INIT("\"\"")},
      {"zero", STELE_STR_INIT("0"), STELE_STR_INIT("0")},
      {"minus zero", STELE_STR_INIT("-0"), STELE_STR_INIT("-0")},
      {"a number keeps its spelling", STELE_STR_INIT("1.50E+03"), STELE_STR_INIT("1.50E+03")},
      {"an integer past 64 bits is still a number",
       STELE_STR_INIT("123456789012345678901234567890"),
       STELE_STR_INIT("123456789012345678901234567890")},
      {"a number too large for a double", STELE_STR_INIT("1e400"), STELE_STR_INIT("1e400")},
      {"an empty array", STELE_STR_INIT("[ ]"), STELE_STR_INIT("[]")},
      {"an empty object", STELE_STR_INIT("{ }"), STELE_STR_INIT("{}")},
      {"nested", STELE_STR_INIT("{\"a\" : [1 , {\"b\":[]} , 2] , \"c\":{}}"),
       STELE_STR_INIT("{\"a\":[1,{\"b\":[]},2],\"c\":{}}")},
      {"members keep their order", STELE_STR_INIT("{\"z\":1,\"a\":2,\"m\":3}"),
       STELE_STR_INIT("{\"z\":1,\"a\":2,\"m\":3}")},
      {"the empty name", STELE_STR_INIT("{\"\":0}"), STELE_STR_INIT("{\"\":0}")},
      {"all short escapes", STELE_STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
       STELE_STR_INIT("\"\\\"\\\\/\\b\\f\\n\\r\\t\"")},
      {"a NUL inside", STELE_STR_INIT("\"a\\u0000b\""), STELE_STR_INIT("\"a\\u0000b\"")},
      {"a control byte", STELE_STR_INIT("\"\\u001F\""), STELE_STR_INIT("\"\\u001f\"")},
      {"DEL needs no escape", STELE_STR_INIT("\"\x7f\""), STELE_STR_INIT("\"\x7f\"")},
      {"two, three bytes by escape", STELE_STR_INIT("\"\\u00e9\\u20AC\""),
       STELE_STR_INIT("\"\xc3\xa9\xe2\x82\xac\"")},
      {"a pair of surrogates", STELE_STR_INIT("\"\\uD83D\\uDE00!\""),
       STELE_STR_INIT("\"\xf0\x9f\x98\x80!\"")},
      {"the last code point", STELE_STR_INIT("\"\\udbff\\udfff\""),
       STELE_STR_INIT("\"\xf4\x8f\xbf\xbf\"")},
      {"a non-character", STELE_STR_INIT("\"\\uFFFF\""), STELE_STR_INIT("\"\xef\xbf\xbf\"")},
      {"UTF-8 as it is", STELE_STR_INIT("[\"\xf0\x9f\x98\x80 and \xc3\xa9\"]"),
       STELE_STR_INIT("[\"\xf0\x9f\x98\x80 and \xc3\xa9\"]")},
      {"an escape after a long plain run",
       STELE_STR_INIT("\"0123456789abcdef0123456789abcdefXYZ\\n0123456789abcdef\\\"\""),
       STELE_STR_INIT("\"0123456789abcdef0123456789abcdefXYZ\\n0123456789abcdef\\\"\"")},
      {"names that differ after an escape", STELE_STR_INIT("{\"a\\n\":1,\"a\":2}"),
       STELE_STR_INIT("{\"a\\n\":1,\"a\":2}")},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_str once = print(t, parse(t, rows[i].in), 0);
    t_eq_str(t, once, rows[i].want);
    t_eq_str(t, print(t, parse(t, once), 0), once);
    t_eq_str(t, print(t, parse(t, print(t, parse(t, once), 2)), 0), once);
  }
}

static void test_refused(stele_test *t) {
  static const struct {
    const char *label;
    stele_str in;
    uint32_t line, column;
    const char *want; /* the end of the message */
  } rows[] = {
      {"nothing", STELE_STR_INIT(""), 1, 1, "the text ends too early"},
      {"white space alone", STELE_STR_INIT(" \n "), 2, 2, "the text ends too early"},
      {"a byte order mark", STELE_STR_INIT("\xef\xbb\xbf{}"), 1, 1, "expected a value"},
      {"a NUL after the value", STELE_STR_INIT("1\0"), 1, 2, "something follows the value"},
      {"two values", STELE_STR_INIT("1 2"), 1, 3, "something follows the value"},
      {"a bracket too many", STELE_STR_INIT("[]]"), 1, 3, "something follows the value"},
      {"a comment", STELE_STR_INIT("[1,/*x*/2]"), 1, 4, "expected a value"},
      {"a form feed is no white space", STELE_STR_INIT("[\f1]"), 1, 2, "expected a value"},
      {"a no-break space is none either",
       STELE_STR_INIT("[\xc2\xa0"
                      "1]"),
       1, 2, "expected a value"},
      {"a trailing comma", STELE_STR_INIT("[1,]"), 1, 4, "expected a value"},
      {"a leading comma", STELE_STR_INIT("[,1]"), 1, 2, "expected a value"},
      {"no comma", STELE_STR_INIT("[1 2]"), 1, 4, "expected ',' or ']'"},
      {"an open array", STELE_STR_INIT("[1"), 1, 3, "the text ends too early"},
      {"an open object", STELE_STR_INIT("{"), 1, 2, "the text ends too early"},
      {"crossed brackets", STELE_STR_INIT("[1}"), 1, 3, "expected ',' or ']'"},
      {"a trailing comma in an object", STELE_STR_INIT("{\"a\":1,}"), 1, 8,
       "expected the name of a member"},
      {"a name without quotes", STELE_STR_INIT("{a:1}"), 1, 2, "expected the name of a member"},
      {"a number as a name", STELE_STR_INIT("{1:1}"), 1, 2, "expected the name of a member"},
      {"no colon", STELE_STR_INIT("{\"a\" 1}"), 1, 6, "expected ':'"},
      {"no value", STELE_STR_INIT("{\"a\":}"), 1, 6, "expected a value"},
      {"a name twice", STELE_STR_INIT("{\"a\":1,\n \"a\":2}"), 2, 2, "the name \"a\" stands twice"},
      {"a name twice, once escaped", STELE_STR_INIT("{\"a\":1,\"\\u0061\":2}"), 1, 8,
       "the name \"a\" stands twice"},
      {"single quotes", STELE_STR_INIT("['a']"), 1, 2, "expected a value"},
      {"an open string", STELE_STR_INIT("\"abc"), 1, 5, "the text ends too early"},
      {"open behind a backslash", STELE_STR_INIT("\"\\"), 1, 3, "the text ends too early"},
      {"open behind an escaped quote", STELE_STR_INIT("\"\\\""), 1, 4, "the text ends too early"},
      {"an unknown escape", STELE_STR_INIT("\"\\x41\""), 1, 2, "no such escape"},
      {"an escaped NUL byte", STELE_STR_INIT("\"\\\0\""), 1, 2, "no such escape"},
      {"a capital U", STELE_STR_INIT("\"\\U0041\""), 1, 2, "no such escape"},
      {"three hexadecimal digits", STELE_STR_INIT("\"\\u12G4\""), 1, 6,
       "expected four hexadecimal digits"},
      {"a cut \\u", STELE_STR_INIT("\"\\u12"), 1, 6, "the text ends too early"},
      {"a raw newline in a string", STELE_STR_INIT("\"a\nb\""), 1, 3,
       "a control byte must be escaped"},
      {"a raw tab after an escape", STELE_STR_INIT("\"\\n\t\""), 1, 4,
       "a control byte must be escaped"},
      {"a lone high surrogate", STELE_STR_INIT("\"\\ud800\""), 1, 2,
       "a high surrogate stands alone"},
      {"a high surrogate and a letter", STELE_STR_INIT("\"\\ud800\\u0041\""), 1, 2,
       "a high surrogate stands alone"},
      {"two high surrogates", STELE_STR_INIT("\"\\ud800\\ud800\""), 1, 2,
       "a high surrogate stands alone"},
      {"a lone low surrogate", STELE_STR_INIT("\"x\\udc00\""), 1, 3,
       "a low surrogate stands alone"},
      {"an overlong slash", STELE_STR_INIT("[\n\"\xc0\xaf\"]"), 2, 2, "not UTF-8"},
      {"a surrogate in UTF-8", STELE_STR_INIT("\"\xed\xa0\x80\""), 1, 2, "not UTF-8"},
      {"Latin-1", STELE_STR_INIT("\"\xe9\""), 1, 2, "not UTF-8"},
      {"a leading zero", STELE_STR_INIT("01"), 1, 1, "not a number"},
      {"a minus alone", STELE_STR_INIT("-"), 1, 1, "not a number"},
      {"a minus and a zero before digits", STELE_STR_INIT("-012"), 1, 1, "not a number"},
      {"a plus", STELE_STR_INIT("+1"), 1, 1, "expected a value"},
      {"no digits before the point", STELE_STR_INIT(".5"), 1, 1, "expected a value"},
      {"none after it", STELE_STR_INIT("1."), 1, 1, "not a number"},
      {"none after it, with an exponent", STELE_STR_INIT("1.e5"), 1, 1, "not a number"},
      {"no exponent", STELE_STR_INIT("1e"), 1, 1, "not a number"},
      {"two signs", STELE_STR_INIT("1e+-2"), 1, 1, "not a number"},
      {"hexadecimal", STELE_STR_INIT("0x1"), 1, 2, "something follows the value"},
      {"NaN", STELE_STR_INIT("NaN"), 1, 1, "expected a value"},
      {"Infinity", STELE_STR_INIT("-Infinity"), 1, 1, "not a number"},
      {"a capital", STELE_STR_INIT("True"), 1, 1, "expected a value"},
      {"a cut word", STELE_STR_INIT("[nul]"), 1, 2, "expected a value"},
      {"a longer word", STELE_STR_INIT("truer"), 1, 5, "something follows the value"},
      {"the third line", STELE_STR_INIT("{\n  \"a\": 1,\n  \"b\": ?\n}"), 3, 8, "expected a value"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    stele_json_place where;
    /* A copy of the exact size, so that the sanitizer sees a read past it. */
    stele_str exact = {malloc(rows[i].in.len + !rows[i].in.len), rows[i].in.len};
    memcpy((char *)(uintptr_t)exact.ptr, rows[i].in.ptr, exact.len);
    t_true(t, !stele_json_parse(t->arena, exact, NULL, &where, &err));
    free((char *)(uintptr_t)exact.ptr);
    t_eq_int(t, err.code, STELE_INVALID);
    t_eq_int(t, where.line, rows[i].line);
    t_eq_int(t, where.column, rows[i].column);
    stele_str want = stele_str_printf(t->arena, "line %u, column %u (byte %zu): %s", where.line,
                                      where.column, where.offset, rows[i].want);
    t_eq_str(t, stele_cstr(err.msg), want);
  }
}

static stele_str repeat(stele_test *t, const char *piece, size_t count, const char *between) {
  stele_buf buf;
  stele_buf_init(&buf, t->arena, 0);
  for (size_t i = 0; i < count; i++) {
    if (i) stele_buf_add_cstr(&buf, between);
    stele_buf_add_cstr(&buf, piece);
  }
  return stele_buf_str(&buf);
}

static void test_limits(stele_test *t) {
  const stele_json_limits limits = {.bytes = 100, .depth = 5, .values = 10};
  const struct {
    const char *label;
    stele_str in;
    stele_code want;
  } rows[] = {
      {"as deep as allowed", STELE_STR_INIT("[[[[[]]]]]"), STELE_OK},
      {"one deeper", STELE_STR_INIT("[[[[[[]]]]]]"), STELE_LIMIT},
      {"one deeper, by objects", STELE_STR_INIT("[[[[[{}]]]]]"), STELE_LIMIT},
      {"as many as allowed", STELE_STR_INIT("[1,2,3,4,5,6,7,8,9]"), STELE_OK},
      {"one more", STELE_STR_INIT("[1,2,3,4,5,6,7,8,9,0]"), STELE_LIMIT},
      {"one more, a container", STELE_STR_INIT("[1,2,3,4,5,6,7,8,9,[]]"), STELE_LIMIT},
      {"as long as allowed", repeat(t, " 1 ", 1, ""), STELE_OK},
      {"one byte more", repeat(t, " ", 101, ""), STELE_LIMIT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    bool ok = stele_json_parse(t->arena, rows[i].in, &limits, NULL, &err) != NULL;
    t_eq_int(t, ok, rows[i].want == STELE_OK);
    t_eq_int(t, err.code, rows[i].want);
  }
  t_case(t, "a million brackets");
  stele_err err = {0};
  t_true(t, !stele_json_parse(t->arena, repeat(t, "[", 1000000, ""), NULL, NULL, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  t_case(t, "a limit on depth is itself limited");
  const stele_json_limits wild = {.depth = UINT32_MAX};
  t_true(t, !stele_json_parse(t->arena, repeat(t, "[", 1001, ""), &wild, NULL, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
}

/* Twins are found among few members and among many, and the later is named. */
static void test_twins(stele_test *t) {
  for (size_t count = 2; count < 60; count++) {
    for (size_t at = 1; at < count; at += 3) {
      stele_buf buf;
      stele_buf_init(&buf, t->arena, 0);
      size_t offset = 0;
      for (size_t i = 0; i < count; i++) {
        stele_buf_add_byte(&buf, i ? ',' : '{');
        if (i == at) offset = buf.len;
        stele_buf_printf(&buf, "\"k%zu\":{\"k0\":[%zu]}", i == at ? i - 1 : i, i);
      }
      stele_buf_add_byte(&buf, '}');
      stele_err err = {0};
      stele_json_place where;
      t_case_n(t, "twin among", count);
      t_true(t, !stele_json_parse(t->arena, stele_buf_str(&buf), NULL, &where, &err));
      t_eq_int(t, where.offset, offset);
    }
  }
}

static void test_integers(stele_test *t) {
  static const struct {
    const char *in;
    bool is_i64, is_u64;
    int64_t i64;
    uint64_t u64;
  } rows[] = {
      {"0", true, true, 0, 0},
      {"-0", true, true, 0, 0},
      {"-0.0e5", true, true, 0, 0},
      {"0e999999999999999999999", true, true, 0, 0},
      {"7", true, true, 7, 7},
      {"-7", true, false, -7, 0},
      {"9007199254740993", true, true, 9007199254740993, 9007199254740993},
      {"9223372036854775807", true, true, INT64_MAX, INT64_MAX},
      {"9223372036854775808", false, true, 0, 9223372036854775808u},
      {"-9223372036854775808", true, false, INT64_MIN, 0},
      {"-9223372036854775809", false, false, 0, 0},
      {"18446744073709551615", false, true, 0, UINT64_MAX},
      {"18446744073709551616", false, false, 0, 0},
      {"1.0", true, true, 1, 1},
      {"1e3", true, true, 1000, 1000},
      {"1E+3", true, true, 1000, 1000},
      {"12.50e1", true, true, 125, 125},
      {"12.50e0", false, false, 0, 0},
      {"100e-2", true, true, 1, 1},
      {"101e-2", false, false, 0, 0},
      {"0.5", false, false, 0, 0},
      {"1e19", false, true, 0, 10000000000000000000u},
      {"1e20", false, false, 0, 0},
      {"0.00000000000000000000000000001e29", true, true, 1, 1},
      {"1e-1", false, false, 0, 0},
      {"1e99999999999999999999", false, false, 0, 0},
      {"1e-99999999999999999999", false, false, 0, 0},
      {"100000000000000000000000e-22", true, true, 10, 10},
      {"1844674407370955161500000e-5", false, true, 0, UINT64_MAX},
      {"1", true, true, 1, 1},
      {"", false, false, 0, 0},
      {"1x", false, false, 0, 0},
      {"01", false, false, 0, 0},
      {" 1", false, false, 0, 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    int64_t i64 = 0;
    uint64_t u64 = 0;
    t_case(t, rows[i].in);
    t_eq_int(t, stele_json_number_i64(stele_cstr(rows[i].in), &i64), rows[i].is_i64);
    t_eq_int(t, stele_json_number_u64(stele_cstr(rows[i].in), &u64), rows[i].is_u64);
    t_eq_int(t, i64, rows[i].i64);
    t_true(t, u64 == rows[i].u64);
  }
}

static void test_members(stele_test *t) {
  const stele_json *tree = parse(
      t, STELE_STR("{\"schema\": 5, \"name\": \"x\",\n \"no\": null, \"yes\": true, \"big\": 3e9,"
                   "\n \"files\": [{}, {\"a b\": [1.5]}], \"rate\": 0.25, \"huge\": 1e999}"));
  stele_err err = {0};
  stele_str name = {0};
  bool yes = false;
  int32_t i32 = 0;
  int64_t i64 = 42;
  uint64_t u64 = 0;
  double rate = 0;
  const stele_json *files = NULL, *object = NULL;
  t_ok(t, stele_json_need_str(tree, "name", &name, &err), &err);
  t_eq_str(t, name, STELE_STR("x"));
  t_ok(t, stele_json_need_bool(tree, "yes", &yes, &err) && yes, &err);
  t_ok(t, stele_json_need_u64(tree, "big", &u64, &err) && u64 == 3000000000, &err);
  t_ok(t, stele_json_need_double(tree, "rate", &rate, &err) && rate == 0.25, &err);
  t_ok(t, stele_json_need_array(tree, "files", &files, &err), &err);
  t_eq_int(t, files->count, 2);
  t_ok(t, stele_json_pick_i64(tree, "absent", &i64, &err), &err);
  t_ok(t, stele_json_pick_i64(tree, "no", &i64, &err), &err);
  t_eq_int(t, i64, 42);
  t_true(t, !stele_json_find(files, STELE_STR("name")));

  t_true(t, !stele_json_need_str(tree, "schema", &name, &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("expected string at $.schema (line 1, column 2)"));
  t_true(t, !stele_json_pick_str(tree, "schema", &name, &err));
  t_true(t, !stele_json_need_str(tree, "absent", &name, &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("missing $.absent (line 1, column 1)"));
  t_true(t, !stele_json_need_i32(tree, "big", &i32, &err));
  t_eq_str(t, stele_cstr(err.msg),
           STELE_STR("number 3e9 is out of range for a 32-bit integer at $.big (line 2, column "
                     "27)"));
  t_true(t, !stele_json_need_double(tree, "huge", &rate, &err));
  t_true(t, !stele_json_need_object(tree, "files", &object, &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("expected object at $.files (line 3, column 2)"));
  t_true(t, !stele_json_need_str(files, "x", &name, &err));
  t_eq_int(t, err.code, STELE_INVALID);

  const stele_json *deep =
      stele_json_find(stele_json_next(files, stele_json_first(files)), STELE_STR("a b"));
  t_eq_str(t, stele_json_path(t->arena, stele_json_first(deep)),
           STELE_STR("$.files[1][\"a b\"][0]"));
  t_true(t, !stele_json_to_i64(stele_json_first(deep), &i64, &err));
  t_eq_int(t, err.code, STELE_INVALID);
}

/* A path that does not fit in a message is cut, and stays UTF-8. */
static void test_long_path(stele_test *t) {
  stele_buf buf;
  stele_buf_init(&buf, t->arena, 0);
  for (int i = 0; i < 30; i++) stele_buf_add_cstr(&buf, "{\"long\xc3\xa9name\":");
  stele_buf_add_cstr(&buf, "1");
  for (int i = 0; i < 30; i++) stele_buf_add_byte(&buf, '}');
  const stele_json *value = parse(t, stele_buf_str(&buf));
  while (value->count) value = stele_json_first(value);
  stele_err err = {0};
  stele_str text;
  t_true(t, !stele_json_to_str(value, &text, &err));
  t_true(t, strlen(err.msg) < STELE_ERR_TEXT - 1);
  t_true(t, strstr(err.msg, "\xe2\x80\xa6 (line 1, column") != NULL);
}

static void test_writer(stele_test *t) {
  stele_buf buf;
  stele_json_writer w;
  const uint32_t indents[] = {0, 2};
  const stele_str want[] = {
      STELE_STR("{\"s\":\"a\\\"b\",\"n\":-5,\"u\":18446744073709551615,\"list\":[true,null,[],{}],"
                "\"raw\":[1, 2],\"o\":{\"f\":false}}"),
      STELE_STR("{\n  \"s\": \"a\\\"b\",\n  \"n\": -5,\n  \"u\": 18446744073709551615,\n"
                "  \"list\": [\n    true,\n    null,\n    [],\n    {}\n  ],\n"
                "  \"raw\": [1, 2],\n  \"o\": {\n    \"f\": false\n  }\n}")};
  for (size_t i = 0; i < STELE_COUNT(indents); i++) {
    stele_buf_init(&buf, t->arena, 0);
    stele_json_writer_init(&w, &buf, indents[i]);
    stele_json_begin_object(&w);
    stele_json_field_str(&w, "s", STELE_STR("a\"b"));
    stele_json_field_i64(&w, "n", -5);
    stele_json_write_key(&w, STELE_STR("u"));
    stele_json_write_u64(&w, UINT64_MAX);
    stele_json_field_array(&w, "list");
    stele_json_write_bool(&w, true);
    stele_json_write_null(&w);
    stele_json_begin_array(&w);
    stele_json_end_array(&w);
    stele_json_begin_object(&w);
    stele_json_end_object(&w);
    stele_json_end_array(&w);
    stele_json_write_key(&w, STELE_STR("raw"));
    stele_json_write_raw(&w, STELE_STR("[1, 2]"));
    stele_json_field_object(&w, "o");
    stele_json_field_bool(&w, "f", false);
    stele_json_end_object(&w);
    stele_json_end_object(&w);
    t_eq_str(t, stele_buf_str(&buf), want[i]);
  }
}

static void test_write_bad_utf8(stele_test *t) {
  static const struct {
    const char *label;
    stele_str in, want;
  } rows[] = {
      {"one stray byte",
       STELE_STR_INIT("a\xff"
                      "b"),
       STELE_STR_INIT("a\xef\xbf\xbd"
                      "b")},
      {"at the end", STELE_STR_INIT("a\xe2\x82"), STELE_STR_INIT("a\xef\xbf\xbd\xef\xbf\xbd")},
      {"a surrogate", STELE_STR_INIT("\xed\xa0\x80"),
       STELE_STR_INIT("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd")},
      {"escapes around it", STELE_STR_INIT("\n\x80\""), STELE_STR_INIT("\\n\xef\xbf\xbd\\\"")},
      {"a NUL", STELE_STR_INIT("\0"), STELE_STR_INIT("\\u0000")},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf buf;
    stele_buf_init(&buf, t->arena, 0);
    t_case(t, rows[i].label);
    stele_json_escape(&buf, rows[i].in);
    t_eq_str(t, stele_buf_str(&buf), rows[i].want);
  }
}

static void test_write_double(stele_test *t) {
  static const struct {
    double in;
    const char *want;
  } rows[] = {
      {0, "0"},
      {-0.0, "-0"},
      {1, "1"},
      {0.1, "0.1"},
      {1.08945, "1.08945"},
      {1.0 / 3, "0.3333333333333333"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e300, "1e+300"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {INFINITY, "null"},
      {NAN, "null"},
      {1e21, "1e+21"},
      {123456789012345680.0, "1.2345678901234568e+17"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_buf buf;
    stele_json_writer w;
    stele_buf_init(&buf, t->arena, 0);
    stele_json_writer_init(&w, &buf, 0);
    stele_json_write_double(&w, rows[i].in);
    t_case(t, rows[i].want);
    t_eq_str(t, stele_buf_str(&buf), stele_cstr(rows[i].want));
    t_true(t, stele_json_is_number(stele_buf_str(&buf)) == (bool)isfinite(rows[i].in));
  }
}

/* Every byte at every place of a window: both scans give one answer. */
static void test_scan_twins(stele_test *t) {
  char text[70];
  for (int byte = 0; byte < 256; byte++) {
    for (size_t at = 0; at < sizeof text; at++) {
      memset(text, byte & 1 ? 'x' : 0xe9, sizeof text);
      text[at] = (char)byte;
      for (size_t from = 0; from < 3; from++) {
        size_t len = sizeof text - from;
        const char *end = text + from + len;
        t_true(t, json_plain_end(text + from, end) == json_plain_end_bytewise(text + from, end));
      }
    }
  }
}

/* A fixed generator, so that a failure can be run again. */
static uint32_t next_random(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*state >> 33);
}

static void write_random(stele_json_writer *w, uint64_t *state, int depth) {
  static const char pieces[] = "ab\"\\\n\x01/\x7f z0";
  char text[40];
  uint32_t pick = next_random(state) % (depth > 0 ? 9 : 7), count = next_random(state) % 5;
  size_t len = next_random(state) % sizeof text;
  for (size_t i = 0; i < len; i++) text[i] = pieces[next_random(state) % (sizeof pieces)];
  switch (pick) {
  case 0: stele_json_write_null(w); return;
  case 1: stele_json_write_bool(w, count & 1); return;
  case 2: stele_json_write_i64(w, -(int64_t)next_random(state)); return;
  case 3: stele_json_write_u64(w, (uint64_t)next_random(state) << 32 | 5); return;
  case 4: stele_json_write_double(w, (double)next_random(state) / 1000); return;
  case 5:
  case 6: stele_json_write_str(w, (stele_str){text, len}); return;
  default: break;
  }
  if (pick == 7) {
    stele_json_begin_array(w);
    while (count--) write_random(w, state, depth - 1);
    stele_json_end_array(w);
    return;
  }
  stele_json_begin_object(w);
  while (count--) {
    char key[2] = {(char)('a' + count), '"'};
    stele_json_write_key(w, (stele_str){key, 2});
    write_random(w, state, depth - 1);
  }
  stele_json_end_object(w);
}

/* print(parse(x)) = x for everything the writer makes, compact and pretty. */
static void test_round_trip(stele_test *t) {
  for (uint64_t seed = 1; seed <= 500; seed++) {
    for (uint32_t indent = 0; indent <= 3; indent += 3) {
      stele_buf buf;
      stele_json_writer w;
      uint64_t state = seed;
      stele_mark mark = stele_arena_mark(t->arena);
      stele_buf_init(&buf, t->arena, 0);
      stele_json_writer_init(&w, &buf, indent);
      write_random(&w, &state, 6);
      t_eq_str(t, print(t, parse(t, stele_buf_str(&buf)), indent), stele_buf_str(&buf));
      stele_arena_rewind(t->arena, mark);
    }
  }
}

static bool parse_all(stele_arena *arena, stele_err *err) {
  return stele_json_parse(arena,
                          STELE_STR("{\"a\\n\":[1,2,3,\"\\u00e9\"],\"b\":{\"c\":null},\"d\":1,"
                                    "\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,"
                                    "\"l\":1,\"m\":1,\"n\":[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5]}"),
                          NULL, NULL, err) != NULL;
}

static void test_failing_memory(stele_test *t) {
  t_each_failure(t, parse_all);
}

TEST_MAIN(test_accepted, test_refused, test_limits, test_twins, test_integers, test_members,
          test_long_path, test_writer, test_write_bad_utf8, test_write_double, test_scan_twins,
          test_round_trip, test_failing_memory)
