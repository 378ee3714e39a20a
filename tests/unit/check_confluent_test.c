/* Confluent's differences: a row is two schemas and what is found on the way
 * from the first to the second, backward. "!" marks what refuses. Every
 * difference type has a row that finds it, and one beside it that does not. */
#include "check/confluent/confluent.h"

#include "base/buf.h"
#include "harness/schema.h"

#define P3 "syntax = \"proto3\"; "
#define P2 "syntax = \"proto2\"; "

typedef struct diff_row {
  const char *label, *old_text, *new_text, *want;
} diff_row;

static const diff_row rows[] = {
    {"nothing changed", P3 "message M { string a = 1; }", P3 "message M { string a = 1; }", ""},
    {"the package changed", P3 "package a; message M {}", P3 "package b; message M {}",
     "!PACKAGE_CHANGED #/\n"},
    {"a package where there was none", P3 "message M {}", P3 "package a; message M {}",
     "!PACKAGE_CHANGED #/\n"},
    {"a message came", P3 "message M {}", P3 "message M {} message N {}", "MESSAGE_ADDED #/N\n"},
    {"a message went", P3 "message M {} message N {}", P3 "message M {}", "!MESSAGE_REMOVED #/N\n"},
    {"a nested message went", P3 "message M { message N {} }", P3 "message M {}",
     "!MESSAGE_REMOVED #/M/N\n"},
    {"a message changed its place", P3 "message M {} message N {}", P3 "message N {} message M {}",
     "MESSAGE_MOVED #/M\nMESSAGE_MOVED #/N\n"},
    {"an enum came", P3 "message M {}", P3 "message M {} enum E { A = 0; }", "ENUM_ADDED #/E\n"},
    {"an enum went", P3 "message M { enum E { A = 0; } }", P3 "message M {}",
     "ENUM_REMOVED #/M/E\n"},
    {"an enum value came", P3 "enum E { A = 0; }", P3 "enum E { A = 0; B = 1; }",
     "ENUM_CONST_ADDED #/E/1\n"},
    {"an enum value went", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; }",
     "ENUM_CONST_REMOVED #/E/1\n"},
    {"an enum value was renamed", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; C = 1; }",
     "ENUM_CONST_CHANGED #/E/1\n"},
    {"a field came", P3 "message M {}", P3 "message M { string a = 1; }", "FIELD_ADDED #/M/1\n"},
    {"a field went", P3 "message M { string a = 1; }", P3 "message M {}", "FIELD_REMOVED #/M/1\n"},
    {"a map field went: its entry is no message", P3 "message M { map<string, int32> a = 1; }",
     P3 "message M {}", "FIELD_REMOVED #/M/1\n"},
    {"a field was renamed", P3 "message M { string a = 1; }", P3 "message M { string b = 1; }",
     "FIELD_NAME_CHANGED #/M/1\n"},
    {"scalar to message", P3 "message M { string a = 1; } message N {}",
     P3 "message M { N a = 1; } message N {}", "!FIELD_KIND_CHANGED #/M/1\n"},
    {"message to map", P3 "message M { N a = 1; } message N {}",
     P3 "message M { map<string, N> a = 1; } message N {}", "!FIELD_KIND_CHANGED #/M/1\n"},
    {"scalar to map", P3 "message M { int32 a = 1; }", P3 "message M { map<int32, int32> a = 1; }",
     "!FIELD_KIND_CHANGED #/M/1\n"},
    {"int32 to string", P3 "message M { int32 a = 1; }", P3 "message M { string a = 1; }",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"within the varints", P3 "message M { int32 a = 1; int64 b = 2; uint32 c = 3; uint64 d = 4; }",
     P3 "message M { bool a = 1; uint32 b = 2; int64 c = 3; int32 d = 4; }", ""},
    {"an enum is a varint", P3 "message M { int32 a = 1; } enum E { A = 0; }",
     P3 "message M { E a = 1; } enum E { A = 0; }", ""},
    {"another enum", P3 "message M { E a = 1; } enum E { A = 0; } enum F { B = 0; }",
     P3 "message M { F a = 1; } enum E { A = 0; } enum F { B = 0; }", ""},
    {"within the zigzags", P3 "message M { sint32 a = 1; }", P3 "message M { sint64 a = 1; }", ""},
    {"varint to zigzag", P3 "message M { int32 a = 1; }", P3 "message M { sint32 a = 1; }",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"string to bytes", P3 "message M { string a = 1; }", P3 "message M { bytes a = 1; }", ""},
    {"fixed32 to sfixed32", P3 "message M { fixed32 a = 1; }", P3 "message M { sfixed32 a = 1; }",
     ""},
    {"fixed32 to fixed64", P3 "message M { fixed32 a = 1; }", P3 "message M { fixed64 a = 1; }",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"fixed64 to sfixed64", P3 "message M { fixed64 a = 1; }", P3 "message M { sfixed64 a = 1; }",
     ""},
    {"fixed32 to float", P3 "message M { fixed32 a = 1; }", P3 "message M { float a = 1; }",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"float to double", P3 "message M { float a = 1; }", P3 "message M { double a = 1; }",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"another message type", P3 "message M { N a = 1; } message N {} message O {}",
     P3 "message M { O a = 1; } message N {} message O {}", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"the same type, spelled absolutely", P3 "package p; message M { N a = 1; } message N {}",
     P3 "package p; message M { .p.N a = 1; } message N {}", ""},
    {"the value of a map", P3 "message M { map<string, int32> a = 1; }",
     P3 "message M { map<string, string> a = 1; }", "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"the key of a map", P3 "message M { map<string, int32> a = 1; }",
     P3 "message M { map<int32, int32> a = 1; }", "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"a number becomes repeated, proto3: no label before", P3 "message M { int32 a = 1; }",
     P3 "message M { repeated int32 a = 1; }", ""},
    {"a number becomes repeated, proto2", P2 "message M { optional int32 a = 1; }",
     P2 "message M { repeated int32 a = 1; }", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"proto3 optional to repeated", P3 "message M { optional int32 a = 1; }",
     P3 "message M { repeated int32 a = 1; }", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"proto3 optional to implicit", P3 "message M { optional int32 a = 1; }",
     P3 "message M { int32 a = 1; }", ""},
    {"a string becomes repeated, proto2", P2 "message M { optional string a = 1; }",
     P2 "message M { repeated string a = 1; }", "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n"},
    {"a message becomes repeated", P2 "message M { optional M a = 1; }",
     P2 "message M { repeated M a = 1; }", ""},
    {"a required field came", P2 "message M {}", P2 "message M { required int32 a = 1; }",
     "!REQUIRED_FIELD_ADDED #/M/1\n"},
    {"a required field went", P2 "message M { required int32 a = 1; }", P2 "message M {}",
     "!REQUIRED_FIELD_REMOVED #/M/1\n"},
    {"a oneof came with new members", P3 "message M { string x = 9; }",
     P3 "message M { string x = 9; oneof o { string a = 1; string b = 2; } }",
     "ONEOF_ADDED #/M/o\nONEOF_FIELD_ADDED #/M/o/1\nONEOF_FIELD_ADDED #/M/o/2\n"},
    {"a whole oneof went", P3 "message M { oneof o { string a = 1; string b = 2; } }",
     P3 "message M {}", "ONEOF_REMOVED #/M/o\n"},
    {"a oneof came around one field", P3 "message M { string a = 1; }",
     P3 "message M { oneof o { string a = 1; string b = 2; } }",
     "ONEOF_ADDED #/M/o\nONEOF_FIELD_ADDED #/M/o/2\n"},
    {"a member came", P3 "message M { oneof o { string a = 1; } }",
     P3 "message M { oneof o { string a = 1; string b = 2; } }", "ONEOF_FIELD_ADDED #/M/o/2\n"},
    {"a member went", P3 "message M { oneof o { string a = 1; string b = 2; } }",
     P3 "message M { oneof o { string a = 1; } }", "!ONEOF_FIELD_REMOVED #/M/o/2\n"},
    {"a member went and its sibling left the oneof",
     P3 "message M { oneof o { string a = 1; string b = 2; } }", P3 "message M { string a = 1; }",
     "ONEOF_REMOVED #/M/o\nONEOF_FIELD_MOVED_TO_TOP_LEVEL #/M/o/1\n!ONEOF_FIELD_REMOVED #/M/o/2\n"},
    {"a member left the oneof", P3 "message M { oneof o { string a = 1; string b = 2; } }",
     P3 "message M { oneof o { string a = 1; } string b = 2; }",
     "ONEOF_FIELD_MOVED_TO_TOP_LEVEL #/M/o/2\n"},
    {"the oneof was renamed", P3 "message M { oneof o { string a = 1; } }",
     P3 "message M { oneof p { string a = 1; } }", "ONEOF_REMOVED #/M/o\nONEOF_ADDED #/M/p\n"},
    {"two fields share a oneof", P3 "message M { string a = 1; string b = 2; }",
     P3 "message M { oneof o { string a = 1; string b = 2; } }",
     "!MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o\nONEOF_ADDED #/M/o\n"},
    {"a field moved into a oneof that was there",
     P3 "message M { oneof o { string a = 1; } string b = 2; }",
     P3 "message M { oneof o { string a = 1; string b = 2; } }",
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\n"},
    {"two oneofs became one",
     P3 "message M { oneof o { string a = 1; } oneof p { string b = 2; } }",
     P3 "message M { oneof o { string a = 1; string b = 2; } }",
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\nONEOF_REMOVED #/M/p\n"},
    {"a proto3 optional is no oneof", P3 "message M { optional string a = 1; }",
     P3 "message M { string a = 1; }", ""},
    {"a field of a nested message", P3 "message M { message N { int32 a = 1; } }",
     P3 "message M { message N { string a = 1; } }", "!FIELD_SCALAR_KIND_CHANGED #/M/N/1\n"},
    {"a recursive message", P3 "message M { M m = 1; int32 a = 2; }",
     P3 "message M { M m = 1; float a = 2; }", "!FIELD_SCALAR_KIND_CHANGED #/M/2\n"},
    {"options, defaults and services are not compared",
     P2 "message M { optional int32 a = 1 [default = 1]; } service S { rpc R(M) returns (M); }",
     P2 "message M { optional int32 a = 1 [default = 2, deprecated = true]; }", ""},
    {"groups are not compared", P2 "message M { optional group G = 1 { optional int32 a = 1; } }",
     P2 "message M { optional int32 g = 1; message G { optional int32 a = 1; } }",
     "FIELD_ADDED #/M/1\n"},
    {"syntax alone", P2 "message M { optional int32 a = 1; }", P3 "message M { int32 a = 1; }", ""},
};

static stele_str describe(stele_test *t, const check_findings *found) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; i < found->count; i++) {
    const check_finding *finding = &found->at[i];
    stele_buf_printf(&out, "%s%s " STELE_STR_FMT "\n", finding->rule->incompatible ? "!" : "",
                     finding->rule->name, STELE_STR_ARG(finding->path));
    t_true(t, finding->message.len > 10);
    t_true(t, !finding->rule->incompatible || finding->rule->hint[0]);
  }
  return stele_buf_str(&out);
}

