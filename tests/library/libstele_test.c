/* libstele as a program of somebody else sees it: the installed headers, the
 * shared library, nothing else. */
#include <stdio.h>
#include <stdlib.h>

#include "stele/compile.h"
#include "stele/syntax.h"
#include "stele/version.h"

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      (void)fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);              \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

static const char text[] = "syntax = \"proto3\";\n"
                           "package demo.v1;\n"
                           "import \"google/protobuf/timestamp.proto\";\n"
                           "message Tick {\n"
                           "  string symbol = 1;\n"
                           "  optional double bid = 2;\n"
                           "  google.protobuf.Timestamp at = 3;\n"
                           "  map<string, Side> sides = 4;\n"
                           "  oneof value { int32 a = 5; int32 b = 6; }\n"
                           "  message Inner {}\n"
                           "}\n"
                           "enum Side { SIDE_UNKNOWN = 0; SIDE_BUY = 1; }\n"
                           "service Ticks { rpc Watch(Tick) returns (stream Tick); }\n";

static bool find(stele_resolver *self, stele_str path, stele_found *out, stele_err *err) {
  (void)self, (void)err;
  out->kind = STELE_FOUND_NOTHING;
  if (stele_str_eq(path, STELE_STR("demo.proto"))) {
    out->kind = STELE_FOUND_TEXT;
    out->bytes = stele_str_bytes(stele_cstr(text));
  }
  if (stele_str_eq(path, STELE_STR("bad.proto"))) {
    out->kind = STELE_FOUND_TEXT;
    out->bytes = stele_str_bytes(STELE_STR("syntax = \"proto3\"; message { }"));
  }
  return true;
}

static void look_at(const stele_schema *schema) {
  const stele_message *tick = stele_schema_message(schema, STELE_STR("demo.v1.Tick"));
  CHECK(tick && stele_message_field_count(tick) == 6);
  CHECK(stele_str_eq(stele_message_full_name(tick), STELE_STR("demo.v1.Tick")));
  const stele_field *bid = stele_message_field(tick, 2);
  CHECK(bid && stele_field_type_of(bid) == STELE_TYPE_DOUBLE && stele_field_has_presence(bid));
  CHECK(stele_field_oneof_name(bid).len == 0);
  const stele_field *at = stele_message_field_by_name(tick, STELE_STR("at"));
  CHECK(stele_str_eq(stele_message_full_name(stele_field_message_type(at)),
                     STELE_STR("google.protobuf.Timestamp")));
  CHECK(stele_field_is_map_field(stele_message_field(tick, 4)));
  CHECK(stele_str_eq(stele_field_oneof_name(stele_message_field(tick, 6)), STELE_STR("value")));
  CHECK(stele_message_nested_count(tick) == 2);
  const stele_enum *side = stele_schema_enum(schema, STELE_STR("demo.v1.Side"));
  CHECK(side && stele_enum_count(side) == 2 && stele_enum_value_number(side, 1) == 1);
  const stele_service *ticks = stele_schema_service(schema, STELE_STR("demo.v1.Ticks"));
  CHECK(ticks && stele_service_method_count(ticks) == 1);
  CHECK(stele_method_server_streaming(stele_service_method(ticks, 0)));
  CHECK(stele_schema_message(schema, STELE_STR("demo.v1.Side")) == NULL);
}

/* A file in the middle of being written. */
static void look_at_syntax(stele_arena *arena) {
  stele_err err = {0};
  const stele_syntax *tree =
      stele_syntax_parse(arena, STELE_STR("half.proto"),
                         STELE_STR("syntax = \"proto3\";\n"
                                   "message Tick { string symbol = 1; // its name\n"
                                   "  double bid =\n"
                                   "}\n"),
                         NULL, &err);
  CHECK(tree && stele_syntax_has_errors(tree));
  CHECK(stele_str_eq(stele_report_text(stele_syntax_findings(tree), arena, STELE_REPORT_PROTOC),
                     STELE_STR("half.proto:4:1: Expected field number.\n")));
  uint32_t field = stele_syntax_decl_at(tree, 36);
  CHECK(stele_syntax_decl_kind(tree, field) == STELE_SYNTAX_FIELD);
  CHECK(stele_str_eq(stele_syntax_decl_name(tree, field), STELE_STR("symbol")));
  uint32_t message = stele_syntax_decl_parent(tree, field);
  CHECK(stele_str_eq(stele_syntax_decl_name(tree, message), STELE_STR("Tick")));
  CHECK(stele_syntax_decl_child_count(tree, message) == 2);
  CHECK(stele_syntax_token_kind_of(tree, stele_syntax_token_at(tree, 36)) ==
        STELE_SYNTAX_TOKEN_IDENTIFIER);
  stele_syntax_span span;
  CHECK(stele_syntax_comment_span(tree, 0, &span) && span.line == 1 && span.column == 34);
  CHECK(stele_str_eq(stele_syntax_span_text(tree, span), STELE_STR("// its name")));
}

int main(void) {
  stele_resolver resolver = {.find = find};
  stele_compile_options options = {.source_info = true, .use_builtin = true};
  stele_arena *arena = stele_arena_new(0);
  CHECK(arena && stele_version()[0] != 0);
  stele_report *report = stele_report_new(arena, 0);
  stele_err err = {0};
  stele_str path = STELE_STR("demo.proto");
  const stele_schema *schema = stele_compile(&resolver, &path, 1, &options, report, &err);
  CHECK(schema);
  look_at(schema);

  stele_bytes bytes = {0};
  CHECK(stele_file_descriptor(arena, stele_schema_file(schema, path), true, &bytes, &err));
  CHECK(bytes.len > 300 && bytes.ptr[0] == 0x0a && bytes.ptr[1] == path.len);
  stele_schema_unref(schema);

  path = STELE_STR("bad.proto");
  CHECK(!stele_compile(&resolver, &path, 1, &options, report, &err));
  CHECK(err.code == STELE_INVALID && stele_report_error_count(report) == 1);
  CHECK(stele_str_eq(stele_report_text(report, arena, STELE_REPORT_PROTOC),
                     STELE_STR("bad.proto:1:28: Expected message name.\n")));

  look_at_syntax(arena);
  stele_arena_free(arena);
  return 0;
}
