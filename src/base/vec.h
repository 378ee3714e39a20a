/* base/vec: typed arrays that grow in an arena.
 *
 *   typedef STELE_VEC(stele_str) str_vec;
 *   str_vec names = {0};
 *   *STELE_VEC_ADD(arena, &names) = STELE_STR("a");
 *   for (size_t i = 0; i < names.count; i++) use(names.at[i]);
 *
 * Deps: base/arena.h. */
#ifndef STELE_BASE_VEC_H
#define STELE_BASE_VEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* `at[0, count)` are the elements; all zero is an empty vector. */
#define STELE_VEC(T)                                                                               \
  struct {                                                                                         \
    T *at;                                                                                         \
    size_t count, cap;                                                                             \
  }

/* A new element at the end, zeroed; the pointer holds until the next add. */
#define STELE_VEC_ADD(arena, vec)                                                                  \
  ((vec)->at = (vec)->count < (vec)->cap                                                           \
                   ? (vec)->at                                                                     \
                   : stele_vec_reserve((arena), (vec)->at, (vec)->count, &(vec)->cap,              \
                                       sizeof *(vec)->at, _Alignof(max_align_t)),                  \
   memset(&(vec)->at[(vec)->count], 0, sizeof *(vec)->at), &(vec)->at[(vec)->count++])

/* Adds a value. */
#define STELE_VEC_PUSH(arena, vec, ...) (*STELE_VEC_ADD((arena), (vec)) = (__VA_ARGS__))

/* Makes room for one more element than `count`; answers the array. */
void *stele_vec_reserve(stele_arena *arena, void *at, size_t count, size_t *cap, size_t size,
                        size_t align);

#endif
