/* The binary codec: rows of bytes, what they are refused for, and what comes
 * out again; frames; laws; memory that runs out. Each row is decoded three
 * ways: copied, aliased, and aliased with room behind it; and in all of them
 * behind a field that makes the input a large one. */
#include <stdlib.h>

#include "base/guard.h"
#include "harness/schema.h"
#include "proto/binary/binary.h"
#include "proto/wire/writer.h"

static const char text[] =
    "edition = \"2023\"; package p;\n"
    "message M {\n"
    "  int32 i32 = 1; int64 i64 = 2; uint32 u32 = 3; uint64 u64 = 4; sint32 s32 = 5; sint64 s64 = "
    "6;\n"
    "  fixed32 f32 = 7; fixed64 f64 = 8; bool b = 9; float fl = 10; double d = 11;\n"
    "  string s = 12; bytes by = 13; M m = 14; C c = 15;\n"
    "  int32 imp = 16 [features.field_presence = IMPLICIT];\n"
    "  repeated int32 packed = 17; repeated int32 loose = 18 [features.repeated_field_encoding = "
    "EXPANDED];\n"
    "  repeated C cs = 19; repeated string ss = 20; repeated M ms = 21;\n"
    "  map<string, int32> map = 22; map<int32, M> mm = 23; map<int32, C> mc = 24;\n"
    "  oneof o { int32 oi = 25; string os = 26; M om = 27; C oc = 28; }\n"
    "  M g = 29 [features.message_encoding = DELIMITED]; repeated M gs = 30 "
    "[features.message_encoding = DELIMITED];\n"
    "  string raw = 31 [features.utf8_validation = NONE]; repeated double ds = 32; repeated bool "
    "bs = "
    "33;\n"
    "  string far = 536870911; map<string, string> texts = 34; repeated sint64 s64s = 35;\n"
    "  extensions 100 to 200;\n"
    "}\n"
    "enum C { option features.enum_type = CLOSED; ZERO = 0; ONE = 1; NEG = -1; }\n"
    "message R { int32 need = 1 [features.field_presence = LEGACY_REQUIRED]; R r = 2; }\n"
    "message Outer { message Inner { message Third {} } message Second { } }\n"
    "extend M { string ext = 100; repeated int32 exts = 101; M ext_m = 102; }\n";

static const char set_text[] =
    "syntax = \"proto2\"; package q; message Set { option message_set_wire_format = true; "
    "extensions 4 "
    "to max; }\n"
    "message A { extend Set { optional A a = 1000; } optional int32 i = 1; }\n"
    "message Holder { optional Set set = 1; }\n";

typedef struct fixture {
  t_schemas held;
  const stele_file *file;
  stele_layouts *layouts;
  const stele_layout *m;
} fixture;

static const stele_layout *layout(stele_test *t, fixture *x, const char *name) {
  stele_err err = {0};
  const stele_layout *found = stele_layouts_find(x->layouts, stele_cstr(name), &err);
  t_ok(t, found != NULL, &err);
  return found;
}

static fixture begin(stele_test *t, const char *schema, const char *name) {
  fixture x = {0};
  stele_err err = {0};
  x.file = t_schema(t, &x.held, schema);
  x.layouts = stele_layouts_new(x.file->schema, &err);
  t_ok(t, x.layouts != NULL, &err);
  x.m = layout(t, &x, name);
  return x;
}

static void end(fixture *x) {
  stele_layouts_unref(x->layouts);
  t_schemas_free(&x->held);
}

/* "08 96 01" as bytes. */
static stele_bytes hex(stele_test *t, const char *digits) {
  uint8_t *out = STELE_NEW_ARRAY(t->arena, uint8_t, strlen(digits) / 2 + 1);
  size_t len = 0;
  unsigned value = 0, seen = 0;
  for (; *digits; digits++) {
    if (*digits == ' ') continue;
    value = value * 16 + (unsigned)(*digits <= '9' ? *digits - '0' : *digits - 'a' + 10);
    if (++seen % 2 == 0) out[len++] = (uint8_t)value;
  }
  return (stele_bytes){out, len};
}

static stele_str as_hex(stele_test *t, stele_bytes bytes) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_buf_add_cstr(&out, "");
  for (size_t i = 0; i < bytes.len; i++) {
    stele_buf_printf(&out, i ? " %02x" : "%02x", bytes.ptr[i]);
  }
  return stele_buf_str(&out);
}

static stele_bytes encode(stele_test *t, const stele_object *o, bool deterministic) {
  stele_encode_options options = {.deterministic = deterministic, .allow_partial = true};
  stele_err err = {0};
  stele_bytes out = {0};
  t_ok(t, stele_binary_encode(t->arena, o, &options, &out, &err), &err);
  return out;
}

typedef enum way { COPIED, ALIASED, ALIASED_ROOMY } way;

