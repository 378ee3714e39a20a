/* sys/self: what this process uses of the machine.
 * Deps: base/time.h. */
#ifndef STELE_SYS_SELF_H
#define STELE_SYS_SELF_H

#include <stdint.h>

#include "base/time.h"

/* What cannot be found out is 0. */
typedef struct sys_self {
  stele_time_us cpu;     /* user and system */
  stele_time_us started; /* the calendar's time */
  uint64_t resident_bytes, virtual_bytes;
  uint64_t open_files, most_files;
  uint64_t threads;
} sys_self;

void sys_self_read(sys_self *out);

/* Memory that is freed stays with the process: for a run that needs it again at
 * once, and then ends. To be called before there are threads. */
void sys_self_keep_memory(void);

#endif
