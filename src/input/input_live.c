/* One stele_workspace a module; the folders are listed again when a file came or
 * went. */
#include "input/live.h"

#include <stdlib.h>

#include "input/input_internal.h"
#include "input/live_tree.h"
#include "proto/report/report.h"
#include "proto/schema/schema.h"

typedef struct live_module {
  source_resolver resolver;
  stele_workspace *compiled;
  live_tree tree; /* in `listed_in` */
} live_module;

struct input_live {
  stele_arena *arena;
  stele_arena *listed_in; /* `files` */
  input_workspace *files;
  stele_map by_path; /* bucket path -> input_source; in `listed_in` */
  size_t target_count;
  input_scope scope;
  live_module *modules; /* as in the first listing */
  size_t module_count;
  input_options options;
  bool is_begun;
  STELE_VEC(stele_str) folders;
};

static input_workspace *list_files(const input_live *live, stele_arena *arena, stele_err *err) {
  input_workspace *files = STELE_NEW(arena, input_workspace);
  return input_workspace_find(arena, &live->scope, files, err) ? files : NULL;
}

/* What is looked up of a listing, and empty trees for its modules. */
static void take_listing(input_live *live, stele_arena *arena, input_workspace *files) {
  live->listed_in = arena;
  live->files = files;
  live->target_count = 0;
  stele_map_init(&live->by_path, arena, 0);
  for (size_t i = 0; i < files->sources.count; i++) {
    live->target_count += files->sources.at[i].is_target;
    *stele_map_add(&live->by_path, files->sources.at[i].path) = &files->sources.at[i];
  }
  for (size_t i = 0; i < live->module_count; i++) {
    live_module *module = &live->modules[i];
    module->resolver.workspace = files;
    live_tree_init(&module->tree, arena, files, &live->scope.place, i);
    module->tree.tree.dir = input_dir_within(&live->scope, files->modules.at[i].dir);
  }
}

static void add_folder(input_live *live, stele_str path) {
  *STELE_VEC_ADD(live->arena, &live->folders) =
      stele_str_eq(path, STELE_STR("."))
          ? STELE_STR("/")
          : stele_str_printf(live->arena, "/" STELE_STR_FMT, STELE_STR_ARG(path));
}

static bool open_modules(input_live *live, stele_err *err) {
  stele_compile_options options = input_compile_options;
  options.warn_unused_imports = true;
  live->modules = STELE_NEW_ARRAY(live->arena, live_module, live->files->modules.count);
  add_folder(live, live->scope.subdir);
  for (size_t i = 0; i < live->files->modules.count; i++) {
    live_module *module = &live->modules[live->module_count++];
    module->resolver = source_resolver_open(live->arena, live->scope.bucket, live->files);
    module->compiled = stele_workspace_new(&module->resolver.base, &options, err);
    if (!module->compiled) return false;
    add_folder(live, live->files->modules.at[i].dir);
  }
  take_listing(live, live->listed_in, live->files);
  return true;
}

static bool open_live(input_live *live, stele_str text, stele_err *err) {
  input unused = {0};
  input_job job = {.arena = live->arena, .options = &live->options, .out = &unused, .err = err};
  bool found = input_find_sources(&job, text);
  live->scope = job.scope;
  if (!found) return false;
  if (!input_bucket_is_disk(live->scope.bucket)) {
    return stele_fail(err, STELE_UNSUPPORTED, STELE_STR_FMT ": only folders on disk change",
                      STELE_STR_ARG(text));
  }
  live->files = list_files(live, live->listed_in, err);
  return live->files && open_modules(live, err);
}

input_live *input_live_open(stele_str text, const input_options *options, stele_err *err) {
  stele_arena *arena = stele_arena_new(0), *listed_in = stele_arena_new(0);
  input_live *live = arena && listed_in ? STELE_NEW(arena, input_live) : NULL;
  if (!live) {
    stele_arena_free(arena);
    stele_arena_free(listed_in);
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a tree");
    return NULL;
  }
  *live = (input_live){.arena = arena, .listed_in = listed_in, .options = *options};
  if (open_live(live, text, err)) return live;
  input_live_free(live);
  return NULL;
}