/* An input that is copied is gone afterwards. */
static stele_object *decode_with(stele_test *t, const stele_layout *as, stele_bytes in, way how,
                                 bool discard_unknown, stele_err *err) {
  stele_decode_options options = {.alias_input = how != COPIED, .discard_unknown = discard_unknown};
  size_t room = how == ALIASED_ROOMY ? 64 : 0;
  uint8_t *lent = how == COPIED ? malloc(in.len + 1) : NULL;
  uint8_t *exact = lent ? lent : STELE_NEW_ARRAY(t->arena, uint8_t, in.len + room);
  if (in.len) memcpy(exact, in.ptr, in.len);
  stele_object *o = stele_binary_decode(t->arena, as, (stele_bytes){exact, in.len}, &options, err);
  free(lent);
  return o;
}

static stele_object *decode(stele_test *t, const stele_layout *as, stele_bytes in, way how,
                            stele_err *err) {
  return decode_with(t, as, in, how, false, err);
}

/* The same behind an unknown field of so many bytes. */
static stele_bytes behind_padding(stele_test *t, stele_bytes in, size_t padding) {
  stele_buf out;
  uint8_t *zeros = STELE_NEW_ARRAY(t->arena, uint8_t, padding);
  stele_buf_init(&out, t->arena, 0);
  stele_write_bytes_field(&out, 50000, (stele_bytes){zeros, padding});
  stele_buf_add(&out, in.ptr, in.len);
  return stele_buf_bytes(&out);
}

/* What a large input comes to is what the small one inside does. */
static void check_padded(stele_test *t, const stele_layout *as, stele_bytes in, way how) {
  stele_err err = {0}, other = {0};
  stele_object *o = decode_with(t, as, in, how, true, &err);
  for (size_t padding = 4090; padding < 4140; padding += 31) {
    stele_bytes padded = behind_padding(t, in, padding);
    stele_object *same = decode_with(t, as, padded, how, true, &other);
    t_true(t, !o == !same && err.code == other.code);
    t_true(t, !o || stele_object_equal(o, same));
  }
}

/* Refused, in words that depend on what lies behind the input. */
#define ANY_TEXT ""

