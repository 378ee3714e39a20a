/* The disk as a bucket: its root is "/", so that a configuration file above the
 * folder that was named is found by the same paths. */
#include "base/path.h"
#include "config/config.h"
#include "input/bucket.h"
#include "sys/file.h"

enum { MOST_FILES = 1000000, MOST_FILE_BYTES = 64 << 20 };

typedef struct disk_bucket {
  input_bucket base;
  bool follow_links;
} disk_bucket;

static stele_str on_disk(stele_arena *arena, stele_str path) {
  if (stele_str_eq(path, STELE_STR("."))) return STELE_STR("/");
  return stele_str_printf(arena, "/" STELE_STR_FMT, STELE_STR_ARG(path));
}

static bool list(input_bucket *self, stele_arena *arena, stele_str dir, const stele_str **paths,
                 size_t *count, stele_err *err) {
  const disk_bucket *disk = (const disk_bucket *)self;
  stele_str folder = on_disk(arena, dir);
  sys_paths found;
  *paths = NULL;
  *count = 0;
  if (sys_file_stat(folder).kind != SYS_FILE_DIR) return true;
  if (!sys_dir_list_all(arena, folder, STELE_STR(".proto"), MOST_FILES, disk->follow_links, &found,
                        err)) {
    return false;
  }
  for (size_t i = 0; i < found.count; i++) {
    found.at[i] = stele_path_join(arena, dir, found.at[i]);
  }
  *paths = found.at;
  *count = found.count;
  return true;
}

static bool has(input_bucket *self, stele_arena *arena, stele_str path) {
  (void)self;
  return sys_file_stat(on_disk(arena, path)).kind != SYS_FILE_NONE;
}

static bool read_file(input_bucket *self, stele_arena *arena, stele_str path, stele_buf *buf,
                      stele_err *err) {
  (void)self;
  stele_mark mark = stele_arena_mark(arena);
  bool ok = sys_file_read_into(buf, on_disk(arena, path), MOST_FILE_BYTES, err);
  stele_arena_rewind(arena, mark);
  return ok;
}

static bool write_file(input_bucket *self, stele_arena *arena, stele_str path, stele_str text,
                       stele_err *err) {
  (void)self;
  return sys_file_write(on_disk(arena, path), stele_str_bytes(text), err);
}

static void close_disk(input_bucket *self) {
  (void)self;
}

bool input_bucket_is_disk(const input_bucket *bucket) {
  return bucket->ops->list == list;
}

input_bucket *input_bucket_disk(stele_arena *arena, bool follow_links) {
  static const input_bucket_ops ops = {list, has, read_file, close_disk, write_file};
  disk_bucket *disk = STELE_NEW(arena, disk_bucket);
  *disk = (disk_bucket){{&ops}, follow_links};
  return &disk->base;
}
