/* Files by path, and none twice: the same for reading and writing. */
#include <stdlib.h>

#include "archive/archive_internal.h"

static int compare_paths(const void *a, const void *b) {
  stele_str left = ((const stele_archive_file *)a)->path;
  stele_str right = ((const stele_archive_file *)b)->path;
  return stele_str_order(left, right);
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
