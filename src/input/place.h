/* input/place: what the files of a bucket are called to people.
 *
 * On disk, and in a commit of the checkout that we stand in: from the working
 * folder, or absolute when the input was named so. In an archive or a commit that
 * was named as such: from its root.
 * Deps: base, config. */
#ifndef STELE_INPUT_PLACE_H
#define STELE_INPUT_PLACE_H

#include "base/arena.h"

typedef struct input_place {
  stele_str here;   /* the working folder, or "."; a bucket path */
  stele_str root;   /* where the bucket's root is on disk, without the first slash; ptr NULL:
                       nowhere */
  bool is_absolute; /* show absolute paths */
} input_place;

/* A bucket path as people see it. */
stele_str input_place_show(stele_arena *arena, const input_place *place, stele_str path);

/* A path as people type it, as a bucket path. NULL when it is fine, else what is
 * wrong with it. */
const char *input_place_take(stele_arena *arena, const input_place *place, stele_str typed,
                             stele_str *out);

#endif
