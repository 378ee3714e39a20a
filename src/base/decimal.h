/* base/decimal: decimal numbers as text, taken apart and made exact.
 *
 * In:   "-12.50e3".   Out: its digits and exponent, and from those the integer
 * or the nearest float or double that it stands for. No locale has a say, and
 * no integer passes through a double.
 * Deps: base/pow10.h, stele/str.h. */
#ifndef STELE_BASE_DECIMAL_H
#define STELE_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "stele/str.h"

/* A number: digits * 10^exponent, with its sign. */
typedef struct stele_decimal {
  uint64_t digits; /* the leading significant digits: 19, or 20 where they fit */
  int32_t exponent;
  bool negative;
  bool is_cut;            /* digits that are not all zero follow those in `digits` */
  bool is_integer;        /* written as one: without point and exponent */
  const char *text, *end; /* where it stands, behind the sign: cut digits are read there */
} stele_decimal;

/* Reads the number that begins at `at`, by the grammar of RFC 8259:
 *   [ "-" ] ( "0" / %x31-39 *DIGIT ) [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "+" / "-" ] 1*DIGIT ]
 * Answers where it ends (as far as digits go; what follows is the caller's
 * matter), or NULL where none begins. */
const char *stele_decimal_scan(const char *at, const char *end, stele_decimal *out);

/* The same with what C takes as well: a sign '+', zeros in front, a point with
 * digits on one side only. */
const char *stele_decimal_scan_loose(const char *at, const char *end, stele_decimal *out);

/* The integer that it is ("1e3", "10.0"); false when it is none or does not
 * fit. -0 is 0. */
bool stele_decimal_i64(const stele_decimal *number, int64_t *out);
bool stele_decimal_u64(const stele_decimal *number, uint64_t *out);

/* The nearest double or float, ties to even; infinite past the largest. A
 * float is rounded once, not by way of a double. Cost: some ten nanoseconds;
 * microseconds for the rare number of more than 19 digits that lies next to
 * the middle of two. */
double stele_decimal_double(const stele_decimal *number);
float stele_decimal_float(const stele_decimal *number);

#endif
