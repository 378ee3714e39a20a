/* level: what stands beside each other, found by name or by number.
 *
 * In:   an array of messages, enums, enum values or oneofs.   Out: its elements
 * by name; enum values by number. Few elements are looked through one by one;
 * many get a table, so that comparing two files stays linear in their size.
 * Deps: base/map.h, proto/schema. */
#ifndef STELE_CHECK_ELEMENT_LEVEL_H
#define STELE_CHECK_ELEMENT_LEVEL_H

#include "base/map.h"
#include "proto/schema/schema.h"

typedef struct check_level {
  stele_arena *arena;
  const uint8_t *at; /* elements whose first member is their name */
  size_t size, count;
  bool has_table; /* made when something is not where it was expected */
  stele_map names;
} check_level;

/* `elements` must begin with a stele_str name, and outlive the level. */
check_level check_level_of(stele_arena *arena, const void *elements, size_t count, size_t size);

/* The first element of a name, or NULL. The one at index `near` is looked at first:
 * what did not change is where it was. */
const void *check_level_find(check_level *level, stele_str name, size_t near);

/* Levels that are asked about now and then: made once each, by their first element. */
typedef struct check_levels {
  stele_arena *arena;
  stele_map by_first; /* -> check_level */
} check_levels;

void check_levels_init(check_levels *levels, stele_arena *arena);
const void *check_levels_find(check_levels *levels, const void *elements, size_t count, size_t size,
                              stele_str name, size_t near);

/* By the type of the elements; NULL when there is none of the name. */
#define CHECK_SIBLING(levels, elements, count, name, near)                                         \
  ((__typeof__(&*(elements)))check_levels_find((levels), (elements), (count), sizeof *(elements),  \
                                               (name), (near)))

typedef struct check_numbers {
  stele_arena *arena;
  const stele_enum *type;
  bool has_table;
  stele_map numbers;
} check_numbers;

check_numbers check_numbers_of(stele_arena *arena, const stele_enum *type);

/* The first value of a number, or NULL. */
const stele_enum_value *check_numbers_find(check_numbers *numbers, int32_t number);

#endif
