/* ProtoJSON: rows of text that are read and written again, rows that are
 * refused with the place and the field, options, well-known types, Any;
 * memory that runs out. */
#include "harness/schema.h"
#include "proto/json/json_internal.h"

static const char text[] =
    "edition = \"2023\"; package p;\n"
    "import \"google/protobuf/any.proto\"; import \"google/protobuf/duration.proto\";\n"
    "import \"google/protobuf/empty.proto\"; import \"google/protobuf/field_mask.proto\";\n"
    "import \"google/protobuf/struct.proto\"; import \"google/protobuf/timestamp.proto\";\n"
    "import \"google/protobuf/wrappers.proto\";\n"
    "option features.field_presence = IMPLICIT;\n"
    "message M {\n"
    "  int32 i32 = 1; int64 i64 = 2; uint32 u32 = 3; uint64 u64 = 4; sint32 s32 = 5; sint64 s64 = "
    "6;\n"
    "  fixed32 f32 = 7; fixed64 f64 = 8; bool b = 9; float fl = 10; double d = 11;\n"
    "  string s = 12; bytes by = 13; M m = 14; E e = 15;\n"
    "  int32 set_i = 16 [features.field_presence = EXPLICIT]; repeated int32 ints = 17;\n"
    "  repeated string texts = 18; repeated M ms = 19; repeated E es = 20;\n"
    "  map<string, int32> by_name = 21; map<int32, M> by_i32 = 22; map<uint64, E> by_u64 = 23;\n"
    "  map<bool, string> by_bool = 24;\n"
    "  oneof one { int32 one_i = 25; string one_s = 26; M one_m = 27; google.protobuf.NullValue "
    "one_null = 28; }\n"
    "  string renamed = 29 [json_name = \"other \\\" name\"];\n"
    "  C closed = 30 [features.field_presence = EXPLICIT];\n"
    "  M g = 31 [features.message_encoding = DELIMITED];\n"
    "  google.protobuf.Any any = 40; google.protobuf.Duration duration = 41;\n"
    "  google.protobuf.Empty empty = 42; google.protobuf.FieldMask mask = 43;\n"
    "  google.protobuf.Struct struct = 44; google.protobuf.Value value = 45;\n"
    "  google.protobuf.ListValue list = 46; google.protobuf.Timestamp time = 47;\n"
    "  google.protobuf.Int64Value w_i64 = 48; google.protobuf.StringValue w_s = 49;\n"
    "  google.protobuf.BoolValue w_b = 50; google.protobuf.DoubleValue w_d = 51;\n"
    "  repeated google.protobuf.Value values = 52; google.protobuf.BytesValue w_by = 53;\n"
    "  google.protobuf.FloatValue w_f = 54; google.protobuf.NullValue null = 55;\n"
    "  repeated google.protobuf.Timestamp times = 56; repeated double ds = 57;\n"
    "  extensions 100 to 200;\n"
    "}\n"
    "enum E { ZERO = 0; ONE = 1; UNO = 7; NEG = -1; }\n"
    "enum C { option features.enum_type = CLOSED; C_ZERO = 0; C_ONE = 1; }\n"
    "message R { int32 need = 1 [features.field_presence = LEGACY_REQUIRED]; }\n"
    "extend M { string ext = 100; repeated int32 exts = 101; }\n"
    "message Scope { extend M { M ext_m = 102; } }\n";

typedef struct fixture {
  t_schemas held;
  stele_layouts *layouts;
  const stele_layout *m;
} fixture;

static const stele_layout *layout(stele_test *t, const fixture *x, const char *name) {
  stele_err err = {0};
  const stele_layout *found = stele_layouts_find(x->layouts, stele_cstr(name), &err);
  t_ok(t, found != NULL, &err);
  return found;
}

static fixture begin(stele_test *t) {
  fixture x = {0};
  stele_err err = {0};
  x.layouts = stele_layouts_new(t_schema(t, &x.held, text)->schema, &err);
  t_ok(t, x.layouts != NULL, &err);
  x.m = layout(t, &x, "p.M");
  return x;
}

static void end(fixture *x) {
  stele_layouts_unref(x->layouts);
  t_schemas_free(&x->held);
}

/* The same with so many blanks behind it that a reader need not fear its end. */
static stele_str roomy(stele_test *t, const char *in) {
  return stele_str_printf(t->arena, "%s%100s", in, "");
}

static stele_object *read(stele_test *t, const stele_layout *of, const char *in,
                          const stele_json_decode_options *options) {
  stele_err err = {0};
  stele_object *o = stele_json_decode(t->arena, of, stele_cstr(in), options, &err);
  t_ok(t, o != NULL, &err);
  return o;
}

/* The object of a text that is gone by the time it is looked at: among so many blanks before and
 * behind that the text is large. */
