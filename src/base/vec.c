/* Vectors start at four elements: most lists in a schema are short. */
#include "base/vec.h"

enum { FIRST_CAP = 4 };

void *stele_vec_reserve(stele_arena *arena, void *at, size_t count, size_t *cap, size_t size,
                        size_t align) {
  if (count < *cap) return at;
  size_t grown = *cap ? *cap * 2 : FIRST_CAP;
  void *moved = stele_arena_grow(arena, at, *cap * size, grown * size, align);
  *cap = grown;
  return moved;
}
