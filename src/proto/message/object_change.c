/* The public changes to objects: the field and the value are checked, then the
 * one allocation that may be needed runs under a guard. */
#include "base/guard.h"
#include "proto/message/object.h"

/* What one change is about. */
typedef struct change {
  stele_arena *arena;
  stele_object *object;
  const layout_field *f;
  stele_value key, value;
  const stele_layout *layout; /* of a new object */
  stele_object *made;
  stele_bytes bytes;
} change;

static bool refuse(stele_err *err, const stele_object *object, const stele_field *field,
                   const char *what) {
  return stele_fail(err, STELE_INVALID, "field \"" STELE_STR_FMT "\" of " STELE_STR_FMT " %s",
                    STELE_STR_ARG(field->name),
                    STELE_STR_ARG(object_layout(object)->type->full_name), what);
}

/* A message must be of the field's own type. */
static bool fits(const layout_field *f, stele_value value) {
  if (!layout_is_object(layout_code_of(f))) return true;
  return value.object && object_layout(value.object) == layout_sub_layout(f);
}

static bool begin(change *c, const stele_field *field, bool repeated, stele_err *err) {
  c->f = layout_field_of(object_layout(c->object), field);
  if (!c->f) return refuse(err, c->object, field, "is not one of its fields");
  layout_shape shape = layout_shape_of(c->f);
  if (shape == LAYOUT_MAP || (shape != LAYOUT_ONE) != repeated) {
    return refuse(err, c->object, field, repeated ? "is not repeated" : "is not singular");
  }
  return true;
}

/* No message can carry a longer one. */
static bool is_too_long(const layout_field *f, stele_value value) {
  layout_code code = layout_code_of(f);
  return (code == LAYOUT_STRING || code == LAYOUT_BYTES) && value.str.len > INT32_MAX;
}

static bool begin_value(change *c, const stele_field *field, bool repeated, stele_err *err) {
  if (!begin(c, field, repeated, err)) return false;
  if (is_too_long(c->f, c->value)) {
    return stele_fail(err, STELE_LIMIT, "a text of %zu bytes is too long", c->value.str.len);
  }
  if (fits(c->f, c->value)) return true;
  return refuse(err, c->object, field, "wants a message of its type");
}

static bool begin_object(change *c, const stele_field *field, bool repeated, stele_err *err) {
  if (!begin(c, field, repeated, err)) return false;
  return layout_is_object(layout_code_of(c->f)) ||
         refuse(err, c->object, field, "is not a message");
}

static void make_object(void *arg) {
  change *c = arg;
  c->made = object_new(c->arena, c->layout);
}

stele_object *stele_object_new(stele_arena *arena, const stele_layout *layout, stele_err *err) {
  change c = {.arena = arena, .layout = layout};
  return stele_guard_run(arena, make_object, &c, err) ? c.made : NULL;
}

static void set(void *arg) {
  change *c = arg;
  object_set(c->arena, c->object, c->f, c->value);
}

bool stele_object_set(stele_object *object, stele_arena *arena, const stele_field *field,
                      stele_value value, stele_err *err) {
  change c = {.arena = arena, .object = object, .value = value};
  if (!begin_value(&c, field, false, err)) return false;
  if (c.f->flags & LAYOUT_EXTENSION) return stele_guard_run(arena, set, &c, err);
  set(&c); /* allocates nothing */
  return true;
}

static void sub(void *arg) {
  change *c = arg;
  c->made = object_sub(c->arena, c->object, c->f);
}

stele_object *stele_object_sub(stele_object *object, stele_arena *arena, const stele_field *field,
                               stele_err *err) {
  change c = {.arena = arena, .object = object};
  if (!begin_object(&c, field, false, err)) return NULL;
  return stele_guard_run(arena, sub, &c, err) ? c.made : NULL;
}

/* Making room may fail; only then is the field marked, and never left empty. */
static void add(void *arg) {
  change *c = arg;
  layout_code code = layout_code_of(c->f);
  layout_array array = object_array(c->object, c->f);
  if (c->layout) c->value.object = c->made = object_new(c->arena, c->layout);
  if (array.count == array.cap) array_grow(c->arena, &array, layout_code_bytes[code], 1);
  object_store(code, (uint8_t *)array.at + (size_t)array.count * layout_code_bytes[code], c->value);
  array.count++;
  *(layout_array *)object_slot_new(c->arena, c->object, c->f) = array;
  object_mark(c->object, c->f);
}

