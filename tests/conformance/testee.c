/* The program that protobuf's conformance runner talks to: requests on standard
 * input, answers on standard output, each behind its length.
 *
 * usage: stele-conformance FOLDER
 * FOLDER holds conformance/conformance.proto and the test messages; they are
 * compiled at the start, and requests and answers are objects like all others. */
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "proto/compile/compile.h"
#include "stele/codec.h"
#include "stele/json.h"
#include "sys/file.h"

enum { LARGEST_TEXT = 16 << 20, LARGEST_REQUEST = 1 << 30, LENGTH_BYTES = 4 };

/* conformance.WireFormat and conformance.TestCategory. */
enum { FORMAT_BINARY = 1, FORMAT_JSON = 2, FORMAT_TEXT = 4 };
enum { CATEGORY_JSON_IGNORE_UNKNOWN = 3 };

static const stele_str names[] = {
    STELE_STR_INIT("conformance/conformance.proto"),
    STELE_STR_INIT("google/protobuf/test_messages_proto2.proto"),
    STELE_STR_INIT("google/protobuf/test_messages_proto3.proto"),
    STELE_STR_INIT("google/protobuf/test_messages_edition2023.proto"),
    STELE_STR_INIT("google/protobuf/test_messages_proto2_editions.proto"),
    STELE_STR_INIT("google/protobuf/test_messages_proto3_editions.proto"),
};

/* ---- Start ------------------------------------------------------------------ */

typedef struct folder_resolver {
  stele_resolver resolver; /* first: the callback casts back */
  stele_arena *arena;
  const char *folder;
} folder_resolver;

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  const folder_resolver *folder = (const folder_resolver *)self;
  stele_str full =
      stele_str_printf(folder->arena, "%s/" STELE_STR_FMT, folder->folder, STELE_STR_ARG(path));
  if (sys_file_stat(full).kind != SYS_FILE_PLAIN) return true; /* perhaps a built-in one */
  out->kind = STELE_FOUND_TEXT;
  return sys_file_read(folder->arena, full, LARGEST_TEXT, &out->bytes, err);
}

static const stele_schema *compile(stele_arena *arena, const char *folder) {
  folder_resolver resolver = {{.find = find}, arena, folder};
  stele_compile_options options = {.use_builtin = true};
  stele_report *report = stele_report_new(arena, 0);
  stele_err err = {0};
  const stele_schema *schema =
      stele_compile(&resolver.resolver, names, STELE_COUNT(names), &options, report, &err);
  if (schema) return schema;
  stele_str text = stele_report_text(report, arena, STELE_REPORT_PROTOC);
  (void)fprintf(stderr, STELE_STR_FMT "stele-conformance: %s\n", STELE_STR_ARG(text), err.msg);
  return NULL;
}

/* ---- One request ---------------------------------------------------------------- */

typedef struct testee {
  stele_arena *arena; /* reset for each request */
  stele_layouts *layouts;
  const stele_layout *request, *response;
} testee;

static stele_value get(const stele_object *o, const char *name) {
  return stele_object_get(o, stele_layout_field_by_name(stele_object_layout(o), stele_cstr(name)));
}

static bool has(const stele_object *o, const char *name) {
  return stele_object_has(o, stele_layout_field_by_name(stele_object_layout(o), stele_cstr(name)));
}

static bool answer(testee *self, stele_object *response, const char *name, stele_str value) {
  stele_err err = {0};
  const stele_field *field = stele_layout_field_by_name(self->response, stele_cstr(name));
  return stele_object_set(response, self->arena, field, (stele_value){.str = value}, &err);
}

static bool answer_err(testee *self, stele_object *response, const char *name,
                       const stele_err *err) {
  return answer(self, response, name, stele_str_copy(self->arena, stele_cstr(err->msg)));
}

static stele_object *parse(testee *self, const stele_object *request, const stele_layout *layout,
                           bool *skipped, stele_err *err) {
  if (has(request, "protobuf_payload")) {
    stele_bytes bytes = stele_str_bytes(get(request, "protobuf_payload").str);
    return stele_binary_decode(self->arena, layout, bytes, NULL, err);
  }
  if (has(request, "text_payload")) {
    return stele_text_read(self->arena, layout, get(request, "text_payload").str, NULL, err);
  }
  if (has(request, "json_payload")) {
    bool ignore = get(request, "test_category").i32 == CATEGORY_JSON_IGNORE_UNKNOWN;
    stele_json_decode_options options = {.alias_input = true, .ignore_unknown = ignore};
    return stele_json_decode(self->arena, layout, get(request, "json_payload").str, &options, err);
  }
  *skipped = true;
  return NULL;
}

