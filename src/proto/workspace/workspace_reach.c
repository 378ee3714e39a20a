/* Dependents of what changed.
 *
 * Most edits are of things that importers do not read: comments, the fields of a message, a
 * service. Then the files that stand on the changed one, near or far, are as they were, but
 * for the addresses that they hold: they are linked again without their texts. Only when
 * something changed that a linker reads of an import are they compiled. */
#include "base/guard.h"
#include "proto/schema/schema.h"
#include "proto/workspace/workspace_internal.h"

enum { MOST_BYTES = 1 << 30 };

/* ---- who is reached ------------------------------------------------------------- */

typedef struct reach_step {
  workspace_entry *at;
  uint32_t next;
} reach_step;

/* Depth first over imports, without recursion. Each file is entered once. */
static void reach_from(const stele_workspace *w, workspace_entry *from) {
  STELE_VEC(reach_step) steps = {0};
  STELE_VEC_PUSH(w->update, &steps, (reach_step){from, 0});
  while (steps.count) {
    reach_step *top = &steps.at[steps.count - 1];
    workspace_entry *e = top->at;
    if (e->reach == EFFECT_REACHED || top->next == e->import_count) {
      bool reached = e->reach == EFFECT_REACHED;
      if (!reached) e->reach = EFFECT_NONE;
      steps.count--;
      if (reached && steps.count) steps.at[steps.count - 1].at->reach = EFFECT_REACHED;
      continue;
    }
    workspace_entry *import = e->imports[top->next++];
    if (import->reach == EFFECT_REACHED) e->reach = EFFECT_REACHED;
    if (import->reach == EFFECT_UNKNOWN) {
      import->reach = EFFECT_NONE; /* entered: imports have no cycles */
      STELE_VEC_PUSH(w->update, &steps, (reach_step){import, 0});
    }
  }
}

static void reach_all(const stele_workspace *w) {
  stele_mark mark = stele_arena_mark(w->update);
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    if (e->reach == EFFECT_UNKNOWN) reach_from(w, e);
  }
  stele_arena_rewind(w->update, mark);
}

static bool is_dependent(const workspace_entry *e) {
  return e->reach == EFFECT_REACHED && !e->takes_part && e->file;
}

/* ---- what they read ---------------------------------------------------------------- */

/* Is the package this one, or inside it? */
static bool is_within(stele_str package, stele_str outer) {
  if (outer.len == 0) return true;
  if (package.len < outer.len || memcmp(package.ptr, outer.ptr, outer.len) != 0) return false;
  return package.len == outer.len || package.ptr[outer.len] == '.';
}

/* Does a dependent see the names that were added to the package? */
static bool sees_names(const stele_workspace *w, stele_str package) {
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    if (is_dependent(e) && is_within(e->file->package, package)) return true;
  }
  return false;
}

typedef struct option_values {
  stele_arena *arena;
  stele_map seen; /* messages, by address */
  STELE_VEC(const stele_message *) queue;
} option_values;

static void add_value(option_values *values, const stele_message *type) {
  if (!type) return;
  void **place = stele_map_add_u64(&values->seen, (uint64_t)(uintptr_t)type);
  if (!*place) STELE_VEC_PUSH(values->arena, &values->queue, type);
  *place = values;
}

/* All messages that a value of an extension can hold: those that options may be written
 * of, whichever message is extended. */
static void find_values(const stele_workspace *w, option_values *values) {
  stele_map_init(&values->seen, values->arena, 0);
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    size_t count = 0;
    const stele_field *const *extensions = e->file ? stele_file_extensions(e->file, &count) : NULL;
    for (size_t k = 0; k < count; k++) add_value(values, extensions[k]->type_message);
  }
  for (size_t i = 0; i < values->queue.count; i++) {
    const stele_message *message = values->queue.at[i];
    for (uint32_t k = 0; k < message->field_count; k++) {
      add_value(values, message->fields[k].type_message);
    }
  }
}

static bool is_written(const option_values *values, const relink_meaning *meaning) {
  for (size_t i = 0; i < meaning->body_count; i++) {
    if (stele_map_find_u64(&values->seen, (uint64_t)(uintptr_t)meaning->bodies[i])) return true;
  }
  return false;
}

/* A file that was compiled against one that is to be linked again, as it was before. */
static bool stands_on_dependent(const stele_workspace *w, const workspace_entry *e) {
  for (uint32_t i = 0; e->next && i < e->next->import_count; i++) {
    const workspace_entry *import = stele_map_find(&w->entries, e->next->imports[i].path);
    if (import && is_dependent(import)) return true;
  }
  return false;
}

