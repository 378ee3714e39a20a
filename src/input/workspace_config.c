/* From the folder that was named upwards, until a file speaks of it.
 *
 * A v2 file or a buf.work.yaml speaks of a folder when it is the file's own, or
 * one of its modules, or holds some of them. A v1 file is its folder's module;
 * above it only a workspace that lists the folder counts. Where nothing speaks of
 * the folder, the files above each --path are asked; then the folder is a module
 * with the defaults. */
#include "base/path.h"
#include "input/workspace_internal.h"

static const struct {
  const char *name;
  config_kind kind;
} file_names[] = {
    {"stele.yaml", CONFIG_KIND_STELE},
    {"buf.yaml", CONFIG_KIND_BUF},
    {"buf.mod", CONFIG_KIND_BUF},
};

static bool read_config(workspace_job *job, stele_str path, stele_str shown, config_kind kind,
                        const config_file **out) {
  if (!job->scope->bucket->ops->load(job->scope->bucket, job->arena, path, &job->text, job->err)) {
    return false;
  }
  stele_str text = stele_str_copy(job->arena, stele_buf_str(&job->text));
  *out = config_parse(job->arena, shown, text, kind, job->err);
  return *out != NULL;
}

/* The configuration of one folder; *out NULL when it has none. */
static bool load(workspace_job *job, stele_str dir, const config_file **out, stele_str *shown) {
  input_bucket *bucket = job->scope->bucket;
  *out = NULL;
  for (size_t i = 0; i < STELE_COUNT(file_names); i++) {
    stele_str path = stele_path_join(job->arena, dir, stele_cstr(file_names[i].name));
    if (!bucket->ops->has(bucket, job->arena, path)) continue;
    *shown = input_place_show(job->arena, &job->scope->place, path);
    return read_config(job, path, *shown, file_names[i].kind, out);
  }
  return true;
}

static bool load_work(workspace_job *job, stele_str dir, const config_file **out,
                      stele_str *shown) {
  input_bucket *bucket = job->scope->bucket;
  stele_str path = stele_path_join(job->arena, dir, STELE_STR("buf.work.yaml"));
  *out = NULL;
  if (!bucket->ops->has(bucket, job->arena, path)) return true;
  *shown = input_place_show(job->arena, &job->scope->place, path);
  return read_config(job, path, *shown, CONFIG_KIND_WORK, out);
}

static void add_strs(workspace_job *job, config_strs *to, const config_strs *from) {
  for (size_t i = 0; i < from->count; i++) STELE_VEC_PUSH(job->arena, to, from->at[i]);
}

static void take_file(workspace_job *job, const config_file *file, stele_str shown) {
  add_strs(job, &job->out->deps, &file->deps);
  add_strs(job, &job->out->plugins, &file->plugins);
  add_strs(job, &job->out->policies, &file->policies);
  job->out->config_name = shown;
}

static void add_modules(workspace_job *job, const config_file *file, stele_str dir) {
  for (size_t i = 0; i < file->modules.count; i++) {
    const config_module *module = &file->modules.at[i];
    input_module row = {.dir = stele_path_join(job->arena, dir, module->path),
                        .config = module,
                        .version = file->version};
    STELE_VEC_PUSH(job->arena, &job->out->modules, row);
  }
}

/* Each folder of a buf.work.yaml has a file of its own, or the defaults. */
static bool add_work(workspace_job *job, const config_file *work, stele_str dir) {
  for (size_t i = 0; i < work->modules.count; i++) {
    stele_str at = stele_path_join(job->arena, dir, work->modules.at[i].path), shown;
    const config_file *file;
    if (!load(job, at, &file, &shown)) return false;
    if (file) take_file(job, file, shown);
    add_modules(job, file ? file : config_default(job->arena, CONFIG_V1), at);
  }
  return true;
}

/* How a file with a list of modules in `dir` stands to the folder `wanted`. */
typedef enum speaks { SPEAKS_NOT, SPEAKS_OF, SPEAKS_OF_ABOVE } speaks;

