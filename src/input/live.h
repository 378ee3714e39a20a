/* input/live: a folder's trees, kept linked while people edit its files.
 *
 * In:   which files changed.   Out: the trees as input_open would have them, and
 *       which files had to be compiled for that.
 * Each module is compiled by itself. Files with errors are missing in the trees.
 * A change of the configuration is a new one.
 * Deps: input/input.h, proto/workspace. */
#ifndef STELE_INPUT_LIVE_H
#define STELE_INPUT_LIVE_H

#include "base/map.h"
#include "input/input.h"

typedef struct input_live input_live;

/* Memory: borrows what `options` point to; ends with input_live_free.
 * Errors: those of input_open; STELE_UNSUPPORTED for what is not on disk. */
input_live *input_live_open(stele_str text, const input_options *options,
                            stele_err *err) STELE_MUST_USE;
void input_live_free(input_live *live); /* NULL is fine */

/* Folders to watch, absolute: what was named, and the modules. */
const stele_str *input_live_folders(const input_live *live, size_t *count);

/* What an update did. */
typedef struct input_live_step {
  input in;                 /* as from input_open, but with trees beside errors; do not close it */
  bool is_first;            /* of this input_live: what was known before is of another one */
  bool is_listed;           /* the folders were listed again: files may have come or gone */
  stele_map compiled;       /* import path -> non-NULL: was compiled, and is to be judged anew */
  stele_map relinked;       /* the same: says what it said, and what it imports is other */
  stele_map touched;        /* of those, the ones that hold other values */
  const stele_map *sources; /* import path -> non-NULL: lies in a module */
  size_t file_count;        /* that are meant */
} input_live_step;

/* Reads again the files `paths[0, count)` (absolute); `all`: lists the folders again, and
 * reads every file.
 * Memory: the step lives in `arena`, and holds until the next update; its trees are those of
 * the step before it, changed. Cost: what is compiled, and a look at each file there is.
 * Errors: those of input_open; then free it and open it anew. */
bool input_live_update(input_live *live, stele_arena *arena, const stele_str *paths, size_t count,
                       bool all, input_live_step *out, stele_err *err) STELE_MUST_USE;

#endif
