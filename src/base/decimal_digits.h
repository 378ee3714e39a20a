/* base/decimal, inside: decimal digits read eight at a time.
 * Deps: none. */
#ifndef STELE_BASE_DECIMAL_DIGITS_H
#define STELE_BASE_DECIMAL_DIGITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Eight characters, the first one in the lowest byte. */
static inline uint64_t decimal_load(const char *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/* Which of eight bytes are no digits: zero where they are. A digit's high half is
 * 3, and stays so when 6 is added; a carry reaches only what stands behind a byte
 * that is none. */
static inline uint64_t decimal_not_digits(uint64_t word) {
  const uint64_t high = 0xf0f0f0f0f0f0f0f0u, three = 0x3030303030303030u;
  return ((word & high) ^ three) | (((word + 0x0606060606060606u) & high) ^ three);
}

/* Eight digits in three multiplications: pairs, fours, all. They are values, not
 * characters. */
static inline uint32_t decimal_eight(uint64_t word) {
  word = word * 10 + (word >> 8);
  const uint64_t mask = 0x000000ff000000ffu;
  uint64_t odd = (word & mask) * (100 + (UINT64_C(1000000) << 32));
  uint64_t even = (word >> 16 & mask) * (1 + (UINT64_C(10000) << 32));
  return (uint32_t)((odd + even) >> 32);
}

/* All digits from `at` on, eight at a time; a rest of less is shifted up, so that
 * zeros stand before it. More than 19 do not fit. */
static inline const char *decimal_gather(const char *at, const char *end, uint64_t *digits) {
  static const uint32_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
  uint64_t value = *digits;
  while (end - at >= 8) {
    uint64_t word = decimal_load(at), others = decimal_not_digits(word);
    word -= 0x3030303030303030u;
    if (others) {
      int count = __builtin_ctzll(others) / 8;
      if (count > 0) {
        value = value * tens[count] + decimal_eight(word << (64 - 8 * count));
        at += count;
      }
      *digits = value;
      return at;
    }
    value = value * 100000000 + decimal_eight(word);
    at += 8;
  }
  for (; at < end && (uint8_t)(*at - '0') <= 9; at++) value = value * 10 + (uint8_t)(*at - '0');
  *digits = value;
  return at;
}

#endif
