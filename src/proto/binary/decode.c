/* Decoding: one loop over tags, one table look-up and one switch per field.
 *
 * The tag as it stands on the wire is compared with the one in the table, so
 * number and wire type are checked at once; everything that is not the plain
 * case (the other packing, unknown fields, ends of groups, MessageSets) is in
 * functions that are not inlined.
 *
 * Bounds: while `at` is below `safe_end`, sixteen bytes may be read, which is
 * more than a tag and a varint need; behind it each byte is looked at. When the
 * input is copied anyway, the copy has that many bytes behind it and the
 * careful way is never taken. A value that runs over the end of its message is
 * seen when the loop ends at another place than it should.
 *
 * An error is NULL all the way out; each message on the way puts its field in
 * front of the path, so nothing is paid for paths that nobody reads. */
#include "base/guard.h"
#include "base/utf8.h"
#include "proto/binary/binary.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum {
  SLOP = 16,        /* readable bytes that a tag and a varint need, and one to spare */
  PATH_BYTES = 160, /* of an error's path; longer ones lose their beginning */
  TAG_BYTES = 5,
  LEN_BYTES = 5,    /* of a length: Google's readers take no more */
  ENTRY_BYTES = 64, /* of the object of a map's entry: head, two slots */
};

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "fixed numbers are copied as they are");

typedef struct decoder {
  const uint8_t *safe_end;
  const uint8_t *start, *end; /* of the whole input */
  stele_arena *arena;
  uint32_t depth; /* levels left */
  bool discard_unknown;
  bool is_partial; /* some message inside lacks a required field, or did for a while */
  stele_code code; /* of the error */
  const char *what;
  const uint8_t *where;
  uint64_t slow;  /* what a slow read came to; not by pointer, so that the values of the loop
                     stay in registers */
  size_t path_at; /* path[path_at, PATH_BYTES) */
  char path[PATH_BYTES];
} decoder;

static const uint8_t *decode_fields(decoder *d, const uint8_t *p, const uint8_t *end,
                                    stele_object *o, uint32_t group_end);

/* ---- Errors ------------------------------------------------------------------- */

static __attribute__((noinline, cold)) const uint8_t *fail(decoder *d, const uint8_t *where,
                                                           const char *what) {
  if (d->what) return NULL;
  d->code = STELE_INVALID;
  d->what = what;
  d->where = where;
  return NULL;
}

static __attribute__((noinline, cold)) const uint8_t *fail_deep(decoder *d, const uint8_t *where) {
  (void)fail(d, where, "messages are nested too deeply");
  d->code = STELE_LIMIT;
  return NULL;
}

static void put_before(decoder *d, stele_str text) {
  if (text.len > d->path_at) {
    text.ptr += text.len - d->path_at;
    text.len = d->path_at;
  }
  d->path_at -= text.len;
  if (text.len) memcpy(d->path + d->path_at, text.ptr, text.len);
}

/* Puts the field, and which of its values it was, before the path. */
static __attribute__((noinline, cold)) const uint8_t *trace(decoder *d, const stele_object *o,
                                                            const layout_field *f) {
  char text[32];
  if (!f) return NULL;
  const layout_info *info = &o->layout->info[f->index];
  if (d->path_at < PATH_BYTES && d->path[d->path_at] != '[') put_before(d, STELE_STR("."));
  layout_shape shape = layout_shape_of(f);
  if (shape != LAYOUT_ONE && object_has(o, f)) {
    const object_dict *dict = shape == LAYOUT_MAP ? object_dict_of(o, f) : NULL;
    uint32_t count = dict ? dict->count : object_array(o, f).count;
    bool is_added = layout_is_object(layout_code_of(f));
    int len = snprintf(text, sizeof text, "[%u]", is_added && !dict && count ? count - 1 : count);
    put_before(d, (stele_str){text, (size_t)len});
  } else if (shape != LAYOUT_ONE) {
    put_before(d, STELE_STR("[0]"));
  }
  if (!info->field->is_extension) {
    put_before(d, info->field->name);
    return NULL;
  }
  put_before(d, STELE_STR("]"));
  put_before(d, info->full_name);
  put_before(d, STELE_STR("["));
  return NULL;
}

/* ---- Reading -------------------------------------------------------------------- */

static __attribute__((noinline)) const uint8_t *read_varint_slow(decoder *d, const uint8_t *p) {
  stele_reader r = {.at = p, .end = d->end};
  if (p > d->end) return fail(d, d->end, "the input ends in the middle of a field");
  d->slow = stele_read_varint(&r);
  if (!r.failed) return r.at;
  bool cut = d->end - p < STELE_WIRE_VARINT_MAX;
  return fail(d, p, cut ? "the input ends in the middle of a number" : "a number is too long");
}

