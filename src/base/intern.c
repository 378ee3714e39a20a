/* An open-addressed table of {hash, sym}, a second array of texts.
 *
 * The table starts at 4 KB so that one small file pays for one page, and grows
 * by four, since a tree that outgrows it has far to go. */
#include "base/intern.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 512, FIRST_NAMES = 256 };

typedef struct slot {
  uint32_t hash;
  stele_sym sym; /* 0: free */
} slot;

struct stele_interner {
  stele_arena *arena;
  slot *slots;
  uint32_t mask;
  uint32_t count;
  uint32_t cap;
  stele_str *names; /* names[sym - 1] */
};

static uint32_t hash_name(stele_str name) {
  return (uint32_t)stele_hash_str(name, 0);
}

static void put(stele_interner *in, uint32_t hash, stele_sym sym) {
  uint32_t at = hash & in->mask;
  while (in->slots[at].sym) at = (at + 1) & in->mask;
  in->slots[at] = (slot){hash, sym};
}

static void grow_slots(stele_interner *in) {
  uint32_t old_count = in->mask + 1;
  slot *old = in->slots;
  in->slots = STELE_NEW_ARRAY(in->arena, slot, (size_t)old_count * 4);
  in->mask = old_count * 4 - 1;
  for (uint32_t i = 0; i < old_count; i++) {
    if (old[i].sym) put(in, old[i].hash, old[i].sym);
  }
}

static stele_sym add(stele_interner *in, stele_str name, uint32_t hash) {
  if (in->count == in->cap) {
    in->names = stele_arena_grow(in->arena, in->names, in->cap * sizeof *in->names,
                                 (size_t)in->cap * 2 * sizeof *in->names, _Alignof(stele_str));
    in->cap *= 2;
  }
  in->names[in->count++] = name;
  if (in->count > in->mask / 2) grow_slots(in);
  put(in, hash, in->count);
  return in->count;
}

stele_interner *stele_interner_new(stele_arena *arena, const stele_str *fixed, size_t count) {
  stele_interner *in = STELE_NEW(arena, stele_interner);
  in->arena = arena;
  in->slots = STELE_NEW_ARRAY(arena, slot, FIRST_SLOTS);
  in->mask = FIRST_SLOTS - 1;
  in->cap = FIRST_NAMES;
  in->names = stele_arena_alloc(arena, FIRST_NAMES * sizeof *in->names, _Alignof(stele_str));
  for (size_t i = 0; i < count; i++) add(in, fixed[i], hash_name(fixed[i]));
  return in;
}

/* Most names are short: two loads that may overlap cover up to 16 bytes, which
 * beats a call. */
static inline bool same_name(stele_str a, stele_str b) {
  if (a.len != b.len) return false;
  if (a.len > 16) return memcmp(a.ptr, b.ptr, a.len) == 0;
  if (a.len >= 8) {
    return stele_hash_word(a.ptr) == stele_hash_word(b.ptr) &&
           stele_hash_word(a.ptr + a.len - 8) == stele_hash_word(b.ptr + b.len - 8);
  }
  for (size_t i = 0; i < a.len; i++) {
    if (a.ptr[i] != b.ptr[i]) return false;
  }
  return true;
}

static inline stele_sym find(const stele_interner *in, stele_str name, uint32_t hash) {
  for (uint32_t at = hash & in->mask; in->slots[at].sym; at = (at + 1) & in->mask) {
    if (in->slots[at].hash != hash) continue;
    if (same_name(in->names[in->slots[at].sym - 1], name)) return in->slots[at].sym;
  }
  return 0;
}

stele_sym stele_intern_hashed(stele_interner *in, stele_str name, uint32_t hash) {
  stele_sym sym = find(in, name, hash);
  return sym ? sym : add(in, stele_str_copy(in->arena, name), hash);
}

stele_sym stele_intern(stele_interner *in, stele_str name) {
  return stele_intern_hashed(in, name, hash_name(name));
}

stele_sym stele_intern_find(const stele_interner *in, stele_str name) {
  return find(in, name, hash_name(name));
}

stele_str stele_sym_str(const stele_interner *in, stele_sym sym) {
  return sym ? in->names[sym - 1] : (stele_str){0};
}

uint32_t stele_intern_count(const stele_interner *in) {
  return in->count;
}
