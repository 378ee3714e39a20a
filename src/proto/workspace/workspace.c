/* A workspace: linked files by path, and what an edit makes of them.
 *
 * Each update is one compile of the dirty files, in which every other file
 * takes part as it was linked before. Whether dependents are dirty too is seen
 * only when the changed files are compiled: their descriptors tell. If so, all
 * is compiled once more, dependents included, since a file must be linked
 * against imports that are of one make.
 *
 * Nothing is taken over before everything has succeeded: an update that fails
 * leaves the files as they were, and dirty. */
#include "stele/workspace.h"

#include "base/guard.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/compile.h"
#include "proto/descriptor/descriptor.h"
#include "proto/wkt/wkt.h"

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

/* Of a file's bytes: two hashes, so that no two versions are mixed up. */
typedef struct content {
  uint64_t low, high;
} content;

typedef enum effect { EFFECT_UNKNOWN, EFFECT_NONE, EFFECT_REACHED } effect;

typedef struct entry entry;
struct entry {
  stele_str path;
  const stele_file *file; /* NULL: gone or bad. Holds a reference on its schema */
  entry **imports;        /* of `file`, those that have an entry */
  uint32_t import_count, import_room;
  content content; /* of what `file` was made of */
  bool is_named;
  bool is_there; /* the resolver finds it */
  bool is_dirty; /* must be compiled before `file` is true again */

  /* While an update goes on. */
  bool takes_part; /* is compiled in this update */
  content found;
  const stele_file *next;
  effect reach; /* of a change, through imports */
};

struct stele_workspace {
  stele_resolver resolver; /* first: what the compile asks; see find */
  stele_resolver *outer;
  stele_compile_options options;
  const stele_schema *builtin;  /* of descriptor.proto */
  stele_arena *arena;           /* entries and their paths: they only come */
  stele_map entries;            /* path -> entry, in the order in which they came */
  stele_arena *update;          /* of the last update: what it told, and its work */
  const stele_schema **retired; /* held for those who look at `before`; in `update` */
  size_t retired_count;
};

/* ---- Entries ---------------------------------------------------------------- */

static entry *entry_at(const stele_workspace *w, size_t i) {
  return w->entries.entries[i].value;
}

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
  entry *added;
} add_entry_job;

static void add_entry(void *arg) {
  add_entry_job *job = arg;
  entry *new = STELE_NEW(job->w->arena, entry);
  new->path = stele_str_copy(job->w->arena, job->path);
  *stele_map_add(&job->w->entries, new->path) = new;
  job->added = new;
}

