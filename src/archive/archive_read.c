/* Reading by libarchive. Its handle lives on the heap, so it is opened and
 * closed outside the guard.
 *
 * A header says how long its file is before a byte of it is unpacked, so a
 * bomb is refused by what it says; what it does not say counts against the
 * bytes that came out of the filter. */
#include <sys/stat.h>

#include "archive/archive_internal.h"
#include "base/guard.h"
#include "base/path.h"
#include "base/vec.h"

enum {
  DEFAULT_ENTRIES = 10000,
  DEFAULT_ENTRY_BYTES = 4 << 20,
  DEFAULT_TOTAL_BYTES = 64 << 20,
  HEADER_BYTES = 2048 /* of tar around one file, on average at most */
};

static const uint64_t most_unwanted = (uint64_t)2 << 30;

typedef struct tar_reader {
  archive_calls lib;
  struct archive *in;
  stele_arena *arena;
  stele_archive_limits limits;
  const stele_archive_source *source; /* NULL: every entry must be a plain file */
  STELE_VEC(stele_archive_file) files;
  size_t entries, total;
  stele_err *err;
  bool ok;
} tar_reader;

static const char *kind_of(const tar_reader *r) {
  return r->source && r->source->is_zip ? "zip" : "tar";
}

static bool fail_archive(tar_reader *r) {
  const char *text = r->lib.error_string(r->in);
  return stele_fail(r->err, STELE_INVALID, "not a readable %s: %s", kind_of(r),
                    text ? text : "no reason given");
}

static bool is_plain(tar_reader *r, struct archive_entry *entry) {
  return !r->lib.entry_hardlink(entry) && r->lib.entry_filetype(entry) == AE_IFREG;
}

static bool check_path(tar_reader *r, stele_str path) {
  const char *fault = stele_path_fault(path);
  return !fault ||
         stele_fail(r->err, STELE_INVALID, "the path \"%.*s\" %s", ARCHIVE_SHOWN(path), fault);
}

static bool check_entry(tar_reader *r, struct archive_entry *entry, stele_str path) {
  if (!is_plain(r, entry)) {
    return stele_fail(r->err, STELE_INVALID, "\"%.*s\" is not a regular file", ARCHIVE_SHOWN(path));
  }
  if (!check_path(r, path)) return false;
  int64_t size = r->lib.entry_size(entry);
  if (size < 0 || (uint64_t)size > r->limits.entry_bytes) {
    return stele_fail(r->err, STELE_LIMIT, "\"%.*s\" is larger than %zu bytes", ARCHIVE_SHOWN(path),
                      r->limits.entry_bytes);
  }
  if ((size_t)size > r->limits.total_bytes - r->total) {
    return stele_fail(r->err, STELE_LIMIT, "the files are larger than %zu bytes together",
                      r->limits.total_bytes);
  }
  return true;
}

static bool read_content(tar_reader *r, size_t size, stele_bytes *out) {
  uint8_t *bytes = stele_arena_alloc(r->arena, size + 1, 1);
  size_t len = 0;
  while (len < size) {
    ssize_t got = r->lib.read_data(r->in, bytes + len, size - len);
    if (got < 0) return fail_archive(r);
    if (got == 0)
      return stele_fail(r->err, STELE_INVALID, "not a readable %s: a file is cut short",
                        kind_of(r));
    len += (size_t)got;
  }
  r->total += len;
  *out = (stele_bytes){bytes, len};
  return true;
}

/* UTF-8 where libarchive knows it (pax headers), else the bytes as they are;
 * "./a" is "a". */
static stele_str path_of(tar_reader *r, struct archive_entry *entry) {
  const char *text = r->lib.entry_pathname_utf8(entry);
  if (!text) text = r->lib.entry_pathname(entry);
  stele_str path = stele_cstr(text ? text : "");
  while (path.len >= 2 && path.ptr[0] == '.' && path.ptr[1] == '/') {
    path = (stele_str){path.ptr + 2, path.len - 2};
  }
  return path;
}

/* Takes steps off the front; empty when there are no more than those. */
static stele_str stripped(stele_str path, unsigned steps) {
  for (; steps > 0; steps--) {
    const char *slash = path.len ? memchr(path.ptr, '/', path.len) : NULL;
    if (!slash) return (stele_str){0};
    path = (stele_str){slash + 1, path.len - (size_t)(slash + 1 - path.ptr)};
  }
  return path;
}

/* Of somebody's sources: is it one of the files that matter, and under which
 * path. A bad path is refused whatever the entry is. */
static bool choose_entry(tar_reader *r, struct archive_entry *entry, stele_archive_file *file,
                         bool *wanted) {
  const stele_archive_source *source = r->source;
  *wanted = true;
  if (!source) return true;
  stele_str whole = file->path;
  while (whole.len > 1 && whole.ptr[whole.len - 1] == '/') whole.len--;
  bool is_root = stele_str_eq(whole, STELE_STR(".")) || whole.len == 0;
  if (!is_root && !check_path(r, whole)) return false;
  file->path = stripped(whole, source->strip_components);
  *wanted =
      is_plain(r, entry) && file->path.len && (!source->is_wanted || source->is_wanted(file->path));
  return true;
}

