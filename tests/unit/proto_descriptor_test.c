/* Descriptors: made from text, read back, made again; and the parts alone. */
#include "proto/descriptor/descriptor.h"

#include "base/map.h"
#include "base/vec.h"
#include "harness/schema.h"
#include "proto/compile/compile.h"
#include "proto/descriptor/normal.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

/* ---- Files of the tree, or their descriptors -------------------------------- */

typedef struct tree_resolver {
  stele_resolver base; /* first: the callback casts back */
  stele_test *t;
  stele_map *descriptors; /* by path: stele_bytes; NULL: read texts */
} tree_resolver;

/* Files of tests/oracle/files that are compared with protoc there. */
static const char *const tree_files[] = {
    "options_base.proto",
    "options_order.proto",
    "options_aggregate.proto",
    "options_retention.proto",
    "options_elements.proto",
    "options_implicit.proto",
    "options_any.proto",
    "options_own_file.proto",
    "options_oneof_statements.proto",
    "options_scalars.proto",
    "option_names.proto",
    "known_options.proto",
    "groups.proto",
    "message_set.proto",
    "maps.proto",
    "proto3_optional.proto",
    "ranges.proto",
    "numbers.proto",
    "strings.proto",
    "services.proto",
    "extensions.proto",
    "edition_2023.proto",
    "edition_2024.proto",
    "edition_2026_json.proto",
    "legacy_java.proto",
    "options_features_of_field.proto",
};

static bool find_in_tree(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  tree_resolver *tree = (tree_resolver *)self;
  (void)err;
  *out = (stele_found){.kind = STELE_FOUND_NOTHING};
  if (tree->descriptors) {
    const stele_bytes *bytes = stele_map_find(tree->descriptors, path);
    if (bytes) *out = (stele_found){.kind = STELE_FOUND_DESCRIPTOR, .bytes = *bytes};
    return true;
  }
  for (size_t i = 0; i < STELE_COUNT(tree_files); i++) {
    if (!stele_str_eq(stele_cstr(tree_files[i]), path)) continue;
    stele_str name = stele_str_printf(tree->t->arena, "tests/oracle/files/%s", tree_files[i]);
    stele_str text = t_file(tree->t, name.ptr);
    *out = (stele_found){.kind = STELE_FOUND_TEXT, .bytes = stele_str_bytes(text)};
  }
  return true;
}

typedef struct emission {
  stele_test *t;
  stele_map by_path; /* path -> stele_bytes */
  stele_descriptor_options form;
} emission;

static stele_bytes encode(stele_test *t, const stele_file *file, stele_descriptor_options form) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  stele_descriptor_encode(t->arena, file, &form, &out);
  return stele_buf_bytes(&out);
}

static bool keep(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  emission *e = arg;
  (void)is_named, (void)err;
  stele_bytes *bytes = STELE_NEW(e->t->arena, stele_bytes);
  *bytes = encode(e->t, file, e->form);
  *stele_map_add(&e->by_path, stele_str_copy(e->t->arena, file->name)) = bytes;
  return true;
}

/* Every file that `path` needs, encoded in `form`; from text, or from what an
 * earlier emission holds. */
static emission *emit_all(stele_test *t, const char *path, emission *from,
                          stele_descriptor_options form) {
  tree_resolver tree = {
      .base = {.find = find_in_tree}, .t = t, .descriptors = from ? &from->by_path : NULL};
  emission *e = STELE_NEW(t->arena, emission);
  *e = (emission){.t = t, .form = form};
  stele_map_init(&e->by_path, t->arena, 0);
  stele_compile_options options = {
      .source_info = true, .use_builtin = true, .emit = keep, .emit_arg = e};
  stele_report *report = stele_report_new(t->arena, 0);
  stele_str name = stele_cstr(path);
  stele_err err = {0};
  const stele_schema *schema = stele_compile(&tree.base, &name, 1, &options, report, &err);
  stele_buf text;
  stele_buf_init(&text, t->arena, 0);
  stele_report_print(report, STELE_REPORT_PROTOC, &text);
  if (stele_report_has_errors(report)) t_eq_str(t, stele_buf_str(&text), STELE_STR(""));
  t_ok(t, schema != NULL, &err);
  stele_schema_unref(schema);
  return e;
}

