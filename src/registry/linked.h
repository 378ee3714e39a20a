/* linked: schemas in compiled form, made when they are needed and kept while
 * they are in use.
 *
 * In:   bindings.   Out: linked files.
 * Nothing is compiled at start. The built-in files are linked once; stored
 * versions are linked on demand and the last few hundred are kept.
 * Threads: a linked_job belongs to one; the cache is shared.
 * Deps: proto/compile, registry/bind.h. */
#ifndef STELE_REGISTRY_LINKED_H
#define STELE_REGISTRY_LINKED_H

#include "proto/compile/compile.h"
#include "proto/wkt/wkt.h"
#include "registry/bind.h"
#include "registry/registry.h"

typedef struct linked_cache linked_cache;

linked_cache *linked_cache_new(size_t most);
void linked_cache_free(linked_cache *cache);

/* Schemas held for one request. Made and released outside of any guard. */
typedef struct linked_job {
  stele_registry *registry;
  stele_arena *arena;
  const registry_snapshot *snapshot;
  stele_arena *reports; /* of its own, since a report grows inside a compile */
  STELE_VEC(const stele_schema *) held;
  STELE_VEC(struct stele_layouts *) layouts; /* see registry/layouts.h */
} linked_job;

bool linked_job_init(linked_job *job, stele_registry *r, stele_arena *arena,
                     const registry_snapshot *snapshot, stele_err *err) STELE_MUST_USE;
void linked_job_release(linked_job *job);

typedef struct linked_options {
  bool lenient; /* what other registries accepted passes */
  bool by_name; /* an import that nothing binds means the newest live version
                   of the subject of that name in `tenant` */
  stele_str tenant;
  const stele_str *not_by_name; /* but not these: they are about to go */
  size_t not_by_name_count;
} linked_options;

/* Compiles `paths`, which are bound in `set`, with all they import. The files
 * live as long as the job. NULL with STELE_INVALID: the mistakes are in
 * `report`. Any other code: the machine. */
const stele_schema *linked_compile(linked_job *job, binding_set *set, const stele_str *paths,
                                   size_t count, const linked_options *options,
                                   stele_report *report, stele_err *err) STELE_MUST_USE;

/* A stored version, linked under the name `path`; from the cache, or compiled
 * and put there. NULL with STELE_INVALID when it does not compile (any more). */
const stele_file *linked_version(linked_job *job, stele_str path, const snap_version *version,
                                 stele_err *err) STELE_MUST_USE;

/* The same for an id: the content first stored under it. */
const stele_file *linked_schema(linked_job *job, stele_str path, const snap_schema *schema,
                                stele_err *err) STELE_MUST_USE;

/* The built-in files, linked once; borrowed as long as the registry. NULL: err. */
const stele_schema *linked_builtin(stele_registry *r, stele_err *err) STELE_MUST_USE;

/* Is that path a built-in file. */
bool linked_is_builtin(stele_str path);

#endif
