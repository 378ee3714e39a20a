/* Objects: slots, repeated fields, unknown fields. */
#include "proto/message/object.h"

#include "base/guard.h"

object_extra *object_extra_new(stele_arena *arena, stele_object *o) {
  object_extra *extra = object_extra_of(o);
  if (extra) return extra;
  extra = STELE_NEW(arena, object_extra);
  extra->layout = object_layout(o);
  o->kind = (uintptr_t)extra + 1;
  return extra;
}

void object_make_block(stele_arena *arena, stele_object *o) {
  object_extra *extra = object_extra_new(arena, o);
  if (extra->block) return;
  extra->block = stele_arena_alloc(arena, object_layout(o)->block_size, _Alignof(stele_value));
}

/* ---- Values ----------------------------------------------------------------- */

bool object_is_zero(layout_code code, stele_value value) {
  switch (layout_code_bytes[code]) {
  case 1: return !value.b;
  case 4: return value.u32 == 0;
  case 16: return value.str.len == 0;
  default: return value.u64 == 0;
  }
}

void object_set(stele_arena *arena, stele_object *o, const layout_field *f, stele_value value) {
  layout_code code = layout_code_of(f);
  if (f->flags & LAYOUT_IMPLICIT && object_is_zero(code, value)) {
    object_unmark(o, f);
    return;
  }
  object_store_slot(code, object_slot_new(arena, o, f), value);
  object_mark(o, f);
}

stele_object *object_sub(stele_arena *arena, stele_object *o, const layout_field *f) {
  stele_object **slot = object_slot_new(arena, o, f);
  if (object_has(o, f)) return *slot;
  stele_object *sub = object_new(arena, layout_sub_layout(f));
  *slot = sub;
  object_mark(o, f);
  return sub;
}

/* ---- Repeated fields ---------------------------------------------------------- */

void array_grow(stele_arena *arena, layout_array *array, uint32_t bytes, uint32_t more) {
  enum { FIRST_BYTES = 32, MOST = 1 << 30 };
  uint32_t cap = array->cap ? array->cap * 2 : more > 1 ? more : FIRST_BYTES / bytes;
  if (array->count > MOST || more > MOST) {
    stele_guard_leave(arena, STELE_LIMIT, "a repeated field has more than %d elements", MOST);
  }
  if (cap < array->count + more) cap = array->count + more;
  array->at = stele_arena_grow(arena, array->at, (size_t)array->count * bytes, (size_t)cap * bytes,
                               _Alignof(stele_value));
  array->cap = cap;
}

layout_array *object_array_new(stele_arena *arena, stele_object *o, const layout_field *f) {
  layout_array *array = object_slot_new(arena, o, f);
  if (object_has(o, f)) return array;
  *array = (layout_array){0};
  object_mark(o, f);
  return array;
}

/* ---- Unknown fields ------------------------------------------------------------ */

void object_add_unknown(stele_arena *arena, stele_object *o, stele_bytes records) {
  if (records.len == 0) return;
  object_extra *extra = object_extra_new(arena, o);
  stele_bytes *last = extra->unknown_count ? &extra->unknown[extra->unknown_count - 1] : NULL;
  if (last && last->ptr + last->len == records.ptr) {
    last->len += records.len;
    return;
  }
  if (extra->unknown_count == extra->unknown_cap) {
    uint32_t cap = extra->unknown_cap ? extra->unknown_cap * 2 : 1;
    extra->unknown =
        stele_arena_grow(arena, extra->unknown, extra->unknown_cap * sizeof *extra->unknown,
                         cap * sizeof *extra->unknown, _Alignof(stele_bytes));
    extra->unknown_cap = cap;
  }
  extra->unknown[extra->unknown_count++] = records;
}
