/* Semantic classes: a row is two schemas, the class of the step between them
 * and the rules that made it, in order. */
#include "check/semver/semver.h"

#include "base/buf.h"
#include "harness/schema.h"

#define P3 "syntax = \"proto3\"; "
#define P2 "syntax = \"proto2\"; "
#define FD "import \"google/protobuf/descriptor.proto\"; "

static const struct {
  const char *label, *old_text, *new_text;
  check_class cls;
  const char *rules;
} rows[] = {
    {"nothing", P3 "message M { string a = 1; }", P3 "message M { string a = 1; }", CHECK_NONE, ""},
    {"comments and layout", P3 "message M { string a = 1; }",
     P3 "\n// Hello.\nmessage M {\n string a=1;}", CHECK_NONE, ""},
    {"statement order", P3 "message M { string a = 1; string b = 2; }",
     P3 "message M { string b = 2; string a = 1; }", CHECK_NONE, ""},
    {"a custom option",
     P3 FD "extend google.protobuf.FieldOptions { string x = 50000; } message M { string a = 1; }",
     P3 FD "extend google.protobuf.FieldOptions { string x = 50000; } message M { string a = 1 "
           "[(x) = \"y\"]; }",
     CHECK_NONE, ""},
    {"package", P3 "package a; message M {}", P3 "package b; message M {}", CHECK_MAJOR,
     "PACKAGE_CHANGED"},
    {"message removed", P3 "message M {} message N {}", P3 "message M {}", CHECK_MAJOR,
     "MESSAGE_REMOVED"},
    {"message added", P3 "message M {}", P3 "message M {} message N {}", CHECK_MINOR,
     "MESSAGE_ADDED"},
    {"nested message removed", P3 "message M { message N {} }", P3 "message M {}", CHECK_MAJOR,
     "MESSAGE_REMOVED"},
    {"enum removed", P3 "enum E { A = 0; } message M {}", P3 "message M {}", CHECK_MAJOR,
     "ENUM_REMOVED"},
    {"enum added", P3 "message M {}", P3 "enum E { A = 0; } message M {}", CHECK_MINOR,
     "ENUM_ADDED"},
    {"enum value removed", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; }", CHECK_MAJOR,
     "ENUM_VALUE_REMOVED"},
    {"enum value added", P3 "enum E { A = 0; }", P3 "enum E { A = 0; B = 1; }", CHECK_MINOR,
     "ENUM_VALUE_ADDED"},
    {"enum value renamed", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; C = 1; }",
     CHECK_MAJOR, "ENUM_VALUE_NAME_CHANGED"},
    {"enum value renumbered", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; B = 2; }",
     CHECK_MAJOR, "ENUM_VALUE_NUMBER_CHANGED"},
    {"field removed", P3 "message M { string a = 1; }", P3 "message M {}", CHECK_MAJOR,
     "FIELD_REMOVED"},
    {"a map becomes a list of what looks like its entries",
     P3 "message M { map<string, int32> m = 1; }",
     P3 "message M { message MEntry { string key = 1; int32 value = 2; } repeated MEntry m = 1; }",
     CHECK_MAJOR, "FIELD_TYPE_CHANGED MESSAGE_ADDED"},
    {"a list becomes a map",
     P3 "message M { message MEntry { string key = 1; int32 value = 2; } repeated MEntry m = 1; }",
     P3 "message M { map<string, int32> m = 1; }", CHECK_MAJOR,
     "FIELD_TYPE_CHANGED MESSAGE_REMOVED"},
    {"proto2 becomes an edition",
     P2 "message M { optional string a = 1; required int32 q = 2; optional group G = 3 {} enum E { "
        "A = 0; } }",
     "edition = \"2023\"; option features.enum_type = CLOSED; message M { string a = 1; "
     "int32 q = 2 [features.field_presence = LEGACY_REQUIRED]; message G {} "
     "G g = 3 [features.message_encoding = DELIMITED]; enum E { A = 0; } }",
     CHECK_NONE, ""},
    {"proto3 becomes an edition",
     P3 "message M { string a = 1; optional int32 b = 2; repeated int32 c = 3; }",
     "edition = \"2023\"; option features.field_presence = IMPLICIT; message M { string a = 1; "
     "int32 b = 2 [features.field_presence = EXPLICIT]; repeated int32 c = 3; }",
     CHECK_NONE, ""},
    {"members leave a oneof for optional",
     P3 "message M { oneof o { string a = 1; int32 b = 2; } }",
     P3 "message M { optional string a = 1; optional int32 b = 2; }", CHECK_MAJOR,
     "FIELD_ONEOF_CHANGED FIELD_ONEOF_CHANGED ONEOF_REMOVED"},
    {"names change places", P3 "message M { string a = 1; string b = 2; }",
     P3 "message M { string b = 1; string a = 2; }", CHECK_MAJOR,
     "FIELD_NAME_CHANGED FIELD_NAME_CHANGED"},
    {"what is reserved", P3 "message M { reserved 2, 5 to 9; reserved \"x\"; }",
     P3 "message M { reserved 5 to 7; reserved \"y\"; }", CHECK_NONE, ""},
    {"defaults that are spelt in another way",
     P2 "message M { optional double d = 1 [default = 1e3]; optional bytes b = 2 [default = "
        "\"\\x41\"]; }",
     P2 "message M { optional double d = 1 [default = 1000]; optional bytes b = 2 [default = "
        "\"A\"]; }",
     CHECK_NONE, ""},
    {"field removed although reserved", P3 "message M { string a = 1; }",
     P3 "message M { reserved 1; reserved \"a\"; }", CHECK_MAJOR, "FIELD_REMOVED"},
    {"field added", P3 "message M {}", P3 "message M { string a = 1; }", CHECK_MINOR,
     "FIELD_ADDED"},
    {"field renamed", P3 "message M { string a = 1; }", P3 "message M { string b = 1; }",
     CHECK_MAJOR, "FIELD_NAME_CHANGED"},
    {"field renumbered", P3 "message M { string a = 1; }", P3 "message M { string a = 2; }",
     CHECK_MAJOR, "FIELD_NUMBER_CHANGED"},
    {"json name", P3 "message M { string a = 1; }",
     P3 "message M { string a = 1 [json_name = \"x\"]; }", CHECK_MAJOR, "FIELD_JSON_NAME_CHANGED"},
    {"type", P3 "message M { int32 a = 1; }", P3 "message M { int64 a = 1; }", CHECK_MAJOR,
     "FIELD_TYPE_CHANGED"},
    {"message type", P3 "message M { M a = 1; } message N {}",
     P3 "message M { N a = 1; } message N {}", CHECK_MAJOR, "FIELD_TYPE_CHANGED"},
    {"map value", P3 "message M { map<string, int32> a = 1; }",
     P3 "message M { map<string, bool> a = 1; }", CHECK_MAJOR, "FIELD_TYPE_CHANGED"},
    {"map removed: only the field", P3 "message M { map<string, int32> a = 1; }", P3 "message M {}",
     CHECK_MAJOR, "FIELD_REMOVED"},
    {"cardinality", P3 "message M { int32 a = 1; }", P3 "message M { repeated int32 a = 1; }",
     CHECK_MAJOR, "FIELD_CARDINALITY_CHANGED"},
    {"required", P2 "message M { optional int32 a = 1; }", P2 "message M { required int32 a = 1; }",
     CHECK_MAJOR, "FIELD_CARDINALITY_CHANGED"},
    {"presence", P3 "message M { int32 a = 1; }", P3 "message M { optional int32 a = 1; }",
     CHECK_MAJOR, "FIELD_PRESENCE_CHANGED"},
    {"into a oneof", P3 "message M { int32 a = 1; }", P3 "message M { oneof o { int32 a = 1; } }",
     CHECK_MAJOR, "FIELD_ONEOF_CHANGED ONEOF_ADDED"},
    {"oneof removed", P3 "message M { oneof o { int32 a = 1; } }", P3 "message M { int32 a = 1; }",
     CHECK_MAJOR, "FIELD_ONEOF_CHANGED ONEOF_REMOVED"},
    {"default", P2 "message M { optional int32 a = 1 [default = 1]; }",
     P2 "message M { optional int32 a = 1 [default = 2]; }", CHECK_MAJOR, "FIELD_DEFAULT_CHANGED"},
    {"a default spelled otherwise", P2 "message M { optional int32 a = 1 [default = 16]; }",
     P2 "message M { optional int32 a = 1 [default = 0x10]; }", CHECK_NONE, ""},
    {"packed", P2 "message M { repeated int32 a = 1; }",
     P2 "message M { repeated int32 a = 1 [packed = true]; }", CHECK_PATCH,
     "FIELD_PACKING_CHANGED"},
    {"deprecated", P3 "message M { int32 a = 1; }",
     P3 "message M { int32 a = 1 [deprecated = true]; }", CHECK_MINOR, "DEPRECATED"},
    {"undeprecated", P3 "message M { int32 a = 1 [deprecated = true]; }",
     P3 "message M { int32 a = 1; }", CHECK_PATCH, "UNDEPRECATED"},
    {"service removed", P3 "message M {} service S {}", P3 "message M {}", CHECK_MAJOR,
     "SERVICE_REMOVED"},
    {"service added", P3 "message M {}", P3 "message M {} service S {}", CHECK_MINOR,
     "SERVICE_ADDED"},
    {"method removed", P3 "message M {} service S { rpc R(M) returns (M); }",
     P3 "message M {} service S {}", CHECK_MAJOR, "METHOD_REMOVED"},
    {"method added", P3 "message M {} service S {}",
     P3 "message M {} service S { rpc R(M) returns (M); }", CHECK_MINOR, "METHOD_ADDED"},
    {"method input", P3 "message M {} message N {} service S { rpc R(M) returns (M); }",
     P3 "message M {} message N {} service S { rpc R(N) returns (M); }", CHECK_MAJOR,
     "METHOD_INPUT_CHANGED"},
    {"method output", P3 "message M {} message N {} service S { rpc R(M) returns (M); }",
     P3 "message M {} message N {} service S { rpc R(M) returns (N); }", CHECK_MAJOR,
     "METHOD_OUTPUT_CHANGED"},
    {"streaming", P3 "message M {} service S { rpc R(M) returns (M); }",
     P3 "message M {} service S { rpc R(stream M) returns (M); }", CHECK_MAJOR,
     "METHOD_STREAMING_CHANGED"},
    {"extension removed",
     P2 "message M { extensions 100 to 200; } extend M { optional int32 x = 100; }",
     P2 "message M { extensions 100 to 200; }", CHECK_MAJOR, "EXTENSION_REMOVED"},
    {"extension added", P2 "message M { extensions 100 to 200; }",
     P2 "message M { extensions 100 to 200; } extend M { optional int32 x = 100; }", CHECK_MINOR,
     "EXTENSION_ADDED"},
    {"extension range cut in two stays", P2 "message M { extensions 100 to 200; }",
     P2 "message M { extensions 100 to 150, 151 to 200; }", CHECK_NONE, ""},
    {"extension range smaller", P2 "message M { extensions 100 to 200; }",
     P2 "message M { extensions 100 to 150; }", CHECK_MAJOR, "EXTENSION_RANGE_REMOVED"},
    {"extension range larger", P2 "message M { extensions 100 to 200; }",
     P2 "message M { extensions 100 to 250; }", CHECK_MINOR, "EXTENSION_RANGE_ADDED"},
    {"code option", P3 "option go_package = \"a\"; message M {}",
     P3 "option go_package = \"b\"; message M {}", CHECK_MAJOR, "CODE_OPTION_CHANGED"},
    {"an option for code size only", P3 "message M {}",
     P3 "option optimize_for = SPEED; message M {}", CHECK_NONE, ""},
    {"enum openness", P2 "enum E { A = 0; }", P3 "enum E { A = 0; }", CHECK_MAJOR,
     "ENUM_TYPE_CHANGED"},
    {"proto2 to an edition with the same meaning", P2 "message M { optional string a = 1; }",
     "edition = \"2023\"; option features.utf8_validation = NONE; message M { string a = 1; }",
     CHECK_NONE, ""},
    {"the highest class comes first", P3 "message M { string a = 1; }",
     P3 "message N {} message M { int32 a = 1; }", CHECK_MAJOR, "FIELD_TYPE_CHANGED MESSAGE_ADDED"},
    {"public import removed", P3 "import public \"google/protobuf/empty.proto\"; message M {}",
     P3 "message M {}", CHECK_MAJOR, "PUBLIC_IMPORT_REMOVED"},
    {"public import added", P3 "message M {}",
     P3 "import public \"google/protobuf/empty.proto\"; message M {}", CHECK_MINOR,
     "PUBLIC_IMPORT_ADDED"},
    {"group encoding", P2 "message M { optional group G = 1 {} }",
     "edition = \"2023\"; option features.enum_type = CLOSED; message M { message G {} G g = 1; }",
     CHECK_MAJOR, "FIELD_ENCODING_CHANGED"},
    {"message set", P2 "message M { extensions 4 to max; }",
     P2 "message M { option message_set_wire_format = true; extensions 4 to max; }", CHECK_MAJOR,
     "MESSAGE_ENCODING_CHANGED EXTENSION_RANGE_ADDED"},
};

