/* The schema and the laws that every object obeys. */
#include "message.h"

#include <assert.h>

#include "harness/proto.h"

static const char text[] =
    "edition = \"2023\"; package p; import \"google/protobuf/any.proto\"; import \"set.proto\";\n"
    "message M {\n"
    "  int32 i32 = 1; int64 i64 = 2; uint32 u32 = 3; uint64 u64 = 4; sint32 s32 = 5; sint64 s64 = "
    "6;\n"
    "  fixed32 f32 = 7; fixed64 f64 = 8; bool b = 9; float fl = 10; double d = 11;\n"
    "  string s = 12; bytes by = 13; M m = 14; C c = 15;\n"
    "  int32 imp = 16 [features.field_presence = IMPLICIT]; repeated int32 packed = 17;\n"
    "  repeated int32 loose = 18 [features.repeated_field_encoding = EXPANDED];\n"
    "  repeated C cs = 19; repeated string ss = 20; repeated M ms = 21;\n"
    "  map<string, int32> map = 22; map<int32, M> mm = 23; map<int32, C> mc = 24;\n"
    "  oneof o { int32 oi = 25; string os = 26; M om = 27; C oc = 28; }\n"
    "  message Grp { M m = 1; int32 x = 2; } Grp grp = 29 [features.message_encoding = "
    "DELIMITED];\n"
    "  repeated M gs = 30 [features.message_encoding = DELIMITED];\n"
    "  string raw = 31 [features.utf8_validation = NONE]; repeated double ds = 32; repeated bool "
    "bs = 33;\n"
    "  google.protobuf.Any any = 34; q.Set set = 35; repeated sint64 s64s = 36; O open = 37;\n"
    "  string far = 536870911; reserved gone; extensions 100 to 200;\n"
    "}\n"
    "enum C { option features.enum_type = CLOSED; ZERO = 0; ONE = 1; NEG = -1; }\n"
    "enum O { NONE = 0; SOME = 1; }\n"
    "extend M { string ext = 100; repeated int32 exts = 101; M ext_m = 102; }\n";

static const char set_text[] =
    "syntax = \"proto2\"; package q; message Set { option message_set_wire_format = true;"
    "extensions 4 to max; } message A { extend Set { optional A a = 1000; } optional int32 i = 1; "
    "}";

const stele_layout *message_layout(void) {
  static const stele_layout *layout;
  if (layout) return layout;
  stele_arena *arena = stele_arena_new(0);
  const proto_source sources[] = {
      {.path = "m.proto", .bytes = {(const uint8_t *)text, sizeof text - 1}},
      {.path = "set.proto", .bytes = {(const uint8_t *)set_text, sizeof set_text - 1}},
  };
  stele_err err = {0};
  proto_made made = proto_compile(arena, sources, STELE_COUNT(sources), "m.proto");
  assert(made.schema);
  stele_layouts *layouts = stele_layouts_new(made.schema, &err);
  layout = stele_layouts_find(layouts, STELE_STR("p.M"), &err);
  assert(layout);
  stele_arena_free(arena);
  return layout;
}

void message_check(stele_arena *arena, const stele_object *o) {
  static const stele_encode_options sorted = {.deterministic = true};
  stele_err err = {0};
  stele_bytes first = {NULL, 0}, second = {NULL, 0};
  bool ok = stele_binary_encode(arena, o, &sorted, &first, &err);
  assert(ok);
  stele_object *again = stele_binary_decode(arena, stele_object_layout(o), first, NULL, &err);
  assert(again);
  ok = stele_binary_encode(arena, again, &sorted, &second, &err);
  assert(ok && stele_bytes_eq(first, second));

  stele_object *copy = stele_object_copy(arena, o, &err);
  assert(copy && stele_object_equal(o, copy));
  const stele_difference *found = NULL;
  size_t count = 1;
  ok = stele_object_diff(arena, o, copy, 0, &found, &count, &err);
  assert(ok && count == 0);
  stele_object_clear_unknown(copy);

  stele_str page = {NULL, 0};
  ok = stele_text_write(arena, copy, NULL, &page, &err);
  assert(ok);
}
