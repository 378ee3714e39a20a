/* base/intern: names become small numbers, so that comparing them is free.
 *
 * In:   names.   Out: a stele_sym each, the same for the same bytes; its text.
 * Threads: an interner belongs to one job.
 * Deps: base/arena.h, base/hash.h. */
#ifndef STELE_BASE_INTERN_H
#define STELE_BASE_INTERN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"

/* A name in one interner. 0 is no name. */
typedef uint32_t stele_sym;

typedef struct stele_interner stele_interner;

/* A new interner that starts with `fixed[0, count)`: fixed[i] gets number
 * i + 1. The fixed texts are borrowed for ever (a constant table). */
stele_interner *stele_interner_new(stele_arena *arena, const stele_str *fixed, size_t count);

/* Where the texts of new names go from now on: they may have to live longer than
 * the tables. */
void stele_interner_keep_texts(stele_interner *interner, stele_arena *texts);

/* The number of a name; new names are copied into the arena, since the text
 * they come from dies with its file. */
stele_sym stele_intern(stele_interner *interner, stele_str name);

/* The same for a name whose text lives longer than the interner: not copied. */
stele_sym stele_intern_borrowed(stele_interner *interner, stele_str name);

/* The number of a name, or 0 if it was never interned. */
stele_sym stele_intern_find(const stele_interner *interner, stele_str name);

/* How many names there are; numbers run from 1 to this. */
uint32_t stele_intern_count(const stele_interner *interner);

/* ---- For callers in a hurry -------------------------------------------------- */

/* A name as it is looked up. The first and the last eight bytes are all of a
 * name of up to sixteen, and both are in registers when its end is known; with
 * fewer than eight, `low` has zeros behind them and `high` is 0. */
typedef struct intern_key {
  const char *ptr;
  uint32_t len;
  uint32_t hash;
  uint64_t low, high;
} intern_key;

/* What is known of a name; half a cache line. */
typedef struct intern_name {
  const char *ptr;
  uint64_t low, high; /* as in its key */
  uint32_t len;
  stele_sym derived; /* see stele_sym_derived */
} intern_name;

typedef struct intern_slot {
  uint32_t hash;
  stele_sym sym; /* 0: free */
} intern_slot;

enum { INTERN_CHUNK_BITS = 8, INTERN_CHUNK = 1 << INTERN_CHUNK_BITS };

/* Open only so that finding a name can be inlined; touch nothing directly. */
struct stele_interner {
  intern_slot *slots; /* open addressing */
  uint32_t mask;
  uint32_t count;
  intern_name **chunks; /* of names, by number - 1; they never move */
  uint32_t chunk_count, chunk_cap;
  stele_arena *arena;
  stele_arena *texts;
};

/* A key of up to sixteen bytes; for a longer name its middle has to be mixed in. */
static inline intern_key intern_key_of(const char *ptr, uint32_t len, uint64_t low, uint64_t high) {
  return (intern_key){ptr, len, (uint32_t)stele_hash_short(low, high, len, 0), low, high};
}

/* The same for any name of less than 4 GB. */
intern_key intern_key_of_str(stele_str name);

static inline intern_name *intern_name_of(const stele_interner *interner, stele_sym sym) {
  uint32_t at = sym - 1;
  return &interner->chunks[at >> INTERN_CHUNK_BITS][at & (INTERN_CHUNK - 1)];
}

/* The number of a name, or 0. Cost: for names that came before nearly always one
 * slot, of which eight share a cache line, and the name, beside which stand those
 * that came with it. */
static inline stele_sym intern_find(const stele_interner *interner, const intern_key *key) {
  for (uint32_t at = key->hash & interner->mask;; at = (at + 1) & interner->mask) {
    intern_slot slot = interner->slots[at];
    if (!slot.sym) return 0;
    if (slot.hash != key->hash) continue;
    const intern_name *name = intern_name_of(interner, slot.sym);
    if (name->len == key->len && name->low == key->low && name->high == key->high &&
        (key->len <= 16 || memcmp(name->ptr + 8, key->ptr + 8, key->len - 16) == 0)) {
      return slot.sym;
    }
  }
}

/* Asks memory for the slot that intern_find will look at a little later. */
static inline void intern_fetch_slot(const stele_interner *interner, uint32_t hash) {
  __builtin_prefetch(&interner->slots[hash & interner->mask]);
}

/* Adds a name that was not found; its text is copied. */
stele_sym intern_add(stele_interner *interner, const intern_key *key);

static inline stele_sym intern_by_key(stele_interner *interner, const intern_key *key) {
  stele_sym sym = intern_find(interner, key);
  return sym ? sym : intern_add(interner, key);
}

/* The text of a number; it lives as long as the interner's arena. */
static inline stele_str stele_sym_str(const stele_interner *interner, stele_sym sym) {
  if (!sym) return (stele_str){0};
  const intern_name *name = intern_name_of(interner, sym);
  return (stele_str){name->ptr, name->len};
}

/* A name that the interner's user makes of this one, to be made once; 0 until then. */
static inline stele_sym *stele_sym_derived(stele_interner *interner, stele_sym sym) {
  return &intern_name_of(interner, sym)->derived;
}

#endif
