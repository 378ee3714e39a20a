/* From sources to linked trees.
 *
 * All modules are compiled at once, each file a single time. Only when that
 * fails is each compiled by itself: files of two modules that never meet may
 * define the same names, and mistakes are told module by module. */
#include <stdlib.h>

#include "base/map.h"
#include "input/input_internal.h"
#include "input/package_scan.h"
#include "proto/report/report.h"

enum { MOST_FILE_BYTES = 64 << 20 };

/* ---- what an import means ------------------------------------------------- */

static stele_buf *push_text(source_resolver *self) {
  if (self->text_count == self->texts.count) {
    stele_buf_init(STELE_VEC_ADD(self->arena, &self->texts), NULL, 0);
  }
  return &self->texts.at[self->text_count++];
}

static bool find(stele_resolver *resolver, stele_str path, stele_found *out, stele_err *err) {
  source_resolver *self = (source_resolver *)resolver;
  const input_source *source = stele_map_find(&self->workspace->by_name, path);
  input_bucket *bucket = self->bucket;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (!source) return true;
  stele_buf *text = push_text(self);
  if (!bucket->ops->load(bucket, self->arena, source->path, text, err)) return false;
  *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_buf_bytes(text)};
  return true;
}

static void release(stele_resolver *resolver, const stele_found *found) {
  (void)found;
  ((source_resolver *)resolver)->text_count--;
}

source_resolver source_resolver_open(stele_arena *arena, input_bucket *bucket,
                                     const input_workspace *workspace) {
  return (source_resolver){{.find = find, .release = release}, arena, bucket, workspace, {0}, 0};
}

void source_resolver_close(source_resolver *self) {
  for (size_t i = 0; i < self->texts.count; i++) stele_buf_release(&self->texts.at[i]);
}

/* ---- compiling ------------------------------------------------------------ */

enum { ALL_MODULES = -1 };

static const stele_schema *compile(input_job *job, source_resolver *resolver, int64_t module,
                                   stele_report *report) {
  const input_workspace *workspace = resolver->workspace;
  STELE_VEC(stele_str) names = {0};
  stele_compile_options options = input_compile_options;
  options.warn_unused_imports = true;
  for (size_t i = 0; i < workspace->sources.count; i++) {
    const input_source *source = &workspace->sources.at[i];
    bool is_wanted = module == ALL_MODULES || source->module == (size_t)module;
    if (source->is_target && is_wanted) STELE_VEC_PUSH(job->arena, &names, source->name);
  }
  resolver->text_count = 0;
  return stele_compile(&resolver->base, names.at, names.count, &options, report, job->err);
}

static void hold(input_job *job, const stele_schema *schema) {
  STELE_VEC_PUSH(job->arena, &job->out->schemas, schema);
}

/* ---- trees ---------------------------------------------------------------- */

typedef struct tree_builder {
  input_job *job;
  const input_workspace *workspace;
  size_t module;
  const stele_schema *schema; /* where the linked files are */
  stele_map seen;             /* by file */
  STELE_VEC(const stele_file *) queue;
} tree_builder;

static void visit(tree_builder *b, const stele_file *file) {
  if (!file) return;
  void **place = stele_map_add_u64(&b->seen, (uint64_t)(uintptr_t)file);
  if (*place) return;
  *place = b;
  STELE_VEC_PUSH(b->job->arena, &b->queue, file);
}

static input_file file_row(tree_builder *b, const stele_file *file) {
  const input_source *source = stele_map_find(&b->workspace->by_name, file->name);
  input_file row = {.file = file, .shown = file->name, .is_import = true};
  if (!source) return row;
  row.source = source->path;
  row.shown = input_place_show(b->job->arena, &b->job->scope.place, source->path);
  row.is_import = !source->is_target || source->module != b->module;
  return row;
}

static int by_name(const void *a, const void *b) {
  stele_str x = ((const input_file *)a)->file->name, y = ((const input_file *)b)->file->name;
  return stele_str_order(x, y);
}

stele_str input_dir_within(const input_scope *scope, stele_str dir) {
  stele_str rest;
  return config_path_in(scope->subdir, dir, &rest) ? rest : STELE_STR(".");
}

/* The targets of a module and all that they import. */
static input_tree make_tree(tree_builder *b) {
  const input_module *module = &b->workspace->modules.at[b->module];
  stele_arena *arena = b->job->arena;
  input_tree tree = {.dir = input_dir_within(&b->job->scope, module->dir),
                     .config = module->config,
                     .version = module->version};
  stele_map_init(&b->seen, arena, 0);
  for (size_t i = 0; i < b->workspace->sources.count; i++) {
    const input_source *source = &b->workspace->sources.at[i];
    if (source->is_target && source->module == b->module) {
      visit(b, stele_schema_file(b->schema, source->name));
    }
  }
  for (size_t i = 0; i < b->queue.count; i++) {
    const stele_file *file = b->queue.at[i];
    for (uint32_t j = 0; j < file->import_count; j++) visit(b, file->imports[j].file);
  }
  tree.count = b->queue.count;
  tree.files = STELE_NEW_ARRAY(arena, input_file, tree.count);
  for (size_t i = 0; i < tree.count; i++) tree.files[i] = file_row(b, b->queue.at[i]);
  qsort(tree.files, tree.count, sizeof *tree.files, by_name);
  return tree;
}

