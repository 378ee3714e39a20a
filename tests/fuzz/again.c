/* The property, for any source. */
#include "again.h"

#include <assert.h>

#include "base/buf.h"
#include "proto/descriptor/descriptor.h"

enum { ARENA_BYTES = 256 << 20, MOST_AGAIN = 64 << 10 };

static const char base_text[] =
    "syntax = \"proto2\"; package o; import \"google/protobuf/descriptor.proto\";\n"
    "import \"google/protobuf/any.proto\";\n"
    "enum C { RED = 0; GREEN = 1; BLUE = -2; }\n"
    "message R { required int32 a = 1; optional R r = 2; }\n"
    "message Set { option message_set_wire_format = true; extensions 4 to max; }\n"
    "message Mi { extend Set { optional Mi mi = 1000; } optional int32 v = 1; }\n"
    "message S { optional int32 i = 1; optional string s = 2; repeated int32 r = 3;\n"
    "  repeated int32 p = 4 [packed = true]; optional S m = 5; repeated S n = 6;\n"
    "  optional group G = 7 { optional int32 g = 1; optional S gs = 2; }\n"
    "  map<string, int32> x = 8; map<int32, S> y = 9; oneof q { int32 a = 10; S b = 11; }\n"
    "  optional google.protobuf.Any any = 12; optional C c = 13; repeated C cp = 14 [packed = "
    "true];\n"
    "  optional double d = 15; optional float f = 16; optional bool t = 17; optional bytes z = "
    "18;\n"
    "  optional sint64 zz = 19; optional fixed32 ff = 20; optional R req = 21; optional Set set = "
    "22;\n"
    "  optional int32 src = 23 [retention = RETENTION_SOURCE]; reserved \"gone\";\n"
    "  extensions 100 to 200; }\n"
    "extend S { optional int32 ei = 100; optional S es = 101; repeated int32 er = 102 [packed = "
    "true]; }\n"
    "extend google.protobuf.MessageOptions { optional S m = 50000; repeated S rm = 50001;\n"
    "  repeated int32 ri = 50002 [packed = true]; }\n"
    "extend google.protobuf.FieldOptions { optional S fm = 50000; }\n";

typedef struct again_resolver {
  stele_resolver base; /* first: the callback casts back */
  const stele_found *found;
  bool has_base; /* not while it is made */
} again_resolver;

/* The base and what it imports, linked already. */
static void find_base(stele_str path, stele_found *out) {
  const stele_file *base = again_base();
  if (stele_str_eq(path, STELE_STR("base.proto"))) {
    *out = (stele_found){.kind = STELE_FOUND_FILE, .file = base};
  }
  for (uint32_t i = 0; i < base->import_count; i++) {
    if (!stele_str_eq(path, base->imports[i].path)) continue;
    *out = (stele_found){.kind = STELE_FOUND_FILE, .file = base->imports[i].file};
  }
}

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)err;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (stele_str_eq(path, STELE_STR("in.proto"))) {
    *out = *((again_resolver *)self)->found;
  } else if (((again_resolver *)self)->has_base) {
    find_base(path, out);
  }
  return true;
}

static const stele_schema *compile(const stele_found *found, const stele_file *descriptor) {
  again_resolver resolver = {
      .base = {.find = find}, .found = found, .has_base = descriptor != NULL};
  stele_compile_options options = {.source_info = true,
                                   .use_builtin = true,
                                   .limit_bytes = ARENA_BYTES,
                                   .descriptor = descriptor};
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  stele_report *report = stele_report_new(arena, 0);
  stele_str path = STELE_STR("in.proto");
  stele_err err = {0};
  const stele_schema *schema = stele_compile(&resolver.base, &path, 1, &options, report, &err);
  assert(schema || err.code == STELE_INVALID || err.code == STELE_LIMIT);
  assert(!schema || !stele_report_has_errors(report));
  stele_arena_free(arena);
  return schema;
}

const stele_file *again_base(void) {
  static const stele_file *base;
  if (base) return base;
  stele_found found = {.kind = STELE_FOUND_TEXT,
                       .bytes = {(const uint8_t *)base_text, sizeof base_text - 1}};
  const stele_schema *schema = compile(&found, NULL);
  assert(schema);
  base = stele_schema_file(schema, STELE_STR("in.proto"));
  return base;
}

static stele_bytes encode(stele_arena *arena, const stele_schema *schema, bool retain) {
  const stele_file *file = stele_schema_file(schema, STELE_STR("in.proto"));
  stele_descriptor_options form = {.source_info = retain, .retain_options = retain};
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  stele_descriptor_encode(arena, file, &form, &out);
  return stele_buf_bytes(&out);
}

/* `bytes`, read as a descriptor, are written as `want`. */
static void check_again(stele_arena *arena, stele_bytes bytes, bool retain, stele_bytes want) {
  stele_found found = {.kind = STELE_FOUND_DESCRIPTOR, .bytes = bytes};
  const stele_schema *schema = compile(&found, again_base()->imports[0].file);
  assert(schema);
  assert(stele_bytes_eq(encode(arena, schema, retain), want));
  stele_schema_unref(schema);
}

void again_check(const stele_found *found) {
  const stele_schema *schema = compile(found, again_base()->imports[0].file);
  if (!schema) return;
  stele_arena *arena = stele_arena_new(0);
  stele_bytes retained = encode(arena, schema, true), by_default = encode(arena, schema, false);
  if (retained.len < MOST_AGAIN) {
    check_again(arena, retained, true, retained);
    check_again(arena, retained, false, by_default);
    check_again(arena, by_default, false, by_default);
  }
  stele_arena_free(arena);
  stele_schema_unref(schema);
}
