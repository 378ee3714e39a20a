/* Growing by doubling; in an arena the last allocation grows in place. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

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

/* ---- printf ----------------------------------------------------------------
 * Our own walk over the format, since the C library's ends a %.*s at a zero
 * byte, and a text may hold some. */

typedef struct arguments {
  va_list list; /* in a struct: an array cannot be passed by reference */
} arguments;

typedef struct conversion {
  char spec[32]; /* "%-5" and the like, without precision of strings */
  size_t len;
  char length; /* 'l', 'L' for ll, 'z', or 0 */
  int precision;
} conversion;

static void add_text(stele_buf *buf, const char *text, int precision) {
  stele_buf_add(buf, text, precision < 0 ? strlen(text) : (size_t)precision);
}

/* Reads "%flags.precision length" from behind the '%'; answers the letter. */
static const char *read_conversion(const char *at, conversion *c, arguments *args) {
  *c = (conversion){.spec = "%", .len = 1, .precision = -1};
  while (*at && strchr("-+ #0123456789", *at) && c->len + 8 < sizeof c->spec) {
    c->spec[c->len++] = *at++;
  }
  if (*at == '*') { /* a width */
    int len =
        snprintf(c->spec + c->len, sizeof c->spec - c->len - 8, "%d", va_arg(args->list, int));
    c->len += (size_t)len;
    at++;
  }
  if (*at == '.') {
    if (*++at == '*') {
      c->precision = va_arg(args->list, int);
      at++;
    } else {
      c->precision = 0;
      while (*at >= '0' && *at <= '9') c->precision = c->precision * 10 + (*at++ - '0');
    }
  }
  for (; *at == 'l' || *at == 'z' || *at == 'h'; at++) {
    c->length = *at == 'l' && c->length == 'l' ? 'L' : *at;
  }
  return at;
}

/* The letter with its length put behind the flags, as the C library wants it. */
static void add_number(stele_buf *buf, conversion *c, char letter, arguments *args) {
  char text[512];
  int len = 0;
  size_t room = sizeof c->spec - c->len;
  bool is_signed = letter == 'd' || letter == 'i';
  if (c->precision >= 0) {
    c->len += (size_t)snprintf(c->spec + c->len, room, ".%d", c->precision % 100);
    room = sizeof c->spec - c->len;
  }
  if (strchr("eEfFgGaA", letter)) {
    (void)snprintf(c->spec + c->len, room, "%c", letter);
    len = snprintf(text, sizeof text, c->spec, va_arg(args->list, double));
  } else if (letter == 'p') {
    len = snprintf(text, sizeof text, "%p", va_arg(args->list, void *));
  } else if (letter == 'c') {
    len = snprintf(text, sizeof text, "%c", va_arg(args->list, int));
    if (len == 0) len = 1; /* a zero byte */
  } else if (is_signed) {
    long long value = c->length == 'L'   ? va_arg(args->list, long long)
                      : c->length == 'l' ? va_arg(args->list, long)
                      : c->length == 'z' ? va_arg(args->list, ssize_t)
                                         : va_arg(args->list, int);
    (void)snprintf(c->spec + c->len, room, "lld");
    len = snprintf(text, sizeof text, c->spec, value);
  } else {
    unsigned long long value = c->length == 'L'   ? va_arg(args->list, unsigned long long)
                               : c->length == 'l' ? va_arg(args->list, unsigned long)
                               : c->length == 'z' ? va_arg(args->list, size_t)
                                                  : va_arg(args->list, unsigned);
    (void)snprintf(c->spec + c->len, room, "ll%c", letter);
    len = snprintf(text, sizeof text, c->spec, value);
  }
  if (len > 0) stele_buf_add(buf, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

void stele_buf_vprintf(stele_buf *buf, const char *format, va_list list) {
  arguments args;
  va_copy(args.list, list);
  for (;;) {
    const char *percent = strchrnul(format, '%');
    stele_buf_add(buf, format, (size_t)(percent - format));
    if (!*percent) break;
    conversion c;
    const char *letter = read_conversion(percent + 1, &c, &args);
    if (!*letter) break;
    if (*letter == '%') {
      stele_buf_add_byte(buf, '%');
    } else if (*letter == 's') {
      add_text(buf, va_arg(args.list, const char *), c.precision);
    } else {
      add_number(buf, &c, *letter, &args);
    }
    format = letter + 1;
  }
  va_end(args.list);
}

void stele_buf_printf(stele_buf *buf, const char *format, ...) {
  va_list args;
  va_start(args, format);
  stele_buf_vprintf(buf, format, args);
  va_end(args);
}