static stele_object *read_large(stele_test *t, const stele_layout *of, const char *in, int before,
                                int behind) {
  stele_err err = {0};
  stele_str padded = stele_str_printf(t->arena, "%*s%s%*s", before, "", in, behind, "");
  char *gone = malloc(padded.len);
  t_true(t, gone != NULL);
  memcpy(gone, padded.ptr, padded.len);
  stele_object *o = stele_json_decode(t->arena, of, (stele_str){gone, padded.len}, NULL, &err);
  free(gone);
  t_ok(t, o != NULL, &err);
  return o;
}

static stele_str write(stele_test *t, const stele_object *o,
                       const stele_json_encode_options *options) {
  stele_err err = {0};
  stele_str out = {0};
  t_ok(t, stele_json_encode(t->arena, o, options, &out, &err), &err);
  return out;
}

/* What is read, written again; NULL: the same. */
static void test_both_ways(stele_test *t) {
  static const struct {
    const char *in, *want;
  } rows[] = {
      {"{}", NULL},
      {" { } ", "{}"},
      {"{\"i32\":-2147483648,\"i64\":\"-9223372036854775808\",\"u32\":4294967295,"
       "\"u64\":\"18446744073709551615\",\"s32\":1,\"s64\":\"2\",\"f32\":3,\"f64\":\"4\","
       "\"b\":true,\"fl\":0.1,\"d\":1.08945,\"s\":\"x\",\"by\":\"AAE=\",\"m\":{},\"e\":\"ONE\"}",
       NULL},
      {"{\"i32\":0,\"b\":false,\"s\":\"\",\"d\":0,\"e\":\"ZERO\",\"setI\":0,\"by\":\"\"}",
       "{\"setI\":0}"},
      {"{\"d\":-0}", NULL},
      {"{\"i32\":1e3,\"u32\":10.0,\"i64\":12.5e1}", "{\"i32\":1000,\"i64\":\"125\",\"u32\":10}"},
      {"{\"i32\":\"7\",\"u64\":8,\"d\":\"1.5\",\"fl\":\"-2e-2\"}",
       "{\"i32\":7,\"u64\":\"8\",\"fl\":-0.02,\"d\":1.5}"},
      {"{\"d\":\"NaN\",\"fl\":\"-Infinity\"}", "{\"fl\":\"-Infinity\",\"d\":\"NaN\"}"},
      {"{\"set_i\":5}", "{\"setI\":5}"},
      {"{\n \"setI\" : 5 ,\n\t\"ints\" : [ 1 , 2 ] }", "{\"setI\":5,\"ints\":[1,2]}"},
      {"{\"other \\\" name\":\"x\"}", NULL},
      {"{\"renamed\":\"x\"}", "{\"other \\\" name\":\"x\"}"},
      {"{\"s\":\"\\u00e9\\n\\ud83d\\ude00\\u0000\"}",
       "{\"s\":\"\xc3\xa9\\n\xf0\x9f\x98\x80\\u0000\"}"},
      {"{\"by\":\"_-8\"}", "{\"by\":\"/+8=\"}"},
      {"{\"e\":7,\"es\":[1,\"NEG\",99]}", "{\"e\":\"UNO\",\"es\":[\"ONE\",\"NEG\",99]}"},
      {"{\"closed\":\"C_ONE\"}", NULL},
      {"{\"closed\":1}", "{\"closed\":\"C_ONE\"}"},
      {"{\"ints\":[],\"byName\":{},\"ms\":null}", "{}"},
      {"{\"ms\":[{},{\"ms\":[{\"i32\":1}]}]}", NULL},
      {"{\"byName\":{\"\":1,\"a\\\"b\":2}}", NULL},
      {"{\"byI32\":{\"-5\":{},\"7\":{\"b\":true}},\"byU64\":{\"18446744073709551615\":\"ONE\"},"
       "\"byBool\":{\"true\":\"x\",\"false\":\"\"}}",
       NULL},
      {"{\"oneI\":0}", NULL},
      {"{\"oneI\":null,\"oneS\":\"x\"}", "{\"oneS\":\"x\"}"},
      {"{\"oneNull\":null}", NULL},
      {"{\"null\":null,\"value\":null}", "{\"value\":null}"},
      {"{\"g\":{\"i32\":1}}", NULL},
      {"{\"[p.ext]\":\"x\",\"[p.exts]\":[1,2],\"[p.Scope.ext_m]\":{\"i32\":1}}", NULL},
      {"{\"duration\":\"-1.500s\",\"time\":\"1970-01-01T00:00:00.000001Z\"}", NULL},
      {"{\"duration\":\"-0.5s\"}", "{\"duration\":\"-0.500s\"}"},
      {"{\"duration\":\"315576000000.999999999s\"}", NULL},
      {"{\"duration\":\"0s\",\"empty\":{},\"mask\":\"\"}", NULL},
      {"{\"time\":\"2026-11-27T12:00:00.5+02:30\"}", "{\"time\":\"2026-11-27T09:30:00.500Z\"}"},
      {"{\"time\":\"0001-01-01T00:00:00Z\"}", NULL},
      {"{\"time\":\"9999-12-31T23:59:59.999999999Z\"}", NULL},
      {"{\"time\":\"2024-02-29T00:00:00Z\"}", NULL},
      {"{\"mask\":\"a.fooBar,b2C\"}", NULL},
      {"{\"struct\":{\"a\":null,\"b\":[1.5,\"x\",true,{\"c\":{}},[]]}}", NULL},
      {"{\"value\":{\"a\":-1e3},\"list\":[null,{}]}",
       "{\"value\":{\"a\":-1000},\"list\":[null,{}]}"},
      {"{\"values\":[null,1]}", NULL},
      {"{\"wI64\":\"0\",\"wS\":\"\",\"wB\":false,\"wD\":\"Infinity\",\"wBy\":\"AA==\"}", NULL},
      {"{\"wI64\":null,\"time\":null,\"any\":null}", "{}"},
      {"{\"any\":{}}", NULL},
      {"{\"any\":{\"@type\":\"type.googleapis.com/p.M\",\"i32\":5}}", NULL},
      {"{\"any\":{\"i32\":5,\"@type\":\"x/p.M\"}}", "{\"any\":{\"@type\":\"x/p.M\",\"i32\":5}}"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\"}}", NULL},
      {"{\"any\":{\"value\":\"1s\",\"@type\":\"x/google.protobuf.Duration\"}}",
       "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\"}}"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":\"x/p.M\",\"i32\":1}}}",
       NULL},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Empty\"}}",
       "{\"any\":{\"@type\":\"x/google.protobuf.Empty\",\"value\":{}}}"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Value\",\"value\":null}}", NULL},
  };
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].in);
    const char *want = rows[i].want ? rows[i].want : rows[i].in;
    for (int alias = 0; alias < 2; alias++) {
      stele_json_decode_options options = {.alias_input = alias};
      t_eq_str(t, write(t, read(t, x.m, rows[i].in, &options), NULL), stele_cstr(want));
      const char *longer = roomy(t, rows[i].in).ptr;
      t_eq_str(t, write(t, read(t, x.m, longer, &options), NULL), stele_cstr(want));
    }
    t_eq_str(t, write(t, read_large(t, x.m, rows[i].in, 0, 600), NULL), stele_cstr(want));
    t_eq_str(t, write(t, read_large(t, x.m, rows[i].in, 600, 0), NULL), stele_cstr(want));
  }
  end(&x);
}

