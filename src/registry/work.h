/* work: one turn of a request on a worker's thread.
 *
 * In:   a function that may compile.   Out: it runs under the guard of the
 * request's arena, and what it linked is let go of afterwards.
 * Put a registry_work first in a struct of your own that lives in the arena.
 * Deps: registry/linked.h. */
#ifndef STELE_REGISTRY_WORK_H
#define STELE_REGISTRY_WORK_H

#include "registry/linked.h"
#include "registry/registry.h"

typedef struct registry_work registry_work;
struct registry_work {
  stele_registry *registry;
  stele_arena *arena; /* the request's; the work's alone until `done` */
  /* In a guard. A failure of the machine goes to work->err. */
  void (*run)(registry_work *work, linked_job *links);
  /* Afterwards, outside of any guard, on the worker's thread: tells the loop. */
  void (*done)(registry_work *work);
  stele_err err;
  linked_job *links; /* while it runs */
};

/* Queues the work. False: the workers have too much to do (STELE_UNAVAILABLE),
 * and done is not called. */
bool registry_work_start(registry_work *work, stele_err *err) STELE_MUST_USE;

/* Runs the work at once, on this thread. */
void registry_work_run(registry_work *work);

#endif
