/* base/path: paths that strangers name and that may end up on a disk.
 * Deps: stele/str.h. */
#ifndef STELE_BASE_PATH_H
#define STELE_BASE_PATH_H

#include "stele/str.h"

/* What is wrong with a path that must stay below a folder ("is absolute",
 * "has a '..' step"), or NULL when it is a clean relative path: UTF-8, steps
 * between single slashes, none of them "." or "..", no backslash, no control
 * byte, at most 1,024 bytes. */
const char *stele_path_fault(stele_str path);

#endif