static void test_classes(stele_test *t) {
  bool seen[64] = {0};
  size_t rule_count;
  const check_rule *rules = check_semver_rules(&rule_count);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_schemas held = {0};
    const stele_file *older = t_schema(t, &held, rows[i].old_text);
    const stele_file *newer = t_schema(t, &held, rows[i].new_text);
    check_class cls = CHECK_NONE;
    check_findings found;
    stele_err err = {0};
    t_ok(t, check_semver(t->arena, older, newer, &cls, &found, &err), &err);
    stele_buf names;
    stele_buf_init(&names, t->arena, 0);
    for (size_t j = 0; j < found.count; j++) {
      stele_buf_printf(&names, "%s%s", j ? " " : "", found.at[j].rule->name);
      seen[found.at[j].rule - rules] = true;
      t_true(t, found.at[j].message.len > 5);
    }
    t_eq_str(t, stele_buf_str(&names), stele_cstr(rows[i].rules));
    t_eq_str(t, stele_cstr(check_class_text(cls)), stele_cstr(check_class_text(rows[i].cls)));
    t_schemas_free(&held);
  }
  t_schemas held = {0};
  const stele_file *trees[] = {t_schema(t, &held, P3 "message M {}"),
                               t_schema(t, &held, P3 "\nmessage M {}")};
  for (size_t from = 0; from < 3; from++) { /* changed, come, gone */
    check_class cls;
    check_findings found;
    stele_err err = {0};
    t_ok(t, check_semver_tree(t->arena, trees, from != 1, trees + 1, from != 2, &cls, &found, &err),
         &err);
    t_eq_int(t, found.count, 1);
    seen[found.at[0].rule - rules] = true;
  }
  t_schemas_free(&held);
  for (size_t i = 0; i < rule_count; i++) {
    t_case(t, rules[i].name);
    t_true(t, seen[i]);
  }
}

