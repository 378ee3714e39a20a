/* sys/process: another program, given bytes, answering bytes.
 *
 * In:   a command line, what it reads, how long it may take and how much it may
 * say.   Out: what it wrote and how it ended.
 * The child is the leader of a process group of its own, and the whole group
 * is killed when the child outstays or floods, or when this thread ends.
 * Blocks: for a pool's thread or a command, never for a loop.
 * Threads: any; no signal handler is touched.
 * Deps: base/buf.h, base/err.h. */
#ifndef STELE_SYS_PROCESS_H
#define STELE_SYS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct sys_process {
  const stele_str *argv; /* the program first; at least one */
  size_t argc;
  bool search_path;           /* look the program up in PATH; else it is a path */
  const stele_str *variables; /* "NAME=value", beside those of this process */
  size_t variable_count;
  stele_bytes input;   /* its standard input */
  size_t output_limit; /* bytes of standard output; 0: no limit */
  size_t errors_limit; /* bytes of standard error that are kept, the rest is read and
                          dropped; 0: standard error is ours, and nothing is kept */
  uint32_t limit_ms;   /* 0: as long as it likes */
} sys_process;

typedef enum sys_process_end {
  SYS_PROCESS_EXITED,    /* see status */
  SYS_PROCESS_SIGNALLED, /* see status */
  SYS_PROCESS_ABSENT,    /* not found, or not a program */
  SYS_PROCESS_TIMED_OUT, /* killed */
  SYS_PROCESS_FLOODED,   /* killed: more than output_limit */
} sys_process_end;

typedef struct sys_process_result {
  sys_process_end end;
  int status; /* exit code, or the signal's number */
  stele_buf output, errors;
} sys_process_result;

/* Runs it to its end. A child that stops reading early is no error: it may
 * know enough. False only when this machine cannot: no memory, no processes.
 * Memory: the buffers are on the heap; release the result in any case. */
bool sys_process_run(const sys_process *what, sys_process_result *out,
                     stele_err *err) STELE_MUST_USE;

void sys_process_result_release(sys_process_result *result);

/* The file that is running now, links resolved; empty when nobody can tell. */
stele_str sys_process_own_path(stele_arena *arena);

/* Whether two paths are one file (links followed). */
bool sys_path_is_same(stele_str a, stele_str b);

/* The first file called `name` that may be executed in the folders of PATH,
 * starting with folder number `*folder`, which moves behind the one it was
 * found in. Empty when there is none. */
stele_str sys_path_search(stele_arena *arena, stele_str name, size_t *folder);

#endif
