/* store/memory: a store that forgets when the process ends.
 *
 * For tests, trials and `--store memory:`. Memory is given back when the store
 * is closed, not before: deleted rows stay until then.
 * Deps: store. */
#ifndef STELE_STORE_MEMORY_MEMORY_H
#define STELE_STORE_MEMORY_MEMORY_H

#include "store/store.h"

/* An empty store with its thread running; NULL when there is no memory or no
 * thread to be had. */
stele_store *stele_memory_open(stele_err *err) STELE_MUST_USE;

#endif
