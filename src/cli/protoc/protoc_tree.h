/* cli/protoc_tree: where `stele protoc` finds files, by protoc's own rules.
 *
 * In:   --proto_path (virtual=disk) and descriptor sets.   Out: a resolver, the
 * import name of a file on disk, and the disk file of an import name.
 * Names are compared as text: "./a" and "a" are made one, links and ".." are
 * not followed. Where there are paths, the files of google/protobuf that are built
 * in come after them, in place of the folder that lies beside protoc; what none
 * of these has is looked for in the sets.
 * Deps: sys/file.h, proto/compile. */
#ifndef STELE_CLI_PROTOC_TREE_H
#define STELE_CLI_PROTOC_TREE_H

#include "base/map.h"
#include "base/vec.h"
#include "cli/protoc/protoc_symbols.h"
#include "proto/compile/compile.h"
#include "stele/message.h"

typedef struct protoc_mapping {
  stele_str virtual_path, disk_path;
} protoc_mapping;

/* A file of the sets. */
typedef struct protoc_set_file {
  stele_bytes bytes; /* the FileDescriptorProto */
  size_t set;
} protoc_set_file;

typedef struct protoc_tree {
  stele_resolver resolver; /* first: the compile's callbacks find the rest by it */
  stele_arena *arena;
  STELE_VEC(protoc_mapping) mappings;
  stele_map in_sets;                 /* name -> protoc_set_file */
  STELE_VEC(protoc_symbols) symbols; /* by set */
  stele_map on_disk;                 /* name -> stele_str of the file it was read from */
  STELE_VEC(stele_buf) texts;        /* a stack, used again for file after file */
  size_t text_count;
  stele_str last_error;   /* as protoc's own, which some of its messages repeat */
  stele_layouts *layouts; /* of descriptor.proto, once it was needed */
  bool has_builtin;
} protoc_tree;

void protoc_tree_init(protoc_tree *tree, stele_arena *arena);
void protoc_tree_release(protoc_tree *tree);

/* Later mappings come after earlier ones. */
void protoc_tree_map(protoc_tree *tree, stele_str virtual_path, stele_str disk_path);

/* Also looks where a protoc that lies where we lie would find google/protobuf,
 * and among the built-in files. */
void protoc_tree_map_default(protoc_tree *tree);

/* Adds the files of a FileDescriptorSet that is on disk; the first of a name
 * counts. False with protoc's words in `*why`. */
bool protoc_tree_add_set(protoc_tree *tree, stele_str path, stele_str *why) STELE_MUST_USE;

bool protoc_tree_has_in_sets(const protoc_tree *tree, stele_str name);

/* The file of the sets that has a symbol, or a message around it; or an empty name. */
stele_str protoc_tree_set_file_of(const protoc_tree *tree, stele_str full_name);

/* The file of the sets that extends a message with this number; or an empty name. */
stele_str protoc_tree_set_file_of_extension(const protoc_tree *tree, stele_str full_name,
                                            int32_t number);

/* The import name of what the command line calls `path`. False with protoc's
 * words in `*why`. */
bool protoc_tree_name(protoc_tree *tree, stele_str path, stele_str *name,
                      stele_str *why) STELE_MUST_USE;

/* The disk file of an import name; empty when it is on no disk. */
stele_str protoc_tree_disk(protoc_tree *tree, stele_str name);

#endif
