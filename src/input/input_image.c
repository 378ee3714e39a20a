/* An image: a FileDescriptorSet, whose files may say in a field of their own
 * (8042) that they are only imported and what their compiler had noted. One that is
 * JSON, text or YAML is made binary first. */
#include <stdlib.h>

#include "base/map.h"
#include "input/image_form.h"
#include "input/input_internal.h"
#include "proto/report/report.h"
#include "proto/wire/reader.h"
#include "sys/file.h"

enum { MOST_IMAGE_BYTES = 1 << 30, DEPTH = 100 };

/* ---- reading -------------------------------------------------------------- */

bool input_read_whole(input_job *job, stele_bytes *out) {
  stele_bytes packed;
  if (!sys_file_read(job->arena, job->ref.path, MOST_IMAGE_BYTES, &packed, job->err)) return false;
  *out = packed;
  if (!job->ref.is_gzip && !job->ref.is_zstd) return true;
  return stele_archive_unpack(job->arena, packed, MOST_IMAGE_BYTES, out, job->err) ||
         stele_wrap(job->err, STELE_STR_FMT, STELE_STR_ARG(job->ref.path));
}

/* ---- one file of the set -------------------------------------------------- */

typedef struct image_file {
  stele_bytes bytes; /* FileDescriptorProto */
  stele_str name;
  bool has_extension, is_import, is_syntax_unspecified;
  STELE_VEC(uint32_t) unused;
} image_file;

enum {
  SET_FILE = 1 << 3 | 2,
  FILE_NAME = 1 << 3 | 2,
  FILE_EXTENSION = 8042 << 3 | 2,
  EXTENSION_IS_IMPORT = 1 << 3,
  EXTENSION_IS_SYNTAX_UNSPECIFIED = 3 << 3,
  EXTENSION_UNUSED = 4 << 3,
  EXTENSION_UNUSED_PACKED = 4 << 3 | 2,
};

static void read_extension(stele_arena *arena, stele_bytes bytes, image_file *file) {
  stele_reader r = stele_reader_of(bytes);
  file->has_extension = true;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == EXTENSION_IS_IMPORT) {
      file->is_import = stele_read_varint(&r) != 0;
    } else if (tag == EXTENSION_IS_SYNTAX_UNSPECIFIED) {
      file->is_syntax_unspecified = stele_read_varint(&r) != 0;
    } else if (tag == EXTENSION_UNUSED) {
      STELE_VEC_PUSH(arena, &file->unused, (uint32_t)stele_read_varint(&r));
    } else if (tag == EXTENSION_UNUSED_PACKED) {
      stele_reader packed = stele_reader_of(stele_read_delimited(&r));
      while (!stele_read_done(&packed)) {
        STELE_VEC_PUSH(arena, &file->unused, (uint32_t)stele_read_varint(&packed));
      }
    } else {
      stele_read_skip_value(&r, tag, DEPTH);
    }
  }
}

static bool read_file(stele_arena *arena, stele_bytes bytes, image_file *file) {
  stele_reader r = stele_reader_of(bytes);
  file->bytes = bytes;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == FILE_NAME) {
      file->name = stele_bytes_str(stele_read_delimited(&r));
    } else if (tag == FILE_EXTENSION) {
      read_extension(arena, stele_read_delimited(&r), file);
    } else {
      stele_read_skip_value(&r, tag, DEPTH);
    }
  }
  return !r.failed && file->name.len > 0;
}

/* ---- the set -------------------------------------------------------------- */

typedef struct image_resolver {
  stele_resolver base;
  stele_map by_name; /* -> image_file */
} image_resolver;

static bool find(stele_resolver *resolver, stele_str path, stele_found *out, stele_err *err) {
  const image_file *file = stele_map_find(&((image_resolver *)resolver)->by_name, path);
  (void)err;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (file) *out = (stele_found){.kind = STELE_FOUND_DESCRIPTOR, .bytes = file->bytes};
  return true;
}

static bool refuse(input_job *job, const char *what) {
  return stele_fail(job->err, STELE_INVALID, STELE_STR_FMT ": %s", STELE_STR_ARG(job->ref.path),
                    what);
}

static bool read_set(input_job *job, stele_bytes bytes, image_resolver *resolver) {
  stele_reader r = stele_reader_of(bytes);
  stele_map_init(&resolver->by_name, job->arena, 0);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != SET_FILE) {
      stele_read_skip_value(&r, tag, DEPTH);
      continue;
    }
    image_file *file = STELE_NEW(job->arena, image_file);
    if (!read_file(job->arena, stele_read_delimited(&r), file)) return refuse(job, "not an image");
    void **place = stele_map_add(&resolver->by_name, file->name);
    if (*place) return refuse(job, "the image has a file twice");
    *place = file;
  }
  if (r.failed) return refuse(job, "not an image");
  return resolver->by_name.count > 0 || refuse(job, "the image has no files");
}

/* All that it has, by the name of its file. */
static image_declarations declarations(stele_arena *arena, image_resolver *resolver) {
  size_t count = resolver->by_name.count;
  stele_str *names = STELE_NEW_ARRAY(arena, stele_str, count);
  for (size_t i = 0; i < count; i++) {
    names[i] = ((const image_file *)resolver->by_name.entries[i].value)->name;
  }
  return (image_declarations){&resolver->base, names, count};
}

/* A set in another form: the second reading knows the custom options. When the image
 * does not compile, the first will do: linking it says why. */
