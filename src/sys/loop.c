/* libuv, as far as we use it: polling, timers, one async handle for tasks.
 *
 * Connections read and write their sockets themselves: uv_poll leaves us one
 * recv and one sendmsg per batch, with no allocation by libuv, and a partial
 * write is ours to keep.
 *
 * A libuv handle lives until its close callback, which comes a turn later; so
 * the handle is the first member of a heap object that the callback frees, and
 * what closing means for the owner is over at once. */
#include "sys/loop.h"

#include <stdlib.h>
#include <unistd.h>

#include "sys/thread.h"
#include "sys/uv_library.h"

struct sys_loop {
  uv_calls lib;
  uv_loop_t uv;
  uv_async_t wake;
  uv_check_t turned;
  uint64_t turns;
  sys_mutex lock; /* guards the two below */
  sys_task *first, *last;
};

struct sys_watch {
  const uv_calls *lib;
  uv_poll_t poll;
  int fd;
  sys_watch_fn *fn;
  void *arg;
};

struct sys_timer {
  const uv_calls *lib;
  uv_timer_t timer;
  void (*fn)(void *arg);
  void *arg;
};

static bool fail_uv(const uv_calls *lib, stele_err *err, const char *what, int code) {
  char text[128];
  return stele_fail(err, STELE_UNAVAILABLE, "%s: %s", what,
                    lib->strerror_r(code, text, sizeof text));
}

static void run_tasks(uv_async_t *wake) {
  sys_loop *loop = wake->data;
  sys_mutex_lock(&loop->lock);
  sys_task *task = loop->first;
  loop->first = loop->last = NULL;
  sys_mutex_unlock(&loop->lock);
  while (task) {
    sys_task *later = task->later; /* the task may be gone once it has run */
    task->fn(task->arg);
    task = later;
  }
}

static void count_turn(uv_check_t *turned) {
  sys_loop *loop = turned->data;
  loop->turns++;
}

sys_loop *sys_loop_new(stele_err *err) {
  sys_loop *loop = calloc(1, sizeof *loop);
  if (!loop) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a loop");
    return NULL;
  }
  if (!uv_library_open(&loop->lib, err)) {
    free(loop);
    return NULL;
  }
  int code = loop->lib.loop_init(&loop->uv);
  if (code != 0) {
    (void)fail_uv(&loop->lib, err, "event loop", code);
    free(loop);
    return NULL;
  }
  sys_mutex_init(&loop->lock);
  loop->wake.data = loop->turned.data = loop;
  code = loop->lib.async_init(&loop->uv, &loop->wake, run_tasks);
  if (code != 0) {
    (void)fail_uv(&loop->lib, err, "event loop", code);
    (void)loop->lib.loop_close(&loop->uv);
    sys_mutex_release(&loop->lock);
    free(loop);
    return NULL;
  }
  (void)loop->lib.check_init(&loop->uv, &loop->turned);
  (void)loop->lib.check_start(&loop->turned, count_turn);
  return loop;
}

static void free_handle(uv_handle_t *handle) {
  free(handle->data);
}

static void close_left_over(uv_handle_t *handle, void *arg) {
  sys_loop *loop = arg;
  if (loop->lib.is_closing(handle)) return;
  bool own = handle == (uv_handle_t *)&loop->wake || handle == (uv_handle_t *)&loop->turned;
  loop->lib.close(handle, own ? NULL : free_handle);
}

void sys_loop_free(sys_loop *loop) {
  if (!loop) return;
  run_tasks(&loop->wake); /* what came after the end of the run */
  loop->lib.walk(&loop->uv, close_left_over, loop);
  while (loop->lib.run(&loop->uv, UV_RUN_DEFAULT) != 0) continue; /* the close callbacks */
  (void)loop->lib.loop_close(&loop->uv);
  sys_mutex_release(&loop->lock);
  free(loop);
}

void sys_loop_run(sys_loop *loop) {
  (void)loop->lib.run(&loop->uv, UV_RUN_DEFAULT);
}

void sys_loop_stop(sys_loop *loop) {
  loop->lib.stop(&loop->uv);
}

uint64_t sys_loop_now_ms(const sys_loop *loop) {
  return loop->lib.now(&loop->uv);
}

uint64_t sys_loop_turns(const sys_loop *loop) {
  return loop->turns;
}

/* --- descriptors --------------------------------------------------------- */

static void polled(uv_poll_t *poll, int status, int events) {
  sys_watch *watch = poll->data;
  unsigned can = status < 0 ? SYS_CAN_READ | SYS_CAN_WRITE : 0;
  if (events & (UV_READABLE | UV_DISCONNECT)) can |= SYS_CAN_READ;
  if (events & UV_WRITABLE) can |= SYS_CAN_WRITE;
  watch->fn(watch->arg, can);
}

sys_watch *sys_watch_open(sys_loop *loop, int fd, sys_watch_fn *fn, void *arg, stele_err *err) {
  sys_watch *watch = calloc(1, sizeof *watch);
  if (!watch) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a descriptor");
    return NULL;
  }
  watch->lib = &loop->lib;
  watch->fd = fd;
  watch->fn = fn;
  watch->arg = arg;
  watch->poll.data = watch;
  int code = loop->lib.poll_init(&loop->uv, &watch->poll, fd);
  if (code == 0) return watch;
  (void)fail_uv(&loop->lib, err, "watch", code);
  free(watch);
  return NULL;
}

void sys_watch_want(sys_watch *watch, unsigned events) {
  int wanted =
      (events & SYS_CAN_READ ? UV_READABLE : 0) | (events & SYS_CAN_WRITE ? UV_WRITABLE : 0);
  if (wanted) {
    (void)watch->lib->poll_start(&watch->poll, wanted, polled);
  } else {
    (void)watch->lib->poll_stop(&watch->poll);
  }
}

int sys_watch_fd(const sys_watch *watch) {
  return watch->fd;
}

void sys_watch_close(sys_watch *watch) {
  int fd = watch->fd;
  watch->lib->close((uv_handle_t *)&watch->poll, free_handle);
  (void)close(fd); /* last: once it is closed the number may be another thread's */
}

/* --- time ---------------------------------------------------------------- */

static void ticked(uv_timer_t *uv) {
  sys_timer *timer = uv->data;
  timer->fn(timer->arg);
}

sys_timer *sys_timer_open(sys_loop *loop, uint64_t period_ms, void (*fn)(void *arg), void *arg,
                          stele_err *err) {
  sys_timer *timer = calloc(1, sizeof *timer);
  if (!timer) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a timer");
    return NULL;
  }
  timer->lib = &loop->lib;
  timer->fn = fn;
  timer->arg = arg;
  timer->timer.data = timer;
  (void)loop->lib.timer_init(&loop->uv, &timer->timer);
  (void)loop->lib.timer_start(&timer->timer, ticked, period_ms, period_ms);
  return timer;
}

void sys_timer_close(sys_timer *timer) {
  timer->lib->close((uv_handle_t *)&timer->timer, free_handle);
}

/* --- other threads ------------------------------------------------------- */

void sys_loop_post(sys_loop *loop, sys_task *task) {
  task->later = NULL;
  sys_mutex_lock(&loop->lock);
  if (loop->last) loop->last->later = task;
  if (!loop->last) loop->first = task;
  loop->last = task;
  sys_mutex_unlock(&loop->lock);
  (void)loop->lib.async_send(&loop->wake);
}
