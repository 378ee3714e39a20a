/* A few open folders, the one to be closed next in turn. What cannot be opened
 * as a folder is no matter: the whole path is then given to the kernel, which
 * says what is wrong with it. */
#include "sys/folders.h"

#include <fcntl.h>
#include <unistd.h>

#include "sys/file_internal.h"

void sys_folders_release(sys_folders *folders) {
  for (size_t i = 0; i < folders->count; i++) {
    (void)close(folders->at[i].fd);
    stele_buf_release(&folders->at[i].path);
  }
  *folders = (sys_folders){0};
}

static int find(const sys_folders *folders, stele_str path) {
  for (size_t i = 0; i < folders->count; i++) {
    const stele_buf *known = &folders->at[i].path;
    if (known->len == path.len + 1 && memcmp(known->ptr, path.ptr, path.len) == 0) {
      return folders->at[i].fd;
    }
  }
  return -1;
}

/* Keeps an open folder; one that there is no memory for is closed. */
static int keep(sys_folders *folders, int fd, stele_str path) {
  size_t i = folders->next++ % SYS_FOLDERS_MOST;
  struct sys_folder *place = &folders->at[i];
  if (i < folders->count) {
    (void)close(place->fd);
  } else {
    folders->count++;
  }
  place->fd = fd;
  stele_buf_clear(&place->path);
  stele_buf_add_str(&place->path, path);
  stele_buf_add_byte(&place->path, 0);
  return fd;
}

/* The open folder of a path, and the name in there; else where we stand, and
 * the whole path. */
static int enter(sys_folders *folders, file_c_path *path, size_t len, const char **name) {
  const char *slash = memrchr(path->text, '/', len);
  *name = path->text;
  if (!slash || slash == path->text || !slash[1]) return AT_FDCWD;
  stele_str folder = {path->text, (size_t)(slash - path->text)};
  int fd = find(folders, folder);
  if (fd < 0) {
    path->text[folder.len] = 0;
    fd = open(path->text, O_PATH | O_DIRECTORY | O_CLOEXEC);
    path->text[folder.len] = '/';
    if (fd < 0) return AT_FDCWD;
    (void)keep(folders, fd, folder);
  }
  *name = slash + 1;
  return fd;
}

sys_file_info sys_folders_stat(sys_folders *folders, stele_str path) {
  file_c_path c;
  stele_err ignored = {0};
  const char *name;
  if (!file_to_c_path(path, &c, &ignored)) return (sys_file_info){0};
  int folder = enter(folders, &c, path.len, &name);
  return file_stat_at(folder, name);
}

bool sys_folders_read_into(sys_folders *folders, stele_buf *buf, stele_str path, size_t limit_bytes,
                           stele_err *err) {
  file_c_path c;
  const char *name;
  stele_buf_clear(buf);
  if (!file_to_c_path(path, &c, err)) return false;
  int folder = enter(folders, &c, path.len, &name);
  return file_read_at(folder, name, c.text, limit_bytes, buf, err);
}
