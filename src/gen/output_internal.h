/* gen/output_internal: where an insertion goes, and what moves because of it.
 * Deps: gen/output.h. */
#ifndef STELE_GEN_OUTPUT_INTERNAL_H
#define STELE_GEN_OUTPUT_INTERNAL_H

#include "gen/output.h"

typedef struct output_place {
  size_t at;        /* the first inserted byte */
  size_t length;    /* of all that is inserted: indents and a last line end too */
  stele_str indent; /* of each line; lives in the arena */
  bool adds_newline;
} output_place;

/* Where `insertion` goes in `text`; false when its marker is not there. */
bool output_find_place(stele_arena *arena, stele_str text, const stele_gen_insertion *insertion,
                       output_place *place);

/* Writes place->length bytes. */
void output_fill_place(char *out, const stele_gen_insertion *insertion, const output_place *place);

/* An encoded GeneratedCodeInfo after the insertion; false when `meta` is none. */
bool output_move_annotations(stele_arena *arena, stele_str meta,
                             const stele_gen_insertion *insertion, const output_place *place,
                             stele_str *moved);

#endif
