/* Identity by vectors: spellings that share a fingerprint, and things that
 * must not. */
#include "proto/identity/identity.h"

#include "harness/proto.h"
#include "harness/test.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

static const char meta_text[] =
    "syntax = \"proto2\"; package m; import \"google/protobuf/descriptor.proto\";\n"
    "message Meta { optional string doc = 1; repeated string tags = 2; optional Meta in = 3;\n"
    "  optional float f = 4; repeated int32 n = 5 [packed = true]; optional bytes raw = 6; }\n"
    "extend google.protobuf.FileOptions { optional Meta file_meta = 50001; }\n"
    "extend google.protobuf.MessageOptions { optional Meta message_meta = 50001;\n"
    "  repeated int32 numbers = 50002; }\n"
    "extend google.protobuf.FieldOptions { optional Meta field_meta = 50001;\n"
    "  optional int32 unit = 50002; }\n"
    "extend google.protobuf.MethodOptions { optional string path = 50001; }\n"
    "extend google.protobuf.ExtensionRangeOptions { optional string range = 50001; }\n";

static const char money_text[] =
    "syntax = \"proto3\"; package q; message Money { int64 units = 1; }";

static proto_made compile_bytes(stele_test *t, stele_bytes bytes, bool is_descriptor) {
  proto_source sources[] = {
      {.path = "in.proto", .bytes = bytes, .is_descriptor = is_descriptor},
      {.path = "meta.proto", .bytes = stele_str_bytes(stele_cstr(meta_text))},
      {.path = "money.proto", .bytes = stele_str_bytes(stele_cstr(money_text))},
      {.path = "more.proto", .bytes = stele_str_bytes(STELE_STR("syntax = \"proto3\";"))},
  };
  proto_made made = proto_compile(t->arena, sources, STELE_COUNT(sources), "in.proto");
  if (!made.file) t_eq_str(t, made.findings, STELE_STR("(a file)"));
  return made;
}

/* In hexadecimal, so that failures can be read. */
static stele_str fingerprint_of(stele_test *t, const stele_file *file) {
  stele_sha256 digest = {0};
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  t_true(t, file && proto_fingerprint(t->arena, file, &digest));
  for (size_t i = 0; i < sizeof digest.bytes; i++) stele_buf_printf(&out, "%02x", digest.bytes[i]);
  return stele_buf_str(&out);
}

static stele_str fingerprint_text(stele_test *t, const char *text) {
  proto_made made = compile_bytes(t, stele_str_bytes(stele_cstr(text)), false);
  stele_str print = made.file ? fingerprint_of(t, made.file) : STELE_STR("nothing");
  proto_release(&made);
  return print;
}

/* ---- One file in many spellings ----------------------------------------- */

static const char order_text[] =
    "syntax = \"proto3\";\n"
    "package q;\n"
    "import \"google/protobuf/any.proto\";\n"
    "import \"meta.proto\";\n"
    "import \"money.proto\";\n"
    "option java_package = \"com.q\";\n"
    "option (m.file_meta) = { doc: \"file\" tags: [\"a\", \"b\"] };\n"
    "message Order {\n"
    "  reserved 20 to 22, 30;\n"
    "  reserved \"old\", \"older\";\n"
    "  option (m.message_meta) = { doc: \"order\" in { f: 0.5 n: [1, 2] } };\n"
    "  string order_id = 1;\n"
    "  Money price = 2 [(m.field_meta).doc = \"price\", (m.unit) = 16];\n"
    "  map<string, Line> lines = 3;\n"
    "  optional int32 count = 4 [deprecated = true];\n"
    "  oneof way { string card = 5; google.protobuf.Any other = 6; }\n"
    "  repeated Kind kinds = 7;\n"
    "  oneof late { int64 day = 8; }\n"
    "  message Line { int32 number = 1; Order of = 2; }\n"
    "  message Other {}\n"
    "}\n"
    "enum Kind { KIND_UNKNOWN = 0; KIND_A = 1; KIND_B = 2; reserved 5, 6; }\n"
    "service Orders {\n"
    "  rpc Put(Order) returns (Order) { option (m.path) = \"/a\"; }\n"
    "  rpc Watch(Order) returns (stream Order);\n"
    "}\n";

