/* Repeated numbers in one piece, and those that came in the other packing. */
#include "proto/binary/decode_internal.h"

static layout_array *array_for(decoder *d, stele_object *o, const layout_field *f) {
  return object_array_new(d->arena, o, f);
}

static size_t count_varints(const uint8_t *p, const uint8_t *end) {
  size_t count = 0;
  for (; p < end; p++) count += *p < 0x80;
  return count;
}

static inline const uint8_t *varints_of(decoder *d, const uint8_t *p, const uint8_t *end,
                                        layout_array *array, layout_code code) {
  uint32_t bytes = layout_code_bytes[code];
  uint8_t *to = (uint8_t *)array->at + (size_t)array->count * bytes;
  uint8_t *first = to;
  while (p < end) {
    uint64_t value = 0;
    p = decode_varint_anywhere(d, p, &value);
    if (unlikely(!p || p > end)) break; /* one that goes on behind the end was not counted */
    decode_store(code, to, value);
    to += bytes;
  }
  array->count += (uint32_t)((size_t)(to - first) / bytes);
  if (unlikely(p && p != end)) {
    return decode_fail(d, end, "a packed number goes on behind its field");
  }
  return p;
}

static const uint8_t *packed_varints(decoder *d, const uint8_t *p, const uint8_t *end,
                                     layout_array *array, layout_code code) {
  size_t count = count_varints(p, end);
  uint32_t bytes = layout_code_bytes[code];
  if (array->cap - array->count < count) array_grow(d->arena, array, bytes, (uint32_t)count);
  switch ((int)code) { /* one loop each, so that the code is a constant in it */
  case LAYOUT_BOOL: return varints_of(d, p, end, array, LAYOUT_BOOL);
  case LAYOUT_INT64: return varints_of(d, p, end, array, LAYOUT_INT64);
  case LAYOUT_SINT64: return varints_of(d, p, end, array, LAYOUT_SINT64);
  case LAYOUT_SINT32: return varints_of(d, p, end, array, LAYOUT_SINT32);
  default: return varints_of(d, p, end, array, LAYOUT_INT32);
  }
}

static const uint8_t *packed_enums(decoder *d, const uint8_t *p, const uint8_t *end,
                                   stele_object *o, const layout_field *f, layout_array *array) {
  while (p < end) {
    uint64_t value = 0;
    p = decode_varint_anywhere(d, p, &value);
    if (!p) return NULL;
    if (decode_has_value(f, value)) {
      decode_store(LAYOUT_CLOSED_ENUM, array_add(d->arena, array, 4), value);
    } else {
      decode_keep_enum(d, o, f, value);
    }
  }
  return p == end ? p : decode_fail(d, end, "a packed number goes on behind its field");
}

static const uint8_t *packed_fixed(decoder *d, const uint8_t *p, size_t len, layout_array *array,
                                   uint32_t bytes) {
  uint32_t count = (uint32_t)(len / bytes);
  if (len % bytes) return decode_fail(d, p, "a packed field is not a whole number of values");
  if (array->cap - array->count < count) array_grow(d->arena, array, bytes, count);
  memcpy((uint8_t *)array->at + (size_t)array->count * bytes, p, len);
  array->count += count;
  return p + len;
}

__attribute__((noinline)) const uint8_t *decode_packed(decoder *d, const uint8_t *p,
                                                       const uint8_t *end, stele_object *o,
                                                       const layout_field *f) {
  size_t len = 0;
  layout_code code = layout_code_of(f);
  p = decode_len_anywhere(d, p, end, &len);
  if (!p || len == 0) return p;
  bool was_set = object_has(o, f);
  layout_array *array = array_for(d, o, f);
  if (code == LAYOUT_FIXED32 || code == LAYOUT_FIXED64) {
    p = packed_fixed(d, p, len, array, layout_code_bytes[code]);
  } else if (code == LAYOUT_CLOSED_ENUM) {
    p = packed_enums(d, p, p + len, o, f, array);
  } else {
    p = packed_varints(d, p, p + len, array, code);
  }
  if (!was_set && array->count == 0) object_unmark(o, f);
  return p;
}

/* ---- The other packing ---------------------------------------------------------- */

bool decode_is_other_packing(const layout_field *f, uint32_t tag) {
  layout_shape shape = layout_shape_of(f);
  layout_code code = layout_code_of(f);
  if (shape != LAYOUT_MANY && shape != LAYOUT_PACKED) return false;
  if (code >= LAYOUT_STRING) return false;
  stele_wire_type wire = stele_wire_type_of(tag);
  return wire == STELE_WIRE_DELIMITED || wire == (stele_wire_type)layout_code_wire[code];
}

__attribute__((noinline)) const uint8_t *decode_other_packing(decoder *d, const uint8_t *p,
                                                              const uint8_t *end, stele_object *o,
                                                              const layout_field *f, uint32_t tag) {
  layout_code code = layout_code_of(f);
  uint64_t value = 0;
  if (stele_wire_type_of(tag) == STELE_WIRE_DELIMITED) return decode_packed(d, p, end, o, f);
  uint32_t bytes = layout_code_bytes[code];
  if (code == LAYOUT_FIXED32 || code == LAYOUT_FIXED64) {
    if (end - p < (ptrdiff_t)bytes) return decode_fail(d, p, "a number is cut off");
    memcpy(array_add(d->arena, array_for(d, o, f), bytes), p, bytes);
    return p + bytes;
  }
  const uint8_t *at = p;
  p = decode_varint_anywhere(d, p, &value);
  if (!p) return NULL;
  if (code == LAYOUT_CLOSED_ENUM && !decode_has_value(f, value)) {
    decode_keep_enum_at(d, o, f, at, p);
    return p;
  }
  decode_store(code, array_add(d->arena, array_for(d, o, f), bytes), value);
  return p;
}
