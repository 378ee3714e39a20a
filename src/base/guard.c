/* The guard: setjmp at a job's entry, longjmp where its arena runs out.
 *
 * It is the only user of setjmp in the house. Readers of pure code never see
 * it: they allocate, and either have memory or are not there any more. */
#include "base/guard.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

struct stele_guard {
  jmp_buf back;
  stele_guard *outer;
  stele_err *err;
  bool detached; /* the arena is somebody else's by now */
};

static stele_arena *guarded(stele_arena *arena) {
  while (arena->owner) arena = arena->owner;
  return arena;
}

bool stele_guard_run(stele_arena *arena, void (*fn)(void *arg), void *arg, stele_err *err) {
  arena = guarded(arena);
  stele_guard guard = {.outer = arena->guard, .err = err};
  arena->guard = &guard;
  volatile bool done = false;
  if (setjmp(guard.back) == 0) {
    fn(arg);
    done = true;
  }
  if (!guard.detached) arena->guard = guard.outer;
  return done;
}

void stele_guard_detach(stele_arena *arena) {
  arena = guarded(arena);
  for (stele_guard *guard = arena->guard; guard; guard = guard->outer) guard->detached = true;
  arena->guard = NULL;
}

void stele_guard_leave(stele_arena *arena, stele_code code, const char *format, ...) {
  stele_guard *guard = guarded(arena)->guard;
  stele_err unguarded = {0};
  va_list args;
  va_start(args, format);
  (void)stele_fail_v(guard ? guard->err : &unguarded, code, format, args);
  va_end(args);
  if (guard) longjmp(guard->back, 1);
  (void)fprintf(stderr, "stele: %s: %s\n", stele_code_text(code), unguarded.msg);
  abort();
}
