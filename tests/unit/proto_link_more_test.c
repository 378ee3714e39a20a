/* What is said beyond protoc's words: other places, names that were meant,
 * imports that are missing. */
#include "harness/proto.h"
#include "harness/test.h"

static proto_made compile(stele_test *t, const char *text) {
  static const stele_str far =
      STELE_STR_INIT("syntax = \"proto2\"; package o; message Far { extensions 5; }");
  proto_source sources[] = {{.path = "a.proto", .bytes = stele_str_bytes(stele_cstr(text))},
                            {.path = "other.proto", .bytes = stele_str_bytes(far)}};
  return proto_compile(t->arena, sources, STELE_COUNT(sources), "a.proto");
}

static bool has(stele_str text, const char *part) {
  return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

#define NOTE(text) "       = note: a.proto:" text "\n"
#define HINT(text) "       = hint: " text "\n"

static void test_more(stele_test *t) {
  static const struct {
    const char *label, *text, *want;
  } rows[] = {
      {"a message twice", "syntax = \"proto3\";\nmessage A {}\nmessage A {}",
       NOTE("2:9: it is defined here")},
      {"a field like a oneof",
       "syntax = \"proto3\"; message A {\noneof x { int32 y = 1; }\nint32 x = 2; }",
       NOTE("2:7: it is defined here")},
      {"a value twice", "syntax = \"proto3\"; enum E {\nA = 0;\nA = 1; }",
       NOTE("2:1: it is defined here")},
      {"a method twice",
       "syntax = \"proto3\"; message A {} service S {\nrpc M(A) returns (A);\nrpc M(A) returns "
       "(A); }",
       NOTE("2:5: it is defined here")},
      {"a service like an enum", "syntax = \"proto3\";\nenum S { Z = 0; }\nservice S {}",
       NOTE("2:6: it is defined here")},
      {"a number twice", "syntax = \"proto3\"; message A {\nint32 a = 1;\nint32 b = 1; }",
       NOTE("2:11: it is used here")},
      {"an extension's number twice",
       "syntax = \"proto2\"; message A { extensions 5; } extend A {\noptional int32 a = 5;\n"
       "optional int32 b = 5; }",
       NOTE("2:20: it is used here")},
      {"a value's number twice", "syntax = \"proto3\"; enum E {\nA = 0;\nB = 0; }",
       NOTE("2:5: it is used here")},
      {"a reserved number", "syntax = \"proto3\"; message A { reserved 1;\nint32 a = 1; }",
       NOTE("2:11: the field is here")},
      {"an extension range around a field",
       "syntax = \"proto2\"; message A { extensions 1 to 5;\noptional int32 a = 2; }",
       NOTE("2:20: the field is here")},
      {"an extension range over a reserved one",
       "syntax = \"proto2\"; message A { extensions 1 to 5;\nreserved 2; }",
       NOTE("2:10: reserved here")},
      {"a letter lost",
       "syntax = \"proto3\"; package p; message Order {}\nmessage A { Odrer o = 1; }",
       HINT("did you mean \"p.Order\"?")},
      {"a wrong case", "syntax = \"proto3\"; message Order {}\nmessage A { order o = 1; }",
       HINT("did you mean \"Order\"?")},
      {"in another package",
       "syntax = \"proto3\"; import \"other.proto\"; message A { Far f = 1; }",
       HINT("did you mean \"o.Far\"?")},
      {"of an rpc",
       "syntax = \"proto3\"; message Order {} service S { rpc M(Oder) returns (Order); }",
       HINT("did you mean \"Order\"?")},
      {"a well-known type without its import",
       "syntax = \"proto3\"; message A { google.protobuf.Timestamp t = 1; }",
       HINT("add `import \"google/protobuf/timestamp.proto\";`")},
      {"a well-known type without its package",
       "syntax = \"proto3\"; message A { Timestamp t = 1; }",
       HINT("google.protobuf.Timestamp? Then `import \"google/protobuf/timestamp.proto\";` and say "
            "all of its name")},
      {"an option's name", "syntax = \"proto3\"; message A { option depreciated = true; }",
       HINT("did you mean \"deprecated\"?")},
      {"a label that proto2 wants", "message A { int32 a = 1; }",
       HINT("fields of proto2 have a label; a file without one of those begins with `syntax = "
            "\"proto3\";` or an edition")},
      {"an import that is not there", "syntax = \"proto3\"; import \"gone.proto\";",
       HINT("an import is named from an import root, not from its importer")},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    proto_made made = compile(t, rows[i].text);
    t_true(t, !made.schema);
    if (!has(made.told, rows[i].want)) t_eq_str(t, made.told, stele_cstr(rows[i].want));
  }
}

/* Far from everything: nothing is made up. */
static void test_no_guess(stele_test *t) {
  static const char *const texts[] = {
      "syntax = \"proto3\"; message Order {} message A { Zebra z = 1; }",
      "syntax = \"proto3\"; message A { x.y.Timestamp t = 1; }",
      "syntax = \"proto3\"; message AB {} message C { X x = 1; }",
      "syntax = \"proto3\"; message A { option nothing_at_all = 1; }",
  };
  for (size_t i = 0; i < STELE_COUNT(texts); i++) {
    t_case(t, texts[i]);
    proto_made made = compile(t, texts[i]);
    t_true(t, !made.schema && !has(made.told, "hint"));
  }
}

/* A file full of such names is done soon all the same: it gets twenty guesses. */
static void test_guesses_are_few(stele_test *t) {
  enum { FIELDS = 100, GUESSES = 20 };
  stele_buf text;
  size_t hints = 0;
  stele_buf_init(&text, t->arena, 0);
  stele_buf_add_cstr(&text, "syntax = \"proto3\"; message Order {} message A {");
  for (int i = 1; i <= FIELDS; i++) stele_buf_printf(&text, "Odrer f%d = %d;\n", i, i);
  stele_buf_add_cstr(&text, "}");
  stele_buf_add_byte(&text, 0);
  proto_made made = compile(t, text.ptr);
  for (stele_str at = made.told; has(at, "hint:");) {
    const char *found = memmem(at.ptr, at.len, "hint:", 5);
    at = (stele_str){found + 5, (size_t)(at.ptr + at.len - found) - 5};
    hints++;
  }
  t_eq_int(t, hints, GUESSES);
}

TEST_MAIN(test_more, test_no_guess, test_guesses_are_few)