static speaks speaks_of(workspace_job *job, const config_file *file, stele_str dir,
                        stele_str wanted, stele_str *module) {
  if (stele_str_eq(dir, wanted)) return SPEAKS_OF;
  speaks found = SPEAKS_NOT;
  for (size_t i = 0; i < file->modules.count; i++) {
    stele_str at = stele_path_join(job->arena, dir, file->modules.at[i].path);
    if (config_path_in(wanted, at, NULL)) return SPEAKS_OF;
    if (!config_path_in(at, wanted, NULL)) continue;
    found = SPEAKS_OF_ABOVE;
    *module = at;
  }
  return found;
}

static bool refuse_inner(workspace_job *job, stele_str module) {
  const input_scope *scope = job->scope;
  return stele_fail(
      job->err, STELE_INVALID,
      "failed to build input \"" STELE_STR_FMT
      "\" because it is contained by module at path \"" STELE_STR_FMT
      "\" specified in your configuration, you must provide the workspace or module as the "
      "input, and filter to this path using --path",
      STELE_STR_ARG(input_place_show(job->arena, &scope->place, scope->subdir)),
      STELE_STR_ARG(input_place_show(job->arena, &scope->place, module)));
}

/* The configuration of one folder. */
typedef struct found_config {
  const config_file *file; /* NULL: none */
  stele_str dir, shown;
  bool is_work, has_modules; /* a list of folders of either kind: it may speak of others */
} found_config;

