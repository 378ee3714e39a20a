/* Any texts at all, as files that import one another: between two bytes 0x1e
 * lies one file, the first is a.proto, the next b.proto, and so on. Nothing
 * crashes; errors and results go together; and what compiles has descriptors
 * that compile to the same descriptors. Seeds: tests/fuzz/corpus/compile. */
#include <assert.h>

#include "base/guard.h"
#include "harness/proto.h"
#include "proto/descriptor/descriptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_FILES = 6, ARENA_BYTES = 256 << 20, TEXT_BYTES = 64 << 10 };

static const char *const paths[MOST_FILES] = {"a.proto", "b.proto", "c.proto",
                                              "d.proto", "e.proto", "f.proto"};

typedef struct encode_job {
  stele_arena *arena;
  const stele_file *file;
  stele_bytes bytes;
} encode_job;

/* With every option: what vanishes by default may be what made a file valid. */
static void encode(void *arg) {
  encode_job *job = arg;
  stele_descriptor_options options = {.retain_options = true};
  stele_buf out;
  stele_buf_init(&out, job->arena, 0);
  stele_descriptor_encode(job->arena, job->file, &options, &out);
  job->bytes = stele_buf_bytes(&out);
}

static stele_bytes descriptor_of(stele_arena *arena, const stele_file *file) {
  encode_job job = {arena, file, {NULL, 0}};
  stele_err err = {0};
  bool ok = stele_guard_run(arena, encode, &job, &err);
  assert(ok);
  return job.bytes;
}

/* The files of a schema under the names they have here, as descriptors. */
static size_t descriptors(stele_arena *arena, const stele_schema *schema, proto_source *out) {
  size_t count = 0;
  for (size_t i = 0; i < MOST_FILES; i++) {
    const stele_file *file = stele_schema_file(schema, stele_cstr(paths[i]));
    if (!file) continue;
    out[count++] = (proto_source){
        .path = paths[i], .bytes = descriptor_of(arena, file), .is_descriptor = true};
  }
  return count;
}

static void check_descriptors(stele_arena *arena, const proto_made *made) {
  proto_source sources[MOST_FILES];
  size_t count = descriptors(arena, made->schema, sources);
  proto_made again = proto_compile(arena, sources, count, "a.proto");
  assert(again.file);
  for (size_t i = 0; i < count; i++) {
    const stele_file *file = stele_schema_file(again.schema, stele_cstr(sources[i].path));
    assert(file && stele_bytes_eq(descriptor_of(arena, file), sources[i].bytes));
  }
  proto_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > TEXT_BYTES) return 0;
  proto_source sources[MOST_FILES] = {{NULL, {NULL, 0}, false, NULL}};
  size_t count = 0;
  for (size_t start = 0; count < MOST_FILES && start <= size;) {
    const uint8_t *end = size > start ? memchr(data + start, 0x1e, size - start) : NULL;
    size_t len = end ? (size_t)(end - data) - start : size - start;
    sources[count] = (proto_source){.path = paths[count], .bytes = {data + start, len}};
    count++;
    start += len + 1;
  }
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  proto_made made = proto_compile(arena, sources, count, "a.proto");
  assert(made.file || made.findings.len);
  if (made.file) check_descriptors(arena, &made);
  proto_release(&made);
  stele_arena_free(arena);
  return 0;
}
