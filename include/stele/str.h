/* str: borrowed text and bytes, passed by value.
 *
 * In:   a pointer and a length.   Out: the same, compared, cut or searched.
 * Deps: none. */
#ifndef STELE_STR_H
#define STELE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Text that somebody else owns: not NUL-terminated, not assumed to be UTF-8
 * unless a name says `_utf8`. `ptr` may be NULL when `len` is 0. */
typedef struct stele_str {
  const char *ptr;
  size_t len; /* bytes */
} stele_str;

/* The same for raw bytes. */
typedef struct stele_bytes {
  const uint8_t *ptr;
  size_t len;
} stele_bytes;

/* A literal as a stele_str. */
#define STELE_STR(literal) ((stele_str){"" literal "", sizeof(literal) - 1})
/* The same where a constant initialiser is needed. */
#define STELE_STR_INIT(literal)                                                                    \
  { "" literal "", sizeof(literal) - 1 }

/* For printf-like calls: "%.*s" and its two arguments. */
#define STELE_STR_FMT "%.*s"
#define STELE_STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline stele_str stele_cstr(const char *text) {
  return (stele_str){text, text ? strlen(text) : 0};
}

static inline bool stele_str_eq(stele_str a, stele_str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* By bytes, a text before those that begin with it: below 0, 0 or above 0. */
static inline int stele_str_order(stele_str a, stele_str b) {
  size_t shorter = a.len < b.len ? a.len : b.len;
  int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool stele_bytes_eq(stele_bytes a, stele_bytes b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline stele_bytes stele_str_bytes(stele_str s) {
  return (stele_bytes){(const uint8_t *)s.ptr, s.len};
}

static inline stele_str stele_bytes_str(stele_bytes b) {
  return (stele_str){(const char *)b.ptr, b.len};
}

#endif
