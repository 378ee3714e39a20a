/* source_info_internal: what the walk over a tree carries along.
 * Deps: descriptor/source_info.h, base/buf.h. */
#ifndef STELE_PROTO_DESCRIPTOR_SOURCE_INFO_INTERNAL_H
#define STELE_PROTO_DESCRIPTOR_SOURCE_INFO_INTERNAL_H

#include "base/buf.h"
#include "proto/descriptor/source_info.h"
#include "proto/token/comments.h"

/* The walk. The path to where it stands is kept as it is written: a location
 * copies it, and going back up is setting a length. */
typedef struct info_walk {
  const stele_ast_file *ast;
  const stele_bytes *option_paths;
  stele_buf *out;
  stele_buf path;
  stele_comments comments;
} info_walk;

void info_init(info_walk *w, stele_arena *scratch, const stele_ast_file *ast,
               const stele_bytes *option_paths, stele_buf *out);

/* Steps of the path; the answer is the length to go back to. */
size_t info_down(info_walk *w, uint32_t number);
size_t info_down2(info_walk *w, uint32_t number, uint32_t index);
void info_up(info_walk *w, size_t len);

/* The file's own location: from the first token to the last one, not to the
 * end of the text. */
void info_root(info_walk *w);

/* A location at the path, over the tokens [first, last], without comments. */
void info_location(info_walk *w, uint32_t first, uint32_t last);

/* The same one step further down. */
void info_part(info_walk *w, uint32_t number, uint32_t first, uint32_t last);

/* A location of a declaration: it takes the comments that came before it, and
 * the one behind `end`, its `;` or `{`. */
void info_declaration(info_walk *w, uint32_t first, uint32_t last, uint32_t end);

#endif