/* The entry of a path, made when there is none; NULL without memory. */
static entry *entry_of(stele_workspace *w, stele_str path, stele_err *err) {
  entry *known = stele_map_find(&w->entries, path);
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
  entry *known = entry_of(w, path, err);
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
  entry *named = entry_of(w, path, err);
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
static bool must_compile(const entry *e) {
  return e->is_dirty || (!e->file && e->is_named);
}

/* ---- One compile ------------------------------------------------------------- */

typedef struct update_job {
  stele_workspace *w;
  stele_report *report;
  const stele_schema *schema; /* of the last compile */
  stele_str *names;
  entry **named;
  size_t count;
  stele_recompiled *told;
  size_t told_count;
  const stele_schema **retired; /* room for those that are replaced */
  bool any_reached;
  stele_report *own; /* of this compile alone */
} update_job;

static void settled(void *arg, stele_str path, const stele_file *file) {
  update_job *job = arg;
  entry *known = stele_map_find(&job->w->entries, path);
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
    entry *e = entry_at(w, i);
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

/* ---- Dependents --------------------------------------------------------------- */

typedef struct compare_job {
  stele_arena *arena;
  const stele_file *a, *b;
  bool same;
} compare_job;

static void compare(void *arg) {
  compare_job *job = arg;
  static const stele_descriptor_options whole = {.retain_options = true};
  stele_mark mark = stele_arena_mark(job->arena);
  stele_buf a, b;
  stele_buf_init(&a, job->arena, 0);
  stele_buf_init(&b, job->arena, 0);
  stele_descriptor_encode(job->arena, job->a, &whole, &a);
  stele_descriptor_encode(job->arena, job->b, &whole, &b);
  job->same = a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
  stele_arena_rewind(job->arena, mark);
}

/* Do two versions of a file mean the same to those who import it? */
static bool is_same(stele_workspace *w, const stele_file *before, const stele_file *after,
                    bool *same, stele_err *err) {
  *same = before == after;
  if (!before || !after || *same) return true;
  compare_job job = {.arena = w->update, .a = before, .b = after};
  bool ok = stele_guard_run(w->update, compare, &job, err);
  *same = job.same;
  return ok;
}

typedef struct reach_step {
  entry *at;
  uint32_t next;
} reach_step;

/* Depth first over imports, without recursion. Each file is entered once. */
static void reach_from(const stele_workspace *w, entry *from) {
  STELE_VEC(reach_step) steps = {0};
  STELE_VEC_PUSH(w->update, &steps, (reach_step){from, 0});
  while (steps.count) {
    reach_step *top = &steps.at[steps.count - 1];
    entry *e = top->at;
    if (e->reach == EFFECT_REACHED || top->next == e->import_count) {
      bool reached = e->reach == EFFECT_REACHED;
      if (!reached) e->reach = EFFECT_NONE;
      steps.count--;
      if (reached && steps.count) steps.at[steps.count - 1].at->reach = EFFECT_REACHED;
      continue;
    }
    entry *import = e->imports[top->next++];
    if (import->reach == EFFECT_REACHED) e->reach = EFFECT_REACHED;
    if (import->reach == EFFECT_UNKNOWN) {
      import->reach = EFFECT_NONE; /* entered: imports have no cycles */
      STELE_VEC_PUSH(w->update, &steps, (reach_step){import, 0});
    }
  }
}

static void reach_all(void *arg) {
  update_job *job = arg;
  stele_workspace *w = job->w;
  stele_mark mark = stele_arena_mark(w->update);
  for (size_t i = 0; i < w->entries.count; i++) {
    entry *e = entry_at(w, i);
    if (e->reach == EFFECT_UNKNOWN) reach_from(w, e);
  }
  stele_arena_rewind(w->update, mark);
  for (size_t i = 0; i < w->entries.count; i++) {
    entry *e = entry_at(w, i);
    if (e->reach != EFFECT_REACHED || e->takes_part || !e->file) continue;
    e->takes_part = job->any_reached = true;
  }
}

/* Lets dependents of files that mean something else now take part. */
static bool reach(update_job *job, stele_err *err) {
  stele_workspace *w = job->w;
  bool any = false;
  for (size_t i = 0; i < w->entries.count; i++) {
    entry *e = entry_at(w, i);
    bool same = true;
    e->reach = EFFECT_UNKNOWN;
    if (e->takes_part && !is_same(w, e->file, e->next, &same, err)) return false;
    if (same) continue;
    e->reach = EFFECT_REACHED;
    any = true;
  }
  return !any || stele_guard_run(w->update, reach_all, job, err);
}

/* ---- Taking over --------------------------------------------------------------- */

static void tell(void *arg) {
  update_job *job = arg;
  stele_workspace *w = job->w;
  job->told = STELE_NEW_ARRAY(w->update, stele_recompiled, w->entries.count);
  for (size_t i = 0; i < w->entries.count; i++) {
    const entry *e = entry_at(w, i);
    if (!e->takes_part || (!e->file && !e->next && !e->is_there)) continue;
    job->told[job->told_count++] = (stele_recompiled){e->path, e->file, e->next};
  }
  job->retired = STELE_NEW_ARRAY(w->update, const stele_schema *, job->told_count);
}

/* Room for the imports of what is taken over; it grows by doubling, and stays. */
static void make_room(void *arg) {
  update_job *job = arg;
  stele_workspace *w = job->w;
  for (size_t i = 0; i < w->entries.count; i++) {
    entry *e = entry_at(w, i);
    uint32_t wanted = e->takes_part && e->next ? e->next->import_count : 0;
    if (wanted <= e->import_room) continue;
    entry **room = STELE_NEW_ARRAY(w->arena, entry *, 2 * (size_t)wanted);
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

static void take_imports(const stele_workspace *w, entry *e) {
  e->import_count = 0;
  for (uint32_t i = 0; e->file && i < e->file->import_count; i++) {
    entry *import = stele_map_find(&w->entries, e->file->imports[i].path);
    if (import) e->imports[e->import_count++] = import;
  }
}

/* From here on nothing fails. The references of what is replaced are kept. */
static void take_over(update_job *job) {
  stele_workspace *w = job->w;
  w->retired = job->retired;
  for (size_t i = 0; i < w->entries.count; i++) {
    entry *e = entry_at(w, i);
    if (!e->takes_part) continue;
    if (e->file) w->retired[w->retired_count++] = e->file->schema;
    e->file = e->next;
    e->content = e->found;
    e->is_dirty = false;
    if (e->file) (void)stele_schema_ref(e->file->schema);
    take_imports(w, e);
  }
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
  for (size_t i = 0; i < w->entries.count; i++) {
    entry *e = entry_at(w, i);
    e->takes_part = must_compile(e);
  }
  if (!compile(job, err) || !reach(job, err)) return false;
  if (job->any_reached && !compile(job, err)) return false;
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
  stele_schema_unref(job.schema);
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
    if (entry_at(w, i)->file) stele_schema_unref(entry_at(w, i)->file->schema);
  }
  stele_schema_unref(w->builtin);
  stele_arena_free(w->update);
  stele_arena_free(w->arena); /* the workspace itself lies there */
}

const stele_file *stele_workspace_file(const stele_workspace *w, stele_str path) {
  const entry *known = stele_map_find(&w->entries, path);
  return known ? known->file : NULL;
}

bool stele_workspace_knows(const stele_workspace *w, stele_str path) {
  return stele_map_find(&w->entries, path) != NULL;
}

size_t stele_workspace_count(const stele_workspace *w) {
  return w->entries.count;
}

stele_str stele_workspace_path(const stele_workspace *w, size_t index) {
  return entry_at(w, index)->path;
}
