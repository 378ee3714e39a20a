/* An image as an object, by a schema of our own.
 *
 * Its messages have the numbers and names of descriptor.proto's, whose own types
 * stand below them; only a file needs one member more than descriptor.proto gives
 * it, so it is spelled here. */
#include "input/image_form.h"

#include "base/guard.h"
#include "fmt/json.h"
#include "fmt/yaml_config.h"
#include "proto/report/report.h"
#include "stele/codec.h"
#include "stele/json.h"

enum { DEPTH = 400, MOST_TEXT_BYTES = 1 << 30, MOST_YAML_VALUES = 1 << 28, YAML_DEPTH = 500 };

static const char image_name[] = "stele/input/image.proto";

/* Sources of the shape: google/protobuf/descriptor.proto (FileDescriptorProto), and
 * buf's image, whose files say in field 8042 what a compiler had noted. */
static const char image_proto[] =
    "syntax = \"proto2\";\n"
    "package stele.input;\n"
    "import \"google/protobuf/descriptor.proto\";\n"
    "message Image { repeated ImageFile file = 1; }\n"
    "message ImageFile {\n"
    "  optional string name = 1;\n"
    "  optional string package = 2;\n"
    "  repeated string dependency = 3;\n"
    "  repeated google.protobuf.DescriptorProto message_type = 4;\n"
    "  repeated google.protobuf.EnumDescriptorProto enum_type = 5;\n"
    "  repeated google.protobuf.ServiceDescriptorProto service = 6;\n"
    "  repeated google.protobuf.FieldDescriptorProto extension = 7;\n"
    "  optional google.protobuf.FileOptions options = 8;\n"
    "  optional google.protobuf.SourceCodeInfo source_code_info = 9;\n"
    "  repeated int32 public_dependency = 10;\n"
    "  repeated int32 weak_dependency = 11;\n"
    "  optional string syntax = 12;\n"
    "  optional google.protobuf.Edition edition = 14;\n"
    "  repeated string option_dependency = 15;\n"
    "  optional Noted buf_extension = 8042;\n"
    "}\n"
    "message Noted {\n"
    "  optional bool is_import = 1;\n"
    "  optional bool is_syntax_unspecified = 3;\n"
    "  repeated int32 unused_dependency = 4;\n"
    "}\n";

/* ---- The schema ------------------------------------------------------------- */

typedef struct image_resolver {
  stele_resolver base;
  stele_resolver *files; /* of the image; may be NULL */
} image_resolver;

static bool find(stele_resolver *resolver, stele_str path, stele_found *out, stele_err *err) {
  stele_resolver *files = ((image_resolver *)resolver)->files;
  if (stele_str_eq(path, stele_cstr(image_name))) {
    *out =
        (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(image_proto))};
    return true;
  }
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  return !files || files->find(files, path, out, err);
}

/* What is compiled. Made under a guard; the compile has its own. */
typedef struct compile_job {
  stele_arena *arena;
  const image_declarations *by;
  stele_str *names;
  size_t count;
  stele_report *report;
} compile_job;

static void prepare(void *arg) {
  compile_job *job = arg;
  size_t count = job->by ? job->by->count : 0;
  job->names = STELE_NEW_ARRAY(job->arena, stele_str, count + 1);
  for (size_t i = 0; i < count; i++) job->names[i] = job->by->names[i];
  job->names[count] = stele_cstr(image_name);
  job->count = count + 1;
  job->report = stele_report_new(job->arena, 0);
}

static stele_layouts *layouts_of(stele_arena *arena, const image_declarations *by, stele_err *err) {
  static const stele_compile_options options = {.use_builtin = true};
  image_resolver resolver = {.base = {.find = find}, .files = by ? by->files : NULL};
  compile_job job = {.arena = arena, .by = by};
  if (!stele_guard_run(arena, prepare, &job, err)) return NULL;
  const stele_schema *schema =
      stele_compile(&resolver.base, job.names, job.count, &options, job.report, err);
  if (!schema) return NULL;
  stele_layouts *layouts = stele_layouts_new(schema, err);
  stele_schema_unref(schema); /* the layouts keep it */
  return layouts;
}

/* ---- The forms -------------------------------------------------------------- */

static stele_object *read_json(stele_arena *arena, const stele_layout *layout, stele_str text,
                               stele_err *err) {
  const stele_json_decode_options options = {
      .alias_input = true, .ignore_unknown = true, .allow_partial = true, .depth = DEPTH};
  return stele_json_decode(arena, layout, text, &options, err);
}

static stele_object *read_text(stele_arena *arena, const stele_layout *layout, stele_str text,
                               stele_err *err) {
  const stele_text_read_options options = {
      .ignore_unknown = true, .allow_partial = true, .depth = DEPTH};
  return stele_text_read(arena, layout, text, &options, err);
}

/* Places in the JSON that a YAML text was turned into say nothing to anybody. */
static void forget_place(stele_err *err) {
  const char *field = strstr(err->msg, "field \"");
  if (strncmp(err->msg, "line ", 5) != 0 || !field) return;
  memmove(err->msg, field, strlen(field) + 1);
}

typedef struct yaml_job {
  stele_arena *arena;
  const stele_json *tree;
  stele_buf json;
} yaml_job;

static void write_json(void *arg) {
  yaml_job *job = arg;
  stele_json_writer writer;
  stele_buf_init(&job->json, job->arena, 0);
  stele_json_writer_init(&writer, &job->json, 0);
  stele_json_write_value(&writer, job->tree);
}

static stele_object *read_yaml(stele_arena *arena, const stele_layout *layout, stele_str text,
                               stele_err *err) {
  static const stele_json_limits limits = {
      .bytes = MOST_TEXT_BYTES, .depth = YAML_DEPTH, .values = MOST_YAML_VALUES};
  yaml_job job = {arena, stele_yaml_parse(arena, text, &limits, NULL, err), {0}};
  if (!job.tree || !stele_guard_run(arena, write_json, &job, err)) return NULL;
  stele_object *image = read_json(arena, layout, stele_buf_str(&job.json), err);
  if (!image) forget_place(err);
  return image;
}

typedef stele_object *form_reader(stele_arena *arena, const stele_layout *layout, stele_str text,
                                  stele_err *err);

static form_reader *const readers[] = {
    [INPUT_JSON] = read_json,
    [INPUT_TXTPB] = read_text,
    [INPUT_YAML] = read_yaml,
};

bool image_form_decode(stele_arena *arena, input_format form, stele_str text,
                       const image_declarations *by, stele_bytes *out, stele_err *err) {
  static const stele_encode_options partial = {.allow_partial = true};
  stele_layouts *layouts = layouts_of(arena, by, err);
  if (!layouts) return false;
  const stele_layout *layout = stele_layouts_find(layouts, STELE_STR("stele.input.Image"), err);
  stele_object *image = layout ? readers[form](arena, layout, text, err) : NULL;
  bool ok = image && stele_binary_encode(arena, image, &partial, out, err);
  stele_layouts_unref(layouts);
  return ok;
}
