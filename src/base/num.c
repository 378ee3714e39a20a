/* Integers eight digits at a time; floats through base/decimal, and what only C
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
#include "base/num_digits.h"

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

/* At most eight digits without zeros in front; eight bytes are written. */
static inline size_t print_some(char *out, uint32_t value) {
  uint64_t digits = num_eight_digits(value);
  unsigned zeros = digits ? (unsigned)__builtin_ctzll(digits) / 8 : 7;
  num_put_eight(out, (digits | NUM_ZEROS) >> (8 * zeros));
  return 8 - zeros;
}

static inline void print_eight(char *out, uint32_t value) {
  num_put_eight(out, num_eight_digits(value) | NUM_ZEROS);
}

size_t stele_num_print_u64(char *out, uint64_t value) {
  const uint64_t eight = 100000000, sixteen = eight * eight;
  if (value < eight) return print_some(out, (uint32_t)value);
  if (value < sixteen) {
    size_t len = print_some(out, (uint32_t)(value / eight));
    print_eight(out + len, (uint32_t)(value % eight));
    return len + 8;
  }
  size_t len = print_some(out, (uint32_t)(value / sixteen));
  value %= sixteen;
  print_eight(out + len, (uint32_t)(value / eight));
  print_eight(out + len + 8, (uint32_t)(value % eight));
  return len + 16;
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
