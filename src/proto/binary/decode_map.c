/* Entries of maps.
 *
 * Nearly every entry is a key and a value with nothing missing, double or
 * unknown: these are read in one loop straight into the map. Any other is
 * decoded as the message that it is and taken apart afterwards; it is also the
 * way in which everything wrong with an entry is found, so the loop has no
 * errors of its own. */
#include "base/guard.h"
#include "proto/binary/decode_internal.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

/* ---- Plain entries ---------------------------------------------------------------- */

/* A value behind its tag; NULL: not plain. Clean of bits that its type does not
 * use, as keys of dicts must be. */
static inline __attribute__((always_inline)) const uint8_t *
plain_value(decoder *d, layout_code code, const uint8_t *p, const uint8_t *end, stele_value *out) {
  uint64_t value = 0;
  size_t len = 0;
  switch (code) {
  case LAYOUT_STRING:
  case LAYOUT_BYTES:
    p = decode_len(d, p, end, &len);
    if (unlikely(!p)) return NULL;
    if (code == LAYOUT_STRING && unlikely(!decode_is_utf8(p, len))) return NULL;
    out->str = (stele_str){decode_text(d, p, len), len};
    return p + len;
  case LAYOUT_FIXED32:
    memcpy(&value, p, 4);
    out->u64 = value;
    return p + 4;
  case LAYOUT_FIXED64: memcpy(&out->u64, p, 8); return p + 8;
  case LAYOUT_INT32:
  case LAYOUT_UINT32:
    p = decode_varint(d, p, &value);
    out->u64 = (uint32_t)value;
    return p;
  case LAYOUT_INT64: return decode_varint(d, p, &out->u64);
  case LAYOUT_SINT32:
    p = decode_varint(d, p, &value);
    out->u64 = (uint32_t)stele_wire_unzigzag((uint32_t)value);
    return p;
  case LAYOUT_SINT64:
    p = decode_varint(d, p, &value);
    out->u64 = (uint64_t)stele_wire_unzigzag(value);
    return p;
  case LAYOUT_BOOL:
    p = decode_varint(d, p, &value);
    out->u64 = value != 0;
    return p;
  case LAYOUT_CLOSED_ENUM:
  case LAYOUT_MESSAGE:
  case LAYOUT_GROUP:
  case LAYOUT_CODE_COUNT: break;
  }
  return NULL;
}

__attribute__((noinline)) const uint8_t *decode_entries(decoder *d, const uint8_t *p,
                                                        const uint8_t *end, stele_object *o,
                                                        const layout_field *f, const uint8_t **odd,
                                                        stele_object **value_object) {
  const stele_layout *layout = layout_sub_layout(f);
  const layout_field *key = &layout->fields[0], *value = &layout->fields[1];
  if (layout->field_count != 2) return *odd = p;
  layout_code key_code = layout_code_of(key), value_code = layout_code_of(value);
  object_dict *dict = object_has(o, f) ? *(object_dict **)object_slot(o, f) : NULL;
  for (;;) {
    const uint8_t *entry = p, *entry_end;
    size_t len = 0;
    if (p >= d->safe_end) break;
    if (unlikely(!dict)) dict = object_dict_new(d->arena, o, f);
    if (unlikely(dict->count == dict->cap)) {
      const uint8_t *tag = p - (f->tag < 0x80 ? 1 : 2);
      dict_grow(d->arena, dict, decode_count_run(f, tag, end, dict->count));
    }
    stele_entry *made = &dict->entries[dict->count];
    p = decode_len(d, p, end, &len);
    if (unlikely(!p)) goto odd_one;
    entry_end = p + len;
    if (unlikely(entry_end > d->safe_end || *p != key->tag)) goto odd_one;
    p = plain_value(d, key_code, p + 1, entry_end, &made->key);
    if (unlikely(!p || p >= entry_end || *p != value->tag)) goto odd_one;
    if (value_code == LAYOUT_MESSAGE) {
      p = decode_len(d, p + 1, entry_end, &len);
      if (unlikely(!p || p + len != entry_end)) goto odd_one;
      made->value.object = *value_object = object_new(d->arena, layout_sub_layout(value));
    } else {
      p = plain_value(d, value_code, p + 1, entry_end, &made->value);
      if (unlikely(p != entry_end)) goto odd_one;
    }
    dict->count++;
    if (value_code == LAYOUT_MESSAGE) {
      *odd = entry_end;
      return p;
    }
    if (p >= end || *p != f->byte_tag) return p; /* a byte behind the input may be looked at */
    p++;
    continue;
  odd_one:
    if (dict->count == 0) object_unmark(o, f); /* who knows what this one comes to */
    d->what = NULL;
    decode_go_back(d, entry);
    p = entry;
    break;
  }
  return *odd = p;
}

/* ---- Other entries ---------------------------------------------------------------- */

stele_object *decode_entry_begin(decoder *d, decode_frame *frame, const layout_field *f) {
  const stele_layout *layout = layout_sub_layout(f);
  stele_object *entry = (stele_object *)(void *)frame->entry;
  if (layout->size > ENTRY_BYTES || layout->field_count != 2) {
    stele_guard_leave(d->arena, STELE_INTERNAL, "a map's entry has another shape");
  }
  return object_init(entry, layout);
}

/* The entry's object holds an unknown record with number 2: a value that its
 * closed enum does not have. */
static bool lost_its_value(const stele_object *entry) {
  const object_extra *extra = object_extra_of(entry);
  for (uint32_t i = 0; extra && i < extra->unknown_count; i++) {
    stele_reader r = stele_reader_of(extra->unknown[i]);
    while (!stele_read_done(&r)) {
      uint32_t tag = stele_read_tag(&r);
      if (tag == stele_wire_tag(2, STELE_WIRE_VARINT)) return true;
      stele_read_skip_value(&r, tag, STELE_DECODE_DEPTH);
    }
  }
  return false;
}

static stele_value entry_value(decoder *d, const stele_object *entry, const layout_field *f) {
  layout_code code = layout_code_of(f);
  if (object_has(entry, f)) return object_load_slot(code, object_slot(entry, f));
  stele_value value = object_layout(entry)->info[f->index].missing;
  if (layout_is_object(code)) {
    value.object = object_new(d->arena, layout_sub_layout(f));
    d->is_partial |= object_layout(value.object)->required != NULL;
  }
  return value;
}

/* The record of an entry whose value the enum does not have, as it came. */
static void keep_entry(decoder *d, const decode_frame *frame, const uint8_t *p) {
  const decode_frame *around = frame - 1;
  stele_buf record;
  if (d->discard_unknown) return;
  stele_buf_init(&record, d->arena, 0);
  stele_write_bytes_field(&record, stele_wire_number(around->f->tag),
                          (stele_bytes){frame->at, (size_t)(p - frame->at)});
  object_add_unknown(d->arena, around->o, stele_buf_bytes(&record));
}

void decode_entry_end(decoder *d, decode_frame *frame, const uint8_t *p) {
  const stele_object *entry = (const stele_object *)(const void *)frame->entry;
  const layout_field *key = &object_layout(entry)->fields[0],
                     *value = &object_layout(entry)->fields[1];
  if (layout_code_of(value) == LAYOUT_CLOSED_ENUM && !object_has(entry, value) &&
      lost_its_value(entry)) {
    keep_entry(d, frame, p);
    return;
  }
  object_dict *dict = object_dict_new(d->arena, frame[-1].o, frame[-1].f);
  stele_entry made = {dict_key(layout_code_of(key), entry_value(d, entry, key)),
                      entry_value(d, entry, value)};
  *dict_append(d->arena, dict) = made;
}
