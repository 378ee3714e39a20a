/* The files of each module under their import paths, and which are meant. */
#include "input/workspace.h"

#include "base/path.h"
#include "input/workspace_internal.h"

/* ---- one module ----------------------------------------------------------- */

static bool is_in_any(stele_str path, const config_strs *dirs) {
  for (size_t i = 0; i < dirs->count; i++) {
    if (config_path_in(dirs->at[i], path, NULL)) return true;
  }
  return false;
}

/* The import path of a file at `path` below the module; false when the module
 * leaves it out. */
static bool name_of(const config_module *module, stele_str path, stele_str *name) {
  if (module->includes.count && !is_in_any(path, &module->includes)) return false;
  if (is_in_any(path, &module->excludes)) return false;
  *name = path;
  for (size_t i = 0; i < module->roots.count; i++) {
    if (config_path_in(module->roots.at[i], path, name)) return true;
  }
  return module->roots.count == 0;
}

static bool is_meant(workspace_job *job, const input_module *module, stele_str path) {
  const input_scope *scope = job->scope;
  if (scope->protofile.len) {
    return scope->include_package_files || stele_str_eq(path, scope->protofile);
  }
  return config_path_in(scope->subdir, module->dir, NULL) &&
         (scope->paths.count == 0 || is_in_any(path, &scope->paths)) &&
         !is_in_any(path, &scope->exclude_paths);
}

/* Is something of the module meant, as far as its folder says? */
static bool is_wanted(workspace_job *job, const input_module *module) {
  const input_scope *scope = job->scope;
  if (scope->protofile.len) return config_path_in(module->dir, scope->protofile, NULL);
  bool is_any = scope->paths.count == 0;
  for (size_t i = 0; i < scope->paths.count; i++) {
    is_any = is_any || config_path_in(module->dir, scope->paths.at[i], NULL);
  }
  return is_any && config_path_in(scope->subdir, module->dir, NULL);
}

/* "path: "proto", excludes: "proto/a"": what buf calls a module. */
static stele_str describe(workspace_job *job, const input_module *module) {
  stele_buf text;
  stele_buf_init(&text, job->arena, 0);
  stele_buf_printf(&text, "path: \"" STELE_STR_FMT "\"", STELE_STR_ARG(module->config->path));
  const struct {
    const char *what;
    const config_strs *dirs;
  } lists[] = {{"includes", &module->config->includes}, {"excludes", &module->config->excludes}};
  for (size_t i = 0; i < STELE_COUNT(lists); i++) {
    for (size_t j = 0; j < lists[i].dirs->count; j++) {
      stele_str dir = stele_path_join(job->arena, module->config->path, lists[i].dirs->at[j]);
      stele_buf_printf(&text, "%s \"" STELE_STR_FMT "\"",
                       j   ? ","
                       : i ? ", excludes:"
                           : ", includes:",
                       STELE_STR_ARG(dir));
    }
  }
  return stele_buf_str(&text);
}

static bool add_sources(workspace_job *job, size_t index) {
  input_module *module = &job->out->modules.at[index];
  const stele_str *paths;
  size_t count, before = job->out->sources.count;
  input_bucket *bucket = job->scope->bucket;
  if (!bucket->ops->list(bucket, job->arena, module->dir, &paths, &count, job->err)) return false;
  for (size_t i = 0; i < count; i++) {
    input_source row = {.path = paths[i], .module = index};
    (void)config_path_in(module->dir, paths[i], &row.name);
    if (!name_of(module->config, row.name, &row.name)) continue;
    row.is_target = is_meant(job, module, paths[i]);
    module->target_count += row.is_target;
    STELE_VEC_PUSH(job->arena, &job->out->sources, row);
  }
  return job->out->sources.count > before || !is_wanted(job, module) ||
         stele_fail(job->err, STELE_INVALID, "Module \"" STELE_STR_FMT "\" had no .proto files",
                    STELE_STR_ARG(describe(job, module)));
}

