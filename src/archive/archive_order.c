/* Files by path, and none twice: the same for reading and writing. */
#include <stdlib.h>

#include "archive/archive_internal.h"

static int compare_paths(const void *a, const void *b) {
  stele_str left = ((const stele_archive_file *)a)->path;
  stele_str right = ((const stele_archive_file *)b)->path;
  size_t shared = left.len < right.len ? left.len : right.len;
  int order = shared ? memcmp(left.ptr, right.ptr, shared) : 0;
  if (order) return order;
  return left.len < right.len ? -1 : left.len > right.len;
}

bool archive_order(stele_archive_file *files, size_t count, stele_err *err) {
  if (count) qsort(files, count, sizeof *files, compare_paths);
  for (size_t i = 1; i < count; i++) {
    if (!stele_str_eq(files[i - 1].path, files[i].path)) continue;
    return stele_fail(err, STELE_INVALID, "the path \"%.*s\" stands twice",
                      ARCHIVE_SHOWN(files[i].path));
  }
  return true;
}
