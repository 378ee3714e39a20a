/* Schubfach (R. Giulietti, "The Schubfach way to render doubles").
 *
 * All decimals that round to a float c * 2^q lie between the middles to its
 * neighbours. Scaled by the power of ten 10^-k that makes this interval hold
 * one to ten integers, the three ends are computed as products with 128 bits
 * of 10^-k and kept to a quarter, with a sticky bit for what lies below
 * ("round to odd"): enough to compare exactly. If a multiple of ten lies inside
 * it has one digit less and wins; else the integer next to the value.
 *
 * Integers below 2^53 are their own digits, and decimals of a few places need no
 * search. */
#include "base/shortest.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "base/num_digits.h"
#include "base/pow10.h"

enum { PLAIN_LEAST = -4, PLAIN_MOST = 16, FRACTION_DOUBLE = 52, FRACTION_FLOAT = 23 };

typedef struct decimal {
  uint64_t digits;
  int exponent;
} decimal;

/* ten * value / 2^128, sticky. `value` is below 2^60. */
static uint64_t scale(stele_pow10 ten, uint64_t value) {
  __extension__ typedef unsigned __int128 wide;
  uint64_t carry = (uint64_t)((wide)ten.low * value >> 64);
  wide product = (wide)ten.high * value + carry;
  return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

/* The shortest decimal of c * 2^q. `is_lowest`: c is the least of its binade,
 * so that the lower neighbour is only half as far away. */
static inline decimal shortest_of(uint64_t c, int q, bool is_lowest) {
  bool is_odd = c & 1; /* then the middles themselves round away from it */
  /* floor(log10(2^q)), or of 3/4 of that */
  int k = (q * 1262611 - (is_lowest ? 524031 : 0)) >> 22;
  int shift = q + stele_pow10_log2(-k) + 1;
  stele_pow10 ten = stele_pow10_of(-k);
  uint64_t value = scale(ten, c << 2 << shift);
  uint64_t low = scale(ten, ((c << 2) - (is_lowest ? 1 : 2)) << shift) + is_odd;
  uint64_t high = scale(ten, ((c << 2) + 2) << shift) - is_odd;

  uint64_t whole = value / 4;
  if (whole >= 10) {
    uint64_t tenth = whole / 10;
    bool down = low <= 40 * tenth, up = 40 * tenth + 40 <= high;
    if (down != up) return (decimal){tenth + up, k + 1};
  }
  bool down = low <= 4 * whole, up = 4 * whole + 4 <= high;
  if (down != up) return (decimal){whole + up, k};
  uint64_t middle = 4 * whole + 2;
  return (decimal){whole + (value > middle || (value == middle && (whole & 1))), k};
}

/* From the bits of a finite value that is not 0. */
static inline decimal decimal_of(uint64_t bits, int fraction_bits, int bias) {
  uint64_t fraction = bits & ((UINT64_C(1) << fraction_bits) - 1);
  int biased = (int)(bits >> fraction_bits);
  uint64_t c = biased ? fraction | UINT64_C(1) << fraction_bits : fraction;
  int q = (biased ? biased : 1) - bias - fraction_bits;
  bool is_integer = q <= 0 && q > -fraction_bits - 1 && (c & ((UINT64_C(1) << -q) - 1)) == 0;
  if (is_integer) return (decimal){c >> -q, 0};
  return shortest_of(c, q, fraction == 0 && biased > 1);
}

/* ---- text ---- */

static decimal without_zeros(decimal d) {
  if (d.digits % 10) return d;
  while (d.digits % 100000000 == 0) d = (decimal){d.digits / 100000000, d.exponent + 8};
  if (d.digits % 10000 == 0) d = (decimal){d.digits / 10000, d.exponent + 4};
  if (d.digits % 100 == 0) d = (decimal){d.digits / 100, d.exponent + 2};
  if (d.digits % 10 == 0) d = (decimal){d.digits / 10, d.exponent + 1};
  return d;
}

/* "1e+16", "2.5e-07": `point` is the exponent of the first digit. */
static char *print_scientific(char *out, const char *digits, size_t count, int point) {
  *out++ = digits[0];
  if (count > 1) {
    *out++ = '.';
    memcpy(out, digits + 1, count - 1);
    out += count - 1;
  }
  unsigned size = (unsigned)(point < 0 ? -point : point);
  *out++ = 'e';
  *out++ = point < 0 ? '-' : '+';
  if (size < 10) *out++ = '0';
  return out + stele_num_print_u64(out, size);
}

/* Copies are of fixed length, and go beyond the end. */
enum { DIGITS = 24, HALF = 16 };

static char *print_plain(char *out, const char *digits, size_t count, int point) {
  if (point < 0) { /* 0.00123 */
    memcpy(out, "0.000", 5);
    memcpy(out + 1 - point, digits, DIGITS);
    return out + 1 - point + count;
  }
  size_t whole = (size_t)point + 1;
  if (whole >= count) { /* 12300 */
    memcpy(out, digits, count);
    memset(out + count, '0', whole - count);
    return out + whole;
  }
  memcpy(out, digits, HALF);
  out[whole] = '.';
  memcpy(out + whole + 1, digits + whole, HALF);
  return out + count + 1;
}

static size_t print(char *out, bool negative, decimal d) {
  char digits[DIGITS + HALF] = {0};
  char *at = out;
  if (negative) *at++ = '-';
  d = without_zeros(d);
  size_t count = stele_num_print_u64(digits, d.digits);
  int point = (int)count - 1 + d.exponent;
  bool is_plain = point >= PLAIN_LEAST && point < PLAIN_MOST;
  at = (is_plain ? print_plain : print_scientific)(at, digits, count, point);
  return (size_t)(at - out);
}

static size_t print_constant(char *out, const char *text) {
  size_t len = strlen(text);
  memcpy(out, text, len);
  return len;
}

/* Decimals of up to eight places, as prices are: with 15 digits at most there is only one that
 * rounds to the value, so if one does, it is the shortest. 0: not one of them. */
static size_t print_price(char *out, double value) {
  const double places = 1e8;
  uint64_t whole, rest;
  if (!(value >= 1e-4 && value < 1e7)) return 0;
  double scaled = value * places;
  whole = (uint64_t)(scaled + 0.5);
  /* as near as rounding can have moved it? A division costs more than that. */
  if (fabs(scaled - (double)whole) > scaled * 4 * DBL_EPSILON) return 0;
  if ((double)whole / places != value) return 0;
  rest = whole % (uint64_t)places;
  whole /= (uint64_t)places;
  size_t len = stele_num_print_u64(out, whole);
  if (rest == 0) return len;
  uint64_t digits = num_eight_digits((uint32_t)rest);
  out[len++] = '.';
  num_put_eight(out + len, digits | NUM_ZEROS);
  return len + 8 - (unsigned)__builtin_clzll(digits) / 8;
}

size_t stele_shortest_double(char out[STELE_SHORTEST_TEXT], double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  bool negative = bits >> 63;
  bits &= INT64_MAX;
  if (bits == 0) return print_constant(out, negative ? "-0" : "0");
  if (isnan(value)) return print_constant(out, "nan");
  if (isinf(value)) return print_constant(out, negative ? "-inf" : "inf");
  out[0] = '-';
  size_t len = print_price(out + negative, fabs(value));
  return len ? negative + len : print(out, negative, decimal_of(bits, FRACTION_DOUBLE, 1023));
}

size_t stele_shortest_float(char out[STELE_SHORTEST_TEXT], float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bool negative = bits >> 31;
  bits &= INT32_MAX;
  if (bits == 0) return print_constant(out, negative ? "-0" : "0");
  if (isnan(value)) return print_constant(out, "nan");
  if (isinf(value)) return print_constant(out, negative ? "-inf" : "inf");
  return print(out, negative, decimal_of(bits, FRACTION_FLOAT, 127));
}
