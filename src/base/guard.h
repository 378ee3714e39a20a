/* base/guard: the one place where running out of memory is caught.
 *
 * In:   an arena and a pure function.   Out: done, or an error.
 * Legal only around pure code, where there is nothing to unwind: no open
 * file, no lock, no heap object.
 * Deps: base/arena.h, stele/err.h. */
#ifndef STELE_BASE_GUARD_H
#define STELE_BASE_GUARD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/* Runs `fn(arg)`. If an allocation from `arena` (or from a scratch arena of
 * it) fails, `fn` is left at once and the answer is false with STELE_NO_MEMORY
 * or STELE_LIMIT. Guards of one arena nest: the innermost one catches. */
bool stele_guard_run(stele_arena *arena, void (*fn)(void *arg), void *arg,
                     stele_err *err) STELE_MUST_USE;

/* Takes the arena out of every guard around it, because it is about to be given
 * to another thread: the guards return as if they had none. Until somebody else
 * guards it, running out of it ends the process. */
void stele_guard_detach(stele_arena *arena);

/* Leaves the innermost guard of `arena`: for the arena itself, and for pure
 * code that meets a bound of its own (too deep, too many). Without a guard the
 * process ends with the message. */
_Noreturn void stele_guard_leave(stele_arena *arena, stele_code code, const char *format, ...)
    STELE_PRINTF(3, 4);

#endif
