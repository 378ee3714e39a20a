/* What changed, element by element; and the same as Markdown. */
#include "check/diff/diff.h"
#include "check/semver/semver.h"

#include "base/buf.h"
#include "check/diff/changelog.h"
#include "check/element/docs.h"
#include "harness/schema.h"

/* One line a change: kind element old [-> new] class {part: old -> new}. */
static stele_str show(stele_arena *arena, const diff_changes *changes) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  for (size_t i = 0; i < changes->count; i++) {
    const diff_change *c = &changes->at[i];
    stele_str name = c->old_name.len ? c->old_name : c->new_name;
    stele_buf_printf(&out, "%s%s %s " STELE_STR_FMT, i ? "\n" : "", diff_kind_text(c->kind),
                     c->element, STELE_STR_ARG(name));
    if (c->old_name.len && c->new_name.len && !stele_str_eq(c->old_name, c->new_name)) {
      stele_buf_printf(&out, " -> " STELE_STR_FMT, STELE_STR_ARG(c->new_name));
    }
    stele_buf_printf(&out, " %s", check_class_text(c->cls));
    for (size_t j = 0; j < c->part_count; j++) {
      const diff_part *p = &c->parts[j];
      stele_buf_printf(&out, " {%s" STELE_STR_FMT ": " STELE_STR_FMT " -> " STELE_STR_FMT "}",
                       p->name, STELE_STR_ARG(p->option), STELE_STR_ARG(p->old_text),
                       STELE_STR_ARG(p->new_text));
    }
  }
  return stele_buf_str(&out);
}

#define P3 "syntax = \"proto3\"; package p; "

