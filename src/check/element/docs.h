/* docs: the place and the comment of each element, looked up fast.
 *
 * In:   a file with source info.   Out: by element its place and the comment that
 * stands before it, without the marks of comments.
 * Made for walks over whole files; who asks once uses check/element/span.h.
 * Deps: base, proto/schema, check/element/place.h. */
#ifndef STELE_CHECK_ELEMENT_DOCS_H
#define STELE_CHECK_ELEMENT_DOCS_H

#include "base/map.h"
#include "check/element/place.h"

typedef struct check_docs {
  stele_arena *arena;
  stele_map files; /* -> index of a file's locations */
} check_docs;

/* Runs under the caller's guard, as all here. */
void check_docs_init(check_docs *docs, stele_arena *arena);

/* The comment before an element, its lines trimmed and joined by newlines; empty
 * when there is none. */
stele_str check_docs_comment(check_docs *docs, stele_symbol_kind kind, const void *element);

/* Where it stands; {file, -1, -1} without source info. */
check_place check_docs_place(check_docs *docs, stele_symbol_kind kind, const void *element);

#endif
