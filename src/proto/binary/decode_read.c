/* Numbers, tags and lengths that are not short, or stand where the input ends. */
#include "base/utf8.h"
#include "proto/binary/decode_internal.h"
#include "proto/wire/reader.h"

__attribute__((noinline)) const uint8_t *decode_varint_slow(decoder *d, const uint8_t *p) {
  stele_reader r = {.at = p, .end = d->end};
  if (p > d->end) return decode_fail(d, d->end, "the input ends in the middle of a field");
  d->slow = stele_read_varint(&r);
  if (!r.failed) return r.at;
  bool cut = d->end - p < STELE_WIRE_VARINT_MAX;
  return decode_fail(d, p,
                     cut ? "the input ends in the middle of a number" : "a number is too long");
}

__attribute__((noinline)) const uint8_t *decode_tag_slow(decoder *d, const uint8_t *p) {
  const uint8_t *next = decode_varint_slow(d, p);
  if (!next) return NULL;
  if (next - p > TAG_BYTES || d->slow > UINT32_MAX) return decode_fail(d, p, "a tag is too long");
  return next;
}

__attribute__((noinline)) const uint8_t *decode_len_slow(decoder *d, const uint8_t *p,
                                                         const uint8_t *end) {
  const uint8_t *next = decode_varint_slow(d, p);
  if (!next) return NULL;
  if (next - p > LEN_BYTES) return decode_fail(d, p, "a length is too long");
  if (d->slow > STELE_CODEC_MAX || (ptrdiff_t)d->slow > end - next) {
    return decode_fail(d, p, "a length is larger than what is left");
  }
  return next;
}

#ifdef __SSE2__
static inline __m128i load(const uint8_t *p) {
  return _mm_loadu_si128((const __m128i *)(const void *)p);
}
#endif

__attribute__((noinline)) bool decode_is_utf8_long(const uint8_t *p, size_t len) {
#ifdef __SSE2__
  __m128i seen = _mm_setzero_si128();
  if (len > 16) { /* the last sixteen overlap those before */
    for (size_t i = 0; i + 16 < len; i += 16) seen = _mm_or_si128(seen, load(p + i));
    seen = _mm_or_si128(seen, load(p + len - 16));
    if (likely(!_mm_movemask_epi8(seen))) return true;
  }
#endif
  return stele_utf8_is_valid((stele_str){(const char *)p, len});
}