bool stele_object_add(stele_object *object, stele_arena *arena, const stele_field *field,
                      stele_value value, stele_err *err) {
  change c = {.arena = arena, .object = object, .value = value};
  return begin_value(&c, field, true, err) && stele_guard_run(arena, add, &c, err);
}

stele_object *stele_object_add_object(stele_object *object, stele_arena *arena,
                                      const stele_field *field, stele_err *err) {
  change c = {.arena = arena, .object = object};
  if (!begin_object(&c, field, true, err)) return NULL;
  c.layout = layout_sub_layout(c.f);
  return stele_guard_run(arena, add, &c, err) ? c.made : NULL;
}

bool stele_object_set_item(stele_object *object, const stele_field *field, size_t index,
                           stele_value value, stele_err *err) {
  change c = {.object = object, .value = value};
  if (!begin_value(&c, field, true, err)) return false;
  layout_array array = object_array(object, c.f);
  if (index >= array.count) return refuse(err, object, field, "has no such element");
  layout_code code = layout_code_of(c.f);
  object_store(code, (uint8_t *)array.at + index * layout_code_bytes[code], value);
  return true;
}

bool stele_object_truncate(stele_object *object, const stele_field *field, size_t count,
                           stele_err *err) {
  change c = {.object = object};
  if (!begin(&c, field, true, err)) return false;
  if (!object_has(object, c.f)) return true;
  layout_array *array = object_slot(object, c.f);
  if (count < array->count) array->count = (uint32_t)count;
  if (array->count == 0) object_unmark(object, c.f);
  return true;
}

static bool begin_map(change *c, const stele_field *field, stele_err *err) {
  c->f = layout_field_of(object_layout(c->object), field);
  if (!c->f) return refuse(err, c->object, field, "is not one of its fields");
  if (layout_shape_of(c->f) != LAYOUT_MAP) return refuse(err, c->object, field, "is not a map");
  c->key = dict_key(layout_code_of(layout_map_key(c->f)), c->key);
  return true;
}

static void put(void *arg) {
  change *c = arg;
  const object_dict *old = object_dict_of(c->object, c->f);
  bool was_in = false;
  if (!old) (void)dict_append(c->arena, object_dict_new(c->arena, c->object, c->f));
  object_dict *dict = *(object_dict **)object_slot(c->object, c->f);
  if (!old) dict->count = 0; /* the room for the first entry is there */
  dict_put(c->arena, dict, c->key, &was_in)->value = c->value;
}

bool stele_object_put(stele_object *object, stele_arena *arena, const stele_field *field,
                      stele_value key, stele_value value, stele_err *err) {
  change c = {.arena = arena, .object = object, .key = key, .value = value};
  if (!begin_map(&c, field, err)) return false;
  const stele_layout *entry = layout_sub_layout(c.f);
  if (!fits(&entry->fields[1], value)) {
    return refuse(err, object, field, "wants a message of its type");
  }
  bool was_set = object_has(object, c.f);
  if (stele_guard_run(arena, put, &c, err)) return true;
  if (!was_set) object_unmark(object, c.f);
  return false;
}

bool stele_object_remove(stele_object *object, const stele_field *field, stele_value key) {
  change c = {.object = object, .key = key};
  stele_err err = {0};
  if (!begin_map(&c, field, &err) || !object_has(object, c.f)) return false;
  object_dict *dict = *(object_dict **)object_slot(object, c.f);
  bool was_in = dict_remove(dict, c.key);
  if (dict->count == 0) object_unmark(object, c.f);
  return was_in;
}

void stele_object_clear(stele_object *object, const stele_field *field) {
  const layout_field *f = layout_field_of(object_layout(object), field);
  if (f) object_unmark(object, f);
}

void stele_object_clear_all(stele_object *object) {
  memset(object->head, 0, object_layout(object)->head_words * sizeof object->head[0]);
  if (object_extra_of(object)) object_extra_of(object)->unknown_count = 0;
}

static void add_unknown(void *arg) {
  change *c = arg;
  object_add_unknown(c->arena, c->object, c->bytes);
}

bool stele_object_add_unknown(stele_object *object, stele_arena *arena, stele_bytes records,
                              stele_err *err) {
  change c = {.arena = arena, .object = object, .bytes = records};
  return stele_guard_run(arena, add_unknown, &c, err);
}
