/* sys/loop: one thread that waits for many things at once.
 *
 * In:   descriptors, periods, tasks from other threads.   Out: calls, all on
 * the loop's thread, none of which may wait.
 * libuv does the work and is named nowhere else.
 * Deps: base/err.h. */
#ifndef STELE_SYS_LOOP_H
#define STELE_SYS_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

typedef struct sys_loop sys_loop;
typedef struct sys_timer sys_timer;
typedef struct sys_watch sys_watch;

enum { SYS_CAN_READ = 1, SYS_CAN_WRITE = 2 };

sys_loop *sys_loop_new(stele_err *err) STELE_MUST_USE;

/* Runs the tasks that came too late, closes what is still open and frees the
 * loop; it must not run. */
void sys_loop_free(sys_loop *loop);

/* Runs on this thread until sys_loop_stop. */
void sys_loop_run(sys_loop *loop);

/* Ends the run after the calls of this turn. From the loop's own thread only;
 * other threads post a task that does it. */
void sys_loop_stop(sys_loop *loop);

/* Milliseconds on the loop's clock as of this turn; costs nothing. */
uint64_t sys_loop_now_ms(const sys_loop *loop);

/* How often the loop has woken up, and how long the last turn of calls took:
 * for the health of the loop. */
uint64_t sys_loop_turns(const sys_loop *loop);

/* --- descriptors --------------------------------------------------------- */

/* Something can be done with the descriptor: a mask of SYS_CAN_…; an error or
 * a hang-up comes as both, and shows when one tries. */
typedef void sys_watch_fn(void *arg, unsigned can);

/* Watches `fd`, which from now on belongs to the watch. */
sys_watch *sys_watch_open(sys_loop *loop, int fd, sys_watch_fn *fn, void *arg,
                          stele_err *err) STELE_MUST_USE;

/* For what to wake up: a mask of SYS_CAN_…; 0: for nothing. */
void sys_watch_want(sys_watch *watch, unsigned events);

int sys_watch_fd(const sys_watch *watch);

/* Stops watching and closes the descriptor; the watch is gone. Its function is
 * not called any more. */
void sys_watch_close(sys_watch *watch);

/* --- time ---------------------------------------------------------------- */

/* Calls `fn(arg)` every `period_ms`. */
sys_timer *sys_timer_open(sys_loop *loop, uint64_t period_ms, void (*fn)(void *arg), void *arg,
                          stele_err *err) STELE_MUST_USE;
void sys_timer_close(sys_timer *timer);

/* --- other threads ------------------------------------------------------- */

/* A call that another thread wants made on the loop. The task is the caller's
 * memory, borrowed until it runs; it may then be posted again. */
typedef struct sys_task {
  void (*fn)(void *arg);
  void *arg;
  struct sys_task *later; /* the queue's own */
} sys_task;

/* Threads: any. Tasks run in the order they were posted. */
void sys_loop_post(sys_loop *loop, sys_task *task);

#endif
