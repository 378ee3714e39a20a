/* archive, inside: the library, and the order of files. */
#ifndef STELE_ARCHIVE_ARCHIVE_INTERNAL_H
#define STELE_ARCHIVE_ARCHIVE_INTERNAL_H

#include <archive.h>
#include <archive_entry.h>

#include "archive/archive.h"

/* What we call of libarchive; its own declarations give the types. */
// clang-format off
#define ARCHIVE_CALLS(X) \
  X(entry_clear) X(entry_copy_pathname) X(entry_filetype) X(entry_free) \
  X(entry_hardlink) X(entry_new) X(entry_pathname) X(entry_pathname_utf8) \
  X(entry_set_filetype) X(entry_set_mtime) X(entry_set_perm) X(entry_set_size) \
  X(entry_size) X(error_string) X(filter_bytes) X(read_data) X(read_free) X(read_new) \
  X(read_next_header) X(read_open_memory) X(read_support_filter_gzip) \
  X(read_support_filter_zstd) X(read_support_format_raw) X(read_support_format_tar) \
  X(read_support_format_zip_seekable) X(set_error) X(write_add_filter_gzip) \
  X(write_close) X(write_data) X(write_free) X(write_header) X(write_new) X(write_open) \
  X(write_set_bytes_in_last_block) X(write_set_filter_option) X(write_set_format_option) \
  X(write_set_format_pax_restricted)
// clang-format on

typedef struct archive_calls {
#define X(name) __typeof__(&archive_##name) name;
  ARCHIVE_CALLS(X)
#undef X
} archive_calls;

/* Finds every call. The library is opened when it is first needed, not when the
 * program starts: it brings a dozen others with it, and few runs need it. */
bool archive_library_open(archive_calls *out, stele_err *err) STELE_MUST_USE;

/* A path in a message, cut: for "%.*s". */
#define ARCHIVE_SHOWN(path) ((path).len > 120 ? 120 : (int)(path).len), (path).ptr ? (path).ptr : ""

/* Sorts by path; false when a path stands twice. */
bool archive_order(stele_archive_file *files, size_t count, stele_err *err) STELE_MUST_USE;

#endif
