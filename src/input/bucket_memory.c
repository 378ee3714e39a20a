/* Files that are in memory already: archives, and what a registry answered. */
#include "base/vec.h"
#include "config/config.h"
#include "input/bucket.h"

typedef struct memory_bucket {
  input_bucket base;
  const stele_archive_file *files;
  size_t count;
} memory_bucket;

static bool is_proto(stele_str path) {
  return path.len > 6 && memcmp(path.ptr + path.len - 6, ".proto", 6) == 0;
}

static bool list(input_bucket *self, stele_arena *arena, stele_str dir, const stele_str **paths,
                 size_t *count, stele_err *err) {
  const memory_bucket *memory = (const memory_bucket *)self;
  STELE_VEC(stele_str) found = {0};
  (void)err;
  for (size_t i = 0; i < memory->count; i++) {
    stele_str path = memory->files[i].path;
    if (is_proto(path) && config_path_in(dir, path, NULL)) STELE_VEC_PUSH(arena, &found, path);
  }
  *paths = found.at;
  *count = found.count;
  return true;
}

static const stele_archive_file *find(const memory_bucket *memory, stele_str path) {
  size_t from = 0, to = memory->count;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    stele_str other = memory->files[middle].path;
    int order = stele_str_order(other, path);
    if (order == 0) return &memory->files[middle];
    if (order < 0) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return NULL;
}

static bool has(input_bucket *self, stele_arena *arena, stele_str path) {
  const memory_bucket *memory = (const memory_bucket *)self;
  (void)arena;
  if (find(memory, path)) return true;
  for (size_t i = 0; i < memory->count; i++) {
    if (config_path_in(path, memory->files[i].path, NULL)) return true;
  }
  return false;
}

static bool read_file(input_bucket *self, stele_arena *arena, stele_str path, stele_buf *buf,
                      stele_err *err) {
  const stele_archive_file *file = find((const memory_bucket *)self, path);
  (void)arena;
  stele_buf_clear(buf);
  if (!file) {
    return stele_fail(err, STELE_NOT_FOUND, STELE_STR_FMT ": not in there", STELE_STR_ARG(path));
  }
  stele_buf_add(buf, file->content.ptr, file->content.len);
  return !buf->failed || stele_fail(err, STELE_NO_MEMORY, "no memory for a file");
}

static void close_memory(input_bucket *self) {
  (void)self;
}

input_bucket *input_bucket_memory(stele_arena *arena, const stele_archive_file *files,
                                  size_t count) {
  static const input_bucket_ops ops = {list, has, read_file, close_memory, NULL};
  memory_bucket *memory = STELE_NEW(arena, memory_bucket);
  *memory = (memory_bucket){{&ops}, files, count};
  return &memory->base;
}
