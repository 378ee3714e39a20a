/* Any bytes at all. What parses is a tree that prints as JSON, and that JSON is
 * well-formed. Seeds: tests/fuzz/corpus/yaml (replayed by `meson test`). */
#include <assert.h>

#include "base/guard.h"
#include "fmt/yaml_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

typedef struct check_job {
  stele_arena *arena;
  stele_str text;
} check_job;

static void check(void *arg) {
  static const stele_json_limits limits = {.depth = 200, .values = 20000};
  check_job *job = arg;
  stele_err err = {0};
  stele_json_place where;
  const stele_json *tree = stele_yaml_parse(job->arena, job->text, NULL, &where, &err);
  if (!tree) {
    assert(err.code == STELE_INVALID || err.code == STELE_LIMIT);
    assert(where.line > 0 && where.column > 0);
    return;
  }
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, job->arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_write_value(&w, tree);
  if (buf.len < 1 << 20 &&
      !stele_json_parse(job->arena, stele_buf_str(&buf), &limits, NULL, &err)) {
    assert(err.code == STELE_LIMIT);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_err err = {0};
  check_job job = {stele_arena_new(ARENA_BYTES), {(const char *)data, size}};
  if (!stele_guard_run(job.arena, check, &job, &err)) assert(err.code == STELE_LIMIT);
  stele_arena_free(job.arena);
  return 0;
}
