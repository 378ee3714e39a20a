/* base/num: integers and floats as text, without the locale's say.
 * base/decimal.h reads numbers of JSON, base/shortest.h prints floats.
 * Deps: base/decimal.h, stele/str.h. */
#ifndef STELE_BASE_NUM_H
#define STELE_BASE_NUM_H

#include <stdint.h>

#include "stele/str.h"

/* Decimal digits only (no sign, no space): false when there are none, others,
 * or too many for 64 bits. */
bool stele_num_parse_u64(stele_str text, uint64_t *out);

/* The same with one optional '-'. */
bool stele_num_parse_i64(stele_str text, int64_t *out);

/* Writes an integer in decimal (no NUL) into STELE_NUM_DIGITS bytes, and answers its length; what
 * is behind it is rubbish. */
enum { STELE_NUM_DIGITS = 20 };
size_t stele_num_print_u64(char *out, uint64_t value);
size_t stele_num_print_i64(char *out, int64_t value);

/* A decimal number with point and exponent ("1.5e3", "1.", ".5"), or what else
 * strtod takes ("inf", "nan", "0x1p3"): false when anything else follows.
 * Correctly rounded. */
bool stele_num_parse_double(stele_str text, double *out);

/* printf("%.<digits>g") in the C locale; answers the length. */
enum { STELE_NUM_TEXT = 40 };
size_t stele_num_print_g(char out[STELE_NUM_TEXT], double value, int digits);

/* As protoc spells them: 15 digits, or 17 where these do not read back (6 and 9
 * for a float); "inf", "-inf", "nan". Answers the length. */
size_t stele_num_print_double(char out[STELE_NUM_TEXT], double value);
size_t stele_num_print_float(char out[STELE_NUM_TEXT], float value);

/* A double as the nearest float; what rounds to the largest one is that, and
 * what is beyond is infinite. */
float stele_num_narrow(double value);

#endif