static void check_same(stele_test *t, const emission *got, const emission *want) {
  t_eq_int(t, got->by_path.count, want->by_path.count);
  for (size_t i = 0; i < want->by_path.count; i++) {
    stele_str path = want->by_path.entries[i].key.str;
    const stele_bytes *a = stele_map_find(&got->by_path, path);
    const stele_bytes *b = want->by_path.entries[i].value;
    if (!a || !stele_bytes_eq(*a, *b)) t_eq_str(t, path, STELE_STR("the same bytes"));
  }
}

/* What is read from a descriptor is written as it came, in both modes. */
static void test_descriptors_survive_reading(stele_test *t) {
  static const stele_descriptor_options retained = {.source_info = true, .retain_options = true};
  static const stele_descriptor_options plain = {.retain_options = false};
  for (size_t i = 0; i < STELE_COUNT(tree_files); i++) {
    t_case(t, tree_files[i]);
    emission *text_retained = emit_all(t, tree_files[i], NULL, retained);
    emission *text_default = emit_all(t, tree_files[i], NULL, plain);
    check_same(t, emit_all(t, tree_files[i], text_retained, retained), text_retained);
    check_same(t, emit_all(t, tree_files[i], text_retained, plain), text_default);
    check_same(t, emit_all(t, tree_files[i], text_default, plain), text_default);
  }
}

/* ---- Parts ------------------------------------------------------------------- */

static const char parts_text[] =
    "syntax = \"proto2\"; package p;\n"
    "import \"google/protobuf/descriptor.proto\";\n"
    "message A { option deprecated = true; message B { optional A a = 1; } extensions 5 to 9; }\n"
    "enum E { E_A = 0 [(o).i = 1, (o).s = \"x\"]; }\n"
    "message O { optional int32 i = 1; optional string s = 2; }\n"
    "extend google.protobuf.EnumValueOptions { optional O o = 50000; optional int32 n = 50001\n"
    "  [retention = RETENTION_SOURCE]; }\n"
    "enum F { F_A = 0 [(n) = 1]; F_B = 1 [(n) = 1, deprecated = true]; }\n"
    "service S { rpc R(A) returns (A); }\n";

/* The n-th value of a delimited field, from 0. */
static stele_bytes nth(stele_bytes message, uint32_t number, size_t n) {
  stele_reader r = stele_reader_of(message);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != stele_wire_tag(number, STELE_WIRE_DELIMITED)) {
      stele_read_skip_value(&r, tag, 10);
      continue;
    }
    stele_bytes value = stele_read_delimited(&r);
    if (n-- == 0) return value;
  }
  return (stele_bytes){NULL, 0};
}

/* An element alone is written as within its file. */
static void test_elements_alone(stele_test *t) {
  enum { MESSAGE = 4, ENUM = 5, SERVICE = 6, NESTED = 3 };
  t_schemas held = {0};
  const stele_file *file = t_schema(t, &held, parts_text);
  for (int retain = 0; retain < 2; retain++) {
    stele_descriptor_options form = {.retain_options = retain};
    stele_bytes all = encode(t, file, form);
    stele_buf out;
    stele_buf_init(&out, t->arena, 0);

    t_case(t, "message");
    stele_descriptor_encode_message(t->arena, &file->messages[0], &form, &out);
    t_true(t, stele_bytes_eq(stele_buf_bytes(&out), nth(all, MESSAGE, 0)));
    t_case(t, "nested message");
    stele_buf_clear(&out);
    stele_descriptor_encode_message(t->arena, &file->messages[0].messages[0], &form, &out);
    t_true(t, stele_bytes_eq(stele_buf_bytes(&out), nth(nth(all, MESSAGE, 0), NESTED, 0)));
    t_case(t, "enum");
    stele_buf_clear(&out);
    stele_descriptor_encode_enum(t->arena, &file->enums[0], &form, &out);
    t_true(t, stele_bytes_eq(stele_buf_bytes(&out), nth(all, ENUM, 0)));
    t_case(t, "service");
    stele_buf_clear(&out);
    stele_descriptor_encode_service(t->arena, &file->services[0], &form, &out);
    t_true(t, stele_bytes_eq(stele_buf_bytes(&out), nth(all, SERVICE, 0)));
  }
  t_schemas_free(&held);
}