/* Three and more bytes at once: where the first byte without a continuation bit
 * is, is the length; what is behind is masked off and the sevens are pushed
 * together. */
static inline const uint8_t *read_varint_long(decoder *d, const uint8_t *p, uint64_t *out) {
  uint64_t word;
  memcpy(&word, p, 8);
  uint64_t stops = ~word & 0x8080808080808080u;
  if (unlikely(!stops)) {
    p = read_varint_slow(d, p);
    *out = d->slow;
    return p;
  }
  uint64_t bits = word & (stops ^ (stops - 1)) & 0x7f7f7f7f7f7f7f7fu;
  bits = (bits & 0x007f007f007f007fu) | (bits & 0x7f007f007f007f00u) >> 1;
  bits = (bits & 0x00003fff00003fffu) | (bits & 0x3fff00003fff0000u) >> 2;
  *out = (bits & 0x000000000fffffffu) | (bits & 0x0fffffff00000000u) >> 4;
  return p + ((unsigned)__builtin_ctzll(stops) + 1) / 8;
}

static inline const uint8_t *read_varint(decoder *d, const uint8_t *p, uint64_t *out) {
  if (unlikely(p >= d->safe_end)) {
    p = read_varint_slow(d, p);
    *out = d->slow;
    return p;
  }
  uint64_t low = p[0];
  if (likely(low < 0x80)) {
    *out = low;
    return p + 1;
  }
  if (p[1] < 0x80) {
    *out = (low & 0x7f) | (uint64_t)p[1] << 7;
    return p + 2;
  }
  return read_varint_long(d, p, out);
}

static __attribute__((noinline)) const uint8_t *read_tag_slow(decoder *d, const uint8_t *p) {
  const uint8_t *next = read_varint_slow(d, p);
  if (!next) return NULL;
  if (next - p > TAG_BYTES || d->slow > UINT32_MAX) return fail(d, p, "a tag is too long");
  return next;
}

static inline const uint8_t *read_tag(decoder *d, const uint8_t *p, uint32_t *tag) {
  uint32_t low = 0;
  if (likely(p < d->safe_end)) {
    low = p[0];
    if (likely(low < 0x80)) {
      *tag = low;
      return p + 1;
    }
    if (likely(p[1] < 0x80)) {
      *tag = (low & 0x7f) | (uint32_t)p[1] << 7;
      return p + 2;
    }
  }
  p = read_tag_slow(d, p);
  *tag = (uint32_t)d->slow;
  return p;
}

static __attribute__((noinline)) const uint8_t *read_len_slow(decoder *d, const uint8_t *p,
                                                              const uint8_t *end) {
  const uint8_t *next = read_varint_slow(d, p);
  if (!next) return NULL;
  if (next - p > LEN_BYTES) return fail(d, p, "a length is too long");
  if (d->slow > STELE_CODEC_MAX || (ptrdiff_t)d->slow > end - next) {
    return fail(d, p, "a length is larger than what is left");
  }
  return next;
}

/* A length that fits between it and `end`. */
static inline const uint8_t *read_len(decoder *d, const uint8_t *p, const uint8_t *end,
                                      size_t *len) {
  if (likely(p < d->safe_end && (p[0] < 0x80 || p[1] < 0x80))) {
    size_t low = *p++;
    *len = low < 0x80 ? low : (low & 0x7f) | (size_t)*p++ << 7;
    if (likely((ptrdiff_t)*len <= end - p)) return p;
    return fail(d, p - (low < 0x80 ? 1 : 2), "a length is larger than what is left");
  }
  p = read_len_slow(d, p, end);
  *len = d->slow;
  return p;
}

/* ---- UTF-8 ----------------------------------------------------------------------- */

static inline bool is_utf8(const decoder *d, const uint8_t *p, size_t len) {
  static const uint64_t high = 0x8080808080808080u;
  uint64_t word = 0, seen = 0;
  if (len >= 8) {
    for (size_t i = 0; i + 8 <= len; i += 8) {
      memcpy(&word, p + i, 8);
      seen |= word;
    }
    memcpy(&word, p + len - 8, 8);
    seen |= word;
  } else if (likely(p < d->safe_end)) {
    memcpy(&word, p, 8);
    seen = word & ~(UINT64_MAX << (len * 8));
  } else {
    for (size_t i = 0; i < len; i++) seen |= p[i];
  }
  if (likely(!(seen & high))) return true;
  return stele_utf8_is_valid((stele_str){(const char *)p, len});
}

