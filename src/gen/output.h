/* gen/output: what generators made, in memory, until all of it is well.
 *
 * In:   files from one or more generators, and text for marked places in files
 * that are there.   Out: the set, sorted by path, and what was wrong with it.
 * A path that would leave the output folder is refused, and one that is made
 * twice is complained about.
 * Deps: base, gen/annotation.h. */
#ifndef STELE_GEN_OUTPUT_H
#define STELE_GEN_OUTPUT_H

#include "base/arena.h"
#include "base/err.h"
#include "gen/annotation.h"

typedef struct stele_gen_output stele_gen_output;

typedef struct stele_gen_file {
  stele_str path; /* relative, clean: see base/path.h */
  stele_str content;
} stele_gen_file;

stele_gen_output *stele_gen_output_new(stele_arena *arena);

/* From now on any path is taken, as protoc does: whoever writes the files looks
 * at them. And a file that is made twice does not stop its generator: it is
 * only complained about. */
void stele_gen_output_be_lenient(stele_gen_output *output);

/* Adds a file. Both texts are borrowed and must live as long as the output.
 * STELE_INVALID for a bad path, STELE_CONFLICT for one that is there. */
bool stele_gen_output_add(stele_gen_output *output, stele_str path, stele_str content,
                          stele_err *err) STELE_MUST_USE;

typedef struct stele_gen_insertion {
  stele_str path, point; /* goes before "@@protoc_insertion_point(<point>)" in that file */
  stele_str content;     /* takes the indent of the marker's line */
  const stele_gen_annotation *annotations; /* of the content; may be NULL */
  size_t annotation_count;
} stele_gen_insertion;

/* Inserts text into a file that is there, in front of the line of its marker (or
 * of a marker in a comment of its own within a line), so that several texts
 * for one marker stand in the order they came. Offsets in "<path>.pb.meta" move
 * along. A file or a marker that is absent is complained about.
 * Source: plugin.proto, CodeGeneratorResponse.File. */
void stele_gen_output_insert(stele_gen_output *output, const stele_gen_insertion *insertion);

/* What was complained about, a line each, in protoc's words; empty when all is
 * well. Borrowed until the next change. */
stele_str stele_gen_output_complaints(const stele_gen_output *output);

/* The files in order of their paths. Adding one makes the array stale. */
const stele_gen_file *stele_gen_output_files(stele_gen_output *output, size_t *count);

#endif
