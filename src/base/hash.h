/* base/hash: fast hashes for tables in memory; never stored, never sent.
 *
 * A table filled by strangers is given a secret seed.
 * Deps: stele/str.h. */
#ifndef STELE_BASE_HASH_H
#define STELE_BASE_HASH_H

#include <stdint.h>
#include <string.h>

#include "stele/str.h"

/* Mixes two words: the 128-bit product, folded. */
static inline uint64_t stele_hash_mix(uint64_t a, uint64_t b) {
  __extension__ unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t stele_hash_u64(uint64_t value, uint64_t seed) {
  return stele_hash_mix(value ^ 0x9e3779b97f4a7c15u, seed ^ 0xe7037ed1a0b428dbu);
}

static inline uint64_t stele_hash_word(const char *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

/* Less than eight bytes as a number, zeros behind the end: no call, no loop. */
static inline uint64_t stele_hash_tail(const char *at, size_t len) {
  if (len >= 4) {
    uint32_t low, high;
    memcpy(&low, at, 4);
    memcpy(&high, at + len - 4, 4);
    return low | (uint64_t)high << (len * 8 - 32);
  }
  if (len == 0) return 0;
  return (uint64_t)(uint8_t)at[0] | (uint64_t)(uint8_t)at[len / 2] << (len / 2 * 8) |
         (uint64_t)(uint8_t)at[len - 1] << (len * 8 - 8);
}

/* A hash of at most 15 bytes that the caller has loaded already: `low` the first
 * eight (zeros behind the end), `high` the last eight of eight or more, else 0.
 * The same number as stele_hash_str gives. */
static inline uint64_t stele_hash_short(uint64_t low, uint64_t high, size_t len, uint64_t seed) {
  uint64_t hash = seed ^ (len * 0x9e3779b97f4a7c15u);
  return stele_hash_mix(low ^ 0xe7037ed1a0b428dbu, high ^ hash ^ 0x8ebc6af09c88c6e3u);
}

/* A hash of the bytes of `text`. */
static inline uint64_t stele_hash_str(stele_str text, uint64_t seed) {
  uint64_t hash = seed ^ (text.len * 0x9e3779b97f4a7c15u);
  const char *at = text.ptr;
  size_t left = text.len;
  for (; left >= 16; at += 16, left -= 16) {
    hash =
        stele_hash_mix(stele_hash_word(at) ^ 0xa0761d6478bd642fu, stele_hash_word(at + 8) ^ hash);
  }
  uint64_t low = 0, high = 0;
  if (left >= 8) {
    low = stele_hash_word(at);
    high = stele_hash_word(at + left - 8);
  } else {
    low = stele_hash_tail(at, left);
  }
  return stele_hash_mix(low ^ 0xe7037ed1a0b428dbu, high ^ hash ^ 0x8ebc6af09c88c6e3u);
}

#endif