/* ---- Marking --------------------------------------------------------------------- */

/* Extensions need their block, members of a oneof send the others away. */
static __attribute__((noinline)) uint8_t *special_slot(decoder *d, stele_object *o,
                                                       const layout_field *f) {
  uint8_t *slot = object_slot_new(d->arena, o, f);
  if (f->oneof) object_mark(o, f);
  return slot;
}

static __attribute__((noinline)) void mark_zero(stele_object *o, const layout_field *f) {
  if (f->flags & LAYOUT_IMPLICIT) {
    object_unmark(o, f);
  } else {
    object_mark(o, f);
  }
}

/* The presence bit of a scalar whose slot was asked for: an implicit one that is
 * zero has none, and is seldom sent. */
static inline void mark_scalar(stele_object *o, const layout_field *f, bool is_zero) {
  if (unlikely(is_zero)) {
    mark_zero(o, f);
    return;
  }
  o->head[f->word] |= f->mask;
}

static inline layout_array *array_for(decoder *d, stele_object *o, const layout_field *f) {
  layout_array *array = object_slot_new(d->arena, o, f);
  if (!(o->head[f->word] & f->mask)) {
    *array = (layout_array){0};
    o->head[f->word] |= f->mask;
  }
  return array;
}

/* ---- Unknown fields ---------------------------------------------------------------- */

static const uint8_t *skip(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                           uint32_t tag);

/* Fields up to the end tag with the group's own number, and over that. */
static const uint8_t *skip_group(decoder *d, const uint8_t *at, const uint8_t *p,
                                 const uint8_t *end, uint32_t number) {
  if (d->depth == 0) return fail_deep(d, at);
  d->depth--;
  for (;;) {
    uint32_t tag = 0;
    const uint8_t *field = p;
    if (p >= end) return fail(d, at, "a group does not end");
    p = read_tag(d, p, &tag);
    if (!p) return NULL;
    if (stele_wire_type_of(tag) == STELE_WIRE_GROUP_END && stele_wire_number(tag) == number) break;
    if (stele_wire_number(tag) == 0) return fail(d, field, "a tag has no field number");
    p = skip(d, field, p, end, tag);
    if (!p) return NULL;
  }
  d->depth++;
  return p <= end ? p : fail(d, at, "a group does not end");
}

/* Steps over the value of the tag that was read at `at`. */
static const uint8_t *skip(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                           uint32_t tag) {
  uint64_t value = 0;
  size_t len = 0;
  switch ((unsigned)stele_wire_type_of(tag)) {
  case STELE_WIRE_VARINT: p = read_varint(d, p, &value); break;
  case STELE_WIRE_FIXED64: len = 8; break;
  case STELE_WIRE_FIXED32: len = 4; break;
  case STELE_WIRE_DELIMITED: p = read_len(d, p, end, &len); break;
  case STELE_WIRE_GROUP: return skip_group(d, at, p, end, stele_wire_number(tag));
  case STELE_WIRE_GROUP_END: return fail(d, at, "a group ends that did not begin");
  default: return fail(d, at, "there is no such wire type");
  }
  if (!p) return NULL;
  if (p > end || (size_t)(end - p) < len) {
    return fail(d, at, "a field runs over the end of its message");
  }
  return p + len;
}

/* [at, p) is a record that nobody took. */
static const uint8_t *keep(decoder *d, stele_object *o, const uint8_t *at, const uint8_t *p) {
  if (!d->discard_unknown) {
    object_add_unknown(d->arena, o, (stele_bytes){at, (size_t)(p - at)});
  }
  return p;
}

/* A value of a closed enum that has no such value: kept as a record of its own
 * where it was not one. */
static __attribute__((noinline)) void keep_enum(decoder *d, stele_object *o, const layout_field *f,
                                                uint64_t number) {
  stele_buf record;
  if (d->discard_unknown) return;
  stele_buf_init(&record, d->arena, 0);
  stele_write_varint_field(&record, stele_wire_number(f->tag), number);
  object_add_unknown(d->arena, o, stele_buf_bytes(&record));
}

static inline bool has_value(const stele_object *o, const layout_field *f, uint64_t value) {
  return layout_enum_find(o->layout->subs[f->sub].enumeration, (int32_t)value) != NULL;
}

/* ---- Packed -------------------------------------------------------------------------- */

