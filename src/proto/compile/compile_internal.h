/* compile_internal: what the parts of a compile share.
 * Deps: base, proto/schema, proto/compile. */
#ifndef STELE_PROTO_COMPILE_COMPILE_INTERNAL_H
#define STELE_PROTO_COMPILE_COMPILE_INTERNAL_H

#include "base/map.h"
#include "proto/compile/compile.h"
#include "proto/schema/schema.h"

typedef struct compile_paths {
  const stele_str *at;
  size_t count;
} compile_paths;

/* Where a compile has its names from when they come run by run: `next` is asked
 * when all of the run before is compiled; false: that was the last. Outside of
 * every guard. */
typedef struct compile_more {
  bool (*next)(struct compile_more *self, compile_paths *paths);
} compile_more;

/* stele_compile of `paths` and then of what `more` says (NULL: nothing). What is
 * in a later run counts as named before only if options->is_named says so. */
const stele_schema *compile_runs(stele_resolver *resolver, compile_paths paths, compile_more *more,
                                 const stele_compile_options *options, stele_report *report,
                                 stele_err *err);

/* Would files that were made apart, each path once, be mistaken in one pool: is a
 * name defined, or an extension number taken, in two of them? */
typedef struct compile_clash {
  stele_arena *arena; /* of all below */
  uint64_t *slots;    /* hashes; 0: free */
  size_t slot_count, count;
  stele_map paths;
  bool found; /* once in 2^40 or so it is not true */
} compile_clash;

void compile_clash_init(compile_clash *self, stele_arena *arena);

/* Adds a file, unless its path is there; nothing of it is borrowed. Inside the arena's guard. */
void compile_clash_add(compile_clash *self, const stele_file *file);

#endif
