/* A workspace: linked files by path, and what an edit makes of them.
 *
 * Each update is one compile of the dirty files, in which every other file
 * takes part as it was linked before. What dependents must do is seen only when
 * the changed files are compiled (workspace_reach.c): most often they are linked
 * to the new files as they are, since nothing that they read of them is another.
 * Else all is compiled once more, dependents included, since a file must be linked
 * against imports that are of one make.
 *
 * A file that is bad because of what it imports is looked at as what it was before:
 * when what it imports is well again, it is most often only to be linked again.
 *
 * Nothing is taken over before everything has succeeded: an update that fails
 * leaves the files as they were, and dirty. */
#include "base/guard.h"
#include "base/hash.h"
#include "proto/wkt/wkt.h"
#include "proto/workspace/workspace_internal.h"

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

/* ---- Entries ---------------------------------------------------------------- */

static content content_of(const stele_found *found) {
  if (found->kind == STELE_FOUND_FILE) return (content){(uintptr_t)found->file, 1};
  stele_str bytes = stele_bytes_str(found->bytes);
  return (content){stele_hash_str(bytes, 1), stele_hash_str(bytes, UINT64_C(0x51ab3e77)) | 2};
}

static bool same_content(content a, content b) {
  return a.low == b.low && a.high == b.high;
}

typedef struct add_entry_job {
  stele_workspace *w;
  stele_str path;
  workspace_entry *added;
} add_entry_job;

static void add_entry(void *arg) {
  add_entry_job *job = arg;
  workspace_entry *new = STELE_NEW(job->w->arena, workspace_entry);
  new->path = stele_str_copy(job->w->arena, job->path);
  *stele_map_add(&job->w->entries, new->path) = new;
  job->added = new;
}

/* The entry of a path, made when there is none; NULL without memory. */
static workspace_entry *entry_of(stele_workspace *w, stele_str path, stele_err *err) {
  workspace_entry *known = stele_map_find(&w->entries, path);
  if (known) return known;
  add_entry_job job = {.w = w, .path = path};
  return stele_guard_run(w->arena, add_entry, &job, err) ? job.added : NULL;
}

/* ---- Finding ---------------------------------------------------------------- */

static void let_go(stele_workspace *w, const stele_found *found) {
  bool has_bytes = found->kind == STELE_FOUND_TEXT || found->kind == STELE_FOUND_DESCRIPTOR;
  if (has_bytes && !found->is_builtin && w->outer->release) w->outer->release(w->outer, found);
}

/* What a path means now: the caller's word, else a built-in file. */
static bool find_outside(stele_workspace *w, stele_str path, stele_found *out, stele_err *err) {
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (!w->outer->find(w->outer, path, out, err)) return false;
  stele_str text;
  if (out->kind == STELE_FOUND_NOTHING && w->options.use_builtin && stele_wkt_find(path, &text)) {
    *out =
        (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(text), .is_builtin = true};
  }
  return true;
}

/* What the compile asks: files that do not take part are linked already. */
static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  stele_workspace *w = (stele_workspace *)self;
  workspace_entry *known = entry_of(w, path, err);
  if (!known) return false;
  if (!known->takes_part && known->file) {
    *out = (stele_found){.kind = STELE_FOUND_FILE, .file = known->file};
    return true;
  }
  if (!find_outside(w, path, out, err)) return false;
  known->takes_part = true;
  known->is_there = out->kind != STELE_FOUND_NOTHING;
  if (known->is_there) known->found = content_of(out);
  return true;
}

static void release(stele_resolver *self, const stele_found *found) {
  let_go((stele_workspace *)self, found);
}

/* ---- What is dirty ----------------------------------------------------------- */

/* Looks at one path that may have changed. */
static bool look_at(stele_workspace *w, stele_str path, stele_err *err) {
  workspace_entry *named = entry_of(w, path, err);
  if (!named) return false;
  named->is_named = true;
  if (!named->file || named->is_dirty) {
    named->is_dirty = true;
    named->is_there = true; /* as far as we know: the compile looks */
    return true;
  }
  stele_found found;
  if (!find_outside(w, path, &found, err)) return false;
  named->is_there = found.kind != STELE_FOUND_NOTHING;
  named->is_dirty = !named->is_there || !same_content(content_of(&found), named->content);
  let_go(w, &found);
  return true;
}

/* A file without errors that does not stand is tried again, and so are those
 * with errors: what was wrong with them may have been elsewhere. */
static bool must_compile(const workspace_entry *e) {
  return e->is_dirty || (!e->file && e->is_named);
}

/* Was it bad only because of others? */
static bool is_text_good(const workspace_entry *e) {
  return !e->is_dirty && same_content(e->content, e->good_content);
}

static void take_imports(const stele_workspace *w, workspace_entry *e) {
  e->import_count = 0;
  for (uint32_t i = 0; e->file && i < e->file->import_count; i++) {
    workspace_entry *import = stele_map_find(&w->entries, e->file->imports[i].path);
    if (import) e->imports[e->import_count++] = import; /* there was room for them before */
  }
}