static void test_one_file(stele_test *t) {
  static const struct {
    const char *label, *was, *now, *want;
  } rows[] = {
      {"nothing", P3 "message M { int32 a = 1; }", P3 "message M { int32 a = 1; }", ""},
      {"layout and order", P3 "message M { int32 a = 1; int32 b = 2; } enum E { Z = 0; }",
       P3 "enum E { Z = 0; }\n\nmessage M {\n int32 b = 2; int32 a = 1;\n}", ""},
      {"a field comes", P3 "message M {}", P3 "message M { string a = 1; }",
       "added field p.M.a minor"},
      {"an extension moves into a message",
       "syntax = \"proto2\"; message M { extensions 5; } extend M { optional string e = 5; } "
       "message N {}",
       "syntax = \"proto2\"; message M { extensions 5; } message N { extend M { optional string e "
       "= 5; } }",
       "moved extension e -> N.e major"},
      {"an extension is renamed where it stands",
       "syntax = \"proto2\"; message M { extensions 5; } extend M { optional string e = 5; }",
       "syntax = \"proto2\"; message M { extensions 5; } extend M { optional string f = 5; }",
       "renamed extension e -> f major"},
      {"an extension goes with the message around it, and one comes",
       "syntax = \"proto2\"; message M { extensions 5, 6; } message N { extend M { optional string "
       "e = 5; } }",
       "syntax = \"proto2\"; message M { extensions 5, 6; } extend M { optional string e = 6; }",
       "removed message N major\nadded extension e minor"},
      {"options of one kind in another order",
       "edition = \"2023\"; option features.enum_type = CLOSED; option features.json_format = "
       "ALLOW;",
       "edition = \"2023\"; option features.json_format = ALLOW; option features.enum_type = "
       "CLOSED;",
       ""},
      {"a required field comes", "syntax = \"proto2\"; message M {}",
       "syntax = \"proto2\"; message M { required string a = 1; }",
       "added field M.a major {cardinality:  -> required}"},
      {"a field goes", P3 "message M { string a = 1; }", P3 "message M {}",
       "removed field p.M.a major"},
      {"a field is renamed", P3 "message M { string a = 1; }", P3 "message M { string b = 1; }",
       "renamed field p.M.a -> p.M.b major"},
      {"a field is renumbered", P3 "message M { string a = 1; }", P3 "message M { string a = 2; }",
       "changed field p.M.a major {number: 1 -> 2}"},
      {"another type", P3 "message M { string a = 1; }", P3 "message M { bytes a = 1; }",
       "changed field p.M.a major {type: string = 1 -> bytes = 1}"},
      {"another value of a map", P3 "message M { map<string, int32> a = 1; }",
       P3 "message M { map<string, bool> a = 1; }",
       "changed field p.M.a major {type: map<string, int32> = 1 -> map<string, bool> = 1}"},
      {"repeated", P3 "message M { string a = 1; }", P3 "message M { repeated string a = 1; }",
       "changed field p.M.a major {cardinality: without presence -> repeated}"},
      {"presence", P3 "message M { string a = 1; }", P3 "message M { optional string a = 1; }",
       "changed field p.M.a major {cardinality: without presence -> optional}"},
      {"into a oneof", P3 "message M { optional string a = 1; oneof o { int32 b = 2; } }",
       P3 "message M { oneof o { string a = 1; int32 b = 2; } }",
       "changed field p.M.a major {oneof:  -> o}"},
      {"a oneof is renamed", P3 "message M { oneof o { string a = 1; } }",
       P3 "message M { oneof q { string a = 1; } }", "renamed oneof p.M.o -> p.M.q major"},
      {"a default", "syntax = \"proto2\"; message M { optional int32 a = 1 [default = 1]; }",
       "syntax = \"proto2\"; message M { optional int32 a = 1 [default = 2]; }",
       "changed field M.a major {default: 1 -> 2}"},
      {"a name in JSON", P3 "message M { string a = 1; }",
       P3 "message M { string a = 1 [json_name = \"x\"]; }",
       "changed field p.M.a major {json_name: a -> x}"},
      {"deprecated", P3 "message M { string a = 1; }",
       P3 "message M { string a = 1 [deprecated = true]; }",
       "changed field p.M.a minor {deprecated: no -> yes}"},
      {"not deprecated any more", P3 "message M { option deprecated = true; }", P3 "message M {}",
       "changed message p.M patch {deprecated: yes -> no}"},
      {"packing", P3 "message M { repeated int32 a = 1; }",
       P3 "message M { repeated int32 a = 1 [packed = false]; }",
       "changed field p.M.a patch {packed: yes -> no}"},
      {"an option", P3 "message M { string a = 1; }",
       P3 "message M { string a = 1 [ctype = CORD]; }",
       "changed field p.M.a patch {optionctype:  -> set}"},
      {"a custom option changes",
       "syntax = \"proto2\"; package p; import \"google/protobuf/descriptor.proto\"; extend "
       "google.protobuf.MessageOptions { optional int32 o = 50000; } message M { option (o) = 1; }",
       "syntax = \"proto2\"; package p; import \"google/protobuf/descriptor.proto\"; extend "
       "google.protobuf.MessageOptions { optional int32 o = 50000; } message M { option (o) = 2; }",
       "changed message p.M patch {option(p.o): set -> changed}"},
      {"a comment", P3 "\n\n// One.\nmessage M {}", P3 "\n\n// Two.\n//  more\nmessage M {}",
       "changed message p.M patch {documentation: One. -> Two.\nmore}"},
      {"a message comes", P3, P3 "message M { message N {} enum E { Z = 0; } }",
       "added message p.M minor"},
      {"a message goes", P3 "message M { message N {} }", P3, "removed message p.M major"},
      {"a message is renamed, and what uses it stays",
       P3 "message A { string x = 1; } message M { A a = 1; }",
       P3 "message B { string x = 1; } message M { B a = 1; }", "renamed message p.A -> p.B major"},
      {"an empty message is not known again", P3 "message A {}", P3 "message B {}",
       "removed message p.A major\nadded message p.B minor"},
      {"a message goes into another", P3 "message A { string x = 1; } message M {}",
       P3 "message M { message A { string x = 1; } }", "moved message p.A -> p.M.A major"},
      {"nested types go with their parent",
       P3 "message A { message N { int32 n = 1; } N x = 1; string y = 2; }",
       P3 "message B { message N { int32 n = 1; } N x = 1; string y = 2; }",
       "renamed message p.A -> p.B major"},
      {"reserved", P3 "message M { reserved 5, 1 to 2; reserved \"a\"; }",
       P3 "message M { reserved 1 to 2, 5; reserved \"a\", \"b\"; }",
       "changed message p.M patch {reserved names: a -> a, b}"},
      {"extension numbers", "syntax = \"proto2\"; message M { extensions 1 to 5; }",
       "syntax = \"proto2\"; message M { extensions 1 to 9; }",
       "changed message M major {extension numbers: 1 to 5 -> 1 to 9}"},
      {"an extension is renamed",
       "syntax = \"proto2\"; message M { extensions 1; } extend M { optional int32 a = 1; }",
       "syntax = \"proto2\"; message M { extensions 1; } extend M { optional int32 b = 1; }",
       "renamed extension a -> b major"},
      {"an enum value comes", P3 "enum E { Z = 0; }", P3 "enum E { Z = 0; A = 1; }",
       "added enum value p.A minor"},
      {"an enum value is renamed", P3 "enum E { Z = 0; A = 1; }", P3 "enum E { Z = 0; B = 1; }",
       "renamed enum value p.A -> p.B major"},
      {"an enum value is renumbered", P3 "enum E { Z = 0; A = 1; }", P3 "enum E { Z = 0; A = 2; }",
       "changed enum value p.A major {number: 1 -> 2}"},
      {"an enum is renamed", P3 "enum E { Z = 0; A = 1; }", P3 "enum F { Z = 0; A = 1; }",
       "renamed enum p.E -> p.F major"},
      {"a method is renamed", P3 "message M {} service S { rpc A(M) returns (M); }",
       P3 "message M {} service S { rpc B(M) returns (M); }",
       "renamed method p.S.A -> p.S.B major"},
      {"of two methods nobody knows which",
       P3 "message M {} service S { rpc A(M) returns (M); rpc B(M) returns (M); }",
       P3 "message M {} service S { rpc C(M) returns (M); }",
       "removed method p.S.A major\nremoved method p.S.B major\nadded method p.S.C minor"},
      {"a method streams", P3 "message M {} service S { rpc A(M) returns (M); }",
       P3 "message M {} service S { rpc A(M) returns (stream M); }",
       "changed method p.S.A major {signature: (p.M) returns (p.M) -> (p.M) returns (stream p.M)}"},
      {"a package, of which the types tell nothing more", P3 "message M { int32 a = 1; }",
       "syntax = \"proto3\"; package q; message M { int32 a = 1; }",
       "changed file test.proto major {package: p -> q}"},
      {"a file option that names code", P3, P3 "option go_package = \"x\";",
       "changed file test.proto major {go_package:  -> x}"},
      {"an edition", P3 "message M { optional int32 a = 1; }",
       "edition = \"2023\"; package p; message M { int32 a = 1; }",
       "changed file test.proto patch {edition: proto3 -> 2023}"},
  };
  t_schemas held = {0};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    diff_changes changes;
    stele_err err = {0};
    t_case(t, rows[i].label);
    const stele_file *was = t_schema(t, &held, rows[i].was), *now = t_schema(t, &held, rows[i].now);
    t_ok(t, check_diff(t->arena, &was, 1, &now, 1, &changes, &err), &err);
    t_eq_str(t, show(t->arena, &changes), stele_cstr(rows[i].want));
  }
  t_schemas_free(&held);
}

