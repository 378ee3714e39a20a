/* Encoding, back to front: a length is known when it is written, because what
 * it counts is there already. The presence bits are walked from the top, so
 * fields come out by number.
 *
 * `p` is the first byte that was written; it travels through the functions as
 * a value and stays in a register. Room for a tag and a number is asked for
 * once per value. */
#include "base/guard.h"
#include "proto/binary/binary.h"

enum {
  DEEPEST = 10000,
  ROOM = 32, /* a tag, a length and a number, with what a fast store may touch */
  FIRST = 256,
};

#define likely(x) __builtin_expect(!!(x), 1)

typedef struct encoder {
  uint8_t *start, *end;
  stele_arena *arena;
  uint32_t depth;
  bool deterministic, is_partial;
} encoder;

static uint8_t *encode_object(encoder *e, uint8_t *p, const stele_object *o);

/* ---- Writing -------------------------------------------------------------------- */

static __attribute__((noinline)) uint8_t *grow(encoder *e, uint8_t *p, size_t more) {
  size_t len = (size_t)(e->end - p), cap = (size_t)(e->end - e->start);
  if (len + more > STELE_CODEC_MAX) {
    stele_guard_leave(e->arena, STELE_LIMIT, "the message has more than %d bytes", STELE_CODEC_MAX);
  }
  if (cap < FIRST) cap = FIRST;
  while (cap - len < more) cap *= 2;
  uint8_t *start = stele_arena_alloc(e->arena, cap, 1);
  if (len) memcpy(start + cap - len, p, len);
  e->start = start;
  e->end = start + cap;
  return e->end - len;
}

static inline uint8_t *room(encoder *e, uint8_t *p, size_t more) {
  return likely((size_t)(p - e->start) >= more) ? p : grow(e, p, more);
}

/* Three to ten bytes: the sevens are pulled apart in one word and stored at
 * once, touching eight bytes below `p`. */