/* Chooses what takes part in the first compile. Bad files stand for what they were. */
static void choose(stele_workspace *w) {
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    e->is_relinked = false;
    e->takes_part = must_compile(e);
    e->is_revived = !e->file && e->good;
    if (!e->is_revived) continue;
    e->takes_part = !is_text_good(e);
    e->file = e->good;
    take_imports(w, e);
  }
}

static void forget_revived(stele_workspace *w) {
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    if (e->is_revived) e->file = NULL;
    e->is_revived = false;
  }
}

/* Those that no change reached are tried again in earnest: it was for another reason. */
static void try_revived(update_job *job) {
  const stele_workspace *w = job->w;
  bool all_linked = true;
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    bool is_linked = job->relinks && e->reach == EFFECT_REACHED;
    if (e->is_revived && !e->takes_part && !is_linked) all_linked = false;
  }
  if (!all_linked) workspace_compile_dependents(job);
}

/* ---- One compile ------------------------------------------------------------- */

static void settled(void *arg, stele_str path, const stele_file *file) {
  update_job *job = arg;
  workspace_entry *known = stele_map_find(&job->w->entries, path);
  if (known) known->next = file;
}

/* Names the files that take part. One that is gone is not asked for: only its
 * importers have reason to complain. */
static void list_names(void *arg) {
  update_job *job = arg;
  stele_workspace *w = job->w;
  job->own = stele_report_new(w->update, 0);
  job->names = STELE_NEW_ARRAY(w->update, stele_str, w->entries.count);
  job->count = 0;
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    e->next = NULL;
    if (e->takes_part && e->is_named && e->is_there) job->names[job->count++] = e->path;
  }
}

/* Compiles what takes part. False when the machine failed. */
static bool compile(update_job *job, stele_err *err) {
  stele_workspace *w = job->w;
  stele_schema_unref(job->schema);
  job->schema = NULL;
  if (!stele_guard_run(w->update, list_names, job, err)) return false;
  if (job->count == 0) return true;
  stele_compile_options options = w->options;
  options.settled = settled;
  options.settled_arg = job;
  job->schema = stele_compile(&w->resolver, job->names, job->count, &options, job->own, err);
  return job->schema != NULL;
}

/* ---- Taking over --------------------------------------------------------------- */

static void tell(void *arg) {
  update_job *job = arg;
  stele_workspace *w = job->w;
  job->told = STELE_NEW_ARRAY(w->update, stele_recompiled, w->entries.count);
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    const stele_file *before = e->is_revived ? NULL : e->file;
    if (!e->takes_part || (!before && !e->next && !e->is_there)) continue;
    job->told[job->told_count++] = (stele_recompiled){e->path, before, e->next, e->is_relinked,
                                                      e->is_relinked && e->holds_other};
  }
  job->retired = STELE_NEW_ARRAY(w->update, const stele_schema *, w->entries.count);
}

/* Room for the imports of what is taken over; it grows by doubling, and stays. */
static void make_room(void *arg) {
  update_job *job = arg;
  stele_workspace *w = job->w;
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    uint32_t wanted = e->takes_part && e->next ? e->next->import_count : 0;
    if (wanted <= e->import_room) continue;
    workspace_entry **room = STELE_NEW_ARRAY(w->arena, workspace_entry *, 2 * (size_t)wanted);
    if (e->import_count) memcpy(room, e->imports, e->import_count * sizeof *room);
    e->imports = room;
    e->import_room = 2 * wanted;
  }
}

static void tell_findings(void *arg) {
  update_job *job = arg;
  size_t count;
  const stele_finding *findings = stele_report_findings(job->own, &count);
  for (size_t i = 0; i < count; i++) stele_report_add(job->report, &findings[i]);
}

/* Is all that a bad file stood on still there, good or bad? */
static bool is_standing(const stele_workspace *w, const stele_file *good) {
  for (uint32_t i = 0; i < good->import_count; i++) {
    const stele_import *import = &good->imports[i];
    const workspace_entry *e = stele_map_find(&w->entries, import->path);
    const stele_file *now = !e ? NULL : e->file ? e->file : e->good;
    if (import->file && import->file != now) return false;
  }
  return true;
}

/* Forgets what stands on what is no more; false when there was none. */
static bool drop_good(stele_workspace *w) {
  bool any = false;
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    if (e->file || !e->good || is_standing(w, e->good)) continue;
    w->retired[w->retired_count++] = e->good->schema;
    e->good = NULL;
    any = true;
  }
  return any;
}

