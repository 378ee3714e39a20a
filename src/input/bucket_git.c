/* A commit as a bucket. */
#include "base/vec.h"
#include "config/config.h"
#include "input/bucket.h"

enum { MOST_FILE_BYTES = 64 << 20 };

typedef struct git_bucket {
  input_bucket base;
  stele_git *git;
} git_bucket;

static bool list(input_bucket *self, stele_arena *arena, stele_str dir, const stele_str **paths,
                 size_t *count, stele_err *err) {
  size_t all_count;
  const stele_str *all =
      stele_git_list(((git_bucket *)self)->git, arena, STELE_STR(".proto"), &all_count);
  STELE_VEC(stele_str) found = {0};
  (void)err;
  for (size_t i = 0; i < all_count; i++) {
    if (!config_path_in(dir, all[i], NULL)) continue;
    STELE_VEC_PUSH(arena, &found, stele_str_copy(arena, all[i])); /* outlives the handle */
  }
  *paths = found.at;
  *count = found.count;
  return true;
}

static bool has(input_bucket *self, stele_arena *arena, stele_str path) {
  (void)arena;
  return stele_str_eq(path, STELE_STR(".")) || stele_git_has_path(((git_bucket *)self)->git, path);
}

static bool read_file(input_bucket *self, stele_arena *arena, stele_str path, stele_buf *buf,
                      stele_err *err) {
  (void)arena;
  return stele_git_read(((git_bucket *)self)->git, path, MOST_FILE_BYTES, buf, err);
}

static void close_git(input_bucket *self) {
  stele_git_close(((git_bucket *)self)->git);
}

input_bucket *input_bucket_git(stele_arena *arena, stele_git *git) {
  static const input_bucket_ops ops = {list, has, read_file, close_git, NULL};
  git_bucket *bucket = STELE_NEW(arena, git_bucket);
  *bucket = (git_bucket){{&ops}, git};
  return &bucket->base;
}