static const struct {
  const char *label, *text;
} spellings[] = {
    {"with comments", "/* x */ // y\nsyntax = \"proto3\"; // z\npackage q;\n"},
    {"statements reordered",
     "syntax = \"proto3\";\n"
     "option (m.file_meta) = { tags: [\"a\", \"b\"] doc: \"file\" };\n"
     "import \"money.proto\";\nimport \"google/protobuf/any.proto\";\nimport \"meta.proto\";\n"
     "package q;\n"
     "service Orders {\n"
     "  rpc Put(Order) returns (Order) { option (m.path) = \"/a\"; }\n"
     "  rpc Watch(Order) returns (stream Order);\n"
     "}\n"
     "enum Kind { KIND_UNKNOWN = 0; reserved 6; KIND_B = 2; reserved 5; KIND_A = 1; }\n"
     "message Order {\n"
     "  oneof late { int64 day = 8; }\n"
     "  message Line { Order of = 2; int32 number = 1; }\n"
     "  repeated Kind kinds = 7;\n"
     "  oneof way { google.protobuf.Any other = 6; string card = 5; }\n"
     "  optional int32 count = 4 [deprecated = true];\n"
     "  message Other {}\n"
     "  map<string, Line> lines = 3;\n"
     "  Money price = 2 [(m.unit) = 16, (m.field_meta).doc = \"price\"];\n"
     "  string order_id = 1;\n"
     "  reserved \"older\";\n  reserved 30, 22, 20 to 21;\n  reserved \"old\";\n"
     "  option (m.message_meta) = { in { n: [1, 2] f: 0.5 } doc: \"order\" };\n"
     "}\n"
     "option java_package = \"com.q\";\n"},
    {"dotted options, numbers and strings in other spellings, absolute names, explicit json_name",
     "syntax = \"pro\" 'to3';\npackage q;\n"
     "import \"google/protobuf/any.proto\";\nimport \"me\" 'ta.proto';\nimport \"money.proto\";\n"
     "option java_package = 'com' \".q\";\n"
     "option (.m.file_meta).doc = \"f\\151le\";\noption (m.file_meta).tags = \"a\";\n"
     "option (m.file_meta).tags = \"b\";\n"
     "message Order {\n"
     "  reserved 0x14 to 026, 30;\n  reserved \"old\", \"olde\" \"r\";\n"
     "  option (m.message_meta).in.n = 0x1;\n  option (m.message_meta).in.n = 2;\n"
     "  option (m.message_meta).in.f = 5e-1;\n  option (m.message_meta).doc = 'order';\n"
     "  string order_id = 01 [json_name = \"orderId\"];\n"
     "  .q.Money price = 0x2 [(m.field_meta) = { doc: 'price' }, (m.unit) = 0x10];\n"
     "  map<string, q.Order.Line> lines = 3;\n"
     "  optional int32 count = 4 [deprecated = true, json_name = 'count'];\n"
     "  oneof way { string card = 5; .google.protobuf.Any other = 6; }\n"
     "  repeated .q.Kind kinds = 7;\n  oneof late { int64 day = 010; }\n"
     "  message Line { int32 number = 1; .q.Order of = 2; }\n  message Other {};\n"
     "};\n"
     "enum Kind { KIND_UNKNOWN = 0x0; KIND_A = 01; KIND_B = 2; reserved 5 to 6; };\n"
     "service Orders {\n"
     "  rpc Put(.q.Order) returns (q.Order) { option (m.path) = \"/\" 'a'; };\n"
     "  rpc Watch(Order) returns (stream .q.Order) {}\n"
     "};\n"},
};

static void test_spellings(stele_test *t) {
  stele_str want = fingerprint_text(t, order_text);
  for (size_t i = 0; i < STELE_COUNT(spellings); i++) {
    t_case(t, spellings[i].label);
    stele_str text = stele_cstr(spellings[i].text);
    if (i == 0) { /* its head, then the rest of the original */
      text = stele_str_printf(t->arena, "%s%s", spellings[i].text,
                              strstr(order_text, "import \"google"));
    }
    t_eq_str(t, fingerprint_text(t, stele_str_copy(t->arena, text).ptr), want);
  }
}

