/* Taking a decimal number apart.
 *
 * Digits are gathered as if they fitted, eight at a time behind the point; the
 * count tells afterwards whether they did. Only a number of more than 19
 * digits is gone through again, with care. */
#include "base/decimal.h"

#include "base/decimal_digits.h"

enum {
  SAFE_DIGITS = 19,               /* any so many fit in 64 bits */
  MOST_WRITTEN_EXPONENT = 999999, /* larger ones mean the same */
  MOST_EXPONENT = 100000          /* of the result: past any float */
};

static bool is_digit(char c) {
  return (uint8_t)(c - '0') <= 9;
}

/* The exponent behind an 'e'; NULL where there are no digits. */
static const char *scan_exponent(const char *at, const char *end, int64_t *exponent) {
  bool negative = at < end && *at == '-';
  int64_t value = 0;
  if (at < end && (*at == '-' || *at == '+')) at++;
  if (at == end || !is_digit(*at)) return NULL;
  for (; at < end && is_digit(*at); at++) {
    if (value <= MOST_WRITTEN_EXPONENT) value = value * 10 + (*at - '0');
  }
  *exponent = negative ? -value : value;
  return at;
}

/* Many digits: the first that fit are kept, the others move the exponent, and
 * `exponent` is that of the last digit of all. */
static void gather_many(stele_decimal *out, int64_t exponent) {
  bool full = false;
  int taken = 0;
  int64_t dropped = 0;
  out->digits = 0;
  for (const char *at = out->text; at < out->end && *at != 'e' && *at != 'E'; at++) {
    if (*at == '.' || (*at == '0' && taken == 0)) continue;
    unsigned digit = (uint8_t)(*at - '0');
    full = full || (taken >= SAFE_DIGITS && out->digits > (UINT64_MAX - digit) / 10);
    if (full) {
      dropped++;
      out->is_cut = out->is_cut || digit != 0;
    } else {
      out->digits = out->digits * 10 + digit;
      taken++;
    }
  }
  exponent += dropped;
  if (exponent > MOST_EXPONENT) exponent = MOST_EXPONENT;
  if (exponent < -MOST_EXPONENT) exponent = -MOST_EXPONENT;
  out->exponent = (int32_t)exponent;
}

static inline const char *scan(const char *at, const char *end, bool loose, stele_decimal *out) {
  uint64_t digits = 0;
  int64_t exponent = 0, written = 0;
  bool negative = at < end && *at == '-';
  at += negative || (loose && at < end && *at == '+');
  const char *first = at;
  at = decimal_gather(at, end, &digits);
  int64_t count = at - first;
  if (!loose && (count == 0 || (count > 1 && *first == '0'))) return NULL;
  bool is_integer = true;
  if (at < end && *at == '.') {
    const char *point = ++at;
    at = decimal_gather(at, end, &digits);
    exponent = point - at;
    if (!loose && exponent == 0) return NULL;
    count -= exponent;
    is_integer = false;
  }
  if (count == 0) return NULL;
  if (at < end && (*at == 'e' || *at == 'E')) {
    at = scan_exponent(at + 1, end, &written);
    if (!at) return NULL;
    is_integer = false;
  }
  exponent += written;
  *out = (stele_decimal){.digits = digits,
                         .exponent = (int32_t)exponent,
                         .negative = negative,
                         .is_integer = is_integer,
                         .text = first,
                         .end = at};
  if (count > SAFE_DIGITS) gather_many(out, exponent);
  return at;
}

const char *stele_decimal_scan(const char *at, const char *end, stele_decimal *out) {
  return scan(at, end, false, out);
}

const char *stele_decimal_scan_loose(const char *at, const char *end, stele_decimal *out) {
  return scan(at, end, true, out);
}

/* The size of a number that is an integer of at most 64 bits. Digits that were
 * cut off are a fraction, or make it longer than that. */
static bool integer_of(const stele_decimal *number, uint64_t *out) {
  uint64_t value = number->digits;
  int32_t exponent = number->exponent;
  if (number->is_cut) return false;
  if (value == 0) exponent = 0;
  if (exponent > SAFE_DIGITS || exponent < -SAFE_DIGITS) return false;
  for (; exponent > 0; exponent--) {
    if (value > UINT64_MAX / 10) return false;
    value *= 10;
  }
  for (; exponent < 0; exponent++) {
    if (value % 10) return false;
    value /= 10;
  }
  *out = value;
  return true;
}

bool stele_decimal_i64(const stele_decimal *number, int64_t *out) {
  uint64_t size;
  if (!integer_of(number, &size)) return false;
  if (size > (uint64_t)INT64_MAX + number->negative) return false;
  *out = number->negative ? (int64_t)(0 - size) : (int64_t)size;
  return true;
}

bool stele_decimal_u64(const stele_decimal *number, uint64_t *out) {
  uint64_t size;
  if (!integer_of(number, &size) || (number->negative && size)) return false;
  *out = size;
  return true;
}
