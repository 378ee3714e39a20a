/* sys/thread: threads, locks and waiting, with nothing that can fail quietly.
 *
 * A lock or condition that the kernel refuses is a broken program: it ends.
 * Threads started here take no signals; those go to the thread that waits for
 * them (sys/signal.h).
 * Deps: base/err.h. */
#ifndef STELE_SYS_THREAD_H
#define STELE_SYS_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

typedef struct sys_thread {
  pthread_t id;
} sys_thread;

/* Starts `fn(arg)`; `name` (at most 15 bytes) is what ps and gdb show. */
bool sys_thread_start(sys_thread *thread, const char *name, void (*fn)(void *arg), void *arg,
                      stele_err *err) STELE_MUST_USE;

/* Waits until it has ended. */
void sys_thread_join(sys_thread *thread);

/* True on that thread. */
bool sys_thread_is_current(const sys_thread *thread);

/* Cores this process may run on; at least 1. */
unsigned sys_thread_cores(void);

typedef struct sys_mutex {
  pthread_mutex_t lock;
} sys_mutex;

void sys_mutex_init(sys_mutex *mutex);
void sys_mutex_release(sys_mutex *mutex);
void sys_mutex_lock(sys_mutex *mutex);
void sys_mutex_unlock(sys_mutex *mutex);

typedef struct sys_cond {
  pthread_cond_t cond;
} sys_cond;

void sys_cond_init(sys_cond *cond);
void sys_cond_release(sys_cond *cond);
void sys_cond_wait(sys_cond *cond, sys_mutex *mutex);
/* False when `ms` have passed without a call. */
bool sys_cond_wait_ms(sys_cond *cond, sys_mutex *mutex, uint32_t ms);
void sys_cond_wake_one(sys_cond *cond);
void sys_cond_wake_all(sys_cond *cond);

#endif