/* Of a large text that goes away an object keeps what it holds, and short texts once. */
static void test_memory(stele_test *t) {
  fixture x = begin(t);
  stele_buf in;
  stele_err err = {0};
  stele_buf_init(&in, t->arena, 0);
  stele_buf_add_cstr(&in, "{\"ms\":[");
  for (int i = 0; i < 1000; i++) {
    stele_buf_printf(&in, "%s{\"s\":\"%s\",\"byName\":{\"a key of a map\":%d}}", i ? ",   " : "",
                     i % 2 ? "EURUSD" : "GBPUSD", i);
  }
  stele_buf_add_cstr(&in, "]}");
  stele_str text_in = stele_buf_str(&in), copy = stele_str_copy(t->arena, text_in);
  stele_json_decode_options aliased = {.alias_input = true};
  stele_arena *kept = stele_arena_new(0), *shared = stele_arena_new(0);
  stele_object *same = stele_json_decode(shared, x.m, copy, &aliased, &err);
  stele_object *o = stele_json_decode(kept, x.m, text_in, NULL, &err);
  t_ok(t, o != NULL && same != NULL, &err);
  memset(in.ptr, 'x', in.len);
  t_true(t, stele_object_equal(o, same));
  size_t more = stele_arena_used_bytes(kept) - stele_arena_used_bytes(shared);
  t_true(t, more > 14 * 1000 && more < 20 * 1000); /* the keys, and next to nothing else */
  stele_arena_free(kept);
  stele_arena_free(shared);
  end(&x);
}