static bool read_entry(tar_reader *r, struct archive_entry *entry) {
  if (++r->entries > r->limits.entries) {
    return stele_fail(r->err, STELE_LIMIT, "more than %zu entries", r->limits.entries);
  }
  bool folder = r->lib.entry_filetype(entry) == AE_IFDIR;
  if (folder && r->lib.entry_size(entry) == 0) return true; /* a longer one would be skimmed */
  stele_archive_file file = {.path = stele_str_copy(r->arena, path_of(r, entry))};
  bool wanted;
  if (!choose_entry(r, entry, &file, &wanted)) return false;
  if (!wanted) return true;
  if (!check_entry(r, entry, file.path)) return false;
  if (!read_content(r, (size_t)r->lib.entry_size(entry), &file.content)) return false;
  STELE_VEC_PUSH(r->arena, &r->files, file);
  return true;
}

/* What came out of the filter may not be much more than what was kept. */
static bool check_unpacked(tar_reader *r) {
  int64_t unpacked = r->lib.filter_bytes(r->in, 0);
  uint64_t most = (uint64_t)r->limits.total_bytes + (uint64_t)r->limits.entries * HEADER_BYTES +
                  (r->source ? most_unwanted : 0);
  if (unpacked >= 0 && (uint64_t)unpacked <= most) return true;
  return stele_fail(r->err, STELE_LIMIT, "it unpacks to more than %ju bytes", (uintmax_t)most);
}

static bool read_entries(tar_reader *r) {
  for (;;) {
    struct archive_entry *entry = NULL;
    int status = r->lib.read_next_header(r->in, &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return fail_archive(r);
    if (!check_unpacked(r) || !read_entry(r, entry)) return false;
  }
  return archive_order(r->files.at, r->files.count, r->err);
}

static void read_guarded(void *arg) {
  tar_reader *r = arg;
  r->ok = read_entries(r);
}

static stele_archive_limits limits_or_default(const stele_archive_limits *limits) {
  stele_archive_limits used = limits ? *limits : (stele_archive_limits){0};
  if (!used.entries) used.entries = DEFAULT_ENTRIES;
  if (!used.entry_bytes) used.entry_bytes = DEFAULT_ENTRY_BYTES;
  if (!used.total_bytes) used.total_bytes = DEFAULT_TOTAL_BYTES;
  return used;
}

/* ARCHIVE_WARN from a filter would mean: an outside program unpacks. */
static bool choose_format(tar_reader *r) {
  /* By its directory at the end: without one it is cut short. */
  if (r->source && r->source->is_zip) {
    return r->lib.read_support_format_zip_seekable(r->in) == ARCHIVE_OK;
  }
  return r->lib.read_support_filter_gzip(r->in) == ARCHIVE_OK &&
         r->lib.read_support_filter_zstd(r->in) == ARCHIVE_OK &&
         r->lib.read_support_format_tar(r->in) == ARCHIVE_OK;
}

static bool open_archive(tar_reader *r, stele_bytes bytes) {
  if (!choose_format(r)) {
    return stele_fail(r->err, STELE_UNSUPPORTED, "libarchive lacks %s", kind_of(r));
  }
  if (bytes.len == 0) {
    return stele_fail(r->err, STELE_INVALID, "not a readable %s: it is empty", kind_of(r));
  }
  return r->lib.read_open_memory(r->in, bytes.ptr, bytes.len) == ARCHIVE_OK || fail_archive(r);
}

static bool read_archive(tar_reader *r, stele_bytes bytes, const stele_archive_file **files,
                         size_t *count) {
  if (!archive_library_open(&r->lib, r->err)) return false;
  r->in = r->lib.read_new();
  if (!r->in) return stele_fail(r->err, STELE_NO_MEMORY, "no memory to read an archive");
  bool ok = open_archive(r, bytes) && stele_guard_run(r->arena, read_guarded, r, r->err) && r->ok;
  (void)r->lib.read_free(r->in);
  *files = r->files.at;
  *count = ok ? r->files.count : 0;
  return ok;
}

bool stele_archive_read(stele_arena *arena, stele_bytes tar, const stele_archive_limits *limits,
                        const stele_archive_file **files, size_t *count, stele_err *err) {
  tar_reader r = {.arena = arena, .limits = limits_or_default(limits), .err = err};
  return read_archive(&r, tar, files, count);
}

bool stele_archive_read_source(stele_arena *arena, stele_bytes archive,
                               const stele_archive_source *source, const stele_archive_file **files,
                               size_t *count, stele_err *err) {
  tar_reader r = {
      .arena = arena, .limits = limits_or_default(&source->limits), .source = source, .err = err};
  return read_archive(&r, archive, files, count);
}