void input_live_free(input_live *live) {
  if (!live) return;
  for (size_t i = 0; i < live->module_count; i++) {
    stele_workspace_free(live->modules[i].compiled);
    source_resolver_close(&live->modules[i].resolver);
  }
  if (live->scope.bucket) live->scope.bucket->ops->close(live->scope.bucket);
  stele_arena_free(live->listed_in);
  stele_arena_free(live->arena);
}

const stele_str *input_live_folders(const input_live *live, size_t *count) {
  *count = live->folders.count;
  return live->folders.at;
}

/* ---- a step --------------------------------------------------------------- */

typedef struct live_job {
  input_live *live;
  input_job job;
  input_live_step *out;
  STELE_VEC(stele_str) names; /* to be read again */
} live_job;

static void add_sources(live_job *step, const input_workspace *files) {
  for (size_t i = 0; i < files->sources.count; i++) {
    STELE_VEC_PUSH(step->job.arena, &step->names, files->sources.at[i].name);
  }
}

/* A tree that is empty gets all that was linked before. */
static void fill_tree(live_module *module) {
  for (size_t i = 0; i < stele_workspace_count(module->compiled); i++) {
    stele_str path = stele_workspace_path(module->compiled, i);
    live_tree_set(&module->tree, path, stele_workspace_file(module->compiled, path));
  }
  live_tree_end(&module->tree);
}

/* What came and what went is read again too. */
static bool list_again(live_job *step) {
  input_live *live = step->live;
  stele_arena *arena = stele_arena_new(0);
  step->out->is_listed = true;
  if (!arena) return stele_fail(step->job.err, STELE_NO_MEMORY, "no memory for a tree");
  input_workspace *files = list_files(live, arena, step->job.err);
  if (!files || files->modules.count != live->module_count) {
    stele_arena_free(arena);
    return !files ? false : stele_fail(step->job.err, STELE_CONFLICT, "the modules are others now");
  }
  for (size_t i = 0; i < files->sources.count; i++) {
    stele_str name = files->sources.at[i].name;
    if (!stele_map_find(&live->files->by_name, name)) {
      STELE_VEC_PUSH(step->job.arena, &step->names, name);
    }
  }
  for (size_t i = 0; i < live->files->sources.count; i++) {
    stele_str name = live->files->sources.at[i].name;
    if (stele_map_find(&files->by_name, name)) continue;
    name = stele_str_copy(step->job.arena, name);
    STELE_VEC_PUSH(step->job.arena, &step->names, name);
  }
  stele_arena_free(live->listed_in);
  take_listing(live, arena, files);
  for (size_t i = 0; i < live->module_count; i++) fill_tree(&live->modules[i]);
  return true;
}

static bool is_text(stele_str path) {
  return path.len > 7 && memcmp(path.ptr + path.len - 6, ".proto", 6) == 0;
}

/* A path that is no source, or no file any more, means that files came or went. */
static bool name_paths(live_job *step, const stele_str *paths, size_t count) {
  bool all_there = true;
  stele_map seen;
  const input_live *live = step->live;
  input_bucket *bucket = live->scope.bucket;
  stele_map_init(&seen, step->job.arena, 0);
  for (size_t i = 0; i < count; i++) {
    stele_str path = {paths[i].ptr + 1, paths[i].len - 1};
    if (!is_text(paths[i]) || stele_map_find(&seen, path)) continue;
    *stele_map_add(&seen, path) = step;
    const input_source *source = stele_map_find(&live->by_path, path);
    all_there = all_there && source && bucket->ops->has(bucket, step->job.arena, path);
    if (!source) continue;
    /* The listing that the name is of may end before the step. */
    stele_str name = stele_str_copy(step->job.arena, source->name);
    STELE_VEC_PUSH(step->job.arena, &step->names, name);
  }
  return all_there;
}

/* Is it the module's to compile: meant, or known to it because it is imported? */
static bool is_of(const live_job *step, size_t module, stele_str name) {
  const input_source *source = stele_map_find(&step->live->files->by_name, name);
  if (source && source->is_target && source->module == module) return true;
  return stele_workspace_knows(step->live->modules[module].compiled, name);
}

