/* A resolver over an array of texts. */
#include "harness/schema.h"

#include "base/buf.h"
#include "proto/compile/compile.h"

typedef struct text_resolver {
  stele_resolver base;
  const t_text *files;
  size_t count;
} text_resolver;

static bool find_text(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)err;
  const text_resolver *texts = (const text_resolver *)self;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  for (size_t i = 0; i < texts->count; i++) {
    if (!stele_str_eq(stele_cstr(texts->files[i].path), path)) continue;
    *out = (stele_found){.kind = STELE_FOUND_TEXT,
                         .bytes = stele_str_bytes(stele_cstr(texts->files[i].text))};
  }
  return true;
}

const stele_file *t_schema_files(stele_test *t, t_schemas *held, const t_text *files,
                                 size_t count) {
  text_resolver resolver = {.base = {.find = find_text}, .files = files, .count = count};
  stele_compile_options options = {.source_info = true, .use_builtin = true};
  stele_report *report = stele_report_new(t->arena, 0);
  stele_str path = stele_cstr(files[0].path);
  stele_err err = {0};
  const stele_schema *schema = stele_compile(&resolver.base, &path, 1, &options, report, &err);
  if (!schema) {
    stele_buf text;
    stele_buf_init(&text, t->arena, 0);
    stele_report_print(report, STELE_REPORT_PRETTY, &text);
    t_eq_str(t, stele_buf_str(&text), STELE_STR(""));
    t_ok(t, schema != NULL, &err);
  }
  t_true(t, held->count < STELE_COUNT(held->held));
  held->held[held->count++] = schema;
  return stele_schema_file(schema, path);
}

const stele_file *t_schema(stele_test *t, t_schemas *held, const char *text) {
  t_text file = {"test.proto", text};
  return t_schema_files(t, held, &file, 1);
}

void t_schemas_free(t_schemas *held) {
  for (size_t i = 0; i < held->count; i++) stele_schema_unref(held->held[i]);
  held->count = 0;
}
