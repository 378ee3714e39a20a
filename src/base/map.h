/* base/map: tables in an arena that remember the order of insertion.
 *
 * In:   keys (text or 64-bit) and pointers.   Out: the pointer of a key, or
 * all entries in the order they came, so that output made from a map is the
 * same every time.
 * Deps: base/arena.h. */
#ifndef STELE_BASE_MAP_H
#define STELE_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct stele_map_entry {
  union {
    stele_str str;
    uint64_t u64;
  } key;
  void *value;
  uint64_t hash;
} stele_map_entry;

/* `entries[0, count)` may be read in order. A map takes keys of one kind. */
typedef struct stele_map {
  stele_arena *arena;
  stele_map_entry *entries;
  size_t count;
  size_t cap;
  uint32_t *slots;   /* entry index + 1; 0 is free */
  size_t slot_count; /* a power of two, or 0 */
  uint64_t seed;
} stele_map;

/* An empty map; `seed` is a secret where strangers choose the keys, else 0. */
void stele_map_init(stele_map *map, stele_arena *arena, uint64_t seed);

/* The value of a key, or NULL. */
void *stele_map_find(const stele_map *map, stele_str key);
void *stele_map_find_u64(const stele_map *map, uint64_t key);

/* The place of a key's value, added with NULL when it was absent. The key's
 * text is borrowed, and must outlive the map. The place holds until the next
 * add. */
void **stele_map_add(stele_map *map, stele_str key);
void **stele_map_add_u64(stele_map *map, uint64_t key);

#endif