/* ---- all modules ---------------------------------------------------------- */

static bool check_once(workspace_job *job, const input_source *a, const input_source *b) {
  if (!a) return true;
  const input_module *modules = job->out->modules.at;
  return stele_fail(job->err, STELE_INVALID,
                    STELE_STR_FMT " is contained in multiple modules:\n  path: \"" STELE_STR_FMT
                                  "\"\n  path: \"" STELE_STR_FMT "\"",
                    STELE_STR_ARG(b->name), STELE_STR_ARG(modules[a->module].config->path),
                    STELE_STR_ARG(modules[b->module].config->path));
}

static bool check_excluded(workspace_job *job) {
  const input_scope *scope = job->scope;
  for (size_t i = 0; i < job->out->modules.count; i++) {
    stele_str dir = job->out->modules.at[i].dir;
    if (!is_wanted(job, &job->out->modules.at[i])) continue;
    for (size_t j = 0; j < scope->exclude_paths.count; j++) {
      if (!stele_str_eq(scope->exclude_paths.at[j], dir)) continue;
      return stele_fail(job->err, STELE_INVALID,
                        "module \"" STELE_STR_FMT
                        "\" was specified with --exclude-path, this flag cannot be used to "
                        "specify module directories",
                        STELE_STR_ARG(input_place_show(job->arena, &scope->place, dir)));
    }
  }
  return true;
}

/* A file that was named alone lies in the module with the longest folder; if that
 * leaves it out, nothing is meant. */
static void keep_nearest_module(workspace_job *job) {
  size_t nearest = SIZE_MAX;
  bool is_there = false;
  input_workspace *out = job->out;
  for (size_t i = 0; i < out->modules.count; i++) {
    if (!config_path_in(out->modules.at[i].dir, job->scope->protofile, NULL)) continue;
    if (nearest == SIZE_MAX || out->modules.at[i].dir.len > out->modules.at[nearest].dir.len) {
      nearest = i;
    }
  }
  for (size_t i = 0; i < out->sources.count; i++) {
    const input_source *source = &out->sources.at[i];
    bool is_it = stele_str_eq(source->path, job->scope->protofile);
    is_there = is_there || (is_it && source->module == nearest);
  }
  for (size_t i = 0; i < out->sources.count; i++) {
    input_source *source = &out->sources.at[i];
    if (!source->is_target || (is_there && source->module == nearest)) continue;
    source->is_target = false;
    out->modules.at[source->module].target_count--;
  }
}

bool workspace_find_sources(workspace_job *job) {
  size_t targets = 0;
  input_workspace *out = job->out;
  if (!check_excluded(job)) return false;
  for (size_t i = 0; i < out->modules.count; i++) {
    if (!add_sources(job, i)) return false;
  }
  if (job->scope->protofile.len) keep_nearest_module(job);
  for (size_t i = 0; i < out->modules.count; i++) targets += out->modules.at[i].target_count;
  stele_map_init(&out->by_name, job->arena, 0);
  for (size_t i = 0; i < out->sources.count; i++) {
    void **place = stele_map_add(&out->by_name, out->sources.at[i].name);
    if (!check_once(job, *place, &out->sources.at[i])) return false;
    *place = &out->sources.at[i];
  }
  return targets > 0 ||
         stele_fail(job->err, STELE_INVALID,
                    "no .proto files were targeted. This can occur if no .proto files are found in "
                    "your input, --path points to files that do not exist, or --exclude-path "
                    "excludes all files.");
}

bool input_workspace_find(stele_arena *arena, const input_scope *scope, input_workspace *out,
                          stele_err *err) {
  workspace_job job = {.arena = arena, .scope = scope, .out = out, .err = err};
  *out = (input_workspace){0};
  stele_buf_init(&job.text, NULL, 0);
  bool ok = workspace_find_modules(&job) && workspace_find_sources(&job);
  stele_buf_release(&job.text);
  return ok;
}
