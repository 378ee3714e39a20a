/* Output in pieces: the streaming side of sys_file_write, with its manners. */
#include "sys/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

struct sys_output {
  int fd;
  bool is_ours; /* to close */
  char path[PATH_MAX];
  char temp[PATH_MAX]; /* empty: written in place */
};

static bool fail_errno(stele_err *err, const char *path) {
  char text[128];
  return stele_fail(err, STELE_IO, "%s: %s", path, strerror_r(errno, text, sizeof text));
}

static bool open_temp(sys_output *output, stele_err *err) {
  int len = snprintf(output->temp, sizeof output->temp, "%s.XXXXXX", output->path);
  if (len < 0 || (size_t)len >= sizeof output->temp) {
    return stele_fail(err, STELE_INVALID, "the path is too long");
  }
  output->fd = mkostemp(output->temp, O_CLOEXEC);
  return output->fd >= 0 || fail_errno(err, output->path);
}

sys_output *sys_output_open(stele_arena *arena, stele_str path, stele_err *err) {
  sys_output *output = STELE_NEW(arena, sys_output);
  output->fd = STDOUT_FILENO;
  if (stele_str_eq(path, STELE_STR("-"))) return output;
  if (path.len == 0 || path.len >= sizeof output->path || memchr(path.ptr, 0, path.len)) {
    (void)stele_fail(err, STELE_INVALID, "the path is empty, too long or has a NUL");
    return NULL;
  }
  memcpy(output->path, path.ptr, path.len);
  output->is_ours = true;
  sys_file_kind kind = sys_file_stat(path).kind;
  if (kind == SYS_FILE_DIR) {
    (void)stele_fail(err, STELE_INVALID, "%s: is a folder", output->path);
    return NULL;
  }
  if (kind != SYS_FILE_OTHER) return open_temp(output, err) ? output : NULL;
  output->fd = open(output->path, O_WRONLY | O_CLOEXEC);
  return output->fd >= 0 || fail_errno(err, output->path) ? output : NULL;
}

bool sys_output_is_reversible(const sys_output *output) {
  return output->temp[0] != 0 || strcmp(output->path, "/dev/null") == 0;
}

bool sys_output_write(sys_output *output, stele_bytes bytes, stele_err *err) {
  return sys_fd_write(output->fd, bytes, err);
}

/* The mode of the file that is replaced, or what the umask leaves. */
static mode_t wanted_mode(const char *path) {
  struct stat st;
  if (stat(path, &st) == 0) return st.st_mode & 07777;
  mode_t mask = umask(0);
  (void)umask(mask);
  return 0666 & ~mask;
}

bool sys_output_commit(sys_output *output, stele_err *err) {
  if (!output->is_ours) return true;
  bool is_temp = output->temp[0] != 0;
  bool ok = !is_temp || fchmod(output->fd, wanted_mode(output->path)) == 0 ||
            fail_errno(err, output->path);
  ok = (close(output->fd) == 0 || fail_errno(err, output->path)) && ok;
  if (!is_temp) return ok;
  ok = ok && (rename(output->temp, output->path) == 0 || fail_errno(err, output->path));
  if (!ok) (void)unlink(output->temp);
  return ok;
}

void sys_output_discard(sys_output *output) {
  if (!output || !output->is_ours) return;
  (void)close(output->fd);
  if (output->temp[0]) (void)unlink(output->temp);
}