static void test_options_in_both_forms(stele_test *t) {
  t_schemas held = {0};
  const stele_file *file = t_schema(t, &held, parts_text);
  const stele_options *merged = file->enums[0].values[0].options;
  const stele_options *dropped = file->enums[1].values[0].options;
  const stele_options *cut = file->enums[1].values[1].options;
  struct {
    const char *label;
    const stele_options *options;
    bool retain;
    stele_str want;
  } rows[] = {
      {"statements stay apart", merged, true,
       STELE_STR("\x82\xb5\x18\x02\x08\x01\x82\xb5\x18\x03\x12\x01x")},
      {"pieces are merged", merged, false, STELE_STR("\x82\xb5\x18\x05\x08\x01\x12\x01x")},
      {"source retention is retained", dropped, true, STELE_STR("\x88\xb5\x18\x01")},
      {"source retention goes", dropped, false, STELE_STR("")},
      {"the rest stays", cut, false, STELE_STR("\x08\x01")},
      {"no options", file->messages[1].options, false, STELE_STR("")},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_bytes got = stele_descriptor_options_of(t->arena, file, rows[i].options, rows[i].retain);
    t_true(t, stele_bytes_eq(got, stele_str_bytes(rows[i].want)));
  }
  t_eq_int(t, merged->count, 2);
  t_eq_str(t, stele_bytes_str(merged->at[1].path), STELE_STR("\xd0\x86\x03\x02"));
  t_true(t, merged->at[0].extension == merged->at[1].extension);
  t_true(t, dropped->at[0].source_only && !merged->at[0].source_only);
  t_schemas_free(&held);
}

/* ---- Order of a set ------------------------------------------------------------ */

static void test_order_of_a_set(stele_test *t) {
  static const t_text files[] = {
      {"a.proto", "syntax = \"proto3\"; import \"b.proto\"; import \"c.proto\";"},
      {"b.proto", "syntax = \"proto3\"; import \"d.proto\";"},
      {"c.proto", "syntax = \"proto3\"; import \"d.proto\";"},
      {"d.proto", "syntax = \"proto3\";"},
  };
  t_schemas held = {0};
  const stele_file *a = t_schema_files(t, &held, files, STELE_COUNT(files));
  const stele_file *b = a->imports[0].file, *c = a->imports[1].file, *d = b->imports[0].file;
  const struct {
    const char *label;
    const stele_file *named[3];
    size_t count;
    bool imports;
    const char *want;
  } rows[] = {
      {"all that is imported, once", {a}, 1, true, "dbca"},
      {"only what is named", {a}, 1, false, "a"},
      {"a named import comes first", {a, c}, 2, false, "ca"},
      {"behind a file that is not named", {a, d}, 2, false, "ad"},
      {"named twice", {d, d, a}, 3, false, "da"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    const stele_file *const *order;
    size_t count =
        stele_descriptor_order(t->arena, rows[i].named, rows[i].count, rows[i].imports, &order);
    stele_buf names;
    stele_buf_init(&names, t->arena, 0);
    for (size_t k = 0; k < count; k++) stele_buf_add(&names, order[k]->name.ptr, 1);
    t_eq_str(t, stele_buf_str(&names), stele_cstr(rows[i].want));
  }
  t_schemas_free(&held);
}

/* ---- What protoc's own code knows ---------------------------------------------- */

static void check_known(stele_test *t, const stele_message *message) {
  enum { UNINTERPRETED = 999 };
  uint64_t numbers = descriptor_known_numbers(message->full_name), want = 0;
  t_case(t, message->full_name.ptr);
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    t_true(t, descriptor_is_known(numbers, field));
    if (field->number != UNINTERPRETED) want |= UINT64_C(1) << field->number;
  }
  if (numbers != UINT64_MAX) t_true(t, numbers == want);
  for (uint32_t i = 0; i < message->message_count; i++) check_known(t, &message->messages[i]);
}

/* The table says what the pinned descriptor.proto says, no less and no more. */
static void test_known_numbers(stele_test *t) {
  t_schemas held = {0};
  const stele_file *file =
      t_schema(t, &held, "syntax = \"proto3\"; import \"google/protobuf/descriptor.proto\";");
  const stele_file *descriptor = file->imports[0].file;
  size_t told = 0;
  for (uint32_t i = 0; i < descriptor->message_count; i++) {
    const stele_message *message = &descriptor->messages[i];
    check_known(t, message);
    told += descriptor_known_numbers(message->full_name) != UINT64_MAX;
  }
  t_eq_int(t, told, 10);
  t_schemas_free(&held);
}

TEST_MAIN(test_descriptors_survive_reading, test_elements_alone, test_options_in_both_forms,
          test_order_of_a_set, test_known_numbers)