static void test_rows(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  static const struct {
    const char *label, *in;
    const char *want; /* encoded again; NULL: as it came */
    const char *err;  /* or what it is refused for */
  } rows[] = {
      {"nothing", "", NULL, NULL},
      {"a number", "08 96 01", NULL, NULL},
      {"a negative int32 has ten bytes", "08 ff ff ff ff ff ff ff ff ff 01", NULL, NULL},
      {"an int32 is cut to 32 bits", "08 80 80 80 80 f0 ff ff ff ff 01", "08 00", NULL},
      {"a 65th bit is dropped", "10 ff ff ff ff ff ff ff ff ff 7f",
       "10 ff ff ff ff ff ff ff ff ff 01", NULL},
      {"an overlong number", "08 81 80 80 00", "08 01", NULL},
      {"an overlong number of ten bytes", "08 81 80 80 80 80 80 80 80 80 00", "08 01", NULL},
      {"an overlong tag", "88 80 00 05", "08 05", NULL},
      {"an overlong tag of five bytes", "88 80 80 80 00 05", "08 05", NULL},
      {"an overlong tag of six bytes", "88 80 80 80 80 00 05", NULL, "byte 0: a tag is too long"},
      {"a tag past 32 bits", "88 80 80 80 10 05", NULL, "byte 0: a tag is too long"},
      {"each length of a number",
       "10 ff 7f 10 ff ff 7f 10 ff ff ff 7f 10 ff ff ff ff 7f 10 ff ff ff ff ff 7f 10 ff ff ff ff "
       "ff ff 7f 10 ff ff ff ff ff ff ff 7f 10 ff ff ff ff ff ff ff ff 7f",
       "10 ff ff ff ff ff ff ff ff 7f", NULL},
      {"zigzag", "28 01 30 02", NULL, NULL},
      {"fixed", "3d 01 02 03 04 41 01 02 03 04 05 06 07 08", NULL, NULL},
      {"floats", "55 00 00 80 3f 59 00 00 00 00 00 00 f0 3f", NULL, NULL},
      {"minus zero is not zero", "59 00 00 00 00 00 00 00 80", NULL, NULL},
      {"any number but zero is true", "48 80 80 80 80 80 80 80 80 80 01", "48 01", NULL},
      {"texts", "62 02 c3 a9 6a 02 ff fe", NULL, NULL},
      {"a text that is not UTF-8", "62 02 c3 28", NULL, "byte 2, field \"s\": not valid UTF-8"},
      {"a long text that is not UTF-8", "62 0c 61 61 61 61 61 61 61 61 61 61 61 ff", NULL,
       "byte 2, field \"s\": not valid UTF-8"},
      {"a surrogate", "62 03 ed a0 80", NULL, "byte 2, field \"s\": not valid UTF-8"},
      {"a text that nobody verifies", "fa 01 02 c3 28", NULL, NULL},
      {"the last one wins", "08 01 08 02", "08 02", NULL},
      {"messages merge", "72 02 08 01 72 02 10 02", "72 04 08 01 10 02", NULL},
      {"a field without presence that is zero", "80 01 00", "", NULL},
      {"and becomes zero", "80 01 05 80 01 00", "", NULL},
      {"packed", "8a 01 03 01 02 03", NULL, NULL},
      {"packed that came loose", "88 01 01 88 01 02", "8a 01 02 01 02", NULL},
      {"maps in maps, and what is beside them",
       "72 02 08 07 ba 01 0f 08 01 12 0b 72 02 08 01 ba 01 04 08 02 12 00 ba 01 04 08 03 12 00 c8 "
       "01 "
       "05",
       NULL, NULL},
      {"loose that came packed", "92 01 02 05 06", "90 01 05 90 01 06", NULL},
      {"both in one", "8a 01 01 01 88 01 02 8a 01 01 03", "8a 01 03 01 02 03", NULL},
      {"an empty packed field", "8a 01 00", "", NULL},
      {"packed doubles", "82 02 10 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40", NULL, NULL},
      {"half a packed double", "82 02 04 00 00 00 00", NULL,
       "byte 3, field \"ds[0]\": a packed field is not a whole number of values"},
      {"packed bools", "8a 02 04 01 00 80 01", "8a 02 03 01 00 01", NULL},
      {"a packed number that goes on", "8a 01 01 80 01", NULL,
       "byte 4, field \"packed[0]\": a packed number goes on behind its field"},
      {"packed zigzag", "9a 02 02 01 02", NULL, NULL},
      {"a closed enum", "78 01 78 ff ff ff ff ff ff ff ff ff 01",
       "78 ff ff ff ff ff ff ff ff ff 01", NULL},
      {"a value that it does not have", "78 07", NULL, NULL},
      {"a value that it does not have keeps the one before", "78 01 78 07", NULL, NULL},
      {"repeated, some unknown", "9a 01 03 01 07 00", "9a 01 02 01 00 98 01 07", NULL},
      {"repeated, all unknown", "9a 01 01 07", "98 01 07", NULL},
      {"repeated and loose, some unknown", "98 01 01 98 01 09", "9a 01 01 01 98 01 09", NULL},
      {"an unknown value stays as it came", "78 87 80 00", NULL, NULL},
      {"an unknown value behind an overlong tag", "f8 00 87 00", "78 87 00", NULL},
      {"an unknown value leaves the oneof alone", "c8 01 05 e0 01 07", NULL, NULL},
      {"the last of a oneof wins", "c8 01 05 d2 01 01 61", "d2 01 01 61", NULL},
      {"messages of a oneof merge", "da 01 02 08 01 da 01 02 10 02", "da 01 04 08 01 10 02", NULL},
      {"but not across another", "da 01 02 08 01 c8 01 05 da 01 02 10 02", "da 01 02 10 02", NULL},
      {"repeated texts and messages", "a2 01 01 61 a2 01 00 aa 01 02 08 01 aa 01 00", NULL, NULL},
      {"a map", "b2 01 05 0a 01 61 10 01", NULL, NULL},
      {"an entry without a key or value", "b2 01 00", "b2 01 04 0a 00 10 00", NULL},
      {"an entry backwards", "b2 01 05 10 01 0a 01 61", "b2 01 05 0a 01 61 10 01", NULL},
      {"an entry with more", "b2 01 07 0a 01 61 10 01 18 05", "b2 01 05 0a 01 61 10 01", NULL},
      {"a key twice", "b2 01 05 0a 01 61 10 01 b2 01 05 0a 01 62 10 02 b2 01 05 0a 01 61 10 03",
       "b2 01 05 0a 01 61 10 03 b2 01 05 0a 01 62 10 02", NULL},
      {"a map of messages", "ba 01 06 08 01 12 02 08 05", NULL, NULL},
      {"a map of messages without one", "ba 01 02 08 01", "ba 01 04 08 01 12 00", NULL},
      {"a map of closed enums with an unknown value", "c2 01 04 08 01 10 07", NULL, NULL},
      {"a map's key that is not UTF-8", "b2 01 03 0a 01 ff", NULL,
       "byte 5, field \"map[0].key\": not valid UTF-8"},
      {"a group", "eb 01 08 01 ec 01", NULL, NULL},
      {"groups", "f3 01 08 01 f4 01 f3 01 f4 01", NULL, NULL},
      {"groups merge", "eb 01 08 01 ec 01 eb 01 10 02 ec 01", "eb 01 08 01 10 02 ec 01", NULL},
      {"a group that does not end", "eb 01 08 01", NULL,
       "byte 4, field \"g\": a group does not end"},
      {"a group with another end", "eb 01 08 01 f4 01", NULL,
       "byte 4, field \"g\": a group ends that did not begin"},
      {"an end without a group", "0c", NULL, "byte 0: a group ends that did not begin"},
      {"an extension", "a2 06 01 61", NULL, NULL},
      {"an extension's message", "b2 06 02 08 05 b2 06 02 10 05", "b2 06 04 08 05 10 05", NULL},
      {"repeated extensions", "aa 06 02 01 02", NULL, NULL},
      {"an extension that is not UTF-8", "a2 06 01 ff", NULL,
       "byte 3, field \"[p.ext]\": not valid UTF-8"},
      {"the largest number", "fa ff ff ff 0f 01 61", NULL, NULL},
      {"unknown fields of each kind",
       "c0 3e 01 c1 3e 01 02 03 04 05 06 07 08 c2 3e 01 61 c3 3e 08 01 c4 3e c5 3e 01 02 03 04",
       NULL, NULL},
      {"a known number with another wire type is unknown", "0d 01 02 03 04", NULL, NULL},
      {"unknown fields go behind", "c0 3e 01 08 05", "08 05 c0 3e 01", NULL},
      {"field number zero", "00 01", NULL, "byte 0: a tag has no field number"},
      {"field number zero in an unknown group", "c3 3e 00 01 c4 3e", NULL,
       "byte 2: a tag has no field number"},
      {"the largest tag", "ff ff ff ff 0f", NULL, "byte 0: there is no such wire type"},
      {"wire type 6", "0e", NULL, "byte 0: there is no such wire type"},
      {"wire type 7", "c7 3e", NULL, "byte 0: there is no such wire type"},
      {"a tag that is cut off", "88", NULL, ANY_TEXT},
      {"a number that is missing", "08", NULL, ANY_TEXT},
      {"a number of eleven bytes", "08 80 80 80 80 80 80 80 80 80 80 01", NULL,
       "byte 1, field \"i32\": a number is too long"},
      {"a fixed number that is cut off", "3d 01 02 03", NULL,
       "byte 1, field \"f32\": a number is cut off"},
      {"a text longer than what is left", "62 05 61", NULL,
       "byte 1, field \"s\": a length is larger than what is left"},
      {"an absurd length", "62 ff ff ff ff ff ff ff ff ff 01", NULL,
       "byte 1, field \"s\": a length is too long"},
      {"a message that goes on behind its length", "72 01 08 01", NULL,
       "byte 3, field \"m\": a field runs over the end of its message"},
      {"where it is, deep inside", "aa 01 00 aa 01 08 72 06 62 04 61 61 61 ff", NULL,
       "byte 10, field \"ms[1].m.s\": not valid UTF-8"},
      {"an unknown field that is cut off", "c2 3e 05 61", NULL,
       "byte 2: a length is larger than what is left"},
      {"an unknown group that does not end", "c3 3e 08 01", NULL, "byte 0: a group does not end"},
      {"a length of six bytes", "62 80 80 80 80 80 00", NULL,
       "byte 1, field \"s\": a length is too long"},
      {"a length of five bytes", "62 81 80 80 80 00 61", "62 01 61", NULL},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_bytes in = hex(t, rows[i].in);
    for (way how = COPIED; how <= ALIASED_ROOMY; how++) {
      stele_err err = {0};
      stele_object *o = decode(t, x.m, in, how, &err);
      check_padded(t, x.m, in, how);
      if (rows[i].err) {
        t_true(t, o == NULL && err.code == STELE_INVALID);
        if (rows[i].err[0]) t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].err));
        continue;
      }
      t_ok(t, o != NULL, &err);
      stele_bytes want = rows[i].want ? hex(t, rows[i].want) : in;
      t_eq_str(t, as_hex(t, encode(t, o, false)), as_hex(t, want));
      stele_object *copy = stele_object_copy(t->arena, o, &err);
      t_true(t, stele_object_equal(o, copy));
      stele_object *again = decode(t, x.m, want, COPIED, &err);
      t_true(t, again && stele_object_equal(o, again));
    }
  }
  end(&x);
}

