/* Paths as configuration files and flags write them: by their text alone, so
 * that the same file means the same in a folder, an archive and a commit. */
#include "base/path.h"
#include "config/config.h"

const char *config_path(stele_arena *arena, stele_str path, stele_str *out) {
  char *text = STELE_NEW_ARRAY(arena, char, path.len + 2);
  size_t len = 0;
  stele_str step;
  *out = STELE_STR(".");
  if (path.len && path.ptr[0] == '/') return "expected to be relative";
  while (stele_path_step(&path, &step)) {
    if (memchr(step.ptr, 0, step.len)) return "has a NUL";
    if (stele_str_eq(step, STELE_STR(".."))) {
      if (len == 0) return "is outside the context directory";
      while (len && text[len - 1] != '/') len--;
      if (len) len--;
      continue;
    }
    if (len) text[len++] = '/';
    memcpy(text + len, step.ptr, step.len);
    len += step.len;
  }
  if (len) *out = (stele_str){text, len};
  return NULL;
}

bool config_path_in(stele_str dir, stele_str path, stele_str *rest) {
  stele_str unused;
  if (!rest) rest = &unused;
  if (stele_str_eq(dir, path)) {
    *rest = STELE_STR(".");
    return true;
  }
  *rest = path;
  if (stele_str_eq(dir, STELE_STR("."))) return true;
  if (path.len <= dir.len || memcmp(path.ptr, dir.ptr, dir.len) != 0) return false;
  if (path.ptr[dir.len] != '/') return false;
  *rest = (stele_str){path.ptr + dir.len + 1, path.len - dir.len - 1};
  return true;
}

stele_str config_path_above(stele_str path) {
  while (path.len && path.ptr[path.len - 1] != '/') path.len--;
  return path.len ? (stele_str){path.ptr, path.len - 1} : STELE_STR(".");
}
