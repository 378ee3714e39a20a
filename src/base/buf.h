/* base/buf: bytes that grow, with a limit and a failure that sticks.
 *
 * In:   bytes, text, printf.   Out: one contiguous run of bytes.
 * A writer adds straight down and looks at `failed` once, at the end.
 * Deps: base/arena.h. */
#ifndef STELE_BASE_BUF_H
#define STELE_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

/* `ptr[0, len)` is what was written. On the heap (arena NULL) the owner calls
 * stele_buf_release; in an arena there is nothing to release. */
typedef struct stele_buf {
  char *ptr;
  size_t len;
  size_t cap;
  size_t limit; /* 0: none */
  stele_arena *arena;
  bool failed; /* over the limit or out of heap: later adds do nothing */
} stele_buf;

/* An empty buffer in `arena`, or on the heap when it is NULL. */
void stele_buf_init(stele_buf *buf, stele_arena *arena, size_t limit_bytes);

/* Frees a heap buffer and leaves it empty and usable. */
void stele_buf_release(stele_buf *buf);

/* Forgets the content, keeps the memory, clears `failed`. */
void stele_buf_clear(stele_buf *buf);

/* Makes room for `more` bytes; false when the buffer has failed. */
bool stele_buf_reserve_slow(stele_buf *buf, size_t more);

static inline bool stele_buf_reserve(stele_buf *buf, size_t more) {
  return buf->cap - buf->len >= more || stele_buf_reserve_slow(buf, more);
}

static inline void stele_buf_add(stele_buf *buf, const void *bytes, size_t len) {
  if (len == 0 || !stele_buf_reserve(buf, len)) return;
  memcpy(buf->ptr + buf->len, bytes, len);
  buf->len += len;
}

static inline void stele_buf_add_byte(stele_buf *buf, uint8_t byte) {
  if (!stele_buf_reserve(buf, 1)) return;
  buf->ptr[buf->len++] = (char)byte;
}

static inline void stele_buf_add_str(stele_buf *buf, stele_str text) {
  stele_buf_add(buf, text.ptr, text.len);
}

static inline void stele_buf_add_cstr(stele_buf *buf, const char *text) {
  stele_buf_add(buf, text, strlen(text));
}

/* A decimal integer, without printf's cost. */
void stele_buf_add_u64(stele_buf *buf, uint64_t value);
void stele_buf_add_i64(stele_buf *buf, int64_t value);

/* `count` spaces. */
void stele_buf_add_spaces(stele_buf *buf, size_t count);

/* printf, but %.*s adds as many bytes as it says, zero bytes too. */
void stele_buf_printf(stele_buf *buf, const char *format, ...) STELE_PRINTF(2, 3);
void stele_buf_vprintf(stele_buf *buf, const char *format, va_list args) STELE_PRINTF(2, 0);

/* What was written, borrowed until the next add. */
static inline stele_str stele_buf_str(const stele_buf *buf) {
  return (stele_str){buf->ptr, buf->len};
}

static inline stele_bytes stele_buf_bytes(const stele_buf *buf) {
  return (stele_bytes){(const uint8_t *)buf->ptr, buf->len};
}

#endif