static const stele_file *file_of(stele_test *t, t_schemas *held, const char *path,
                                 const char *text) {
  return t_schema_files(t, held, &(t_text){path, text}, 1);
}

static void test_files(stele_test *t) {
  t_schemas held = {0};
  const stele_file *was[] = {
      file_of(t, &held, "a.proto", P3 "message A { int32 a = 1; }"),
      file_of(t, &held, "b.proto", P3 "message B { int32 b = 1; } message C { int32 c = 1; }"),
      file_of(t, &held, "d.proto", P3 "message D { int32 d = 1; }"),
  };
  const stele_file *now[] = {
      file_of(t, &held, "a.proto", P3 "message A { int32 a = 1; } message C { int32 c = 1; }"),
      file_of(t, &held, "b.proto", P3 "message B { int32 b = 1; }"),
      file_of(t, &held, "x.proto", P3 "message D { int32 d = 1; }"),
      file_of(t, &held, "y.proto", P3),
  };
  diff_changes changes;
  stele_err err = {0};
  t_ok(t, check_diff(t->arena, was, 3, now, 4, &changes, &err), &err);
  t_eq_str(t, show(t->arena, &changes),
           STELE_STR("moved message p.C major\n"
                     "moved file d.proto -> x.proto major\n"
                     "added file y.proto minor"));
  check_class cls;
  check_findings found;
  t_ok(t, check_semver_tree(t->arena, was, 3, now, 4, &cls, &found, &err), &err);
  t_eq_str(t, found.at[0].message,
           STELE_STR("the message \"p.C\" was removed from this file: it is in \"a.proto\" now"));
  t_schemas_free(&held);
}

