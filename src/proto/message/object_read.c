/* The public questions about objects: each field is looked up first, so that a
 * stranger's field is simply absent. */
#include "proto/message/object.h"

static const layout_field *field_of(const stele_object *object, const stele_field *field) {
  return layout_field_of(object_layout(object), field);
}

const stele_layout *stele_object_layout(const stele_object *object) {
  return object_layout(object);
}

bool stele_object_has(const stele_object *object, const stele_field *field) {
  const layout_field *f = field_of(object, field);
  return f && object_has(object, f);
}

stele_value stele_object_get(const stele_object *object, const stele_field *field) {
  const layout_field *f = field_of(object, field);
  if (!f || layout_shape_of(f) != LAYOUT_ONE) return (stele_value){.str = {NULL, 0}};
  return object_get(object, f);
}

static layout_array array_of(const stele_object *object, const layout_field *f) {
  if (!f || (layout_shape_of(f) != LAYOUT_MANY && layout_shape_of(f) != LAYOUT_PACKED)) {
    return (layout_array){0};
  }
  return object_array(object, f);
}

static const object_dict *dict_of(const stele_object *object, const layout_field *f) {
  return f && layout_shape_of(f) == LAYOUT_MAP ? object_dict_of(object, f) : NULL;
}

size_t stele_object_count(const stele_object *object, const stele_field *field) {
  const layout_field *f = field_of(object, field);
  const object_dict *dict = dict_of(object, f);
  return dict ? dict->count : array_of(object, f).count;
}

stele_value stele_object_item(const stele_object *object, const stele_field *field, size_t index) {
  const layout_field *f = field_of(object, field);
  layout_array array = array_of(object, f);
  if (index >= array.count) return (stele_value){.str = {NULL, 0}};
  layout_code code = layout_code_of(f);
  return object_load(code, (const uint8_t *)array.at + index * layout_code_bytes[code]);
}

const void *stele_object_items(const stele_object *object, const stele_field *field,
                               size_t *count) {
  layout_array array = array_of(object, field_of(object, field));
  *count = array.count;
  return array.at;
}

const stele_entry *stele_object_entries(const stele_object *object, const stele_field *field,
                                        size_t *count) {
  const object_dict *dict = dict_of(object, field_of(object, field));
  *count = dict ? dict->count : 0;
  return dict ? dict->entries : NULL;
}

const stele_entry *stele_object_find(const stele_object *object, const stele_field *field,
                                     stele_value key) {
  const layout_field *f = field_of(object, field);
  const object_dict *dict = dict_of(object, f);
  if (!dict) return NULL;
  return dict_find(dict, dict_key(layout_code_of(layout_map_key(f)), key));
}

const stele_field *stele_object_which(const stele_object *object, const stele_oneof *oneof) {
  for (uint32_t i = 0; i < oneof->field_count; i++) {
    if (stele_object_has(object, oneof->fields[i])) return oneof->fields[i];
  }
  return NULL;
}

const stele_field *stele_object_next(const stele_object *object, const stele_field *after) {
  const layout_field *last = field_of(object, after);
  if (after && !last) return NULL;
  const layout_field *next = object_next(object, last ? last->index + 1u : 0);
  return next ? layout_schema_field(object_layout(object), next) : NULL;
}

const stele_bytes *stele_object_unknown(const stele_object *object, size_t *count) {
  const object_extra *extra = object_extra_of(object);
  *count = extra ? extra->unknown_count : 0;
  return extra ? extra->unknown : NULL;
}
