/* One handle of libuv for each folder: it has no recursive ones where we run. A folder's
 * handle lives until the end, and is started again when the folder is made again. */
#include "sys/tree_watch.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/map.h"
#include "sys/clock.h"
#include "sys/uv_library.h"

enum { POLL_MS = 500, MOST_WAIT_MS = 1000, MOST_DEPTH = 64 };

typedef struct watched {
  uv_fs_event_t handle; /* first: libuv's pointer is ours */
  sys_tree_watch *watch;
  const char *path;
  bool deep;
} watched;

struct sys_tree_watch {
  uv_calls lib;
  uv_loop_t loop;
  uv_async_t wake;
  uv_timer_t quiet, poll;
  stele_arena *arena;
  stele_map folders; /* path -> watched */
  bool is_polling;
  atomic_bool is_stopped;
  /* While we wait. */
  sys_tree_changes *changes;
  stele_arena *changes_in;
  unsigned quiet_ms;
};

/* ---- what happens --------------------------------------------------------- */

static void end_wait(uv_timer_t *timer) {
  sys_tree_watch *watch = timer->data;
  watch->lib.stop(timer->loop);
}

static void woken(uv_async_t *wake) {
  sys_tree_watch *watch = wake->data;
  watch->lib.stop(wake->loop);
}

/* A burst ends when it is quiet, or has lasted long enough. */
static void note(sys_tree_watch *watch, unsigned more_ms) {
  stele_time_us now = sys_clock_mono();
  if (!watch->changes->since) watch->changes->since = now;
  int64_t left = MOST_WAIT_MS - (now - watch->changes->since) / 1000;
  if (left < 0) left = 0;
  uint64_t ms = (uint64_t)left < more_ms ? (uint64_t)left : more_ms;
  (void)watch->lib.timer_start(&watch->quiet, end_wait, ms, 0);
}

static void polled(uv_timer_t *timer) {
  sys_tree_watch *watch = timer->data;
  watch->changes->any = true;
  note(watch, 0);
}

static bool is_folder(const char *path) {
  struct stat st;
  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void changed(uv_fs_event_t *handle, const char *name, int events, int status) {
  watched *folder = (watched *)handle;
  sys_tree_watch *watch = folder->watch;
  (void)events;
  if (!watch->changes) return;
  if (status < 0 || !name) {
    watch->changes->any = true;
  } else {
    const char *slash = strcmp(folder->path, "/") == 0 ? "" : "/";
    stele_str path = stele_str_printf(watch->changes_in, "%s%s%s", folder->path, slash, name);
    STELE_VEC_PUSH(watch->changes_in, &watch->changes->paths, path);
    bool was_folder = stele_map_find(&watch->folders, path) != NULL;
    if (folder->deep && (was_folder || is_folder(path.ptr))) {
      watch->changes->any = true;
      if (is_folder(path.ptr)) sys_tree_watch_add(watch, path, true);
    }
  }
  note(watch, watch->quiet_ms);
}

/* ---- folders -------------------------------------------------------------- */

static watched *row_of(sys_tree_watch *watch, stele_str path) {
  watched *row = stele_map_find(&watch->folders, path);
  if (row) return row;
  stele_str kept = stele_str_printf(watch->arena, STELE_STR_FMT, STELE_STR_ARG(path));
  row = STELE_NEW(watch->arena, watched);
  *stele_map_add(&watch->folders, kept) = row;
  row->path = kept.ptr;
  row->watch = watch;
  (void)watch->lib.fs_event_init(&watch->loop, &row->handle);
  return row;
}

static void start(sys_tree_watch *watch, watched *row) {
  (void)watch->lib.fs_event_stop(&row->handle);
  int code = watch->lib.fs_event_start(&row->handle, changed, row->path, 0);
  if (code == 0 || code == UV_ENOENT || code == UV_ENOTDIR || watch->is_polling) return;
  watch->is_polling = true;
  (void)watch->lib.timer_start(&watch->poll, polled, POLL_MS, POLL_MS);
}

static void add(sys_tree_watch *watch, stele_str folder, bool deep, unsigned depth) {
  watched *row = row_of(watch, folder);
  row->deep = row->deep || deep;
  start(watch, row);
  uv_fs_t request;
  if (!deep || depth == MOST_DEPTH) return;
  if (watch->lib.fs_scandir(NULL, &request, row->path, 0, NULL) >= 0) {
    uv_dirent_t entry;
    while (watch->lib.fs_scandir_next(&request, &entry) != UV_EOF) {
      if (entry.type == UV_DIRENT_FILE || strcmp(entry.name, ".git") == 0) continue;
      stele_str path = stele_str_printf(watch->arena, "%s/%s", row->path, entry.name);
      if (is_folder(path.ptr)) add(watch, path, true, depth + 1);
    }
  }
  watch->lib.fs_req_cleanup(&request);
}

void sys_tree_watch_add(sys_tree_watch *watch, stele_str folder, bool deep) {
  add(watch, folder, deep, 0);
}

bool sys_tree_watch_is_polling(const sys_tree_watch *watch) {
  return watch->is_polling;
}

/* ---- life ----------------------------------------------------------------- */

sys_tree_watch *sys_tree_watch_new(stele_err *err) {
  stele_arena *arena = stele_arena_new(0);
  sys_tree_watch *watch = arena ? STELE_NEW(arena, sys_tree_watch) : NULL;
  if (watch && !uv_library_open(&watch->lib, err)) {
    stele_arena_free(arena);
    return NULL;
  }
  if (!watch || watch->lib.loop_init(&watch->loop) != 0) {
    stele_arena_free(arena);
    (void)stele_fail(err, STELE_UNAVAILABLE, "files cannot be watched");
    return NULL;
  }
  watch->arena = arena;
  stele_map_init(&watch->folders, arena, 0);
  (void)watch->lib.timer_init(&watch->loop, &watch->quiet);
  (void)watch->lib.timer_init(&watch->loop, &watch->poll);
  watch->quiet.data = watch->poll.data = watch->wake.data = watch;
  if (watch->lib.async_init(&watch->loop, &watch->wake, woken) == 0) return watch;
  sys_tree_watch_free(watch);
  (void)stele_fail(err, STELE_UNAVAILABLE, "files cannot be watched");
  return NULL;
}

static void close_handle(uv_handle_t *handle, void *arg) {
  const sys_tree_watch *watch = arg;
  if (!watch->lib.is_closing(handle)) watch->lib.close(handle, NULL);
}

void sys_tree_watch_free(sys_tree_watch *watch) {
  if (!watch) return;
  watch->changes = NULL;
  watch->lib.walk(&watch->loop, close_handle, watch);
  while (watch->lib.run(&watch->loop, UV_RUN_DEFAULT) != 0) continue;
  (void)watch->lib.loop_close(&watch->loop);
  stele_arena_free(watch->arena);
}

void sys_tree_watch_wait(sys_tree_watch *watch, stele_arena *arena, unsigned quiet_ms,
                         sys_tree_changes *out) {
  *out = (sys_tree_changes){0};
  watch->changes = out;
  watch->changes_in = arena;
  watch->quiet_ms = quiet_ms;
  if (!atomic_load(&watch->is_stopped)) (void)watch->lib.run(&watch->loop, UV_RUN_DEFAULT);
  (void)watch->lib.timer_stop(&watch->quiet);
  watch->changes = NULL;
  out->is_stopped = atomic_load(&watch->is_stopped);
}

void sys_tree_watch_stop(sys_tree_watch *watch) {
  atomic_store(&watch->is_stopped, true);
  (void)watch->lib.async_send(&watch->wake);
}
