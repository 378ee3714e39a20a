/* Whole files through open, read, write and rename.
 *
 * Small files are the rule here, so a file is read into one buffer sized by
 * fstat, most often with one call: a plain file that says its size ends there,
 * even if it grows meanwhile. Others (pipes, /proc) are read until the end says
 * so. */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/guard.h"
#include "sys/file_internal.h"

enum { FIRST_READ = 4096 };

bool file_to_c_path(stele_str path, file_c_path *out, stele_err *err) {
  if (path.len >= sizeof out->text || (path.len && memchr(path.ptr, 0, path.len))) {
    return stele_fail(err, STELE_INVALID, "the path is too long or has a NUL in it");
  }
  if (path.len) memcpy(out->text, path.ptr, path.len);
  out->text[path.len] = 0;
  return true;
}

/* The code that says what errno said. */
static stele_code errno_code(int number) {
  static const struct {
    int number;
    stele_code code;
  } rows[] = {
      {ENOENT, STELE_NOT_FOUND}, {ENOTDIR, STELE_NOT_FOUND}, {EACCES, STELE_DENIED},
      {EPERM, STELE_DENIED},     {EROFS, STELE_DENIED},      {EISDIR, STELE_INVALID},
      {EEXIST, STELE_CONFLICT},  {ENOSPC, STELE_LIMIT},      {EDQUOT, STELE_LIMIT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (rows[i].number == number) return rows[i].code;
  }
  return STELE_IO;
}

static bool fail_errno(stele_err *err, const char *path) {
  int number = errno;
  char text[128];
  return stele_fail(err, errno_code(number), "%s: %s", path, strerror_r(number, text, sizeof text));
}

sys_file_info file_stat_at(int folder, const char *name) {
  struct stat st;
  if (fstatat(folder, name, &st, 0) != 0) return (sys_file_info){0};
  return (sys_file_info){
      .kind = S_ISREG(st.st_mode)   ? SYS_FILE_PLAIN
              : S_ISDIR(st.st_mode) ? SYS_FILE_DIR
                                    : SYS_FILE_OTHER,
      .size_bytes = (uint64_t)st.st_size,
      .changed = (stele_time_us)st.st_mtim.tv_sec * STELE_US_PER_S + st.st_mtim.tv_nsec / 1000,
  };
}

sys_file_info sys_file_stat(stele_str path) {
  file_c_path c;
  stele_err ignored = {0};
  return file_to_c_path(path, &c, &ignored) ? file_stat_at(AT_FDCWD, c.text) : (sys_file_info){0};
}

bool sys_path_exists(stele_str path, stele_err *err) {
  file_c_path c;
  if (!file_to_c_path(path, &c, err)) return false;
  return access(c.text, F_OK) == 0 || fail_errno(err, c.text);
}

/* Reads `size` bytes, or to the end, into `buf`, keeping a byte for the NUL. */
static bool read_all(int fd, const char *path, size_t size, size_t limit, stele_buf *buf,
                     stele_err *err) {
  while (buf->len < size) {
    if (buf->cap - buf->len < 2 && !stele_buf_reserve(buf, FIRST_READ)) {
      return stele_fail(err, STELE_NO_MEMORY, "%s: no memory to read it", path);
    }
    ssize_t got = read(fd, buf->ptr + buf->len, buf->cap - buf->len - 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(err, path);
    if (got == 0) break;
    buf->len += (size_t)got;
    if (buf->len > limit) {
      return stele_fail(err, STELE_LIMIT, "%s: larger than %zu bytes", path, limit);
    }
  }
  buf->ptr[buf->len] = 0;
  return true;
}

bool file_read_at(int folder, const char *name, const char *path, size_t limit, stele_buf *buf,
                  stele_err *err) {
  int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail_errno(err, path);

  struct stat st;
  bool ok = fstat(fd, &st) == 0 || fail_errno(err, path);
  if (ok && S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit) {
    ok = stele_fail(err, STELE_LIMIT, "%s: larger than %zu bytes", path, limit);
  } else if (ok && S_ISREG(st.st_mode)) {
    (void)stele_buf_reserve(buf, (size_t)st.st_size + 2); /* read_all says it if that failed */
  }
  bool has_size = ok && S_ISREG(st.st_mode) && st.st_size > 0;
  ok = ok && read_all(fd, path, has_size ? (size_t)st.st_size : SIZE_MAX, limit, buf, err);
  (void)close(fd);
  return ok;
}

bool sys_file_read_into(stele_buf *buf, stele_str path, size_t limit_bytes, stele_err *err) {
  file_c_path c;
  stele_buf_clear(buf);
  if (!file_to_c_path(path, &c, err)) return false;
  if (stele_str_eq(path, STELE_STR("-"))) {
    return read_all(STDIN_FILENO, "standard input", SIZE_MAX, limit_bytes, buf, err);
  }
  return file_read_at(AT_FDCWD, c.text, c.text, limit_bytes, buf, err);
}

typedef struct copy_job {
  stele_arena *arena;
  stele_bytes in, out;
} copy_job;

static void copy_out(void *arg) {
  copy_job *job = arg;
  job->out = stele_bytes_copy(job->arena, job->in);
}

bool sys_file_read(stele_arena *arena, stele_str path, size_t limit_bytes, stele_bytes *out,
                   stele_err *err) {
  stele_buf buf;
  stele_buf_init(&buf, NULL, 0);
  bool ok = sys_file_read_into(&buf, path, limit_bytes, err);
  if (ok) {
    copy_job job = {.arena = arena, .in = stele_buf_bytes(&buf)};
    ok = stele_guard_run(arena, copy_out, &job, err);
    *out = job.out;
  }
  stele_buf_release(&buf);
  return ok;
}

bool sys_fd_write(int fd, stele_bytes bytes, stele_err *err) {
  while (bytes.len) {
    ssize_t put = write(fd, bytes.ptr, bytes.len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(err, "write");
    bytes.ptr += put;
    bytes.len -= (size_t)put;
  }
  return true;
}

/* The mode of the file that will be replaced, or what the umask leaves. */
static mode_t wanted_mode(const char *path) {
  struct stat st;
  if (stat(path, &st) == 0) return st.st_mode & 07777;
  mode_t mask = umask(0);
  (void)umask(mask);
  return 0666 & ~mask;
}

bool sys_file_write(stele_str path, stele_bytes bytes, stele_err *err) {
  file_c_path c, temp;
  if (stele_str_eq(path, STELE_STR("-"))) return sys_fd_write(STDOUT_FILENO, bytes, err);
  if (!file_to_c_path(path, &c, err)) return false;
  int len = snprintf(temp.text, sizeof temp.text, "%s.XXXXXX", c.text);
  if (len < 0 || (size_t)len >= sizeof temp.text) {
    return stele_fail(err, STELE_INVALID, "the path is too long");
  }
  /* A device or a pipe is written to, not replaced. */
  if (sys_file_stat(path).kind == SYS_FILE_OTHER) {
    int fd = open(c.text, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(err, c.text);
    bool ok = sys_fd_write(fd, bytes, err);
    return (close(fd) == 0 || fail_errno(err, c.text)) && ok;
  }
  int fd = mkostemp(temp.text, O_CLOEXEC);
  if (fd < 0) return fail_errno(err, c.text);
  bool ok = sys_fd_write(fd, bytes, err);
  ok = ok && (fchmod(fd, wanted_mode(c.text)) == 0 || fail_errno(err, c.text));
  ok = (close(fd) == 0 || fail_errno(err, c.text)) && ok;
  ok = ok && (rename(temp.text, c.text) == 0 || fail_errno(err, c.text));
  if (!ok) (void)unlink(temp.text);
  return ok;
}

bool sys_file_overwrite(stele_str path, stele_bytes bytes, bool *is_open, stele_err *err) {
  enum { MODE = 0666 };
  file_c_path c;
  *is_open = false;
  if (!file_to_c_path(path, &c, err)) return false;
  int fd;
  do {
    fd = open(c.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return fail_errno(err, c.text);
  *is_open = true;
  stele_err failure = {0};
  bool ok = sys_fd_write(fd, bytes, &failure) || fail_errno(err, c.text);
  return (close(fd) == 0 || fail_errno(err, c.text)) && ok;
}

bool sys_dir_make_one(stele_str path, stele_err *err) {
  enum { MODE = 0777 };
  file_c_path c;
  if (!file_to_c_path(path, &c, err)) return false;
  return mkdir(c.text, MODE) == 0 || errno == EEXIST || fail_errno(err, c.text);
}

/* True when the file is there and holds exactly these bytes. */
static bool holds(const char *path, stele_bytes bytes) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat st;
  bool same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == bytes.len;
  char block[16384];
  size_t at = 0;
  while (same && at < bytes.len) {
    ssize_t got = read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    same =
        got > 0 && (size_t)got <= bytes.len - at && memcmp(block, bytes.ptr + at, (size_t)got) == 0;
    if (same) at += (size_t)got;
  }
  (void)close(fd);
  return same;
}

bool sys_file_update(stele_str path, stele_bytes bytes, bool *written, stele_err *err) {
  file_c_path c;
  *written = false;
  if (!file_to_c_path(path, &c, err)) return false;
  if (holds(c.text, bytes)) return true;
  *written = true;
  return sys_file_write(path, bytes, err);
}

bool sys_file_remove(stele_str path, stele_err *err) {
  file_c_path c;
  if (!file_to_c_path(path, &c, err)) return false;
  return unlink(c.text) == 0 || errno == ENOENT || fail_errno(err, c.text);
}

bool sys_path_real(stele_arena *arena, stele_str path, stele_str *out, stele_err *err) {
  file_c_path c, real;
  if (!file_to_c_path(path, &c, err)) return false;
  if (!realpath(c.text, real.text)) return fail_errno(err, c.text);
  *out = stele_str_copy(arena, stele_cstr(real.text));
  return true;
}

stele_str sys_env(const char *name) {
  return stele_cstr(getenv(name));
}
