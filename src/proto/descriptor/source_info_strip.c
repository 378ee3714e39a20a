/* Takes locations out of encoded source info.
 *
 * Varints are written shortest on both sides, so "this path begins with that
 * one" is a comparison of bytes: a prefix of bytes that ends where a number
 * ends is a prefix of numbers. */
#include "proto/descriptor/source_info.h"

#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum { LOCATION = 1, PATH = 1, MAX_DEPTH = 100 };

static int compare_bytes(stele_bytes a, stele_bytes b) {
  return stele_str_order(stele_bytes_str(a), stele_bytes_str(b));
}

static int compare(const void *left, const void *right) {
  return compare_bytes(*(const stele_bytes *)left, *(const stele_bytes *)right);
}

/* Whether a prefix of `path` is among the sorted `paths`: one look per number
 * in the path. */
static bool is_below(stele_bytes path, const stele_bytes *paths, size_t count) {
  for (size_t len = 1; len <= path.len; len++) {
    if (path.ptr[len - 1] >= 0x80) continue; /* inside a number */
    stele_bytes prefix = {path.ptr, len};
    if (bsearch(&prefix, paths, count, sizeof *paths, compare)) return true;
  }
  return false;
}

static stele_bytes path_of(stele_bytes location) {
  stele_reader r = stele_reader_of(location);
  stele_bytes path = {0};
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(PATH, STELE_WIRE_DELIMITED)) {
      path = stele_read_delimited(&r);
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
    }
  }
  return path;
}

stele_bytes descriptor_source_info_strip(stele_arena *arena, stele_bytes info,
                                         const stele_bytes *paths, size_t count) {
  stele_bytes *sorted = STELE_NEW_ARRAY(arena, stele_bytes, count);
  memcpy(sorted, paths, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, compare);

  stele_buf out;
  stele_buf_init(&out, arena, 0);
  stele_reader r = stele_reader_of(info);
  while (!stele_read_done(&r)) {
    const uint8_t *start = r.at;
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(LOCATION, STELE_WIRE_DELIMITED)) {
      if (is_below(path_of(stele_read_delimited(&r)), sorted, count)) continue;
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
    }
    stele_buf_add(&out, start, (size_t)(r.at - start));
  }
  return r.failed ? info : stele_buf_bytes(&out);
}
