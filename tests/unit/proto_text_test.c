/* The text format: rows of text, what they come out as, and what they are
 * refused for; options; memory that runs out. */
#include "base/guard.h"
#include "harness/schema.h"
#include "proto/text/text.h"

static const t_text files[] = {
    {"m.proto",
     "edition = \"2023\"; package p; import \"google/protobuf/any.proto\"; import \"set.proto\";\n"
     "message M {\n"
     "  int32 i = 1; int64 l = 2; uint32 u = 3; uint64 ul = 4; bool b = 5; float f = 6; double d = "
     "7;\n"
     "  string s = 8; bytes by = 9; M m = 10; E e = 11; C c = 12; repeated int32 is = 13;\n"
     "  repeated M ms = 14; map<string, int32> map = 15; map<int32, M> mm = 16;\n"
     "  oneof o { int32 oi = 17; string os = 18; }\n"
     "  message Grp { int32 x = 1; } Grp grp = 19 [features.message_encoding = DELIMITED];\n"
     "  Grp other = 20 [features.message_encoding = DELIMITED];\n"
     "  google.protobuf.Any any = 21; q.Set set = 22; repeated string ss = 23;\n"
     "  string raw = 24 [features.utf8_validation = NONE]; map<bool, E> flags = 25;\n"
     "  reserved gone, lost; extensions 100 to 200;\n"
     "}\n"
     "enum E { ZERO = 0; ONE = 1; }\n"
     "enum C { option features.enum_type = CLOSED; CZERO = 0; CONE = 1; }\n"
     "extend M { int32 ext = 100; repeated M ext_ms = 101; }\n"
     "message R { int32 need = 1 [features.field_presence = LEGACY_REQUIRED]; }\n"},
    {"set.proto",
     "syntax = \"proto2\"; package q; message Set { option message_set_wire_format = true; "
     "extensions "
     "4 to max; } message A { extend Set { optional A a = 1000; } optional int32 i = 1; }"},
};

typedef struct fixture {
  t_schemas held;
  stele_layouts *layouts;
  const stele_layout *m;
} fixture;

static const stele_layout *layout(stele_test *t, fixture *x, const char *name) {
  stele_err err = {0};
  const stele_layout *found = stele_layouts_find(x->layouts, stele_cstr(name), &err);
  t_ok(t, found != NULL, &err);
  return found;
}

static fixture begin(stele_test *t) {
  fixture x = {0};
  stele_err err = {0};
  x.layouts =
      stele_layouts_new(t_schema_files(t, &x.held, files, STELE_COUNT(files))->schema, &err);
  x.m = layout(t, &x, "p.M");
  return x;
}

static void end(fixture *x) {
  stele_layouts_unref(x->layouts);
  t_schemas_free(&x->held);
}

static stele_str write(stele_test *t, const stele_object *o, bool one_line) {
  stele_text_write_options options = {.one_line = one_line, .expand_any = true};
  stele_err err = {0};
  stele_str out = {0};
  t_ok(t, stele_text_write(t->arena, o, &options, &out, &err), &err);
  return out;
}

