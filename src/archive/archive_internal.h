/* archive, inside: the library, and the order of files. */
#ifndef STELE_ARCHIVE_ARCHIVE_INTERNAL_H
#define STELE_ARCHIVE_ARCHIVE_INTERNAL_H

#include <archive.h>
#include <archive_entry.h>

#include "archive/archive.h"
#include "base/library.h"

// clang-format off
#define ARCHIVE_CALLS(X) \
  X(archive_, entry_clear) X(archive_, entry_copy_pathname) X(archive_, entry_filetype) \
  X(archive_, entry_free) X(archive_, entry_hardlink) X(archive_, entry_new) \
  X(archive_, entry_pathname) X(archive_, entry_pathname_utf8) X(archive_, entry_set_filetype) \
  X(archive_, entry_set_mtime) X(archive_, entry_set_perm) X(archive_, entry_set_size) \
  X(archive_, entry_size) X(archive_, error_string) X(archive_, filter_bytes) \
  X(archive_, read_data) X(archive_, read_free) X(archive_, read_new) \
  X(archive_, read_next_header) X(archive_, read_open_memory) \
  X(archive_, read_support_filter_gzip) X(archive_, read_support_filter_zstd) \
  X(archive_, read_support_format_raw) X(archive_, read_support_format_tar) \
  X(archive_, read_support_format_zip_seekable) X(archive_, set_error) \
  X(archive_, write_add_filter_gzip) X(archive_, write_close) X(archive_, write_data) \
  X(archive_, write_free) X(archive_, write_header) X(archive_, write_new) \
  X(archive_, write_open) X(archive_, write_set_bytes_in_last_block) \
  X(archive_, write_set_filter_option) X(archive_, write_set_format_option) \
  X(archive_, write_set_format_pax_restricted)
// clang-format on

typedef struct archive_calls {
  ARCHIVE_CALLS(STELE_LIBRARY_CALL)
} archive_calls;

bool archive_library_open(archive_calls *out, stele_err *err) STELE_MUST_USE;

/* A path in a message, cut: for "%.*s". */
#define ARCHIVE_SHOWN(path) ((path).len > 120 ? 120 : (int)(path).len), (path).ptr ? (path).ptr : ""

/* Sorts by path; false when a path stands twice. */
bool archive_order(stele_archive_file *files, size_t count, stele_err *err) STELE_MUST_USE;

#endif
