/* message/object: values of message types, open to the codecs.
 *
 * In:   layouts.   Out: objects whose slots may be read and written directly.
 * These calls allocate under the caller's guard and cannot fail; fields must
 * be those of the object's layout. The checked face is stele/message.h.
 * Deps: base, proto/message/layout.h. */
#ifndef STELE_PROTO_MESSAGE_OBJECT_H
#define STELE_PROTO_MESSAGE_OBJECT_H

#include "base/buf.h"
#include "proto/message/layout.h"

/* What most objects do not have. */
typedef struct object_extra {
  const stele_layout *layout; /* of the object */
  uint8_t *block;             /* slots of extensions, or NULL */
  stele_bytes *unknown;
  uint32_t unknown_count, unknown_cap;
} object_extra;

struct stele_object {
  uintptr_t kind; /* address of the layout; 1 + that of an object_extra, if it has one */
  /* layout->head_words of them: presence bits, then for each oneof 1 + the index of the member
   * that is set. Slots follow. */
  uint32_t head[];
};

static inline object_extra *object_extra_of(const stele_object *o) {
  return o->kind & 1 ? (object_extra *)(o->kind - 1) : NULL;
}

static inline const stele_layout *object_layout(const stele_object *o) {
  if (__builtin_expect(o->kind & 1, 0)) return ((const object_extra *)(o->kind - 1))->layout;
  return (const stele_layout *)o->kind;
}

/* The slot of a repeated field: elements side by side. */
typedef struct layout_array {
  void *at;
  uint32_t count, cap;
} layout_array;

/* What the slot of a map points to: entries in order of insertion, and an index
 * over them as soon as there are more than a few that do not come by key. */
typedef struct object_dict {
  stele_entry *entries;
  uint32_t *slots; /* 1 + index of an entry; 0 is free; NULL: no index */
  uint32_t count, cap, slot_mask;
  uint32_t settled; /* entries below are there once each, and in the index */
  bool has_text_keys;
  bool is_rising; /* the settled entries come by key, texts by their bytes and numbers as if they
                     had no sign: that is an index, too */
} object_dict;

/* ---- Objects --------------------------------------------------------------- */

/* An empty one in `memory` of layout->size bytes. */
static inline stele_object *object_init(void *memory, const stele_layout *layout) {
  stele_object *o = memory;
  o->kind = (uintptr_t)layout;
  memset(o->head, 0, 8); /* nearly always all, or more than all: there is a slot behind */
  if (layout->head_words > 2) memset(o->head + 2, 0, (layout->head_words - 2) * sizeof o->head[0]);
  return o;
}

static inline stele_object *object_new(stele_arena *arena, const stele_layout *layout) {
  return object_init(stele_arena_alloc(arena, layout->size, _Alignof(stele_object)), layout);
}

static inline bool object_has(const stele_object *o, const layout_field *f) {
  return (o->head[f->index / 32] & layout_mask(f)) != 0;
}

/* Where a field's slot is; only for fields that are set, or that are not
 * extensions. */
static inline void *object_slot(const stele_object *o, const layout_field *f) {
  uint8_t *base = (uint8_t *)(uintptr_t)o;
  if (f->flags & LAYOUT_EXTENSION) base = object_extra_of(o)->block;
  return base + f->offset;
}

/* The extra of an object, made when it has none. */
object_extra *object_extra_new(stele_arena *arena, stele_object *o);
void object_make_block(stele_arena *arena, stele_object *o);

/* The same for a slot that is about to be written. */
static inline void *object_slot_new(stele_arena *arena, stele_object *o, const layout_field *f) {
  if (f->flags & LAYOUT_EXTENSION) object_make_block(arena, o);
  return object_slot(o, f);
}

static inline uint32_t *object_case(stele_object *o, const layout_field *f) {
  return &o->head[object_layout(o)->bit_words + f->oneof - 1];
}

/* Sets the presence bit, and clears that of another member of the oneof. */
static inline void object_mark(stele_object *o, const layout_field *f) {
  if (f->oneof) {
    uint32_t *set = object_case(o, f);
    if (*set) o->head[(*set - 1) / 32] &= ~(1u << ((*set - 1) % 32));
    *set = f->index + 1u;
  }
  o->head[f->index / 32] |= layout_mask(f);
}

