/* Descriptors as input: what clients send is taken, what is no file is refused
 * in protoc's words, and never with a place. */
#include "harness/test.h"
#include "proto/compile/compile.h"
#include "proto/wire/writer.h"

/* ---- Making descriptors ------------------------------------------------- */

typedef struct maker {
  stele_buf out;
} maker;

static maker new_maker(stele_test *t) {
  maker m;
  stele_buf_init(&m.out, t->arena, 0);
  return m;
}

static void put_text(maker *m, uint32_t number, const char *text) {
  stele_write_bytes_field(&m->out, number, stele_str_bytes(stele_cstr(text)));
}

static void put_int(maker *m, uint32_t number, int32_t value) {
  stele_write_varint_field(&m->out, number, stele_wire_int32(value));
}

static void put_in(maker *m, uint32_t number, const maker *inner) {
  stele_write_bytes_field(&m->out, number, stele_buf_bytes(&inner->out));
}

/* FieldDescriptorProto; what is NULL or 0 is left out. */
static maker field(stele_test *t, const char *name, int number, int type, const char *type_name) {
  maker m = new_maker(t);
  put_text(&m, 1, name);
  if (number) put_int(&m, 3, number);
  put_int(&m, 4, 1);
  if (type) put_int(&m, 5, type);
  if (type_name) put_text(&m, 6, type_name);
  return m;
}

static maker message(stele_test *t, const char *name, const maker *one_field) {
  maker m = new_maker(t);
  put_text(&m, 1, name);
  if (one_field) put_in(&m, 2, one_field);
  return m;
}

static maker file_with(stele_test *t, const maker *one_message) {
  maker m = new_maker(t);
  put_text(&m, 1, "other.proto");
  put_text(&m, 2, "p");
  put_in(&m, 4, one_message);
  return m;
}

/* ---- Compiling them ----------------------------------------------------- */

typedef struct one_resolver {
  stele_resolver resolver;
  stele_bytes bytes;
} one_resolver;

static bool find_one(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)err;
  if (!stele_str_eq(path, STELE_STR("in.proto"))) return true;
  *out = (stele_found){.kind = STELE_FOUND_DESCRIPTOR, .bytes = ((one_resolver *)self)->bytes};
  return true;
}

static const stele_schema *compile(stele_test *t, stele_bytes bytes, stele_str *findings) {
  one_resolver one = {{find_one, NULL}, bytes};
  stele_report *report = stele_report_new(t->arena, 0);
  stele_str path = STELE_STR("in.proto");
  stele_err err = {0};
  const stele_schema *schema = stele_compile(&one.resolver, &path, 1, NULL, report, &err);
  stele_buf text;
  stele_buf_init(&text, t->arena, 0);
  stele_report_print(report, STELE_REPORT_PROTOC, &text);
  *findings = stele_buf_str(&text);
  return schema;
}

static void refuse(stele_test *t, const char *label, const maker *file, const char *want) {
  t_case(t, label);
  stele_str findings;
  const stele_schema *schema = compile(t, stele_buf_bytes(&file->out), &findings);
  t_true(t, schema == NULL);
  t_eq_str(t, findings, stele_cstr(want));
  if (schema) stele_schema_unref(schema);
}

/* ---- What is taken ------------------------------------------------------ */

static void test_relative_names_and_missing_types(stele_test *t) {
  maker f = field(t, "m", 1, 0, "M"), g = field(t, "e", 2, 0, "p.E");
  maker m = message(t, "M", &f);
  put_in(&m, 2, &g);
  maker value = new_maker(t), type = new_maker(t);
  put_text(&value, 1, "A");
  put_int(&value, 2, 0);
  put_text(&type, 1, "E");
  put_in(&type, 2, &value);
  maker file = file_with(t, &m);
  put_in(&file, 5, &type);
  stele_str findings;
  const stele_schema *schema = compile(t, stele_buf_bytes(&file.out), &findings);
  t_eq_str(t, findings, STELE_STR(""));
  t_true(t, schema != NULL);
  if (!schema) return;
  const stele_message *found = stele_schema_find(schema, STELE_STR("p.M")).element;
  t_eq_int(t, found->fields[0].type, STELE_TYPE_MESSAGE);
  t_eq_int(t, found->fields[1].type, STELE_TYPE_ENUM);
  t_eq_str(t, stele_field_type_name(&found->fields[0]), STELE_STR(".p.M"));
  t_eq_str(t, found->file->name, STELE_STR("in.proto")); /* the path, whatever it calls itself */
  stele_schema_unref(schema);
}

