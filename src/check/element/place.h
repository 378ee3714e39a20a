/* element: where an element stands: its file, its path in the file's descriptor,
 * line and column.
 *
 * In:   an element of a linked file.   Out: places, from the file's source info.
 * Beside it: span.h (from first word to last), docs.h (many look-ups, comments),
 * level.h (what stands beside each other).
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

/* The place of an element, from its file's source info: of its name where it
 * has one. {file, -1, -1} without source info. */
check_place check_place_of(stele_symbol_kind kind, const void *element);
const stele_file *check_file_of(stele_symbol_kind kind, const void *element);

/* The path of an element in its file's descriptor, written from the end:
 * steps[start, PLACE_MOST_STEPS); none for a file. */
enum { PLACE_MOST_STEPS = 136 };

typedef struct place_path {
  uint32_t steps[PLACE_MOST_STEPS];
  size_t start;
} place_path;

void place_path_of(place_path *path, stele_symbol_kind kind, const void *element);

/* The real oneof that a field belongs to: synthetic ones do not count. */
const stele_oneof *check_oneof_of(const stele_field *field);

#endif
