/* binary/encode_internal: what the parts of the encoder share.
 *
 * `p` is the first byte that was written; it travels through the functions as
 * a value and stays in a register. Everything is written in front of it. While
 * a message is written there is room for all of its fields but what is in texts
 * and messages: those ask for more.
 * Deps: base, proto/message, proto/wire. */
#ifndef STELE_PROTO_BINARY_ENCODE_INTERNAL_H
#define STELE_PROTO_BINARY_ENCODE_INTERNAL_H

#include "proto/binary/binary.h"

enum {
  DEEPEST = 10000,
  ROOM = 32, /* a tag, a length and a number, with what a fast store may touch */
};

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Bytes written back to front: [at, end), with room from `start` on. */
typedef struct encode_buffer {
  stele_arena *arena;
  uint8_t *start, *at, *end;
  bool takes_rest; /* of the arena's chunk, to give back what it does not need */
} encode_buffer;

/* A message that waits for one inside it. */
typedef struct encode_frame {
  const stele_object *o;
  uint64_t bits; /* fields still to be written, of 64 */
  uint32_t word; /* which 64 */
  uint32_t left; /* of a repeated field: elements still to be written */
  const layout_field *f;
  size_t before; /* bytes that were there when the one inside began */
} encode_frame;

typedef struct encoder {
  uint8_t *start, *end;
  stele_arena *arena;
  encode_frame *frames, *frames_end;
  size_t used;    /* frames of the calls around this one */
  uint32_t depth; /* frames there may be */
  bool deterministic, is_partial, takes_rest;
} encoder;

/* ---- Room ------------------------------------------------------------------------ */

uint8_t *encode_grow(encoder *e, uint8_t *p, size_t more);

static inline uint8_t *encode_room(encoder *e, uint8_t *p, size_t more) {
  return likely((size_t)(p - e->start) >= more) ? p : encode_grow(e, p, more);
}

/* ---- Writing where there is room ---------------------------------------------------- */

/* Three to ten bytes: the sevens are pulled apart in one word and stored at
 * once, touching eight bytes below `p`. */
static inline uint8_t *encode_varint_long(uint8_t *p, uint64_t value) {
  if (value >> 56) {
    size_t len = stele_wire_varint_len(value);
    p -= len;
    for (size_t i = 0; i + 1 < len; i++, value >>= 7) p[i] = (uint8_t)(value | 0x80);
    p[len - 1] = (uint8_t)value;
    return p;
  }
  unsigned len = (unsigned)stele_wire_varint_len(value);
  uint64_t x = (value & 0x000000000fffffffu) | (value & 0x00fffffff0000000u) << 4;
  x = (x & 0x00003fff00003fffu) | (x & 0x0fffc0000fffc000u) << 2;
  x = (x & 0x007f007f007f007fu) | (x & 0x3f803f803f803f80u) << 1;
  x |= 0x8080808080808080u & ((UINT64_C(1) << (8 * len - 8)) - 1);
  x <<= 64 - 8 * len;
  memcpy(p - 8, &x, 8);
  return p - len;
}

static inline uint8_t *encode_varint(uint8_t *p, uint64_t value) {
  if (likely(value < 0x80)) {
    *--p = (uint8_t)value;
    return p;
  }
  if (value < 0x4000) {
    *--p = (uint8_t)(value >> 7);
    *--p = (uint8_t)(value | 0x80);
    return p;
  }
  return encode_varint_long(p, value);
}

/* Short texts without a call: two stores that may overlap. */
static inline void encode_copy(uint8_t *to, const char *from, size_t len) {
  if (likely(len <= 16)) {
    uint64_t head, tail;
    uint32_t low, high;
    if (len >= 8) {
      memcpy(&head, from, 8);
      memcpy(&tail, from + len - 8, 8);
      memcpy(to, &head, 8);
      memcpy(to + len - 8, &tail, 8);
    } else if (len >= 4) {
      memcpy(&low, from, 4);
      memcpy(&high, from + len - 4, 4);
      memcpy(to, &low, 4);
      memcpy(to + len - 4, &high, 4);
    } else if (len) {
      to[0] = (uint8_t)from[0];
      to[len / 2] = (uint8_t)from[len / 2];
      to[len - 1] = (uint8_t)from[len - 1];
    }
    return;
  }
  memcpy(to, from, len);
}

static inline uint64_t encode_number_of(layout_code code, const void *slot) {
  uint64_t large;
  uint32_t small;
  if (code == LAYOUT_BOOL) return *(const uint8_t *)slot != 0;
  if (code == LAYOUT_INT64 || code == LAYOUT_SINT64) {
    memcpy(&large, slot, 8);
    return code == LAYOUT_INT64 ? large : stele_wire_zigzag((int64_t)large);
  }
  memcpy(&small, slot, 4);
  if (code == LAYOUT_UINT32) return small;
  if (code == LAYOUT_SINT32) return (uint32_t)stele_wire_zigzag((int32_t)small);
  return stele_wire_int32((int32_t)small);
}

/* ---- Parts -------------------------------------------------------------------------- */

/* A whole object in front of what the buffer holds, and the header in front of it. False: something
 * lacks a required field. */
bool encode_object(encode_buffer *out, const stele_object *o, const stele_encode_options *options);
/* A whole message; nothing around it is known. */
uint8_t *encode_message(encoder *e, uint8_t *p, const stele_object *o);
/* One inside another, with its length in front. */
uint8_t *encode_inner(encoder *e, uint8_t *p, const stele_object *o);

/* These ask for their room. */
uint8_t *encode_many(encoder *e, uint8_t *p, const layout_field *f, layout_array array);
uint8_t *encode_packed(encoder *e, uint8_t *p, const layout_field *f, layout_array array);
uint8_t *encode_map(encoder *e, uint8_t *p, const stele_object *o, const layout_field *f);
uint8_t *encode_set_item(encoder *e, uint8_t *p, const layout_field *f, const stele_object *sub);
uint8_t *encode_unknown(encoder *e, uint8_t *p, const object_extra *extra);

#endif
