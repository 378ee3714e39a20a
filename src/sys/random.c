/* getrandom for secrets; xoshiro256** (Blackman and Vigna) for the rest. */
#include "sys/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void sys_random(void *out, size_t len) {
  uint8_t *at = out;
  while (len) {
    ssize_t got = getrandom(at, len, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) abort();
    at += got;
    len -= (size_t)got;
  }
}

void sys_prng_init(sys_prng *prng) {
  do {
    sys_random(prng->state, sizeof prng->state);
  } while (!(prng->state[0] | prng->state[1] | prng->state[2] | prng->state[3]));
}

static uint64_t rotate(uint64_t word, int by) {
  return word << by | word >> (64 - by);
}

uint64_t sys_prng_next(sys_prng *prng) {
  uint64_t *s = prng->state;
  uint64_t result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

void sys_uuid_print(sys_prng *prng, char out[SYS_UUID_TEXT]) {
  static const char hex[] = "0123456789abcdef";
  /* Where byte i goes: two digits, with dashes after bytes 3, 5, 7 and 9. */
  static const uint8_t place[16] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  uint8_t bytes[16];
  uint64_t words[2] = {sys_prng_next(prng), sys_prng_next(prng)};
  memcpy(bytes, words, sizeof bytes);
  bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
  bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
  out[8] = out[13] = out[18] = out[23] = '-';
  for (size_t i = 0; i < sizeof bytes; i++) {
    out[place[i]] = hex[bytes[i] >> 4];
    out[place[i] + 1] = hex[bytes[i] & 15];
  }
}
