/* From the folder that was named upwards, until a file speaks of it.
 *
 * A v2 file or a buf.work.yaml speaks of a folder when it is the file's own, or
 * one of its modules, or holds some of them. A v1 file is its folder's module;
 * above it only a workspace that lists the folder counts. */
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

typedef struct search {
  const config_file *own; /* a v1 file that the folder has itself */
  stele_str own_shown;
  bool is_done;
} search;

static bool take(workspace_job *job, search *s, const config_file *file, stele_str dir,
                 stele_str shown, bool is_work) {
  stele_str module = dir;
  speaks how = speaks_of(job, file, dir, job->scope->subdir, &module);
  if (how == SPEAKS_NOT || (how == SPEAKS_OF_ABOVE && s->own)) return true;
  if (how == SPEAKS_OF_ABOVE && !job->scope->protofile.len) return refuse_inner(job, module);
  s->is_done = true;
  take_file(job, file, shown);
  if (is_work) return add_work(job, file, dir);
  add_modules(job, file, dir);
  return true;
}

/* What the files of one folder on the way up say. */
static bool visit(workspace_job *job, search *s, stele_str dir) {
  const config_file *work, *file;
  stele_str shown = {0}, work_shown = {0};
  if (!load_work(job, dir, &work, &work_shown)) return false;
  if (work) {
    stele_str twin = stele_path_join(job->arena, dir, STELE_STR("buf.yaml"));
    if (job->scope->bucket->ops->has(job->scope->bucket, job->arena, twin)) {
      return stele_fail(job->err, STELE_INVALID,
                        "cannot have a buf.work.yaml and buf.yaml in the same directory "
                        "\"" STELE_STR_FMT "\"",
                        STELE_STR_ARG(input_place_show(job->arena, &job->scope->place, dir)));
    }
    return take(job, s, work, dir, work_shown, true);
  }
  if (!load(job, dir, &file, &shown)) return false;
  if (!file) return true;
  bool has_modules = file->version == CONFIG_V2 || file->version == CONFIG_STELE;
  if (has_modules) return take(job, s, file, dir, shown, false);
  if (stele_str_eq(dir, job->scope->subdir)) {
    s->own = file;
    s->own_shown = shown;
    return true;
  }
  return s->own || take(job, s, file, dir, shown, false);
}

/* The folder itself: by its own v1 file, or by nothing but the defaults. */
static void take_folder(workspace_job *job, const search *s) {
  if (s->own) take_file(job, s->own, s->own_shown);
  add_modules(job, s->own ? s->own : config_default(job->arena, CONFIG_V1), job->scope->subdir);
}

/* A configuration that was given is about the folder that was named; one with a
 * list of modules, about where we stand. */
static bool take_given(workspace_job *job) {
  const input_scope *scope = job->scope;
  const config_file *file =
      config_parse(job->arena, scope->config_name, scope->config_text, CONFIG_KIND_STELE, job->err);
  if (!file) return false;
  take_file(job, file, scope->config_name);
  bool has_list =
      file->modules.count > 1 || !stele_str_eq(file->modules.at[0].path, STELE_STR("."));
  add_modules(job, file, has_list ? scope->place.here : scope->subdir);
  return true;
}

bool workspace_find_modules(workspace_job *job) {
  search s = {0};
  if (job->scope->config_text.ptr) return take_given(job);
  for (stele_str dir = job->scope->subdir;; dir = config_path_above(dir)) {
    if (!visit(job, &s, dir)) return false;
    if (s.is_done) return true;
    if (stele_str_eq(dir, STELE_STR("."))) break;
  }
  take_folder(job, &s);
  return true;
}