static void test_differences(stele_test *t) {
  bool seen[64] = {0};
  size_t rule_count;
  const check_rule *rules = check_confluent_rules(&rule_count);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_schemas held = {0};
    const stele_file *older = t_schema(t, &held, rows[i].old_text);
    const stele_file *newer = t_schema(t, &held, rows[i].new_text);
    check_findings backward, forward, mirrored;
    stele_err err = {0};
    t_ok(t, check_confluent(t->arena, older, newer, CHECK_BACKWARD, &backward, &err), &err);
    t_eq_str(t, describe(t, &backward), stele_cstr(rows[i].want));
    for (size_t j = 0; j < backward.count; j++) seen[backward.at[j].rule - rules] = true;

    /* Forward is backward with the two swapped. */
    t_ok(t, check_confluent(t->arena, older, newer, CHECK_FORWARD, &forward, &err), &err);
    t_ok(t, check_confluent(t->arena, newer, older, CHECK_BACKWARD, &mirrored, &err), &err);
    t_eq_str(t, describe(t, &forward), describe(t, &mirrored));
    t_schemas_free(&held);
  }
  for (size_t i = 0; i < rule_count; i++) {
    t_case(t, rules[i].name);
    t_true(t, seen[i]); /* every rule has a row that finds it */
  }
}

