/* sys/pool: a few threads and a queue with an end.
 *
 * In:   functions with an argument.   Out: they run, each once, on some thread.
 * Work that may wait (compiling, judging, hashing, git) goes to a pool so that
 * no loop waits; the queue's bound is what keeps a flood from eating the
 * memory: a full pool says no, and the client is told to come back.
 * A job that must tell a loop posts to it (sys/loop.h).
 * Deps: base/err.h. */
#ifndef STELE_SYS_POOL_H
#define STELE_SYS_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

typedef struct sys_pool sys_pool;

typedef struct sys_pool_options {
  const char *name;    /* of its threads; at most 10 bytes */
  unsigned threads;    /* 0: one for each core */
  size_t queue_length; /* jobs that may wait; 0: 1,024 */
} sys_pool_options;

sys_pool *sys_pool_new(const sys_pool_options *options, stele_err *err) STELE_MUST_USE;

/* Queues `fn(arg)`. False when the queue is full or the pool is closing: then
 * it will not run. Threads: any, a job of the pool too. */
bool sys_pool_submit(sys_pool *pool, void (*fn)(void *arg), void *arg) STELE_MUST_USE;

/* Jobs that wait now. */
size_t sys_pool_waiting(sys_pool *pool);

/* Runs what is queued, then ends the threads. NULL is fine. */
void sys_pool_free(sys_pool *pool);

#endif
