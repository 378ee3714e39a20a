/* Maps: entries in a row, and beyond a few an index of open addressing.
 *
 * A decoder appends without looking; settling then builds the index once, at
 * its final size, and drops what a later entry replaced. Keys that rise from
 * entry to entry, as serialisers that sort send them, need none: each is there
 * once, and can be found by halving. The seed of the hash
 * is the address of the dict, so that nobody outside can choose keys that
 * collide. */
#include <stdlib.h>

#include "base/guard.h"
#include "base/hash.h"
#include "proto/message/object.h"

enum { FEW = 8, FIRST = 4, MOST = 1 << 28 };

object_dict *object_dict_new(stele_arena *arena, stele_object *o, const layout_field *f) {
  object_dict **slot = object_slot_new(arena, o, f);
  if (object_has(o, f)) return *slot;
  object_dict *dict = STELE_NEW(arena, object_dict);
  layout_code code = layout_code_of(layout_map_key(f));
  dict->has_text_keys = code == LAYOUT_STRING || code == LAYOUT_BYTES;
  dict->is_rising = true;
  *slot = dict;
  object_mark(o, f);
  return dict;
}

stele_value dict_key(layout_code code, stele_value key) {
  switch (layout_code_bytes[code]) {
  case 1: return (stele_value){.u64 = key.b};
  case 4: return (stele_value){.u64 = key.u32};
  case 8: return (stele_value){.u64 = key.u64};
  default: return key;
  }
}

static uint32_t hash_of(const object_dict *dict, stele_value key) {
  uint64_t seed = (uintptr_t)dict;
  uint64_t hash =
      dict->has_text_keys ? stele_hash_str(key.str, seed) : stele_hash_u64(key.u64, seed);
  return (uint32_t)(hash >> 32 ^ hash);
}

static bool same_key(const object_dict *dict, stele_value a, stele_value b) {
  return dict->has_text_keys ? stele_str_eq(a.str, b.str) : a.u64 == b.u64;
}

/* The slot of a key: that of its entry, or a free one. */
static uint32_t *slot_of(const object_dict *dict, stele_value key) {
  uint32_t at = hash_of(dict, key) & dict->slot_mask;
  while (dict->slots[at] && !same_key(dict, dict->entries[dict->slots[at] - 1].key, key)) {
    at = (at + 1) & dict->slot_mask;
  }
  return &dict->slots[at];
}

/* As the bytes lie in memory, zeros behind the end. */
static uint64_t first_eight(stele_str text) {
  return text.len >= 8 ? stele_hash_word(text.ptr) : stele_hash_tail(text.ptr, text.len);
}

/* Does the key come behind the other? */
static bool is_behind(const object_dict *dict, stele_value key, stele_value other) {
  if (!dict->has_text_keys) return key.u64 > other.u64;
  uint64_t x = __builtin_bswap64(first_eight(key.str)),
           y = __builtin_bswap64(first_eight(other.str));
  if (x != y) return x > y;
  size_t len = key.str.len < other.str.len ? key.str.len : other.str.len;
  int by_bytes = len ? memcmp(key.str.ptr, other.str.ptr, len) : 0;
  return by_bytes ? by_bytes > 0 : key.str.len > other.str.len;
}

