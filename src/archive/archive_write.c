/* Writing by libarchive: pax only where a path needs it, and nothing in the
 * bytes that says when, where or by whom. */
#include "archive/archive_internal.h"
#include "base/buf.h"
#include "base/guard.h"
#include "base/path.h"

typedef struct tar_writer {
  archive_calls lib;
  struct archive *out;
  struct archive_entry *entry;
  stele_buf packed; /* on the heap: libarchive's callback must return */
  stele_err *err;
} tar_writer;

static bool fail_archive(tar_writer *w) {
  const char *text = w->lib.error_string(w->out);
  return stele_fail(w->err, w->packed.failed ? STELE_NO_MEMORY : STELE_INTERNAL,
                    "cannot write a tar: %s", text ? text : "no reason given");
}

static ssize_t take_bytes(struct archive *out, void *arg, const void *bytes, size_t len) {
  tar_writer *w = arg;
  stele_buf_add(&w->packed, bytes, len);
  if (!w->packed.failed) return (ssize_t)len;
  w->lib.set_error(out, 0, "out of memory");
  return ARCHIVE_FATAL;
}

static bool open_tar(tar_writer *w) {
  bool ok = w->lib.write_set_format_pax_restricted(w->out) == ARCHIVE_OK &&
            w->lib.write_set_format_option(w->out, NULL, "hdrcharset", "BINARY") == ARCHIVE_OK &&
            w->lib.write_add_filter_gzip(w->out) == ARCHIVE_OK &&
            w->lib.write_set_filter_option(w->out, "gzip", "timestamp", NULL) == ARCHIVE_OK &&
            w->lib.write_set_bytes_in_last_block(w->out, 1) == ARCHIVE_OK &&
            w->lib.write_open(w->out, w, NULL, take_bytes, NULL) == ARCHIVE_OK;
  return ok || fail_archive(w);
}

/* Paths go out as the bytes they are: UTF-8, whatever the locale says. */
static bool write_file(tar_writer *w, const stele_archive_file *file) {
  w->lib.entry_clear(w->entry);
  w->lib.entry_copy_pathname(w->entry, file->path.ptr); /* copied: NUL-terminated */
  w->lib.entry_set_filetype(w->entry, AE_IFREG);
  w->lib.entry_set_perm(w->entry, 0644);
  w->lib.entry_set_mtime(w->entry, 0, 0);
  w->lib.entry_set_size(w->entry, (int64_t)file->content.len);
  if (w->lib.write_header(w->out, w->entry) != ARCHIVE_OK) return fail_archive(w);
  if (file->content.len == 0) return true;
  ssize_t put = w->lib.write_data(w->out, file->content.ptr, file->content.len);
  return put == (ssize_t)file->content.len || fail_archive(w);
}

static bool write_files(tar_writer *w, const stele_archive_file *files, size_t count) {
  if (!open_tar(w)) return false;
  for (size_t i = 0; i < count; i++) {
    if (!write_file(w, &files[i])) return false;
  }
  return w->lib.write_close(w->out) == ARCHIVE_OK || fail_archive(w);
}

/* Arenas before and after, libarchive between: the two never nest. */
typedef struct write_job {
  stele_arena *arena;
  const stele_archive_file *files;
  size_t count;
  stele_archive_file *sorted;
  stele_bytes packed, *tar;
} write_job;

static void sort_files(void *arg) {
  write_job *job = arg;
  job->sorted = STELE_NEW_ARRAY(job->arena, stele_archive_file, job->count);
  for (size_t i = 0; i < job->count; i++) {
    job->sorted[i].path = stele_str_copy(job->arena, job->files[i].path);
    job->sorted[i].content = job->files[i].content;
  }
}

static void keep_tar(void *arg) {
  write_job *job = arg;
  *job->tar = stele_bytes_copy(job->arena, job->packed);
}

static bool check_paths(const stele_archive_file *files, size_t count, stele_err *err) {
  for (size_t i = 0; i < count; i++) {
    const char *fault = stele_path_fault(files[i].path);
    if (!fault) continue;
    return stele_fail(err, STELE_INVALID, "the path \"%.*s\" %s", ARCHIVE_SHOWN(files[i].path),
                      fault);
  }
  return true;
}

bool stele_archive_write(stele_arena *arena, const stele_archive_file *files, size_t count,
                         stele_bytes *tar, stele_err *err) {
  write_job job = {.arena = arena, .files = files, .count = count, .tar = tar};
  tar_writer w = {.err = err};
  if (!check_paths(files, count, err) || !stele_guard_run(arena, sort_files, &job, err))
    return false;
  if (!archive_order(job.sorted, count, err)) return false;

  if (!archive_library_open(&w.lib, err)) return false;
  stele_buf_init(&w.packed, NULL, 0);
  w.out = w.lib.write_new();
  w.entry = w.lib.entry_new();
  bool ok = (w.out && w.entry) || stele_fail(err, STELE_NO_MEMORY, "no memory to write a tar");
  ok = ok && write_files(&w, job.sorted, count);
  job.packed = stele_buf_bytes(&w.packed);
  if (w.entry) w.lib.entry_free(w.entry);
  if (w.out) (void)w.lib.write_free(w.out);
  ok = ok && stele_guard_run(arena, keep_tar, &job, err);
  stele_buf_release(&w.packed);
  return ok;
}
