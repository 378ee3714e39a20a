/* The writer's slow halves. */
#include "proto/wire/writer.h"

static size_t put_varint(uint8_t out[STELE_WIRE_VARINT_MAX], uint64_t value) {
  size_t len = 0;
  for (; value >= 0x80; value >>= 7) out[len++] = (uint8_t)(value | 0x80);
  out[len++] = (uint8_t)value;
  return len;
}

void stele_write_varint_slow(stele_buf *out, uint64_t value) {
  if (!stele_buf_reserve(out, STELE_WIRE_VARINT_MAX)) return;
  out->len += put_varint((uint8_t *)out->ptr + out->len, value);
}

void stele_write_fixed32(stele_buf *out, uint32_t value) {
  uint8_t bytes[4];
  for (unsigned i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (8 * i));
  stele_buf_add(out, bytes, sizeof bytes);
}

void stele_write_fixed64(stele_buf *out, uint64_t value) {
  stele_write_fixed32(out, (uint32_t)value);
  stele_write_fixed32(out, (uint32_t)(value >> 32));
}

/* The content stays at the far end, so it moves to the end of the new memory. */
void stele_back_grow(stele_back *w, size_t more) {
  enum { FIRST = 256 }; /* most messages are small */
  size_t len = stele_back_len(w);
  size_t cap = (size_t)(w->end - w->start);
  size_t want = cap ? cap * 2 : FIRST;
  if (more > SIZE_MAX / 4) more = SIZE_MAX / 4; /* the arena refuses it */
  while (want - len < more) want *= 2;

  uint8_t *start = stele_arena_alloc(w->arena, want, 1);
  if (len != 0) memcpy(start + want - len, w->at, len);
  w->start = start;
  w->end = start + want;
  w->at = w->end - len;
}

void stele_back_varint_slow(stele_back *w, uint64_t value) {
  uint8_t bytes[STELE_WIRE_VARINT_MAX];
  stele_back_add(w, bytes, put_varint(bytes, value));
}
