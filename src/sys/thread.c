/* pthreads. Conditions wait by the monotonic clock, which does not jump. */
#include "sys/thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a pthread call says about a lock that we made ourselves. */
static void must(int result) {
  if (result != 0) abort();
}

typedef struct start {
  void (*fn)(void *arg);
  void *arg;
  char name[16];
} start;

static void *run(void *arg) {
  start begin = *(start *)arg;
  free(arg);
  (void)pthread_setname_np(pthread_self(), begin.name);
  begin.fn(begin.arg);
  return NULL;
}

bool sys_thread_start(sys_thread *thread, const char *name, void (*fn)(void *arg), void *arg,
                      stele_err *err) {
  start *begin = calloc(1, sizeof *begin);
  if (!begin) return stele_fail(err, STELE_NO_MEMORY, "no memory for a thread");
  *begin = (start){.fn = fn, .arg = arg};
  (void)snprintf(begin->name, sizeof begin->name, "%s", name);

  sigset_t all, before;
  sigfillset(&all);
  must(pthread_sigmask(SIG_SETMASK, &all, &before));
  int result = pthread_create(&thread->id, NULL, run, begin);
  must(pthread_sigmask(SIG_SETMASK, &before, NULL));
  if (result == 0) return true;
  free(begin);
  return stele_fail(err, STELE_UNAVAILABLE, "no thread \"%s\": %s", name, strerror(result));
}

void sys_thread_join(sys_thread *thread) {
  must(pthread_join(thread->id, NULL));
}

bool sys_thread_is_current(const sys_thread *thread) {
  return pthread_equal(thread->id, pthread_self()) != 0;
}

unsigned sys_thread_cores(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? (unsigned)count : 1;
}

void sys_mutex_init(sys_mutex *mutex) {
  must(pthread_mutex_init(&mutex->lock, NULL));
}

void sys_mutex_release(sys_mutex *mutex) {
  must(pthread_mutex_destroy(&mutex->lock));
}

void sys_mutex_lock(sys_mutex *mutex) {
  must(pthread_mutex_lock(&mutex->lock));
}

void sys_mutex_unlock(sys_mutex *mutex) {
  must(pthread_mutex_unlock(&mutex->lock));
}

void sys_cond_init(sys_cond *cond) {
  pthread_condattr_t attr;
  must(pthread_condattr_init(&attr));
  must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
  must(pthread_cond_init(&cond->cond, &attr));
  must(pthread_condattr_destroy(&attr));
}

void sys_cond_release(sys_cond *cond) {
  must(pthread_cond_destroy(&cond->cond));
}

void sys_cond_wait(sys_cond *cond, sys_mutex *mutex) {
  must(pthread_cond_wait(&cond->cond, &mutex->lock));
}

bool sys_cond_wait_ms(sys_cond *cond, sys_mutex *mutex, uint32_t ms) {
  struct timespec until;
  must(clock_gettime(CLOCK_MONOTONIC, &until));
  until.tv_sec += ms / 1000;
  until.tv_nsec += (long)(ms % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    until.tv_sec++;
  }
  int result = pthread_cond_timedwait(&cond->cond, &mutex->lock, &until);
  if (result != 0 && result != ETIMEDOUT) abort();
  return result == 0;
}

void sys_cond_wake_one(sys_cond *cond) {
  must(pthread_cond_signal(&cond->cond));
}

void sys_cond_wake_all(sys_cond *cond) {
  must(pthread_cond_broadcast(&cond->cond));
}
