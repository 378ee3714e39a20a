/* input/bucket: files by path, wherever they are.
 *
 * A folder on disk, a commit, an archive in memory: each lists the .proto files
 * below a folder, says whether a path is there, and reads. Paths are relative to
 * the bucket, normalised, "." for the bucket itself.
 * Deps: base, sys, git, archive. */
#ifndef STELE_INPUT_BUCKET_H
#define STELE_INPUT_BUCKET_H

#include "archive/archive.h"
#include "base/buf.h"
#include "git/git.h"

typedef struct input_bucket input_bucket;

/* list: paths of the .proto files below `dir`, relative to the bucket, in order
 *   of their bytes; none when there is no such folder.
 * has: a file or a folder of that path.
 * load: over what `buf` held; STELE_NOT_FOUND when there is no such file.
 * save: a file in place of the one of that path; NULL where nothing can be written.
 * close: gives back what the bucket holds; the struct itself lives in an arena. */
typedef struct input_bucket_ops {
  bool (*list)(input_bucket *self, stele_arena *arena, stele_str dir, const stele_str **paths,
               size_t *count, stele_err *err);
  bool (*has)(input_bucket *self, stele_arena *arena, stele_str path);
  bool (*load)(input_bucket *self, stele_arena *arena, stele_str path, stele_buf *buf,
               stele_err *err);
  void (*close)(input_bucket *self);
  bool (*save)(input_bucket *self, stele_arena *arena, stele_str path, stele_str text,
               stele_err *err);
} input_bucket_ops;

struct input_bucket {
  const input_bucket_ops *ops;
};

/* The disk, from the root: paths are absolute without their first slash.
 * Follows links, unless told not to. */
input_bucket *input_bucket_disk(stele_arena *arena, bool follow_links);

/* Is it the disk? */
bool input_bucket_is_disk(const input_bucket *bucket);

/* The tree that `git` was turned to; owns the handle from now on. */
input_bucket *input_bucket_git(stele_arena *arena, stele_git *git);

/* Files in memory, sorted by path; they must outlive the bucket. */
input_bucket *input_bucket_memory(stele_arena *arena, const stele_archive_file *files,
                                  size_t count);

#endif