static void test_places_and_words(stele_test *t) {
  t_schemas held = {0};
  const stele_file *older = t_schema(t, &held, P3 "\nmessage M {\n  int32 a = 1;\n}\n");
  const stele_file *newer = t_schema(t, &held, P3 "\n\nmessage M {\n    string a = 1;\n}\n");
  check_findings found;
  stele_err err = {0};
  t_ok(t, check_confluent(t->arena, older, newer, CHECK_BACKWARD, &found, &err), &err);
  t_eq_int(t, found.count, 1);
  t_eq_int(t, found.at[0].old_place.line, 2);
  t_eq_int(t, found.at[0].old_place.column, 2);
  t_eq_int(t, found.at[0].new_place.line, 3);
  t_eq_int(t, found.at[0].new_place.column, 4);
  t_eq_str(
      t, found.at[0].message,
      STELE_STR("the field \"a\" = 1 is int32 in the old schema and string in the new schema"));

  t_ok(t, check_confluent(t->arena, older, newer, CHECK_FORWARD, &found, &err), &err);
  t_eq_int(t, found.at[0].old_place.line, 2);
  t_eq_int(t, found.at[0].new_place.line, 3);
  t_eq_str(
      t, found.at[0].message,
      STELE_STR("the field \"a\" = 1 is string in the new schema and int32 in the old schema"));
  t_schemas_free(&held);
}

