/* arena: the memory of one job, freed in one go.
 *
 * In:   a limit in bytes.   Out: memory that lives until reset or free.
 * A job allocates without checking: running out of memory, or over the limit,
 * jumps to the job's guard (base/guard.h) and comes back as an error there.
 * Nothing that needs closing may live in an arena: there are no destructors.
 * Deps: none. */
#ifndef STELE_ARENA_H
#define STELE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "stele/err.h"

typedef struct stele_arena stele_arena;

/* A new arena that refuses to hold more than `limit_bytes` (0: no limit).
 * NULL when there is no memory at all. */
STELE_API stele_arena *stele_arena_new(size_t limit_bytes) STELE_MUST_USE;

/* Gives everything back. NULL is fine. */
STELE_API void stele_arena_free(stele_arena *arena);

/* Forgets everything but keeps the largest chunk for the next job. */
STELE_API void stele_arena_reset(stele_arena *arena);

/* Bytes handed out since the last reset, and bytes held from the system. */
STELE_API size_t stele_arena_used_bytes(const stele_arena *arena);
STELE_API size_t stele_arena_held_bytes(const stele_arena *arena);

#endif
