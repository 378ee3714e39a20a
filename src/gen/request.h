/* gen/request: what a generator is asked for.
 * Deps: base, proto/schema. */
#ifndef STELE_GEN_REQUEST_H
#define STELE_GEN_REQUEST_H

#include "base/arena.h"

typedef struct stele_file stele_file;

/* Linked files and what to do with them. All of it is borrowed. */
typedef struct stele_gen_request {
  stele_arena *arena;             /* for the files that are made */
  stele_arena *scratch;           /* for the rest; the generator may reset it */
  const stele_file *const *files; /* to generate for; what they import is reached from them */
  size_t count;
  stele_str parameter; /* "name=value,name": what protoc puts before the ':' of --x_out */
} stele_gen_request;

/* The value of one name in the parameter: the last given, "" for a name alone,
 * `otherwise` where it is absent. */
stele_str stele_gen_parameter(const stele_gen_request *request, stele_str name,
                              stele_str otherwise);

#endif
