/* The scan for the next byte of a string that is not itself: '"', '\\' or a
 * control. Strings are mostly schema text, so this loop is most of the cost of
 * reading and writing JSON.
 *
 * Vectors of sixteen bytes in the compilers' own notation: SSE2 on x86-64 and
 * NEON on arm64 without a line of either. */
#include <string.h>

#include "fmt/json_internal.h"

typedef uint8_t byte_vec __attribute__((vector_size(16)));
typedef int8_t mask_vec __attribute__((vector_size(16)));

static bool is_plain(uint8_t byte) {
  return byte >= 0x20 && byte != '"' && byte != '\\';
}

size_t json_scan_plain_bytewise(const char *at, size_t len) {
  size_t i = 0;
  while (i < len && is_plain((uint8_t)at[i])) i++;
  return i;
}

size_t json_scan_plain(const char *at, size_t len) {
  size_t i = 0;
  for (; len - i >= sizeof(byte_vec); i += sizeof(byte_vec)) {
    byte_vec bytes;
    memcpy(&bytes, at + i, sizeof bytes);
    mask_vec hit = (mask_vec)(bytes < 0x20) | (mask_vec)(bytes == '"') | (mask_vec)(bytes == '\\');
    uint64_t halves[2];
    memcpy(halves, &hit, sizeof halves);
    if (halves[0] | halves[1]) break; /* the bytewise scan below finds the place */
  }
  return i + json_scan_plain_bytewise(at + i, len - i);
}
