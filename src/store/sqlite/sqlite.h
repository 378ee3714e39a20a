/* store/sqlite: one file, one writer, nothing acknowledged before it is on disk.
 *
 * WAL mode with synchronous=FULL. The only user of SQLite.
 * Deps: store, sys. */
#ifndef STELE_STORE_SQLITE_SQLITE_H
#define STELE_STORE_SQLITE_SQLITE_H

#include "store/store.h"

typedef struct stele_sqlite_options {
  const char *path;   /* the file; made when it is not there */
  const char *vfs;    /* NULL: the system's (tests put a failing one here) */
  uint32_t wait_ms;   /* how long to wait for another process's lock; 0: 2,000 */
  uint32_t max_pages; /* PRAGMA max_page_count; 0: no bound of our own */
} stele_sqlite_options;

/* Opens or makes the file, brings its schema up to date and starts the thread.
 * NULL with STELE_UNSUPPORTED when a newer Stele has written the file,
 * STELE_UNAVAILABLE when another process holds it, STELE_CORRUPT when it is no
 * database of ours, STELE_IO for the rest. */
stele_store *stele_sqlite_open(const stele_sqlite_options *options, stele_err *err) STELE_MUST_USE;

#endif
