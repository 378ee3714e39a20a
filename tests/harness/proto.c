/* A resolver over an array; and over the imports of a file that is linked. */
#include "harness/proto.h"

#include "base/guard.h"
#include "proto/descriptor/descriptor.h"
#include "proto/identity/identity.h"

typedef struct array_resolver {
  stele_resolver resolver; /* first: the callback casts back */
  const proto_source *sources;
  size_t count;
  const stele_file *instead_of; /* its imports are answered as they are */
} array_resolver;

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const array_resolver *array = (const array_resolver *)self;
  (void)err;
  for (size_t i = 0; i < array->count; i++) {
    const proto_source *source = &array->sources[i];
    if (!stele_str_eq(stele_cstr(source->path), path)) continue;
    *out = (stele_found){.kind = source->file            ? STELE_FOUND_FILE
                                 : source->is_descriptor ? STELE_FOUND_DESCRIPTOR
                                                         : STELE_FOUND_TEXT,
                         .bytes = source->bytes,
                         .file = source->file};
    return true;
  }
  if (!array->instead_of) return true;
  const stele_file *file = stele_schema_file(array->instead_of->schema, path);
  if (file) *out = (stele_found){.kind = STELE_FOUND_FILE, .file = file};
  return true;
}

static bool find_nothing(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)self, (void)path, (void)out, (void)err;
  return true;
}

/* descriptor.proto, linked once for the whole program: every compile of a file
 * with options would else begin with it. */
static const stele_file *linked_descriptor(void) {
  static const stele_schema *schema;
  stele_str path = STELE_STR("google/protobuf/descriptor.proto");
  if (!schema) {
    stele_arena *arena = stele_arena_new(0);
    stele_resolver resolver = {.find = find_nothing};
    stele_compile_options options = {.use_builtin = true};
    stele_err err = {0};
    schema = stele_compile(&resolver, &path, 1, &options, stele_report_new(arena, 0), &err);
    stele_arena_free(arena);
  }
  return schema ? stele_schema_file(schema, path) : NULL;
}

proto_made proto_compile_from(stele_arena *arena, stele_resolver *resolver, const char *path) {
  stele_compile_options options = {
      .use_builtin = true, .source_info = true, .descriptor = linked_descriptor()};
  stele_err err = {0};
  proto_made made = {0};
  stele_str named = stele_cstr(path);
  stele_buf text;
  stele_report *report = stele_report_new(arena, 0);
  made.schema = stele_compile(resolver, &named, 1, &options, report, &err);
  if (made.schema) made.file = stele_schema_file(made.schema, named);
  stele_buf_init(&text, arena, 0);
  stele_report_print(report, STELE_REPORT_PROTOC, &text);
  if (!made.schema && err.code != STELE_INVALID) stele_buf_printf(&text, "%s\n", err.msg);
  made.findings = stele_buf_str(&text);
  made.told = stele_report_text(report, arena, STELE_REPORT_PRETTY);
  return made;
}

proto_made proto_compile(stele_arena *arena, const proto_source *sources, size_t count,
                         const char *path) {
  array_resolver resolver = {.resolver = {.find = find}, .sources = sources, .count = count};
  return proto_compile_from(arena, &resolver.resolver, path);
}

proto_made proto_compile_again(stele_arena *arena, const stele_file *file,
                               const proto_source *source) {
  proto_source named = *source;
  named.path = stele_str_copy(arena, file->name).ptr;
  array_resolver resolver = {
      .resolver = {.find = find}, .sources = &named, .count = 1, .instead_of = file};
  return proto_compile_from(arena, &resolver.resolver, named.path);
}

void proto_release(proto_made *made) {
  if (made->schema) stele_schema_unref(made->schema);
  *made = (proto_made){0};
}

stele_str proto_print(stele_arena *arena, const stele_file *file, stele_print_form form,
                      stele_err *err) {
  return proto_print_as(arena, file, &(stele_print_options){.form = form}, err);
}

stele_str proto_print_as(stele_arena *arena, const stele_file *file,
                         const stele_print_options *options, stele_err *err) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  stele_buf_add_cstr(&out, "");
  if (!stele_print_file(arena, file, options, &out, err)) return (stele_str){NULL, 0};
  return stele_str_copy(arena, stele_buf_str(&out));
}

bool proto_fingerprint(stele_arena *arena, const stele_file *file, stele_sha256 *out) {
  stele_err err = {0};
  return stele_fingerprint(arena, file, out, &err);
}

typedef struct encode_job {
  stele_arena *arena;
  const stele_file *file;
  stele_buf out;
} encode_job;

static void encode(void *arg) {
  encode_job *job = arg;
  stele_descriptor_options options = {0};
  stele_descriptor_encode(job->arena, job->file, &options, &job->out);
}

stele_bytes proto_descriptor(stele_arena *arena, const stele_file *file) {
  encode_job job = {.arena = arena, .file = file};
  stele_err err = {0};
  stele_buf_init(&job.out, arena, 0);
  if (!stele_guard_run(arena, encode, &job, &err)) return (stele_bytes){NULL, 0};
  return stele_buf_bytes(&job.out);
}

static const char *print_fault(stele_arena *arena, const char *what, stele_str text,
                               stele_str more) {
  return stele_str_printf(arena, "%s\n---- the text:\n" STELE_STR_FMT "\n----\n" STELE_STR_FMT,
                          what, STELE_STR_ARG(text), STELE_STR_ARG(more))
      .ptr;
}

static const char *again_fault(stele_arena *arena, const stele_file *file, stele_str text,
                               const stele_file *again, const stele_print_options *options) {
  stele_err err = {0};
  stele_sha256 want, got;
  stele_str twice = proto_print_as(arena, again, options, &err);
  if (!stele_str_eq(twice, text)) return print_fault(arena, "prints as another", text, twice);
  if (options->form == STELE_PRINT_IGNORE_EXTENSIONS) return NULL;
  bool has = proto_fingerprint(arena, file, &want) && proto_fingerprint(arena, again, &got);
  if (!has || memcmp(&want, &got, sizeof want) != 0) {
    return print_fault(arena, "has another fingerprint", text, STELE_STR(""));
  }
  if (options->form != STELE_PRINT_EXACT) return NULL;
  bool is_same = stele_bytes_eq(proto_descriptor(arena, file), proto_descriptor(arena, again));
  return is_same ? NULL : print_fault(arena, "has another descriptor", text, STELE_STR(""));
}

const char *proto_print_fault(stele_arena *arena, const stele_file *file,
                              const stele_print_options *options) {
  stele_err err = {0};
  stele_str text = proto_print_as(arena, file, options, &err);
  if (!text.ptr) return print_fault(arena, err.msg, STELE_STR("(none)"), STELE_STR(""));
  proto_source source = {.bytes = stele_str_bytes(text)};
  proto_made again = proto_compile_again(arena, file, &source);
  const char *fault = again.file ? again_fault(arena, file, text, again.file, options)
                                 : print_fault(arena, "does not compile", text, again.findings);
  proto_release(&again);
  return fault;
}

const char *proto_print_faults(stele_arena *arena, const stele_file *file) {
  for (int form = STELE_PRINT_CANONICAL; form <= STELE_PRINT_EXACT; form++) {
    for (int comments = 0; comments < 2; comments++) {
      stele_print_options options = {(stele_print_form)form, comments};
      const char *fault = proto_print_fault(arena, file, &options);
      if (!fault) continue;
      return stele_str_printf(arena, "form %d, comments %d: %s", form, comments, fault).ptr;
    }
  }
  return NULL;
}
