/* An open-addressed table of hashes and numbers, and what is known of each name
 * beside it, in the order in which the names came.
 *
 * The names of a large tree do not fit the caches, so what counts is how many
 * places a lookup looks at and how far these are from each other. Slots are small:
 * their table is a quarter of one that holds the names too. And the names of a file
 * came together, so they lie together when the next file has them again.
 *
 * The table starts at 2 KB so that one small file pays for few pages, and then grows
 * in great steps, since a tree that outgrows it has far to go and old tables are lost
 * to the arena. */
#include "base/intern.h"

#include "base/guard.h"

enum { FIRST_SLOTS = 256, FIRST_CHUNKS = 16, LARGE_SLOTS = 4096, HUGE_SLOTS = 1 << 18 };

intern_key intern_key_of_str(stele_str name) {
  uint64_t low, high = 0;
  if (name.len >= 8) {
    low = stele_hash_word(name.ptr);
    high = stele_hash_word(name.ptr + name.len - 8);
  } else {
    low = stele_hash_tail(name.ptr, name.len);
  }
  intern_key key = intern_key_of(name.ptr, (uint32_t)name.len, low, high);
  if (name.len > 16)
    key.hash = (uint32_t)stele_hash_str((stele_str){name.ptr + 8, name.len - 16}, key.hash);
  return key;
}

static void put_slot(stele_interner *in, intern_slot filled) {
  uint32_t at = filled.hash & in->mask;
  while (in->slots[at].sym) at = (at + 1) & in->mask;
  in->slots[at] = filled;
}

static void grow_slots(stele_interner *in) {
  uint32_t old_count = in->mask + 1;
  intern_slot *old = in->slots;
  uint32_t growth = old_count < LARGE_SLOTS ? 4 : old_count < HUGE_SLOTS ? 8 : 2;
  uint32_t count = old_count * growth;
  in->slots = STELE_NEW_ARRAY(in->arena, intern_slot, count);
  in->mask = count - 1;
  for (uint32_t i = 0; i < old_count; i++) {
    if (old[i].sym) put_slot(in, old[i]);
  }
}

static void add_chunk(stele_interner *in) {
  if (in->chunk_count == in->chunk_cap) {
    size_t size = in->chunk_cap * sizeof *in->chunks;
    in->chunks = stele_arena_grow(in->arena, in->chunks, size, size * 2, _Alignof(intern_name *));
    in->chunk_cap *= 2;
  }
  in->chunks[in->chunk_count] =
      stele_arena_alloc(in->arena, INTERN_CHUNK * sizeof(intern_name), _Alignof(intern_name));
  in->chunk_count++;
}

static stele_sym add(stele_interner *in, const intern_key *key, const char *text) {
  if (in->count == in->chunk_count << INTERN_CHUNK_BITS) add_chunk(in);
  if (in->count > in->mask / 4 * 3) grow_slots(in);
  stele_sym sym = ++in->count;
  *intern_name_of(in, sym) =
      (intern_name){.ptr = text, .low = key->low, .high = key->high, .len = key->len};
  put_slot(in, (intern_slot){key->hash, sym});
  return sym;
}

stele_sym intern_add(stele_interner *in, const intern_key *key) {
  return add(in, key, stele_str_copy(in->texts, (stele_str){key->ptr, key->len}).ptr);
}

stele_interner *stele_interner_new(stele_arena *arena, const stele_str *fixed, size_t count) {
  stele_interner *in = STELE_NEW(arena, stele_interner);
  in->arena = in->texts = arena;
  in->slots = STELE_NEW_ARRAY(arena, intern_slot, FIRST_SLOTS);
  in->mask = FIRST_SLOTS - 1;
  in->chunk_cap = FIRST_CHUNKS;
  in->chunks = STELE_NEW_ARRAY(arena, intern_name *, FIRST_CHUNKS);
  for (size_t i = 0; i < count; i++) {
    intern_key key = intern_key_of_str(fixed[i]);
    add(in, &key, key.ptr);
  }
  return in;
}

void stele_interner_keep_texts(stele_interner *in, stele_arena *texts) {
  in->texts = texts;
}

static void check_len(const stele_interner *in, size_t len) {
  if (len <= UINT32_MAX) return;
  stele_guard_leave(in->arena, STELE_LIMIT, "a name of %zu bytes is too long", len);
}

stele_sym stele_intern(stele_interner *in, stele_str name) {
  check_len(in, name.len);
  intern_key key = intern_key_of_str(name);
  return intern_by_key(in, &key);
}

stele_sym stele_intern_borrowed(stele_interner *in, stele_str name) {
  check_len(in, name.len);
  intern_key key = intern_key_of_str(name);
  stele_sym sym = intern_find(in, &key);
  return sym ? sym : add(in, &key, key.ptr);
}

stele_sym stele_intern_find(const stele_interner *in, stele_str name) {
  if (name.len > UINT32_MAX) return 0;
  intern_key key = intern_key_of_str(name);
  return intern_find(in, &key);
}

uint32_t stele_intern_count(const stele_interner *in) {
  return in->count;
}