/* ---- Large messages --------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/* A text of this many bytes, of one of `kinds`. */
static void put_text(stele_buf *out, uint32_t number, size_t len, uint32_t kind) {
  char letters[300];
  for (size_t i = 0; i < len; i++) letters[i] = (char)('a' + (kind * 7 + i * (kind + 1)) % 26);
  stele_write_bytes_field(out, number, (stele_bytes){(const uint8_t *)letters, len});
}

/* One of the many: numbers, texts and records that nobody knows, as the mix wants them. */
static void put_element(stele_test *t, stele_buf *out, uint32_t mix, uint32_t *random) {
  stele_buf inner;
  stele_buf_init(&inner, t->arena, 0);
  uint32_t dice = next_random(random);
  stele_write_varint_field(&inner, 2, dice);
  if (mix != 1) put_text(&inner, 12, dice % 12, dice % 5);
  if (mix == 0) stele_write_varint_field(&inner, 2, UINT64_MAX - dice);
  if (mix != 0) put_text(&inner, 13, dice / 16 % (mix == 1 ? 60 : 290), dice);
  if (dice % 7 == 0) put_text(&inner, 20, 14 + dice % 5, dice);
  if (dice % 11 == 0) put_text(&inner, 50001, dice % 40, dice);
  stele_write_bytes_field(out, 21, stele_buf_bytes(&inner));
}

