/* input/package_scan: which package a .proto text says it is in, before it is compiled.
 *
 * In:   any bytes.   Out: the name as it is written, without blanks and comments.
 * Only asked to tell which files belong together: mistakes are the compiler's to find.
 * Pure. Deps: base. */
#ifndef STELE_INPUT_PACKAGE_SCAN_H
#define STELE_INPUT_PACKAGE_SCAN_H

#include "base/arena.h"

/* Empty when there is none. Memory: in `arena`. */
stele_str input_package_of(stele_arena *arena, stele_str text);

#endif
