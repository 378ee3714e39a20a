/* Printing: what each form looks like, and that print and compile undo each
 * other. */
#include "base/digest.h"
#include "harness/proto.h"
#include "harness/test.h"

static const stele_print_form forms[] = {STELE_PRINT_CANONICAL, STELE_PRINT_NORMALISED,
                                         STELE_PRINT_IGNORE_EXTENSIONS, STELE_PRINT_EXACT};

static const char other_text[] =
    "syntax = \"proto2\"; package p.o;\n"
    "import \"google/protobuf/descriptor.proto\";\n"
    "message Other { extensions 100 to max; message In { } enum Kind { K0 = 0; K1 = 1; } }\n"
    "message Rule {\n"
    "  optional string doc = 1; repeated string tags = 2; map<string, int32> params = 3;\n"
    "  optional Rule inner = 4; repeated Rule all = 5; optional double d = 6;\n"
    "  optional float f = 7; optional bytes raw = 8; optional Other.Kind kind = 9;\n"
    "  optional sint64 z = 10; repeated fixed32 packed = 11 [packed = true];\n"
    "  optional group Grp = 12 { optional bool on = 1; } extensions 100 to 199; }\n"
    "extend Rule { optional string extra = 100; }\n"
    "extend google.protobuf.FileOptions { optional Rule file_rule = 50001; }\n"
    "extend google.protobuf.MessageOptions { optional Rule message_rule = 50001;\n"
    "  repeated int32 numbers = 50002; }\n"
    "extend google.protobuf.FieldOptions { optional Rule field_rule = 50001;\n"
    "  optional string tag = 50002; optional double d = 50003; optional float f = 50004;\n"
    "  optional Other.Kind kind = 50005; optional bytes raw = 50006; }\n"
    "extend google.protobuf.OneofOptions { optional string oneof_tag = 50001; }\n"
    "extend google.protobuf.EnumOptions { optional string enum_tag = 50001; }\n"
    "extend google.protobuf.EnumValueOptions { optional string value_tag = 50001; }\n"
    "extend google.protobuf.ServiceOptions { optional string service_tag = 50001; }\n"
    "extend google.protobuf.MethodOptions { optional Rule method_rule = 50001; }\n"
    "extend google.protobuf.ExtensionRangeOptions { optional string range_tag = 50001; }\n";

static proto_made compile_text(stele_test *t, const char *text) {
  proto_source sources[] = {{.path = "in.proto", .bytes = stele_str_bytes(stele_cstr(text))},
                            {.path = "o.proto", .bytes = stele_str_bytes(stele_cstr(other_text))}};
  proto_made made = proto_compile(t->arena, sources, STELE_COUNT(sources), "in.proto");
  if (!made.file) t_eq_str(t, made.findings, STELE_STR("(a file)"));
  return made;
}

static stele_str print(stele_test *t, const stele_file *file, stele_print_form form) {
  stele_err err = {0};
  stele_str text = proto_print(t->arena, file, form, &err);
  t_ok(t, text.ptr != NULL, &err);
  return text;
}

static void check_all(stele_test *t, const stele_file *file, const char *label) {
  const char *fault = proto_print_faults(t->arena, file);
  t_case(t, label);
  if (fault) t_eq_str(t, stele_cstr(fault), STELE_STR(""));
}

/* From the text, and from the descriptor of the text. */
static void check_both(stele_test *t, const char *label, const char *text) {
  proto_made made = compile_text(t, text);
  if (!made.file) return;
  check_all(t, made.file, label);
  proto_source descriptor = {.bytes = proto_descriptor(t->arena, made.file), .is_descriptor = true};
  proto_made decoded = proto_compile_again(t->arena, made.file, &descriptor);
  if (!decoded.file) t_eq_str(t, decoded.findings, STELE_STR("(a file from the descriptor)"));
  if (decoded.file) {
    stele_str name = stele_str_printf(t->arena, "%s, from a descriptor", label);
    check_all(t, decoded.file, stele_str_copy(t->arena, name).ptr);
  }
  proto_release(&decoded);
  proto_release(&made);
}

/* ---- What it looks like ------------------------------------------------- */

typedef struct look_row {
  const char *label;
  stele_print_form form;
  const char *in, *want;
} look_row;