static inline void object_unmark(stele_object *o, const layout_field *f) {
  if (!object_has(o, f)) return;
  o->head[f->index / 32] &= ~layout_mask(f);
  if (f->oneof) *object_case(o, f) = 0;
}

/* Are its own required fields set? */
static inline bool object_has_required(const stele_object *o) {
  const uint32_t *required = object_layout(o)->required;
  for (uint32_t i = 0; required && i < object_layout(o)->bit_words; i++) {
    if (required[i] & ~o->head[i]) return false;
  }
  return true;
}

/* The first field that is set, from presence bit `from` on; NULL: none. */
static inline const layout_field *object_next(const stele_object *o, uint32_t from) {
  const stele_layout *layout = object_layout(o);
  for (uint32_t word = from / 32; word < layout->bit_words; word++) {
    uint32_t bits = o->head[word];
    if (word == from / 32) bits &= ~0u << (from % 32);
    if (bits) return &layout->fields[word * 32 + (uint32_t)__builtin_ctz(bits)];
  }
  return NULL;
}

#define OBJECT_EACH(o, f)                                                                          \
  for (const layout_field *f = object_next((o), 0); f; f = object_next((o), f->index + 1u))

/* The first 64 presence bits at once. */
static inline uint64_t object_bits(const stele_object *o, const stele_layout *layout) {
  uint64_t bits;
  memcpy(&bits, o->head, 8);
  return bits & layout->first_bits;
}

static inline void object_put_bits(stele_object *o, const stele_layout *layout, uint64_t bits) {
  memcpy(o->head, &bits, 4);
  if (layout->bit_words > 1) memcpy(o->head + 1, (const uint8_t *)&bits + 4, 4);
}

/* A text in a slot is a pointer and four bytes of length. */
static inline stele_str object_text(const void *slot) {
  stele_str text;
  uint32_t len;
  memcpy(&text.ptr, slot, sizeof text.ptr);
  memcpy(&len, (const uint8_t *)slot + sizeof text.ptr, sizeof len);
  text.len = len;
  return text;
}

static inline void object_put_text(void *slot, const char *ptr, size_t len) {
  uint32_t small = (uint32_t)len;
  memcpy(slot, &ptr, sizeof ptr);
  memcpy((uint8_t *)slot + sizeof ptr, &small, sizeof small);
}

/* One value of a code among many, from and into memory: a constant number of
 * bytes at a time, since a copy of a variable one is a call. */
static inline stele_value object_load(layout_code code, const void *at) {
  stele_value value = {.str = {NULL, 0}};
  switch (layout_code_bytes[code]) {
  case 1: memcpy(&value, at, 1); break;
  case 4: memcpy(&value, at, 4); break;
  case 8: memcpy(&value, at, 8); break;
  default: memcpy(&value, at, sizeof value); break;
  }
  return value;
}

static inline void object_store(layout_code code, void *at, stele_value value) {
  switch (layout_code_bytes[code]) {
  case 1: memcpy(at, &value, 1); break;
  case 4: memcpy(at, &value, 4); break;
  case 8: memcpy(at, &value, 8); break;
  default: memcpy(at, &value, sizeof value); break;
  }
}

/* The same from and into a slot. */
static inline stele_value object_load_slot(layout_code code, const void *slot) {
  if (layout_code_bytes[code] == sizeof(stele_str)) return (stele_value){.str = object_text(slot)};
  return object_load(code, slot);
}

static inline void object_store_slot(layout_code code, void *slot, stele_value value) {
  if (layout_code_bytes[code] == sizeof(stele_str)) {
    object_put_text(slot, value.str.ptr, value.str.len);
  } else {
    object_store(code, slot, value);
  }
}

/* Zero, or empty. */
bool object_is_zero(layout_code code, stele_value value);

/* Sets a singular field; an implicit one that becomes zero is unset. */
void object_set(stele_arena *arena, stele_object *o, const layout_field *f, stele_value value);

/* The value of a singular field, its default when it is not set. */
static inline stele_value object_get(const stele_object *o, const layout_field *f) {
  if (!object_has(o, f)) return object_layout(o)->info[f->index].missing;
  return object_load_slot(layout_code_of(f), object_slot(o, f));
}

/* The message in a singular field, made when it is not set. */
stele_object *object_sub(stele_arena *arena, stele_object *o, const layout_field *f);

/* The message in a singular field, or NULL. */
static inline stele_object *object_peek(const stele_object *o, const layout_field *f) {
  return object_has(o, f) ? *(stele_object **)object_slot(o, f) : NULL;
}

