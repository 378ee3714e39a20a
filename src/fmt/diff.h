/* fmt/diff: how one text became another, line by line.
 *
 * In:   two texts.   Out: a unified diff, as `diff -u` writes it and `patch`
 * reads it.
 * Deps: base. */
#ifndef STELE_FMT_DIFF_H
#define STELE_FMT_DIFF_H

#include "base/buf.h"

/* Appends "--- old_name", "+++ new_name" and the hunks, with three lines of
 * context; nothing when the texts are equal. The edit is the shortest one, unless
 * more than a thousand lines came or went: then all that lies between the first
 * and the last difference is one change.
 * Must run inside a guard of `arena`, which holds about 5 MB at most besides some
 * words for each line. */
void stele_diff_print(stele_arena *arena, stele_str old_name, stele_str new_name, stele_str old,
                      stele_str new, stele_buf *out);

#endif
