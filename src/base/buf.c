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

/* ---- printf ----------------------------------------------------------------
 * Our own walk over the format, since the C library's ends a %.*s at a zero
 * byte, and a text may hold some. All else is the C library's to print. */

typedef struct arguments {
  va_list list; /* in a struct: an array cannot be passed by reference */
} arguments;

typedef struct conversion {
  char spec[64]; /* "%-5.3", without the length, which is always the largest */
  size_t len;
  char length;   /* 'l', 'L' for ll, 'z', 'j', 'h', or 0 */
  int precision; /* of a text, given by an argument; -1: not */
} conversion;

static void add_spec(conversion *c, char byte) {
  if (c->len + 8 < sizeof c->spec) c->spec[c->len++] = byte;
}

static void add_spec_number(conversion *c, int value) {
  char text[16];
  int len = snprintf(text, sizeof text, "%d", value);
  for (int i = 0; i < len; i++) add_spec(c, text[i]);
}

/* Reads flags, width, precision and length from behind the '%'; answers the
 * letter. */
static const char *read_conversion(const char *at, conversion *c, arguments *args) {
  *c = (conversion){.spec = "%", .len = 1, .precision = -1};
  for (; *at && strchr("-+ #.0123456789*", *at); at++) {
    if (at[0] == '.' && at[1] == '*' && at[2] == 's' && c->len == 1) {
      c->precision = va_arg(args->list, int);
      return at + 2;
    }
    if (*at == '*') {
      add_spec_number(c, va_arg(args->list, int));
    } else {
      add_spec(c, *at);
    }
  }
  for (; *at && strchr("hlzj", *at); at++) c->length = *at == c->length ? 'L' : *at;
  return at;
}

/* One value by one conversion of the C library; `value` is evaluated twice. */
#define ADD(buf, spec, value)                                                                      \
  do {                                                                                             \
    int len_ = snprintf(NULL, 0, spec, value);                                                     \
    if (len_ > 0 && stele_buf_reserve(buf, (size_t)len_ + 1)) {                                    \
      (void)snprintf((buf)->ptr + (buf)->len, (size_t)len_ + 1, spec, value);                      \
      (buf)->len += (size_t)len_;                                                                  \
    }                                                                                              \
  } while (0)

static long long take_signed(const conversion *c, arguments *args) {
  switch (c->length) {
  case 'L': return va_arg(args->list, long long);
  case 'l': return va_arg(args->list, long);
  case 'z': return va_arg(args->list, ssize_t);
  case 'j': return va_arg(args->list, intmax_t);
  default: return va_arg(args->list, int);
  }
}

static unsigned long long take_unsigned(const conversion *c, arguments *args) {
  switch (c->length) {
  case 'L': return va_arg(args->list, unsigned long long);
  case 'l': return va_arg(args->list, unsigned long);
  case 'z': return va_arg(args->list, size_t);
  case 'j': return va_arg(args->list, uintmax_t);
  default: return va_arg(args->list, unsigned);
  }
}

static void add_one(stele_buf *buf, conversion *c, char letter, arguments *args) {
  bool is_signed = letter == 'd' || letter == 'i';
  if (letter == 's' && c->precision >= 0) {
    stele_buf_add(buf, va_arg(args->list, const char *), (size_t)c->precision);
  } else if (letter == 's' || letter == 'p') {
    const void *value = va_arg(args->list, const void *);
    add_spec(c, letter);
    ADD(buf, c->spec, value);
  } else if (letter == 'c') {
    stele_buf_add_byte(buf, (uint8_t)va_arg(args->list, int));
  } else if (strchr("eEfFgGaA", letter)) {
    double value = va_arg(args->list, double);
    add_spec(c, letter);
    ADD(buf, c->spec, value);
  } else {
    add_spec(c, 'l');
    add_spec(c, 'l');
    add_spec(c, letter);
    if (is_signed) {
      long long value = take_signed(c, args);
      ADD(buf, c->spec, value);
    } else {
      unsigned long long value = take_unsigned(c, args);
      ADD(buf, c->spec, value);
    }
  }
}

#undef ADD

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
    } else {
      add_one(buf, &c, *letter, &args);
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
