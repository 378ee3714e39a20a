/* gen/output: what generators made, in memory, until all of it is well.
 *
 * In:   files from one or more generators.   Out: the set, sorted by path.
 * A path that would leave the output folder, and one that is made twice with
 * different content, are refused.
 * Deps: base. */
#ifndef STELE_GEN_OUTPUT_H
#define STELE_GEN_OUTPUT_H

#include "base/arena.h"
#include "base/err.h"

typedef struct stele_gen_output stele_gen_output;

typedef struct stele_gen_file {
  stele_str path; /* relative, clean: see base/path.h */
  stele_str content;
} stele_gen_file;

stele_gen_output *stele_gen_output_new(stele_arena *arena);

/* Adds a file. Both texts are borrowed and must live as long as the output.
 * STELE_INVALID for a bad path, STELE_CONFLICT for one that is there. */
bool stele_gen_output_add(stele_gen_output *output, stele_str path, stele_str content,
                          stele_err *err) STELE_MUST_USE;

/* The files in order of their paths. Adding one makes the array stale. */
const stele_gen_file *stele_gen_output_files(stele_gen_output *output, size_t *count);

#endif
