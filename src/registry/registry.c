/* How the snapshot follows the store.
 *
 * There is one way in: rows, by a load at the start and by the feed after each
 * commit. A commit waits in a line until a feed that began after it has been
 * applied, so an answer is never ahead of what reads show; commits that arrive
 * while a feed runs share the next one.
 *
 * A reader holds one snapshot per thread, and changes it for a newer one only
 * when it asks again: a read costs one comparison, and no count is shared
 * between threads. */
#include "registry/registry.h"

#include <stdlib.h>

#include "registry/layouts.h"
#include "registry/linked.h"
#include "registry/registry_internal.h"
#include "sys/pool.h"

enum {
  DEFAULT_LINKED = 256,
  LAYOUTS_MOST = 64,
  DEFAULT_BODY_BYTES = 16 << 20,
  DEFAULT_TEXT_BYTES = 4 << 20,
  DEFAULT_COMPILE_BYTES = 256 << 20,
};

typedef struct registry_reader {
  registry_snapshot *held;
  uint64_t edition;
} registry_reader;

/* --- reading ------------------------------------------------------------- */

static void reader_free(void *of) {
  registry_reader *reader = of;
  registry_snapshot_unref(reader->held);
  free(reader);
}

static void refresh(stele_registry *r, registry_reader *reader) {
  sys_mutex_lock(&r->lock);
  registry_snapshot *next = registry_snapshot_ref(r->newest);
  reader->edition = atomic_load_explicit(&r->edition, memory_order_relaxed);
  sys_mutex_unlock(&r->lock);
  registry_snapshot_unref(reader->held);
  reader->held = next;
}

const registry_snapshot *registry_read(stele_registry *r) {
  registry_reader *reader = pthread_getspecific(r->reader);
  if (!reader) {
    reader = registry_alloc(sizeof *reader);
    if (pthread_setspecific(r->reader, reader)) abort();
  }
  if (!reader->held || reader->edition != atomic_load_explicit(&r->edition, memory_order_acquire)) {
    refresh(r, reader);
  }
  return reader->held;
}

/* --- following ----------------------------------------------------------- */

static void show(stele_registry *r, registry_snapshot *next) {
  sys_mutex_lock(&r->lock);
  registry_snapshot *old = r->newest;
  r->newest = next;
  (void)atomic_fetch_add_explicit(&r->edition, 1, memory_order_release);
  sys_mutex_unlock(&r->lock);
  registry_snapshot_unref(old);
}

static void line_up(commit_line *line, registry_commit *commit) {
  commit->behind = NULL;
  if (line->last) {
    line->last->behind = commit;
  } else {
    line->first = commit;
  }
  line->last = commit;
}

static void serve(stele_registry *r, const stele_err *feed_err) {
  commit_line line = r->serving;
  r->serving = (commit_line){0};
  for (registry_commit *commit = line.first; commit;) {
    registry_commit *behind = commit->behind; /* done may free the commit */
    const stele_err *err = commit->failure.code ? &commit->failure : feed_err;
    commit->done(commit, err, commit->arg);
    commit = behind;
  }
}

static void start_feed(stele_registry *r);

/* What the feed brings; the last piece makes it visible. */
static void fed(const stele_rows *rows, void *arg) {
  stele_registry *r = arg;
  if (!r->edit) r->edit = snap_edit_begin(r->newest);
  snap_edit_apply(r->edit, rows->at, rows->count);
  if (!rows->last) return;
  snap_edit *edit = r->edit;
  r->edit = NULL;
  if (rows->err) {
    snap_edit_drop(edit);
  } else {
    show(r, snap_edit_finish(edit, rows->seq));
  }
  r->feeding = false;
  serve(r, rows->err);
  if (r->waiting.first) start_feed(r);
}

static void start_feed(stele_registry *r) {
  stele_store *store = r->options.store;
  stele_err err = {0};
  r->serving = r->waiting;
  r->waiting = (commit_line){0};
  r->feeding = true;
  if (store->ops->feed(store, r->newest->seq, fed, r, &err)) return;
  r->feeding = false;
  serve(r, &err);
}

