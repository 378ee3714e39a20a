/* docs: the place and the comment of each element, looked up fast.
 *
 * In:   a file with source info.   Out: by element its place and the comment that
 * stands before it, without the marks of comments.
 * The places of a file are read when it is asked about first.
 * Deps: base, proto/schema, check/element/{place,locations}.h. */
#ifndef STELE_CHECK_ELEMENT_DOCS_H
#define STELE_CHECK_ELEMENT_DOCS_H

#include "base/map.h"
#include "check/element/locations.h"
#include "check/element/place.h"

typedef struct check_docs {
  stele_arena *arena;
  stele_map files; /* stele_file -> check_locations */
} check_docs;

/* Runs under the caller's guard, as all here. */
void check_docs_init(check_docs *docs, stele_arena *arena);

/* The comment before an element, its lines trimmed and joined by newlines; empty
 * when there is none. */
stele_str check_docs_comment(check_docs *docs, stele_symbol_kind kind, const void *element);

/* From its first word to its last; false without source info. */
bool check_docs_extent(check_docs *docs, stele_symbol_kind kind, const void *element,
                       check_extent *out);

/* The same of the element of `file` that is called `full_name`; false when the file
 * declares none. */
bool check_docs_find(check_docs *docs, const stele_file *file, stele_str full_name,
                     check_extent *out);

/* Where it begins; {file, -1, -1} without source info. */
check_place check_docs_place(check_docs *docs, stele_symbol_kind kind, const void *element);

#endif