static void put_entry(stele_test *t, stele_buf *out, uint32_t i) {
  stele_buf entry;
  stele_buf_init(&entry, t->arena, 0);
  if (i % 3) put_text(&entry, 1, 5 + i % 20, i);
  put_text(&entry, 2, i % 40, i);
  if (i % 3 == 0) put_text(&entry, 1, 1 + i % 9, i);
  stele_write_bytes_field(out, 34, stele_buf_bytes(&entry));
}

static void test_large(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  static const char *const mixes[] = {"numbers and short texts", "texts", "both, by turns"};
  for (uint32_t mix = 0; mix < STELE_COUNT(mixes); mix++) {
    t_case(t, mixes[mix]);
    stele_buf in;
    stele_err err = {0};
    uint32_t random = mix + 1;
    stele_buf_init(&in, t->arena, 0);
    for (uint32_t i = 0; i < 1000; i++) {
      put_element(t, &in, mix == 2 ? i / 100 % 3 : mix, &random);
      if (mix == 2 && i % 2) put_text(&in, 20, next_random(&random) % 30, i);
    }
    for (uint32_t i = 0; i < 200; i++) put_entry(t, &in, i);
    stele_bytes want = {NULL, 0};
    for (way how = COPIED; how <= ALIASED_ROOMY; how++) {
      stele_object *o = decode(t, x.m, stele_buf_bytes(&in), how, &err);
      t_ok(t, o != NULL, &err);
      stele_bytes made = encode(t, o, false);
      if (how == COPIED) want = made;
      t_true(t, stele_bytes_eq(made, want));
      stele_object *again = decode(t, x.m, made, how, &err);
      t_true(t, again && stele_object_equal(o, again));
      t_true(t, stele_bytes_eq(encode(t, again, false), made));
    }
  }
  end(&x);
}

/* 1,000 ticks keep their numbers, and what is said again and again once. */
static void test_memory(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  stele_err err = {0};
  stele_buf in;
  stele_buf_init(&in, t->arena, 0);
  for (uint32_t i = 0; i < 1000; i++) {
    stele_buf tick;
    stele_buf_init(&tick, t->arena, 0);
    stele_write_varint_field(&tick, 2, i);
    stele_write_varint_field(&tick, 4, i + 1);
    stele_write_bytes_field(&tick, 12, stele_str_bytes(STELE_STR("EURUSD")));
    stele_write_bytes_field(&in, 21, stele_buf_bytes(&tick));
  }
  stele_arena *arena = stele_arena_new(0);
  stele_object *o = stele_binary_decode(arena, x.m, stele_buf_bytes(&in), NULL, &err);
  t_ok(t, o != NULL, &err);
  size_t most = 1000 * (x.m->size + sizeof(void *)) + 4000;
  t_true(t, stele_arena_used_bytes(arena) < most);
  stele_arena_free(arena);
  end(&x);
}

/* ---- Shapes of objects --------------------------------------------------------------- */

/* message M { bool f1 = 1; string f2 = 2; … }, with the last few in two oneofs. */
static const char *wide_schema(stele_test *t, uint32_t fields) {
  static const char *const types[] = {"bool",  "string", "double",  "int32",
                                      "bytes", "M",      "fixed64", "repeated string"};
  stele_buf text_of;
  stele_buf_init(&text_of, t->arena, 0);
  stele_buf_add_cstr(&text_of, "syntax = \"proto3\"; package p; message M {\n");
  for (uint32_t i = 1; i <= fields; i++) {
    stele_buf_printf(&text_of, "%s f%u = %u;\n", types[(i + fields) % STELE_COUNT(types)], i, i);
  }
  stele_buf_add_cstr(&text_of, "oneof a { int32 a1 = 901; string a2 = 902; M a3 = 903; }\n"
                               "oneof b { bytes b1 = 904; bool b2 = 905; double b3 = 906; } }");
  stele_buf_add_byte(&text_of, 0);
  return text_of.ptr;
}

static void set_some(stele_test *t, stele_object *o, const stele_layout *as, uint32_t *random,
                     int depth) {
  stele_err err = {0};
  for (size_t i = 0; i < stele_layout_field_count(as); i++) {
    const stele_field *field = stele_layout_field_at(as, i);
    uint32_t dice = next_random(random);
    stele_value value = {.u64 = 1 + dice % 1000};
    bool is_text = field->type == STELE_TYPE_STRING || field->type == STELE_TYPE_BYTES;
    if (dice % 3 == 0) continue;
    if (is_text) value.str = (stele_str){"abcdefghijklmnopqrstuvw", 1 + dice / 16 % 23};
    if (field->type == STELE_TYPE_BOOL) value.u64 = 1;
    if (field->type_message && depth == 0) continue;
    if (field->type_message) {
      set_some(t, stele_object_sub(o, t->arena, field, &err), as, random, depth - 1);
    } else if (field->label == STELE_LABEL_REPEATED) {
      t_ok(t, stele_object_add(o, t->arena, field, value, &err), &err);
    } else {
      t_ok(t, stele_object_set(o, t->arena, field, value, &err), &err);
    }
  }
}