static void test_windows_lines(stele_test *t) {
  stele_buf text;
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text, "\xef\xbb\xbf");
  for (const char *c = order_text; *c; c++) {
    if (*c == '\n') stele_buf_add_cstr(&text, "\t // c\r");
    stele_buf_add_byte(&text, (uint8_t)*c);
  }
  t_eq_str(t, fingerprint_text(t, stele_str_copy(t->arena, stele_buf_str(&text)).ptr),
           fingerprint_text(t, order_text));
}

static void test_printed(stele_test *t) {
  static const stele_print_form forms[] = {STELE_PRINT_CANONICAL, STELE_PRINT_NORMALISED};
  proto_made made = compile_bytes(t, stele_str_bytes(stele_cstr(order_text)), false);
  for (size_t i = 0; made.file && i < STELE_COUNT(forms); i++) {
    t_case_n(t, "form", i);
    stele_err err = {0};
    stele_str text = proto_print(t->arena, made.file, forms[i], &err);
    t_ok(t, text.ptr != NULL, &err);
    t_eq_str(t, fingerprint_text(t, text.ptr), fingerprint_of(t, made.file));
  }
  proto_release(&made);
}

/* ---- Descriptors -------------------------------------------------------- */

/* What to change in a FileDescriptorProto while it is copied. The copy knows
 * where it is by its path: the chain of field numbers, as digits in base 100. */
typedef struct rewrite {
  stele_test *t;
  bool drop_json_names, relative_names, drop_types;
} rewrite;

enum { FIELD_JSON_NAME = 10, FIELD_TYPE_NAME = 6, FIELD_TYPE = 5, FIELD_EXTENDEE = 2 };

static bool is_message_path(uint64_t path) {
  uint64_t last = path % 100, above = path / 100;
  if (path == 4 || path == 5 || path == 6 || path == 7) return true;
  bool in_message =
      last == 2 || last == 3 || last == 4 || last == 5 || last == 6 || last == 8 || last == 9;
  while (above % 100 == 3) above /= 100; /* nested messages */
  return above == 4 && in_message;
}

static bool is_field_path(uint64_t path) {
  uint64_t above = path / 100;
  while (above % 100 == 3) above /= 100;
  return path == 7 || (above == 4 && (path % 100 == 2 || path % 100 == 6));
}

static stele_bytes rewrite_message(const rewrite *r, stele_bytes bytes, uint64_t path) {
  stele_buf fields[40];
  size_t count = 0;
  stele_reader in = stele_reader_of(bytes);
  while (!stele_read_done(&in) && count < STELE_COUNT(fields)) {
    const uint8_t *from = in.at;
    uint32_t tag = stele_read_tag(&in), number = stele_wire_number(tag);
    stele_buf *out = &fields[count];
    stele_buf_init(out, r->t->arena, 0);
    if (stele_wire_type_of(tag) != STELE_WIRE_DELIMITED) {
      stele_read_skip_value(&in, tag, 10);
      if (r->drop_types && is_field_path(path) && number == FIELD_TYPE) {
        /* a named type can be looked up; scalars keep theirs */
        stele_reader value = {.at = from, .end = in.at};
        (void)stele_read_tag(&value);
        uint64_t type = stele_read_varint(&value);
        if (type == STELE_TYPE_MESSAGE || type == STELE_TYPE_ENUM) continue;
      }
      stele_buf_add(out, from, (size_t)(in.at - from));
      count++;
      continue;
    }
    stele_bytes value = stele_read_delimited(&in);
    if (is_field_path(path) && number == FIELD_JSON_NAME && r->drop_json_names) continue;
    if (is_field_path(path) && number == FIELD_TYPE_NAME && r->relative_names && value.len > 3 &&
        memcmp(value.ptr, ".q.", 3) == 0) {
      value = (stele_bytes){value.ptr + 3, value.len - 3};
    }
    uint64_t below = path * 100 + number;
    if (is_message_path(below)) value = rewrite_message(r, value, below);
    stele_write_bytes_field(out, number, value);
    count++;
  }
  stele_buf all;
  stele_buf_init(&all, r->t->arena, 0);
  for (size_t i = 0; i < count; i++) {
    stele_buf_add_str(&all, stele_buf_str(&fields[i]));
  }
  return stele_buf_bytes(&all);
}

