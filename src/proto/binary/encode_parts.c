/* Fields of several values that are no messages, and the seldom cases. */
#include "proto/binary/encode_internal.h"

/* One value of a number or text and its tag. */
static inline uint8_t *put_value(encoder *e, uint8_t *p, layout_code code, const void *slot,
                                 uint32_t tag) {
  const stele_str *text = slot;
  switch (code) {
  case LAYOUT_FIXED32:
    p = encode_room(e, p, ROOM) - 4;
    memcpy(p, slot, 4);
    break;
  case LAYOUT_FIXED64:
    p = encode_room(e, p, ROOM) - 8;
    memcpy(p, slot, 8);
    break;
  case LAYOUT_STRING:
  case LAYOUT_BYTES:
    p = encode_room(e, p, text->len + ROOM) - text->len;
    encode_copy(p, text->ptr, text->len);
    p = encode_varint(p, text->len);
    break;
  case LAYOUT_MESSAGE:
  case LAYOUT_GROUP: p = encode_inner(e, p, *(stele_object *const *)slot); break;
  case LAYOUT_INT32:
  case LAYOUT_UINT32:
  case LAYOUT_SINT32:
  case LAYOUT_INT64:
  case LAYOUT_SINT64:
  case LAYOUT_BOOL:
  case LAYOUT_CLOSED_ENUM:
  case LAYOUT_CODE_COUNT:
    p = encode_varint(encode_room(e, p, ROOM), encode_number_of(code, slot));
    break;
  }
  return encode_varint(p, tag);
}

__attribute__((noinline)) uint8_t *encode_many(encoder *e, uint8_t *p, const layout_field *f,
                                               layout_array array) {
  layout_code code = layout_code_of(f);
  size_t bytes = layout_code_bytes[code];
  for (size_t i = array.count; i-- > 0;) {
    p = put_value(e, p, code, (const uint8_t *)array.at + i * bytes, f->tag);
  }
  return p;
}

__attribute__((noinline)) uint8_t *encode_packed(encoder *e, uint8_t *p, const layout_field *f,
                                                 layout_array array) {
  layout_code code = layout_code_of(f);
  size_t bytes = layout_code_bytes[code], before = (size_t)(e->end - p);
  if (code == LAYOUT_FIXED32 || code == LAYOUT_FIXED64) {
    size_t len = array.count * bytes;
    p = encode_room(e, p, len + ROOM) - len;
    memcpy(p, array.at, len);
  } else {
    for (size_t i = array.count; i-- > 0;) {
      p = encode_varint(encode_room(e, p, ROOM),
                        encode_number_of(code, (const uint8_t *)array.at + i * bytes));
    }
  }
  p = encode_room(e, p, ROOM);
  p = encode_varint(p, (size_t)(e->end - p) - before);
  return encode_varint(p, f->tag);
}

/* ---- Maps -------------------------------------------------------------------------------- */

__attribute__((noinline)) uint8_t *encode_map(encoder *e, uint8_t *p, const stele_object *o,
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
    p = encode_room(e, p, ROOM);
    p = encode_varint(p, (size_t)(e->end - p) - before);
    p = encode_varint(p, f->tag);
  }
  return p;
}

/* ---- Seldom ------------------------------------------------------------------------------ */

/* A MessageSet's item: a group 1 of { type_id = 2, message = 3 }. */
__attribute__((noinline)) uint8_t *encode_set_item(encoder *e, uint8_t *p, const layout_field *f,
                                                   const stele_object *sub) {
  p = encode_room(e, p, ROOM);
  *--p = 1 << 3 | STELE_WIRE_GROUP_END;
  p = encode_inner(e, p, sub);
  *--p = 3 << 3 | STELE_WIRE_DELIMITED;
  p = encode_varint(encode_room(e, p, ROOM), stele_wire_number(f->tag));
  *--p = 2 << 3 | STELE_WIRE_VARINT;
  *--p = 1 << 3 | STELE_WIRE_GROUP;
  return p;
}

__attribute__((noinline)) uint8_t *encode_unknown(encoder *e, uint8_t *p,
                                                  const object_extra *extra) {
  for (uint32_t i = extra->unknown_count; i-- > 0;) {
    size_t len = extra->unknown[i].len;
    p = encode_room(e, p, len + ROOM) - len;
    memcpy(p, extra->unknown[i].ptr, len);
  }
  return p;
}
