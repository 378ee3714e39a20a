/* Any bytes at all as somebody's sources: a tar and a zip, with and without
 * steps taken off. What is read keeps to the limits and has clean paths in
 * order, each once, that were asked for.
 * Seeds: tests/fuzz/corpus/sources (replayed by `meson test`). */
#include <assert.h>

#include "archive/archive.h"
#include "base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

static bool is_wanted(stele_str path) {
  return path.len > 2 && path.ptr[path.len - 1] != 'x';
}

static void check_files(const stele_archive_source *source, const stele_archive_file *files,
                        size_t count) {
  size_t total = 0;
  assert(count <= source->limits.entries);
  for (size_t i = 0; i < count; i++) {
    total += files[i].content.len;
    assert(!stele_path_fault(files[i].path) && is_wanted(files[i].path));
    assert(files[i].content.len <= source->limits.entry_bytes);
    assert(total <= source->limits.total_bytes);
    if (i == 0) continue;
    stele_str a = files[i - 1].path, b = files[i].path;
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    assert(order < 0 || (order == 0 && a.len < b.len));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  for (unsigned form = 0; form < 4; form++) {
    stele_arena *arena = stele_arena_new(ARENA_BYTES);
    stele_archive_source source = {
        .limits = {.entries = 50, .entry_bytes = 100000, .total_bytes = 1000000},
        .strip_components = form / 2,
        .is_zip = form % 2,
        .is_wanted = is_wanted,
    };
    const stele_archive_file *files = NULL;
    size_t count = 0;
    stele_err err = {0};
    if (stele_archive_read_source(arena, (stele_bytes){data, size}, &source, &files, &count,
                                  &err)) {
      check_files(&source, files, count);
    } else {
      assert(err.code == STELE_INVALID || err.code == STELE_LIMIT);
    }
    stele_arena_free(arena);
  }
  return 0;
}
