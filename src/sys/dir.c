/* Folders: made, listed in byte order, removed; never through a link.
 *
 * Listing walks breadth first with a queue of folders in the arena instead of
 * recursion, so that a deep tree costs no stack. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/vec.h"
#include "sys/file.h"

enum { NFTW_DESCRIPTORS = 32 };

static bool fail_errno(stele_err *err, const char *what, stele_str path) {
  int number = errno;
  char text[128];
  stele_code code = number == ENOENT || number == ENOTDIR ? STELE_NOT_FOUND
                    : number == EACCES || number == EPERM ? STELE_DENIED
                                                          : STELE_IO;
  return stele_fail(err, code, "%s " STELE_STR_FMT ": %s", what, STELE_STR_ARG(path),
                    strerror_r(number, text, sizeof text));
}

static bool is_dir(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool sys_dir_make(stele_str path, stele_err *err) {
  char text[PATH_MAX];
  if (path.len == 0 || path.len >= sizeof text || memchr(path.ptr, 0, path.len)) {
    return stele_fail(err, STELE_INVALID, "the folder's name is empty, too long or has a NUL");
  }
  memcpy(text, path.ptr, path.len);
  text[path.len] = 0;
  for (size_t i = 1; i <= path.len; i++) {
    if (text[i] != '/' && text[i] != 0) continue;
    char kept = text[i];
    text[i] = 0;
    if (mkdir(text, 0777) != 0 && !is_dir(text)) return fail_errno(err, "make", path);
    text[i] = kept;
  }
  return true;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
  (void)st, (void)kind, (void)where;
  return remove(path);
}

bool sys_dir_remove(stele_str path, stele_err *err) {
  char text[PATH_MAX];
  if (path.len == 0 || path.len >= sizeof text || memchr(path.ptr, 0, path.len)) {
    return stele_fail(err, STELE_INVALID, "the folder's name is empty, too long or has a NUL");
  }
  memcpy(text, path.ptr, path.len);
  text[path.len] = 0;
  if (nftw(text, remove_one, NFTW_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0) return true;
  return errno == ENOENT || fail_errno(err, "remove", path);
}

typedef STELE_VEC(stele_str) str_vec;

/* A folder to be listed; `above` is the index of the one it was found in. */
typedef struct list_folder {
  stele_str path; /* relative to the root */
  size_t above;
  dev_t device;
  ino_t inode;
} list_folder;

/* Links to files count as files; those to folders only when they are followed. */
typedef struct listing {
  stele_arena *arena;
  stele_str root, suffix;
  size_t most;
  bool with_hidden, follow_folders, no_links;
  STELE_VEC(list_folder) dirs;
  str_vec files;
} listing;