static void check_looks(stele_test *t, const look_row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    t_case(t, rows[i].label);
    proto_made made = compile_text(t, rows[i].in);
    if (made.file) {
      t_eq_str(t, print(t, made.file, rows[i].form), stele_cstr(rows[i].want));
      check_all(t, made.file, rows[i].label);
    }
    proto_release(&made);
  }
}

#define CANONICAL STELE_PRINT_CANONICAL
#define NORMALISED STELE_PRINT_NORMALISED
#define IGNORE STELE_PRINT_IGNORE_EXTENSIONS
#define EXACT STELE_PRINT_EXACT

static void test_layout(stele_test *t) {
  static const look_row rows[] = {
      {"a file of one message", CANONICAL,
       "syntax='proto3';package com.example;/* gone */message Message1{string f1=1;string f2=2;}",
       "syntax = \"proto3\";\npackage com.example;\n\nmessage Message1 {\n  string f1 = 1;\n"
       "  string f2 = 2;\n}\n"},
      {"no syntax line where none was", CANONICAL, "message M {}", "\nmessage M {}\n"},
      {"a proto2 line stays", CANONICAL, "syntax = \"proto2\"; message M {}",
       "syntax = \"proto2\";\n\nmessage M {}\n"},
      {"and goes when normalised", NORMALISED, "syntax = \"proto2\"; message M {}",
       "\nmessage M {}\n"},
      {"an empty file", CANONICAL, "", ""},
      {"an edition", CANONICAL, "edition = \"2023\"; message M { string s = 1; }",
       "edition = \"2023\";\n\nmessage M {\n  string s = 1;\n}\n"},
      {"sections of a message, and their blank lines", CANONICAL,
       "syntax = \"proto2\";\nmessage M {\n enum E { Z = 0; reserved 5, 7 to 9, 11 to max;"
       " reserved \"Q\"; }\n message N { message D { reserved 3; optional int32 x = 1; }"
       " optional D d = 1; oneof o { int32 a = 2; D b = 3; } }\n"
       " reserved 4, 6 to 8; reserved \"a\", \"b\"; extensions 100 to 199, 500 to max;\n"
       " required N n = 1; repeated E e = 2;\n map<int32, N> m = 3;\n"
       " optional group G = 5 { optional int32 g = 1; }\n extend M { optional int32 x = 100; }\n}",
       "syntax = \"proto2\";\n\nmessage M {\n  reserved 4, 6 to 8;\n  reserved \"a\", \"b\";\n\n"
       "  required N n = 1;\n  repeated E e = 2;\n  map<int32, N> m = 3;\n\n"
       "  extensions 100 to 199, 500 to max;\n\n"
       "  extend M {\n    optional int32 x = 100;\n  }\n\n"
       "  message N {\n    optional D d = 1;\n  \n    oneof o {\n      int32 a = 2;\n"
       "      D b = 3;\n    }\n  \n    message D {\n      reserved 3;\n    \n"
       "      optional int32 x = 1;\n    }\n  }\n"
       "  optional group G = 5 {\n    optional int32 g = 1;\n  }\n"
       "  enum E {\n    reserved 5, 7 to 9, 11 to max;\n    reserved \"Q\";\n    Z = 0;\n  }\n}\n"},
      {"messages, then enums, extends, services", CANONICAL,
       "syntax = \"proto2\"; package p; service S { rpc A(M) returns (stream .p.M); rpc B(stream M)"
       " returns (M) { option deprecated = true; } }\nimport public 'o.proto';"
       "extend p.o.Other { optional int32 x = 100; repeated M y = 101; } enum E { Z = 0; }"
       " message M {} option java_package = 'x'; option optimize_for = SPEED;",
       "syntax = \"proto2\";\npackage p;\n\nimport public \"o.proto\";\n\n"
       "option java_package = \"x\";\noption optimize_for = SPEED;\n\n"
       "message M {}\nenum E {\n  Z = 0;\n}\n\n"
       "extend p.o.Other {\n  optional int32 x = 100;\n  repeated M y = 101;\n}\n\n"
       "service S {\n  rpc A (M) returns (stream .p.M);\n"
       "  rpc B (stream M) returns (M) {\n    option deprecated = true;\n  };\n}\n"},
      {"proto3 optional, oneof options, service options", CANONICAL,
       "syntax = \"proto3\"; package p; import 'o.proto';\n"
       "message M { optional int32 a = 1; oneof o { option (p.o.oneof_tag) = 'x'; int32 b = 2; } }"
       " service S { option deprecated = true; rpc R(M) returns (M); }",
       "syntax = \"proto3\";\npackage p;\n\nimport \"o.proto\";\n\n"
       "message M {\n  optional int32 a = 1;\n\n  oneof o {\n"
       "    option (p.o.oneof_tag) = \"x\";\n  \n    int32 b = 2;\n  }\n}\n\n"
       "service S {\n  option deprecated = true;\n\n  rpc R (M) returns (M);\n}\n"},
      {"a group before the messages has its section", CANONICAL,
       "syntax = \"proto2\"; message M { repeated group G = 1 { optional int32 a = 1; }"
       " message N {} oneof o { group H = 2 {} int32 c = 3; } }",
       "syntax = \"proto2\";\n\nmessage M {\n  repeated group G = 1 {\n    optional int32 a = 1;\n"
       "  }\n  message N {}\n  oneof o {\n    int32 c = 3;\n  \n    group H = 2 {}\n  }\n}\n"},
  };
  check_looks(t, rows, STELE_COUNT(rows));
}

