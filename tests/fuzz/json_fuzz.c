/* Any bytes at all. What parses prints, compactly and prettily, and what is
 * printed parses to the same again; integers agree with doubles; both scans
 * agree. Seeds: tests/fuzz/corpus/json (replayed by `meson test`). */
#include <assert.h>

#include "base/guard.h"
#include "base/utf8.h"
#include "fmt/json.h"
#include "fmt/json_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static stele_str print(stele_arena *arena, const stele_json *tree, uint32_t indent) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, arena, 0);
  stele_json_writer_init(&w, &buf, indent);
  stele_json_write_value(&w, tree);
  return stele_buf_str(&buf);
}

static const stele_json *parse_again(stele_arena *arena, stele_str text) {
  stele_err err = {0};
  const stele_json *tree = stele_json_parse(arena, text, NULL, NULL, &err);
  assert(tree);
  return tree;
}

static void check_value(stele_arena *arena, const stele_json *value) {
  stele_err err = {0};
  int64_t i64 = 0;
  uint64_t u64 = 0;
  double number = 0;
  assert(stele_json_path(arena, value).ptr[0] == '$');
  assert(stele_utf8_is_valid(value->text) && stele_utf8_is_valid(value->key));
  bool is_i64 = stele_json_to_i64(value, &i64, &err);
  bool is_u64 = stele_json_to_u64(value, &u64, &err);
  if (is_i64 && is_u64) assert(i64 >= 0 && (uint64_t)i64 == u64);
  if (is_i64) assert(stele_json_to_double(value, &number, &err) && number == (double)i64);
  STELE_JSON_EACH(item, value) {
    assert(item - item->up == value);
    if (item->up < 64) check_value(arena, item); /* paths of long lists are quadratic */
  }
}

typedef struct check_job {
  stele_arena *arena;
  stele_str text;
} check_job;

static void check(void *arg) {
  check_job *job = arg;
  stele_err err = {0};
  const stele_json *tree = stele_json_parse(job->arena, job->text, NULL, NULL, &err);
  if (!tree) {
    assert(err.code == STELE_INVALID || err.code == STELE_LIMIT);
    return;
  }
  check_value(job->arena, tree);
  stele_str compact = print(job->arena, tree, 0);
  stele_str pretty = print(job->arena, tree, 2);
  assert(stele_str_eq(compact, print(job->arena, parse_again(job->arena, compact), 0)));
  assert(stele_str_eq(compact, print(job->arena, parse_again(job->arena, pretty), 0)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_err err = {0};
  check_job job = {stele_arena_new(ARENA_BYTES), {(const char *)data, size}};
  const char *end = job.text.ptr + size;
  assert(json_plain_end(job.text.ptr, end) == json_plain_end_bytewise(job.text.ptr, end));
  if (!stele_guard_run(job.arena, check, &job, &err)) assert(err.code == STELE_LIMIT);
  stele_arena_free(job.arena);
  return 0;
}
