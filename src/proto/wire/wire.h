/* wire: the protobuf wire format's own numbers: wire types, tags, zigzag.
 *
 * In:   field numbers and integers.   Out: the same, as the wire has them.
 * Source: protobuf.dev, "Encoding".   Deps: none. */
#ifndef STELE_PROTO_WIRE_WIRE_H
#define STELE_PROTO_WIRE_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* The low three bits of a tag. */
typedef enum stele_wire_type {
  STELE_WIRE_VARINT,
  STELE_WIRE_FIXED64,
  STELE_WIRE_DELIMITED,
  STELE_WIRE_GROUP,
  STELE_WIRE_GROUP_END,
  STELE_WIRE_FIXED32,
} stele_wire_type;

enum {
  STELE_WIRE_NUMBER_MAX = 536870911, /* 2^29 - 1 */
  STELE_WIRE_VARINT_MAX = 10,        /* bytes of the longest varint */
};

static inline uint32_t stele_wire_tag(uint32_t number, stele_wire_type type) {
  return number << 3 | (uint32_t)type;
}

static inline uint32_t stele_wire_number(uint32_t tag) {
  return tag >> 3;
}

static inline stele_wire_type stele_wire_type_of(uint32_t tag) {
  return (stele_wire_type)(tag & 7);
}

/* How many bytes the varint of `value` has: 1 to 10. */
static inline size_t stele_wire_varint_len(uint64_t value) {
  unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
  return (bits * 9 + 64) / 64; /* ceil(bits / 7) without a division by seven */
}

/* 0, -1, 1, -2, … as 0, 1, 2, 3, …: the encoding of sint32 and sint64. */
static inline uint64_t stele_wire_zigzag(int64_t value) {
  return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t stele_wire_unzigzag(uint64_t value) {
  return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

/* int32 and enums go as ten bytes when negative. */
static inline uint64_t stele_wire_int32(int32_t value) {
  return (uint64_t)(int64_t)value;
}

#endif