static void test_descriptors(stele_test *t) {
  static const struct {
    const char *label;
    rewrite how;
  } rows[] = {
      {"as protoc writes it", {0}},
      {"without json names", {.drop_json_names = true}},
      {"relative type names", {.relative_names = true}},
      {"without the types that names tell", {.drop_types = true}},
      {"as a parser leaves it",
       {.drop_json_names = true, .relative_names = true, .drop_types = true}},
  };
  proto_made made = compile_bytes(t, stele_str_bytes(stele_cstr(order_text)), false);
  if (!made.file) return;
  stele_bytes whole = proto_descriptor(t->arena, made.file);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    rewrite how = rows[i].how;
    how.t = t;
    stele_bytes bytes = rewrite_message(&how, whole, 0);
    t_true(t, i == 0 ? bytes.len == whole.len : bytes.len < whole.len);
    proto_made decoded = compile_bytes(t, bytes, true);
    if (decoded.file) t_eq_str(t, fingerprint_of(t, decoded.file), fingerprint_of(t, made.file));
    for (int form = 0; decoded.file && form < 2; form++) {
      stele_err err = {0};
      stele_str text = proto_print(t->arena, decoded.file, (stele_print_form)form, &err);
      t_ok(t, text.ptr != NULL, &err);
      t_eq_str(t, fingerprint_text(t, text.ptr), fingerprint_of(t, made.file));
    }
    proto_release(&decoded);
  }
  proto_release(&made);
}

/* ---- Pairs --------------------------------------------------------------- */

typedef struct pair {
  const char *label, *a, *b;
} pair;

static const pair same[] = {
    {"no syntax line, and proto2's", "message M {}", "syntax = \"proto2\"; message M {}"},
    {"an import listed once more than another order",
     "import \"money.proto\"; import \"more.proto\";",
     "import \"more.proto\"; import \"money.proto\";"},
    {"json_name equal to the default", "message M { optional int32 a_b = 1; }",
     "message M { optional int32 a_b = 1 [json_name = \"aB\"]; }"},
    {"defaults in other spellings",
     "message M { optional int32 a = 1 [default = 31]; optional float f = 2 [default = 0.5];"
     " optional string s = 3 [default = \"ab\"]; optional bytes y = 4 [default = \"\\xff\"]; }",
     "message M { optional int32 a = 1 [default = 0x1f]; optional float f = 2 [default = 5E-1];"
     " optional string s = 3 [default = 'a' \"\\142\"]; optional bytes y = 4 [default = '\\377']; "
     "}"},
    {"reserved ranges, cut otherwise", "message M { reserved 1 to 5, 9; }",
     "message M { reserved 9; reserved 4 to 5; reserved 1, 2, 3; }"},
    {"extension ranges, cut otherwise", "message M { extensions 100 to 199; }",
     "message M { extensions 150 to 199; extensions 100 to 149; }"},
    {"extension ranges whose options leave nothing behind", "message M { extensions 100 to 199; }",
     "message M { extensions 100 to 149 [verification = UNVERIFIED];"
     " extensions 150 to 199 [verification = UNVERIFIED]; }"},
    {"enum reserved, cut otherwise", "enum E { A = 0; reserved -5 to -1, 10 to max; }",
     "enum E { A = 0; reserved 10 to 20; reserved 21 to max; reserved -5; reserved -4 to -1; }"},
    {"extensions in another order",
     "message M { extensions 1 to 9; } extend M { optional int32 a = 1; optional int32 b = 2; }",
     "extend M { optional int32 b = 2; } message M { extensions 1 to 9; }"
     " extend M { optional int32 a = 1; }"},
    {"the body of a method, empty or not there", "message M {} service S { rpc R(M) returns (M); }",
     "message M {} service S { rpc R(M) returns (M) {} }"},
    {"enum values by number", "enum E { A = 0; B = 1; C = -1; }",
     "enum E { A = 0; C = -1; B = 1; }"},
    {"packed numbers of an option, one by one",
     "import \"meta.proto\"; message M { option (m.message_meta) = { n: [1, 2, 3] }; }",
     "import \"meta.proto\"; message M { option (m.message_meta).n = 1;"
     " option (m.message_meta).n = 2; option (m.message_meta).n = 3; }"},
    {"a oneof before the field that comes first",
     "syntax = \"proto3\"; message M { int32 a = 1; oneof o { int32 b = 2; } }",
     "syntax = \"proto3\"; message M { oneof o { int32 b = 2; } int32 a = 1; }"},
    {"messages and enums mixed", "message A {} enum E { Z = 0; } message B {}",
     "enum E { Z = 0; } message A {} message B {}"},
};

