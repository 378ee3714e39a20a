/* ranges: numbers that reserved and extension statements name, taken together.
 *
 * In:   ranges as they are declared.   Out: the same numbers in the fewest ranges.
 * Deps: base, proto/schema. */
#ifndef STELE_CHECK_ELEMENT_RANGES_H
#define STELE_CHECK_ELEMENT_RANGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "proto/schema/schema.h"

/* Both ends inclusive. */
typedef struct check_range {
  int64_t first, last;
} check_range;

typedef struct check_ranges {
  check_range *at;
  size_t count;
} check_ranges;

/* As they are declared; `exclusive`: their ends are. */
check_ranges check_ranges_of(stele_arena *arena, const stele_range *ranges, uint32_t count,
                             bool exclusive);

/* Sorts them, and joins what overlaps or touches. */
void check_ranges_join(check_ranges *ranges);

/* Of joined ranges: the index of the first that does not end before `number`. */
size_t check_ranges_from(const check_ranges *ranges, int64_t number);

/* Does one of the joined ranges have all numbers of `range`? */
bool check_ranges_cover(const check_ranges *ranges, check_range range);

#endif
