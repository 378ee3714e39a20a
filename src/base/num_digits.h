/* base/num, inside: eight decimal digits at once.
 * Deps: none. */
#ifndef STELE_BASE_NUM_DIGITS_H
#define STELE_BASE_NUM_DIGITS_H

#include <stdint.h>
#include <string.h>

/* What makes digits of their values. */
#define NUM_ZEROS UINT64_C(0x3030303030303030)

/* The values of the eight digits of a number below 10^8, the first one in the lowest byte: halves,
 * then pairs, then digits side by side in one word. */
static inline uint64_t num_eight_digits(uint32_t value) {
  uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
  uint64_t upper = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f); /* a hundredth of each */
  uint64_t pairs = ((fours - 100 * upper) << 16) + upper;
  uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f); /* a tenth of each */
  return ((pairs - 10 * tens) << 8) + tens;
}

/* Eight characters, the one in the lowest byte first. */
static inline void num_put_eight(char *out, uint64_t text) {
  if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) text = __builtin_bswap64(text);
  memcpy(out, &text, 8);
}

#endif