static void applied(stele_batch *batch, const stele_err *err, void *arg) {
  (void)batch;
  registry_commit *commit = arg;
  stele_registry *r = commit->registry;
  if (err) commit->failure = *err;
  line_up(&r->waiting, commit);
  if (!r->feeding) start_feed(r);
}

/* Under the lock, so that nothing begins once registry_stop has returned. */
bool registry_submit(stele_registry *r, registry_commit *commit, stele_err *err) {
  stele_store *store = r->options.store;
  commit->registry = r;
  commit->failure = (stele_err){0};
  sys_mutex_lock(&r->lock);
  bool ok = r->stopped ? stele_fail(err, STELE_UNAVAILABLE, "the registry is closing")
                       : store->ops->submit(store, &commit->batch, applied, commit, err);
  sys_mutex_unlock(&r->lock);
  return ok;
}

bool registry_queue(stele_registry *r, void (*fn)(void *arg), void *arg, stele_err *err) {
  sys_mutex_lock(&r->lock);
  bool ok = !r->stopped && sys_pool_submit(r->options.workers, fn, arg);
  sys_mutex_unlock(&r->lock);
  return ok || stele_fail(err, STELE_UNAVAILABLE, "too many schemas are being compiled at once");
}

void registry_stop(stele_registry *r) {
  if (!r) return;
  sys_mutex_lock(&r->lock);
  r->stopped = true;
  sys_mutex_unlock(&r->lock);
}

/* --- opening ------------------------------------------------------------- */

static void loaded(const stele_rows *rows, void *arg) {
  stele_registry *r = arg;
  if (!r->edit) r->edit = snap_edit_begin(NULL);
  snap_edit_apply(r->edit, rows->at, rows->count);
  if (!rows->last) return;
  snap_edit *edit = r->edit;
  r->edit = NULL;
  if (rows->err) {
    snap_edit_drop(edit);
    r->load_err = *rows->err;
  } else {
    show(r, snap_edit_finish(edit, rows->seq));
  }
  sys_mutex_lock(&r->lock);
  r->load_ended = true;
  sys_cond_wake_all(&r->loaded);
  sys_mutex_unlock(&r->lock);
}

static bool load(stele_registry *r, stele_err *err) {
  stele_store *store = r->options.store;
  if (!store->ops->load(store, loaded, r, err)) return false;
  sys_mutex_lock(&r->lock);
  while (!r->load_ended) sys_cond_wait(&r->loaded, &r->lock);
  sys_mutex_unlock(&r->lock);
  if (!r->load_err.code) return true;
  *err = r->load_err;
  return stele_wrap(err, "load the registry");
}

static size_t or_default(size_t given, size_t otherwise) {
  return given ? given : otherwise;
}

stele_registry *registry_open(const registry_options *options, stele_err *err) {
  stele_registry *r = registry_alloc(sizeof *r);
  r->options = *options;
  r->options.linked_most = or_default(options->linked_most, DEFAULT_LINKED);
  r->options.body_bytes = or_default(options->body_bytes, DEFAULT_BODY_BYTES);
  r->options.text_bytes = or_default(options->text_bytes, DEFAULT_TEXT_BYTES);
  r->options.compile_bytes = or_default(options->compile_bytes, DEFAULT_COMPILE_BYTES);
  atomic_init(&r->body_budget, (int64_t)r->options.body_bytes);
  sys_mutex_init(&r->lock);
  sys_cond_init(&r->loaded);
  if (pthread_key_create(&r->reader, reader_free)) abort();
  r->linked = linked_cache_new(r->options.linked_most);
  r->layouts = layout_cache_new(LAYOUTS_MOST);
  if (load(r, err)) return r;
  registry_close(r);
  return NULL;
}

void registry_close(stele_registry *r) {
  if (!r) return;
  registry_reader *own = pthread_getspecific(r->reader);
  if (own) reader_free(own);
  (void)pthread_key_delete(r->reader);
  layout_cache_free(r->layouts);
  linked_cache_free(r->linked);
  registry_snapshot_unref(r->newest);
  sys_cond_release(&r->loaded);
  sys_mutex_release(&r->lock);
  free(r);
}
