/* protoc's source tree, rule for rule. It is not cli/import_dirs: that one
 * finds out what paths really are, which would accept, and name, other files
 * than protoc does. */
#include "cli/protoc/protoc_tree.h"

#include "base/path.h"
#include "proto/wkt/wkt.h"
#include "sys/file.h"
#include "sys/process.h"

enum { MOST_TEXT_BYTES = 64 << 20 };

/* ---- Paths as text ----------------------------------------------------------- */

/* Clean, but a slash at the end stays. */
static stele_str canonical(stele_arena *arena, stele_str path) {
  stele_str clean = stele_path_clean(arena, path);
  bool has_slash = path.len && path.ptr[path.len - 1] == '/';
  if (!has_slash || clean.len == 0 || clean.ptr[clean.len - 1] == '/') return clean;
  return stele_str_printf(arena, STELE_STR_FMT "/", STELE_STR_ARG(clean));
}

static bool starts_with(stele_str text, stele_str start) {
  return text.len >= start.len && (!start.len || memcmp(text.ptr, start.ptr, start.len) == 0);
}

/* As protoc does it: "a/" and "b" give "a//b". */
static stele_str join(stele_arena *arena, stele_str dir, stele_str rest) {
  if (dir.len == 0) return rest;
  return stele_str_printf(arena, STELE_STR_FMT "/" STELE_STR_FMT, STELE_STR_ARG(dir),
                          STELE_STR_ARG(rest));
}

/* `path` with the prefix `from` replaced by `to`; false when it has not got that
 * prefix. An empty prefix stands for every relative path. */
static bool map_path(stele_arena *arena, stele_str path, stele_str from, stele_str to,
                     stele_str *out) {
  stele_str rest = path;
  if (from.len == 0) {
    if (path.len && path.ptr[0] == '/') return false;
  } else {
    if (!starts_with(path, from)) return false;
    *out = to;
    if (path.len == from.len) return true;
    bool slash_after = path.ptr[from.len] == '/';
    if (!slash_after && from.ptr[from.len - 1] != '/') return false;
    size_t skip = from.len + slash_after;
    rest = (stele_str){path.ptr + skip, path.len - skip};
  }
  if (stele_path_has_up(rest)) return false;
  *out = join(arena, to, rest);
  return true;
}

/* ---- The disk ------------------------------------------------------------------ */

/* Reads a file over what `text` held. A folder, or what cannot be opened, is as
 * if it were not there; `*denied` says whether it is only forbidden. */
static bool read_disk(protoc_tree *tree, stele_buf *text, stele_str path, bool *denied) {
  stele_err err = {0};
  sys_file_kind kind = sys_file_stat(path).kind;
  *denied = false;
  if (kind == SYS_FILE_DIR) {
    tree->last_error = STELE_STR("Input file is a directory.");
    return false;
  }
  if (stele_str_eq(path, STELE_STR("-"))) path = STELE_STR("./-");
  bool ok = sys_file_read_into(text, path, MOST_TEXT_BYTES, &err);
  *denied = !ok && err.code == STELE_DENIED;
  return ok;
}

static stele_buf *push_text(protoc_tree *tree) {
  if (tree->text_count == tree->texts.count) {
    stele_buf_init(STELE_VEC_ADD(tree->arena, &tree->texts), NULL, 0);
  }
  return &tree->texts.at[tree->text_count++];
}

/* Opens an import name: its text goes onto the stack, its disk file is noted. */
static bool open_name(protoc_tree *tree, stele_str name) {
  if (!stele_str_eq(name, canonical(tree->arena, name)) || stele_path_has_up(name)) {
    tree->last_error = STELE_STR("Backslashes, consecutive slashes, \".\", or \"..\" are not "
                                 "allowed in the virtual path");
    return false;
  }
  stele_buf *text = push_text(tree);
  for (size_t i = 0; i < tree->mappings.count; i++) {
    stele_str disk;
    bool denied;
    const protoc_mapping *mapping = &tree->mappings.at[i];
    if (!map_path(tree->arena, name, mapping->virtual_path, mapping->disk_path, &disk)) continue;
    if (read_disk(tree, text, disk, &denied)) {
      stele_str *noted = STELE_NEW(tree->arena, stele_str);
      *noted = stele_str_copy(tree->arena, disk);
      *stele_map_add(&tree->on_disk, stele_str_copy(tree->arena, name)) = noted;
      return true;
    }
    if (!denied) continue;
    tree->text_count--;
    tree->last_error = stele_str_printf(
        tree->arena, "Read access is denied for file: " STELE_STR_FMT, STELE_STR_ARG(disk));
    return false;
  }
  tree->text_count--;
  tree->last_error = STELE_STR("File not found.");
  return false;
}

