/* Struct, Value and ListValue: JSON as messages. */
#include "base/guard.h"
#include "proto/known/known.h"

/* The numbers of Value's fields are the kinds. */
_Static_assert(STELE_STRUCT_NULL == 1 && STELE_STRUCT_LIST == 6, "struct.proto's numbers");

stele_struct_kind stele_struct_value_get(const stele_object *value, stele_value *out) {
  *out = (stele_value){.str = {NULL, 0}};
  if (object_layout(value)->well_known != LAYOUT_WKT_VALUE) return STELE_STRUCT_NOTHING;
  const layout_field *f = object_next(value, 0);
  if (!f) return STELE_STRUCT_NOTHING;
  *out = object_get(value, f);
  return (stele_struct_kind)stele_wire_number(f->tag);
}

typedef struct struct_job {
  stele_arena *arena;
  stele_object *o, *made;
  const layout_field *f;
  stele_value key;
} struct_job;

/* An empty Struct or ListValue in place of what the Value was. */
static void make_inner(void *arg) {
  struct_job *job = arg;
  job->made = object_new(job->arena, layout_sub_layout(job->f));
}

bool stele_struct_value_set(stele_object *value, stele_arena *arena, stele_struct_kind kind,
                            stele_value to, stele_err *err) {
  if (!known_is(value, LAYOUT_WKT_VALUE, err)) return false;
  if (kind == STELE_STRUCT_NOTHING) {
    stele_object_clear_all(value);
    return true;
  }
  struct_job job = {
      .arena = arena, .o = value, .f = layout_find(object_layout(value), (uint32_t)kind)};
  if (kind == STELE_STRUCT_NULL) to.i32 = 0;
  if (kind == STELE_STRUCT_STRUCT || kind == STELE_STRUCT_LIST) {
    if (!stele_guard_run(arena, make_inner, &job, err)) return false;
    to.object = job.made;
  }
  object_set(arena, value, job.f, to);
  return true;
}

stele_object *stele_struct_find(const stele_object *structure, stele_str key) {
  if (object_layout(structure)->well_known != LAYOUT_WKT_STRUCT) return NULL;
  const object_dict *dict = object_dict_of(structure, layout_find(object_layout(structure), 1));
  const stele_entry *entry = dict ? dict_find(dict, (stele_value){.str = key}) : NULL;
  return entry ? entry->value.object : NULL;
}

static void make_value(void *arg) {
  struct_job *job = arg;
  const layout_field *value = layout_map_value(job->f);
  job->made = object_new(job->arena, layout_sub_layout(value));
}

stele_object *stele_struct_put(stele_object *structure, stele_arena *arena, stele_str key,
                               stele_err *err) {
  if (!known_is(structure, LAYOUT_WKT_STRUCT, err)) return NULL;
  stele_object *found = stele_struct_find(structure, key);
  if (found) return found;
  struct_job job = {.arena = arena, .o = structure, .f = layout_find(object_layout(structure), 1)};
  if (!stele_guard_run(arena, make_value, &job, err)) return NULL;
  const stele_field *fields = layout_schema_field(object_layout(structure), job.f);
  bool ok = stele_object_put(structure, arena, fields, (stele_value){.str = key},
                             (stele_value){.object = job.made}, err);
  return ok ? job.made : NULL;
}

stele_object *stele_struct_list_add(stele_object *list, stele_arena *arena, stele_err *err) {
  if (!known_is(list, LAYOUT_WKT_LIST_VALUE, err)) return NULL;
  return stele_object_add_object(list, arena, stele_layout_field(object_layout(list), 1), err);
}
