/* base/pow10: powers of ten, as 128 bits each.
 *
 * In:   an exponent.   Out: the leading 128 bits of 10^exponent, rounded up,
 * and the power of two that belongs to them. Reading and printing floats both
 * stand on this one table; tools/pow10 makes it from exact integers.
 * Deps: none. */
#ifndef STELE_BASE_POW10_H
#define STELE_BASE_POW10_H

#include <stdint.h>

enum { STELE_POW10_LEAST = -342, STELE_POW10_MOST = 324 };

/* 10^k = (high * 2^64 + low) * 2^(stele_pow10_log2(k) - 127), where the 128
 * bits are rounded up; they are exact for 0 <= k <= 55. The highest is set. */
typedef struct stele_pow10 {
  uint64_t high, low;
} stele_pow10;

extern const stele_pow10 stele_pow10_table[STELE_POW10_MOST - STELE_POW10_LEAST + 1];

static inline stele_pow10 stele_pow10_of(int k) {
  return stele_pow10_table[k - STELE_POW10_LEAST];
}

/* floor(log2(10^k)), for |k| <= 1,233. */
static inline int stele_pow10_log2(int k) {
  return (k * 1741647) >> 19;
}

#endif