static void test_refused(stele_test *t) {
  static const struct {
    const char *in, *why;
  } rows[] = {
      {"", "line 1, column 1 (byte 0): the text ends too early"},
      {"[]", "line 1, column 1 (byte 0): expected an object"},
      {"{} x", "line 1, column 4 (byte 3): something follows the value"},
      {"{\"i32\":1,}", "line 1, column 10 (byte 9): expected the name of a member"},
      {"{\"ints\":[1,]}", "line 1, column 12 (byte 11), field \"ints[1]\": expected a number"},
      {"{\"i32\" 1}", "line 1, column 8 (byte 7): expected ':'"},
      {"{\"nope\":1}", "line 1, column 2 (byte 1): no field \"nope\" of p.M"},
      {"{\n\"m\":{\"ms\":[{},{\"s\":5}]}}",
       "line 2, column 20 (byte 21), field \"m.ms[1].s\": expected a string"},
      {"{\"i32\":1,\"i32\":2}", "line 1, column 10 (byte 9): the field \"i32\" stands twice"},
      {"{\"i32\":1,\n\"i32\":\n\n2}", "line 2, column 1 (byte 10): the field \"i32\" stands twice"},
      {"{\"setI\":1,\"set_i\":2}", "line 1, column 11 (byte 10): the field \"set_i\" stands twice"},
      {"{\"i32\":0,\"i64\":1,\"i32\":0}",
       "line 1, column 18 (byte 17): the field \"i32\" stands twice"},
      {"{\"oneI\":1,\"oneS\":\"\"}",
       "line 1, column 18 (byte 17): another member of the oneof is set already: \"one_i\""},
      {"{\"byName\":{\"a\":1,\"\\u0061\":2}}",
       "line 1, column 18 (byte 17), field \"by_name\": the key \"a\" stands twice"},
      {"{\"byName\":{\"a\":\"x\"}}",
       "line 1, column 16 (byte 15), field \"by_name[\"a\"]\": not a number in this string"},
      {"{\"byI32\":{\"1.5\":{}}}",
       "line 1, column 11 (byte 10), field \"by_i32\": not in the range of a 32-bit integer"},
      {"{\"byBool\":{\"TRUE\":\"\"}}",
       "line 1, column 12 (byte 11), field \"by_bool\": a key must be "
       "\"true\" or \"false\" here"},
      {"{\"i32\":2147483648}",
       "line 1, column 8 (byte 7), field \"i32\": not in the range of a 32-bit integer"},
      {"{\"u32\":-1}",
       "line 1, column 8 (byte 7), field \"u32\": not in the range of an unsigned 32-bit integer"},
      {"{\"i64\":0.5}",
       "line 1, column 8 (byte 7), field \"i64\": not in the range of a 64-bit integer"},
      {"{\"i32\":\" 1\"}", "line 1, column 8 (byte 7), field \"i32\": not a number in this string"},
      {"{\"i32\":01}", "line 1, column 8 (byte 7), field \"i32\": not a number"},
      {"{\"i32\":+1}", "line 1, column 8 (byte 7), field \"i32\": expected a number"},
      {"{\"d\":NaN}", "line 1, column 6 (byte 5), field \"d\": expected a number"},
      {"{\"d\":1e999}", "line 1, column 6 (byte 5), field \"d\": not in the range of a double"},
      {"{\"fl\":3.5e38}", "line 1, column 7 (byte 6), field \"fl\": not in the range of a float"},
      {"{\"b\":\"true\"}", "line 1, column 6 (byte 5), field \"b\": expected true or false"},
      {"{\"b\":tru}", "line 1, column 6 (byte 5), field \"b\": expected a value"},
      {"{\"s\":\"\\ud800\"}",
       "line 1, column 7 (byte 6), field \"s\": a high surrogate stands alone"},
      {"{\"s\":\"\xff\"}", "line 1, column 7 (byte 6), field \"s\": not UTF-8"},
      {"{\"s\":\"a\n\"}", "line 1, column 8 (byte 7), field \"s\": a control byte must be escaped"},
      {"{\"by\":\"A\"}", "line 1, column 7 (byte 6), field \"by\": not base64"},
      {"{\"by\":\"AA AA\"}", "line 1, column 7 (byte 6), field \"by\": not base64"},
      {"{\"e\":\"nope\"}", "line 1, column 6 (byte 5), field \"e\": no value \"nope\" of p.E"},
      {"{\"closed\":9}", "line 1, column 11 (byte 10), field \"closed\": no value \"9\" of p.C"},
      {"{\"ints\":[null]}", "line 1, column 10 (byte 9), field \"ints[0]\": expected a number"},
      {"{\"ms\":[null]}", "line 1, column 8 (byte 7), field \"ms[0]\": expected an object"},
      {"{\"ints\":1}", "line 1, column 9 (byte 8), field \"ints\": expected a list"},
      {"{\"byName\":[]}", "line 1, column 11 (byte 10), field \"by_name\": expected an object"},
      {"{\"any\":{\"i32\":1}}",
       "line 1, column 9 (byte 8), field \"any\": an Any has no \"@type\""},
      {"{\"any\":{\"@type\":\"x/p.Nope\"}}", NULL},
      {"{\"any\":{\"@type\":\"x/p.M\",\"@type\":\"x/p.M\"}}",
       "line 1, column 25 (byte 24), field \"any\": the member \"@type\" stands twice"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Duration\"}}", NULL},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\",\"x\":1}}", NULL},
      {"{\"time\":\"2026-13-01T00:00:00Z\"}", NULL},
      {"{\"time\":\"2026-02-29T00:00:00Z\"}", NULL},
      {"{\"time\":\"1900-02-29T00:00:00Z\"}", NULL},
      {"{\"time\":\"0000-12-31T23:59:59Z\"}", NULL},
      {"{\"time\":\"0001-01-01T00:00:00+00:01\"}", NULL},
      {"{\"time\":\"9999-12-31T23:59:59-00:01\"}", NULL},
      {"{\"time\":\"2026-01-01t00:00:00Z\"}", NULL},
      {"{\"time\":\"2026-01-01T00:00:00z\"}", NULL},
      {"{\"time\":\"2026-01-01T00:00:00\"}", NULL},
      {"{\"time\":\"2026-01-01T24:00:00Z\"}", NULL},
      {"{\"time\":\"2026-01-01T00:00:60Z\"}", NULL},
      {"{\"time\":\"2026-01-01T00:00:00.Z\"}", NULL},
      {"{\"time\":\"2026-01-01T00:00:00.1234567891Z\"}", NULL},
      {"{\"time\":\"2026-01-01T00:00:00+0100\"}", NULL},
      {"{\"time\":\"26-01-01T00:00:00Z\"}", NULL},
      {"{\"duration\":\"1\"}", NULL},
      {"{\"duration\":\"s\"}", NULL},
      {"{\"duration\":\".5s\"}", NULL},
      {"{\"duration\":\"+1s\"}", NULL},
      {"{\"duration\":\"1.0000000001s\"}", NULL},
      {"{\"duration\":\"315576000001s\"}", NULL},
      {"{\"duration\":\"99999999999999999999s\"}", NULL},
      {"{\"mask\":\"foo_bar\"}", NULL},
      {"{\"mask\":\"a,,b\"}", NULL},
      {"{\"value\":1e999}", NULL},
      {"{\"value\":nope}", NULL},
      {"{\"struct\":{\"a\":1,\"a\":2}}", NULL},
      {"{\"list\":[1,]}", NULL},
      {"{\"wI64\":\"x\"}", NULL},
      {"{\"[p.nope]\":1}", "line 1, column 2 (byte 1): no field \"[p.nope]\" of p.M"},
  };
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].in);
    t_true(t, !stele_json_decode(t->arena, x.m, stele_cstr(rows[i].in), NULL, &err));
    t_eq_int(t, err.code, STELE_INVALID);
    if (rows[i].why) t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].why));
    bool is_at_end = strstr(err.msg, "too early") != NULL;
    t_true(t, !stele_json_decode(t->arena, x.m, roomy(t, rows[i].in), NULL, &err));
    if (rows[i].why && !is_at_end) t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].why));
  }
  end(&x);
}

