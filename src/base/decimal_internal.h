/* base/decimal, inside: what the quick way and the exact way share.
 * Deps: base/decimal.h. */
#ifndef STELE_BASE_DECIMAL_INTERNAL_H
#define STELE_BASE_DECIMAL_INTERNAL_H

#include "base/decimal.h"

/* Compares the size of a number with (2 * mantissa + 1) * 2^(power - 1), the
 * middle between mantissa * 2^power and its upper neighbour: negative, 0 or
 * positive. Exact, whatever the number of digits. */
int decimal_compare_middle(const stele_decimal *number, uint64_t mantissa, int power);

#endif
