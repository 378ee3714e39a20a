/* Levels: a table only where there is something to gain. */
#include "check/element/level.h"

#include <stddef.h>

#include "base/arena.h"

/* Up to here a walk over the names is quicker than making a table of them. */
enum { FEW = 16 };

_Static_assert(offsetof(stele_message, name) == 0, "a level reads names there");
_Static_assert(offsetof(stele_enum, name) == 0, "a level reads names there");
_Static_assert(offsetof(stele_enum_value, name) == 0, "a level reads names there");
_Static_assert(offsetof(stele_oneof, name) == 0, "a level reads names there");
_Static_assert(offsetof(stele_field, name) == 0, "a level reads names there");
_Static_assert(offsetof(stele_service, name) == 0, "a level reads names there");
_Static_assert(offsetof(stele_method, name) == 0, "a level reads names there");

static const stele_str *name_at(const check_level *level, size_t index) {
  return (const stele_str *)(const void *)(level->at + index * level->size);
}

check_level check_level_of(stele_arena *arena, const void *elements, size_t count, size_t size) {
  return (check_level){.arena = arena, .at = elements, .size = size, .count = count};
}

static void make_table(check_level *level) {
  level->has_table = true;
  stele_map_init(&level->names, level->arena, (uintptr_t)level->arena);
  for (size_t i = 0; i < level->count; i++) {
    const stele_str *name = name_at(level, i);
    void **place = stele_map_add(&level->names, *name);
    if (!*place) *place = (void *)(uintptr_t)name;
  }
}

/* Names are told apart within a level, but for values of enums that come from
 * descriptors: there the first one counts. */
const void *check_level_find(check_level *level, stele_str name, size_t near) {
  if (near < level->count && stele_str_eq(*name_at(level, near), name)) return name_at(level, near);
  if (level->count > FEW && !level->has_table) make_table(level);
  if (level->has_table) return stele_map_find(&level->names, name);
  for (size_t i = 0; i < level->count; i++) {
    const stele_str *at = name_at(level, i);
    if (stele_str_eq(*at, name)) return at;
  }
  return NULL;
}

void check_levels_init(check_levels *levels, stele_arena *arena) {
  levels->arena = arena;
  stele_map_init(&levels->by_first, arena, (uintptr_t)arena);
}

const void *check_levels_find(check_levels *levels, const void *elements, size_t count, size_t size,
                              stele_str name, size_t near) {
  check_level one = check_level_of(levels->arena, elements, count, size);
  if (count <= FEW || (near < count && stele_str_eq(*name_at(&one, near), name))) {
    return check_level_find(&one, name, near);
  }
  void **place = stele_map_add_u64(&levels->by_first, (uint64_t)(uintptr_t)elements);
  check_level *kept = *place;
  if (!kept) {
    kept = STELE_NEW(levels->arena, check_level);
    *kept = one;
    *place = kept;
  }
  return check_level_find(kept, name, near);
}

check_numbers check_numbers_of(stele_arena *arena, const stele_enum *type) {
  return (check_numbers){.arena = arena, .type = type};
}

const stele_enum_value *check_numbers_find(check_numbers *numbers, int32_t number) {
  const stele_enum *type = numbers->type;
  if (type->value_count <= FEW) return stele_enum_value_by_number(type, number);
  if (!numbers->has_table) {
    numbers->has_table = true;
    stele_map_init(&numbers->numbers, numbers->arena, (uintptr_t)numbers->arena);
    for (uint32_t i = 0; i < type->value_count; i++) {
      void **place = stele_map_add_u64(&numbers->numbers, (uint32_t)type->values[i].number);
      if (!*place) *place = (void *)(uintptr_t)&type->values[i];
    }
  }
  return stele_map_find_u64(&numbers->numbers, (uint32_t)number);
}
