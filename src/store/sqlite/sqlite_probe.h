/* store/sqlite/sqlite_probe: what tests need below a store: a disk that fails
 * on demand, and a look at (or a blow to) the rows of a closed file.
 *
 * Not part of the product: a library of its own that only tests link. */
#ifndef STELE_STORE_SQLITE_SQLITE_PROBE_H
#define STELE_STORE_SQLITE_SQLITE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A file system for stele_sqlite_options.vfs, over the system's. */
typedef struct sqlite_disk sqlite_disk;

/* NULL when it cannot be made. */
sqlite_disk *sqlite_disk_new(void);
void sqlite_disk_free(sqlite_disk *disk);
const char *sqlite_disk_name(const sqlite_disk *disk);

/* The n-th read, write, sync or truncation from now fails, and all that follow;
 * 0: all is well again. From any thread. */
void sqlite_disk_fail_after(sqlite_disk *disk, uint64_t n);

/* Runs SQL on a file that no store holds; rows go to `out` as text, columns
 * with '|' between. */
bool sqlite_probe(const char *path, const char *sql, stele_buf *out, stele_err *err) STELE_MUST_USE;

#endif