static void test_rows(stele_test *t) {
  fixture x = begin(t);
  static const struct {
    const char *label, *in;
    const char *want; /* on one line; or NULL */
    const char *err;
  } rows[] = {
      {"nothing", " # a comment\n\t", "", NULL},
      {"numbers", "i: -5 l: - 6 u: 7, ul: 18446744073709551615;",
       "i: -5 l: -6 u: 7 ul: 18446744073709551615", NULL},
      {"octal and hex", "i: 017 u: 0xFf l: -0x10", "i: 15 l: -16 u: 255", NULL},
      {"limits", "i: -2147483648 l: 9223372036854775807 u: 4294967295",
       "i: -2147483648 l: 9223372036854775807 u: 4294967295", NULL},
      {"too large", "i: 2147483648", NULL, "1:4, field \"i\": the integer is out of range"},
      {"too small", "l: -9223372036854775809", NULL,
       "1:5, field \"l\": the integer is out of range"},
      {"past 64 bits", "ul: 18446744073709551616", NULL,
       "1:5, field \"ul\": the integer is out of range"},
      {"negative and unsigned", "u: -1", NULL,
       "1:4, field \"u\": expected an integer that is not negative"},
      {"a float for an integer", "i: 1.0", NULL, "1:4, field \"i\": expected an integer"},
      {"nine is not octal", "i: 09", NULL,
       "1:4, field \"i\": a number that begins with 0 is octal"},
      {"a word behind a number", "i: 5x", NULL,
       "1:4, field \"i\": a space is needed behind a number"},
      {"floats", "f: 1.5 d: 1e3", "f: 1.5 d: 1000", NULL},
      {"more floats", "f: 1.5f d: .5", "f: 1.5 d: 0.5", NULL},
      {"floats without a point", "f: 3F d: 10", "f: 3 d: 10", NULL},
      {"a float with nothing behind its point", "d: 1.", "d: 1", NULL},
      {"not finite", "f: -inf d: NaN", "f: -inf d: nan", NULL},
      {"infinite by name or size", "f: Infinity d: 1e999", "f: inf d: inf", NULL},
      {"the largest float", "f: 3.4028235e38", "f: 3.40282347e+38", NULL},
      {"fifteen digits, or seventeen", "d: 0.1", "d: 0.1", NULL},
      {"seventeen digits", "d: 0.30000000000000004", "d: 0.30000000000000004", NULL},
      {"a float in hex", "f: 0x1", NULL, "1:4, field \"f\": a float is written in decimal"},
      {"a float in octal", "f: 01", NULL, "1:4, field \"f\": a float is written in decimal"},
      {"an exponent without digits", "f: 1e", NULL, "1:4, field \"f\": an exponent needs digits"},
      {"booleans", "b: true", "b: true", NULL},
      {"booleans by letter", "b: t", "b: true", NULL},
      {"booleans by number", "b: 0x1", "b: true", NULL},
      {"booleans in capitals", "b: TRUE", NULL, "1:4, field \"b\": expected true or false"},
      {"two is not a boolean", "b: 2", NULL, "1:4, field \"b\": expected true or false"},
      {"strings in pieces", "s: 'a' \"b\"\n'c'", "s: \"abc\"", NULL},
      {"escapes", "by: '\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\\?\\1\\12\\123\\x1\\x41'",
       "by: \"\\007\\010\\014\\n\\r\\t\\013\\\\\\'\\\"?\\001\\nS\\001A\"", NULL},
      {"unicode", "s: '\\u00e9\\U0001F600'", "s: \"\\303\\251\\360\\237\\230\\200\"", NULL},
      {"half a pair", "s: '\\ud801\\udc37'", NULL, "1:4, field \"s\": an escape that there is not"},
      {"past unicode", "s: '\\U00110000'", NULL, "1:4, field \"s\": an escape that there is not"},
      {"no such escape", "s: '\\q'", NULL, "1:4, field \"s\": an escape that there is not"},
      {"a string over a line's end", "s: 'a\nb'", NULL,
       "1:4, field \"s\": a string does not go on over the end of its line"},
      {"a string that does not end", "s: 'a", NULL, "1:4, field \"s\": a string does not end"},
      {"a string that is not UTF-8", "s: '\\xff'", NULL, "1:4, field \"s\": not valid UTF-8"},
      {"bytes may be anything", "by: '\\xff' raw: '\\377'", "by: \"\\377\" raw: \"\\377\"", NULL},
      {"messages", "m { i: 1 } ms < i: 2 > ms: { }", "m { i: 1 } ms { i: 2 } ms { }", NULL},
      {"a list", "is: [1, 2] is: 3 is: []", "is: 1 is: 2 is: 3", NULL},
      {"a list of messages", "ms [{i: 1}, <>] ms: []", "ms { i: 1 } ms { }", NULL},
      {"a list with a comma too many", "is: [1,]", NULL,
       "1:8, field \"is[1]\": expected an integer"},
      {"a list for a singular field", "i: [1]", NULL, "1:4, field \"i\": expected an integer"},
      {"a closing brace of the other kind", "m { i: 1 >", NULL,
       "1:10, field \"m\": expected a field"},
      {"a message that does not end", "m { i: 1", NULL, "1:9, field \"m\": expected '}'"},
      {"no colon", "i 1", NULL, "1:3, field \"i\": expected ':'"},
      {"enums", "e: ONE c: CONE", "e: ONE c: CONE", NULL},
      {"enums by number", "e: 7 c: 0x1", "e: 7 c: CONE", NULL},
      {"a negative number of an open enum", "e: -1", "e: -1", NULL},
      {"an unknown number of a closed enum", "c: 7", NULL,
       "1:4, field \"c\": the enum has no value of this number"},
      {"an unknown name of an enum", "e: TWO", NULL,
       "1:4, field \"e\": the enum has no value of this name"},
      {"maps come sorted", "map { key: 'b' value: 2 } map: [{ value: 1 key: 'a' }, {}]",
       "map { key: \"\" value: 0 } map { key: \"a\" value: 1 } map { key: \"b\" value: 2 }", NULL},
      {"the last of a key", "map { key: 'b' value: 2 } map { key: 'b' value: 3 }",
       "map { key: \"b\" value: 3 }", NULL},
      {"a map of messages", "mm { key: 1 } mm { key: -1 value { i: 1 } }",
       "mm { key: -1 value { i: 1 } } mm { key: 1 value { } }", NULL},
      {"a map of booleans", "flags { key: true value: ONE } flags { value: 9 }",
       "flags { key: false value: 9 } flags { key: true value: ONE }", NULL},
      {"a group by its type", "Grp { x: 1 }", "Grp { x: 1 }", NULL},
      {"a group by its field", "grp { x: 1 }", "Grp { x: 1 }", NULL},
      {"a group in other letters", "GRP { x: 1 }", NULL, "1:1: p.M has no field \"GRP\""},
      {"delimited, but no group", "other { x: 1 }", "other { x: 1 }", NULL},
      {"extensions", "[p.ext]: 5 [ p . ext_ms # here\n ] { i: 1 }",
       "[p.ext]: 5 [p.ext_ms] { i: 1 }", NULL},
      {"no such extension", "[p.none]: 5", NULL, "1:1: there is no such extension of the message"},
      {"a MessageSet", "set { [q.A] { i: 1 } }", "set { [q.A] { i: 1 } }", NULL},
      {"a MessageSet by the extension's name", "set { [q.A.a] { i: 1 } }", "set { [q.A] { i: 1 } }",
       NULL},
      {"an Any", "any { [type.googleapis.com/p.M] { i: 1 } }",
       "any { [type.googleapis.com/p.M] { i: 1 } }", NULL},
      {"an Any of another domain", "any { [ex-ample.com/a%20b/p.M]: < i: 1 > }",
       "any { [ex-ample.com/a%20b/p.M] { i: 1 } }", NULL},
      {"an Any as its fields", "any { type_url: 'x/p.M' value: '\\010\\001' }",
       "any { [x/p.M] { i: 1 } }", NULL},
      {"an Any of no known type", "any { type_url: 'x/p.None' value: 'v' }",
       "any { type_url: \"x/p.None\" value: \"v\" }", NULL},
      {"an Any twice", "any { type_url: 'x' [x/p.M] {} }", NULL,
       "1:21, field \"any\": the Any was set before"},
      {"an Any of no known type to read", "any { [x/p.None] {} }", NULL,
       "1:7, field \"any\": there is no message type \"p.None\""},
      {"an Any of no domain", "any { [/p.M] {} }", NULL,
       "1:7, field \"any\": the URL of a type does not begin with a slash"},
      {"an Any of no domain, as its fields", "any { type_url: '/p.M' value: '' }",
       "any { type_url: \"/p.M\" }", NULL},
      {"an Any of half a name", "any { [x/.p.M] {} }", NULL,
       "1:7, field \"any\": not the name of a type or an extension"},
      {"half a name of an extension", "[p.]: 5", NULL,
       "1:1: not the name of a type or an extension"},
      {"a URL where there is no Any", "m { [x/p.M] {} }", NULL,
       "1:5, field \"m\": only an Any has the URL of a type"},
      {"a required field in an Any", "any { [x/p.R] {} }", NULL,
       "1:7, field \"any\": required field \"need\" is not set"},
      {"twice", "i: 1\ni: 2", NULL, "2:1, field \"i\": it is not repeated, and was set before"},
      {"two of a oneof", "oi: 1 os: 'a'", NULL,
       "1:7, field \"os\": another member of its oneof was set before"},
      {"reserved names are skipped",
       "gone: 5 lost { x: 'a' y [1, {}] [a.b/c]: -inf } i: 1 gone: [a, 'b' 'c', 1.5]", "i: 1",
       NULL},
      {"reserved, and not well-formed", "gone: { x }", NULL, "1:11: expected ':'"},
      {"no such field", "m { ms { none: 1 } }", NULL,
       "1:10, field \"m.ms[0]\": p.M has no field \"none\""},
      {"numbers are not names", "1: 5", NULL, "1:1: expected a field"},
      {"two separators", "i: 1,, l: 2", NULL, "1:6: expected a field"},
      {"a character out of place", "i: 1 \xc3\xa9", NULL,
       "1:6: a character that has no place outside strings"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    stele_object *o = stele_text_read(t->arena, x.m, stele_cstr(rows[i].in), NULL, &err);
    if (rows[i].err) {
      t_true(t, o == NULL && err.code == STELE_INVALID);
      t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].err));
      continue;
    }
    t_ok(t, o != NULL, &err);
    t_eq_str(t, write(t, o, true), stele_cstr(rows[i].want));
    stele_object *again = stele_text_read(t->arena, x.m, write(t, o, false), NULL, &err);
    t_ok(t, again != NULL, &err);
    t_true(t, stele_object_equal(o, again));
  }
  end(&x);
}

