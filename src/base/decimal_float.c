/* From digits and exponent to the nearest float or double.
 *
 * Small numbers with few digits are one exact multiplication or division
 * (Clinger). Others are multiplied by 128 bits of the power of ten, whose
 * product always decides the rounding of up to 64 bits of digits (Eisel and
 * Lemire; Mushtak and Lemire for the proof that no fallback is needed). Digits
 * beyond that are between d and d + 1: where both round alike they do not
 * matter, else the exact comparison with the middle decides.
 *
 * One description of a format carries float and double through the same code. */
#include <math.h>

#include "base/decimal_internal.h"
#include "base/pow10.h"

typedef struct float_format {
  int fraction_bits;
  int least_power;         /* the exponent of the format's subnormals, less one */
  int infinite;            /* biased exponent of infinity */
  int even_low, even_high; /* exponents of ten at which a tie can happen */
} float_format;

static const float_format double_format = {52, -1023, 0x7ff, -4, 23};
static const float_format float_format_single = {23, -127, 0xff, -17, 10};

/* digits * 10^exponent, rounded: the bits of the format, without sign. */
static inline uint64_t round_product(const float_format *f, uint64_t digits, int exponent) {
  if (digits == 0 || exponent < STELE_POW10_LEAST) return 0;
  if (exponent > 308) return (uint64_t)f->infinite << f->fraction_bits;
  int zeros = __builtin_clzll(digits);
  stele_pow10 ten = stele_pow10_of(exponent);
  if (exponent > 55) { /* the table rounds up; here the bits must be cut */
    ten.high -= ten.low == 0;
    ten.low--;
  }
  __extension__ typedef unsigned __int128 wide;
  wide product = (wide)(digits << zeros) * ten.high;
  product += (wide)(digits << zeros) * ten.low >> 64;
  uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;

  int upper = (int)(high >> 63);
  int shift = upper + 64 - f->fraction_bits - 3;
  uint64_t mantissa = high >> shift; /* two bits more than the format keeps */
  int power = stele_pow10_log2(exponent) + 64 + upper - zeros - 1 - f->least_power;
  if (power <= 0) { /* subnormal */
    if (1 - power >= 64) return 0;
    mantissa >>= 1 - power;
    return (mantissa + (mantissa & 1)) >> 1; /* may become the least normal one */
  }
  bool tie = low <= 1 && exponent >= f->even_low && exponent <= f->even_high;
  if (tie && (mantissa & 3) == 1 && mantissa << shift == high) mantissa--;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >> (f->fraction_bits + 1)) {
    mantissa >>= 1;
    power++;
  }
  if (power >= f->infinite) return (uint64_t)f->infinite << f->fraction_bits;
  uint64_t fraction = mantissa & ((UINT64_C(1) << f->fraction_bits) - 1);
  return fraction | (uint64_t)power << f->fraction_bits;
}

/* More digits than `digits` holds: the bits are those of the cut number, or
 * their upper neighbour. */
static uint64_t round_cut(const float_format *f, const stele_decimal *number, uint64_t bits) {
  bool is_infinite = bits >> f->fraction_bits == (uint64_t)f->infinite;
  if (is_infinite || number->exponent < STELE_POW10_LEAST) return bits; /* nothing lies near */
  uint64_t above = number->digits == UINT64_MAX
                       ? bits + 1
                       : round_product(f, number->digits + 1, number->exponent);
  if (above == bits) return bits;
  uint64_t biased = bits >> f->fraction_bits;
  uint64_t mantissa = bits & ((UINT64_C(1) << f->fraction_bits) - 1);
  if (biased) mantissa |= UINT64_C(1) << f->fraction_bits;
  int power = (biased ? (int)biased : 1) + f->least_power - f->fraction_bits;
  int order = decimal_compare_middle(number, mantissa, power);
  return bits + (order > 0 || (order == 0 && (mantissa & 1)));
}

double stele_decimal_double(const stele_decimal *number) {
  static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  int exponent = number->exponent;
  double value;
  if (number->digits <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22) {
    value = (double)number->digits;
    value = exponent < 0 ? value / tens[-exponent] : value * tens[exponent];
  } else {
    uint64_t bits = round_product(&double_format, number->digits, exponent);
    if (number->is_cut) bits = round_cut(&double_format, number, bits);
    memcpy(&value, &bits, sizeof value);
  }
  return number->negative ? -value : value;
}

float stele_decimal_float(const stele_decimal *number) {
  static const float tens[] = {1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F, 1e8F, 1e9F, 1e10F};
  int exponent = number->exponent;
  float value;
  if (number->digits <= 1U << 24 && exponent >= -10 && exponent <= 10) {
    value = (float)number->digits;
    value = exponent < 0 ? value / tens[-exponent] : value * tens[exponent];
  } else {
    uint64_t bits = round_product(&float_format_single, number->digits, exponent);
    if (number->is_cut) bits = round_cut(&float_format_single, number, bits);
    uint32_t narrow = (uint32_t)bits;
    memcpy(&value, &narrow, sizeof value);
  }
  return number->negative ? -value : value;
}
