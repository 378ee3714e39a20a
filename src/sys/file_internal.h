/* file_internal: what the files about files share. */
#ifndef STELE_SYS_FILE_INTERNAL_H
#define STELE_SYS_FILE_INTERNAL_H

#include <limits.h>

#include "sys/file.h"

/* A path with the NUL that the kernel wants. */
typedef struct file_c_path {
  char text[PATH_MAX];
} file_c_path;

bool file_to_c_path(stele_str path, file_c_path *out, stele_err *err);

/* sys_file_stat and sys_file_read_into of a name in an open folder; `path` is for
 * errors. The buffer was cleared. */
sys_file_info file_stat_at(int folder, const char *name);
bool file_read_at(int folder, const char *name, const char *path, size_t limit, stele_buf *buf,
                  stele_err *err);

#endif
