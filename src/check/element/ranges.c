/* Ranges are sorted once; what covers a number is then found by halving. */
#include "check/element/ranges.h"

#include <stdlib.h>

check_ranges check_ranges_of(stele_arena *arena, const stele_range *ranges, uint32_t count,
                             bool exclusive) {
  check_ranges out = {STELE_NEW_ARRAY(arena, check_range, count), count};
  for (uint32_t i = 0; i < count; i++) {
    out.at[i] = (check_range){ranges[i].start, (int64_t)ranges[i].end - exclusive};
  }
  return out;
}

static int by_first(const void *a, const void *b) {
  const check_range *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return (x->last > y->last) - (x->last < y->last);
}

void check_ranges_join(check_ranges *ranges) {
  size_t kept = 0;
  if (ranges->count == 0) return;
  qsort(ranges->at, ranges->count, sizeof *ranges->at, by_first);
  for (size_t i = 1; i < ranges->count; i++) {
    check_range next = ranges->at[i], *last = &ranges->at[kept];
    if (next.first > last->last + 1) {
      ranges->at[++kept] = next;
    } else if (next.last > last->last) {
      last->last = next.last;
    }
  }
  ranges->count = kept + 1;
}

size_t check_ranges_from(const check_ranges *ranges, int64_t number) {
  size_t low = 0, high = ranges->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (ranges->at[middle].last < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool check_ranges_cover(const check_ranges *ranges, check_range range) {
  size_t i = check_ranges_from(ranges, range.first);
  return range.first > range.last || (i < ranges->count && ranges->at[i].first <= range.first &&
                                      ranges->at[i].last >= range.last);
}
