/* Enums by number and by name. Numbers that lie close together are a table,
 * others a sorted list. */
#include <stdlib.h>

#include "base/vec.h"
#include "proto/message/layout.h"

enum { DENSE_SPREAD = 4, DENSE_ALWAYS = 16 };

/* Stable: of one number the value that was declared first comes first. */
static int by_number(const void *a, const void *b) {
  const stele_enum_value *x = *(const stele_enum_value *const *)a;
  const stele_enum_value *y = *(const stele_enum_value *const *)b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Names of enum values need no escapes. */
static const stele_str *make_quoted(stele_arena *arena, const stele_enum_value **values,
                                    size_t count) {
  enum { READABLE = 32 };
  stele_str *quoted = STELE_NEW_ARRAY(arena, stele_str, count);
  for (size_t i = 0; i < count; i++) {
    if (!values[i]) continue;
    stele_str name = values[i]->name;
    char *text = STELE_NEW_ARRAY(arena, char, name.len + 2 + READABLE);
    text[0] = text[name.len + 1] = '"';
    if (name.len) memcpy(text + 1, name.ptr, name.len);
    quoted[i] = (stele_str){text, name.len + 2};
  }
  return quoted;
}

static void make_numbers(stele_arena *arena, layout_enum *e) {
  uint32_t count = e->type->value_count, kept = 0;
  const stele_enum_value **sorted = STELE_NEW_ARRAY(arena, const stele_enum_value *, count);
  for (uint32_t i = 0; i < count; i++) sorted[i] = &e->type->values[i];
  if (count) qsort(sorted, count, sizeof *sorted, by_number);
  for (uint32_t i = 0; i < count; i++) {
    if (kept == 0 || sorted[kept - 1]->number != sorted[i]->number) sorted[kept++] = sorted[i];
  }
  e->sorted = sorted;
  e->count = kept;
  if (kept == 0) return;
  int64_t span = (int64_t)sorted[kept - 1]->number - sorted[0]->number + 1;
  if (span > DENSE_ALWAYS + (int64_t)kept * DENSE_SPREAD) return;
  const stele_enum_value **dense = STELE_NEW_ARRAY(arena, const stele_enum_value *, (size_t)span);
  for (uint32_t i = 0; i < kept; i++) dense[sorted[i]->number - sorted[0]->number] = sorted[i];
  e->low = sorted[0]->number;
  e->dense = dense;
  if (!e->is_null_value) e->quoted = make_quoted(arena, dense, (size_t)span);
  e->sorted = NULL;
  e->count = (uint32_t)span;
}

const layout_enum *layout_make_enum(layout_job *job, const stele_enum *type) {
  void **place = stele_map_add_u64(job->enums, (uint64_t)(uintptr_t)type);
  if (*place) return *place;
  layout_enum *e = STELE_NEW(job->arena, layout_enum);
  e->type = type;
  e->is_null_value = stele_str_eq(type->full_name, STELE_STR("google.protobuf.NullValue"));
  make_numbers(job->arena, e);
  stele_map_init(&e->names, job->arena, 0);
  for (uint32_t i = 0; i < type->value_count; i++) {
    void **value = stele_map_add(&e->names, type->values[i].name);
    if (!*value) *value = (void *)(uintptr_t)&type->values[i];
  }
  *place = e;
  return e;
}

const stele_enum_value *layout_enum_find_sorted(const layout_enum *e, int32_t number) {
  uint32_t low = 0, high = e->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (e->sorted[middle]->number == number) return e->sorted[middle];
    if (e->sorted[middle]->number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

const stele_enum_value *layout_enum_find_name(const layout_enum *e, stele_str name) {
  return stele_map_find(&e->names, name);
}