static void test_shapes(stele_test *t) {
  static const uint32_t fields[] = {0, 1, 2, 3, 5, 25, 26, 27, 28, 57, 58, 59, 60, 90, 130, 190};
  for (size_t i = 0; i < STELE_COUNT(fields); i++) {
    t_case_n(t, "fields", fields[i]);
    fixture x = begin(t, wide_schema(t, fields[i]), "p.M");
    uint32_t random = fields[i];
    for (int round = 0; round < 5; round++) {
      stele_err err = {0};
      stele_object *o = stele_object_new(t->arena, x.m, &err);
      set_some(t, o, x.m, &random, fields[i] < 50 ? 2 : 1);
      stele_bytes bytes = encode(t, o, false);
      for (way how = COPIED; how <= ALIASED_ROOMY; how++) {
        stele_object *same = decode(t, x.m, bytes, how, &err);
        t_true(t, same && stele_object_equal(o, same));
        t_true(t, stele_bytes_eq(encode(t, same, false), bytes));
      }
      stele_object *copy = stele_object_copy(t->arena, o, &err);
      stele_object_clear_all(o);
      t_true(t,
             stele_object_next(o, NULL) == NULL && stele_bytes_eq(encode(t, copy, false), bytes));
    }
    end(&x);
  }
}

/* ---- Buffers ---------------------------------------------------------------------------- */

/* Messages of any size into one arena, under its limit too; what was there stays. */
static void test_buffers(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  static const size_t sizes[] = {0, 1, 250, 4000, 4100, 70000, 300000, 5, 1 << 20};
  static const size_t limits[] = {0, 4 << 20};
  for (size_t k = 0; k < STELE_COUNT(limits); k++) {
    stele_arena *arena = stele_arena_new(limits[k]);
    stele_bytes made[2 * STELE_COUNT(sizes)];
    stele_err err = {0};
    for (size_t i = 0; i < STELE_COUNT(made); i++) {
      t_case_n(t, "message", i);
      size_t size = sizes[i % STELE_COUNT(sizes)];
      char *letters = STELE_NEW_ARRAY(t->arena, char, size + 1);
      memset(letters, 'a' + (int)i, size);
      stele_object *o = stele_object_new(t->arena, x.m, &err);
      t_true(t, stele_object_set(o, t->arena, stele_layout_field(x.m, 12),
                                 (stele_value){.str = {letters, size}}, &err));
      stele_encode_options options = {.header = stele_str_bytes(STELE_STR("head"))};
      t_ok(t, stele_binary_encode(arena, o, i % 2 ? &options : NULL, &made[i], &err), &err);
    }
    for (size_t i = 0; i < STELE_COUNT(made); i++) {
      t_case_n(t, "message, later", i);
      size_t size = sizes[i % STELE_COUNT(sizes)], head = i % 2 ? 4 : 0;
      stele_bytes body = {made[i].ptr + head, made[i].len - head};
      stele_object *o = decode(t, x.m, body, ALIASED, &err);
      t_ok(t, o != NULL, &err);
      stele_str got = stele_object_get(o, stele_layout_field(x.m, 12)).str;
      t_true(t, got.len == size);
      for (size_t at = 0; at < size; at++) {
        if (got.ptr[at] != 'a' + (int)i) t_true(t, false);
      }
    }
    t_case(t, "nothing is left of one that failed");
    size_t used = stele_arena_used_bytes(arena);
    stele_object *lacks = stele_object_new(t->arena, layout(t, &x, "p.R"), &err);
    stele_bytes out;
    t_true(t, !stele_binary_encode(arena, lacks, NULL, &out, &err) && err.code == STELE_INVALID);
    t_eq_int(t, stele_arena_used_bytes(arena), used);
    stele_arena_free(arena);
  }
  end(&x);
}

