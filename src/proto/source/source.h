/* source: the text of one file, and where an offset in it is.
 *
 * In:   a name and bytes.   Out: lines and columns as protoc counts them.
 * Deps: base. */
#ifndef STELE_PROTO_SOURCE_SOURCE_H
#define STELE_PROTO_SOURCE_SOURCE_H

#include "base/arena.h"

/* Borrowed: both must outlive whatever was made from them. */
typedef struct stele_source {
  stele_str name; /* import path, e.g. "trading/orders.proto" */
  stele_str text; /* bytes as read, a byte order mark included */
} stele_source;

/* 0-based. A column counts bytes, except that a tab goes on to the next
 * multiple of eight, and a byte order mark counts as three. */
typedef struct stele_place {
  int32_t line;
  int32_t column;
} stele_place;

/* The place of a byte offset (an offset at the end is allowed). Cost: O(offset);
 * inside a compile use the tokens, which know their lines. */
stele_place stele_source_place(const stele_source *source, size_t offset);

/* The text of a 0-based line without its line end; empty past the end. */
stele_str stele_source_line(const stele_source *source, int32_t line);

#endif