static void test_page(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_object *o = stele_text_read(
      t->arena, x.m, STELE_STR("ms { m { s: 'a' } map { key: 'k' } } b: true"), NULL, &err);
  t_eq_str(t, write(t, o, false),
           STELE_STR("b: true\nms {\n  m {\n    s: \"a\"\n  }\n  map {\n    key: \"k\"\n    value: "
                     "0\n  }\n}\n"));
  end(&x);
}

static void test_unknown(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_str out;
  static const uint8_t bytes[] = {
      0xc0, 0x3e, 0x05,                               /* 1000: 5 */
      0xc1, 0x3e, 1,    0,    0,    0,    0, 0, 0, 0, /* fixed64 */
      0xc5, 0x3e, 0x10, 0,    0,    0,                /* fixed32 */
      0xc2, 0x3e, 0x02, 0x08, 0x01,                   /* a message, likely */
      0xc2, 0x3e, 0x03, 'a',  'b',  0xff,             /* a string, likely */
      0xc2, 0x3e, 0x00,                               /* nothing */
      0xc3, 0x3e, 0x10, 0x02, 0xc4, 0x3e,             /* a group */
  };
  stele_bytes records = {bytes, sizeof bytes};
  stele_str want =
      STELE_STR("1000: 5\n1000: 0x0000000000000001\n1000: 0x00000010\n1000 {\n  1: 1\n}\n"
                "1000: \"ab\\377\"\n1000: \"\"\n1000 {\n  2: 2\n}\n");
  stele_object *o = stele_binary_decode(t->arena, x.m, records, NULL, &err);
  stele_text_write_options options = {.print_unknown = true};
  t_ok(t, stele_text_write(t->arena, o, &options, &out, &err), &err);
  t_eq_str(t, out, want);
  t_ok(t, stele_text_write_raw(t->arena, records, &out, &err), &err);
  t_eq_str(t, out, want);
  t_eq_str(t, write(t, o, false), STELE_STR(""));
  t_true(t, !stele_text_write_raw(t->arena, (stele_bytes){bytes, 2}, &out, &err) &&
                err.code == STELE_INVALID);
  end(&x);
}

