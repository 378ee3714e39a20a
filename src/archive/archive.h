/* archive: many files in one, from and to memory.
 *
 * In:   a tar (plain, gzip, zstd), a zip, or a list of files.   Out: the other one.
 * What strangers send is bounded and clean: regular files with relative paths,
 * each once; folders are passed over, all else is refused.
 * Deps: base. The only user of libarchive. */
#ifndef STELE_ARCHIVE_ARCHIVE_H
#define STELE_ARCHIVE_ARCHIVE_H

#include "base/arena.h"
#include "base/err.h"

typedef struct stele_archive_file {
  stele_str path; /* relative, clean: see base/path.h */
  stele_bytes content;
} stele_archive_file;

/* 0 means the default: 10,000 entries, 4 MiB each, 64 MiB in all. */
typedef struct stele_archive_limits {
  size_t entries; /* folders count too */
  size_t entry_bytes;
  size_t total_bytes;
} stele_archive_limits;

/* The files of a tar, sorted by path; a leading "./" is dropped.
 *
 * Errors: STELE_INVALID for what is no tar, is cut short, or holds a link, a
 * device, a bad path or a path twice; STELE_LIMIT past a limit.
 * Memory: in `arena`. `limits` may be NULL. Threads: any. */
bool stele_archive_read(stele_arena *arena, stele_bytes tar, const stele_archive_limits *limits,
                        const stele_archive_file **files, size_t *count,
                        stele_err *err) STELE_MUST_USE;

/* An archive of somebody's sources, of which a few files matter. */
typedef struct stele_archive_source {
  stele_archive_limits limits;       /* of the files that are wanted */
  unsigned strip_components;         /* steps taken off the front of each path; a file with no
                                        more than those is passed over */
  bool is_zip;                       /* else a tar */
  bool (*is_wanted)(stele_str path); /* asked with the stripped path; NULL: every file */
} stele_archive_source;

/* The wanted files of such an archive, sorted by path. Links, devices and files
 * that are not wanted are passed over; a path that leads outside is refused even
 * so. What unpacks to more than the limits and 2 GiB of other files is refused.
 *
 * Errors and memory as for stele_archive_read. */
bool stele_archive_read_source(stele_arena *arena, stele_bytes archive,
                               const stele_archive_source *source, const stele_archive_file **files,
                               size_t *count, stele_err *err) STELE_MUST_USE;

/* The bytes of one file that gzip or zstd packed. STELE_INVALID when it cannot be
 * unpacked, STELE_LIMIT past `limit_bytes`. Memory: in `arena`. Threads: any. */
bool stele_archive_unpack(stele_arena *arena, stele_bytes packed, size_t limit_bytes,
                          stele_bytes *out, stele_err *err) STELE_MUST_USE;

/* A tar.gz of the files: the same bytes for the same files in any order
 * (sorted, mode 0644, owner 0, time 0).
 *
 * Errors: STELE_INVALID for a bad path or a path twice.
 * Memory: `*tar` is in `arena`. Threads: any. */
bool stele_archive_write(stele_arena *arena, const stele_archive_file *files, size_t count,
                         stele_bytes *tar, stele_err *err) STELE_MUST_USE;

#endif