/* Values that look plain and are not quite, or are, with room behind them. */
static void test_nearly_plain(stele_test *t) {
  static const struct {
    const char *in, *want; /* NULL: refused */
  } rows[] = {
      {"{\"i32\":2147483647}", "{\"i32\":2147483647}"},
      {"{\"i32\":2147483648}", NULL},
      {"{\"i32\":-2147483648}", "{\"i32\":-2147483648}"},
      {"{\"i32\":\"12\"}", "{\"i32\":12}"},
      {"{\"i32\":\"12}", NULL},
      {"{\"i32\":12\"}", NULL},
      {"{\"i32\":-0}", "{}"},
      {"{\"i32\":01}", NULL},
      {"{\"i32\":1.0}", "{\"i32\":1}"},
      {"{\"i32\":1.5}", NULL},
      {"{\"i32\":1e2}", "{\"i32\":100}"},
      {"{\"i32\":1 }", "{\"i32\":1}"},
      {"{\"i32\":1x}", NULL},
      {"{\"i32\":-}", NULL},
      {"{\"i32\":+1}", NULL},
      {"{\"i64\":999999999999999999}", "{\"i64\":\"999999999999999999\"}"},
      {"{\"i64\":-9223372036854775808}", "{\"i64\":\"-9223372036854775808\"}"},
      {"{\"i64\":\"9223372036854775808\"}", NULL},
      {"{\"u64\":18446744073709551615}", "{\"u64\":\"18446744073709551615\"}"},
      {"{\"u64\":-1}", NULL},
      {"{\"u32\":4294967295}", "{\"u32\":4294967295}"},
      {"{\"u32\":4294967296}", NULL},
      {"{\"u32\":-1}", NULL},
      {"{\"d\":1.08945}", "{\"d\":1.08945}"},
      {"{\"d\":0.1}", "{\"d\":0.1}"},
      {"{\"d\":-0.5}", "{\"d\":-0.5}"},
      {"{\"d\":123456789012345678}", "{\"d\":1.2345678901234568e+17}"},
      {"{\"d\":0.123456789012345678}", "{\"d\":0.12345678901234568}"},
      {"{\"d\":9007199254740993}", "{\"d\":9007199254740992}"},
      {"{\"d\":1234567890.12345678901234567890}", "{\"d\":1234567890.1234567}"},
      {"{\"d\":1.}", NULL},
      {"{\"d\":.5}", NULL},
      {"{\"d\":1.5.5}", NULL},
      {"{\"d\":1e5}", "{\"d\":100000}"},
      {"{\"d\":\"NaN\"}", "{\"d\":\"NaN\"}"},
      {"{\"b\":true}", "{\"b\":true}"},
      {"{\"b\":truely}", NULL},
      {"{\"b\":fals }", NULL},
      {"{\"s\":\"a string that is longer than sixteen bytes\"}",
       "{\"s\":\"a string that is longer than sixteen bytes\"}"},
      {"{\"s\":\"ends with a backslash\\\\\"}", "{\"s\":\"ends with a backslash\\\\\"}"},
      {"{\"s\":\"t\\u00e9st \xc3\xa9 and more than sixteen bytes\"}",
       "{\"s\":\"t\xc3\xa9st \xc3\xa9 and more than sixteen bytes\"}"},
      {"{\"s\":\"a control\x01\"}", NULL},
      {"{\"s\":\"not UTF-8 \xff\"}", NULL},
      {"{\"s\":\"no end}", NULL},
      {"{\"e\":\"ONE\",\"es\":[\"ONE\",\"ONE\",\"ZERO\",1,\"ONE\"]}",
       "{\"e\":\"ONE\",\"es\":[\"ONE\",\"ONE\",\"ZERO\",\"ONE\",\"ONE\"]}"},
      {"{\"e\":\"ON\"}", NULL},
      {"{\"ints\":[1,-2,\"3\",4.0]}", "{\"ints\":[1,-2,3,4]}"},
      {"{\"ints\":[1,2 3]}", NULL},
  };
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].in);
    for (int way = 0; way < 2; way++) {
      stele_str in = way ? roomy(t, rows[i].in) : stele_cstr(rows[i].in);
      stele_object *o = stele_json_decode(t->arena, x.m, in, NULL, &err);
      t_true(t, !o == !rows[i].want);
      if (o) t_eq_str(t, write(t, o, NULL), stele_cstr(rows[i].want));
    }
  }
  end(&x);
}

