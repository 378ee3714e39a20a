/* span: where an element stands in its file, from its first word to its
 * last.
 *
 * In:   a file with source info, a full name.   Out: lines and columns.
 * Deps: base, proto/schema. */
#ifndef STELE_CHECK_ELEMENT_SPAN_H
#define STELE_CHECK_ELEMENT_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "stele/str.h"

typedef struct stele_file stele_file;

/* 1-based; the end is exclusive. */
typedef struct check_span {
  int32_t start_line, start_column, end_line, end_column;
} check_span;

/* The element of `file` that is called `full_name`; false when the file declares
 * none, or was compiled without source info. */
bool check_span_find(const stele_file *file, stele_str full_name, check_span *out);

#endif