static void add_tree(input_job *job, const input_workspace *workspace, size_t module,
                     const stele_schema *schema) {
  tree_builder b = {.job = job, .workspace = workspace, .module = module, .schema = schema};
  job->out->trees[job->out->count++] = make_tree(&b);
}

/* ---- the whole ------------------------------------------------------------ */

static bool load_package(input_job *job, stele_str path, stele_buf *text, stele_str *out) {
  input_bucket *bucket = job->scope.bucket;
  if (!bucket->ops->load(bucket, job->arena, path, text, job->err)) return false;
  *out = input_package_of(job->arena, stele_buf_str(text));
  return true;
}

/* The files of the package that the named file is in stay; the others go, before they
 * are compiled: what is wrong with them is none of this file's business. */
static bool keep_package(input_job *job, input_workspace *workspace, stele_buf *text) {
  stele_str wanted, package;
  if (!load_package(job, job->scope.protofile, text, &wanted)) return false;
  for (size_t i = 0; i < workspace->sources.count; i++) {
    input_source *source = &workspace->sources.at[i];
    if (!source->is_target) continue;
    if (!load_package(job, source->path, text, &package)) return false;
    source->is_target = stele_str_eq(package, wanted);
    workspace->modules.at[source->module].target_count -= !source->is_target;
  }
  return true;
}

/* The findings of a compile, joined to those that are there. */
static void join_report(stele_report *into, const stele_report *from) {
  size_t count;
  const stele_finding *findings = stele_report_findings(from, &count);
  for (size_t i = 0; i < count; i++) stele_report_add(into, &findings[i]);
}

static bool compile_each(input_job *job, source_resolver *resolver) {
  for (size_t i = 0; i < resolver->workspace->modules.count; i++) {
    if (!resolver->workspace->modules.at[i].target_count) continue;
    stele_report *report = stele_report_new(job->arena, 0);
    const stele_schema *schema = compile(job, resolver, (int64_t)i, report);
    join_report(job->out->report, report);
    if (schema) {
      hold(job, schema);
      add_tree(job, resolver->workspace, i, schema);
    } else if (job->err->code != STELE_INVALID) {
      return false;
    }
  }
  return true;
}

static bool compile_all(input_job *job, source_resolver *resolver, input_workspace *workspace) {
  stele_report *report = stele_report_new(job->arena, 0);
  const stele_schema *schema = compile(job, resolver, ALL_MODULES, report);
  if (!schema && job->err->code != STELE_INVALID) return false;
  if (!schema) return compile_each(job, resolver);
  join_report(job->out->report, report);
  hold(job, schema);
  for (size_t i = 0; i < workspace->modules.count; i++) {
    if (workspace->modules.at[i].target_count) add_tree(job, workspace, i, schema);
  }
  return true;
}

typedef struct shown_files {
  input_job *job;
  const input_workspace *workspace;
} shown_files;

static stele_str show_file(void *arg, stele_str name) {
  const shown_files *shown = arg;
  const input_source *source = stele_map_find(&shown->workspace->by_name, name);
  return source ? input_place_show(shown->job->arena, &shown->job->scope.place, source->path)
                : name;
}

void input_name_files(input_job *job, const input_workspace *workspace) {
  shown_files shown = {job, workspace};
  stele_report_name_files(job->out->report, show_file, &shown);
}

/* A file that is compared with one of another name: a subject of a registry, a copy
 * that was set aside. It stands for that one, also where that one lies beside it. */
static void name_lone(input_workspace *workspace, stele_str path, stele_str name) {
  for (size_t i = 0; i < workspace->sources.count; i++) {
    input_source *source = &workspace->sources.at[i];
    if (!stele_str_eq(source->path, path)) continue;
    source->name = name;
    *stele_map_add(&workspace->by_name, name) = source;
  }
}

bool input_build(input_job *job) {
  input_workspace *workspace = STELE_NEW(job->arena, input_workspace);
  if (!input_workspace_find(job->arena, &job->scope, workspace, job->err)) return false;
  if (job->scope.protofile.len && job->options->lone_name.len) {
    name_lone(workspace, job->scope.protofile, job->options->lone_name);
  }
  if (job->scope.include_package_files) {
    stele_buf text;
    stele_buf_init(&text, NULL, 0);
    bool ok = keep_package(job, workspace, &text);
    stele_buf_release(&text);
    if (!ok) return false;
  }
  input *out = job->out;
  out->deps = workspace->deps;
  out->plugins = workspace->plugins;
  out->policies = workspace->policies;
  out->config_name = workspace->config_name;
  out->trees = STELE_NEW_ARRAY(job->arena, input_tree, workspace->modules.count);
  source_resolver resolver = source_resolver_open(job->arena, job->scope.bucket, workspace);
  bool ok = compile_all(job, &resolver, workspace);
  source_resolver_close(&resolver);
  input_name_files(job, workspace);
  if (stele_report_has_errors(out->report)) out->count = 0;
  return ok;
}