/* ---- Repeated fields ------------------------------------------------------- */

/* The elements of a repeated field; an empty array when it is not set. */
static inline layout_array object_array(const stele_object *o, const layout_field *f) {
  return object_has(o, f) ? *(const layout_array *)object_slot(o, f) : (layout_array){0};
}

/* Room for `more` elements, and for some if that is one. */
void array_grow(stele_arena *arena, layout_array *array, uint32_t bytes, uint32_t more);

/* The array of a field, begun and marked when it is not set. It must not stay
 * empty. */
layout_array *object_array_new(stele_arena *arena, stele_object *o, const layout_field *f);

/* A place for one more element of `bytes` bytes, uninitialised. */
static inline void *array_add(stele_arena *arena, layout_array *array, uint32_t bytes) {
  if (array->count == array->cap) array_grow(arena, array, bytes, 1);
  return (uint8_t *)array->at + (size_t)array->count++ * bytes;
}

/* ---- Maps ------------------------------------------------------------------ */

/* The entries of a map field, or NULL. */
static inline const object_dict *object_dict_of(const stele_object *o, const layout_field *f) {
  return object_has(o, f) ? *(object_dict **)object_slot(o, f) : NULL;
}

/* The dict of a field, begun and marked when it is not set. It must not stay
 * empty. */
object_dict *object_dict_new(stele_arena *arena, stele_object *o, const layout_field *f);

/* The key and the value field of a map. */
static inline const layout_field *layout_map_key(const layout_field *f) {
  return &layout_sub_layout(f)->fields[0];
}

static inline const layout_field *layout_map_value(const layout_field *f) {
  return &layout_sub_layout(f)->fields[1];
}

/* A key with the bytes that its type does not use as zeros: keys of dicts must
 * be like that. */
stele_value dict_key(layout_code code, stele_value key);

/* The entry of a key, or NULL. */
stele_entry *dict_find(const object_dict *dict, stele_value key);
/* The same, added when it is not in; its value is then zeros. */
stele_entry *dict_put(stele_arena *arena, object_dict *dict, stele_value key, bool *was_in);
bool dict_remove(object_dict *dict, stele_value key);

/* Room for `more` entries, or, if that is 0, for some. */
void dict_grow(stele_arena *arena, object_dict *dict, uint32_t more);

/* For decoders: an entry at the end, whether its key is in or not; of `place`,
 * once `count` says so. Afterwards `dict_settle`: of each key the last entry
 * stays, in the first one's place. */
static inline stele_entry *dict_place(stele_arena *arena, object_dict *dict) {
  if (dict->count == dict->cap) dict_grow(arena, dict, 0);
  return &dict->entries[dict->count];
}

static inline stele_entry *dict_append(stele_arena *arena, object_dict *dict) {
  stele_entry *entry = dict_place(arena, dict);
  dict->count++;
  return entry;
}

void dict_settle(stele_arena *arena, object_dict *dict);

/* The entries by key: false before true, numbers as signed or unsigned as their
 * type is, texts by bytes. */
const stele_entry **dict_sorted(stele_arena *arena, const object_dict *dict,
                                const stele_field *key);

/* ---- Unknown fields --------------------------------------------------------- */

/* Appends raw records; joined with the run before when they lie behind it. */
void object_add_unknown(stele_arena *arena, stele_object *o, stele_bytes records);

/* ---- Whole objects ------------------------------------------------------------ */

void object_merge(stele_arena *arena, stele_object *into, const stele_object *from,
                  bool copy_texts);
/* One field that is set in `from`. */
void object_merge_field(stele_arena *arena, stele_object *into, const stele_object *from,
                        const layout_field *f);

/* Where something is, from the inside out: a field, and which of its values. */
typedef struct object_path {
  const struct object_path *up; /* NULL: the object that all began with */
  const stele_layout *layout;
  const layout_field *field;
  enum { PATH_FIELD, PATH_INDEX, PATH_KEY } kind;
  size_t index;
  stele_value key;
} object_path;

/* "a.b[3].c[\"key\"].[pkg.ext]". */
void object_path_print(const object_path *path, stele_buf *out);

/* The first required field that is not set, as a path in `out`; false: all are. */
bool object_find_missing(const stele_object *o, const object_path *up, stele_buf *out);

#endif