static bool look(workspace_job *job, stele_str dir, found_config *out) {
  *out = (found_config){.dir = dir};
  if (!load_work(job, dir, &out->file, &out->shown)) return false;
  if (!out->file) {
    if (!load(job, dir, &out->file, &out->shown)) return false;
    out->has_modules =
        out->file && (out->file->version == CONFIG_V2 || out->file->version == CONFIG_STELE);
    return true;
  }
  stele_str twin = stele_path_join(job->arena, dir, STELE_STR("buf.yaml"));
  if (job->scope->bucket->ops->has(job->scope->bucket, job->arena, twin)) {
    return stele_fail(job->err, STELE_INVALID,
                      "cannot have a buf.work.yaml and buf.yaml in the same directory "
                      "\"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(input_place_show(job->arena, &job->scope->place, dir)));
  }
  out->is_work = out->has_modules = true;
  return true;
}

static bool take(workspace_job *job, const found_config *found) {
  take_file(job, found->file, found->shown);
  if (found->is_work) return add_work(job, found->file, found->dir);
  add_modules(job, found->file, found->dir);
  return true;
}

/* ---- for the folder that was named ------------------------------------------ */

/* v1 files on the way up: they count when no list of modules speaks of the folder.
 * A v1beta1 file says nothing of the folders below its own. */
typedef struct v1_files {
  found_config own, above;
} v1_files;

static bool visit(workspace_job *job, stele_str dir, v1_files *v1, bool *is_done) {
  stele_str wanted = job->scope->subdir, module = dir;
  found_config found;
  if (!look(job, dir, &found)) return false;
  if (!found.file) return true;
  if (!found.has_modules) {
    if (stele_str_eq(dir, wanted)) {
      v1->own = found;
    } else if (!v1->above.file && found.file->version == CONFIG_V1) {
      v1->above = found;
    }
    return true;
  }
  speaks how = speaks_of(job, found.file, dir, wanted, &module);
  if (how == SPEAKS_NOT || (how == SPEAKS_OF_ABOVE && v1->own.file)) return true;
  if (how == SPEAKS_OF_ABOVE && !job->scope->protofile.len) return refuse_inner(job, module);
  *is_done = true;
  return take(job, &found);
}

static bool take_v1(workspace_job *job, const v1_files *v1, bool *is_done) {
  *is_done = v1->own.file || v1->above.file;
  if (v1->own.file) return take(job, &v1->own);
  if (!v1->above.file) return true;
  return job->scope->protofile.len ? take(job, &v1->above) : refuse_inner(job, v1->above.dir);
}

/* ---- for each --path, where nothing speaks of the folder ----------------------- */

typedef struct path_search {
  found_config workspace;           /* that holds one of them */
  STELE_VEC(found_config) v1_files; /* their folders are modules */
} path_search;

static bool has_file(const path_search *s, stele_str dir) {
  for (size_t i = 0; i < s->v1_files.count; i++) {
    if (stele_str_eq(s->v1_files.at[i].dir, dir)) return true;
  }
  return false;
}

static bool take_workspace(workspace_job *job, path_search *s, const found_config *found) {
  const found_config *other = &s->workspace;
  if (other->file && !stele_str_eq(other->dir, found->dir)) {
    return stele_fail(job->err, STELE_INVALID,
                      "different controlling workspaces found: \"" STELE_STR_FMT
                      "\", \"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(other->shown), STELE_STR_ARG(found->shown));
  }
  s->workspace = *found;
  return true;
}

static bool search_above(workspace_job *job, path_search *s, stele_str path) {
  found_config nearest = {0};
  for (stele_str dir = path;; dir = config_path_above(dir)) {
    found_config found;
    stele_str module;
    if (!look(job, dir, &found)) return false;
    if (found.has_modules && speaks_of(job, found.file, dir, path, &module) != SPEAKS_NOT) {
      return take_workspace(job, s, &found);
    }
    bool is_v1 = found.file && found.file->version == CONFIG_V1;
    if (is_v1 && !nearest.file) nearest = found;
    if (stele_str_eq(dir, STELE_STR("."))) break;
  }
  if (nearest.file && !has_file(s, nearest.dir)) STELE_VEC_PUSH(job->arena, &s->v1_files, nearest);
  return true;
}

/* *is_done false: no file speaks of any of them. */
static bool find_by_paths(workspace_job *job, bool *is_done) {
  const config_strs *paths = &job->scope->paths;
  path_search s = {0};
  for (size_t i = 0; i < paths->count; i++) {
    if (!search_above(job, &s, paths->at[i])) return false;
  }
  *is_done = s.workspace.file || s.v1_files.count;
  if (s.workspace.file && s.v1_files.count) {
    return stele_fail(job->err, STELE_INVALID,
                      "found a workspace \"" STELE_STR_FMT
                      "\" that does not contain all found modules",
                      STELE_STR_ARG(s.workspace.shown));
  }
  if (s.workspace.file) return take(job, &s.workspace);
  for (size_t i = 0; i < s.v1_files.count; i++) {
    if (!take(job, &s.v1_files.at[i])) return false;
  }
  return true;
}

/* A configuration that was given is about the folder that was named; one with a
 * list of modules, and one of v2 for a file, about where we stand. */
static bool take_given(workspace_job *job) {
  const input_scope *scope = job->scope;
  const config_file *file =
      config_parse(job->arena, scope->config_name, scope->config_text, CONFIG_KIND_STELE, job->err);
  if (!file) return false;
  take_file(job, file, scope->config_name);
  bool has_list =
      file->modules.count > 1 || !stele_str_eq(file->modules.at[0].path, STELE_STR("."));
  bool is_v1 = file->version == CONFIG_V1 || file->version == CONFIG_V1BETA1;
  bool is_about_here = has_list || (scope->protofile.len && !is_v1);
  add_modules(job, file, is_about_here ? scope->place.here : scope->subdir);
  return true;
}

bool workspace_find_modules(workspace_job *job) {
  const input_scope *scope = job->scope;
  v1_files v1 = {0};
  bool is_done = false;
  if (scope->config_text.ptr) return take_given(job);
  for (stele_str dir = scope->subdir;; dir = config_path_above(dir)) {
    if (!visit(job, dir, &v1, &is_done)) return false;
    if (is_done) return true;
    if (stele_str_eq(dir, STELE_STR("."))) break;
  }
  if (!take_v1(job, &v1, &is_done)) return false;
  if (!is_done && !scope->protofile.len && !find_by_paths(job, &is_done)) return false;
  if (!is_done) add_modules(job, config_default(job->arena, CONFIG_V1), scope->subdir);
  return true;
}