static void test_options(stele_test *t) {
  static const look_row rows[] = {
      {"one option stands in line, several have lines", CANONICAL,
       "syntax = \"proto2\"; message M { optional int32 a = 1 [deprecated=true];"
       " optional int32 b = 2 [default = 0x10, deprecated = true, json_name = 'c'];"
       " optional string s = 3 [default = 'it\\'s \\x01 \\303\\244']; "
       " optional bytes y = 4 [default = '\\xff\\\"a']; optional float f = 5 [default = 1e10];"
       " optional double d = 6 [default = -inf]; }",
       "syntax = \"proto2\";\n\nmessage M {\n  optional int32 a = 1 [deprecated = true];\n"
       "  optional int32 b = 2 [\n    deprecated = true,\n    default = 16,\n"
       "    json_name = \"c\"\n  ];\n"
       "  optional string s = 3 [default = \"it\\'s \\001 \xc3\xa4\"];\n"
       "  optional bytes y = 4 [default = \"\\377\\\"a\"];\n"
       "  optional float f = 5 [default = 1e+10];\n"
       "  optional double d = 6 [default = -inf];\n}\n"},
      {"numbers are plain when normalised", NORMALISED,
       "syntax = \"proto2\"; message M { optional float f = 5 [default = 1e10];"
       " optional double d = 6 [default = 123.4567E+2]; optional double e = 7 [default = 123E-1];"
       " optional double g = 8 [default = 5e-7]; optional double h = 9 [default = 1e300]; }",
       "\nmessage M {\n  optional float f = 5 [default = 10000000000];\n"
       "  optional double d = 6 [default = 12345.67];\n  optional double e = 7 [default = 12.3];\n"
       "  optional double g = 8 [default = 0.0000005];\n"
       "  optional double h = 9 [default = 1e+300];\n}\n"},
      {"statements keep their order and their dots", CANONICAL,
       "syntax = \"proto3\"; package p; import 'o.proto';\nmessage M {\n"
       " option (p.o.numbers) = 3; option (o.message_rule).inner.(p.o.extra) = 'e';\n"
       " option (p.o.numbers) = 1; option deprecated = true;\n"
       " option (p.o.message_rule).tags = 'b';\n option (p.o.message_rule).tags = 'a'; }",
       "syntax = \"proto3\";\npackage p;\n\nimport \"o.proto\";\n\nmessage M {\n"
       "  option (p.o.numbers) = 3;\n  option (p.o.message_rule).inner.(p.o.extra) = \"e\";\n"
       "  option (p.o.numbers) = 1;\n  option deprecated = true;\n"
       "  option (p.o.message_rule).tags = \"b\";\n  option (p.o.message_rule).tags = \"a\";\n}\n"},
      {"and become one literal when normalised", NORMALISED,
       "syntax = \"proto3\"; package p; import 'o.proto';\nmessage M {\n"
       " option (p.o.numbers) = 3; option (o.message_rule).inner.(p.o.extra) = 'e';\n"
       " option (p.o.numbers) = 1; option deprecated = true;\n"
       " option (p.o.message_rule).tags = 'b';\n option (p.o.message_rule).tags = 'a'; }",
       "syntax = \"proto3\";\npackage p;\n\nimport \"o.proto\";\n\nmessage M {\n"
       "  option (p.o.message_rule) = {\n    inner: {\n      [p.o.extra]: \"e\"\n    },\n"
       "    tags: [\n      \"b\",\n      \"a\"\n    ]\n  };\n"
       "  option (p.o.numbers) = 3;\n  option (p.o.numbers) = 1;\n"
       "  option deprecated = true;\n}\n"},
      {"a literal of everything", CANONICAL,
       "syntax = \"proto3\"; package p; import 'o.proto';\nmessage M {\n"
       " string s = 1 [(p.o.field_rule) = { kind: K1, d: -0.0 f: 0.1 raw: '\\xff', z: -5\n"
       " params { key: 'k' value: 7 } packed: [1, 2] all [{doc: 'x'}, {}] Grp { on: true }\n"
       " [p.o.extra]: 'é' }]; }",
       "syntax = \"proto3\";\npackage p;\n\nimport \"o.proto\";\n\nmessage M {\n"
       "  string s = 1 [(p.o.field_rule) = {\n    params: {\n      key: \"k\",\n      value: 7\n"
       "    },\n    all: [\n      {\n        doc: \"x\"\n      },\n      {\n      }\n    ],\n"
       "    d: -0.0,\n    f: 0.1,\n    raw: \"\\377\",\n    kind: K1,\n    z: -5,\n"
       "    packed: [\n      1,\n      2\n    ],\n    Grp: {\n      on: true\n    },\n"
       "    [p.o.extra]: \"\xc3\xa9\"\n  }];\n}\n"},
      {"a nearer name needs a leading dot", CANONICAL,
       "syntax = \"proto3\"; package a.p; import 'o.proto'; import 'google/protobuf/any.proto';"
       "message google { message protobuf { } } message M { option (.p.o.numbers) = 1;"
       " .google.protobuf.Any a = 1; string s = 2 [(.p.o.tag) = 'x']; }",
       "syntax = \"proto3\";\npackage a.p;\n\nimport \"o.proto\";\n"
       "import \"google/protobuf/any.proto\";\n\nmessage google {\n  message protobuf {}\n}\n"
       "message M {\n  option (.p.o.numbers) = 1;\n\n  .google.protobuf.Any a = 1;\n"
       "  string s = 2 [(.p.o.tag) = \"x\"];\n}\n"},
      {"features", CANONICAL,
       "edition = \"2023\"; option features.field_presence = IMPLICIT; message M {"
       " M m = 1 [features.message_encoding = DELIMITED, deprecated = true]; reserved x, y; }",
       "edition = \"2023\";\n\noption features.field_presence = IMPLICIT;\n\nmessage M {\n"
       "  reserved x, y;\n\n  M m = 1 [\n    features.message_encoding = DELIMITED,\n"
       "    deprecated = true\n  ];\n}\n"},
      {"without extensions", IGNORE,
       "syntax = \"proto2\"; package p; import 'o.proto'; import 'confluent/meta.proto';"
       " message M { extensions 100 to 200 [(p.o.range_tag) = 'x']; option (p.o.numbers) = 1;"
       " optional string s = 1 [(p.o.tag) = 'x', (confluent.field_meta).doc = 'd'];"
       " extend M { optional int32 e = 100; } } extend M { optional int32 f = 101; }",
       "syntax = \"proto2\";\npackage p;\n\nimport \"o.proto\";\nimport \"confluent/meta.proto\";"
       "\n\nmessage M {\n  optional string s = 1 [(confluent.field_meta).doc = \"d\"];\n}\n"},
  };
  check_looks(t, rows, STELE_COUNT(rows));
}