static bool print(testee *self, const stele_object *request, const stele_object *o,
                  stele_object *response) {
  stele_err err = {0};
  stele_bytes bytes = {NULL, 0};
  stele_str text = {NULL, 0};
  stele_text_write_options as_text = {.expand_any = true};
  as_text.print_unknown = get(request, "print_unknown_fields").b;
  switch (get(request, "requested_output_format").i32) {
  case FORMAT_BINARY:
    if (!stele_binary_encode(self->arena, o, NULL, &bytes, &err)) break;
    return answer(self, response, "protobuf_payload", stele_bytes_str(bytes));
  case FORMAT_TEXT:
    if (!stele_text_write(self->arena, o, &as_text, &text, &err)) break;
    return answer(self, response, "text_payload", text);
  case FORMAT_JSON:
    if (!stele_json_encode(self->arena, o, NULL, &text, &err)) break;
    return answer(self, response, "json_payload", text);
  default: return answer(self, response, "skipped", STELE_STR("no such format"));
  }
  return answer_err(self, response, "serialize_error", &err);
}

static bool run_test(testee *self, const stele_object *request, stele_object *response) {
  stele_err err = {0};
  bool skipped = false;
  const stele_layout *layout =
      stele_layouts_find(self->layouts, get(request, "message_type").str, &err);
  if (!layout) return answer_err(self, response, "runtime_error", &err);
  const stele_object *o = parse(self, request, layout, &skipped, &err);
  if (skipped) return answer(self, response, "skipped", STELE_STR("no such format"));
  if (!o) return answer_err(self, response, "parse_error", &err);
  return print(self, request, o, response);
}

/* ---- The conversation --------------------------------------------------------------- */

static bool read_all(void *to, size_t len) {
  return fread(to, 1, len, stdin) == len;
}

/* Answers false at the end of the input, or when the other side is gone. */
static bool serve_one(testee *self) {
  uint8_t head[LENGTH_BYTES];
  stele_err err = {0};
  if (!read_all(head, sizeof head)) return false;
  size_t len =
      (size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
  if (len > LARGEST_REQUEST) return false;
  stele_arena_reset(self->arena);
  uint8_t *in = STELE_NEW_ARRAY(self->arena, uint8_t, len + 1);
  if (!read_all(in, len)) return false;
  const stele_object *request =
      stele_binary_decode(self->arena, self->request, (stele_bytes){in, len}, NULL, &err);
  stele_object *response = stele_object_new(self->arena, self->response, &err);
  stele_bytes out = {NULL, 0};
  if (!request || !response || !run_test(self, request, response) ||
      !stele_binary_encode(self->arena, response, NULL, &out, &err)) {
    (void)fprintf(stderr, "stele-conformance: %s\n", err.msg);
    return false;
  }
  for (int i = 0; i < LENGTH_BYTES; i++) head[i] = (uint8_t)(out.len >> (8 * i));
  return sys_fd_write(STDOUT_FILENO, (stele_bytes){head, sizeof head}, &err) &&
         sys_fd_write(STDOUT_FILENO, out, &err);
}

int main(int argc, char **argv) {
  stele_err err = {0};
  if (argc != 2) {
    (void)fprintf(stderr, "usage: stele-conformance FOLDER\n");
    return 2;
  }
  stele_arena *start = stele_arena_new(0);
  const stele_schema *schema = compile(start, argv[1]);
  if (!schema) return 1;
  testee self = {.arena = stele_arena_new(0), .layouts = stele_layouts_new(schema, &err)};
  self.request =
      stele_layouts_find(self.layouts, STELE_STR("conformance.ConformanceRequest"), &err);
  self.response =
      stele_layouts_find(self.layouts, STELE_STR("conformance.ConformanceResponse"), &err);
  while (serve_one(&self)) {
  }
  stele_layouts_unref(self.layouts);
  stele_schema_unref(schema);
  stele_arena_free(self.arena);
  stele_arena_free(start);
  return 0;
}
