/* element: where an element stands: its file, its path in the file's descriptor.
 *
 * Beside it: locations.h (what source info says of a path), docs.h (line, column and
 * comment of an element), level.h (what stands beside each other).
 * Pure. Deps: base, proto/schema, proto/wire. */
#ifndef STELE_CHECK_ELEMENT_PLACE_H
#define STELE_CHECK_ELEMENT_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "proto/schema/schema.h"

/* Where an element stands; 0-based as in stele_place, -1: unknown. */
typedef struct check_place {
  stele_str file;
  int32_t line, column;
} check_place;

const stele_file *check_file_of(stele_symbol_kind kind, const void *element);

/* The path of an element in its file's descriptor, written from the end:
 * steps[start, PLACE_MOST_STEPS); none for a file. */
enum { PLACE_MOST_STEPS = 136 };

typedef struct place_path {
  uint32_t steps[PLACE_MOST_STEPS];
  size_t start;
} place_path;

void place_path_of(place_path *path, stele_symbol_kind kind, const void *element);

/* The path as it lies in source info; answers how many bytes. */
enum { PLACE_MOST_BYTES = 5 * PLACE_MOST_STEPS };
size_t place_path_pack(const place_path *path, uint8_t out[PLACE_MOST_BYTES]);

/* The real oneof that a field belongs to: synthetic ones do not count. */
const stele_oneof *check_oneof_of(const stele_field *field);

#endif
