/* registry, inside: what its files share. */
#ifndef STELE_REGISTRY_REGISTRY_INTERNAL_H
#define STELE_REGISTRY_REGISTRY_INTERNAL_H

#include <pthread.h>

#include "registry/edit.h"
#include "registry/registry.h"
#include "sys/thread.h"

typedef struct linked_cache linked_cache;
typedef struct layout_cache layout_cache;

/* A line of commits, first come first. */
typedef struct commit_line {
  registry_commit *first, *last;
} commit_line;

struct stele_registry {
  registry_options options;
  linked_cache *linked;
  layout_cache *layouts;
  _Atomic int64_t body_budget; /* bytes that ready answers may still take */

  /* The newest snapshot. Readers compare `edition` and take the lock only when
   * it has moved. */
  sys_mutex lock;
  sys_cond loaded; /* with `lock`: the first load has ended */
  registry_snapshot *newest;
  _Atomic uint64_t edition;
  pthread_key_t reader; /* each thread's registry_reader */
  bool load_ended;
  bool stopped; /* with `lock` */
  stele_err load_err;

  /* Of the store's thread alone. */
  commit_line waiting; /* applied, and not yet in the snapshot */
  commit_line serving; /* those that the running feed will show */
  snap_edit *edit;
  bool feeding;
};

/* Queues work for the workers, unless the registry is stopped. */
bool registry_queue(stele_registry *r, void (*fn)(void *arg), void *arg,
                    stele_err *err) STELE_MUST_USE;

#endif