static inline void store_varint(layout_code code, uint8_t *to, uint64_t value) {
  uint32_t small = (uint32_t)value;
  switch ((int)code) {
  case LAYOUT_SINT32: small = (uint32_t)stele_wire_unzigzag((uint32_t)value); break;
  case LAYOUT_SINT64: value = (uint64_t)stele_wire_unzigzag(value); break;
  case LAYOUT_BOOL: *to = value != 0; return;
  default: break;
  }
  if (code == LAYOUT_INT64 || code == LAYOUT_SINT64) {
    memcpy(to, &value, 8);
  } else {
    memcpy(to, &small, 4);
  }
}

static size_t count_varints(const uint8_t *p, const uint8_t *end) {
  size_t count = 0;
  for (; p < end; p++) count += *p < 0x80;
  return count;
}

static inline const uint8_t *packed_loop(decoder *d, const uint8_t *p, const uint8_t *end,
                                         layout_array *array, layout_code code) {
  uint32_t bytes = layout_code_bytes[code];
  uint8_t *to = (uint8_t *)array->at + (size_t)array->count * bytes;
  uint8_t *first = to;
  while (p < end) {
    uint64_t value = 0;
    p = read_varint(d, p, &value);
    if (unlikely(!p || p > end)) break; /* one that goes on behind the end was not counted */
    store_varint(code, to, value);
    to += bytes;
  }
  array->count += (uint32_t)((size_t)(to - first) / bytes);
  if (unlikely(p && p != end)) return fail(d, end, "a packed number goes on behind its field");
  return p;
}

static const uint8_t *packed_enums(decoder *d, const uint8_t *p, const uint8_t *end,
                                   stele_object *o, const layout_field *f, layout_array *array) {
  while (p < end) {
    uint64_t value = 0;
    p = read_varint(d, p, &value);
    if (!p) return NULL;
    if (has_value(o, f, value)) {
      store_varint(LAYOUT_CLOSED_ENUM, array_add(d->arena, array, 4), value);
    } else {
      keep_enum(d, o, f, value);
    }
  }
  return p == end ? p : fail(d, end, "a packed number goes on behind its field");
}

static const uint8_t *packed_varints(decoder *d, const uint8_t *p, const uint8_t *end,
                                     layout_array *array, layout_code code) {
  size_t count = count_varints(p, end);
  uint32_t bytes = layout_code_bytes[code];
  if (array->cap - array->count < count) array_grow(d->arena, array, bytes, (uint32_t)count);
  switch ((int)code) { /* one loop each, so that the code is a constant in it */
  case LAYOUT_BOOL: return packed_loop(d, p, end, array, LAYOUT_BOOL);
  case LAYOUT_INT64: return packed_loop(d, p, end, array, LAYOUT_INT64);
  case LAYOUT_SINT64: return packed_loop(d, p, end, array, LAYOUT_SINT64);
  case LAYOUT_SINT32: return packed_loop(d, p, end, array, LAYOUT_SINT32);
  default: return packed_loop(d, p, end, array, LAYOUT_INT32);
  }
}

static const uint8_t *packed_fixed(decoder *d, const uint8_t *p, size_t len, layout_array *array,
                                   uint32_t bytes) {
  uint32_t count = (uint32_t)(len / bytes);
  if (len % bytes) return fail(d, p, "a packed field is not a whole number of values");
  if (array->cap - array->count < count) array_grow(d->arena, array, bytes, count);
  memcpy((uint8_t *)array->at + (size_t)array->count * bytes, p, len);
  array->count += count;
  return p + len;
}