static void test_normalised(stele_test *t) {
  static const look_row rows[] = {
      {"what has no order is sorted", NORMALISED,
       "syntax = \"proto3\"; package p; import 'o.proto'; import 'google/protobuf/any.proto';\n"
       "option java_package = 'x'; option go_package = 'y';\n"
       "message M { reserved 9, 5 to 7, 8; reserved 'z', 'y'; oneof late { int32 c = 40;"
       " M d = 30; } int32 b = 2; o.Other a = 1; oneof early { int32 e = 20; }"
       " enum E { Z = 0; T = 3; N = -1; S = 2; } map<string, E> m = 3 [json_name = 'm']; }",
       "syntax = \"proto3\";\npackage p;\n\nimport \"google/protobuf/any.proto\";\n"
       "import \"o.proto\";\n\noption go_package = \"y\";\noption java_package = \"x\";\n\n"
       "message M {\n  reserved 5 to 9;\n  reserved \"y\";\n  reserved \"z\";\n\n"
       "  .p.o.Other a = 1;\n  int32 b = 2;\n  map<string, .p.M.E> m = 3;\n\n"
       "  oneof early {\n    int32 e = 20;\n  }\n  oneof late {\n    .p.M d = 30;\n"
       "    int32 c = 40;\n  }\n\n  enum E {\n    Z = 0;\n    N = -1;\n    S = 2;\n    T = 3;\n"
       "  }\n}\n"},
      {"the first value of a closed enum is its default", NORMALISED,
       "enum E { B = 5; C = 1; A = 3; }", "\nenum E {\n  B = 5;\n  C = 1;\n  A = 3;\n}\n"},
      {"ranges of one line each, options apart", NORMALISED,
       "import 'o.proto'; message M { extensions 300, 100 to 199, 200 to 250;"
       " extensions 400, 401 [(p.o.range_tag) = 'x']; }",
       "\nimport \"o.proto\";\n\nmessage M {\n  extensions 100 to 250;\n  extensions 300;\n"
       "  extensions 400 [(p.o.range_tag) = \"x\"];\n"
       "  extensions 401 [(p.o.range_tag) = \"x\"];\n}\n"},
      {"extends are grouped", NORMALISED,
       "package p; import 'o.proto'; message A { extensions 100 to max; }\n"
       "extend p.o.Other { optional int32 z = 101; } extend A { optional int32 x = 100; }\n"
       "extend p.o.Other { optional int32 y = 100; }",
       "package p;\n\nimport \"o.proto\";\n\nmessage A {\n  extensions 100 to max;\n}\n\n"
       "extend .p.A {\n  optional int32 x = 100;\n}\nextend .p.o.Other {\n"
       "  optional int32 y = 100;\n  optional int32 z = 101;\n}\n"},
  };
  check_looks(t, rows, STELE_COUNT(rows));
}