static bool ends_with(stele_str text, stele_str suffix) {
  return text.len >= suffix.len &&
         (suffix.len == 0 || memcmp(text.ptr + text.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

static stele_str join(stele_arena *arena, stele_str dir, stele_str name) {
  return dir.len ? stele_path_join(arena, dir, name) : stele_str_copy(arena, name);
}

/* Is it the folder `at` or one above it: following the link would go in circles. */
static bool is_circle(const listing *l, size_t at, const struct stat *st) {
  for (;; at = l->dirs.at[at].above) {
    if (l->dirs.at[at].device == st->st_dev && l->dirs.at[at].inode == st->st_ino) return true;
    if (at == 0) return false;
  }
}

static bool add_file(listing *l, size_t at, const char *name, stele_err *err) {
  if (l->files.count >= l->most) {
    return stele_fail(err, STELE_LIMIT, "more than %zu files in " STELE_STR_FMT, l->most,
                      STELE_STR_ARG(l->root));
  }
  STELE_VEC_PUSH(l->arena, &l->files, join(l->arena, l->dirs.at[at].path, stele_cstr(name)));
  return true;
}

/* One entry of the folder `at`. A plain name without the suffix is not looked at. */
static bool list_entry(listing *l, int dir_fd, size_t at, const struct dirent *entry,
                       stele_err *err) {
  struct stat st;
  const char *name = entry->d_name;
  bool fits = ends_with(stele_cstr(name), l->suffix);
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return true;
  if (name[0] == '.' && !l->with_hidden) return true;
  if (entry->d_type == DT_REG) return !fits || add_file(l, at, name, err);
  if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return true; /* gone meanwhile */
  if (S_ISLNK(st.st_mode)) {
    if (l->no_links || fstatat(dir_fd, name, &st, 0) != 0) return true; /* or dangling */
    if (S_ISDIR(st.st_mode) && (!l->follow_folders || is_circle(l, at, &st))) return true;
  }
  if (S_ISREG(st.st_mode)) return !fits || add_file(l, at, name, err);
  if (!S_ISDIR(st.st_mode)) return true;
  stele_str path = join(l->arena, l->dirs.at[at].path, stele_cstr(name));
  STELE_VEC_PUSH(l->arena, &l->dirs, (list_folder){path, at, st.st_dev, st.st_ino});
  return true;
}

static bool list_dir(listing *l, size_t at, stele_err *err) {
  stele_str dir = l->dirs.at[at].path;
  stele_str full = stele_str_copy(l->arena, dir.len ? join(l->arena, l->root, dir) : l->root);
  DIR *open_dir = opendir(full.ptr);
  if (!open_dir) return fail_errno(err, "list", full);
  bool ok = true;
  struct dirent *entry;
  while (ok && (entry = readdir(open_dir)) != NULL) {
    ok = list_entry(l, dirfd(open_dir), at, entry, err);
  }
  (void)closedir(open_dir);
  return ok;
}

static int by_bytes(const void *a, const void *b) {
  const stele_str *x = a, *y = b;
  return stele_str_order(*x, *y);
}

static bool list_all(listing *l, sys_paths *out, stele_err *err) {
  struct stat st = {0};
  stele_str root = stele_str_copy(l->arena, l->root);
  (void)stat(root.ptr, &st); /* one that is not there fails when it is listed */
  STELE_VEC_PUSH(l->arena, &l->dirs, (list_folder){{"", 0}, 0, st.st_dev, st.st_ino});
  for (size_t i = 0; i < l->dirs.count; i++) {
    if (!list_dir(l, i, err)) return false;
  }
  if (l->files.count) qsort(l->files.at, l->files.count, sizeof *l->files.at, by_bytes);
  *out = (sys_paths){l->files.at, l->files.count};
  return true;
}

bool sys_dir_list(stele_arena *arena, stele_str dir, stele_str suffix, size_t most, sys_paths *out,
                  stele_err *err) {
  listing l = {.arena = arena, .root = dir, .suffix = suffix, .most = most};
  return list_all(&l, out, err);
}

bool sys_dir_list_all(stele_arena *arena, stele_str dir, stele_str suffix, size_t most,
                      bool follow_links, sys_paths *out, stele_err *err) {
  listing l = {.arena = arena,
               .root = dir,
               .suffix = suffix,
               .most = most,
               .with_hidden = true,
               .follow_folders = follow_links,
               .no_links = !follow_links};
  return list_all(&l, out, err);
}

bool sys_dir_temp(stele_arena *arena, const char *stem, stele_str *out, stele_err *err) {
  stele_str base = sys_env("TMPDIR");
  if (base.len == 0) base = STELE_STR("/tmp");
  stele_str made = stele_str_printf(arena, STELE_STR_FMT "/%s.XXXXXX", STELE_STR_ARG(base), stem);
  char *text = stele_arena_alloc(arena, made.len + 1, 1);
  memcpy(text, made.ptr, made.len + 1);
  if (!mkdtemp(text)) return fail_errno(err, "make", made);
  *out = (stele_str){text, made.len};
  return true;
}