static const pair different[] = {
    {"a message's name", "message A {}", "message B {}"},
    {"a field's name", "message M { optional int32 a = 1; }",
     "message M { optional int32 b = 1; }"},
    {"a field's number", "message M { optional int32 a = 1; }",
     "message M { optional int32 a = 2; }"},
    {"a field's type", "message M { optional int32 a = 1; }",
     "message M { optional sint32 a = 1; }"},
    {"string and bytes", "message M { optional string a = 1; }",
     "message M { optional bytes a = 1; }"},
    {"a named type of the same shape", "message A {} message B {} message M { optional A a = 1; }",
     "message A {} message B {} message M { optional B a = 1; }"},
    {"a label", "message M { optional int32 a = 1; }", "message M { repeated int32 a = 1; }"},
    {"required", "message M { optional int32 a = 1; }", "message M { required int32 a = 1; }"},
    {"a oneof around a field", "syntax = \"proto3\"; message M { int32 a = 1; }",
     "syntax = \"proto3\"; message M { oneof o { int32 a = 1; } }"},
    {"a oneof's name", "message M { oneof o { int32 a = 1; } }",
     "message M { oneof p { int32 a = 1; } }"},
    {"a oneof's members",
     "message M { oneof o { int32 a = 1; int32 b = 2; } oneof p { int32 c = 3; } }",
     "message M { oneof o { int32 a = 1; } oneof p { int32 b = 2; int32 c = 3; } }"},
    {"proto3 optional", "syntax = \"proto3\"; message M { int32 a = 1; }",
     "syntax = \"proto3\"; message M { optional int32 a = 1; }"},
    {"proto3 optional, and a oneof of that name",
     "syntax = \"proto3\"; message M { optional int32 a = 1; }",
     "syntax = \"proto3\"; message M { oneof _a { int32 a = 1; } }"},
    {"a default", "message M { optional int32 a = 1; }",
     "message M { optional int32 a = 1 [default = 1]; }"},
    {"an explicit default of zero", "message M { optional int32 a = 1; }",
     "message M { optional int32 a = 1 [default = 0]; }"},
    {"another default", "message M { optional string a = 1 [default = \"x\"]; }",
     "message M { optional string a = 1 [default = \"y\"]; }"},
    {"a json name", "message M { optional int32 a = 1; }",
     "message M { optional int32 a = 1 [json_name = \"b\"]; }"},
    {"a package", "package a; message M {}", "package b; message M {}"},
    {"no package", "message M {}", "package a; message M {}"},
    {"syntax", "syntax = \"proto2\"; message M {}", "syntax = \"proto3\"; message M {}"},
    {"proto3 and an edition", "syntax = \"proto3\"; message M {}",
     "edition = \"2023\"; message M {}"},
    {"editions", "edition = \"2023\"; message M {}", "edition = \"2024\"; message M {}"},
    {"an import", "message M {}", "import \"money.proto\"; message M {}"},
    {"an import's path", "import \"more.proto\";", "import \"money.proto\";"},
    {"an import's kind", "import \"money.proto\";", "import public \"money.proto\";"},
    {"a weak import", "import \"money.proto\";", "import weak \"money.proto\";"},
    {"the order of messages", "message A {} message B {}", "message B {} message A {}"},
    {"the order of nested messages", "message M { message A {} message B {} }",
     "message M { message B {} message A {} }"},
    {"the order of a group and a message", "message M { message A {} optional group B = 1 {} }",
     "message M { optional group B = 1 {} message A {} }"},
    {"the order of enums", "enum A { X = 0; } enum B { Y = 0; }",
     "enum B { Y = 0; } enum A { X = 0; }"},
    {"the order of services", "service A {} service B {}", "service B {} service A {}"},
    {"the order of methods",
     "message M {} service S { rpc A(M) returns (M); rpc B(M) returns (M); }",
     "message M {} service S { rpc B(M) returns (M); rpc A(M) returns (M); }"},
    {"a method's name", "message M {} service S { rpc A(M) returns (M); }",
     "message M {} service S { rpc B(M) returns (M); }"},
    {"a method's types", "message M {} message N {} service S { rpc A(M) returns (N); }",
     "message M {} message N {} service S { rpc A(N) returns (M); }"},
    {"streaming of requests", "message M {} service S { rpc A(M) returns (M); }",
     "message M {} service S { rpc A(stream M) returns (M); }"},
    {"streaming of answers", "message M {} service S { rpc A(stream M) returns (M); }",
     "message M {} service S { rpc A(M) returns (stream M); }"},
    {"a service's options", "service S {}", "service S { option deprecated = true; }"},
    {"a method's options", "message M {} service S { rpc A(M) returns (M); }",
     "message M {} service S { rpc A(M) returns (M) { option idempotency_level = IDEMPOTENT; } }"},
    {"a file option", "message M {}", "option java_package = \"x\"; message M {}"},
    {"a custom option",
     "import \"meta.proto\"; message M { option (m.message_meta) = { doc: \"a\" }; }",
     "import \"meta.proto\"; message M { option (m.message_meta) = { doc: \"b\" }; }"},
    {"a custom option on a field", "import \"meta.proto\"; message M { optional int32 a = 1; }",
     "import \"meta.proto\"; message M { optional int32 a = 1 [(m.unit) = 1]; }"},
    {"the order of a repeated option",
     "import \"meta.proto\"; message M { option (m.numbers) = 1; option (m.numbers) = 2; }",
     "import \"meta.proto\"; message M { option (m.numbers) = 2; option (m.numbers) = 1; }"},
    {"a reserved number", "message M {}", "message M { reserved 1; }"},
    {"a reserved name", "message M { reserved \"a\"; }", "message M { reserved \"b\"; }"},
    {"an enum's reserved numbers", "enum E { A = 0; }", "enum E { A = 0; reserved 1; }"},
    {"reserved and extensions", "message M { reserved 100 to 199; }",
     "message M { extensions 100 to 199; }"},
    {"an extension range", "message M { extensions 100 to 199; }",
     "message M { extensions 100 to 200; }"},
    {"an extension range's options", "import \"meta.proto\"; message M { extensions 100 to 199; }",
     "import \"meta.proto\"; message M { extensions 100 to 199 [(m.range) = \"x\"]; }"},
    {"a map's value", "syntax = \"proto3\"; message M { map<string, int32> m = 1; }",
     "syntax = \"proto3\"; message M { map<string, int64> m = 1; }"},
    {"a map's key", "syntax = \"proto3\"; message M { map<string, int32> m = 1; }",
     "syntax = \"proto3\"; message M { map<int32, int32> m = 1; }"},
    {"a map and a list that looks like it",
     "syntax = \"proto3\"; message M { map<string, int32> m = 1; }",
     "syntax = \"proto3\"; message M { repeated E m = 1; message E { string key = 1;"
     " int32 value = 2; } }"},
    {"deprecated", "message M { optional int32 a = 1; }",
     "message M { optional int32 a = 1 [deprecated = true]; }"},
    {"packed", "message M { repeated int32 a = 1; }",
     "message M { repeated int32 a = 1 [packed = true]; }"},
    {"packed = false", "syntax = \"proto3\"; message M { repeated int32 a = 1; }",
     "syntax = \"proto3\"; message M { repeated int32 a = 1 [packed = false]; }"},
    {"an enum value's name", "enum E { A = 0; }", "enum E { B = 0; }"},
    {"an enum value's number", "enum E { A = 1; }", "enum E { A = 2; }"},
    {"an enum value more", "enum E { A = 0; }", "enum E { A = 0; B = 1; }"},
    {"an alias", "enum E { option allow_alias = true; A = 0; B = 0; C = 1; }",
     "enum E { option allow_alias = true; A = 0; B = 0; C = 0; }"},
    {"an extension", "message M { extensions 1 to 9; }",
     "message M { extensions 1 to 9; } extend M { optional int32 a = 1; }"},
    {"where an extension stands",
     "message M { extensions 1 to 9; } extend M { optional int32 a = 1; }",
     "message M { extensions 1 to 9; extend M { optional int32 a = 1; } }"},
    {"whom an extension extends",
     "message M { extensions 1 to 9; } message N { extensions 1 to 9; }"
     " extend M { optional int32 a = 1; }",
     "message M { extensions 1 to 9; } message N { extensions 1 to 9; }"
     " extend N { optional int32 a = 1; }"},
    {"a group and a message field", "message M { optional group G = 1 {} }",
     "message M { optional G g = 1; message G {} }"},
    {"features", "edition = \"2023\"; message M { int32 a = 1; }",
     "edition = \"2023\"; message M { int32 a = 1 [features.field_presence = IMPLICIT]; }"},
    {"visibility", "edition = \"2024\"; message M {}", "edition = \"2024\"; local message M {}"},
    {"nesting", "message A {} message B {}", "message A { message B {} }"},
    {"an enum's place", "enum E { A = 0; } message M {}", "message M { enum E { A = 0; } }"},
};