/* The first entry of which `key` is not behind, if they rise. */
static stele_entry *find_rising(const object_dict *dict, stele_value key) {
  uint32_t low = 0, high = dict->settled;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (is_behind(dict, key, dict->entries[middle].key)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  bool is_in = low < dict->settled && same_key(dict, dict->entries[low].key, key);
  return is_in ? &dict->entries[low] : NULL;
}

stele_entry *dict_find(const object_dict *dict, stele_value key) {
  if (dict->slots) {
    uint32_t index = *slot_of(dict, key);
    return index ? &dict->entries[index - 1] : NULL;
  }
  if (dict->is_rising) return find_rising(dict, key);
  for (uint32_t i = 0; i < dict->count; i++) {
    if (same_key(dict, dict->entries[i].key, key)) return &dict->entries[i];
  }
  return NULL;
}

void dict_grow(stele_arena *arena, object_dict *dict, uint32_t more) {
  uint32_t cap = dict->cap ? dict->cap * 2 : more ? more : FIRST;
  if (cap < dict->count + more) cap = dict->count + more;
  if (cap > MOST || more > MOST)
    stele_guard_leave(arena, STELE_LIMIT, "a map has more than %d entries", MOST);
  dict->entries = stele_arena_grow(arena, dict->entries, dict->cap * sizeof(stele_entry),
                                   cap * sizeof(stele_entry), _Alignof(stele_entry));
  dict->cap = cap;
}

/* Do all the entries rise? */
static bool settle_rising(object_dict *dict) {
  if (!dict->is_rising) return false;
  for (uint32_t i = dict->settled; i < dict->count; i++) {
    if (i == 0 || is_behind(dict, dict->entries[i].key, dict->entries[i - 1].key)) continue;
    dict->is_rising = false;
    return false;
  }
  dict->settled = dict->count;
  return true;
}

/* Enters the entries from `settled` on; those of a key that is there already
 * replace its value and leave. */
static void fill_index(object_dict *dict) {
  uint32_t kept = dict->settled;
  for (uint32_t i = dict->settled; i < dict->count; i++) {
    uint32_t *slot = slot_of(dict, dict->entries[i].key);
    if (*slot) {
      dict->entries[*slot - 1] = dict->entries[i];
      continue;
    }
    dict->entries[kept] = dict->entries[i];
    *slot = ++kept;
  }
  dict->count = dict->settled = kept;
}

static void clear_index(object_dict *dict) {
  memset(dict->slots, 0, ((size_t)dict->slot_mask + 1) * sizeof *dict->slots);
  dict->settled = 0;
}

/* An index with room for `count` entries. */
static void make_index(stele_arena *arena, object_dict *dict, uint32_t count) {
  uint32_t size = FEW * 4;
  while (size < count * 2) size *= 2;
  if (!dict->slots || dict->slot_mask + 1 < size) {
    dict->slots = stele_arena_alloc(arena, size * sizeof *dict->slots, _Alignof(uint32_t));
    dict->slot_mask = size - 1;
    clear_index(dict);
  }
  fill_index(dict);
}

void dict_settle(stele_arena *arena, object_dict *dict) {
  if (settle_rising(dict)) return;
  if (dict->count > FEW || dict->slots) {
    make_index(arena, dict, dict->count);
    return;
  }
  uint32_t kept = dict->settled;
  for (uint32_t i = dict->settled; i < dict->count; i++) {
    uint32_t at = 0;
    while (at < kept && !same_key(dict, dict->entries[at].key, dict->entries[i].key)) at++;
    dict->entries[at] = dict->entries[i];
    if (at == kept) kept++;
  }
  dict->count = dict->settled = kept;
}

stele_entry *dict_put(stele_arena *arena, object_dict *dict, stele_value key, bool *was_in) {
  stele_entry *found = dict_find(dict, key);
  *was_in = found != NULL;
  if (found) return found;
  bool rises = dict->is_rising &&
               (dict->count == 0 || is_behind(dict, key, dict->entries[dict->count - 1].key));
  if (dict->count >= FEW && !rises) {
    make_index(arena, dict, dict->count + 1); /* first what may fail */
    dict->is_rising = false;
  }
  stele_entry *entry = dict_append(arena, dict);
  *entry = (stele_entry){.key = key};
  dict_settle(arena, dict);
  return entry;
}

bool dict_remove(object_dict *dict, stele_value key) {
  stele_entry *found = dict_find(dict, key);
  if (!found) return false;
  size_t behind = (size_t)(&dict->entries[--dict->count] - found);
  memmove(found, found + 1, behind * sizeof *found);
  dict->settled = dict->count;
  if (dict->slots) {
    clear_index(dict);
    fill_index(dict);
  }
  return true;
}

/* ---- Sorting ----------------------------------------------------------------- */

static int order(bool less, bool more) {
  return more - less;
}

static int by_text(const void *a, const void *b) {
  stele_str x = (*(const stele_entry *const *)a)->key.str;
  stele_str y = (*(const stele_entry *const *)b)->key.str;
  return stele_str_order(x, y);
}

static int by_unsigned(const void *a, const void *b) {
  uint64_t x = (*(const stele_entry *const *)a)->key.u64;
  uint64_t y = (*(const stele_entry *const *)b)->key.u64;
  return order(x<y, x> y);
}

static int by_int64(const void *a, const void *b) {
  int64_t x = (*(const stele_entry *const *)a)->key.i64;
  int64_t y = (*(const stele_entry *const *)b)->key.i64;
  return order(x<y, x> y);
}

static int by_int32(const void *a, const void *b) {
  int32_t x = (*(const stele_entry *const *)a)->key.i32;
  int32_t y = (*(const stele_entry *const *)b)->key.i32;
  return order(x<y, x> y);
}

typedef int compare_fn(const void *a, const void *b);

static compare_fn *compare_of(const stele_field *key) {
  switch ((int)key->type) {
  case STELE_TYPE_STRING:
  case STELE_TYPE_BYTES: return by_text;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: return by_int64;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: return by_int32;
  default: return by_unsigned;
  }
}

const stele_entry **dict_sorted(stele_arena *arena, const object_dict *dict,
                                const stele_field *key) {
  const stele_entry **sorted =
      stele_arena_alloc(arena, dict->count * sizeof *sorted + 1, _Alignof(const stele_entry *));
  for (uint32_t i = 0; i < dict->count; i++) sorted[i] = &dict->entries[i];
  if (dict->count) qsort(sorted, dict->count, sizeof *sorted, compare_of(key));
  return sorted;
}
