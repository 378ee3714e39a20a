/* What a linked file says: types found, features settled, defaults spelled. */
#include "harness/schema.h"

static const stele_message *message_at(const stele_file *file, const char *full_name) {
  return stele_schema_find(file->schema, stele_cstr(full_name)).element;
}

static const stele_field *field_at(const stele_file *file, const char *full_name) {
  return stele_schema_find(file->schema, stele_cstr(full_name)).element;
}

static void test_names_are_found_as_protoc_finds_them(stele_test *t) {
  static const t_text files[] = {
      {"in.proto", "syntax = \"proto3\"; package a.b; import \"x.proto\"; import \"p.proto\";\n"
                   "message M { message N { message M {} M m = 1; N n = 2; b.M outer = 3;\n"
                   "    .a.b.M far = 4; X x = 5; a.X ax = 6; Deep deep = 7; C.D cd = 8; }\n"
                   "  int32 X = 1; C c = 2; }\n"
                   "message C { message D {} }\n"},
      {"x.proto", "syntax = \"proto3\"; package a; message X {}"},
      {"p.proto", "syntax = \"proto3\"; import public \"q.proto\";"},
      {"q.proto", "syntax = \"proto3\"; package a.b; message Deep {}"},
  };
  static const struct {
    const char *field, *type;
  } rows[] = {
      {"a.b.M.N.m", ".a.b.M.N.M"},   {"a.b.M.N.n", ".a.b.M.N"},  {"a.b.M.N.outer", ".a.b.M"},
      {"a.b.M.N.far", ".a.b.M"},     {"a.b.M.N.x", ".a.X"},      {"a.b.M.N.ax", ".a.X"},
      {"a.b.M.N.deep", ".a.b.Deep"}, {"a.b.M.N.cd", ".a.b.C.D"}, {"a.b.M.c", ".a.b.C"},
  };
  t_schemas held = {0};
  const stele_file *file = t_schema_files(t, &held, files, STELE_COUNT(files));
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].field);
    const stele_field *field = field_at(file, rows[i].field);
    t_eq_str(t, stele_field_type_name(field), stele_cstr(rows[i].type));
    stele_str without_dot = {stele_field_type_name(field).ptr + 1,
                             stele_field_type_name(field).len - 1};
    t_eq_str(t, without_dot, field->type_message->full_name);
  }
  t_schemas_free(&held);
}

