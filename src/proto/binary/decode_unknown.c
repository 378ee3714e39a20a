/* What no field takes: records stepped over and kept, and MessageSets, whose
 * items name the field that takes them. */
#include "proto/binary/decode_internal.h"
#include "proto/wire/writer.h"

/* Fields up to the end tag with the group's own number, and over that. */
static const uint8_t *skip_group(decoder *d, const uint8_t *at, const uint8_t *p,
                                 const uint8_t *end, uint32_t number, uint32_t levels) {
  if (levels == 0) return decode_fail_deep(d, at);
  for (;;) {
    uint32_t tag = 0;
    const uint8_t *field = p;
    if (p >= end) return decode_fail(d, at, "a group does not end");
    p = decode_tag_anywhere(d, p, &tag);
    if (!p) return NULL;
    if (stele_wire_type_of(tag) == STELE_WIRE_GROUP_END && stele_wire_number(tag) == number) break;
    if (stele_wire_number(tag) == 0) return decode_fail(d, field, "a tag has no field number");
    p = decode_skip(d, field, p, end, tag, levels - 1);
    if (!p) return NULL;
  }
  return p <= end ? p : decode_fail(d, at, "a group does not end");
}

const uint8_t *decode_skip(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                           uint32_t tag, uint32_t levels) {
  uint64_t value = 0;
  size_t len = 0;
  switch ((unsigned)stele_wire_type_of(tag)) {
  case STELE_WIRE_VARINT: p = decode_varint_anywhere(d, p, &value); break;
  case STELE_WIRE_FIXED64: len = 8; break;
  case STELE_WIRE_FIXED32: len = 4; break;
  case STELE_WIRE_DELIMITED: p = decode_len_anywhere(d, p, end, &len); break;
  case STELE_WIRE_GROUP: return skip_group(d, at, p, end, stele_wire_number(tag), levels);
  case STELE_WIRE_GROUP_END: return decode_fail(d, at, "a group ends that did not begin");
  default: return decode_fail(d, at, "there is no such wire type");
  }
  if (!p) return NULL;
  if (p > end || (size_t)(end - p) < len) {
    return decode_fail(d, at, "a field runs over the end of its message");
  }
  return p + len;
}

/* The object of a map's entry is taken apart: what it keeps is looked at and then
 * forgotten with it. */
const uint8_t *decode_keep(decoder *d, stele_object *o, const uint8_t *at, const uint8_t *p) {
  size_t len = (size_t)(p - at);
  if (!d->discard_unknown || object_layout(o)->type->is_map_entry) {
    object_add_unknown(d->arena, o, (stele_bytes){(const uint8_t *)decode_text(d, at, len), len});
  }
  return p;
}

__attribute__((noinline)) void decode_keep_enum(decoder *d, stele_object *o, const layout_field *f,
                                                uint64_t number) {
  stele_buf record;
  if (d->discard_unknown && !object_layout(o)->type->is_map_entry) return;
  stele_buf_init(&record, d->arena, 0);
  stele_write_varint_field(&record, stele_wire_number(f->tag), number);
  object_add_unknown(d->arena, o, stele_buf_bytes(&record));
}

void decode_keep_enum_at(decoder *d, stele_object *o, const layout_field *f, const uint8_t *at,
                         const uint8_t *p) {
  stele_buf record;
  if (d->discard_unknown && !object_layout(o)->type->is_map_entry) return;
  if (p > d->end) return; /* it runs over the end, as its message is going to see */
  stele_buf_init(&record, d->arena, 0);
  stele_write_tag(&record, stele_wire_number(f->tag), STELE_WIRE_VARINT);
  if (memcmp(at - record.len, record.ptr, record.len) == 0) {
    (void)decode_keep(d, o, at - record.len, p);
    return;
  }
  stele_buf_add(&record, at, (size_t)(p - at)); /* its tag was longer than it has to be */
  object_add_unknown(d->arena, o, stele_buf_bytes(&record));
}

/* ---- MessageSet ------------------------------------------------------------------- */

enum {
  SET_ITEM_END = 1 << 3 | STELE_WIRE_GROUP_END,
  SET_TYPE = 2 << 3 | STELE_WIRE_VARINT,
  SET_MESSAGE = 3 << 3 | STELE_WIRE_DELIMITED,
};

/* What an item came to: { type_id, message } in either order, the first of each. */
typedef struct set_item {
  uint64_t type;
  stele_bytes message;
  bool has_type;
} set_item;

/* The fields of an item, to behind its end. */
static const uint8_t *read_item(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                                uint32_t levels, set_item *item) {
  for (;;) {
    const uint8_t *before = p;
    uint32_t tag = 0;
    if (p >= end) return decode_fail(d, at, "a MessageSet's item does not end");
    p = decode_tag_anywhere(d, p, &tag);
    if (!p) return NULL;
    if (p > end) return decode_fail(d, before, "a field runs over the end of its message");
    if (tag == SET_ITEM_END) return p;
    const uint8_t *value = p;
    if (stele_wire_number(tag) == 0) return decode_fail(d, before, "a tag has no field number");
    p = decode_skip(d, before, p, end, tag, levels);
    if (!p) return NULL;
    if (tag == SET_TYPE && !item->has_type) {
      item->has_type = decode_varint_anywhere(d, value, &item->type) != NULL;
    } else if (tag == SET_MESSAGE && !item->message.ptr) {
      (void)decode_len_anywhere(d, value, end, &item->message.len);
      item->message.ptr = p - item->message.len;
    }
  }
}

const uint8_t *decode_set_item(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                               stele_object *o, uint32_t levels, const layout_field **f,
                               stele_bytes *message) {
  set_item item = {0};
  *f = NULL;
  p = read_item(d, at, p, end, levels, &item);
  if (!p) return NULL;
  if (item.has_type && item.message.ptr && item.type <= STELE_WIRE_NUMBER_MAX) {
    *f = layout_find(object_layout(o), (uint32_t)item.type);
  }
  *message = item.message;
  if (*f && layout_shape_of(*f) == LAYOUT_ONE && layout_code_of(*f) == LAYOUT_MESSAGE) return p;
  *f = NULL;
  return decode_keep(d, o, at, p);
}

const uint8_t *decode_set_item_end(decoder *d, const uint8_t *p, const uint8_t *end,
                                   uint32_t levels) {
  set_item item = {0};
  return read_item(d, p, p, end, levels, &item);
}