static void test_defaults_are_spelled_again(stele_test *t) {
  static const struct {
    int type;
    const char *given, *want;
  } rows[] = {
      {STELE_TYPE_INT32, "0x10", "16"},
      {STELE_TYPE_INT32, "-010", "-8"},
      {STELE_TYPE_UINT32, " +7", "7"},
      {STELE_TYPE_INT64, "99999999999999999999", "9223372036854775807"},
      {STELE_TYPE_DOUBLE, "1.50", "1.5"},
      {STELE_TYPE_FLOAT, "0.100000001", "0.1"},
      {STELE_TYPE_BYTES, "a\\x41\\101\\n", "aAA\\n"},
      {STELE_TYPE_STRING, "a\\n", "a\\n"},
      {STELE_TYPE_BOOL, "false", "false"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case_n(t, rows[i].given, i);
    maker f = field(t, "f", 1, rows[i].type, NULL);
    put_text(&f, 7, rows[i].given);
    maker m = message(t, "M", &f), file = file_with(t, &m);
    stele_str findings;
    const stele_schema *schema = compile(t, stele_buf_bytes(&file.out), &findings);
    t_eq_str(t, findings, STELE_STR(""));
    if (!schema) continue;
    const stele_message *found = stele_schema_find(schema, STELE_STR("p.M")).element;
    t_eq_str(t, stele_field_default(&found->fields[0]), stele_cstr(rows[i].want));
    stele_schema_unref(schema);
  }
}

/* ---- What is refused ---------------------------------------------------- */

static void test_bytes_that_are_no_file(stele_test *t) {
  static const struct {
    const char *label;
    stele_bytes bytes;
  } rows[] = {
      {"a cut length",
       {(const uint8_t *)"\x0a\x05"
                         "ab",
        4}},
      {"a bad tag", {(const uint8_t *)"\x00\x00", 2}},
      {"a cut message",
       {(const uint8_t *)"\x22\x03\x0a\x05"
                         "a",
        5}},
      {"an end without a start", {(const uint8_t *)"\x0c", 1}},
      {"a group in options that does not end",
       {(const uint8_t *)"\x22\x0a\x0a\x01M\x3a\x05\xcb\xf0\x19\x08\x01", 12}},
      {"field number 0 in options", {(const uint8_t *)"\x22\x07\x0a\x01M\x3a\x02\x02\x00", 9}},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    stele_str findings;
    t_true(t, compile(t, rows[i].bytes, &findings) == NULL);
    t_eq_str(t, findings,
             STELE_STR("in.proto: The bytes are not a google.protobuf.FileDescriptorProto.\n"));
  }
  maker deep = message(t, "M", NULL);
  for (int i = 0; i < 200; i++) {
    maker outer = message(t, "M", NULL);
    put_in(&outer, 3, &deep);
    deep = outer;
  }
  maker file = file_with(t, &deep);
  refuse(t, "two hundred levels", &file,
         "in.proto: The bytes are not a google.protobuf.FileDescriptorProto.\n");
}

/* An option that is a message, for those who know it. */
static void test_options_that_are_no_messages(stele_test *t) {
  maker options = new_maker(t), f = field(t, "f", 1, STELE_TYPE_INT32, NULL);
  put_text(&options, 20, "\x18");
  put_in(&f, 8, &options);
  maker m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "one of descriptor.proto", &file,
         "in.proto: The value of option \"google.protobuf.FieldOptions.edition_defaults\" is no "
         "message of type \"google.protobuf.FieldOptions.EditionDefault\".\n");
  maker extension = field(t, "o", 50000, STELE_TYPE_MESSAGE, ".p.M");
  put_text(&extension, 2, ".google.protobuf.MessageOptions");
  options = new_maker(t), m = message(t, "M", NULL);
  put_text(&options, 50000, "\xad\x01"); /* which the next one completes */
  put_text(&options, 50000, "\x12\x05*\x03\x08\xe7\x07");
  put_in(&m, 7, &options);
  file = file_with(t, &m);
  put_text(&file, 3, "google/protobuf/descriptor.proto");
  put_in(&file, 7, &extension);
  refuse(t, "an extension", &file,
         "in.proto: The value of option \"p.o\" is no message of type \"p.M\".\n");
}

