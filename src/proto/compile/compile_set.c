/* Descriptor sets: the files of one set are what its imports may mean. */
#include "base/guard.h"
#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/compile.h"
#include "proto/wire/reader.h"

enum { DEPTH = 100 }; /* of groups among fields that are stepped over */

typedef struct set_files {
  stele_resolver resolver; /* first: the callback casts back */
  stele_arena *arena;
  stele_bytes set;
  struct {
    stele_str *at;
    size_t count, cap;
  } names;
  stele_map files; /* by name: stele_bytes */
} set_files;

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const set_files *files = (const set_files *)self;
  const stele_bytes *file = stele_map_find(&files->files, path);
  (void)err;
  if (file) *out = (stele_found){.kind = STELE_FOUND_DESCRIPTOR, .bytes = *file};
  return true;
}

/* The last field `tag` of a message, as bytes; false when it is none. */
static bool last_of(stele_bytes message, uint32_t tag, stele_bytes *out) {
  stele_reader r = stele_reader_of(message);
  while (!stele_read_done(&r)) {
    uint32_t here = stele_read_tag(&r);
    if (here == tag) {
      *out = stele_read_delimited(&r);
    } else {
      stele_read_skip_value(&r, here, DEPTH);
    }
  }
  return !r.failed;
}

/* FileDescriptorSet.file and FileDescriptorProto.name have number 1 each. */
static void list(void *arg) {
  static const uint32_t tag = 1 << 3 | STELE_WIRE_DELIMITED;
  set_files *files = arg;
  stele_reader r = stele_reader_of(files->set);
  stele_map_init(&files->files, files->arena, 0);
  while (!stele_read_done(&r)) {
    uint32_t here = stele_read_tag(&r);
    stele_bytes name = {NULL, 0};
    if (here != tag) {
      stele_read_skip_value(&r, here, DEPTH);
      continue;
    }
    stele_bytes *file = STELE_NEW(files->arena, stele_bytes);
    *file = stele_read_delimited(&r);
    r.failed |= !last_of(*file, tag, &name);
    void **place = stele_map_add(&files->files, stele_bytes_str(name));
    if (!*place) STELE_VEC_PUSH(files->arena, &files->names, stele_bytes_str(name));
    *place = file;
  }
  if (r.failed) stele_guard_leave(files->arena, STELE_INVALID, "not a FileDescriptorSet");
}

const stele_schema *stele_compile_set(stele_bytes set, const stele_compile_options *options,
                                      stele_report *report, stele_err *err) {
  static const stele_compile_options plain = {.use_builtin = true};
  set_files files = {.resolver = {.find = find}, .arena = stele_arena_new(0), .set = set};
  const stele_schema *schema = NULL;
  if (!files.arena) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a compile");
    return NULL;
  }
  if (stele_guard_run(files.arena, list, &files, err)) {
    schema = stele_compile(&files.resolver, files.names.at, files.names.count,
                           options ? options : &plain, report, err);
  }
  stele_arena_free(files.arena);
  return schema;
}
