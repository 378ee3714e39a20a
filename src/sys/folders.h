/* sys/folders: files by path, through the folders they lie in.
 *
 * In:   paths, many of them in the same few folders.   Out: what sys/file.h
 * answers. A folder stays open while it is among those used last, so that the
 * kernel walks a long path once for a folder and not once for each file in it.
 * Deps: sys/file.h. */
#ifndef STELE_SYS_FOLDERS_H
#define STELE_SYS_FOLDERS_H

#include "sys/file.h"

enum { SYS_FOLDERS_MOST = 8 };

/* All zero is one without folders. Threads: one for each. */
typedef struct sys_folders {
  struct sys_folder {
    int fd;
    stele_buf path; /* with a NUL */
  } at[SYS_FOLDERS_MOST];
  size_t count, next; /* those that are open; the one to give its place away */
} sys_folders;

void sys_folders_release(sys_folders *folders);

/* sys_file_stat. */
sys_file_info sys_folders_stat(sys_folders *folders, stele_str path);

/* sys_file_read_into, but "-" is a file like others. */
bool sys_folders_read_into(sys_folders *folders, stele_buf *buf, stele_str path, size_t limit_bytes,
                           stele_err *err) STELE_MUST_USE;

#endif
