/* Entries in one array, an open-addressed index of u32 beside it.
 *
 * The index is kept at most half full and probed linearly; the 64-bit hash is
 * compared before the key. Small maps (up to eight entries) have no index. */
#include "base/map.h"

#include "base/hash.h"

enum { SCAN_COUNT = 8 };

void stele_map_init(stele_map *map, stele_arena *arena, uint64_t seed) {
  *map = (stele_map){.arena = arena, .seed = seed};
}

typedef struct probe {
  uint64_t hash;
  const stele_str *str; /* NULL: a u64 key */
  uint64_t u64;
} probe;

static bool is_key(const stele_map_entry *entry, const probe *p) {
  if (entry->hash != p->hash) return false;
  return p->str ? stele_str_eq(entry->key.str, *p->str) : entry->key.u64 == p->u64;
}

static stele_map_entry *find(const stele_map *map, const probe *p) {
  if (!map->slot_count) {
    for (size_t i = 0; i < map->count; i++) {
      if (is_key(&map->entries[i], p)) return &map->entries[i];
    }
    return NULL;
  }
  size_t mask = map->slot_count - 1;
  for (size_t at = p->hash & mask; map->slots[at]; at = (at + 1) & mask) {
    stele_map_entry *entry = &map->entries[map->slots[at] - 1];
    if (is_key(entry, p)) return entry;
  }
  return NULL;
}

static void index_entry(stele_map *map, size_t i) {
  size_t mask = map->slot_count - 1;
  size_t at = map->entries[i].hash & mask;
  while (map->slots[at]) at = (at + 1) & mask;
  map->slots[at] = (uint32_t)i + 1;
}

static void grow(stele_map *map) {
  size_t cap = map->cap ? map->cap * 2 : SCAN_COUNT;
  /* Allocated before anything is changed: a map may outlive a failing job. */
  uint32_t *slots = cap > SCAN_COUNT ? STELE_NEW_ARRAY(map->arena, uint32_t, cap * 2) : NULL;
  map->entries = stele_arena_grow(map->arena, map->entries, map->cap * sizeof *map->entries,
                                  cap * sizeof *map->entries, _Alignof(stele_map_entry));
  map->cap = cap;
  if (!slots) return;
  map->slots = slots;
  map->slot_count = cap * 2;
  for (size_t i = 0; i < map->count; i++) index_entry(map, i);
}

static stele_map_entry *add(stele_map *map, const probe *p) {
  stele_map_entry *found = find(map, p);
  if (found) return found;
  if (map->count == map->cap) grow(map);
  stele_map_entry *entry = &map->entries[map->count++];
  *entry = (stele_map_entry){.hash = p->hash};
  if (p->str) {
    entry->key.str = *p->str;
  } else {
    entry->key.u64 = p->u64;
  }
  if (map->slot_count) index_entry(map, map->count - 1);
  return entry;
}

static probe probe_str(const stele_map *map, const stele_str *key) {
  return (probe){.hash = stele_hash_str(*key, map->seed), .str = key};
}

static probe probe_u64(const stele_map *map, uint64_t key) {
  return (probe){.hash = stele_hash_u64(key, map->seed), .u64 = key};
}

void *stele_map_find(const stele_map *map, stele_str key) {
  probe p = probe_str(map, &key);
  stele_map_entry *entry = find(map, &p);
  return entry ? entry->value : NULL;
}

void *stele_map_find_u64(const stele_map *map, uint64_t key) {
  probe p = probe_u64(map, key);
  stele_map_entry *entry = find(map, &p);
  return entry ? entry->value : NULL;
}

void **stele_map_add(stele_map *map, stele_str key) {
  probe p = probe_str(map, &key);
  return &add(map, &p)->value;
}

void **stele_map_add_u64(stele_map *map, uint64_t key) {
  probe p = probe_u64(map, key);
  return &add(map, &p)->value;
}