/* ---- Comments and order -------------------------------------------------- */

static void test_comments(stele_test *t) {
  static const look_row rows[] = {
      {"each at its declaration", CANONICAL,
       "// Alone.\n\n// Leads.\nsyntax = \"proto3\"; // Trails.\n/* A block. */\npackage p; /* T "
       "*/\n"
       "// I\nimport \"o.proto\";\n// U\n\n// O\noption java_package = 'x'; // P\n"
       "// M\nmessage M { // N\n  // F\n  int32 a = 1; // G\n\n  // of several\n  // lines\n\n"
       "  int32 b = 2;\n  // trails b,\n  // too\n\n  oneof o { // W\n    // C\n    int32 c = 3; } "
       "}\n"
       "// E\nenum E { // D\n Z = 0; /* of\n   * two */\n}\n",
       "// Alone.\n\n// Leads.\nsyntax = \"proto3\"; // Trails.\n/* A block. */\npackage p; /* T "
       "*/\n\n"
       "// I\nimport \"o.proto\"; // U\n\n// O\noption java_package = \"x\"; // P\n\n"
       "// M\nmessage M { // N\n  // F\n  int32 a = 1; // G\n\n  // of several\n  // lines\n\n"
       "  int32 b = 2;\n  // trails b,\n  // too\n\n  oneof o { // W\n    // C\n    int32 c = 3;\n "
       " }\n"
       "}\n// E\nenum E { // D\n  Z = 0;\n  /* of\n   * two */\n}\n"},
      {"of what has no element of its own", CANONICAL,
       "message M {\n// A\nreserved 1; // B\nreserved 2, 3;\n// C\nreserved 4;\n// D\nreserved "
       "'a';\n"
       "// E\nextensions 10;\n// F\nextensions 11; }\n// G\nextend M { optional int32 x = 10; }\n"
       "// H\nextend M { optional int32 y = 11; }\n",
       "\nmessage M {\n  // A\n  reserved 1, 2, 3; // B\n  // C\n  reserved 4;\n"
       "  // D\n  reserved \"a\";\n\n  // E\n  extensions 10;\n  // F\n  extensions 11;\n}\n\n"
       "// G\nextend M {\n  optional int32 x = 10;\n}\n// H\nextend M {\n  optional int32 y = "
       "11;\n}\n"},
      {"of options that become one literal", NORMALISED,
       "syntax = \"proto3\"; package p; import 'o.proto';\nmessage M {\n"
       " // A\n option (o.message_rule).doc = 'a'; // B\n"
       " // C\n option (o.message_rule).d = 1; // D\n}",
       "syntax = \"proto3\";\npackage p;\n\nimport \"o.proto\";\n\nmessage M {\n\n  // C\n\n  // "
       "D\n\n"
       "  // A\n  option (p.o.message_rule) = {\n    d: 1,\n    doc: \"a\"\n  }; // B\n}\n"},
      {"words that no block can hold end their line", CANONICAL, "package p; // a /* b */",
       "package p; // a /* b */\n"},
      {"a block of one line stays one", CANONICAL, "/* a */ package p;", "/* a */\npackage p;\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].label);
    proto_made made = compile_text(t, rows[i].in);
    stele_print_options options = {rows[i].form, true};
    t_eq_str(t, proto_print_as(t->arena, made.file, &options, &err), stele_cstr(rows[i].want));
    check_all(t, made.file, rows[i].label);
    proto_release(&made);
  }
}

static void test_exact(stele_test *t) {
  static const look_row rows[] = {
      {"fields, oneofs and what declares messages stay in place", EXACT,
       "syntax = \"proto3\"; package p; import 'google/protobuf/any.proto'; import public "
       "'o.proto';\n"
       "message M { oneof o { int32 a = 1; } int32 b = 2; message A {} map<string, A> c = 3;\n"
       "  enum E { Z = 0; } message B {} int32 d = 4; reserved 9, 8; google.protobuf.Any e = 5; }\n"
       "service S { rpc R(M) returns (M) {} }",
       "syntax = \"proto3\";\n\npackage p;\n\nimport \"google/protobuf/any.proto\";\n"
       "import public \"o.proto\";\n\nmessage M {\n  reserved 9, 8;\n\n  oneof o {\n    int32 a = "
       "1;\n"
       "  }\n\n  int32 b = 2;\n\n  message A {}\n\n  map<string, A> c = 3;\n  int32 d = 4;\n"
       "  google.protobuf.Any e = 5;\n\n  message B {}\n\n  enum E {\n    Z = 0;\n  }\n}\n\n"
       "service S {\n  rpc R (M) returns (M) {}\n}\n"},
      {"groups", EXACT,
       "message M { extensions 10 to 20; message A {} optional group G = 1 {}\n"
       " extend M { optional int32 x = 10; optional group H = 11 {} optional int32 y = 12; }\n"
       " message B {} }",
       "syntax = \"proto2\";\n\nmessage M {\n  extensions 10 to 20;\n\n  message A {}\n\n"
       "  optional group G = 1 {}\n\n  extend M {\n    optional int32 x = 10;\n"
       "    optional group H = 11 {}\n    optional int32 y = 12;\n  }\n\n  message B {}\n}\n"},
  };
  check_looks(t, rows, STELE_COUNT(rows));
}

/* ---- There and back ----------------------------------------------------- */

static void test_there_and_back(stele_test *t) {
  static const struct {
    const char *label, *text;
  } rows[] = {
      {"names nearer than they seem",
       "syntax = \"proto3\"; package a.b.a; message a { message b { b x = 1; .a.b.a.a y = 2;"
       " a.b z = 3; } a.b w = 1; message c { b q = 1; } .a.b.a.a.c not = 2; message d { } d dd = "
       "3; }"
       " message b { a.b x = 1; }"},
      {"types called like keywords",
       "syntax = \"proto3\"; message message { .message message = 1; repeated enum enum = 2;"
       " oneof oneof { .option option = 3; stream stream = 4; } map<string, .map> map = 5; .string "
       "string = 6; }"
       " message enum {} message option {} message stream {} message map {} message string {}"
       " service rpc { rpc rpc(.stream) returns (stream .stream); rpc stream(stream .stream)"
       " returns (.message); rpc get(.map) returns (.enum); } "},
      {"groups everywhere, in the order of their messages",
       "syntax = \"proto2\"; package p; message M { message A {} optional group Ga = 9 {"
       " optional group In = 1 { } } message B {} oneof o { int32 i = 1; group Gb = 8 {} "
       " group Gc = 7 {} } extensions 100 to 200; extend M { optional group Gd = 100 {} "
       " optional int32 e = 101; optional group Ge = 99 {} } message C {} optional group Gf = 2 {}"
       " extensions 50 to 99; }\n"
       "extend M { optional group Top = 150 { } } message Last {} extend M { repeated group Z = 149"
       " { optional Last l = 1; } optional int32 k = 148; }"},
      {"maps, with entries between messages",
       "syntax = \"proto3\"; message M { message A {} map<string, A> x_y = 1; message B {}"
       " map<int64, .B.C> z = 2; map<bool, E> e = 3; enum E { Z = 0; } }"
       " message B { message C {} }"},
      {"defaults of every type",
       "syntax = \"proto2\"; message M { optional double a = 1 [default = 0.1]; optional float b ="
       " 2 [default = 0.1]; optional int64 c = 3 [default = -9223372036854775808]; optional uint64"
       " d = 4 [default = 18446744073709551615]; optional bool e = 5 [default = true]; optional"
       " string f = 6 [default = 'a\\000\\n\\\\\\'\\\"\\177' \"\\xe2\\x82\\xac\\xff\"]; optional"
       " bytes g = 7 [default = '\\000\\xff\\\\n']; optional E h = 8 [default = B]; optional sint32"
       " i = 9 [default = -0x7f]; optional double j = 10 [default = nan]; optional float k = 11"
       " [default = -nan]; optional double l = 12 [default = 1e-320]; optional float m = 13"
       " [default = 3.4028235e38]; optional string n = 14 [default = '']; optional double o = 15"
       " [default = -0.0]; optional double p = 16 [default = 123456789012345678]; enum E { A = 1; "
       " B = 2; } }"},
      {"imports of all kinds",
       "syntax = \"proto2\"; import weak 'google/protobuf/any.proto'; import public 'o.proto';"
       " import 'google/protobuf/empty.proto'; message M { optional google.protobuf.Empty e = 1; "
       "}"},
      {"visibility",
       "edition = \"2024\"; package p; import 'google/protobuf/empty.proto'; import option "
       "'google/protobuf/cpp_features.proto'; option features.(pb.cpp).string_type = VIEW;"
       " option features.default_symbol_visibility = LOCAL_ALL; local message L { export enum E {"
       " E_ZERO = 0; } } export message X { L l = 1; L.E e = 2; google.protobuf.Empty m = 3 ["
       "features.field_presence = EXPLICIT]; reserved a_b; } export enum F { F_ZERO = 0; }"},
      {"options of every kind of element",
       "syntax = \"proto2\"; package p; import 'o.proto'; option (o.file_rule) = { doc: 'f' };"
       " option (p.o.file_rule).tags = 'x'; message M { option (p.o.message_rule).d = inf;"
       " optional int32 a = 1 [(o.d) = 1e22, (o.f) = -inf, (o.kind) = K1, (p.o.raw) = '\\000\\xff',"
       " (o.tag) = \"\", ctype = CORD, packed = false, retention = RETENTION_SOURCE, targets = "
       "TARGET_TYPE_FIELD, targets = TARGET_TYPE_FILE]; extensions 100 to 200, 300 [(o.range_tag) ="
       " 'r', verification = UNVERIFIED]; oneof x { option (o.oneof_tag) = 'o'; int32 b = 2; } }"
       " enum E { option (o.enum_tag) = 'e'; option allow_alias = true; A = 0 [(o.value_tag) = 'v']"
       "; B = 0 [deprecated = true, debug_redact = true]; } service S { option (o.service_tag) = "
       "'s'; rpc R(M) returns (M) { option (o.method_rule) = { all { doc: 'm' } inner <> }; option "
       "idempotency_level = IDEMPOTENT; } }"},
      {"message sets",
       "syntax = \"proto2\"; message S { option message_set_wire_format = true; extensions 4 to max"
       "; } message M { extend S { optional M m = 2147483646; } }"},
      {"declared extensions",
       "syntax = \"proto2\"; message M { extensions 4 to 10 [declaration = { number: 4, full_name:"
       " '.x', type: 'int32' }, declaration = { number: 5, reserved: true }]; }"},
      {"an old-style json name and an extension's",
       "syntax = \"proto2\"; message M { optional int32 a_b = 1 [json_name = 'aB']; optional int32"
       " c = 2 [json_name = 'x y']; extensions 5; } extend M { optional int32 q_r = 5 [json_name ="
       " 'qR']; }"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    check_both(t, rows[i].label, rows[i].text);
  }
}

/* ---- What cannot be said ------------------------------------------------ */

/* The descriptor of a file whose import no longer defines its options. */
static void test_unknown_options(stele_test *t) {
  proto_made made = compile_text(
      t, "syntax = \"proto2\"; package p; import 'o.proto'; message M { option deprecated = true;"
         " option (p.o.numbers) = 3; optional int32 a = 1 [(p.o.tag) = 'x', deprecated = true]; }");
  proto_source sources[] = {
      {.path = "in.proto", .bytes = proto_descriptor(t->arena, made.file), .is_descriptor = true},
      {.path = "o.proto", .bytes = stele_str_bytes(STELE_STR("syntax = \"proto3\";"))}};
  proto_made poor = proto_compile(t->arena, sources, STELE_COUNT(sources), "in.proto");
  if (!poor.file) t_eq_str(t, poor.findings, STELE_STR("(a file)"));
  t_eq_str(t, print(t, poor.file, CANONICAL),
           STELE_STR("package p;\n\nimport \"o.proto\";\n\nmessage M {\n"
                     "  // option 50002 has no definition here; bytes: 90b51803\n"
                     "  option deprecated = true;\n\n"
                     "  // option 50002 has no definition here; bytes: 92b5180178\n"
                     "  optional int32 a = 1 [deprecated = true];\n}\n"));
  proto_release(&poor);
  proto_release(&made);
}

/* message M { optional group g, of type .N }, message N {} */
static void test_group_elsewhere(stele_test *t) {
  static const uint8_t bytes[] = "\x0a\x08in.proto\x22\x12\x0a\x01M\x12\x0d\x0a\x01n\x18\x01"
                                 "\x20\x01\x28\x0a\x32\x02.N\x22\x03\x0a\x01N";
  proto_source source = {
      .path = "in.proto", .bytes = {bytes, sizeof bytes - 1}, .is_descriptor = true};
  proto_made made = proto_compile(t->arena, &source, 1, "in.proto");
  if (!made.file) t_eq_str(t, made.findings, STELE_STR("(a file)"));
  for (size_t i = 0; i < STELE_COUNT(forms); i++) {
    stele_err err = {0};
    t_true(t, proto_print(t->arena, made.file, forms[i], &err).ptr == NULL);
    t_eq_int(t, err.code, STELE_INVALID);
  }
  proto_release(&made);
}

static const stele_file *file_to_print; /* t_each_failure passes nothing on */

static bool print_to_heap(stele_arena *arena, stele_err *err) {
  static const stele_print_options options = {NORMALISED, true};
  stele_buf out;
  stele_buf_init(&out, NULL, 0);
  bool ok = stele_print_file(arena, file_to_print, &options, &out, err);
  stele_buf_release(&out);
  return ok;
}

static void test_out_of_memory(stele_test *t) {
  proto_made made = compile_text(
      t, "syntax = \"proto3\"; package p; import 'o.proto'; message M { map<int32, M> m"
         " = 1 [(p.o.field_rule) = { tags: ['a', 'b'] inner { d: 1e10 } }]; oneof o {"
         " int32 b = 3; int32 a = 2; } }");
  file_to_print = made.file;
  t_each_failure(t, print_to_heap);
  proto_release(&made);
}

static void test_limit(stele_test *t) {
  proto_made made = compile_text(t, "message Message { }");
  stele_err err = {0};
  stele_buf out;
  stele_buf_init(&out, t->arena, 10);
  t_true(t, !stele_print_file(t->arena, made.file, &(stele_print_options){0}, &out, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  proto_release(&made);
}

TEST_MAIN(test_unknown_options, test_group_elsewhere, test_out_of_memory, test_limit, test_layout,
          test_options, test_normalised, test_comments, test_exact, test_there_and_back)