static bool read_form(input_job *job, stele_str text, image_resolver *resolver) {
  input_format form = job->ref.format;
  stele_bytes plain, whole;
  stele_err ignored = {0};
  if (!image_form_decode(job->arena, form, text, NULL, &plain, job->err)) {
    return stele_wrap(job->err, STELE_STR_FMT, STELE_STR_ARG(job->ref.path));
  }
  if (!read_set(job, plain, resolver)) return false;
  image_declarations by = declarations(job->arena, resolver);
  if (!image_form_decode(job->arena, form, text, &by, &whole, &ignored)) return true;
  return read_set(job, whole, resolver);
}

static bool is_in_any(stele_str path, const config_strs *dirs) {
  for (size_t i = 0; i < dirs->count; i++) {
    if (config_path_in(dirs->at[i], path, NULL)) return true;
  }
  return false;
}

static bool is_meant(const input_job *job, const image_file *file) {
  return !file->is_import &&
         (job->scope.paths.count == 0 || is_in_any(file->name, &job->scope.paths)) &&
         !is_in_any(file->name, &job->scope.exclude_paths);
}

static const stele_schema *link(input_job *job, image_resolver *resolver) {
  STELE_VEC(stele_str) names = {0};
  for (size_t i = 0; i < resolver->by_name.count; i++) {
    const image_file *file = resolver->by_name.entries[i].value;
    if (is_meant(job, file)) STELE_VEC_PUSH(job->arena, &names, file->name);
  }
  if (!names.count) {
    (void)refuse(job, "no .proto files were targeted");
    return NULL;
  }
  return stele_compile(&resolver->base, names.at, names.count, &input_compile_options,
                       job->out->report, job->err);
}

static void fill_tree(input_job *job, const image_resolver *resolver, const stele_schema *schema,
                      input_tree *tree) {
  size_t count;
  const stele_file *const *files = stele_schema_files(schema, &count);
  tree->files = STELE_NEW_ARRAY(job->arena, input_file, count);
  for (size_t i = 0; i < count; i++) {
    const image_file *file = stele_map_find(&resolver->by_name, files[i]->name);
    input_file row = {.file = files[i], .shown = files[i]->name, .is_import = true};
    if (file) {
      row.is_import = !is_meant(job, file);
      row.is_described = file->has_extension;
      row.is_syntax_unspecified = file->is_syntax_unspecified;
      row.unused_imports = file->unused.at;
      row.unused_count = file->unused.count;
    }
    tree->files[tree->count++] = row;
  }
}

/* The rules of an image are those of --config or of the file where we stand. */
static bool find_rules(input_job *job, input_tree *tree) {
  static const char *const names[] = {"stele.yaml", "buf.yaml"};
  const config_file *file = NULL;
  stele_str text = job->scope.config_text, name = job->scope.config_name;
  for (size_t i = 0; !text.ptr && i < STELE_COUNT(names); i++) {
    stele_bytes bytes;
    name = stele_cstr(names[i]);
    if (sys_file_stat(name).kind != SYS_FILE_PLAIN) continue;
    if (!sys_file_read(job->arena, name, 1 << 20, &bytes, job->err)) return false;
    text = bytes.len ? stele_bytes_str(bytes) : STELE_STR("");
  }
  if (text.ptr) {
    file = config_parse(job->arena, name, text, CONFIG_KIND_STELE, job->err);
    if (!file) return false;
    if (file->modules.count > 1) file = NULL; /* which of them it is of, nobody knows */
  }
  if (!file) file = config_default(job->arena, CONFIG_V1);
  *tree =
      (input_tree){.dir = STELE_STR("."), .config = &file->modules.at[0], .version = file->version};
  job->out->plugins = file->plugins;
  job->out->policies = file->policies;
  job->out->config_name = text.ptr ? name : (stele_str){0};
  return true;
}

static bool take_paths(input_job *job) {
  const input_options *options = job->options;
  const struct {
    const config_strs *typed;
    config_strs *out;
  } lists[] = {{&options->paths, &job->scope.paths},
               {&options->exclude_paths, &job->scope.exclude_paths}};
  for (size_t i = 0; i < STELE_COUNT(lists); i++) {
    for (size_t j = 0; j < lists[i].typed->count; j++) {
      stele_str path;
      const char *fault = config_path(job->arena, lists[i].typed->at[j], &path);
      if (fault) return refuse(job, fault);
      STELE_VEC_PUSH(job->arena, lists[i].out, path);
    }
  }
  return true;
}

bool input_read_image(input_job *job) {
  stele_bytes bytes;
  image_resolver *resolver = STELE_NEW(job->arena, image_resolver);
  input_tree *tree = STELE_NEW(job->arena, input_tree);
  resolver->base.find = find;
  job->scope.place.here = STELE_STR(".");
  if (!take_paths(job) || !find_rules(job, tree)) return false;
  if (!input_read_whole(job, &bytes)) return false;
  bool ok = job->ref.format == INPUT_BINPB ? read_set(job, bytes, resolver)
                                           : read_form(job, stele_bytes_str(bytes), resolver);
  if (!ok) return false;
  const stele_schema *schema = link(job, resolver);
  if (!schema) return job->err->code == STELE_INVALID && stele_report_has_errors(job->out->report);
  STELE_VEC_PUSH(job->arena, &job->out->schemas, schema);
  fill_tree(job, resolver, schema, tree);
  job->out->trees = tree;
  job->out->count = 1;
  return true;
}