/* Is nothing that a dependent reads another? */
static bool is_unseen(const stele_workspace *w) {
  option_values values = {.arena = w->update};
  bool has_values = false;
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    if (!e->takes_part) continue;
    if (stands_on_dependent(w, e)) return false;
    if (e->file == e->next) continue;
    if (!e->meaning.is_unseen) return false;
    if (e->meaning.adds && sees_names(w, e->file->package)) return false;
    if (!e->meaning.body_count) continue;
    if (!has_values) find_values(w, &values);
    has_values = true;
    if (is_written(&values, &e->meaning)) return false;
  }
  return true;
}

static void look_at_changes(void *arg) {
  update_job *job = arg;
  const stele_workspace *w = job->w;
  bool any = false, any_dependent = false;
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    e->reach = EFFECT_UNKNOWN;
    if (!e->takes_part || e->file == e->next) continue;
    e->reach = EFFECT_REACHED;
    any = true;
  }
  if (!any) return;
  reach_all(w);
  for (size_t i = 0; i < w->entries.count; i++) {
    any_dependent = any_dependent || is_dependent(workspace_entry_at(w, i));
  }
  if (!any_dependent) return;
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    e->meaning = (relink_meaning){0};
    bool is_other = e->takes_part && e->file && e->next && e->file != e->next;
    if (is_other) e->meaning = relink_compare(w->update, e->file, e->next);
  }
  job->relinks = is_unseen(w);
  if (!job->relinks) workspace_compile_dependents(job);
}

void workspace_compile_dependents(update_job *job) {
  for (size_t i = 0; i < job->w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(job->w, i);
    if (is_dependent(e) || e->is_revived) e->takes_part = job->any_reached = true;
  }
}

bool workspace_reach(update_job *job, stele_err *err) {
  return stele_guard_run(job->w->update, look_at_changes, job, err);
}

/* ---- linking again ------------------------------------------------------------------ */

typedef struct relink_run {
  update_job *job;
  stele_arena *arena, *tables;
  relink_job *relink;
} relink_run;

static void relink_one(const relink_run *run, workspace_entry *e) {
  e->next = relink_file(run->relink, e->file, &e->holds_other);
  e->takes_part = e->is_relinked = true;
}

/* A dependent after those that it imports; depth first, as above. */
static void relink_from(const relink_run *run, workspace_entry *from) {
  STELE_VEC(reach_step) steps = {0};
  STELE_VEC_PUSH(run->tables, &steps, (reach_step){from, 0});
  while (steps.count) {
    reach_step *top = &steps.at[steps.count - 1];
    if (!is_dependent(top->at) || top->next == top->at->import_count) {
      if (is_dependent(top->at)) relink_one(run, top->at);
      steps.count--;
      continue;
    }
    workspace_entry *import = top->at->imports[top->next++];
    if (is_dependent(import)) STELE_VEC_PUSH(run->tables, &steps, (reach_step){import, 0});
  }
}

static void relink_all(void *arg) {
  relink_run *run = arg;
  const stele_workspace *w = run->job->w;
  run->relink = relink_job_new(run->arena, run->tables);
  for (size_t i = 0; i < w->entries.count; i++) {
    const workspace_entry *e = workspace_entry_at(w, i);
    if (e->takes_part && e->file && e->next) relink_replace(run->relink, e->file, e->next);
  }
  relink_replaced(run->relink);
  for (size_t i = 0; i < w->entries.count; i++) {
    workspace_entry *e = workspace_entry_at(w, i);
    if (is_dependent(e)) relink_from(run, e);
  }
  relink_job_finish(run->relink);
}

bool workspace_relink(update_job *job, stele_err *err) {
  const stele_compile_options *options = &job->w->options;
  stele_arena *arena = stele_arena_new(options->limit_bytes ? options->limit_bytes : MOST_BYTES);
  stele_arena *tables = arena ? stele_arena_new_scratch(arena) : NULL;
  relink_run run = {job, arena, tables, NULL};
  if (arena) arena->cancelled = options->cancelled;
  bool ok = tables ? stele_guard_run(arena, relink_all, &run, err)
                   : stele_fail(err, STELE_NO_MEMORY, "no memory for a workspace");
  stele_schema *schema = run.relink ? relink_job_schema(run.relink) : NULL;
  if (arena) arena->cancelled = NULL; /* the schema outlives the flag */
  stele_arena_free(tables);
  job->relinked = schema;
  if (!schema) stele_arena_free(arena);
  return ok;
}