static bool is_imported(const stele_finding *findings, size_t count, stele_str name) {
  for (size_t i = 0; i < count; i++) {
    stele_str text = findings[i].text;
    const char *quote = memmem(text.ptr, text.len, name.ptr, name.len);
    if (quote > text.ptr && quote[-1] == '"' && quote + name.len < text.ptr + text.len &&
        quote[name.len] == '"') {
      return true;
    }
  }
  return false;
}

/* That a file is gone is a mistake only when another imports it. */
static void take_report(live_job *step, const stele_report *report) {
  size_t count;
  const stele_finding *findings = stele_report_findings(report, &count);
  for (size_t i = 0; i < count; i++) {
    bool is_there =
        !findings[i].file.len || stele_map_find(&step->live->files->by_name, findings[i].file);
    if (is_there || is_imported(findings, count, findings[i].file)) {
      stele_report_add(step->out->in.report, &findings[i]);
    }
  }
}

static bool compile_module(live_job *step, size_t index) {
  stele_arena *arena = step->job.arena;
  live_module *module = &step->live->modules[index];
  STELE_VEC(stele_str) names = {0};
  for (size_t i = 0; i < step->names.count; i++) {
    if (is_of(step, index, step->names.at[i])) STELE_VEC_PUSH(arena, &names, step->names.at[i]);
  }
  const stele_recompiled *compiled;
  size_t count;
  stele_report *report = stele_report_new(arena, 0);
  module->resolver.text_count = 0;
  if (!stele_workspace_update(module->compiled, names.at, names.count, report, &compiled, &count,
                              step->job.err)) {
    return false;
  }
  take_report(step, report);
  for (size_t i = 0; i < count; i++) {
    stele_str path = stele_str_copy(arena, compiled[i].path);
    stele_map *told = compiled[i].is_relinked ? &step->out->relinked : &step->out->compiled;
    *stele_map_add(told, path) = step;
    if (compiled[i].holds_other) *stele_map_add(&step->out->touched, path) = step;
    live_tree_set(&module->tree, compiled[i].path, compiled[i].after);
  }
  live_tree_end(&module->tree);
  return true;
}

static void fill(live_job *step) {
  const input_workspace *files = step->live->files;
  input_live_step *out = step->out;
  out->in.bucket = step->live->scope.bucket;
  out->in.place = step->live->scope.place;
  out->in.config_name = files->config_name;
  out->in.deps = files->deps;
  out->in.plugins = files->plugins;
  out->in.policies = files->policies;
  out->sources = &files->by_name;
  out->file_count = step->live->target_count;
  out->in.trees = STELE_NEW_ARRAY(step->job.arena, input_tree, files->modules.count);
  for (size_t i = 0; i < files->modules.count; i++) {
    if (!files->modules.at[i].target_count) continue;
    out->in.trees[out->in.count++] = step->live->modules[i].tree.tree;
  }
  if (out->in.count) input_sort_trees(&out->in);
  input_name_files(&step->job, files);
}

bool input_live_update(input_live *live, stele_arena *arena, const stele_str *paths, size_t count,
                       bool all, input_live_step *out, stele_err *err) {
  *out = (input_live_step){.in = {.arena = arena, .report = stele_report_new(arena, 0)}};
  stele_map_init(&out->compiled, arena, 0);
  stele_map_init(&out->relinked, arena, 0);
  stele_map_init(&out->touched, arena, 0);
  live_job step = {.live = live, .out = out};
  step.job = (input_job){.arena = arena, .out = &out->in, .scope = live->scope, .err = err};
  out->is_first = !live->is_begun;
  if (!live->is_begun) {
    add_sources(&step, live->files);
  } else if (all) {
    if (!list_again(&step)) return false;
    add_sources(&step, live->files);
  } else if (!name_paths(&step, paths, count)) {
    if (!list_again(&step)) return false;
  }
  live->is_begun = true;
  for (size_t i = 0; i < live->module_count; i++) {
    if (live->files->modules.at[i].target_count && !compile_module(&step, i)) return false;
  }
  fill(&step);
  return true;
}
