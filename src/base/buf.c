/* Growing by doubling; in an arena the last allocation grows in place. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"

enum { FIRST_CAP = 64 };

void stele_buf_init(stele_buf *buf, stele_arena *arena, size_t limit_bytes) {
  *buf = (stele_buf){.arena = arena, .limit = limit_bytes};
}

void stele_buf_release(stele_buf *buf) {
  if (!buf->arena) free(buf->ptr);
  stele_buf_init(buf, buf->arena, buf->limit);
}

void stele_buf_clear(stele_buf *buf) {
  buf->len = 0;
  buf->failed = false;
}

/* No room is left to the inlined fast path either, so a failure sticks. */
static bool fail(stele_buf *buf) {
  buf->failed = true;
  buf->cap = buf->len;
  return false;
}

bool stele_buf_reserve_slow(stele_buf *buf, size_t more) {
  if (buf->failed || more > SIZE_MAX / 2 - buf->len) return fail(buf);
  size_t need = buf->len + more;
  if (buf->limit && need > buf->limit) return fail(buf);
  if (need <= buf->cap) return true;

  size_t cap = buf->cap ? buf->cap * 2 : FIRST_CAP;
  if (cap < need) cap = need;
  if (buf->limit && cap > buf->limit) cap = buf->limit;
  char *grown = buf->arena ? stele_arena_grow(buf->arena, buf->ptr, buf->cap, cap, 1)
                           : realloc(buf->ptr, cap);
  if (!grown) return fail(buf);
  buf->ptr = grown;
  buf->cap = cap;
  return true;
}

void stele_buf_add_u64(stele_buf *buf, uint64_t value) {
  char digits[STELE_NUM_DIGITS];
  stele_buf_add(buf, digits, stele_num_print_u64(digits, value));
}

void stele_buf_add_i64(stele_buf *buf, int64_t value) {
  char digits[STELE_NUM_DIGITS];
  stele_buf_add(buf, digits, stele_num_print_i64(digits, value));
}

void stele_buf_add_spaces(stele_buf *buf, size_t count) {
  if (!count || !stele_buf_reserve(buf, count)) return;
  memset(buf->ptr + buf->len, ' ', count);
  buf->len += count;
}

void stele_buf_add_c_escaped(stele_buf *buf, stele_bytes bytes) {
  static const char letters[256] = {
      ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"', ['\''] = '\'', ['\\'] = '\\',
  };
  for (size_t i = 0; i < bytes.len; i++) {
    uint8_t byte = bytes.ptr[i];
    if (letters[byte]) {
      stele_buf_add(buf, (char[]){'\\', letters[byte]}, 2);
    } else if (byte < 0x20 || byte >= 0x7f) {
      char octal[4] = {'\\', (char)('0' + (byte >> 6)), (char)('0' + (byte >> 3 & 7)),
                       (char)('0' + (byte & 7))};
      stele_buf_add(buf, octal, sizeof octal);
    } else {
      stele_buf_add_byte(buf, byte);
    }
  }
}

void stele_buf_printf(stele_buf *buf, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (len > 0 && stele_buf_reserve(buf, (size_t)len + 1)) {
    (void)vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
    buf->len += (size_t)len;
  }
  va_end(again);
}
