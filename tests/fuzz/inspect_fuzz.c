/* Any bytes at all, without a type and as a FileDescriptorProto would be walked
 * without one: every byte is on a line, and what is said to be whole is what the
 * wire reader takes. Seeds: tests/fuzz/corpus/inspect (replayed by `meson test`). */
#include <assert.h>

#include "base/guard.h"
#include "proto/inspect/inspect.h"
#include "proto/wire/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20 };

typedef struct inspect_job {
  stele_arena *arena;
  stele_bytes bytes;
} inspect_job;

static void run(void *arg) {
  inspect_job *job = arg;
  stele_inspect_options options = {.depth = 5};
  stele_buf out;
  stele_buf_init(&out, job->arena, 0);
  bool ok = stele_inspect(job->arena, job->bytes, &options, &out);
  stele_reader r = stele_reader_of(job->bytes);
  while (!stele_read_done(&r)) stele_read_skip_field(&r, 100);
  assert(ok == !r.failed);
  assert((out.len == 0) == (job->bytes.len == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_err err = {0};
  inspect_job job = {stele_arena_new(ARENA_BYTES), {data, size}};
  assert(job.arena);
  if (!stele_guard_run(job.arena, run, &job, &err)) assert(err.code == STELE_LIMIT);
  stele_arena_free(job.arena);
  return 0;
}
