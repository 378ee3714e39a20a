/* base/arena: the allocating side of stele/arena.h, for our own code.
 *
 * In:   an arena.   Out: zeroed objects and arrays that cannot be NULL.
 * Deps: stele/arena.h, stele/str.h. */
#ifndef STELE_BASE_ARENA_H
#define STELE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "stele/arena.h"
#include "stele/str.h"

typedef struct arena_chunk arena_chunk;
typedef struct stele_guard stele_guard;

/* Open only so that the fast path can be inlined; touch nothing directly. */
struct stele_arena {
  uint8_t *at;                   /* next free byte */
  uint8_t *end;                  /* first byte after what is free of the current chunk */
  uint8_t *top;                  /* the same, also while every allocation is made slow */
  arena_chunk *chunks;           /* newest first */
  size_t held;                   /* bytes of all chunks */
  size_t limit;                  /* 0: none */
  size_t next_chunk;             /* size of the next chunk */
  size_t wanted;                 /* by jobs before the last reset; the next chunk is that large */
  stele_guard *guard;            /* where running out of memory goes; see base/guard.h */
  stele_arena *owner;            /* the arena whose guard a scratch arena shares, or NULL */
  uint64_t fail_after;           /* test hook: the n-th allocation from now fails; 0: off */
  const _Atomic bool *cancelled; /* a flag that ends the job; NULL: none */
};

_Noreturn void stele_arena_cancel(stele_arena *arena);

/* Leaves the guard with STELE_CANCELLED when the job's flag is up. Called
 * wherever a job has done some work: once for each statement, message, chunk. */
static inline void stele_arena_check(stele_arena *arena) {
  if (arena->cancelled && *arena->cancelled) stele_arena_cancel(arena);
}

/* A second arena for the same job: its failures go to the guard of `job`, and
 * what it holds counts on its own. Free it after the guard has returned. */
stele_arena *stele_arena_new_scratch(stele_arena *job) STELE_MUST_USE;

/* `size` bytes, uninitialised, aligned to `align` (a power of two). */
void *stele_arena_alloc_slow(stele_arena *arena, size_t size, size_t align);

static inline void *stele_arena_alloc(stele_arena *arena, size_t size, size_t align) {
  uintptr_t at = ((uintptr_t)arena->at + (align - 1)) & ~(uintptr_t)(align - 1);
  uintptr_t end = (uintptr_t)arena->end;
  if (at > end || size > end - at) return stele_arena_alloc_slow(arena, size, align);
  arena->at = (uint8_t *)at + size;
  return (void *)at;
}

/* `count` elements of `size` bytes, zeroed; an overflow counts as out of memory. */
void *stele_arena_array(stele_arena *arena, size_t count, size_t size, size_t align);

/* Grows an array that was allocated last (in place) or anywhere (a copy).
 * The new tail is uninitialised. */
void *stele_arena_grow(stele_arena *arena, void *old, size_t old_size, size_t new_size,
                       size_t align);

/* Gives back the tail of the array that was allocated last; does nothing for
 * any other. */
void stele_arena_trim(stele_arena *arena, void *array, size_t old_size, size_t new_size);

/* Bytes that one more allocation can still have. */
size_t stele_arena_left(const stele_arena *arena);

/* All that is free of the current chunk, or of a new one: at least `least` bytes, which are taken
 * until `stele_arena_keep_tail` says what of them is used. */
uint8_t *stele_arena_take_rest(stele_arena *arena, size_t least, uint8_t **end);

/* Of the bytes [start, arena->at) that were taken so, those from `tail` on are used; the others are
 * free again. Does nothing when something was allocated behind them. */
void stele_arena_keep_tail(stele_arena *arena, uint8_t *start, uint8_t *tail, uint8_t *end);

/* A zeroed T, or `n` zeroed T: never NULL. */
#define STELE_NEW(arena, T) ((T *)stele_arena_array((arena), 1, sizeof(T), _Alignof(T)))
#define STELE_NEW_ARRAY(arena, T, n) ((T *)stele_arena_array((arena), (n), sizeof(T), _Alignof(T)))

/* A place to go back to: everything allocated after the mark is forgotten.
 * Marks nest; rewinding keeps one spare chunk. */
typedef struct stele_mark {
  arena_chunk *chunk;
  uint8_t *at, *top;
} stele_mark;

stele_mark stele_arena_mark(stele_arena *arena);
void stele_arena_rewind(stele_arena *arena, stele_mark mark);

/* A copy in the arena, with a NUL behind it that `len` does not count. */
stele_str stele_str_copy(stele_arena *arena, stele_str text);
stele_bytes stele_bytes_copy(stele_arena *arena, stele_bytes bytes);

/* Text made by printf. */
stele_str stele_str_printf(stele_arena *arena, const char *format, ...) STELE_PRINTF(2, 3);

/* Test hook: lets the `n`-th allocation from now fail as if memory had run
 * out (every allocation then takes the slow path); 0 switches it off. */
void stele_arena_fail_after(stele_arena *arena, uint64_t n);

#endif