/* ---- very many ------------------------------------------------------------------ */

enum { MANY = 10000 };

/* Members from the last to the first, every third by another name. */
static stele_str many(stele_arena *arena, const char *open, const char *member, const char *close,
                      bool is_newer) {
  stele_buf text;
  stele_buf_init(&text, arena, 0);
  stele_buf_add_cstr(&text, open);
  for (int i = 0; i < MANY; i++) {
    int n = is_newer ? MANY - i : i + 1;
    const char *suffix = is_newer && n % 3 == 0 ? "x" : "";
    for (const char *at = member; *at; at++) {
      if (*at == '#') {
        stele_buf_printf(&text, "%d%s", n, suffix);
      } else if (*at == '@') {
        stele_buf_printf(&text, "%d", n < 19000 ? n : n + 1000);
      } else {
        stele_buf_add_byte(&text, (uint8_t)*at);
      }
    }
  }
  stele_buf_add_cstr(&text, close);
  stele_buf_add_byte(&text, 0);
  return stele_buf_str(&text);
}

/* Ten thousand of one kind: each is found again by its number or its name. A walk over all
 * for each would take this test minutes. */
static void test_very_many(stele_test *t) {
  static const struct {
    const char *label, *open, *member, *close;
    size_t changes; /* a third is renamed: found by number, else removed and added */
  } kinds[] = {
      {"fields", P3 "message M {", "int32 f# = @;", "}", MANY / 3},
      {"values", P3 "enum E { Z = 0;", "V# = @;", "}", MANY / 3},
      {"messages", P3, "message M# {}", "", MANY / 3 * 2},
      {"nested", P3 "message O {", "message M# {}", "}", MANY / 3 * 2},
      {"enums", P3, "enum E# { A# = 0; }", "", MANY / 3 * 2},
      {"oneofs", P3 "message M {", "oneof o# { int32 f# = @; }", "}", MANY / 3 * 4},
      {"methods", P3 "message R {} service S {", "rpc m#(R) returns (R);", "}", MANY / 3 * 2},
      {"services", P3, "service S# {}", "", MANY / 3 * 2},
      {"ranges", P2 "message M {", "extensions @;", "}", 0},
  };
  for (size_t i = 0; i < STELE_COUNT(kinds); i++) {
    t_case(t, kinds[i].label);
    t_schemas held = {0};
    const char *texts[2];
    for (int side = 0; side < 2; side++) {
      texts[side] = many(t->arena, kinds[i].open, kinds[i].member, kinds[i].close, side == 1).ptr;
    }
    const stele_file *older = t_schema(t, &held, texts[0]), *newer = t_schema(t, &held, texts[1]);
    check_class cls;
    check_findings found;
    stele_err err = {0};
    t_ok(t, check_semver(t->arena, older, newer, &cls, &found, &err), &err);
    t_eq_int(t, (long long)found.count, (long long)kinds[i].changes);
    t_schemas_free(&held);
  }
}

TEST_MAIN(test_classes, test_very_many)
