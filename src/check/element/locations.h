/* locations: the places of a file's source info, found by their path.
 *
 * In:   encoded source info.   Out: a table from packed paths to spans and comments.
 * Nothing is decoded but where its parts lie; a path is looked for as it lies there.
 * Deps: base, proto/wire. */
#ifndef STELE_CHECK_ELEMENT_LOCATIONS_H
#define STELE_CHECK_ELEMENT_LOCATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "stele/str.h"

/* Where the parts of one location lie: it aliases the source info. */
typedef struct check_location {
  const uint8_t *path, *span; /* packed varints */
  const char *comment;        /* leading, as the compiler keeps it */
  uint32_t comment_len;
  uint16_t path_len, span_len;
} check_location;

typedef struct check_locations {
  const check_location *at; /* in the order of the source info */
  uint32_t count;
  uint32_t *slots; /* index + 1; the first location of a path */
  uint32_t slot_count;
} check_locations;

/* Under the guard of `arena`. Cost: one pass. */
check_locations check_locations_read(stele_arena *arena, stele_bytes source_info);

/* The first location of a path, or NULL. */
const check_location *check_locations_find(const check_locations *all, stele_bytes path);

static inline stele_bytes check_location_path(const check_location *location) {
  return (stele_bytes){location->path, location->path_len};
}

static inline stele_str check_location_comment(const check_location *location) {
  return (stele_str){location->comment, location->comment_len};
}

/* 0-based, as source info counts; the end is exclusive. False: it is no span. */
typedef struct check_extent {
  int32_t start_line, start_column, end_line, end_column;
} check_extent;

bool check_location_extent(const check_location *location, check_extent *out);

#endif
