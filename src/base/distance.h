/* base/distance: how near two names are in spelling, for "did you mean".
 *
 * In:   two names and a limit.   Out: how many letters must be put in, taken out,
 * changed or swapped with the next to make one of the other.
 * Deps: stele/str.h. */
#ifndef STELE_BASE_DISTANCE_H
#define STELE_BASE_DISTANCE_H

#include "stele/str.h"

/* Upper and lower case are the same. Never more than `limit`, which also stands for
 * names of more than 64 bytes. */
size_t stele_distance(stele_str a, stele_str b, size_t limit);

/* The limit for a name of somebody's: one letter in three may differ, since short names
 * are near to everything. */
size_t stele_distance_limit(stele_str name);

#endif
