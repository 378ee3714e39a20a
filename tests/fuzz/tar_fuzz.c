/* Any bytes at all. What is read keeps to the limits, has clean paths in order,
 * each once, and survives being written and read again.
 * Seeds: tests/fuzz/corpus/tar (replayed by `meson test`). */
#include <assert.h>

#include "archive/archive.h"
#include "base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static const stele_archive_limits limits = {
    .entries = 50, .entry_bytes = 100000, .total_bytes = 1000000};

static void check_files(const stele_archive_file *files, size_t count) {
  size_t total = 0;
  assert(count <= limits.entries);
  for (size_t i = 0; i < count; i++) {
    total += files[i].content.len;
    assert(!stele_path_fault(files[i].path));
    assert(files[i].content.len <= limits.entry_bytes && total <= limits.total_bytes);
    assert(i == 0 || strcmp(files[i - 1].path.ptr, files[i].path.ptr) < 0);
  }
}

static void check_round_trip(stele_arena *arena, const stele_archive_file *files, size_t count) {
  stele_bytes tar;
  const stele_archive_file *back = NULL;
  size_t back_count = 0;
  stele_err err = {0};
  assert(stele_archive_write(arena, files, count, &tar, &err));
  assert(stele_archive_read(arena, tar, &limits, &back, &back_count, &err));
  assert(back_count == count);
  for (size_t i = 0; i < count; i++) {
    assert(stele_str_eq(back[i].path, files[i].path));
    assert(stele_bytes_eq(back[i].content, files[i].content));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  const stele_archive_file *files = NULL;
  size_t count = 0;
  stele_err err = {0};
  if (stele_archive_read(arena, (stele_bytes){data, size}, &limits, &files, &count, &err)) {
    check_files(files, count);
    check_round_trip(arena, files, count);
  } else {
    assert(err.code == STELE_INVALID || err.code == STELE_LIMIT);
  }
  stele_arena_free(arena);
  return 0;
}
