/* A schema's life: made by one link, shared by count, gone in one go. */
#include "proto/schema/schema.h"

#include "proto/schema/schema_internal.h"

stele_schema *schema_new(stele_arena *arena) {
  stele_schema *schema = STELE_NEW(arena, stele_schema);
  schema->arena = arena;
  atomic_init(&schema->refs, 1);
  stele_map_init(&schema->paths, arena, 0);
  stele_map_init(&schema->packages, arena, 0);
  return schema;
}

void schema_add_file(stele_schema *schema, const stele_file *file) {
  STELE_VEC_PUSH(schema->arena, &schema->files, file);
}

void schema_keep(stele_schema *schema, const stele_schema *other) {
  if (other == schema) return;
  for (size_t i = 0; i < schema->schemas.count; i++) {
    if (schema->schemas.at[i] == other) return;
  }
  STELE_VEC_PUSH(schema->arena, &schema->schemas, other);
  (void)stele_schema_ref(other);
}

const stele_schema *stele_schema_ref(const stele_schema *schema) {
  atomic_fetch_add_explicit(&((stele_schema *)(uintptr_t)schema)->refs, 1, memory_order_relaxed);
  return schema;
}

/* Puts a schema that lost its last reference before those that wait. */
static void let_go(const stele_schema *schema, stele_schema **waiting) {
  stele_schema *own = (stele_schema *)(uintptr_t)schema;
  if (atomic_fetch_sub_explicit(&own->refs, 1, memory_order_acq_rel) != 1) return;
  own->waiting = *waiting;
  *waiting = own;
}

/* Schemas that only the dead one kept alive die with it. Chains of them may
 * be long (a registry's references), so the dying wait in a line that runs
 * through their own memory, not on the stack. */
void stele_schema_unref(const stele_schema *schema) {
  stele_schema *waiting = NULL;
  if (schema) let_go(schema, &waiting);
  while (waiting) {
    stele_schema *dying = waiting;
    waiting = dying->waiting;
    for (size_t i = 0; i < dying->schemas.count; i++) let_go(dying->schemas.at[i], &waiting);
    stele_arena_free(dying->arena);
  }
}

size_t stele_schema_held_bytes(const stele_schema *schema) {
  return stele_arena_used_bytes(schema->arena);
}

const stele_file *const *stele_schema_files(const stele_schema *schema, size_t *count) {
  *count = schema->files.count;
  return schema->files.at;
}

stele_field_more *schema_field_more(stele_arena *arena, stele_field *field) {
  if (!field->more) field->more = STELE_NEW(arena, stele_field_more);
  return field->more;
}
