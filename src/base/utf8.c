/* Eight ASCII bytes at a time, then the table of RFC 3629, section 4; long texts
 * by vectors, which give the same answer. */
#include "base/utf8.h"

#include "base/utf8_wide.h"

static bool is_tail(uint8_t byte) {
  return (byte & 0xc0) == 0x80;
}

/* Length of the sequence at `at`, or 0 where it is not valid. */
static size_t sequence_len(const uint8_t *at, size_t left) {
  uint8_t lead = at[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return left >= 2 && is_tail(at[1]) ? 2 : 0;
  if (lead < 0xf0) {
    if (left < 3 || !is_tail(at[1]) || !is_tail(at[2])) return 0;
    if (lead == 0xe0 && at[1] < 0xa0) return 0; /* overlong */
    if (lead == 0xed && at[1] > 0x9f) return 0; /* surrogate */
    return 3;
  }
  if (left < 4 || !is_tail(at[1]) || !is_tail(at[2]) || !is_tail(at[3])) return 0;
  if (lead == 0xf0 && at[1] < 0x90) return 0; /* overlong */
  if (lead == 0xf4 && at[1] > 0x8f) return 0; /* above U+10FFFF */
  return 4;
}

size_t stele_utf8_valid_len(stele_str text) {
  const uint8_t *bytes = (const uint8_t *)text.ptr;
  size_t at = 0;
  while (at < text.len) {
    if (text.len - at >= 8) {
      uint64_t word;
      memcpy(&word, bytes + at, 8);
      if (!(word & 0x8080808080808080u)) {
        at += 8;
        continue;
      }
    }
    size_t len = sequence_len(bytes + at, text.len - at);
    if (!len) return at;
    at += len;
  }
  return at;
}

size_t stele_utf8_wide_len(const char *at, const char *end) {
  const uint8_t *bytes = (const uint8_t *)at;
  size_t len = 0, left = (size_t)(end - at);
  while (len < left && bytes[len] >= 0x80) {
    size_t one = sequence_len(bytes + len, left - len);
    if (!one) break;
    len += one;
  }
  return len;
}

bool stele_utf8_is_valid(stele_str text) {
#ifdef UTF8_WIDE
  enum { WIDE = 48 }; /* bytes from which on vectors are faster */
  if (text.len >= WIDE && __builtin_cpu_supports("ssse3")) {
    return utf8_is_valid_wide((const uint8_t *)text.ptr, text.len);
  }
#endif
  return stele_utf8_valid_len(text) == text.len;
}

size_t stele_utf8_encode(char out[4], uint32_t code) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (size_t i = len - 1; i > 0; i--) {
    out[i] = (char)(0x80 | (code & 0x3f));
    code >>= 6;
  }
  static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  out[0] = (char)(leads[len] | code);
  return len;
}
