/* An open-addressed table whose slots hold short names themselves, and a second
 * array of texts.
 *
 * The table of a large tree does not fit the caches, so what a lookup costs is
 * how many places it looks at: for nearly all names it is the slot alone. It
 * starts at 8 KB so that one small file pays for few pages, and then grows in
 * great steps, since a tree that outgrows it has far to go and old tables are
 * lost to the arena. */
#include "base/intern.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 256, FIRST_NAMES = 256, LARGE_SLOTS = 4096, HUGE_SLOTS = 1 << 18, HEAD = 23 };

/* Half a cache line. */
typedef struct slot {
  uint32_t hash;
  stele_sym sym;   /* 0: free */
  uint8_t len;     /* of the name; HEAD + 1 for any that is longer than HEAD */
  char head[HEAD]; /* all of a name that is not longer */
} slot;

struct stele_interner {
  stele_arena *arena;
  stele_arena *texts;
  slot *slots;
  uint32_t mask;
  uint32_t count;
  uint32_t cap;
  stele_str *names; /* names[sym - 1] */
};

static uint32_t hash_name(stele_str name) {
  return (uint32_t)stele_hash_str(name, 0);
}

static void put_slot(stele_interner *in, const slot *filled) {
  uint32_t at = filled->hash & in->mask;
  while (in->slots[at].sym) at = (at + 1) & in->mask;
  in->slots[at] = *filled;
}

static void put(stele_interner *in, stele_str name, uint32_t hash, stele_sym sym) {
  slot filled = {.hash = hash, .sym = sym, .len = HEAD + 1};
  if (name.len <= HEAD) {
    filled.len = (uint8_t)name.len;
    if (name.len) memcpy(filled.head, name.ptr, name.len);
  }
  put_slot(in, &filled);
}

static void grow_slots(stele_interner *in) {
  uint32_t old_count = in->mask + 1;
  slot *old = in->slots;
  uint32_t growth = old_count < LARGE_SLOTS ? 4 : old_count < HUGE_SLOTS ? 8 : 2;
  uint32_t count = old_count * growth;
  in->slots = STELE_NEW_ARRAY(in->arena, slot, count);
  in->mask = count - 1;
  for (uint32_t i = 0; i < old_count; i++) {
    if (old[i].sym) put_slot(in, &old[i]);
  }
}

static stele_sym add(stele_interner *in, stele_str name, uint32_t hash) {
  if (in->count == in->cap) {
    in->names = stele_arena_grow(in->arena, in->names, in->cap * sizeof *in->names,
                                 (size_t)in->cap * 2 * sizeof *in->names, _Alignof(stele_str));
    in->cap *= 2;
  }
  in->names[in->count++] = name;
  if (in->count > in->mask / 4 * 3) grow_slots(in);
  put(in, name, hash, in->count);
  return in->count;
}

stele_interner *stele_interner_new(stele_arena *arena, const stele_str *fixed, size_t count) {
  stele_interner *in = STELE_NEW(arena, stele_interner);
  in->arena = in->texts = arena;
  in->slots = STELE_NEW_ARRAY(arena, slot, FIRST_SLOTS);
  in->mask = FIRST_SLOTS - 1;
  in->cap = FIRST_NAMES;
  in->names = stele_arena_alloc(arena, FIRST_NAMES * sizeof *in->names, _Alignof(stele_str));
  for (size_t i = 0; i < count; i++) add(in, fixed[i], hash_name(fixed[i]));
  return in;
}

static inline bool same_halves(const char *a, const char *b, size_t len) {
  uint32_t a_low, a_high, b_low, b_high;
  memcpy(&a_low, a, 4);
  memcpy(&b_low, b, 4);
  memcpy(&a_high, a + len - 4, 4);
  memcpy(&b_high, b + len - 4, 4);
  return a_low == b_low && a_high == b_high;
}

/* Loads that may overlap cover a short name, which beats a call. */
static inline bool same_head(const char *a, const char *b, size_t len) {
  if (len >= 8) {
    return stele_hash_word(a) == stele_hash_word(b) &&
           stele_hash_word(a + len - 8) == stele_hash_word(b + len - 8) &&
           (len <= 16 || stele_hash_word(a + 8) == stele_hash_word(b + 8));
  }
  if (len >= 4) return same_halves(a, b, len);
  for (size_t i = 0; i < len; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

static inline stele_sym find(const stele_interner *in, stele_str name, uint32_t hash) {
  size_t len = name.len <= HEAD ? name.len : HEAD + 1;
  for (uint32_t at = hash & in->mask; in->slots[at].sym; at = (at + 1) & in->mask) {
    const slot *here = &in->slots[at];
    if (here->hash != hash || here->len != len) continue;
    if (len <= HEAD ? same_head(here->head, name.ptr, len)
                    : stele_str_eq(in->names[here->sym - 1], name)) {
      return here->sym;
    }
  }
  return 0;
}

void stele_interner_keep_texts(stele_interner *in, stele_arena *texts) {
  in->texts = texts;
}

stele_sym stele_intern_hashed(stele_interner *in, stele_str name, uint32_t hash) {
  stele_sym sym = find(in, name, hash);
  return sym ? sym : add(in, stele_str_copy(in->texts, name), hash);
}

stele_sym stele_intern(stele_interner *in, stele_str name) {
  return stele_intern_hashed(in, name, hash_name(name));
}

stele_sym stele_intern_borrowed(stele_interner *in, stele_str name) {
  uint32_t hash = hash_name(name);
  stele_sym sym = find(in, name, hash);
  return sym ? sym : add(in, name, hash);
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