static void test_semver_tree(stele_test *t) {
  static const struct {
    const char *label, *was, *now;
    check_class want;
  } rows[] = {
      {"the same", P3 "message M {}", P3 "message M {}", CHECK_NONE},
      {"a comment", P3 "message M {}", P3 "// c\nmessage M {}", CHECK_PATCH},
      {"layout", P3 "message M {}", P3 "\nmessage M {\n}", CHECK_PATCH},
      {"a field", P3 "message M {}", P3 "message M { int32 a = 1; }", CHECK_MINOR},
      {"a field goes", P3 "message M { int32 a = 1; }", P3 "message M {}", CHECK_MAJOR},
      {"an option of the same length",
       P3 "message M { int32 a = 1 [debug_redact = true]; int32 b = 2; }",
       P3 "message M { int32 a = 1; int32 b = 2 [debug_redact = true]; }", CHECK_PATCH},
      {"another syntax of the same length", P3 "message M { optional int32 a = 1; }",
       "syntax = \"proto2\"; package p; message M { optional int32 a = 1; }", CHECK_PATCH},
  };
  t_schemas held = {0};
  check_class cls;
  check_findings found;
  stele_err err = {0};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    const stele_file *was = t_schema(t, &held, rows[i].was), *now = t_schema(t, &held, rows[i].now);
    t_ok(t, check_semver_tree(t->arena, &was, 1, &now, 1, &cls, &found, &err), &err);
    t_eq_int(t, cls, rows[i].want);
    t_eq_int(t, found.count > 0, rows[i].want != CHECK_NONE);
  }
  const stele_file *one = t_schema(t, &held, P3);
  t_case(t, "a file comes");
  t_ok(t, check_semver_tree(t->arena, NULL, 0, &one, 1, &cls, &found, &err), &err);
  t_eq_int(t, cls, CHECK_MINOR);
  t_case(t, "a file goes");
  t_ok(t, check_semver_tree(t->arena, &one, 1, NULL, 0, &cls, &found, &err), &err);
  t_eq_int(t, cls, CHECK_MAJOR);
  t_schemas_free(&held);
}