stele_str protoc_tree_disk(protoc_tree *tree, stele_str name) {
  const stele_str *noted = stele_map_find(&tree->on_disk, name);
  if (noted) return *noted;
  if (!open_name(tree, name)) return (stele_str){NULL, 0};
  tree->text_count--;
  noted = stele_map_find(&tree->on_disk, name);
  return *noted;
}

/* ---- The resolver ---------------------------------------------------------------- */

static bool find_builtin(const protoc_tree *tree, stele_str path, stele_found *out) {
  stele_str text;
  if (!tree->has_builtin || !starts_with(path, STELE_STR("google/protobuf/"))) return false;
  if (!stele_wkt_find(path, &text)) return false;
  *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(text)};
  return true;
}

static bool find(stele_resolver *resolver, stele_str path, stele_found *out, stele_err *err) {
  protoc_tree *tree = (protoc_tree *)resolver;
  (void)err;
  if (open_name(tree, path)) {
    const stele_buf *text = &tree->texts.at[tree->text_count - 1];
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_buf_bytes(text)};
    return true;
  }
  if (find_builtin(tree, path, out)) return true;
  const protoc_set_file *file = stele_map_find(&tree->in_sets, path);
  if (file) {
    *out = (stele_found){.kind = STELE_FOUND_DESCRIPTOR, .bytes = file->bytes};
  } else {
    *out = (stele_found){.kind = STELE_FOUND_NOTHING, .reason = tree->last_error};
  }
  return true;
}

/* Only what was read is on the stack. */
static void release(stele_resolver *resolver, const stele_found *found) {
  protoc_tree *tree = (protoc_tree *)resolver;
  if (found->kind != STELE_FOUND_TEXT || tree->text_count == 0) return;
  const stele_buf *top = &tree->texts.at[tree->text_count - 1];
  if ((const uint8_t *)top->ptr == found->bytes.ptr) tree->text_count--;
}

void protoc_tree_init(protoc_tree *tree, stele_arena *arena) {
  *tree = (protoc_tree){.resolver = {.find = find, .release = release}, .arena = arena};
  stele_map_init(&tree->in_sets, arena, 0);
  stele_map_init(&tree->on_disk, arena, 0);
}

void protoc_tree_release(protoc_tree *tree) {
  for (size_t i = 0; i < tree->texts.count; i++) stele_buf_release(&tree->texts.at[i]);
  stele_layouts_unref(tree->layouts);
}

/* ---- Mappings ---------------------------------------------------------------------- */

void protoc_tree_map(protoc_tree *tree, stele_str virtual_path, stele_str disk_path) {
  stele_str clean = canonical(tree->arena, disk_path);
  STELE_VEC_PUSH(tree->arena, &tree->mappings, (protoc_mapping){virtual_path, clean});
}

static stele_str dir_of(stele_str path) {
  while (path.len && path.ptr[path.len - 1] != '/') path.len--;
  if (path.len) path.len--;
  return path;
}

static bool has_descriptor_proto(protoc_tree *tree, stele_str dir) {
  stele_str file = join(tree->arena, dir, STELE_STR("google/protobuf/descriptor.proto"));
  return sys_file_stat(file).kind != SYS_FILE_NONE;
}

void protoc_tree_map_default(protoc_tree *tree) {
  stele_str beside = dir_of(sys_process_own_path(tree->arena));
  tree->has_builtin = true;
  if (beside.len == 0) return;
  stele_str places[3] = {beside, join(tree->arena, beside, STELE_STR("include")), {NULL, 0}};
  stele_str above = dir_of(beside);
  if (above.len) places[2] = join(tree->arena, above, STELE_STR("include"));
  for (size_t i = 0; i < STELE_COUNT(places); i++) {
    if (places[i].len == 0 || !has_descriptor_proto(tree, places[i])) continue;
    protoc_tree_map(tree, STELE_STR(""), places[i]);
    return;
  }
}