static void test_defaults(stele_test *t) {
  static const struct {
    const char *type, *written, *want;
  } rows[] = {
      {"int32", "0x7fffffff", "2147483647"},
      {"int32", "-2147483648", "-2147483648"},
      {"int32", "-0", "0"},
      {"int64", "017", "15"},
      {"uint64", "18446744073709551615", "18446744073709551615"},
      {"sint64", "-9223372036854775808", "-9223372036854775808"},
      {"fixed32", "0xFFFFFFFF", "4294967295"},
      {"float", "1e10", "1e+10"},
      {"float", "-.5e-7", "-5e-08"},
      {"float", "0.1", "0.1"},
      {"float", "16777217", "16777216"},
      {"float", "1e40", "inf"},
      {"float", "-1e40", "-inf"},
      {"float", "3.4028235677973366e+38", "3.40282347e+38"},
      {"float", "1e-45", "1.40129846e-45"},
      {"float", "nan", "nan"},
      {"float", "-nan", "nan"},
      {"float", "-inf", "-inf"},
      {"double", "5e-324", "4.94065645841247e-324"},
      {"double", "0.1", "0.1"},
      {"double", "1", "1"},
      {"double", "0x10", "16"},
      {"double", "-0", "-0"},
      {"double", "18446744073709551616", "1.8446744073709552e+19"},
      {"double", "1e400", "inf"},
      {"bool", "true", "true"},
      {"string", "\"a\\n\\x41\" 'b'", "a\nAb"},
      {"bytes", "\"a\\n\\x00\\377\\\"'\\\\?\"", "a\\n\\000\\377\\\"\\'\\\\?"},
      {"E", "B", "B"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case_n(t, rows[i].written, i);
    t_schemas held = {0};
    stele_str text = stele_str_printf(t->arena,
                                      "syntax = \"proto2\"; enum E { A = 1; B = 2; } message M { "
                                      "optional %s f = 1 [default = %s]; }",
                                      rows[i].type, rows[i].written);
    const stele_file *file = t_schema(t, &held, text.ptr);
    const stele_field *field = field_at(file, "M.f");
    t_true(t, field->has_default);
    t_eq_str(t, stele_field_default(field), stele_cstr(rows[i].want));
    t_schemas_free(&held);
  }
}

/* p: packed, r: required, d: delimited, h: has presence, c: closed enum. */
static void flags_of(const stele_field *field, char out[6]) {
  size_t len = 0;
  if (field->is_packed) out[len++] = 'p';
  if (field->is_required) out[len++] = 'r';
  if (field->is_delimited) out[len++] = 'd';
  if (field->has_presence) out[len++] = 'h';
  if (field->type_enum && field->type_enum->is_closed) out[len++] = 'c';
  out[len] = 0;
}

static void test_features_settle_fields(stele_test *t) {
  static const struct {
    const char *label, *head, *field, *want;
  } rows[] = {
      {"proto2 optional", "syntax = \"proto2\";", "optional int32 f = 1", "h"},
      {"proto2 required", "syntax = \"proto2\";", "required int32 f = 1", "rh"},
      {"proto2 repeated", "syntax = \"proto2\";", "repeated int32 f = 1", ""},
      {"proto2 packed", "syntax = \"proto2\";", "repeated int32 f = 1 [packed = true]", "p"},
      {"proto2 enum", "syntax = \"proto2\";", "optional E f = 1", "hc"},
      {"proto2 group", "syntax = \"proto2\";", "optional group F = 1 {}", "dh"},
      {"proto3 plain", "syntax = \"proto3\";", "int32 f = 1", ""},
      {"proto3 optional", "syntax = \"proto3\";", "optional int32 f = 1", "h"},
      {"proto3 message", "syntax = \"proto3\";", "M f = 1", "h"},
      {"proto3 oneof", "syntax = \"proto3\";", "oneof o { int32 f = 1; }", "h"},
      {"proto3 repeated", "syntax = \"proto3\";", "repeated int32 f = 1", "p"},
      {"proto3 unpacked", "syntax = \"proto3\";", "repeated int32 f = 1 [packed = false]", ""},
      {"proto3 strings", "syntax = \"proto3\";", "repeated string f = 1", ""},
      {"proto3 enum", "syntax = \"proto3\";", "E f = 1", ""},
      {"2023 plain", "edition = \"2023\";", "int32 f = 1", "h"},
      {"2023 repeated", "edition = \"2023\";", "repeated bool f = 1", "p"},
      {"2023 implicit", "edition = \"2023\";", "int32 f = 1 [features.field_presence = IMPLICIT]",
       ""},
      {"2023 required", "edition = \"2023\";",
       "int32 f = 1 [features.field_presence = LEGACY_REQUIRED]", "rh"},
      {"2023 delimited", "edition = \"2023\";", "M f = 1 [features.message_encoding = DELIMITED]",
       "dh"},
      {"2023 file delimited", "edition = \"2023\"; option features.message_encoding = DELIMITED;",
       "M f = 1", "dh"},
      {"2023 maps are never delimited",
       "edition = \"2023\"; option features.message_encoding = DELIMITED;", "map<int32, M> f = 1",
       ""},
      {"2023 file implicit", "edition = \"2023\"; option features.field_presence = IMPLICIT;",
       "oneof o { int32 f = 1; }", "h"},
      {"2023 closed", "edition = \"2023\"; option features.enum_type = CLOSED;", "E f = 1", "hc"},
      {"2023 expanded by file",
       "edition = \"2023\"; option features.repeated_field_encoding = EXPANDED;",
       "repeated int32 f = 1", ""},
      {"2024", "edition = \"2024\";", "repeated int32 f = 1", "p"},
      {"2026", "edition = \"2026\";", "int32 f = 1", "h"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_schemas held = {0};
    bool is_block = rows[i].field[strlen(rows[i].field) - 1] == '}';
    stele_str text = stele_str_printf(t->arena, "%s message M { %s%s } enum E { A = 0; }",
                                      rows[i].head, rows[i].field, is_block ? "" : ";");
    const stele_file *file = t_schema(t, &held, text.ptr);
    char flags[6];
    flags_of(&message_at(file, "M")->fields[0], flags);
    t_eq_str(t, stele_cstr(flags), stele_cstr(rows[i].want));
    t_schemas_free(&held);
  }
}

static void test_what_is_made_up(stele_test *t) {
  t_schemas held = {0};
  const stele_file *file = t_schema(
      t, &held,
      "syntax = \"proto3\"; message M { map<string, M> foo_barBaz = 1; oneof _x { int32 a = 2; }\n"
      "optional int32 x = 3; optional int32 x2 = 4; optional int32 _y = 5;\n"
      "message Plain {} map<int32, int32> last = 6; reserved 10 to max; }");
  const stele_message *m = message_at(file, "M");
  static const char *const nested[] = {"FooBarBazEntry", "Plain", "LastEntry"};
  static const char *const oneofs[] = {"_x", "X_x", "_x2", "X_y"};
  t_eq_int(t, m->message_count, STELE_COUNT(nested));
  for (size_t i = 0; i < STELE_COUNT(nested); i++) {
    t_eq_str(t, m->messages[i].name, stele_cstr(nested[i]));
  }
  t_true(t, m->messages[0].is_map_entry && !m->messages[1].is_map_entry);
  t_eq_int(t, m->oneof_count, 4);
  t_eq_int(t, m->real_oneof_count, 1);
  for (size_t i = 0; i < 4; i++) t_eq_str(t, m->oneofs[i].name, stele_cstr(oneofs[i]));
  t_schemas_free(&held);
}

static void test_ranges_end_where_they_should(stele_test *t) {
  t_schemas held = {0};
  const stele_file *file = t_schema(
      t, &held,
      "syntax = \"proto2\"; message A { extensions 4, 10 to 20, 1000 to max; reserved 1 to 3; }\n"
      "message B { option message_set_wire_format = true; extensions 4 to max; }\n"
      "enum E { X = 0; reserved 5, -3 to -1, 7 to max; }");
  const stele_message *a = message_at(file, "A"), *b = message_at(file, "B");
  t_eq_int(t, a->extension_ranges[0].end, 5);
  t_eq_int(t, a->extension_ranges[1].end, 21);
  t_eq_int(t, a->extension_ranges[2].end, 536870912);
  t_eq_int(t, a->reserved_ranges[0].end, 4);
  t_eq_int(t, b->extension_ranges[0].end, INT32_MAX);
  const stele_enum *e = stele_schema_find(file->schema, STELE_STR("E")).element;
  t_eq_int(t, e->reserved_ranges[0].end, 5);
  t_eq_int(t, e->reserved_ranges[1].start, -3);
  t_eq_int(t, e->reserved_ranges[2].end, INT32_MAX);
  t_schemas_free(&held);
}

TEST_MAIN(test_names_are_found_as_protoc_finds_them, test_defaults, test_features_settle_fields,
          test_what_is_made_up, test_ranges_end_where_they_should)
