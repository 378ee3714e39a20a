/* registry: subjects, versions, ids, releases: the domain, over a store.
 *
 * In:   requests of any coat (REST, gRPC, command line).   Out: answers or
 * refusals, never a status code of a protocol.
 * Reading is looking into a snapshot (registry/snapshot.h). Changing is a job
 * that compiles and judges on a worker, is taken by the store's writer, and is
 * answered when the snapshot shows it.
 * Deps: store, sys/pool.h, obs. */
#ifndef STELE_REGISTRY_REGISTRY_H
#define STELE_REGISTRY_REGISTRY_H

#include "registry/refusal.h"
#include "registry/snapshot.h"
#include "store/store.h"

typedef struct stele_registry stele_registry;
typedef struct sys_pool sys_pool;

typedef struct registry_options {
  stele_store *store;   /* borrowed */
  sys_pool *workers;    /* compiling and judging; borrowed */
  size_t linked_most;   /* compiled schemas kept; 0: 256 */
  size_t body_bytes;    /* answers kept ready; 0: 16 MiB */
  size_t text_bytes;    /* of one schema; 0: 4 MiB */
  size_t compile_bytes; /* memory of one compile; 0: 256 MiB */
} registry_options;

/* Loads all that the store has; waits until it is there. */
stele_registry *registry_open(const registry_options *options, stele_err *err) STELE_MUST_USE;

/* Refuses from now on to start anything: no worker, no writing. What has begun
 * ends by itself. First of the three steps of closing: then end the workers and
 * close the store, then registry_close. */
void registry_stop(stele_registry *r);

/* When no request is left, the workers have ended and the store is closed. */
void registry_close(stele_registry *r);

/* The newest snapshot, borrowed by this thread until it asks again. A job that
 * calls others hands it on instead of asking twice. */
const registry_snapshot *registry_read(stele_registry *r);

/* Who asks, when, from where: what is written with a change. */
typedef struct registry_caller {
  stele_str principal;
  stele_str address;
  stele_time_us time;
} registry_caller;

/* --- changing ------------------------------------------------------------ */

/* A batch on its way to the store and back. It lives with the request. */
typedef struct registry_commit registry_commit;
struct registry_commit {
  stele_batch batch;
  /* On the store's thread, when the snapshot shows what was done: the results
   * are in the batch, or `err` says why nothing was kept. Keep it short. */
  void (*done)(registry_commit *commit, const stele_err *err, void *arg);
  void *arg;
  stele_registry *registry; /* set by registry_submit, like those below */
  registry_commit *behind;
  stele_err failure;
};

/* Hands a batch to the store. False: it was not taken, and done is not called. */
bool registry_submit(stele_registry *r, registry_commit *commit, stele_err *err) STELE_MUST_USE;

#endif