static inline uint8_t *put_varint_long(uint8_t *p, uint64_t value) {
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

static inline uint8_t *put_varint(uint8_t *p, uint64_t value) {
  if (likely(value < 0x80)) {
    *--p = (uint8_t)value;
    return p;
  }
  if (value < 0x4000) {
    *--p = (uint8_t)(value >> 7);
    *--p = (uint8_t)(value | 0x80);
    return p;
  }
  return put_varint_long(p, value);
}

/* Short texts without a call: two stores that may overlap. */
static inline void copy_text(uint8_t *to, const char *from, size_t len) {
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

static inline uint8_t *put_bytes(encoder *e, uint8_t *p, stele_str bytes) {
  p = room(e, p, bytes.len + ROOM);
  p -= bytes.len;
  copy_text(p, bytes.ptr, bytes.len);
  return put_varint(p, bytes.len);
}

/* ---- Values ------------------------------------------------------------------------ */

static inline uint64_t varint_of(layout_code code, const void *slot) {
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

static uint8_t *put_message(encoder *e, uint8_t *p, const stele_object *sub) {
  size_t before = (size_t)(e->end - p);
  if (e->depth == 0) {
    stele_guard_leave(e->arena, STELE_LIMIT, "messages are nested more than %d deep", DEEPEST);
  }
  e->depth--;
  p = encode_object(e, p, sub);
  e->depth++;
  p = room(e, p, ROOM);
  return put_varint(p, (size_t)(e->end - p) - before);
}

static uint8_t *put_group(encoder *e, uint8_t *p, const stele_object *sub, uint32_t tag) {
  p = room(e, p, ROOM);
  p = put_varint(p, tag + (STELE_WIRE_GROUP_END - STELE_WIRE_GROUP));
  if (e->depth == 0) {
    stele_guard_leave(e->arena, STELE_LIMIT, "messages are nested more than %d deep", DEEPEST);
  }
  e->depth--;
  p = encode_object(e, p, sub);
  e->depth++;
  return room(e, p, ROOM);
}

/* One value and its tag. */
static inline uint8_t *put_value(encoder *e, uint8_t *p, layout_code code, const void *slot,
                                 uint32_t tag) {
  switch (code) {
  case LAYOUT_FIXED32:
    p = room(e, p, ROOM) - 4;
    memcpy(p, slot, 4);
    break;
  case LAYOUT_FIXED64:
    p = room(e, p, ROOM) - 8;
    memcpy(p, slot, 8);
    break;
  case LAYOUT_STRING:
  case LAYOUT_BYTES: p = put_bytes(e, p, *(const stele_str *)slot); break;
  case LAYOUT_MESSAGE: p = put_message(e, p, *(stele_object *const *)slot); break;
  case LAYOUT_GROUP: p = put_group(e, p, *(stele_object *const *)slot, tag); break;
  case LAYOUT_INT32:
  case LAYOUT_UINT32:
  case LAYOUT_SINT32:
  case LAYOUT_INT64:
  case LAYOUT_SINT64:
  case LAYOUT_BOOL:
  case LAYOUT_CLOSED_ENUM:
  case LAYOUT_CODE_COUNT: p = put_varint(room(e, p, ROOM), varint_of(code, slot)); break;
  }
  return put_varint(p, tag);
}

/* ---- Repeated fields ------------------------------------------------------------------ */

static __attribute__((noinline)) uint8_t *put_many(encoder *e, uint8_t *p, const layout_field *f,
                                                   layout_array array) {
  layout_code code = layout_code_of(f);
  size_t bytes = layout_code_bytes[code];
  for (size_t i = array.count; i-- > 0;) {
    p = put_value(e, p, code, (const uint8_t *)array.at + i * bytes, f->tag);
  }
  return p;
}

static __attribute__((noinline)) uint8_t *put_packed(encoder *e, uint8_t *p, const layout_field *f,
                                                     layout_array array) {
  layout_code code = layout_code_of(f);
  size_t bytes = layout_code_bytes[code], before = (size_t)(e->end - p);
  if (code == LAYOUT_FIXED32 || code == LAYOUT_FIXED64) {
    size_t len = array.count * bytes;
    p = room(e, p, len + ROOM) - len;
    memcpy(p, array.at, len);
  } else {
    for (size_t i = array.count; i-- > 0;) {
      p = put_varint(room(e, p, ROOM), varint_of(code, (const uint8_t *)array.at + i * bytes));
    }
  }
  p = room(e, p, ROOM);
  p = put_varint(p, (size_t)(e->end - p) - before);
  return put_varint(p, f->tag);
}

/* ---- Maps -------------------------------------------------------------------------------- */

static __attribute__((noinline)) uint8_t *put_map(encoder *e, uint8_t *p, const stele_object *o,
                                                  const layout_field *f) {
  const stele_layout *layout = layout_sub_layout(f);
  const layout_field *key = &layout->fields[0], *value = &layout->fields[1];
  layout_code key_code = layout_code_of(key), value_code = layout_code_of(value);
  const object_dict *dict = object_dict_of(o, f);
  const stele_entry **sorted = NULL;
  if (e->deterministic) sorted = dict_sorted(e->arena, dict, layout->info[0].field);
  for (uint32_t i = dict->count; i-- > 0;) {
    const stele_entry *entry = sorted ? sorted[i] : &dict->entries[i];
    size_t before = (size_t)(e->end - p);
    p = put_value(e, p, value_code, &entry->value, value->tag);
    p = put_value(e, p, key_code, &entry->key, key->tag);
    p = room(e, p, ROOM);
    p = put_varint(p, (size_t)(e->end - p) - before);
    p = put_varint(p, f->tag);
  }
  return p;
}

/* ---- Objects ------------------------------------------------------------------------------ */

/* A MessageSet's item: a group 1 of { type_id = 2, message = 3 }. */
static uint8_t *put_set_item(encoder *e, uint8_t *p, const layout_field *f,
                             const stele_object *sub) {
  p = room(e, p, ROOM);
  *--p = 1 << 3 | STELE_WIRE_GROUP_END;
  p = put_message(e, p, sub);
  *--p = 3 << 3 | STELE_WIRE_DELIMITED;
  p = put_varint(room(e, p, ROOM), stele_wire_number(f->tag));
  *--p = 2 << 3 | STELE_WIRE_VARINT;
  *--p = 1 << 3 | STELE_WIRE_GROUP;
  return p;
}

static __attribute__((noinline)) uint8_t *put_unknown(encoder *e, uint8_t *p,
                                                      const object_extra *extra) {
  for (uint32_t i = extra->unknown_count; i-- > 0;) {
    size_t len = extra->unknown[i].len;
    p = room(e, p, len + ROOM) - len;
    memcpy(p, extra->unknown[i].ptr, len);
  }
  return p;
}

#define ONE(code) LAYOUT_OP(LAYOUT_ONE, LAYOUT_##code)
#define MANY(code) LAYOUT_OP(LAYOUT_MANY, LAYOUT_##code)
#define PACKED(code) LAYOUT_OP(LAYOUT_PACKED, LAYOUT_##code)
#define EACH_CODE(shape)                                                                           \
  case shape(INT32):                                                                               \
  case shape(UINT32):                                                                              \
  case shape(SINT32):                                                                              \
  case shape(INT64):                                                                               \
  case shape(SINT64):                                                                              \
  case shape(BOOL):                                                                                \
  case shape(CLOSED_ENUM):                                                                         \
  case shape(FIXED32):                                                                             \
  case shape(FIXED64)

static inline uint8_t *put_field(encoder *e, uint8_t *p, const stele_object *o,
                                 const layout_field *f) {
  const void *slot = (const uint8_t *)o + f->offset;
  uint32_t op = f->op;
dispatch:
  switch (op) { /* one number for code and shape: one jump */
  case ONE(INT32):
  case ONE(CLOSED_ENUM): return put_value(e, p, LAYOUT_INT32, slot, f->tag);
  case ONE(UINT32): return put_value(e, p, LAYOUT_UINT32, slot, f->tag);
  case ONE(SINT32): return put_value(e, p, LAYOUT_SINT32, slot, f->tag);
  case ONE(INT64): return put_value(e, p, LAYOUT_INT64, slot, f->tag);
  case ONE(SINT64): return put_value(e, p, LAYOUT_SINT64, slot, f->tag);
  case ONE(BOOL): return put_value(e, p, LAYOUT_BOOL, slot, f->tag);
  case ONE(FIXED32): return put_value(e, p, LAYOUT_FIXED32, slot, f->tag);
  case ONE(FIXED64): return put_value(e, p, LAYOUT_FIXED64, slot, f->tag);
  case ONE(STRING):
  case ONE(BYTES): return put_value(e, p, LAYOUT_STRING, slot, f->tag);
  case ONE(MESSAGE):
    if (__builtin_expect(o->layout->is_message_set, 0)) {
      return put_set_item(e, p, f, *(stele_object *const *)slot);
    }
    return put_value(e, p, LAYOUT_MESSAGE, slot, f->tag);
  case ONE(GROUP):
    return put_value(e, p, LAYOUT_GROUP, slot, f->tag);
    EACH_CODE(MANY)
        : case MANY(STRING)
        : case MANY(BYTES)
        : case MANY(MESSAGE)
        : case MANY(GROUP) : return put_many(e, p, f, *(const layout_array *)slot);
    EACH_CODE(PACKED) : return put_packed(e, p, f, *(const layout_array *)slot);
  case LAYOUT_OP(LAYOUT_MAP, LAYOUT_MESSAGE): return put_map(e, p, o, f);
  default:
    op -= LAYOUT_PLAIN_OPS;
    slot = object_slot(o, f);
    goto dispatch;
  }
}

static uint8_t *encode_object(encoder *e, uint8_t *p, const stele_object *o) {
  const layout_field *fields = o->layout->fields;
  if (o->extra) p = put_unknown(e, p, o->extra);
  if (o->layout->required && !object_has_required(o)) e->is_partial = true;
  for (uint32_t word = o->layout->bit_words; word-- > 0;) {
    uint32_t bits = o->head[word];
    while (bits) {
      uint32_t bit = (uint32_t)__builtin_clz(bits) ^ 31;
      bits ^= 1u << bit;
      p = put_field(e, p, o, &fields[word * 32 + bit]);
    }
  }
  return p;
}

bool binary_encode(binary_out *out, const stele_object *o, bool deterministic) {
  encoder e = {.start = out->start,
               .end = out->end,
               .arena = out->arena,
               .depth = DEEPEST,
               .deterministic = deterministic};
  out->at = encode_object(&e, out->at, o);
  out->start = e.start;
  out->end = e.end;
  if (out->end - out->at > STELE_CODEC_MAX) {
    stele_guard_leave(out->arena, STELE_LIMIT, "the message has more than %d bytes",
                      STELE_CODEC_MAX);
  }
  return !e.is_partial;
}