static void test_levels_of_messages(stele_test *t) {
  maker inner = message(t, "M", NULL);
  for (int i = 1; i < 33; i++) {
    maker outer = message(t, "M", NULL);
    put_in(&outer, 3, &inner);
    inner = outer;
  }
  maker file = file_with(t, &inner);
  refuse(t, "thirty-three levels", &file,
         "in.proto: Reached maximum recursion limit for nested messages.\n");
}

static void test_fields_that_cannot_be(stele_test *t) {
  maker f = field(t, "f", 1, STELE_TYPE_INT32, "M");
  maker m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "a scalar with a name", &file, "in.proto: Field with primitive type has type_name.\n");
  f = field(t, "f", 1, STELE_TYPE_MESSAGE, NULL);
  m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "a message without a name", &file,
         "in.proto: Field with message or enum type missing type_name.\n");
  f = field(t, "f", 1, STELE_TYPE_ENUM, ".p.M");
  m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "an enum that is a message", &file, "in.proto: \".p.M\" is not an enum type.\n");
  f = field(t, "f", 1, STELE_TYPE_INT32, NULL);
  put_int(&f, 9, 3);
  m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "a oneof that is not there", &file,
         "in.proto: FieldDescriptorProto.oneof_index 3 is out of range for type \"M\".\n");
  f = field(t, "a b", 0, STELE_TYPE_INT32, NULL);
  m = message(t, "", &f), file = file_with(t, &m);
  refuse(t, "names and numbers", &file,
         "in.proto: Missing name.\n"
         "in.proto: \"a b\" is not a valid identifier.\n"
         "in.proto: Field numbers must be positive integers.\n"
         "in.proto: Suggested field numbers for p.: 1\n");
  f = field(t, "f", 1, STELE_TYPE_INT32, NULL);
  put_text(&f, 7, "12x");
  m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "a default that is no number", &file,
         "in.proto: Couldn't parse default value \"12x\".\n");
  f = field(t, "f", 1, STELE_TYPE_BOOL, NULL);
  put_text(&f, 7, "yes");
  m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "a default that is no bool", &file,
         "in.proto: Boolean default must be true or false.\n");
  f = field(t, "f", 1, STELE_TYPE_INT32, NULL);
  put_int(&f, 17, 1);
  m = message(t, "M", &f), file = file_with(t, &m);
  refuse(t, "proto3_optional in proto2", &file,
         "in.proto: The [proto3_optional=true] option may only be set on proto3fields, not p.M.f\n"
         "in.proto: Fields with proto3_optional set must be a member of a one-field oneof\n");
}

static void test_heads_that_cannot_be(stele_test *t) {
  maker m = message(t, "M", NULL), file = file_with(t, &m);
  put_text(&file, 12, "proto4");
  refuse(t, "a syntax", &file,
         "in.proto: Unrecognized syntax: proto4\n"
         "in.proto: Edition UNKNOWN is earlier than the minimum supported edition PROTO2\n");
  file = file_with(t, &m);
  put_int(&file, 10, 0);
  put_int(&file, 11, 7);
  refuse(t, "imports by number", &file,
         "in.proto: Invalid public dependency index.\nin.proto: Invalid weak dependency index.\n");
  file = file_with(t, &m);
  put_text(&file, 3, "nowhere.proto");
  refuse(t, "an import", &file,
         "nowhere.proto: File not found.\n"
         "in.proto: Import \"nowhere.proto\" was not found or had errors.\n");
}

TEST_MAIN(test_relative_names_and_missing_types, test_defaults_are_spelled_again,
          test_bytes_that_are_no_file, test_options_that_are_no_messages, test_levels_of_messages,
          test_fields_that_cannot_be, test_heads_that_cannot_be)
