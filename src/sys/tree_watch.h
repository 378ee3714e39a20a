/* sys/tree_watch: which files below some folders change.
 *
 * In:   folders.   Out: paths, some milliseconds after the last of a burst.
 * Where the system has no more watches to give, "anything may have changed" comes every
 * half second instead. Links to folders are not followed, .git is not looked into.
 * libuv does the work.
 * Deps: base/err.h, base/vec.h. */
#ifndef STELE_SYS_TREE_WATCH_H
#define STELE_SYS_TREE_WATCH_H

#include "base/err.h"
#include "base/time.h"
#include "base/vec.h"

typedef struct sys_tree_watch sys_tree_watch;

typedef struct sys_tree_changes {
  STELE_VEC(stele_str) paths; /* absolute; may stand there twice, may be gone */
  bool any;                   /* and perhaps others: folders came or went, or we poll */
  bool is_stopped;
  stele_time_us since; /* the first of them, on the clock of sys_clock_mono */
} sys_tree_changes;

sys_tree_watch *sys_tree_watch_new(stele_err *err) STELE_MUST_USE;
void sys_tree_watch_free(sys_tree_watch *watch); /* NULL is fine */

/* Watches a folder (absolute), and all below it when `deep`; one that is watched already
 * is watched afresh. A folder that cannot be watched makes us poll. */
void sys_tree_watch_add(sys_tree_watch *watch, stele_str folder, bool deep);

/* Do we poll? */
bool sys_tree_watch_is_polling(const sys_tree_watch *watch);

/* Waits for changes, until `quiet_ms` pass without another (a second at most), or until
 * sys_tree_watch_stop. The paths live in `arena`. */
void sys_tree_watch_wait(sys_tree_watch *watch, stele_arena *arena, unsigned quiet_ms,
                         sys_tree_changes *out);

/* Ends this wait and all to come. Threads: any, until the watch is freed. */
void sys_tree_watch_stop(sys_tree_watch *watch);

#endif
