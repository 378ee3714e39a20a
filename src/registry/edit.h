/* edit: the next snapshot, made of the last one and the rows that changed.
 *
 * In:   a snapshot (or none), rows of the store.   Out: a snapshot.
 * Cost: O(log n) a row; nothing that did not change is copied.
 * Threads: an edit belongs to one thread, and there is one edit at a time.
 * Deps: registry/snapshot.h, store/row.h. */
#ifndef STELE_REGISTRY_EDIT_H
#define STELE_REGISTRY_EDIT_H

#include "registry/snapshot.h"

typedef struct snap_edit snap_edit;

/* Starts from `base`, or from nothing when it is NULL. */
snap_edit *snap_edit_begin(const registry_snapshot *base);

/* Takes rows over; a row put twice stands as the later one says. */
void snap_edit_apply(snap_edit *edit, const stele_row *rows, size_t count);

/* Ends the edit: the new snapshot, with one holder, current up to `seq`. */
registry_snapshot *snap_edit_finish(snap_edit *edit, uint64_t seq);

/* Ends the edit without a snapshot. */
void snap_edit_drop(snap_edit *edit);

#endif