static __attribute__((noinline)) const uint8_t *
packed(decoder *d, const uint8_t *p, const uint8_t *end, stele_object *o, const layout_field *f) {
  size_t len = 0;
  layout_code code = layout_code_of(f);
  p = read_len(d, p, end, &len);
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

/* ---- Maps ------------------------------------------------------------------------------ */

/* The entry's object holds an unknown record with number 2: a value that its
 * closed enum does not have. */
static bool lost_its_value(const stele_object *entry) {
  for (uint32_t i = 0; entry->extra && i < entry->extra->unknown_count; i++) {
    stele_reader r = stele_reader_of(entry->extra->unknown[i]);
    while (!stele_read_done(&r)) {
      uint32_t tag = stele_read_tag(&r);
      if (tag == stele_wire_tag(2, STELE_WIRE_VARINT)) return true;
      stele_read_skip_value(&r, tag, STELE_DECODE_DEPTH);
    }
  }
  return false;
}

static inline stele_value entry_value(decoder *d, const stele_object *entry,
                                      const layout_field *f) {
  layout_code code = layout_code_of(f);
  if (object_has(entry, f)) return object_load(code, object_slot(entry, f));
  stele_value value = entry->layout->info[f->index].missing;
  if (layout_is_object(code)) {
    value.object = object_new(d->arena, layout_sub_layout(entry->layout, f));
    d->is_partial |= value.object->layout->required != NULL;
  }
  return value;
}

/* One record [at, …) of a map: decoded as the message that it is, on the stack. */
static __attribute__((noinline)) const uint8_t *map_entry(decoder *d, const uint8_t *at,
                                                          const uint8_t *p, const uint8_t *end,
                                                          stele_object *o, const layout_field *f) {
  const stele_layout *layout = layout_sub_layout(o->layout, f);
  _Alignas(8) uint8_t memory[ENTRY_BYTES];
  stele_object *entry = (stele_object *)(void *)memory;
  size_t len = 0;
  if (layout->size > ENTRY_BYTES || layout->field_count != 2) {
    stele_guard_leave(d->arena, STELE_INTERNAL, "a map's entry has another shape");
  }
  *entry = (stele_object){.layout = layout};
  for (uint32_t i = 0; i < layout->head_words; i++) entry->head[i] = 0;
  p = read_len(d, p, end, &len);
  if (!p) return NULL;
  if (d->depth == 0) return fail_deep(d, p);
  d->depth--;
  bool discard = d->discard_unknown;
  d->discard_unknown = false; /* lost_its_value wants to see it */
  p = decode_fields(d, p, p + len, entry, 0);
  d->discard_unknown = discard;
  d->depth++;
  if (!p) return NULL;
  const layout_field *key = &layout->fields[0], *value = &layout->fields[1];
  if (layout_code_of(value) == LAYOUT_CLOSED_ENUM && !object_has(entry, value) &&
      lost_its_value(entry)) {
    return keep(d, o, at, p);
  }
  object_dict *dict = object_dict_new(d->arena, o, f);
  stele_entry made = {dict_key(layout_code_of(key), entry_value(d, entry, key)),
                      entry_value(d, entry, value)};
  *dict_append(d->arena, dict) = made;
  return p;
}

static __attribute__((noinline)) void settle_maps(decoder *d, stele_object *o) {
  OBJECT_EACH(o, f) {
    if (layout_shape_of(f) == LAYOUT_MAP) {
      dict_settle(d->arena, *(object_dict **)object_slot(o, f));
    }
  }
}

/* ---- Messages ---------------------------------------------------------------------------- */

static inline const uint8_t *message(decoder *d, const uint8_t *p, const uint8_t *end,
                                     stele_object *sub) {
  size_t len = 0;
  p = read_len(d, p, end, &len);
  if (unlikely(!p)) return NULL;
  if (unlikely(d->depth == 0)) return fail_deep(d, p);
  d->depth--;
  p = decode_fields(d, p, p + len, sub, 0);
  d->depth++;
  return p;
}

static const uint8_t *group(decoder *d, const uint8_t *p, const uint8_t *end, stele_object *sub,
                            uint32_t number) {
  if (d->depth == 0) return fail_deep(d, p);
  d->depth--;
  p = decode_fields(d, p, end, sub, stele_wire_tag(number, STELE_WIRE_GROUP_END));
  d->depth++;
  return p;
}

static inline stele_object *sub_for(decoder *d, stele_object *o, const layout_field *f) {
  if (unlikely(layout_is_special(f))) return object_sub(d->arena, o, f);
  stele_object **slot = (stele_object **)(void *)((uint8_t *)o + f->offset);
  if (!(o->head[f->word] & f->mask)) {
    *slot = object_new(d->arena, layout_sub_layout(o->layout, f));
    o->head[f->word] |= f->mask;
  }
  return *slot;
}

static inline stele_object *add_for(decoder *d, stele_object *o, const layout_field *f) {
  layout_array *array = array_for(d, o, f);
  stele_object *sub = object_new(d->arena, layout_sub_layout(o->layout, f));
  *(stele_object **)array_add(d->arena, array, sizeof sub) = sub;
  return sub;
}

/* ---- MessageSet --------------------------------------------------------------------------- */

enum {
  SET_ITEM = 1 << 3 | STELE_WIRE_GROUP,
  SET_ITEM_END = 1 << 3 | STELE_WIRE_GROUP_END,
  SET_TYPE = 2 << 3 | STELE_WIRE_VARINT,
  SET_MESSAGE = 3 << 3 | STELE_WIRE_DELIMITED,
};

/* One item, start tag read: { type_id, message } in either order; what comes
 * after both is skipped. */
static const uint8_t *set_item(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                               stele_object *o) {
  uint64_t type = 0;
  stele_bytes bytes = {NULL, 0};
  bool has_type = false;
  for (;;) {
    const uint8_t *before = p;
    uint32_t tag = 0;
    if (p >= end) return fail(d, at, "a MessageSet's item does not end");
    p = read_tag(d, p, &tag);
    if (!p) return NULL;
    if (tag == SET_ITEM_END) break;
    const uint8_t *value = p;
    if (stele_wire_number(tag) == 0) return fail(d, before, "a tag has no field number");
    p = skip(d, before, p, end, tag);
    if (!p) return NULL;
    if (tag == SET_TYPE && !has_type) {
      has_type = read_varint(d, value, &type) != NULL;
    } else if (tag == SET_MESSAGE && !bytes.ptr) {
      (void)read_len(d, value, end, &bytes.len);
      bytes.ptr = p - bytes.len;
    }
  }
  const layout_field *f = NULL;
  if (has_type && bytes.ptr && type <= STELE_WIRE_NUMBER_MAX) {
    f = layout_find(o->layout, (uint32_t)type);
  }
  bool is_message = f && layout_shape_of(f) == LAYOUT_ONE && layout_code_of(f) == LAYOUT_MESSAGE;
  if (!is_message) return keep(d, o, at, p);
  if (d->depth == 0) return fail_deep(d, at);
  d->depth--;
  const uint8_t *done =
      decode_fields(d, bytes.ptr, bytes.ptr + bytes.len, object_sub(d->arena, o, f), 0);
  d->depth++;
  return done ? p : trace(d, o, f);
}

/* ---- The rest ------------------------------------------------------------------------------ */

/* A repeated number in the packing that it was not declared with. */
static const uint8_t *other_packing(decoder *d, const uint8_t *at, const uint8_t *p,
                                    const uint8_t *end, stele_object *o, const layout_field *f,
                                    uint32_t tag) {
  layout_code code = layout_code_of(f);
  uint64_t value = 0;
  if (stele_wire_type_of(tag) == STELE_WIRE_DELIMITED) return packed(d, p, end, o, f);
  uint32_t bytes = layout_code_bytes[code];
  if (code == LAYOUT_FIXED32 || code == LAYOUT_FIXED64) {
    if (end - p < (ptrdiff_t)bytes) return fail(d, at, "a number is cut off");
    memcpy(array_add(d->arena, array_for(d, o, f), bytes), p, bytes);
    return p + bytes;
  }
  p = read_varint(d, p, &value);
  if (!p) return NULL;
  if (code == LAYOUT_CLOSED_ENUM && !has_value(o, f, value)) return keep(d, o, at, p);
  store_varint(code, array_add(d->arena, array_for(d, o, f), bytes), value);
  return p;
}

/* May a field of this code and shape arrive with this wire type, too? */
static bool is_other_packing(const layout_field *f, uint32_t tag) {
  layout_shape shape = layout_shape_of(f);
  layout_code code = layout_code_of(f);
  if (shape != LAYOUT_MANY && shape != LAYOUT_PACKED) return false;
  if (code >= LAYOUT_STRING) return false;
  stele_wire_type wire = stele_wire_type_of(tag);
  return wire == STELE_WIRE_DELIMITED || wire == (stele_wire_type)layout_code_wire[code];
}

/* What is not in the table as it stands. Answers `end_of_group` by the flag. */
static __attribute__((noinline)) const uint8_t *other(decoder *d, const uint8_t *at,
                                                      const uint8_t *p, const uint8_t *end,
                                                      stele_object *o, uint32_t tag,
                                                      const layout_field *f) {
  if (stele_wire_number(tag) == 0) return fail(d, at, "a tag has no field number");
  if (f && is_other_packing(f, tag)) {
    p = other_packing(d, at, p, end, o, f, tag);
    return p ? p : trace(d, o, f);
  }
  if (o->layout->is_message_set && tag == SET_ITEM) return set_item(d, at, p, end, o);
  p = skip(d, at, p, end, tag);
  return p ? keep(d, o, at, p) : NULL;
}

/* ---- The loop ------------------------------------------------------------------------------- */

#define ONE(code) LAYOUT_OP(LAYOUT_ONE, LAYOUT_##code)
#define MANY(code) LAYOUT_OP(LAYOUT_MANY, LAYOUT_##code)
#define PACKED(code) LAYOUT_OP(LAYOUT_PACKED, LAYOUT_##code)

/* Is the next byte the tag that was just taken, one of a single byte? Then one
 * more of the same. */
static inline bool again(const decoder *d, const uint8_t *p, const uint8_t *end, uint32_t tag) {
  return p < end && p < d->safe_end && tag < 0x80 && *p == tag;
}

static const uint8_t *decode_fields(decoder *d, const uint8_t *p, const uint8_t *end,
                                    stele_object *o, uint32_t group_end) {
  const stele_layout *layout = o->layout;
  const layout_field *f = NULL;
  bool has_maps = false;
  uint64_t value = 0;
  size_t len = 0;

  while (p < end) {
    const uint8_t *at = p;
    uint32_t tag = 0;
    p = read_tag(d, p, &tag);
    if (unlikely(!p)) return NULL;
    uint32_t number = stele_wire_number(tag);
    if (likely(number < layout->dense_count)) {
      f = &layout->dense[number];
    } else {
      f = layout_find_slow(layout, number);
      if (!f) goto not_plain;
    }
    if (unlikely(f->tag != tag)) {
    not_plain:
      if (tag == group_end && group_end) goto done;
      p = other(d, at, p, end, o, tag, f && f->tag != LAYOUT_HOLE ? f : NULL);
      if (unlikely(!p)) return NULL;
      continue;
    }

    uint32_t op = f->op;
    uint8_t *slot = (uint8_t *)o + f->offset;
  dispatch:
    switch (op) {
    case ONE(INT32):
    case ONE(UINT32):
      p = read_varint(d, p, &value);
      if (unlikely(!p)) goto bad;
      memcpy(slot, &(uint32_t){(uint32_t)value}, 4);
      mark_scalar(o, f, (uint32_t)value == 0);
      break;
    case ONE(SINT32):
      p = read_varint(d, p, &value);
      if (unlikely(!p)) goto bad;
      store_varint(LAYOUT_SINT32, slot, value);
      mark_scalar(o, f, (uint32_t)value == 0);
      break;
    case ONE(INT64):
      p = read_varint(d, p, &value);
      if (unlikely(!p)) goto bad;
      memcpy(slot, &value, 8);
      mark_scalar(o, f, value == 0);
      break;
    case ONE(SINT64):
      p = read_varint(d, p, &value);
      if (unlikely(!p)) goto bad;
      store_varint(LAYOUT_SINT64, slot, value);
      mark_scalar(o, f, value == 0);
      break;
    case ONE(BOOL):
      p = read_varint(d, p, &value);
      if (unlikely(!p)) goto bad;
      *slot = value != 0;
      mark_scalar(o, f, value == 0);
      break;
    case ONE(CLOSED_ENUM):
      p = read_varint(d, p, &value);
      if (unlikely(!p)) goto bad;
      if (unlikely(!has_value(o, f, value))) {
        p = keep(d, o, at, p); /* and leaves its oneof alone */
        break;
      }
      if (unlikely(layout_is_special(f))) slot = special_slot(d, o, f);
      memcpy(slot, &(uint32_t){(uint32_t)value}, 4);
      mark_scalar(o, f, (uint32_t)value == 0);
      break;
    case ONE(FIXED32):
      if (unlikely(end - p < 4)) goto cut;
      memcpy(&value, p, 4);
      memcpy(slot, &value, 4);
      mark_scalar(o, f, (uint32_t)value == 0);
      p += 4;
      break;
    case ONE(FIXED64):
      if (unlikely(end - p < 8)) goto cut;
      memcpy(&value, p, 8);
      memcpy(slot, &value, 8);
      mark_scalar(o, f, value == 0);
      p += 8;
      break;
    case ONE(STRING):
    case ONE(BYTES):
      p = read_len(d, p, end, &len);
      if (unlikely(!p)) goto bad;
      if (op == ONE(STRING) && unlikely(!is_utf8(d, p, len))) goto not_utf8;
      *(stele_str *)(void *)slot = (stele_str){(const char *)p, len};
      mark_scalar(o, f, len == 0);
      p += len;
      break;
    case ONE(MESSAGE):
      p = message(d, p, end, sub_for(d, o, f));
      if (unlikely(!p)) goto bad;
      break;
    case ONE(GROUP):
      p = group(d, p, end, sub_for(d, o, f), number);
      if (unlikely(!p)) goto bad;
      break;

    case MANY(INT32):
    case MANY(UINT32):
    case MANY(SINT32):
    case MANY(INT64):
    case MANY(SINT64):
    case MANY(BOOL): {
      layout_array *array = array_for(d, o, f);
      uint32_t bytes = layout_code_bytes[layout_code_of(f)];
      do {
        p = read_varint(d, p, &value);
        if (unlikely(!p)) goto bad;
        store_varint(layout_code_of(f), array_add(d->arena, array, bytes), value);
      } while (again(d, p, end, tag) && p++);
      break;
    }
    case MANY(CLOSED_ENUM):
    case MANY(FIXED32):
    case MANY(FIXED64):
      p = other_packing(d, at, p, end, o, f, tag);
      if (unlikely(!p)) goto bad;
      break;
    case MANY(STRING):
    case MANY(BYTES): {
      layout_array *array = array_for(d, o, f);
      do {
        p = read_len(d, p, end, &len);
        if (unlikely(!p)) goto bad;
        if (op == MANY(STRING) && unlikely(!is_utf8(d, p, len))) goto not_utf8;
        *(stele_str *)array_add(d->arena, array, sizeof(stele_str)) =
            (stele_str){(const char *)p, len};
        p += len;
      } while (again(d, p, end, tag) && p++);
      break;
    }
    case MANY(MESSAGE):
      do {
        p = message(d, p, end, add_for(d, o, f));
        if (unlikely(!p)) goto bad;
      } while (again(d, p, end, tag) && p++);
      break;
    case MANY(GROUP):
      p = group(d, p, end, add_for(d, o, f), number);
      if (unlikely(!p)) goto bad;
      break;

    case LAYOUT_OP(LAYOUT_MAP, LAYOUT_MESSAGE):
      has_maps = true;
      p = map_entry(d, at, p, end, o, f);
      if (unlikely(!p)) goto bad;
      break;
    case PACKED(INT32):
    case PACKED(UINT32):
    case PACKED(SINT32):
    case PACKED(INT64):
    case PACKED(SINT64):
    case PACKED(BOOL):
    case PACKED(CLOSED_ENUM):
    case PACKED(FIXED32):
    case PACKED(FIXED64):
      p = packed(d, p, end, o, f);
      if (unlikely(!p)) goto bad;
      break;
    default:
      /* An extension or a member of a oneof: made ready, then like the others. */
      op -= LAYOUT_PLAIN_OPS;
      if (op < ONE(MESSAGE) && op != ONE(CLOSED_ENUM)) slot = special_slot(d, o, f);
      goto dispatch;
    }
  }
  if (unlikely(p != end)) return fail(d, end, "a field runs over the end of its message");
  if (unlikely(group_end)) return fail(d, end, "a group does not end");
done:
  if (unlikely(has_maps)) settle_maps(d, o);
  if (layout->required && !object_has_required(o)) d->is_partial = true;
  return p;

cut:
  (void)fail(d, p, "a number is cut off");
  goto bad;
not_utf8:
  (void)fail(d, p, "not valid UTF-8");
bad:
  return trace(d, o, f);
}

static bool tell(const decoder *d, stele_err *err) {
  stele_str path = {d->path + d->path_at, PATH_BYTES - d->path_at};
  size_t byte = (size_t)(d->where - d->start);
  if (path.len == 0) return stele_fail(err, d->code, "byte %zu: %s", byte, d->what);
  return stele_fail(err, d->code, "byte %zu, field \"%s" STELE_STR_FMT "\": %s", byte,
                    d->path_at == 0 ? "…" : "", STELE_STR_ARG(path), d->what);
}

bool binary_decode(stele_arena *arena, stele_object *o, stele_bytes in,
                   const stele_decode_options *options, bool *is_partial, stele_err *err) {
  if (in.len > STELE_CODEC_MAX) {
    return stele_fail(err, STELE_LIMIT, "%zu bytes are more than a message may have", in.len);
  }
  *is_partial = o->layout->required != NULL;
  if (in.len == 0) return true;
  decoder d;
  d.arena = arena;
  d.discard_unknown = options->discard_unknown;
  d.depth = options->depth ? options->depth : STELE_DECODE_DEPTH;
  d.what = NULL;
  d.is_partial = false;
  d.path_at = PATH_BYTES;
  if (options->alias_input) {
    d.start = in.ptr;
    d.safe_end = in.len > SLOP ? in.ptr + in.len - SLOP : in.ptr;
    d.end = in.ptr + in.len;
  } else {
    uint8_t *copy = stele_arena_alloc(arena, in.len + SLOP, 8);
    memcpy(copy, in.ptr, in.len);
    memset(copy + in.len, 0, SLOP);
    d.start = copy;
    d.safe_end = d.end = copy + in.len;
  }
  if (!decode_fields(&d, d.start, d.end, o, 0)) return tell(&d, err);
  *is_partial = d.is_partial;
  return true;
}
