/* Images as JSON, text and YAML: the set that each means, what is refused, and what
 * happens when memory ends. */
#include "input/image_form.h"

#include "harness/test.h"

static stele_str hex(stele_arena *arena, stele_bytes bytes) {
  stele_str out = {stele_arena_alloc(arena, bytes.len * 2 + 1, 1), bytes.len * 2};
  for (size_t i = 0; i < bytes.len; i++) {
    (void)snprintf((char *)(uintptr_t)out.ptr + i * 2, 3, "%02x", bytes.ptr[i]);
  }
  return out;
}

static void test_forms(stele_test *t) {
  static const struct {
    const char *label;
    input_format form;
    const char *text, *want; /* bytes in hex, or what the error says */
  } rows[] = {
      {"JSON", INPUT_JSON, "{\"file\":[{\"name\":\"a\"}]}", "0a030a0161"},
      {"text", INPUT_TXTPB, "file: { name: \"a\" }", "0a030a0161"},
      {"YAML", INPUT_YAML, "file:\n  - name: a\n", "0a030a0161"},
      {"names as in the source", INPUT_JSON, "{\"file\":[{\"option_dependency\":[\"b\"]}]}",
       "0a037a0162"},
      {"an edition by name", INPUT_JSON, "{\"file\":[{\"edition\":\"EDITION_2023\"}]}",
       "0a0370e807"},
      {"an import", INPUT_TXTPB, "file { buf_extension { is_import: true } }", "0a06d2f603020801"},
      {"unused imports", INPUT_YAML, "file: [{bufExtension: {unusedDependency: [1, 2]}}]",
       "0a08d2f60304 20012002"},
      {"a required member may be missing", INPUT_JSON,
       "{\"file\":[{\"options\":{\"uninterpretedOption\":[{\"name\":[{}]}]}}]}",
       "0a074205 ba3e02 1200"},
      {"members that nobody declares", INPUT_JSON,
       "{\"file\":[{\"name\":\"a\",\"x\":1,\"options\":{\"[a.b]\":{\"c\":[1]}}}]}",
       "0a050a01614200"},
      {"the same in text", INPUT_TXTPB, "file { name: \"a\" options { [a.b] { c: 1 } } x: 2 }",
       "0a050a01614200"},
      {"no JSON", INPUT_JSON, "{", "line 1, column 2"},
      {"no text", INPUT_TXTPB, "file {", "1:7"},
      {"no YAML", INPUT_YAML, "a: [", "line 2"},
      {"another kind", INPUT_JSON, "{\"file\":1}", "field \"file\""},
      {"another kind in YAML, whose JSON has no lines", INPUT_YAML, "file: 1",
       "field \"file\": expected a list"},
      {"deeper than anything is", INPUT_JSON, "[[[[[[[[[", "line 1"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_bytes out = {0};
    stele_err err = {0};
    if (!image_form_decode(t->arena, rows[i].form, stele_cstr(rows[i].text), NULL, &out, &err)) {
      stele_str said = stele_cstr(err.msg);
      const char *at = strstr(err.msg, rows[i].want);
      t_eq_str(t, at ? stele_cstr(rows[i].want) : said, stele_cstr(rows[i].want));
      continue;
    }
    char want[256];
    size_t len = 0;
    for (const char *at = rows[i].want; *at; at++) {
      if (*at != ' ') want[len++] = *at;
    }
    stele_str wanted = {want, len};
    t_eq_str(t, hex(t->arena, out), wanted);
  }
}

/* ---- custom options ------------------------------------------------------------ */

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  static const char text[] = "syntax = \"proto2\";\n"
                             "import \"google/protobuf/descriptor.proto\";\n"
                             "extend google.protobuf.FileOptions { optional int32 n = 50001; }\n";
  (void)self;
  (void)err;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (!stele_str_eq(path, STELE_STR("n.proto"))) return true;
  *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(stele_cstr(text))};
  return true;
}

static bool decode(stele_arena *arena, input_format form, const char *text, stele_bytes *out,
                   stele_err *err) {
  static const stele_str names[] = {{"n.proto", 7}};
  stele_resolver files = {.find = find};
  image_declarations by = {&files, names, 1};
  return image_form_decode(arena, form, stele_cstr(text), &by, out, err);
}

static void test_custom_options(stele_test *t) {
  static const struct {
    input_format form;
    const char *text;
  } rows[] = {
      {INPUT_JSON, "{\"file\":[{\"options\":{\"[n]\":7}}]}"},
      {INPUT_TXTPB, "file { options { [n]: 7 } }"},
      {INPUT_YAML, "file: [{options: {'[n]': 7}}]"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].text);
    stele_bytes out = {0};
    stele_err err = {0};
    t_true(t, decode(t->arena, rows[i].form, rows[i].text, &out, &err));
    t_eq_str(t, hex(t->arena, out), STELE_STR("0a06420488b51807"));
  }
}

/* ---- memory -------------------------------------------------------------------- */

static bool decode_all(stele_arena *arena, stele_err *err) {
  stele_bytes out;
  return decode(arena, INPUT_JSON, "{\"file\":[{\"options\":{\"[n]\":7}}]}", &out, err) &&
         decode(arena, INPUT_TXTPB, "file { options { [n]: 7 } }", &out, err) &&
         decode(arena, INPUT_YAML, "file: [{options: {'[n]': 7}}]", &out, err);
}

static void test_no_memory(stele_test *t) {
  t_each_failure(t, decode_all);
}

TEST_MAIN(test_forms, test_custom_options, test_no_memory)
