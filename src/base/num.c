/* Integers by hand; floats through libc under a "C" locale of our own, since
 * strtod and printf follow whatever locale the host program has set. */
#include "base/num.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

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

bool stele_num_parse_double(stele_str text, double *out) {
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

size_t stele_num_print_g(char out[STELE_NUM_TEXT], double value, int digits) {
  int len = snprintf(out, STELE_NUM_TEXT, "%.*g", digits, value);
  for (int i = 0; i < len; i++) {
    if (out[i] == ',') out[i] = '.'; /* a host locale with a decimal comma */
  }
  return len > 0 ? (size_t)len : 0;
}
