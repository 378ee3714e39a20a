/* sys/clock: what time it is.
 * Deps: base/time.h. */
#ifndef STELE_SYS_CLOCK_H
#define STELE_SYS_CLOCK_H

#include "base/time.h"

/* The calendar's time. It may jump. */
stele_time_us sys_clock_wall(void);

/* Microseconds since some fixed moment; never jumps. For spans and deadlines. */
stele_time_us sys_clock_mono(void);

/* CPU time of this process, user and system together, in microseconds. */
stele_time_us sys_clock_cpu(void);

/* Waits. Never on a loop's thread. */
void sys_clock_sleep_ms(unsigned ms);

/* The same clocks behind a pointer, for code that must be tested with another
 * time: `now` answers the calendar's time. */
typedef struct stele_clock {
  stele_time_us (*now)(void *self);
  void *self;
} stele_clock;

/* The machine's own. */
stele_clock sys_clock(void);

#endif