static void test_options(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  stele_text_read_options options = {.ignore_unknown = true};
  stele_object *o = stele_text_read(
      t->arena, x.m, STELE_STR("none: 1 5 { x: 1 } [p.none]: [1, 2] i: 1"), &options, &err);
  t_ok(t, o != NULL, &err);
  t_eq_str(t, write(t, o, true), STELE_STR("i: 1"));
  const stele_layout *r = layout(t, &x, "p.R");
  t_true(t, !stele_text_read(t->arena, r, STELE_STR(""), NULL, &err) && err.code == STELE_INVALID);
  options = (stele_text_read_options){.allow_partial = true};
  t_true(t, stele_text_read(t->arena, r, STELE_STR(""), &options, &err) != NULL);

  t_case(t, "a hundred deep, and one more");
  stele_buf deep;
  stele_buf_init(&deep, t->arena, 0);
  for (int i = 0; i < 100; i++) stele_buf_add_cstr(&deep, "m{");
  for (int i = 0; i < 100; i++) stele_buf_add_cstr(&deep, "}");
  t_true(t, stele_text_read(t->arena, x.m, stele_buf_str(&deep), NULL, &err) != NULL);
  t_true(t, !stele_text_read(t->arena, x.m, STELE_STR("i: 1 # a\0b\n"), NULL, &err));
  t_true(t, !stele_text_read(t->arena, x.m, STELE_STR("s: 'a\0b'"), NULL, &err));
  t_eq_int(t, err.code, STELE_INVALID);
  stele_buf_clear(&deep);
  for (int i = 0; i < 101; i++) stele_buf_add_cstr(&deep, "m{");
  t_true(t, !stele_text_read(t->arena, x.m, stele_buf_str(&deep), NULL, &err) &&
                err.code == STELE_LIMIT);
  stele_buf_clear(&deep);
  for (int i = 0; i < 10000; i++) stele_buf_add_cstr(&deep, "gone{");
  t_true(t, !stele_text_read(t->arena, x.m, stele_buf_str(&deep), NULL, &err));
  end(&x);
}

