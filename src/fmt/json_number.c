/* Numbers of JSON: their grammar, and the integers among them, exactly.
 *
 * 64-bit integers never pass through a double. "12.50e1" is taken as the
 * digits 1250 and an exponent of -1, trailing zeros are moved to the exponent,
 * and what then has no fraction is an integer. */
#include "base/num.h"
#include "fmt/json.h"

enum { MOST_DIGITS = 20, MOST_EXPONENT = 100000 };

static size_t digits_at(stele_str text, size_t at) {
  size_t end = at;
  while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9') end++;
  return end - at;
}

/* number = [ "-" ] int [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "-" / "+" ] 1*DIGIT ]
 * int    = "0" / ( %x31-39 *DIGIT )
 * Where the number that starts `text` ends; 0 where none does. */
static size_t number_len(stele_str text) {
  size_t at = text.len > 0 && text.ptr[0] == '-';
  size_t digits = digits_at(text, at);
  if (digits == 0 || (digits > 1 && text.ptr[at] == '0')) return 0;
  at += digits;
  if (at < text.len && text.ptr[at] == '.') {
    digits = digits_at(text, ++at);
    if (digits == 0) return 0;
    at += digits;
  }
  if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
    at++;
    if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+')) at++;
    digits = digits_at(text, at);
    if (digits == 0) return 0;
    at += digits;
  }
  return at;
}

bool stele_json_is_number(stele_str text) {
  size_t len = number_len(text);
  return len > 0 && len == text.len;
}

/* The size and the sign of a number that is an integer of at most 64 bits. */
typedef struct exact {
  bool negative;
  uint64_t size;
} exact;

/* Reads an exponent, clamped: past the clamp nothing fits in 64 bits anyway. */
static int64_t exponent_of(stele_str text, size_t at) {
  bool negative = text.ptr[at] == '-';
  int64_t value = 0;
  if (text.ptr[at] == '-' || text.ptr[at] == '+') at++;
  for (; at < text.len && value < MOST_EXPONENT; at++) value = value * 10 + (text.ptr[at] - '0');
  return negative ? -value : value;
}

static bool exact_of(stele_str text, exact *out) {
  char digits[MOST_DIGITS];
  size_t count = 0;     /* of digits kept: no leading and no trailing zeros */
  int64_t exponent = 0; /* of the last digit kept */
  int64_t zeros = 0;    /* seen after the last digit kept */
  int64_t fraction = 0; /* digits after the point, all */
  bool after_point = false;
  size_t at = text.ptr[0] == '-';

  for (; at < text.len; at++) {
    char c = text.ptr[at];
    if (c == 'e' || c == 'E') break;
    if (c == '.') {
      after_point = true;
      continue;
    }
    fraction += after_point;
    if (c == '0') {
      zeros += count > 0;
      continue;
    }
    for (; zeros > 0; zeros--) {
      if (count == MOST_DIGITS) return false;
      digits[count++] = '0';
    }
    if (count == MOST_DIGITS) return false;
    digits[count++] = c;
  }
  if (at < text.len) exponent = exponent_of(text, at + 1);
  exponent += zeros - fraction;
  *out = (exact){.negative = text.ptr[0] == '-'};
  if (count == 0) return true; /* 0, -0, 0e9 */
  if (exponent < 0 || exponent > (int64_t)(MOST_DIGITS - count)) return false;
  for (; exponent > 0; exponent--) digits[count++] = '0';
  return stele_num_parse_u64((stele_str){digits, count}, &out->size);
}

bool stele_json_number_i64(stele_str number, int64_t *out) {
  exact value;
  if (!stele_json_is_number(number) || !exact_of(number, &value)) return false;
  if (value.size > (uint64_t)INT64_MAX + value.negative) return false;
  *out = value.negative ? (int64_t)(0 - value.size) : (int64_t)value.size;
  return true;
}

bool stele_json_number_u64(stele_str number, uint64_t *out) {
  exact value;
  if (!stele_json_is_number(number) || !exact_of(number, &value)) return false;
  if (value.negative && value.size) return false;
  *out = value.size;
  return true;
}
