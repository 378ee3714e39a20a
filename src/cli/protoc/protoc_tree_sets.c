/* Descriptor sets as a place where files come from. The bytes of a file are
 * borrowed from its set, and linked only if something wants it. */
#include "cli/protoc/protoc_tree.h"
#include "proto/wire/reader.h"
#include "stele/codec.h"
#include "sys/file.h"

enum {
  SET_FILE = 1,
  FILE_NAME = 1,
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

/* protoc says so of everything that it cannot open. */
static bool fail_set(protoc_tree *tree, stele_str path, bool is_there, stele_str *why) {
  const char *text = is_there ? "Unable to parse." : "No such file or directory";
  *why = stele_str_printf(tree->arena, STELE_STR_FMT ": %s", STELE_STR_ARG(path), text);
  return false;
}

/* The first file of a name counts, in a set and among sets. */
static bool add_file(protoc_tree *tree, stele_map *own, stele_str path, stele_bytes file,
                     stele_str *why) {
  stele_str name, clash;
  if (!text_of(file, FILE_NAME, &name)) return fail_set(tree, path, true, why);
  if (!name.ptr) name = STELE_STR(""); /* which is a name to protoc */
  void **here = stele_map_add(own, name);
  if (*here) return true;
  protoc_set_file *kept = STELE_NEW(tree->arena, protoc_set_file);
  *kept = (protoc_set_file){file, tree->symbols.count - 1};
  *here = kept;
  void **place = stele_map_add(&tree->in_sets, name);
  if (!*place) *place = kept;
  if (protoc_symbols_add(&tree->symbols.at[tree->symbols.count - 1], name, file, &clash)) {
    return true;
  }
  *why = stele_str_printf(tree->arena, STELE_STR_FMT ": " STELE_STR_FMT, STELE_STR_ARG(path),
                          STELE_STR_ARG(clash));
  return false;
}

bool protoc_tree_add_set(protoc_tree *tree, stele_str path, stele_str *why) {
  stele_bytes bytes, file;
  stele_err err = {0};
  stele_map own;
  stele_str disk = stele_str_eq(path, STELE_STR("-")) ? STELE_STR("./-") : path;
  if (!sys_file_read(tree->arena, disk, most_set_bytes, &bytes, &err)) {
    return fail_set(tree, disk, err.code == STELE_INVALID, why); /* it is a folder */
  }
  if (!is_set(tree, bytes)) return fail_set(tree, disk, true, why);
  stele_map_init(&own, tree->arena, (uintptr_t)tree);
  protoc_symbols_init(STELE_VEC_ADD(tree->arena, &tree->symbols), tree->arena);
  stele_reader r = stele_reader_of(bytes);
  while (next_delimited(&r, SET_FILE, &file)) {
    if (!add_file(tree, &own, path, file, why)) return false;
  }
  return true;
}

/* ---- Names ------------------------------------------------------------------- */

/* What a set has is hidden when an earlier set has another file of that name. */
static bool is_hidden(const protoc_tree *tree, stele_str file, size_t set) {
  const protoc_set_file *first = stele_map_find(&tree->in_sets, file);
  return first->set != set;
}

stele_str protoc_tree_set_file_of(const protoc_tree *tree, stele_str full_name) {
  for (size_t i = 0; i < tree->symbols.count; i++) {
    stele_str file = protoc_symbols_find(&tree->symbols.at[i], full_name);
    if (file.ptr) return is_hidden(tree, file, i) ? (stele_str){NULL, 0} : file;
  }
  return (stele_str){NULL, 0};
}

stele_str protoc_tree_set_file_of_extension(const protoc_tree *tree, stele_str full_name,
                                            int32_t number) {
  for (size_t i = 0; i < tree->symbols.count; i++) {
    stele_str file = protoc_symbols_extension(&tree->symbols.at[i], full_name, number);
    if (file.ptr) return is_hidden(tree, file, i) ? (stele_str){NULL, 0} : file;
  }
  return (stele_str){NULL, 0};
}