/* ---- Memory that runs out --------------------------------------------------------- */

static const stele_layout *failing_layout;

static bool round_trip_under_failure(stele_arena *arena, stele_err *err) {
  stele_str out;
  stele_text_write_options options = {.expand_any = true};
  stele_object *o = stele_text_read(
      arena, failing_layout,
      STELE_STR("i: 1 s: 'a' 'b' m { is: [1,2,3,4,5] } ms {} map { key: 'x' } [p.ext]: 3 gone: 1 "
                "any { [a/p.M] { s: 'inner' } } Grp { x: 1 }"),
      NULL, err);
  return o && stele_text_write(arena, o, &options, &out, err);
}

static void test_failures(stele_test *t) {
  fixture x = begin(t);
  failing_layout = x.m;
  t_each_failure(t, round_trip_under_failure);
  end(&x);
}

/* What protoc's reader takes besides; pieces of a pair join only within one literal. */
static void test_strings_as_protoc(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"a pair", "s: '\\ud83d\\ude00'", "\xf0\x9f\x98\x80"},
      {"its head", "s: '\\ud83d'", "\xed\xa0\xbd"},
      {"its tail", "s: '\\ude00'", "\xed\xb8\x80"},
      {"a head and another head", "s: '\\ud83d\\ud83d'", "\xed\xa0\xbd\xed\xa0\xbd"},
      {"a head and a letter", "s: '\\ud83d\\u0041'",
       "\xed\xa0\xbd"
       "A"},
      {"a pair in two literals", "s: '\\ud83d' '\\ude00'", "\xed\xa0\xbd\xed\xb8\x80"},
      {"past unicode", "s: '\\U00110000'", "\\U00110000"},
      {"no UTF-8", "s: '\\xff'", "\xff"},
      {"a head before half an escape", "s: '\\ud83d\\ude'", NULL},
      {"no such escape", "s: '\\q'", NULL},
  };
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_text_read_options options = {.strings_as_protoc = true};
    stele_err err = {0};
    t_case(t, rows[i].label);
    const stele_object *o = stele_text_read(t->arena, x.m, stele_cstr(rows[i].in), &options, &err);
    t_true(t, (o != NULL) == (rows[i].want != NULL));
    if (!o) continue;
    t_eq_str(t, stele_object_get(o, stele_layout_field(x.m, 8)).str, stele_cstr(rows[i].want));
  }
  end(&x);
}

TEST_MAIN(test_rows, test_strings_as_protoc, test_page, test_unknown, test_options, test_failures)