#define IMPORTS P3 "import \"other.proto\"; message M { p.T a = 1; }"

static void test_imported_types_are_compared_deeply(stele_test *t) {
  static const struct {
    const char *label, *old_other, *new_other, *want;
  } pairs[] = {
      {"the same", P3 "package p; message T { int32 a = 1; }",
       P3 "package p; message T { int32 a = 1; }", ""},
      {"compatible inside", P3 "package p; message T { int32 a = 1; }",
       P3 "package p; message T { int64 a = 1; string b = 2; }", ""},
      {"incompatible inside", P3 "package p; message T { int32 a = 1; }",
       P3 "package p; message T { string a = 1; }", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
      {"incompatible two steps in",
       P3 "package p; message T { U u = 1; } message U { T back = 1; int32 a = 2; }",
       P3 "package p; message T { U u = 1; } message U { T back = 1; float a = 2; }",
       "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(pairs); i++) {
    t_case(t, pairs[i].label);
    t_schemas held = {0};
    t_text old_files[] = {{"test.proto", IMPORTS}, {"other.proto", pairs[i].old_other}};
    t_text new_files[] = {{"test.proto", IMPORTS}, {"other.proto", pairs[i].new_other}};
    const stele_file *older = t_schema_files(t, &held, old_files, 2);
    const stele_file *newer = t_schema_files(t, &held, new_files, 2);
    check_findings found;
    stele_err err = {0};
    t_ok(t, check_confluent(t->arena, older, newer, CHECK_BACKWARD, &found, &err), &err);
    t_eq_str(t, describe(t, &found), stele_cstr(pairs[i].want));
    t_schemas_free(&held);
  }
}

TEST_MAIN(test_differences, test_places_and_words, test_imported_types_are_compared_deeply)
