/* base/intern: names become small numbers, so that comparing them is free.
 *
 * In:   names.   Out: a stele_sym each, the same for the same bytes; its text.
 * Threads: an interner belongs to one job.
 * Deps: base/arena.h. */
#ifndef STELE_BASE_INTERN_H
#define STELE_BASE_INTERN_H

#include <stdint.h>

#include "base/arena.h"

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

/* The same, for a caller that has computed stele_hash_str(name, 0) already. */
stele_sym stele_intern_hashed(stele_interner *interner, stele_str name, uint32_t hash);

/* The number of a name, or 0 if it was never interned. */
stele_sym stele_intern_find(const stele_interner *interner, stele_str name);

/* The text of a number; it lives as long as the interner's arena. */
stele_str stele_sym_str(const stele_interner *interner, stele_sym sym);

/* How many names there are; numbers run from 1 to this. */
uint32_t stele_intern_count(const stele_interner *interner);

#endif
