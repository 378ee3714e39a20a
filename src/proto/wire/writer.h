/* wire/writer: writes protobuf bytes, forwards into a buffer or back to front.
 *
 * Forwards is for runs without nesting. Back to front is for messages: a
 * length is known when it is written, because what it counts is there
 * already, so there is neither a pass for sizes nor a move to make room.
 * Deps: base/buf.h, proto/wire/wire.h. */
#ifndef STELE_PROTO_WIRE_WRITER_H
#define STELE_PROTO_WIRE_WRITER_H

#include "base/buf.h"
#include "proto/wire/wire.h"

/* Forwards: appends to `out`, whose failure sticks. */
void stele_write_varint_slow(stele_buf *out, uint64_t value);

static inline void stele_write_varint(stele_buf *out, uint64_t value) {
  if (value < 0x80) {
    stele_buf_add_byte(out, (uint8_t)value);
  } else {
    stele_write_varint_slow(out, value);
  }
}

void stele_write_fixed32(stele_buf *out, uint32_t value);
void stele_write_fixed64(stele_buf *out, uint64_t value);

static inline void stele_write_tag(stele_buf *out, uint32_t number, stele_wire_type type) {
  stele_write_varint(out, stele_wire_tag(number, type));
}

static inline void stele_write_varint_field(stele_buf *out, uint32_t number, uint64_t value) {
  stele_write_tag(out, number, STELE_WIRE_VARINT);
  stele_write_varint(out, value);
}

static inline void stele_write_bytes_field(stele_buf *out, uint32_t number, stele_bytes bytes) {
  stele_write_tag(out, number, STELE_WIRE_DELIMITED);
  stele_write_varint(out, bytes.len);
  stele_buf_add(out, bytes.ptr, bytes.len);
}

/* Back to front: `at` moves down from `end`; what was written is [at, end).
 * It grows in `arena` by doubling, so it cannot fail. All zero but for the
 * arena is an empty one; `clear` keeps the memory. */
typedef struct stele_back {
  uint8_t *start;
  uint8_t *at;
  uint8_t *end;
  stele_arena *arena;
} stele_back;

void stele_back_grow(stele_back *w, size_t more);

static inline void stele_back_init(stele_back *w, stele_arena *arena) {
  *w = (stele_back){.arena = arena};
}

static inline void stele_back_clear(stele_back *w) {
  w->at = w->end;
}

static inline size_t stele_back_len(const stele_back *w) {
  return (size_t)(w->end - w->at);
}

/* What was written; borrowed until the next write. */
static inline stele_bytes stele_back_bytes(const stele_back *w) {
  return (stele_bytes){w->at, stele_back_len(w)};
}

/* Moves down by `len` bytes, which the caller fills. */
static inline uint8_t *stele_back_take(stele_back *w, size_t len) {
  if ((size_t)(w->at - w->start) < len) stele_back_grow(w, len);
  return w->at -= len;
}

static inline void stele_back_add(stele_back *w, const void *bytes, size_t len) {
  if (len != 0) memcpy(stele_back_take(w, len), bytes, len);
}

void stele_back_varint_slow(stele_back *w, uint64_t value);

/* Lengths and tags of two bytes are as many as those of one. */
static inline void stele_back_varint(stele_back *w, uint64_t value) {
  if (value < 0x80) {
    *stele_back_take(w, 1) = (uint8_t)value;
  } else if (value < 0x4000) {
    uint8_t *to = stele_back_take(w, 2);
    to[0] = (uint8_t)(value | 0x80);
    to[1] = (uint8_t)(value >> 7);
  } else {
    stele_back_varint_slow(w, value);
  }
}

static inline void stele_back_tag(stele_back *w, uint32_t number, stele_wire_type type) {
  stele_back_varint(w, stele_wire_tag(number, type));
}

static inline void stele_back_varint_field(stele_back *w, uint32_t number, uint64_t value) {
  stele_back_varint(w, value);
  stele_back_tag(w, number, STELE_WIRE_VARINT);
}

static inline void stele_back_bytes_field(stele_back *w, uint32_t number, stele_bytes bytes) {
  stele_back_add(w, bytes.ptr, bytes.len);
  stele_back_varint(w, bytes.len);
  stele_back_tag(w, number, STELE_WIRE_DELIMITED);
}

static inline void stele_back_str_field(stele_back *w, uint32_t number, stele_str text) {
  stele_back_bytes_field(w, number, stele_str_bytes(text));
}

/* Puts length and tag before what was written since `len` was `before`. */
static inline void stele_back_wrap(stele_back *w, uint32_t number, size_t before) {
  stele_back_varint(w, stele_back_len(w) - before);
  stele_back_tag(w, number, STELE_WIRE_DELIMITED);
}

#endif