static void test_pairs(stele_test *t) {
  for (size_t i = 0; i < STELE_COUNT(same); i++) {
    t_case(t, same[i].label);
    t_eq_str(t, fingerprint_text(t, same[i].b), fingerprint_text(t, same[i].a));
  }
  for (size_t i = 0; i < STELE_COUNT(different); i++) {
    t_case(t, different[i].label);
    stele_str a = fingerprint_text(t, different[i].a), b = fingerprint_text(t, different[i].b);
    t_true(t, !stele_str_eq(a, b));
  }
}

/* ---- Identities ---------------------------------------------------------- */

static stele_sha256 digest_of_byte(uint8_t byte) {
  stele_sha256 digest;
  memset(digest.bytes, byte, sizeof digest.bytes);
  return digest;
}

static bool identities_equal(stele_test *t, const stele_identity_in *a,
                             const stele_identity_in *b) {
  stele_err err = {0};
  stele_sha256 x, y;
  t_ok(t, stele_identity_of(t->arena, a, &x, &err), &err);
  t_ok(t, stele_identity_of(t->arena, b, &y, &err), &err);
  return memcmp(&x, &y, sizeof x) == 0;
}

static void test_identity(stele_test *t) {
  stele_identity_reference one[] = {{STELE_STR("a"), digest_of_byte(1)},
                                    {STELE_STR("b"), digest_of_byte(2)}};
  stele_identity_reference turned[] = {one[1], one[0], one[1]};
  stele_identity_reference other[] = {{STELE_STR("a"), digest_of_byte(3)},
                                      {STELE_STR("b"), digest_of_byte(2)}};
  stele_identity_in base = {
      .fingerprint = digest_of_byte(9), .references = one, .reference_count = 2};
  stele_identity_in in = base;
  t_case(t, "references in another order, one twice");
  in.references = turned, in.reference_count = 3;
  t_true(t, identities_equal(t, &base, &in));
  t_case(t, "another version of an import");
  in.references = other, in.reference_count = 2;
  t_true(t, !identities_equal(t, &base, &in));
  t_case(t, "a reference less");
  in.references = one, in.reference_count = 1;
  t_true(t, !identities_equal(t, &base, &in));
  t_case(t, "metadata");
  in = base, in.metadata = STELE_STR("{}");
  t_true(t, !identities_equal(t, &base, &in));
  t_case(t, "metadata and a rule set of the same text");
  stele_identity_in rules = base;
  rules.rule_set = in.metadata;
  t_true(t, !identities_equal(t, &rules, &in));
  t_case(t, "another fingerprint");
  in = base, in.fingerprint = digest_of_byte(8);
  t_true(t, !identities_equal(t, &base, &in));
}

/* Stored for ever: this may never change. */
static void test_stable(stele_test *t) {
  t_case(t, "the fingerprint of a small file");
  t_eq_str(t,
           fingerprint_text(t, "syntax = \"proto3\"; package com.example; message Message1 {"
                               " string f1 = 1; string f2 = 2; }"),
           STELE_STR("125487ffb70b2437ada30213c6d2a7b401bfb9d2836ff6a75ea632429aaec9d8"));
  t_case(t, "the fingerprint of a file of everything");
  t_eq_str(t, fingerprint_text(t, order_text),
           STELE_STR("3a7bf4fe1e9eb0d24c45674f699968c706ca96b7dca21cd5d53f92113e0897a3"));
}

TEST_MAIN(test_spellings, test_windows_lines, test_printed, test_descriptors, test_pairs,
          test_identity, test_stable)
