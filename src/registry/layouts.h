/* layouts: where the fields of stored schemas' messages lie, kept while they are
 * in use.
 *
 * In:   linked files.   Out: layouts of their schemas; the last few dozen are kept.
 * Threads: the cache is shared; what a job got is the job's.
 * Deps: registry/linked.h, proto/message. */
#ifndef STELE_REGISTRY_LAYOUTS_H
#define STELE_REGISTRY_LAYOUTS_H

#include "registry/linked.h"
#include "stele/message.h"

typedef struct layout_cache layout_cache;

layout_cache *layout_cache_new(size_t most);
void layout_cache_free(layout_cache *cache);

/* The layouts of the schema that a linked file belongs to: from the cache, or
 * made and put there. They live as long as the job. NULL: no memory. */
stele_layouts *layouts_of(linked_job *job, const stele_file *file, stele_err *err) STELE_MUST_USE;

#endif