/* From here on nothing fails. The references of what is replaced are kept. */
static void take_over(update_job *job) {
  stele_workspace *w = job->w;
  w->retired = job->retired;
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    if (!e->takes_part) continue;
    if (e->next || !e->is_there) {
      if (e->file) w->retired[w->retired_count++] = e->file->schema;
      e->good = NULL;
    } else if (e->file && !e->is_revived) {
      e->good = e->file;
      e->good_content = e->content;
    }
    e->is_revived = false;
    e->file = e->next;
    if (!e->is_relinked) e->content = e->found;
    e->is_dirty = false;
    if (e->file) (void)stele_schema_ref(e->file->schema);
    take_imports(w, e);
  }
  while (drop_good(w)) continue;
}

static void retire(stele_workspace *w) {
  for (size_t i = 0; i < w->retired_count; i++) stele_schema_unref(w->retired[i]);
  w->retired_count = 0;
}

static bool run(update_job *job, const stele_str *paths, size_t count, stele_err *err) {
  stele_workspace *w = job->w;
  for (size_t i = 0; i < count; i++) {
    if (!look_at(w, paths[i], err)) return false;
  }
  choose(w);
  if (!compile(job, err) || !workspace_reach(job, err)) return false;
  if (!job->any_reached) try_revived(job);
  if (job->any_reached && !compile(job, err)) return false;
  if (!job->any_reached && job->relinks && !workspace_relink(job, err)) return false;
  if (!stele_guard_run(w->update, tell, job, err)) return false;
  if (!stele_guard_run(w->arena, make_room, job, err)) return false;
  if (job->report && !stele_guard_run(w->update, tell_findings, job, err)) return false;
  take_over(job);
  return true;
}

bool stele_workspace_update(stele_workspace *w, const stele_str *paths, size_t count,
                            stele_report *report, const stele_recompiled **recompiled,
                            size_t *recompiled_count, stele_err *err) {
  update_job job = {.w = w, .report = report};
  retire(w);
  stele_arena_reset(w->update);
  bool ok = run(&job, paths, count, err);
  forget_revived(w);
  stele_schema_unref(job.schema);
  stele_schema_unref(job.relinked);
  *recompiled = ok ? job.told : NULL;
  *recompiled_count = ok ? job.told_count : 0;
  return ok;
}

/* ---- The workspace -------------------------------------------------------------- */

typedef struct new_job {
  stele_arena *arena;
  stele_workspace *made;
} new_job;

static void make(void *arg) {
  new_job *job = arg;
  stele_workspace *w = STELE_NEW(job->arena, stele_workspace);
  w->arena = job->arena;
  stele_map_init(&w->entries, w->arena, (uintptr_t)w);
  job->made = w;
}

/* An empty workspace in an arena of its own; NULL without memory. */
static stele_workspace *make_empty(stele_err *err) {
  new_job job = {.arena = stele_arena_new(0)};
  if (!job.arena || !stele_guard_run(job.arena, make, &job, err)) {
    stele_arena_free(job.arena);
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a workspace");
    return NULL;
  }
  job.made->update = stele_arena_new(0);
  if (job.made->update) return job.made;
  stele_arena_free(job.arena);
  (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a workspace");
  return NULL;
}

/* descriptor.proto is linked once, for all compiles. */
static bool bring_descriptor(stele_workspace *w, stele_err *err) {
  stele_compile_options own = {.use_builtin = true};
  stele_report *report = stele_report_new(w->update, 0);
  w->builtin = stele_compile(NULL, &descriptor_path, 1, &own, report, err);
  if (w->builtin) w->options.descriptor = stele_schema_file(w->builtin, descriptor_path);
  return w->builtin != NULL;
}

stele_workspace *stele_workspace_new(stele_resolver *resolver, const stele_compile_options *options,
                                     stele_err *err) {
  static const stele_compile_options defaults = {.use_builtin = true};
  stele_workspace *w = make_empty(err);
  if (!w) return NULL;
  w->outer = resolver;
  w->resolver = (stele_resolver){.find = find, .release = release};
  w->options = options ? *options : defaults;
  w->options.emit = NULL;
  w->options.keep_good = true;
  if (w->options.descriptor || bring_descriptor(w, err)) return w;
  stele_workspace_free(w);
  return NULL;
}

void stele_workspace_free(stele_workspace *w) {
  if (!w) return;
  retire(w);
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    if (e->file) stele_schema_unref(e->file->schema);
    if (e->good) stele_schema_unref(e->good->schema);
  }
  stele_schema_unref(w->builtin);
  stele_arena_free(w->update);
  stele_arena_free(w->arena); /* the workspace itself lies there */
}

const stele_file *stele_workspace_file(const stele_workspace *w, stele_str path) {
  const workspace_entry *known = stele_map_find(&w->entries, path);
  return known ? known->file : NULL;
}

bool stele_workspace_knows(const stele_workspace *w, stele_str path) {
  return stele_map_find(&w->entries, path) != NULL;
}

size_t stele_workspace_count(const stele_workspace *w) {
  return w->entries.count;
}

stele_str stele_workspace_path(const stele_workspace *w, size_t index) {
  return workspace_entry_at(w, index)->path;
}
