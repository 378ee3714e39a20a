/* One rule for every path that comes from outside, and for those that code
 * generators make. */
#include "base/path.h"

#include "base/utf8.h"

enum { LONGEST_PATH = 1024, LONGEST_STEP = 255 };

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
