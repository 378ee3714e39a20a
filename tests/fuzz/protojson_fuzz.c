/* Any bytes at all, as JSON and (when the first byte is odd) as binary. What is
 * read is written, and what is written is read as the same object and written
 * the same, compactly, prettily and by way of binary; whoever ignores unknown
 * members reads no less, and blanks behind it change nothing, also when the text is gone. Seeds:
 * tests/fuzz/corpus/protojson (replayed by `meson test`). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "harness/proto.h"
#include "stele/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static const char text[] =
    "edition = \"2023\"; package p;\n"
    "import \"google/protobuf/any.proto\"; import \"google/protobuf/duration.proto\";\n"
    "import \"google/protobuf/field_mask.proto\"; import \"google/protobuf/struct.proto\";\n"
    "import \"google/protobuf/timestamp.proto\"; import \"google/protobuf/wrappers.proto\";\n"
    "option features.field_presence = IMPLICIT;\n"
    "message M {\n"
    "  int32 a = 1; int64 b = 2; uint32 c = 3; uint64 d = 4; bool e = 5; float f = 6; double g = "
    "7;\n"
    "  string h = 8; bytes i = 9; M j = 10; E k = 11; C l = 12 [features.field_presence = "
    "EXPLICIT];\n"
    "  repeated sint32 m = 13; repeated string n = 14; repeated M o = 15; repeated E p = 16;\n"
    "  map<string, M> q = 17; map<int32, E> r = 18; map<uint64, bytes> s = 19; map<bool, double> t "
    "= 20;\n"
    "  oneof u { fixed32 v = 21; string w = 22; M x = 23; google.protobuf.NullValue y = 24; }\n"
    "  M z = 25 [features.message_encoding = DELIMITED];\n"
    "  google.protobuf.Any aa = 30; google.protobuf.Duration ab = 31;\n"
    "  google.protobuf.FieldMask ac = 32; google.protobuf.Struct ad = 33;\n"
    "  google.protobuf.Value ae = 34; google.protobuf.Timestamp af = 35;\n"
    "  google.protobuf.Int64Value ag = 36; repeated google.protobuf.Value ah = 37;\n"
    "  google.protobuf.FloatValue ai = 38; repeated double aj = 39;\n"
    "  extensions 100 to 200;\n"
    "}\n"
    "enum E { ZERO = 0; ONE = 1; NEG = -1; }\n"
    "enum C { option features.enum_type = CLOSED; C_ZERO = 0; C_ONE = 1; }\n"
    "extend M { string ext = 100; M ext_m = 101; }\n";

/* The layout of p.M, made once and kept for ever. */
static const stele_layout *message_layout(void) {
  static const stele_layout *layout;
  if (layout) return layout;
  stele_err err = {0};
  stele_arena *arena = stele_arena_new(0);
  proto_source source = {.path = "in.proto", .bytes = {(const uint8_t *)text, sizeof text - 1}};
  proto_made made = proto_compile(arena, &source, 1, "in.proto");
  assert(made.schema);
  stele_layouts *layouts = stele_layouts_new(made.schema, &err);
  assert(layouts);
  layout = stele_layouts_find(layouts, STELE_STR("p.M"), &err);
  assert(layout);
  proto_release(&made);
  stele_arena_free(arena);
  return layout;
}

static bool write(stele_arena *arena, const stele_object *o, uint32_t indent, stele_str *out) {
  stele_json_encode_options options = {.indent = indent, .deterministic = true};
  stele_err err = {0};
  bool ok = stele_json_encode(arena, o, &options, out, &err);
  assert(ok || err.code == STELE_INVALID || err.code == STELE_LIMIT || err.code == STELE_NOT_FOUND);
  return ok;
}

static stele_object *read(stele_arena *arena, stele_str in, bool ignore) {
  stele_json_decode_options options = {.ignore_unknown = ignore};
  stele_err err = {0};
  stele_object *o = stele_json_decode(arena, message_layout(), in, &options, &err);
  assert(o || err.code == STELE_INVALID || err.code == STELE_LIMIT);
  return o;
}

/* NullValue is an open enum with one value, which JSON writes as null whatever the number
 * is: so another number, as Google's readers take it, does not come back. */
static bool may_lose_a_number(stele_arena *arena, const stele_object *o) {
  static const uint8_t tag[] = {0xc0, 0x01}; /* of M.y */
  stele_err err = {0};
  stele_bytes wire;
  if (!stele_binary_encode(arena, o, NULL, &wire, &err)) return false;
  for (size_t i = 0; i + sizeof tag < wire.len; i++) {
    if (memcmp(wire.ptr + i, tag, sizeof tag) == 0 && wire.ptr[i + sizeof tag]) return true;
  }
  return false;
}

/* Text that was written is read as `o`, unless it is deeper than readers go. */
static void check_written(stele_arena *arena, const stele_object *o, stele_str in, bool same) {
  stele_str again;
  stele_object *back = read(arena, in, false);
  if (!back) {
    stele_err err = {0};
    assert(!stele_json_decode(arena, message_layout(), in, NULL, &err) && err.code == STELE_LIMIT);
    return;
  }
  if (same) assert(stele_object_equal(o, back) || may_lose_a_number(arena, o));
  stele_str want;
  assert(write(arena, o, 0, &want) && write(arena, back, 0, &again));
  assert(stele_str_eq(want, again));
}

/* The same with blanks behind it; what was read from is gone. */
static void check_longer(stele_arena *arena, stele_str in, size_t room, const stele_object *o) {
  char *longer = malloc(in.len + room);
  assert(longer);
  if (in.len) memcpy(longer, in.ptr, in.len);
  memset(longer + in.len, ' ', room);
  stele_object *same = read(arena, (stele_str){longer, in.len + room}, false);
  free(longer);
  assert(!o == !same && (!o || stele_object_equal(o, same)));
}

static void check_json(stele_arena *arena, stele_str in) {
  stele_object *o = read(arena, in, false), *lenient = read(arena, in, true);
  static const size_t rooms[] = {80, 600};
  for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) check_longer(arena, in, rooms[i], o);
  if (!o) return;
  assert(lenient && stele_object_equal(o, lenient));
  stele_str compact, pretty, again;
  assert(write(arena, o, 0, &compact) && write(arena, o, 3, &pretty));
  check_written(arena, o, compact, true);
  check_written(arena, o, pretty, true);

  stele_bytes wire;
  stele_err err = {0};
  assert(stele_binary_encode(arena, o, NULL, &wire, &err));
  stele_object *back = stele_binary_decode(arena, message_layout(), wire, NULL, &err);
  assert(back || err.code == STELE_LIMIT);
  if (back) assert(write(arena, back, 0, &again) && stele_str_eq(compact, again));
}

static void check_binary(stele_arena *arena, stele_bytes in) {
  stele_err err = {0};
  stele_decode_options options = {.discard_unknown = true};
  stele_str out;
  stele_object *o = stele_binary_decode(arena, message_layout(), in, &options, &err);
  if (o && write(arena, o, 0, &out)) check_written(arena, o, out, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  assert(arena);
  if (size && data[0] & 1) check_binary(arena, (stele_bytes){data + 1, size - 1});
  check_json(arena, (stele_str){(const char *)data, size});
  stele_arena_free(arena);
  return 0;
}