static void test_changelog(stele_test *t) {
  t_schemas held = {0};
  const stele_file *was = t_schema(t, &held,
                                   P3 "message M { string a = 1; string b = 2; string c = 3; } "
                                      "message N {}\n");
  const stele_file *now = t_schema(t, &held,
                                   P3 "message M {\n  // The `name`.\n  string x = 1;\n"
                                      "  string b = 2 [deprecated = true];\n"
                                      "  // When.\n  //\n  // In ms.\n  int64 at_ms = 4;\n}\n"
                                      "// All.\nmessage N {}");
  diff_changes changes;
  stele_err err = {0};
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  t_ok(t, check_diff(t->arena, &was, 1, &now, 1, &changes, &err), &err);
  changelog_head head = {
      .from = STELE_STR("1.2.0"), .next = STELE_STR("2.0.0"), .cls = CHECK_MAJOR};
  t_ok(t, check_changelog(t->arena, &head, &changes, &out, &err), &err);
  t_eq_str(t, stele_buf_str(&out),
           STELE_STR("# 2.0.0\n\nSince 1.2.0: a major version.\n"
                     "\n## Removed\n\n- field `p.M.c`: `string = 3`\n"
                     "\n## Renamed and moved\n\n- field `p.M.a` → `p.M.x`\n  The `name`.\n"
                     "\n## Deprecated\n\n- field `p.M.b`\n"
                     "\n## Added\n\n- field `p.M.at_ms`: `int64 = 4`\n  When.\n\n  In ms.\n"
                     "\n## Documentation\n\n- message `p.N`\n  All.\n"
                     "\n## Migrating to 2.0.0\n\n"
                     "For each box: find where you use it, change that, and say here how.\n\n"
                     "- [ ] field `p.M.c` was removed. Stop reading and setting it; what is stored "
                     "keeps it as unknown.\n"
                     "- [ ] field `p.M.a` was renamed. Use the new name in code and in JSON; the "
                     "wire is the same.\n"));
  stele_buf_clear(&out);
  head = (changelog_head){.from = STELE_STR("1.2.0"), .next = STELE_STR("1.2.0")};
  changes.count = 0;
  t_ok(t, check_changelog(t->arena, &head, &changes, &out, &err), &err);
  t_eq_str(t, stele_buf_str(&out), STELE_STR("# 1.2.0\n\nNothing changed since 1.2.0.\n"));
  t_schemas_free(&held);
}

static void test_spans(stele_test *t) {
  static const struct {
    const char *name;
    check_extent want;
  } rows[] = {{"p.M", {1, 0, 4, 1}},
              {"p.M.a", {2, 2, 2, 12}},
              {"p.M.N", {3, 2, 3, 14}},
              {"p.E", {5, 0, 5, 17}}};
  t_schemas held = {0};
  check_extent span;
  check_docs docs;
  check_docs_init(&docs, t->arena);
  const stele_file *file = t_schema(t, &held,
                                    P3 "\nmessage M {\n  int32 a=1;\n  message N {}\n}\n"
                                       "enum E { Z = 0; }\n");
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].name);
    t_true(t, check_docs_find(&docs, file, stele_cstr(rows[i].name), &span));
    t_eq_int(t, span.start_line, rows[i].want.start_line);
    t_eq_int(t, span.start_column, rows[i].want.start_column);
    t_eq_int(t, span.end_line, rows[i].want.end_line);
    t_eq_int(t, span.end_column, rows[i].want.end_column);
  }
  t_true(t, !check_docs_find(&docs, file, STELE_STR("p.Nobody"), &span));
  t_schemas_free(&held);
}

/* The schemas of test_no_memory: t_each_failure gives its function no argument. */
static _Thread_local const stele_file *memory_was, *memory_now;

static bool diff_all(stele_arena *arena, stele_err *err) {
  diff_changes changes;
  check_class cls;
  check_findings found;
  stele_buf out;
  changelog_head head = {STELE_STR("1.0.0"), STELE_STR("2.0.0"), CHECK_MAJOR, false};
  stele_buf_init(&out, arena, 0);
  return check_diff(arena, &memory_was, 1, &memory_now, 1, &changes, err) &&
         check_semver_tree(arena, &memory_was, 1, &memory_now, 1, &cls, &found, err) &&
         check_changelog(arena, &head, &changes, &out, err);
}

static void test_no_memory(stele_test *t) {
  t_schemas held = {0};
  memory_was = t_schema(
      t, &held, P3 "// c\nmessage M { int32 a = 1; } message O { int32 o = 1; } enum E { Z = 0; }");
  memory_now = t_schema(t, &held,
                        P3 "message M { string a = 1 [ctype = CORD]; } message Q { int32 o = 1; }");
  t_each_failure(t, diff_all);
  t_schemas_free(&held);
}

TEST_MAIN(test_one_file, test_files, test_semver_tree, test_changelog, test_spans, test_no_memory)
