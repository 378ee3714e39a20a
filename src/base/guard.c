/* The guard: setjmp at a job's entry, longjmp where its arena runs out.
 *
 * It is the only user of setjmp in the house. Readers of pure code never see
 * it: they allocate, and either have memory or are not there any more. */
#include "base/guard.h"

#include <stdio.h>
#include <stdlib.h>

/* The compiler's own setjmp keeps three registers and lets the rest be spilled;
 * the library's keeps all, and asks about the mask of signals. Sanitizers know
 * the library's. */
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) &&              \
    !defined(__SANITIZE_THREAD__) && !defined(__clang__)
typedef void *jump[5];
#define REMEMBER(here) __builtin_setjmp(here)
#define GO_BACK(there) __builtin_longjmp(there, 1)
#else
#include <setjmp.h>
typedef jmp_buf jump;
#define REMEMBER(here) setjmp(here)
#define GO_BACK(there) longjmp(there, 1)
#endif

struct stele_guard {
  jump back;
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
  stele_guard guard; /* not zeroed: `back` is large, and seldom used */
  guard.outer = arena->guard;
  guard.err = err;
  guard.detached = false;
  arena->guard = &guard;
  volatile bool done = false;
  if (REMEMBER(guard.back) == 0) {
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
  if (guard) GO_BACK(guard->back);
  (void)fprintf(stderr, "stele: %s: %s\n", stele_code_text(code), unguarded.msg);
  abort();
}
