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

/* ---- Texts that do not stay where they are ------------------------------------------- */

enum {
  PROBE = 512, /* bytes of the input in which texts are counted */
  PIECE = 1 << 16,
  AT_ONCE = 1024,
};

/* Copies what stands from the text on, as far as a piece goes. */
static const char *copy_piece(decoder *d, const uint8_t *p, size_t len) {
  size_t size = len > PIECE ? len : PIECE;
  if (size > (size_t)(d->end - p)) size = (size_t)(d->end - p);
  uint8_t *copy = stele_arena_alloc(d->arena, size, 1);
  /* Much at once is copied by an instruction of the processor that takes three times as long where
     the two addresses lie badly to each other. */
  for (size_t i = 0; i < size; i += AT_ONCE) {
    memcpy(copy + i, p + i, size - i < AT_ONCE ? size - i : AT_ONCE);
  }
  d->piece = p;
  d->piece_end = d->probe = p + size;
  d->piece_shift = copy - p;
  return (const char *)copy;
}

void decode_texts_init(decoder *d, stele_bytes in) {
  d->probe = in.ptr;
  d->probed = 0;
  texts_init(&d->texts, d->arena, in.len);
}

/* Where much of the input is text, it is copied in pieces, which is a multiple faster;
 * elsewhere texts are copied alone. Every now and then they are counted. */
__attribute__((noinline)) const char *decode_text_apart(decoder *d, const uint8_t *p, size_t len) {
  if (unlikely(p - d->probe >= PROBE)) {
    bool is_dense = d->probed * 5 >= (size_t)(p - d->probe) * 2;
    d->probe = p;
    d->probed = 0;
    if (is_dense) return copy_piece(d, p, len);
  }
  d->probed += len;
  return likely(len <= TEXTS_SHORT) ? texts_copy_short(&d->texts, p, len)
                                    : texts_copy_long(&d->texts, p, len);
}

/* ---- Room for what follows ---------------------------------------------------------- */

/* A tag of a byte or two, which may be read. */
static inline bool comes_tag(const uint8_t *p, uint32_t tag) {
  if (tag < 0x80) return p[0] == tag;
  return p[0] == ((tag & 0x7f) | 0x80) && p[1] == tag >> 7;
}

uint32_t decode_count_run(const layout_field *f, const uint8_t *p, const uint8_t *end,
                          uint32_t before) {
  enum { MANY = 64 };
  uint32_t count = 0;
  ptrdiff_t tag_len = f->tag < 0x80 ? 1 : 2;
  if (before < MANY) return 0;
  while (end - p > tag_len && comes_tag(p, f->tag)) {
    const uint8_t *value = p + tag_len + 1;
    size_t len = value[-1];
    if (len >= 0x80) {
      stele_reader r = {.at = value - 1, .end = end};
      len = stele_read_varint(&r);
      value = r.at;
      if (r.failed) break;
    }
    if (len > (size_t)(end - value)) break;
    p = value + len;
    count++;
  }
  return count;
}

__attribute__((noinline)) void decode_grow(decoder *d, layout_array *array, uint32_t bytes,
                                           const layout_field *f, const uint8_t *p,
                                           const uint8_t *end) {
  array_grow(d->arena, array, bytes, 1 + decode_count_run(f, p, end, array->count));
}
