/* From a name to trees; see input_locate.c, input_build.c, input_image.c. */
#include "input/input.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/path.h"
#include "input/input_internal.h"
#include "proto/report/report.h"
#include "proto/schema/schema.h"
#include "sys/file.h"

enum { MOST_CONFIG_BYTES = 1 << 20 };

const stele_compile_options input_compile_options = {
    .source_info = true,
    .use_builtin = true,
    .any_style = true,
    .limit_bytes = (size_t)16 << 30,
};

static bool ends_with(stele_str text, const char *ending) {
  size_t len = strlen(ending);
  return text.len >= len && memcmp(text.ptr + text.len - len, ending, len) == 0;
}

const input_file *input_tree_find(const input_tree *tree, stele_str name) {
  size_t low = 0, high = tree->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = stele_str_order(tree->files[middle].file->name, name);
    if (order == 0) return &tree->files[middle];
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

uint64_t input_tree_shape(const input_tree *tree) {
  uint64_t shape = 0;
  for (size_t i = 0; i < tree->count; i++) {
    shape += stele_hash_str(tree->files[i].file->name, tree->files[i].is_import);
  }
  return shape;
}

/* --config is the text itself, in YAML or JSON, unless it names a file. */
static bool read_config(input_job *job) {
  const input_options *options = job->options;
  stele_str given = options->config;
  if (!given.len) return true;
  job->scope.config_name = stele_cstr(options->flag);
  job->scope.config_text = given;
  bool names_file = ends_with(given, ".yaml") || ends_with(given, ".yml") ||
                    ends_with(given, ".json") || ends_with(given, ".mod");
  if (!names_file) return true;
  stele_bytes bytes;
  if (!sys_file_read(job->arena, given, MOST_CONFIG_BYTES, &bytes, job->err)) return false;
  job->scope.config_name = given;
  job->scope.config_text = bytes.len ? stele_bytes_str(bytes) : STELE_STR("");
  return true;
}

/* A path below the folder that `subdir=` names; one from the top that leads there
 * is understood too, where it says which files are meant. */
static const char *take_below(input_job *job, bool from_top_too, stele_str typed, stele_str *out) {
  const input_scope *scope = &job->scope;
  stele_str top, below = stele_path_join(job->arena, job->ref.subdir, typed);
  bool is_absolute = typed.len && typed.ptr[0] == '/';
  const char *fault = input_place_take(job->arena, &scope->place, is_absolute ? typed : below, out);
  if (fault || !from_top_too || is_absolute) return fault;
  if (scope->bucket->ops->has(scope->bucket, job->arena, *out)) return NULL;
  if (input_place_take(job->arena, &scope->place, typed, &top)) return NULL;
  if (config_path_in(job->ref.subdir, top, NULL)) *out = top;
  return NULL;
}

static bool take_path(input_job *job, const char *flag, stele_str typed, config_strs *out) {
  stele_str path;
  const char *fault = take_below(job, out == &job->scope.paths, typed, &path);
  if (fault) {
    return stele_fail(job->err, STELE_INVALID, "%s " STELE_STR_FMT ": %s", flag,
                      STELE_STR_ARG(typed), fault);
  }
  if (stele_str_eq(path, job->scope.subdir) && !job->scope.protofile.len) {
    return stele_fail(job->err, STELE_INVALID,
                      "given input is equal to a value of %s, this has no effect and is disallowed",
                      flag);
  }
  STELE_VEC_PUSH(job->arena, out, path);
  return true;
}

static bool take_paths(input_job *job) {
  const input_options *options = job->options;
  for (size_t i = 0; i < options->paths.count; i++) {
    if (!take_path(job, "--path", options->paths.at[i], &job->scope.paths)) return false;
  }
  for (size_t i = 0; i < options->exclude_paths.count; i++) {
    stele_str typed = options->exclude_paths.at[i];
    if (!take_path(job, "--exclude-path", typed, &job->scope.exclude_paths)) return false;
  }
  for (size_t i = 0; i < job->scope.paths.count; i++) {
    for (size_t j = 0; j < job->scope.exclude_paths.count; j++) {
      stele_str path = job->scope.paths.at[i], without = job->scope.exclude_paths.at[j];
      if (!config_path_in(without, path, NULL)) continue;
      return stele_fail(
          job->err, STELE_INVALID,
          stele_str_eq(path, without)
              ? "cannot set the same path for both --path and --exclude-path: "
                "\"" STELE_STR_FMT "\""
              : "excluded path \"" STELE_STR_FMT "\" contains targeted path \"" STELE_STR_FMT "\"",
          STELE_STR_ARG(options->exclude_paths.at[j]), STELE_STR_ARG(options->paths.at[i]));
    }
  }
  return true;
}

static bool open_sources(input_job *job) {
  bool ok = input_locate(job) && take_paths(job) && input_build(job);
  job->out->bucket = job->scope.bucket;
  return ok;
}

static int by_dir(const void *a, const void *b) {
  const input_tree *x = a, *y = b;
  return stele_str_order(x->dir, y->dir);
}

void input_sort_trees(input *in) {
  qsort(in->trees, in->count, sizeof *in->trees, by_dir);
}

bool input_find_sources(input_job *job, stele_str text) {
  if (!input_ref_parse(job->arena, text, &job->ref, job->err) || !read_config(job)) return false;
  if (input_format_is_image(job->ref.format)) {
    return stele_fail(job->err, STELE_UNSUPPORTED, STELE_STR_FMT " is an image, not a folder",
                      STELE_STR_ARG(text));
  }
  return input_locate(job) && take_paths(job);
}

bool input_open(stele_arena *arena, stele_str text, const input_options *options, input *out,
                stele_err *err) {
  input_job job = {.arena = arena, .options = options, .out = out, .err = err};
  *out = (input){.arena = arena, .report = stele_report_new(arena, 0)};
  if (!input_ref_parse(arena, text, &job.ref, err) || !read_config(&job)) return false;
  out->is_image = input_format_is_image(job.ref.format);
  bool ok = out->is_image ? input_read_image(&job) : open_sources(&job);
  out->place = job.scope.place;
  if (out->count) input_sort_trees(out);
  return ok;
}

void input_close(input *in) {
  for (size_t i = 0; i < in->schemas.count; i++) stele_schema_unref(in->schemas.at[i]);
  in->schemas.count = 0;
  stele_buf_release(&in->text);
  if (in->bucket) in->bucket->ops->close(in->bucket);
  in->bucket = NULL;
}

bool input_load_text(input *in, const input_file *file, stele_str *out) {
  stele_err ignored = {0};
  if (!in->bucket || !file->source.len) return false;
  if (!in->bucket->ops->load(in->bucket, in->arena, file->source, &in->text, &ignored)) {
    return false;
  }
  *out = stele_buf_str(&in->text);
  return true;
}

bool input_is_writable(const input *in) {
  return in->bucket && in->bucket->ops->save;
}

bool input_save_text(input *in, const input_file *file, stele_str text, stele_err *err) {
  if (!input_is_writable(in) || !file->source.len) {
    return stele_fail(err, STELE_UNSUPPORTED, STELE_STR_FMT " cannot be written",
                      STELE_STR_ARG(file->shown));
  }
  return in->bucket->ops->save(in->bucket, in->arena, file->source, text, err);
}