/* Texts of every length up to some, with a byte that needs an escape at each place or none. */
static void test_texts(stele_test *t) {
  static const char odd[] = {'"', '\\', '\n', 0x01, 0x7f};
  fixture x = begin(t);
  for (size_t len = 0; len < 40; len++) {
    for (size_t at = 0; at <= len; at++) {
      char letters[40] = {0};
      stele_err err = {0};
      stele_object *o = stele_object_new(t->arena, x.m, &err);
      for (size_t i = 0; i < len; i++) letters[i] = (char)('a' + (len + i) % 26);
      if (at < len) letters[at] = odd[(len + at) % sizeof odd];
      const stele_field *s = stele_layout_field_by_name(x.m, STELE_STR("s"));
      t_true(t, stele_object_set(o, t->arena, s, (stele_value){.str = {letters, len}}, &err));
      stele_str made = write(t, o, NULL);
      stele_object *back = read(t, x.m, stele_str_copy(t->arena, made).ptr, NULL);
      t_true(t, stele_object_equal(o, back));
      back = read(t, x.m, roomy(t, stele_str_copy(t->arena, made).ptr).ptr, NULL);
      t_true(t, stele_object_equal(o, back));
      bool is_escaped = at < len && letters[at] != 0x7f;
      t_true(t, is_escaped == (memchr(made.ptr, '\\', made.len) != NULL));
    }
  }
  end(&x);
}

