/* A ring of jobs under one lock; the threads sleep on one condition.
 *
 * Jobs here cost a hundred microseconds and more, so a lock taken twice per job
 * is nothing; lock-free queues would buy nothing and cost the proof. */
#include "sys/pool.h"

#include <stdlib.h>

#include "sys/thread.h"

enum { USUAL_QUEUE = 1024, MOST_THREADS = 256 };

typedef struct job {
  void (*fn)(void *arg);
  void *arg;
} job;

struct sys_pool {
  sys_mutex lock;
  sys_cond some_work;
  job *ring;
  size_t cap, first, waiting;
  bool closing;
  sys_thread *threads;
  unsigned thread_count;
};

static bool take_job(sys_pool *pool, job *out) {
  sys_mutex_lock(&pool->lock);
  while (!pool->waiting && !pool->closing) sys_cond_wait(&pool->some_work, &pool->lock);
  bool found = pool->waiting > 0;
  if (found) {
    *out = pool->ring[pool->first];
    pool->first = (pool->first + 1) % pool->cap;
    pool->waiting--;
  }
  sys_mutex_unlock(&pool->lock);
  return found;
}

static void work(void *arg) {
  job next;
  while (take_job(arg, &next)) next.fn(next.arg);
}

sys_pool *sys_pool_new(const sys_pool_options *options, stele_err *err) {
  unsigned threads = options->threads ? options->threads : sys_thread_cores();
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  sys_pool *pool = calloc(1, sizeof *pool);
  if (!pool) goto no_memory;
  pool->cap = options->queue_length ? options->queue_length : USUAL_QUEUE;
  pool->ring = calloc(pool->cap, sizeof *pool->ring);
  pool->threads = calloc(threads, sizeof *pool->threads);
  if (!pool->ring || !pool->threads) goto no_memory;
  sys_mutex_init(&pool->lock);
  sys_cond_init(&pool->some_work);
  for (; pool->thread_count < threads; pool->thread_count++) {
    char name[16];
    (void)snprintf(name, sizeof name, "%.10s-%u", options->name, pool->thread_count % 1000);
    if (!sys_thread_start(&pool->threads[pool->thread_count], name, work, pool, err)) {
      sys_pool_free(pool);
      return NULL;
    }
  }
  return pool;
no_memory:
  if (pool) free(pool->ring), free(pool->threads);
  free(pool);
  (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a pool of threads");
  return NULL;
}

bool sys_pool_submit(sys_pool *pool, void (*fn)(void *arg), void *arg) {
  sys_mutex_lock(&pool->lock);
  bool room = !pool->closing && pool->waiting < pool->cap;
  if (room) {
    pool->ring[(pool->first + pool->waiting) % pool->cap] = (job){fn, arg};
    pool->waiting++;
    sys_cond_wake_one(&pool->some_work);
  }
  sys_mutex_unlock(&pool->lock);
  return room;
}

size_t sys_pool_waiting(sys_pool *pool) {
  sys_mutex_lock(&pool->lock);
  size_t waiting = pool->waiting;
  sys_mutex_unlock(&pool->lock);
  return waiting;
}

void sys_pool_free(sys_pool *pool) {
  if (!pool) return;
  sys_mutex_lock(&pool->lock);
  pool->closing = true;
  sys_cond_wake_all(&pool->some_work);
  sys_mutex_unlock(&pool->lock);
  for (unsigned i = 0; i < pool->thread_count; i++) sys_thread_join(&pool->threads[i]);
  sys_cond_release(&pool->some_work);
  sys_mutex_release(&pool->lock);
  free(pool->ring);
  free(pool->threads);
  free(pool);
}
