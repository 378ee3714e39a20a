/* Descriptor sets as a place where files come from. The bytes of a file are
 * borrowed from its set, and linked only if something wants it. */
#include "cli/protoc_tree.h"
#include "proto/wire/reader.h"
#include "stele/codec.h"
#include "sys/file.h"

enum {
  SET_FILE = 1,
  FILE_NAME = 1,
  FILE_PACKAGE = 2,
  FILE_MESSAGE = 4,
  MESSAGE_NAME = 1,
  MESSAGE_NESTED = 3,
  MOST_DEPTH = 100,
};
static const size_t most_set_bytes = (size_t)2 << 30;

/* Steps to the next field `number` that has a length; false at the end. */
static bool next_delimited(stele_reader *r, uint32_t number, stele_bytes *out) {
  while (!stele_read_done(r)) {
    uint32_t tag = stele_read_tag(r);
    if (r->failed) break;
    if (tag == stele_wire_tag(number, STELE_WIRE_DELIMITED)) {
      *out = stele_read_delimited(r);
      return !r->failed;
    }
    stele_read_skip_value(r, tag, MOST_DEPTH);
  }
  return false;
}

/* The last of a field's texts; false when the bytes are no message. */
static bool text_of(stele_bytes message, uint32_t number, stele_str *out) {
  stele_reader r = stele_reader_of(message);
  stele_bytes text = {NULL, 0};
  while (next_delimited(&r, number, &text)) continue;
  *out = stele_bytes_str(text);
  return !r.failed;
}

/* ---- Are the bytes a set at all? --------------------------------------------- */

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

/* The type of a set, which the built-in descriptor.proto has. */
static const stele_layout *set_layout(protoc_tree *tree, stele_err *err) {
  if (!tree->layouts) {
    const stele_compile_options options = {.use_builtin = true};
    stele_report *report = stele_report_new(tree->arena, 0);
    const stele_schema *schema = stele_compile(NULL, &descriptor_path, 1, &options, report, err);
    if (schema) tree->layouts = stele_layouts_new(schema, err);
    stele_schema_unref(schema);
  }
  if (!tree->layouts) return NULL;
  return stele_layouts_find(tree->layouts, STELE_STR("google.protobuf.FileDescriptorSet"), err);
}

/* Linking takes what it knows from a descriptor; protoc reads all of it first,
 * and takes none of a set that has a wrong byte anywhere. */
static bool is_set(protoc_tree *tree, stele_bytes bytes) {
  stele_err err = {0};
  const stele_layout *layout = set_layout(tree, &err);
  stele_arena *scratch = layout ? stele_arena_new(0) : NULL;
  const stele_decode_options options = {.alias_input = true};
  bool ok = scratch && stele_binary_decode(scratch, layout, bytes, &options, &err);
  stele_arena_free(scratch);
  return ok;
}

bool protoc_tree_add_set(protoc_tree *tree, stele_str path, stele_str *why) {
  stele_bytes bytes, file;
  stele_err err = {0};
  if (stele_str_eq(path, STELE_STR("-"))) path = STELE_STR("./-");
  bool ok = sys_file_read(tree->arena, path, most_set_bytes, &bytes, &err);
  bool is_read = ok;
  ok = ok && is_set(tree, bytes);
  stele_reader r = stele_reader_of(ok ? bytes : (stele_bytes){NULL, 0});
  while (ok && next_delimited(&r, SET_FILE, &file)) {
    stele_str name;
    ok = text_of(file, FILE_NAME, &name);
    if (!ok) break;
    void **place = stele_map_add(&tree->in_sets, name);
    if (*place) continue;
    stele_bytes *kept = STELE_NEW(tree->arena, stele_bytes);
    *kept = file;
    *place = kept;
  }
  if (ok && !r.failed) return true;
  /* protoc says so of everything that it cannot open. */
  bool is_folder = err.code == STELE_INVALID;
  const char *text = is_read || is_folder ? "Unable to parse." : "No such file or directory";
  *why = stele_str_printf(tree->arena, STELE_STR_FMT ": %s", STELE_STR_ARG(path), text);
  return false;
}

/* ---- Types ------------------------------------------------------------------- */

/* What is left of `name` behind "scope."; all of it for an empty scope. */
static bool step_into(stele_str name, stele_str scope, stele_str *rest) {
  *rest = name;
  if (scope.len == 0) return true;
  if (name.len <= scope.len || memcmp(name.ptr, scope.ptr, scope.len) != 0) return false;
  if (name.ptr[scope.len] != '.') return false;
  *rest = (stele_str){name.ptr + scope.len + 1, name.len - scope.len - 1};
  return true;
}

static bool has_message(stele_bytes scope, uint32_t number, stele_str name, int depth) {
  stele_reader r = stele_reader_of(scope);
  stele_bytes message;
  while (depth > 0 && next_delimited(&r, number, &message)) {
    stele_str own, rest;
    if (!text_of(message, MESSAGE_NAME, &own) || own.len == 0) continue;
    if (stele_str_eq(own, name)) return true;
    if (step_into(name, own, &rest) && has_message(message, MESSAGE_NESTED, rest, depth - 1)) {
      return true;
    }
  }
  return false;
}

stele_str protoc_tree_set_file_of(const protoc_tree *tree, stele_str full_name) {
  for (size_t i = 0; i < tree->in_sets.count; i++) {
    const stele_bytes *file = tree->in_sets.entries[i].value;
    stele_str package, rest;
    if (!text_of(*file, FILE_PACKAGE, &package)) continue;
    if (step_into(full_name, package, &rest) &&
        has_message(*file, FILE_MESSAGE, rest, MOST_DEPTH)) {
      return tree->in_sets.entries[i].key.str;
    }
  }
  return (stele_str){NULL, 0};
}
