#include "base/distance.h"

enum { LONGEST_NAME = 64 };

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

size_t stele_distance(stele_str a, stele_str b, size_t limit) {
  size_t rows[3][LONGEST_NAME + 1];
  size_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;
  if (a.len > LONGEST_NAME || b.len > LONGEST_NAME || apart >= limit) return limit;
  for (size_t j = 0; j <= b.len; j++) rows[0][j] = j;
  for (size_t i = 1; i <= a.len; i++) {
    size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
    size_t least = row[0] = i;
    for (size_t j = 1; j <= b.len; j++) {
      char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);
      size_t best = above[j - 1] + (x != y);
      if (above[j] + 1 < best) best = above[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      bool is_swapped = i > 1 && j > 1 && x == lower(b.ptr[j - 2]) && lower(a.ptr[i - 2]) == y;
      if (is_swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
      row[j] = best;
      if (best < least) least = best;
    }
    if (least >= limit) return limit;
  }
  size_t found = rows[a.len % 3][b.len];
  return found < limit ? found : limit;
}

size_t stele_distance_limit(stele_str name) {
  return name.len < 3 ? 1 : name.len / 3 + 1;
}
