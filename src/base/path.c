#include "base/path.h"

#include "base/utf8.h"

enum { LONGEST_PATH = 1024, LONGEST_STEP = 255 };

/* Nearly all paths: relative, short, of printable ASCII, without backslashes, and no step is
 * empty or begins with a dot. A pass without branches, for thousands of them; what is
 * not plain need not be wrong. */
static bool is_plain(stele_str path) {
  if (path.len == 0 || path.len > LONGEST_STEP) return false;
  const uint8_t *bytes = (const uint8_t *)path.ptr;
  uint8_t odd = (bytes[0] == '/') | (bytes[0] == '.') | (bytes[path.len - 1] == '/');
  for (size_t i = 0; i < path.len; i++) {
    odd |= (uint8_t)(bytes[i] - 0x20) > 0x5e;
    odd |= bytes[i] == '\\';
  }
  for (size_t i = 1; i < path.len; i++) {
    odd |= (uint8_t)((bytes[i - 1] == '/') & ((bytes[i] == '/') | (bytes[i] == '.')));
  }
  return !odd;
}

static const char *step_fault(stele_str step) {
  if (step.len == 0) return "has an empty step";
  if (step.len > LONGEST_STEP) return "has a step of more than 255 bytes";
  if (stele_str_eq(step, STELE_STR("."))) return "has a '.' step";
  if (stele_str_eq(step, STELE_STR(".."))) return "has a '..' step";
  for (size_t i = 0; i < step.len; i++) {
    uint8_t byte = (uint8_t)step.ptr[i];
    if (byte == '\\') return "has a backslash";
    if (byte < 0x20 || byte == 0x7f) return "has a control byte";
  }
  return NULL;
}

const char *stele_path_fault(stele_str path) {
  if (is_plain(path)) return NULL;
  if (path.len == 0) return "is empty";
  if (path.len > LONGEST_PATH) return "is longer than 1,024 bytes";
  if (path.ptr[0] == '/') return "is absolute";
  if (!stele_utf8_is_valid(path)) return "is not UTF-8";
  for (size_t from = 0; from <= path.len;) {
    const char *slash = memchr(path.ptr + from, '/', path.len - from);
    size_t to = slash ? (size_t)(slash - path.ptr) : path.len;
    const char *fault = step_fault((stele_str){path.ptr + from, to - from});
    if (fault) return fault;
    from = to + 1;
  }
  return NULL;
}

bool stele_path_step(stele_str *rest, stele_str *step) {
  while (rest->len) {
    const char *slash = memchr(rest->ptr, '/', rest->len);
    size_t len = slash ? (size_t)(slash - rest->ptr) : rest->len, taken = slash ? len + 1 : len;
    *step = (stele_str){rest->ptr, len};
    *rest = (stele_str){rest->ptr + taken, rest->len - taken};
    if (len && !stele_str_eq(*step, STELE_STR("."))) return true;
  }
  return false;
}

bool stele_path_has_up(stele_str path) {
  stele_str step;
  while (stele_path_step(&path, &step)) {
    if (stele_str_eq(step, STELE_STR(".."))) return true;
  }
  return false;
}

stele_str stele_path_last(stele_str path) {
  size_t from = path.len;
  while (from && path.ptr[from - 1] != '/') from--;
  return (stele_str){path.ptr + from, path.len - from};
}

stele_str stele_path_clean(stele_arena *arena, stele_str path) {
  size_t root = path.len && path.ptr[0] == '/';
  if (is_plain((stele_str){path.ptr + root, path.len - root})) return stele_str_copy(arena, path);
  char *out = STELE_NEW_ARRAY(arena, char, path.len + 1);
  size_t len = 0;
  stele_str step;
  if (path.len && path.ptr[0] == '/') out[len++] = '/';
  while (stele_path_step(&path, &step)) {
    if (len && out[len - 1] != '/') out[len++] = '/';
    memcpy(out + len, step.ptr, step.len);
    len += step.len;
  }
  return (stele_str){out, len};
}

static bool is_here(stele_str path) {
  return path.len == 0 || stele_str_eq(path, STELE_STR("."));
}

stele_str stele_path_join(stele_arena *arena, stele_str dir, stele_str path) {
  if (is_here(dir)) return path;
  if (is_here(path)) return dir;
  bool has_slash = dir.ptr[dir.len - 1] == '/';
  char *joined = STELE_NEW_ARRAY(arena, char, dir.len + path.len + 2);
  size_t start = dir.len + !has_slash;
  memcpy(joined, dir.ptr, dir.len);
  joined[dir.len] = '/';
  memcpy(joined + start, path.ptr, path.len);
  joined[start + path.len] = 0;
  return (stele_str){joined, start + path.len};
}