/* ---- Names ----------------------------------------------------------------------------- */

bool protoc_tree_has_in_sets(const protoc_tree *tree, stele_str name) {
  return stele_map_find(&tree->in_sets, name) != NULL;
}

/* A word that no mapping covers may be the name of an import. */
static bool is_name(protoc_tree *tree, stele_str path) {
  stele_found ignored;
  return protoc_tree_disk(tree, path).ptr || protoc_tree_has_in_sets(tree, path) ||
         find_builtin(tree, path, &ignored);
}

/* An earlier mapping that has another file of that name; empty: none. */
static stele_str shadow_of(protoc_tree *tree, stele_str name, size_t mapping) {
  for (size_t i = 0; i < mapping; i++) {
    stele_str disk;
    const protoc_mapping *earlier = &tree->mappings.at[i];
    if (map_path(tree->arena, name, earlier->virtual_path, earlier->disk_path, &disk) &&
        sys_file_stat(disk).kind != SYS_FILE_NONE) {
      return disk;
    }
  }
  return (stele_str){NULL, 0};
}

static bool can_open(protoc_tree *tree, stele_str path, bool *denied) {
  stele_buf *text = push_text(tree);
  bool ok = read_disk(tree, text, path, denied);
  tree->text_count--;
  return ok;
}

static bool fail_unmapped(protoc_tree *tree, stele_str path, stele_str *why) {
  *why = stele_str_printf(
      tree->arena,
      STELE_STR_FMT
      ": File does not reside within any path specified using --proto_path (or -I).  You must "
      "specify a --proto_path which encompasses this file.  Note that the proto_path must be an "
      "exact prefix of the .proto file names -- protoc is too dumb to figure out when two paths "
      "(e.g. absolute and relative) are equivalent (it's harder than you think).",
      STELE_STR_ARG(path));
  return false;
}

static bool fail_shadowed(protoc_tree *tree, stele_str path, stele_str shadow, stele_str *why) {
  *why =
      stele_str_printf(tree->arena,
                       STELE_STR_FMT ": Input is shadowed in the --proto_path by \"" STELE_STR_FMT
                                     "\".  Either use the latter file as your input or reorder the "
                                     "--proto_path so that the former file's location comes first.",
                       STELE_STR_ARG(path), STELE_STR_ARG(shadow));
  return false;
}

/* The first mapping that covers a file, and what it calls it. */
static size_t find_mapping(protoc_tree *tree, stele_str path, stele_str *name) {
  stele_str clean = canonical(tree->arena, path);
  size_t i = 0;
  for (; i < tree->mappings.count; i++) {
    const protoc_mapping *mapping = &tree->mappings.at[i];
    if (map_path(tree->arena, clean, mapping->disk_path, mapping->virtual_path, name)) break;
  }
  return i;
}

bool protoc_tree_name(protoc_tree *tree, stele_str path, stele_str *name, stele_str *why) {
  *name = path;
  if (sys_file_stat(path).kind == SYS_FILE_NONE) {
    if (is_name(tree, path)) return true;
    *why = stele_str_printf(tree->arena,
                            "Could not make proto path relative: " STELE_STR_FMT
                            ": No such file or directory",
                            STELE_STR_ARG(path));
    return false;
  }
  stele_str mapped;
  size_t mapping = find_mapping(tree, path, &mapped);
  if (mapping == tree->mappings.count) return is_name(tree, path) || fail_unmapped(tree, path, why);
  stele_str shadow = shadow_of(tree, mapped, mapping);
  if (shadow.len) return fail_shadowed(tree, path, shadow, why);
  bool denied;
  if (can_open(tree, path, &denied)) {
    *name = mapped;
    return true;
  }
  if (protoc_tree_has_in_sets(tree, path)) return true;
  stele_str text = tree->last_error;
  if (text.len == 0) {
    text = denied ? STELE_STR("Permission denied") : STELE_STR("No such file or directory");
  }
  *why = stele_str_printf(tree->arena,
                          "Could not map to virtual file: " STELE_STR_FMT ": " STELE_STR_FMT,
                          STELE_STR_ARG(path), STELE_STR_ARG(text));
  return false;
}
