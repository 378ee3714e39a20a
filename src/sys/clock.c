/* clock_gettime, which the kernel answers without a system call. */
#include "sys/clock.h"

#include <errno.h>
#include <time.h>

static stele_time_us read_clock(clockid_t clock) {
  struct timespec now = {0};
  (void)clock_gettime(clock, &now);
  return (stele_time_us)now.tv_sec * STELE_US_PER_S + now.tv_nsec / 1000;
}

stele_time_us sys_clock_wall(void) {
  return read_clock(CLOCK_REALTIME);
}

stele_time_us sys_clock_mono(void) {
  return read_clock(CLOCK_MONOTONIC);
}

stele_time_us sys_clock_cpu(void) {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void sys_clock_sleep_ms(unsigned ms) {
  struct timespec rest = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) continue;
}

static stele_time_us now_wall(void *self) {
  (void)self;
  return sys_clock_wall();
}

stele_clock sys_clock(void) {
  return (stele_clock){.now = now_wall};
}