static void test_write_options(stele_test *t) {
  static const char in[] = "{\"setI\":1,\"e\":\"ONE\",\"byName\":{\"b\":1,\"a\":2},\"ms\":[{}]}";
  static const struct {
    const char *label;
    stele_json_encode_options options;
    const char *want;
  } rows[] = {
      {"none", {0}, "{\"e\":\"ONE\",\"setI\":1,\"ms\":[{}],\"byName\":{\"b\":1,\"a\":2}}"},
      {"names of the source",
       {.proto_names = true},
       "{\"e\":\"ONE\",\"set_i\":1,\"ms\":[{}],\"by_name\":{\"b\":1,\"a\":2}}"},
      {"numbers",
       {.enum_numbers = true},
       "{\"e\":1,\"setI\":1,\"ms\":[{}],\"byName\":{\"b\":1,\"a\":2}}"},
      {"sorted",
       {.deterministic = true},
       "{\"e\":\"ONE\",\"setI\":1,\"ms\":[{}],\"byName\":{\"a\":2,\"b\":1}}"},
      {"pretty",
       {.indent = 2},
       "{\n  \"e\": \"ONE\",\n  \"setI\": 1,\n  \"ms\": [\n    {}\n  ],\n  \"byName\": {\n"
       "    \"b\": 1,\n    \"a\": 2\n  }\n}"},
  };
  fixture x = begin(t);
  const stele_object *o = read(t, x.m, in, NULL);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, write(t, o, &rows[i].options), stele_cstr(rows[i].want));
  }
  end(&x);
}

static void test_defaults(stele_test *t) {
  static const struct {
    const char *type, *want;
  } rows[] = {
      {"google.protobuf.Duration", "\"0s\""},
      {"p.R", "{}"},
      {"p.M",
       "{\"i32\":0,\"i64\":\"0\",\"u32\":0,\"u64\":\"0\",\"s32\":0,\"s64\":\"0\",\"f32\":0,"
       "\"f64\":\"0\",\"b\":false,\"fl\":0,\"d\":0,\"s\":\"\",\"by\":\"\",\"e\":\"ZERO\","
       "\"ints\":[],\"texts\":[],\"ms\":[],\"es\":[],\"byName\":{},\"byI32\":{},\"byU64\":{},"
       "\"byBool\":{},\"other \\\" "
       "name\":\"\",\"values\":[],\"null\":null,\"times\":[],\"ds\":[]}"},
  };
  static const stele_json_encode_options options = {.always_print_defaults = true};
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].type);
    stele_object *o = stele_object_new(t->arena, layout(t, &x, rows[i].type), &err);
    t_eq_str(t, write(t, o, &options), stele_cstr(rows[i].want));
  }
  end(&x);
}

static void test_ignored(stele_test *t) {
  static const struct {
    const char *in, *want;
  } rows[] = {
      {"{\"nope\":[{\"a\":[1,\"\\u00e9\",null,true]}],\"i32\":1}", "{\"i32\":1}"},
      {"{\"e\":\"nope\",\"es\":[\"ONE\",\"nope\"],\"byU64\":{\"1\":\"nope\",\"2\":\"ONE\"}}",
       "{\"es\":[\"ONE\"],\"byU64\":{\"2\":\"ONE\"}}"},
      {"{\"es\":[\"nope\"],\"closed\":5,\"[p.nope]\":1}", "{}"},
      {"{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"y\":1,\"value\":\"1s\"}}",
       "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\"}}"},
  };
  static const stele_json_decode_options options = {.ignore_unknown = true};
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].in);
    t_eq_str(t, write(t, read(t, x.m, rows[i].in, &options), NULL), stele_cstr(rows[i].want));
  }
  stele_err err = {0};
  t_case(t, "what is skipped must be JSON too");
  t_true(t, !stele_json_decode(t->arena, x.m, STELE_STR("{\"nope\":[1,]}"), &options, &err));
  end(&x);
}

static void test_required(stele_test *t) {
  fixture x = begin(t);
  stele_err err = {0};
  static const stele_json_decode_options partial = {.allow_partial = true};
  t_true(t, !stele_json_decode(t->arena, layout(t, &x, "p.R"), STELE_STR("{}"), NULL, &err));
  t_eq_int(t, err.code, STELE_INVALID);
  (void)read(t, layout(t, &x, "p.R"), "{}", &partial);
  (void)read(t, layout(t, &x, "p.R"), "{\"need\":0}", NULL);
  end(&x);
}

/* `open` so often, `middle`, then `close` as often. */
static stele_str nested(stele_test *t, const char *open, const char *middle, const char *close,
                        int depth) {
  stele_buf buf;
  stele_buf_init(&buf, t->arena, 0);
  for (int i = 0; i < depth; i++) stele_buf_add_cstr(&buf, open);
  stele_buf_add_cstr(&buf, middle);
  for (int i = 0; i < depth; i++) stele_buf_add_cstr(&buf, close);
  return stele_buf_str(&buf);
}

