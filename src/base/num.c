/* Integers two digits at a time; floats through base/decimal, and what only C
 * calls a number through libc under a "C" locale of our own, since strtod and
 * printf follow whatever locale the host program has set. */
#include "base/num.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"

bool stele_num_parse_u64(stele_str text, uint64_t *out) {
  uint64_t value = 0;
  if (text.len == 0) return false;
  for (size_t i = 0; i < text.len; i++) {
    unsigned digit = (unsigned)(uint8_t)text.ptr[i] - '0';
    if (digit > 9 || value > (UINT64_MAX - digit) / 10) return false;
    value = value * 10 + digit;
  }
  *out = value;
  return true;
}

bool stele_num_parse_i64(stele_str text, int64_t *out) {
  bool negative = text.len > 0 && text.ptr[0] == '-';
  uint64_t size = 0;
  stele_str digits = {text.ptr + negative, text.len - negative};
  if (!stele_num_parse_u64(digits, &size)) return false;
  if (size > (uint64_t)INT64_MAX + negative) return false;
  *out = negative ? (int64_t)(0 - size) : (int64_t)size;
  return true;
}

/* How many digits `value` has. */
static size_t digit_count(uint64_t value) {
  // clang-format off
  static const uint64_t tens[] = {0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
      1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
      1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
      10000000000000000000U};
  // clang-format on
  unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
  unsigned guess = bits * 1233 >> 12; /* log10(2), a little less */
  return guess + (value >= tens[guess]);
}

size_t stele_num_print_u64(char *out, uint64_t value) {
  static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                              "25262728293031323334353637383940414243444546474849"
                              "50515253545556575859606162636465666768697071727374"
                              "75767778798081828384858687888990919293949596979899";
  size_t len = digit_count(value), at = len;
  for (; value >= 100; value /= 100) memcpy(out + (at -= 2), pairs + value % 100 * 2, 2);
  if (value >= 10) {
    memcpy(out, pairs + value * 2, 2);
  } else {
    out[0] = (char)('0' + value);
  }
  return len;
}

size_t stele_num_print_i64(char *out, int64_t value) {
  if (value >= 0) return stele_num_print_u64(out, (uint64_t)value);
  out[0] = '-';
  return 1 + stele_num_print_u64(out + 1, 0 - (uint64_t)value);
}

/* What strtod takes beyond plain decimals. */
static bool parse_by_libc(stele_str text, double *out) {
  char small[64];
  char *copy = small;
  if (text.len == 0) return false;
  if (text.len >= sizeof small) {
    copy = malloc(text.len + 1);
    if (!copy) return false;
  }
  memcpy(copy, text.ptr, text.len);
  copy[text.len] = 0;
  char *end = NULL;
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  bool ok = c_locale != (locale_t)0;
  if (ok) {
    *out = strtod_l(copy, &end, c_locale);
    ok = end == copy + text.len;
    freelocale(c_locale);
  }
  if (copy != small) free(copy);
  return ok;
}

bool stele_num_parse_double(stele_str text, double *out) {
  stele_decimal number;
  const char *end = text.ptr + text.len;
  if (text.len == 0) return false;
  if (stele_decimal_scan_loose(text.ptr, end, &number) != end) return parse_by_libc(text, out);
  *out = stele_decimal_double(&number);
  return true;
}

size_t stele_num_print_g(char out[STELE_NUM_TEXT], double value, int digits) {
  int len = snprintf(out, STELE_NUM_TEXT, "%.*g", digits, value);
  for (int i = 0; i < len; i++) {
    if (out[i] == ',') out[i] = '.'; /* a host locale with a decimal comma */
  }
  return len > 0 ? (size_t)len : 0;
}

static size_t print_special(char out[STELE_NUM_TEXT], double value) {
  const char *text = isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  size_t len = strlen(text);
  memcpy(out, text, len);
  return len;
}

size_t stele_num_print_double(char out[STELE_NUM_TEXT], double value) {
  double again;
  if (!isfinite(value)) return print_special(out, value);
  size_t len = stele_num_print_g(out, value, DBL_DIG);
  if (stele_num_parse_double((stele_str){out, len}, &again) && again == value) return len;
  return stele_num_print_g(out, value, DBL_DIG + 2);
}

/* What is subnormal counts as not reading back, since strtof says that it is
 * out of range. */
size_t stele_num_print_float(char out[STELE_NUM_TEXT], float value) {
  if (!isfinite(value)) return print_special(out, (double)value);
  size_t len = stele_num_print_g(out, (double)value, FLT_DIG);
  out[len] = 0;
  errno = 0;
  float again = strtof(out, NULL);
  if (errno == 0 && again == value) return len;
  return stele_num_print_g(out, (double)value, FLT_DIG + 3);
}

float stele_num_narrow(double value) {
  /* The largest double that still rounds to the largest float. */
  static const double most = 3.4028235677973366e+38;
  if (value > (double)FLT_MAX) return value <= most ? FLT_MAX : INFINITY;
  if (value < -(double)FLT_MAX) return value >= -most ? -FLT_MAX : -INFINITY;
  return (float)value;
}