static void test_message_set(stele_test *t) {
  fixture x = begin(t, set_text, "q.Set");
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"an item", "0b 10 e8 07 1a 02 08 05 0c", NULL},
      {"backwards", "0b 1a 02 08 05 10 e8 07 0c", "0b 10 e8 07 1a 02 08 05 0c"},
      {"with more in it", "0b 20 01 10 e8 07 1a 02 08 05 2a 00 0c", "0b 10 e8 07 1a 02 08 05 0c"},
      {"items merge", "0b 10 e8 07 1a 02 08 05 0c 0b 10 e8 07 1a 00 0c",
       "0b 10 e8 07 1a 02 08 05 0c"},
      {"an unknown type", "0b 10 e9 07 1a 02 08 05 0c", NULL},
      {"as a plain extension", "c2 3e 02 08 05", "0b 10 e8 07 1a 02 08 05 0c"},
      {"no type", "0b 1a 02 08 05 0c", NULL},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_err err = {0};
    stele_bytes in = hex(t, rows[i].in);
    for (way how = COPIED; how <= ALIASED_ROOMY; how++) {
      stele_object *o = decode(t, x.m, in, how, &err);
      t_ok(t, o != NULL, &err);
      t_eq_str(t, as_hex(t, encode(t, o, false)),
               as_hex(t, rows[i].want ? hex(t, rows[i].want) : in));
    }
  }
  static const char *bad[] = {
      "0b 10 e8 07 1a 02 08 05", "0b 10 e8 07 1a 01 08 0c",   "0b 00 0c", "0b 10",
      "0b 1a 02 08 05 8c",       "0b 10 e9 07 1a 01 08 8c 80"};
  for (size_t i = 0; i < STELE_COUNT(bad); i++) {
    t_case(t, bad[i]);
    stele_err err = {0};
    for (way how = COPIED; how <= ALIASED_ROOMY; how++)
      t_true(t, !decode(t, x.m, hex(t, bad[i]), how, &err));
  }
  end(&x);
}

static void test_limits(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  stele_err err = {0};
  stele_buf nested;
  stele_object *o = stele_object_new(t->arena, x.m, &err), *top = o;
  const stele_field *m = stele_layout_field(x.m, 14);
  for (int i = 0; i < 100; i++) o = stele_object_sub(o, t->arena, m, &err);
  stele_bytes deep = encode(t, top, false);
  t_true(t, decode(t, x.m, deep, COPIED, &err) != NULL);
  t_true(t, stele_object_sub(o, t->arena, m, &err) != NULL);
  deep = encode(t, top, false);
  t_true(t, !decode(t, x.m, deep, COPIED, &err) && err.code == STELE_LIMIT);
  stele_decode_options options = {.depth = 101};
  t_true(t, stele_binary_decode(t->arena, x.m, deep, &options, &err) != NULL);

  t_case(t, "unknown groups count as well");
  stele_buf_init(&nested, t->arena, 0);
  for (int i = 0; i < 101; i++) stele_buf_add(&nested, "\xc3\x3e", 2);
  for (int i = 0; i < 101; i++) stele_buf_add(&nested, "\xc4\x3e", 2);
  t_true(t, !decode(t, x.m, stele_buf_bytes(&nested), ALIASED, &err));

  t_case(t, "an object inside itself is too deep to encode");
  stele_bytes out;
  t_true(t, stele_object_set(o, t->arena, m, (stele_value){.object = top}, &err));
  t_true(t, !stele_binary_encode(t->arena, top, NULL, &out, &err) && err.code == STELE_LIMIT);

  t_case(t, "an arena's limit is an error");
  stele_arena *small = stele_arena_new(64 << 10);
  uint8_t *zeros = STELE_NEW_ARRAY(t->arena, uint8_t, 1 << 16);
  for (size_t i = 0; i + 2 < 1 << 16; i += 3) memcpy(zeros + i, "\xaa\x01\x00", 3);
  t_true(t, !stele_binary_decode(small, x.m, (stele_bytes){zeros, 65535}, NULL, &err) &&
                err.code == STELE_LIMIT);
  stele_arena_free(small);
  end(&x);
}