static void test_depth(stele_test *t) {
  static const struct {
    const char *label, *type, *open, *middle, *close;
    int most;
  } rows[] = {
      {"messages", "p.M", "{\"m\":", "{}", "}", 99},
      {"messages in lists", "p.M", "{\"ms\":[", "{}", "]}", 99},
      {"lists in a Value", "google.protobuf.Value", "[", "1", "]", 100},
      {"structs in a Value", "google.protobuf.Value", "{\"a\":", "1", "}", 100},
      {"Anys", "google.protobuf.Any", "{\"@type\":\"x/google.protobuf.Any\",\"value\":", "{}", "}",
       99},
  };
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].label);
    const stele_layout *of = layout(t, &x, rows[i].type);
    stele_str fits = nested(t, rows[i].open, rows[i].middle, rows[i].close, rows[i].most);
    t_ok(t, stele_json_decode(t->arena, of, fits, NULL, &err) != NULL, &err);
    stele_str deep = nested(t, rows[i].open, rows[i].middle, rows[i].close, rows[i].most + 1);
    t_true(t, !stele_json_decode(t->arena, of, deep, NULL, &err));
    t_eq_int(t, err.code, STELE_LIMIT);
    t_true(t, strstr(err.msg, "nested too deeply") != NULL);
  }
  stele_json_decode_options options = {.ignore_unknown = true};
  stele_err err = {0};
  stele_str ignored = nested(t, "{\"nope\":[", "1", "]}", STELE_DECODE_DEPTH);
  t_case(t, "what is ignored");
  t_true(t, !stele_json_decode(t->arena, x.m, ignored, &options, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  end(&x);
}

/* What can be held but not be written. */
static void test_unwritable(stele_test *t) {
  static const struct {
    const char *label, *type;
    const char *wire;
    size_t len;
    const char *why;
  } rows[] = {
      {"a late Timestamp", "p.M", "\xfa\x02\x09\x08\x80\x82\xa8\xf1\xf9\xba\xfe\x3f", 12,
       "field \"time\": a Timestamp must be in the years 0001 to 9999"},
      {"negative nanos", "google.protobuf.Timestamp",
       "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11,
       "nanos of a Timestamp must be below 10^9"},
      {"two signs", "google.protobuf.Duration",
       "\x08\x01\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13,
       "seconds and nanos of a Duration must have the same sign"},
      {"NaN in a Value", "google.protobuf.Value", "\x11\x00\x00\x00\x00\x00\x00\xf8\x7f", 9,
       "field \"number_value\": a Value can be neither NaN nor infinite"},
      {"a path in capitals", "google.protobuf.FieldMask",
       "\x0a\x03"
       "fOo",
       5, "path \"fOo\" of a FieldMask has no camelCase form"},
      {"an Any of nothing known", "p.M", "\xc2\x02\x05\x0a\x03x/y", 8, NULL},
      {"an Any that does not decode", "google.protobuf.Any", "\x0a\x05x/p.M\x12\x01\x08", 10, NULL},
  };
  fixture x = begin(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    stele_str out;
    t_case(t, rows[i].label);
    stele_bytes wire = {(const uint8_t *)rows[i].wire, rows[i].len};
    stele_object *o = stele_binary_decode(t->arena, layout(t, &x, rows[i].type), wire, NULL, &err);
    t_ok(t, o != NULL, &err);
    t_true(t, !stele_json_encode(t->arena, o, NULL, &out, &err));
    if (rows[i].why) t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].why));
  }
  end(&x);
}

/* ---- Memory that runs out ------------------------------------------------------ */

static const stele_layout *failing_layout;
static const char failing_text[] =
    "{\"s\":\"a\\nb\",\"ms\":[{},{\"ints\":[1,2,3,4,5]}],\"byName\":{\"a\":1},\"[p.ext]\":\"x\","
    "\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\"},\"mask\":\"aB,c\","
    "\"struct\":{\"a\":[1,null]},\"by\":\"AAAA\"}";

static bool round_trip_under_failure(stele_arena *arena, stele_err *err) {
  stele_str out;
  stele_json_encode_options options = {.deterministic = true};
  stele_object *o = stele_json_decode(arena, failing_layout, stele_cstr(failing_text), NULL, err);
  return o && stele_json_encode(arena, o, &options, &out, err);
}

/* Telling where it failed takes memory as well. */
static bool refusal_under_failure(stele_arena *arena, stele_err *err) {
  stele_str bad = STELE_STR("{\"ms\":[{\"byI32\":{\"5\":{\"i32\":\"x\"}}}]}");
  if (stele_json_decode(arena, failing_layout, bad, NULL, err)) return false;
  return err->code == STELE_INVALID;
}

static void test_failures(stele_test *t) {
  fixture x = begin(t);
  failing_layout = x.m;
  t_each_failure(t, round_trip_under_failure);
  t_each_failure(t, refusal_under_failure);
  end(&x);
}

TEST_MAIN(test_both_ways, test_memory, test_nearly_plain, test_texts, test_refused,
          test_write_options, test_defaults, test_ignored, test_required, test_depth,
          test_unwritable, test_failures)
