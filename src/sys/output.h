/* sys/output: a file that is written piece by piece and appears whole.
 *
 * In:   a path and runs of bytes.   Out: the file, when it is committed; or
 * nothing at all.
 * Deps: base/arena.h, base/err.h. */
#ifndef STELE_SYS_OUTPUT_H
#define STELE_SYS_OUTPUT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct sys_output sys_output;

/* Opens `path` to be written: a temporary file beside it, which commit renames.
 * "-" is standard output; a device or a pipe is written to directly. */
sys_output *sys_output_open(stele_arena *arena, stele_str path, stele_err *err) STELE_MUST_USE;

/* Whether what was written can still be taken back. */
bool sys_output_is_reversible(const sys_output *output);

bool sys_output_write(sys_output *output, stele_bytes bytes, stele_err *err) STELE_MUST_USE;

/* Closes it and lets the file appear. */
bool sys_output_commit(sys_output *output, stele_err *err) STELE_MUST_USE;

/* Closes it and leaves what was there before. NULL is fine. */
void sys_output_discard(sys_output *output);

#endif
