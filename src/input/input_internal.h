/* input, inside: the steps from a name to trees.
 * Deps: input/input.h, input/{ref,workspace}.h. */
#ifndef STELE_INPUT_INPUT_INTERNAL_H
#define STELE_INPUT_INPUT_INTERNAL_H

#include "input/input.h"
#include "input/ref.h"
#include "input/workspace.h"
#include "stele/workspace.h"

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

/* What an import means: the source of that name. Texts lie in a stack of heap buffers
 * that are used again. */
typedef struct source_resolver {
  stele_resolver base;
  stele_arena *arena;
  input_bucket *bucket;
  const input_workspace *workspace;
  STELE_VEC(stele_buf) texts;
  size_t text_count;
} source_resolver;

source_resolver source_resolver_open(stele_arena *arena, input_bucket *bucket,
                                     const input_workspace *workspace);
void source_resolver_close(source_resolver *self);

/* A folder of the bucket as it lies in the one that was named; "." when it is above. */
stele_str input_dir_within(const input_scope *scope, stele_str dir);

/* In the order of their folders; there is one at least. */
void input_sort_trees(input *in);

/* Findings call files what people call them. */
void input_name_files(input_job *job, const input_workspace *workspace);

/* Where the files are and which of them are wanted, for a name that is no image. */
bool input_find_sources(input_job *job, stele_str text) STELE_MUST_USE;

/* Reads and links an image. */
bool input_read_image(input_job *job) STELE_MUST_USE;

/* The whole of a file or standard input, unpacked. */
bool input_read_whole(input_job *job, stele_bytes *out) STELE_MUST_USE;

/* Options of every compile here. */
extern const stele_compile_options input_compile_options;

#endif
