/* fmt/json, inside: the scan for the next byte of a string that is not itself.
 *
 * Strings are most of JSON, so this loop is most of the cost of reading and of
 * writing it. Vectors of sixteen bytes in the compilers' own notation: SSE2 on
 * x86-64 and NEON on arm64 without a line of either. One signed comparison
 * finds controls and all that is not ASCII.
 * Deps: base/utf8.h. */
#ifndef STELE_FMT_JSON_SCAN_H
#define STELE_FMT_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

typedef int8_t json_vec __attribute__((vector_size(16)));

/* ASCII, no control, neither '"' nor '\\'. */
static inline bool json_is_plain(char byte) {
  return (int8_t)byte >= 0x20 && byte != '"' && byte != '\\';
}

/* The first byte of [at, end) that is not plain, or `end`: one at a time. */
static inline const char *json_plain_end_bytewise(const char *at, const char *end) {
  while (at < end && json_is_plain(*at)) at++;
  return at;
}

/* Which of sixteen bytes are not plain: all ones there. */
static inline json_vec json_not_plain(const char *at) {
  json_vec bytes;
  memcpy(&bytes, at, sizeof bytes);
  return (bytes < 0x20) | (bytes == '"') | (bytes == '\\');
}

/* Index of the first byte of a mask that is not zero; 16 if there is none. */
static inline unsigned json_first_of(json_vec mask) {
  uint64_t halves[2];
  memcpy(halves, &mask, sizeof halves);
  bool first_is_low = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
  for (unsigned i = 0; i < 2; i++) {
    if (!halves[i]) continue;
    int bit = first_is_low ? __builtin_ctzll(halves[i]) : __builtin_clzll(halves[i]);
    return 8 * i + (unsigned)bit / 8;
  }
  return sizeof halves;
}

/* The same answer, sixteen at a time. */
static inline const char *json_plain_end(const char *at, const char *end) {
  for (; end - at >= (ptrdiff_t)sizeof(json_vec); at += sizeof(json_vec)) {
    unsigned first = json_first_of(json_not_plain(at));
    if (first < sizeof(json_vec)) return at + first;
  }
  return json_plain_end_bytewise(at, end);
}

/* The end of the bytes from `at` on that stand for themselves in a string:
 * plain ones and whole sequences of UTF-8. */
static inline const char *json_text_end(const char *at, const char *end) {
  for (;;) {
    at = json_plain_end(at, end);
    size_t wide = at < end && (uint8_t)*at >= 0x80 ? stele_utf8_wide_len(at, end) : 0;
    if (!wide) return at;
    at += wide;
  }
}

#endif