static void test_required(stele_test *t) {
  fixture x = begin(t, text, "p.R");
  stele_err err = {0};
  stele_bytes in = hex(t, "08 01 12 00"), out;
  t_true(t, !decode(t, x.m, in, COPIED, &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("required field \"r.need\" is not set"));
  stele_decode_options options = {.allow_partial = true};
  stele_object *o = stele_binary_decode(t->arena, x.m, in, &options, &err);
  t_true(t, o && !stele_binary_encode(t->arena, o, NULL, &out, &err) && err.code == STELE_INVALID);
  t_eq_str(t, as_hex(t, encode(t, o, false)), as_hex(t, in));
  end(&x);
}

static void test_options(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  stele_err err = {0};
  size_t count = 1;
  stele_bytes in = hex(t, "62 01 61 c0 3e 01 72 03 c0 3e 02 9a 01 01 07"), out;
  stele_decode_options options = {.discard_unknown = true};
  stele_object *o = stele_binary_decode(t->arena, x.m, in, &options, &err);
  t_true(t, o && stele_object_unknown(o, &count) == NULL && count == 0);
  t_eq_str(t, as_hex(t, encode(t, o, false)), STELE_STR("62 01 61 72 00"));

  t_case(t, "texts are aliased, those in the last bytes too");
  in = hex(t,
           "62 01 61 c0 3e 01 72 03 c0 3e 02 9a 01 01 07 6a 20 00 00 00 00 00 00 00 00 00 00 00 00 "
           "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
  options = (stele_decode_options){.alias_input = true};
  o = stele_binary_decode(t->arena, x.m, in, &options, &err);
  t_true(t, stele_object_get(o, stele_layout_field(x.m, 12)).str.ptr == (const char *)in.ptr + 2);
  t_true(t, stele_object_unknown(o, &count)[0].ptr == in.ptr + 3 && count >= 1);
  t_true(t, stele_object_get(o, stele_layout_field(x.m, 13)).str.ptr == (const char *)in.ptr + 17);

  t_case(t, "maps come sorted where that is asked for");
  static const char *unsorted =
      "b2 01 05 0a 01 62 10 01 b2 01 05 0a 01 61 10 02 ba 01 04 08 01 12 00 "
      "ba 01 0d 08 ff ff ff ff ff ff ff ff ff 01 12 00";
  o = decode(t, x.m, hex(t, unsorted), COPIED, &err);
  t_eq_str(t, as_hex(t, encode(t, o, false)), stele_cstr(unsorted));
  t_eq_str(
      t, as_hex(t, encode(t, o, true)),
      STELE_STR("b2 01 05 0a 01 61 10 02 b2 01 05 0a 01 62 10 01 ba 01 0d 08 ff ff ff ff ff ff ff "
                "ff ff 01 12 00 ba 01 04 08 01 12 00"));

  t_case(t, "a header goes in front; an encoder is used again and again");
  stele_encode_options with = {.header = hex(t, "aa bb")};
  stele_encoder *encoder = stele_encoder_new(&err);
  for (int i = 0; i < 3; i++) {
    t_ok(t, stele_encoder_binary(encoder, o, &with, &out, &err), &err);
    t_true(t, out.ptr[0] == 0xaa && out.ptr[1] == 0xbb && out.len == 41);
    t_ok(t, stele_binary_encode(t->arena, o, &with, &out, &err), &err);
    t_true(t, out.ptr[0] == 0xaa && out.ptr[1] == 0xbb && out.len == 41);
  }
  stele_encoder_free(encoder);
  end(&x);
}

static void test_frames(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  static const struct {
    const char *type, *want;
  } rows[] = {
      {"p.M", "00 00 00 01 02 00"},
      {"p.R", "00 00 00 01 02 02 02"},
      {"p.Outer.Second", "00 00 00 01 02 04 04 02"},
      {"p.Outer.Inner.Third", "00 00 00 01 02 06 04 00 00"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].type);
    stele_err err = {0};
    stele_bytes out, payload;
    int32_t id = 0;
    const stele_message *type = stele_schema_message(x.file->schema, stele_cstr(rows[i].type));
    t_ok(t, stele_frame_header(t->arena, 258, type, &out, &err), &err);
    t_eq_str(t, as_hex(t, out), stele_cstr(rows[i].want));
    t_ok(t, stele_frame_id(out, &id, &err), &err);
    t_true(t,
           id == 258 && stele_frame_type(out, x.file, &payload, &err) == type && payload.len == 0);
  }
  static const char *bad[] = {"",
                              "00 00 00 01",
                              "01 00 00 00 01 00",
                              "00 00 00 00 01",
                              "00 00 00 00 01 02 10",
                              "00 00 00 00 01 03",
                              "00 00 00 00 01 04 02",
                              "00 00 00 00 01 ff ff ff ff ff ff ff ff ff 01"};
  for (size_t i = 0; i < STELE_COUNT(bad); i++) {
    t_case(t, bad[i]);
    stele_err err = {0};
    stele_bytes payload;
    t_true(t,
           !stele_frame_type(hex(t, bad[i]), x.file, &payload, &err) && err.code == STELE_INVALID);
  }
  end(&x);
}

/* ---- Memory that runs out ------------------------------------------------------ */

static const stele_layout *failing_layout;
static stele_bytes failing_input;

static bool round_trip_under_failure(stele_arena *arena, stele_err *err) {
  stele_bytes out;
  stele_encode_options options = {.deterministic = true};
  stele_object *o = stele_binary_decode(arena, failing_layout, failing_input, NULL, err);
  return o && stele_binary_encode(arena, o, &options, &out, err);
}

static void test_failures(stele_test *t) {
  fixture x = begin(t, text, "p.M");
  failing_layout = x.m;
  failing_input =
      hex(t, "08 05 72 02 08 01 8a 01 03 01 02 03 9a 01 02 01 07 a2 01 01 61 aa 01 02 08 01 "
             "b2 01 05 0a 01 61 10 01 ba 01 02 08 01 a2 06 01 61 c0 3e 01");
  t_each_failure(t, round_trip_under_failure);
  failing_input = behind_padding(t, failing_input, 4100);
  t_each_failure(t, round_trip_under_failure);
  end(&x);
}

TEST_MAIN(test_rows, test_large, test_memory, test_shapes, test_buffers, test_message_set,
          test_limits, test_required, test_options, test_frames, test_failures)
