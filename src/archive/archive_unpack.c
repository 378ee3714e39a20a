/* A compressed file that is no archive: libarchive's filters without a format. */
#include "archive/archive_internal.h"
#include "base/buf.h"
#include "base/guard.h"

enum { STEP_BYTES = 1 << 16 };

typedef struct unpack_job {
  archive_calls lib;
  struct archive *in;
  stele_arena *arena;
  size_t limit;
  stele_bytes out;
  stele_err *err;
  bool ok;
} unpack_job;

static bool fail_unpack(unpack_job *job) {
  const char *text = job->lib.error_string(job->in);
  return stele_fail(job->err, STELE_INVALID, "cannot be unpacked: %s",
                    text ? text : "no reason given");
}

static bool unpack(unpack_job *job) {
  stele_buf buf;
  stele_buf_init(&buf, job->arena, 0);
  for (;;) {
    if (!stele_buf_reserve(&buf, STEP_BYTES)) return fail_unpack(job);
    ssize_t got = job->lib.read_data(job->in, buf.ptr + buf.len, STEP_BYTES);
    if (got < 0) return fail_unpack(job);
    if (got == 0) break;
    buf.len += (size_t)got;
    if (buf.len > job->limit) {
      return stele_fail(job->err, STELE_LIMIT, "unpacks to more than %zu bytes", job->limit);
    }
  }
  job->out = stele_buf_bytes(&buf);
  return true;
}

static void unpack_guarded(void *arg) {
  unpack_job *job = arg;
  job->ok = unpack(job);
}

static bool open_raw(unpack_job *job, stele_bytes packed) {
  struct archive_entry *entry;
  bool able = job->lib.read_support_filter_gzip(job->in) == ARCHIVE_OK &&
              job->lib.read_support_filter_zstd(job->in) == ARCHIVE_OK &&
              job->lib.read_support_format_raw(job->in) == ARCHIVE_OK;
  if (!able) return stele_fail(job->err, STELE_UNSUPPORTED, "libarchive lacks gzip or zstd");
  if (packed.len == 0)
    return stele_fail(job->err, STELE_INVALID, "cannot be unpacked: it is empty");
  return (job->lib.read_open_memory(job->in, packed.ptr, packed.len) == ARCHIVE_OK &&
          job->lib.read_next_header(job->in, &entry) == ARCHIVE_OK) ||
         fail_unpack(job);
}

bool stele_archive_unpack(stele_arena *arena, stele_bytes packed, size_t limit_bytes,
                          stele_bytes *out, stele_err *err) {
  unpack_job job = {.arena = arena, .limit = limit_bytes, .err = err};
  if (!archive_library_open(&job.lib, err)) return false;
  job.in = job.lib.read_new();
  if (!job.in) return stele_fail(err, STELE_NO_MEMORY, "no memory to unpack");
  bool ok = open_raw(&job, packed) && stele_guard_run(arena, unpack_guarded, &job, err) && job.ok;
  (void)job.lib.read_free(job.in);
  *out = ok ? job.out : (stele_bytes){NULL, 0};
  return ok;
}
