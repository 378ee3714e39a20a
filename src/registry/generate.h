/* generate: code from what the registry holds, or from files that are sent.
 *
 * In:   a language, a release or the newest of everything.   Out: generated
 * files in memory.
 * Only subjects whose name is an import path (".proto") take part: those a push
 * makes. Besides them, the built-in files that they import are generated, but
 * for google/protobuf, which every runtime brings along.
 * Runs on a worker (registry/work.h).
 * Deps: gen, registry/linked.h, registry/push.h. */
#ifndef STELE_REGISTRY_GENERATE_H
#define STELE_REGISTRY_GENERATE_H

#include "gen/generator.h"
#include "registry/push.h"
#include "registry/work.h"

typedef struct registry_generate_in {
  stele_str tenant;
  stele_str language;
  stele_str release;   /* "latest" or empty: the newest of everything; a release's number; or
                          its semantic version */
  stele_str parameter; /* the generator's options, "name=value,name" */
  const registry_push_file *files; /* instead of what is stored, over it */
  size_t file_count;
} registry_generate_in;

typedef struct registry_generated {
  const registry_refused *refused;
  int32_t release; /* 0: none */
  stele_str semver;
  const stele_gen_file *files; /* by path */
  size_t count;
} registry_generated;

/* False: `err`; else look at out->refused. */
bool registry_generate(linked_job *links, const registry_generate_in *in, registry_generated *out,
                       stele_err *err) STELE_MUST_USE;

#endif
