/* sys/file: whole files, and the folders they are in.
 *
 * In:   paths.   Out: bytes, names, or an error that names the path.
 * Paths are stele_str; one with a NUL inside is refused. Threads: any.
 * Deps: base/arena.h, base/buf.h, base/err.h. */
#ifndef STELE_SYS_FILE_H
#define STELE_SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"
#include "stele/str.h"

/* What stands at a path. */
typedef enum sys_file_kind {
  SYS_FILE_NONE,
  SYS_FILE_PLAIN,
  SYS_FILE_DIR,
  SYS_FILE_OTHER
} sys_file_kind;

typedef struct sys_file_info {
  sys_file_kind kind; /* SYS_FILE_NONE: nothing is there */
  uint64_t size_bytes;
  stele_time_us changed; /* last change of the content */
} sys_file_info;

/* Follows links; what cannot be looked at counts as not there. */
sys_file_info sys_file_stat(stele_str path);

/* Whether something is at a path; else "PATH: why not" in err. */
bool sys_path_exists(stele_str path, stele_err *err) STELE_MUST_USE;

/* Reads a whole file into `buf`, over what it held: with one buffer for many
 * files no fresh memory is touched. "-" is standard input. A NUL follows that
 * the length does not count. STELE_NOT_FOUND when it is absent, STELE_LIMIT
 * when it is larger than `limit_bytes`, STELE_INVALID for a folder. */
bool sys_file_read_into(stele_buf *buf, stele_str path, size_t limit_bytes,
                        stele_err *err) STELE_MUST_USE;

/* The same into `arena`. An arena that runs out is an error here, not a leap. */
bool sys_file_read(stele_arena *arena, stele_str path, size_t limit_bytes, stele_bytes *out,
                   stele_err *err) STELE_MUST_USE;

/* Writes through a temporary file beside `path` and a rename, so that a reader
 * sees the old file or the new one, never a half. Folders must exist. Keeps the
 * mode of the file that was there. "-" is standard output. */
bool sys_file_write(stele_str path, stele_bytes bytes, stele_err *err) STELE_MUST_USE;

/* As sys_file_write, but leaves a file alone that holds these bytes already;
 * `*written` says which. */
bool sys_file_update(stele_str path, stele_bytes bytes, bool *written,
                     stele_err *err) STELE_MUST_USE;

/* Writes in place: what was there is cut off first, links are followed, and a
 * device or a pipe is written to. `*is_open`: it got as far as writing. */
bool sys_file_overwrite(stele_str path, stele_bytes bytes, bool *is_open,
                        stele_err *err) STELE_MUST_USE;

/* Everything to a descriptor, however often it takes. */
bool sys_fd_write(int fd, stele_bytes bytes, stele_err *err) STELE_MUST_USE;

/* Removes a file; one that is absent is fine. */
bool sys_file_remove(stele_str path, stele_err *err) STELE_MUST_USE;

/* Makes a folder and those above it; one that exists is fine. */
bool sys_dir_make(stele_str path, stele_err *err) STELE_MUST_USE;

/* Makes one folder; something that is there already is fine, whatever it is. */
bool sys_dir_make_one(stele_str path, stele_err *err) STELE_MUST_USE;

/* Removes a folder with all that is in it; links are removed, not followed. */
bool sys_dir_remove(stele_str path, stele_err *err) STELE_MUST_USE;

typedef struct sys_paths {
  stele_str *at; /* relative to the folder, '/' between parts */
  size_t count;
} sys_paths;

/* The plain files below a folder whose names end in `suffix` ("" for all), in
 * order of their bytes. Names that start with '.' are left out, links to
 * folders are not followed. STELE_LIMIT beyond `most` files. */
bool sys_dir_list(stele_arena *arena, stele_str dir, stele_str suffix, size_t most, sys_paths *out,
                  stele_err *err) STELE_MUST_USE;

/* The same with names that start with '.', and with `follow_links` also through
 * links to files and folders, but not in circles. */
bool sys_dir_list_all(stele_arena *arena, stele_str dir, stele_str suffix, size_t most,
                      bool follow_links, sys_paths *out, stele_err *err) STELE_MUST_USE;

/* A fresh empty folder under TMPDIR or /tmp; `stem` begins its name. */
bool sys_dir_temp(stele_arena *arena, const char *stem, stele_str *out,
                  stele_err *err) STELE_MUST_USE;

/* A path that any working folder understands: absolute, links resolved. */
bool sys_path_real(stele_arena *arena, stele_str path, stele_str *out,
                   stele_err *err) STELE_MUST_USE;

/* The value of an environment variable, borrowed; {NULL, 0} when it is unset. */
stele_str sys_env(const char *name);

#endif
