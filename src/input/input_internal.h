/* input, inside: the steps from a name to trees.
 * Deps: input/input.h, input/{ref,workspace}.h. */
#ifndef STELE_INPUT_INPUT_INTERNAL_H
#define STELE_INPUT_INPUT_INTERNAL_H

#include "input/input.h"
#include "input/ref.h"
#include "input/workspace.h"

typedef struct input_job {
  stele_arena *arena;
  const input_options *options;
  input *out;
  input_ref ref;
  input_scope scope;
  stele_err *err;
} input_job;

/* Where the files are: fills scope.bucket, place, subdir, protofile. */
bool input_locate(input_job *job) STELE_MUST_USE;

/* Links what the scope means, module by module. */
bool input_build(input_job *job) STELE_MUST_USE;

/* Reads and links an image. */
bool input_read_image(input_job *job) STELE_MUST_USE;

/* The whole of a file or standard input, unpacked. */
bool input_read_whole(input_job *job, stele_bytes *out) STELE_MUST_USE;

/* Options of every compile here. */
extern const stele_compile_options input_compile_options;

#endif
