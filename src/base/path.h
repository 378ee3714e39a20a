/* base/path: paths as text: which may end up on a disk, and taking them apart
 * and together. What links make of them, sys knows. Deps: base/arena.h. */
#ifndef STELE_BASE_PATH_H
#define STELE_BASE_PATH_H

#include "base/arena.h"

/* What is wrong with a path that must stay below a folder ("is absolute",
 * "has a '..' step"), or NULL when it is a clean relative path: UTF-8, steps
 * between single slashes, none of them "." or "..", no backslash, no control
 * byte, at most 1,024 bytes. */
const char *stele_path_fault(stele_str path);

/* Takes the next step off `rest`; empty steps and "." are passed over. False when
 * there is none. */
bool stele_path_step(stele_str *rest, stele_str *step);

/* Whether one of the steps is "..". */
bool stele_path_has_up(stele_str path);

/* What stands behind the last slash. Borrowed. */
stele_str stele_path_last(stele_str path);

/* "./a//b/" -> "a/b", "//a" -> "/a", "." -> "". ".." stays: what it means depends
 * on links. In `arena`. */
stele_str stele_path_clean(stele_arena *arena, stele_str path);

/* "a" and "b" -> "a/b"; an empty one or "." disappears, and the other is answered
 * as it is. */
stele_str stele_path_join(stele_arena *arena, stele_str dir, stele_str path);

#endif
