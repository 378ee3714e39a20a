/* Files that are linked again without their texts: which of them hold other values, and that
 * running out of memory leaves nothing behind. What importers see of a change is in
 * proto_workspace_test.c. */
#include "proto/relink/relink.h"

#include "base/guard.h"
#include "harness/schema.h"

static const char head[] = "syntax = \"proto3\"; package p; ";
static const char base[] =
    "message In { int32 x = 1; } message Out { In in = 1; } enum E { E0 = 0; }";

typedef struct relink_test {
  stele_arena *arena, *tables;
  const stele_file *before, *after, *user;
  relink_job *job;
  const stele_file *copy;
  bool holds_other;
} relink_test;

static void relink(void *arg) {
  relink_test *r = arg;
  r->job = relink_job_new(r->arena, r->tables);
  relink_replace(r->job, r->before, r->after);
  relink_replaced(r->job);
  r->copy = relink_file(r->job, r->user, &r->holds_other);
  relink_job_finish(r->job);
}

/* The n-th allocation fails; 0: none. What was made is the test's to let go of. */
static bool run(relink_test *r, uint64_t n, stele_err *err) {
  r->arena = stele_arena_new(0);
  r->tables = stele_arena_new_scratch(r->arena);
  r->job = NULL;
  stele_arena_fail_after(r->arena, n);
  return stele_guard_run(r->arena, relink, r, err);
}

static void end(relink_test *r) {
  stele_schema *schema = r->job ? relink_job_schema(r->job) : NULL;
  stele_arena_free(r->tables);
  stele_schema_unref(schema);
  if (!schema) stele_arena_free(r->arena);
}

static relink_test link_both(stele_test *t, t_schemas *held, const char *after, const char *user) {
  t_text files[2] = {{"u.proto", NULL}, {"a.proto", NULL}};
  relink_test r = {0};
  files[1].text = stele_str_printf(t->arena, "%s%s", head, base).ptr;
  files[0].text =
      stele_str_printf(t->arena, "syntax = \"proto3\"; package u; import \"a.proto\"; %s", user)
          .ptr;
  r.user = t_schema_files(t, held, files, 2);
  r.before = r.user->imports[0].file;
  files[1].text = stele_str_printf(t->arena, "%s%s", head, after).ptr;
  r.after = t_schema_files(t, held, &files[1], 1);
  return r;
}

static void test_whose_values_are_others(stele_test *t) {
  static const char more[] =
      "message In { int32 x = 1; string y = 2; } message Out { In in = 1; } enum E { E0 = 0; }";
  static const char comment[] =
      "/* one */ message In { int32 x = 1; } message Out { In in = 1; } enum E { E0 = 0; }";
  static const char value[] =
      "message In { int32 x = 1; } message Out { In in = 1; } enum E { E0 = 0; E1 = 1; }";
  static const char deprecated[] = "message In { int32 x = 1; } message Out { option deprecated = "
                                   "true; In in = 1; } enum E { E0 = 0; }";
  static const struct {
    const char *label, *after, *user;
    bool want;
  } rows[] = {
      {"nothing but a comment", comment, "message U { p.In in = 1; }", false},
      {"a field of the type", more, "message U { p.In in = 1; }", true},
      {"a field of what has one", more, "message U { p.Out out = 1; }", true},
      {"a map of what has one", more, "message U { map<int32, p.Out> outs = 1; }", true},
      {"one that is declared below", more, "message U { V v = 1; } message V { p.Out out = 1; }",
       true},
      {"of something else", more, "message U { p.E e = 1; }", false},
      {"a method that takes it", more, "message U {} service S { rpc Do(p.In) returns (p.Out); }",
       false},
      {"a value of the enum", value, "message U { p.E e = 1; }", true},
      {"a method that takes what is deprecated now", deprecated,
       "message U {} service S { rpc Do(p.Out) returns (U); }", true},
  };
  t_schemas held = {0};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    relink_test r = link_both(t, &held, rows[i].after, rows[i].user);
    t_case(t, rows[i].label);
    t_true(t, relink_compare(t->arena, r.before, r.after).is_unseen);
    t_ok(t, run(&r, 0, &err), &err);
    t_true(t, r.holds_other == rows[i].want);
    t_true(t, r.copy->imports[0].file == r.after && r.user->imports[0].file == r.before);
    end(&r);
  }
  t_schemas_free(&held);
}

static void test_no_memory(stele_test *t) {
  t_schemas held = {0};
  relink_test r = link_both(t, &held, base,
                            "message U { oneof o { p.In in = 1; p.E e = 5; } map<int32, U> us = 3; "
                            "enum I { I0 = 0; } } service S { rpc Do(U) returns (p.Out); }");
  for (uint64_t n = 1;; n++) {
    stele_err err = {0};
    bool ok = run(&r, n, &err);
    end(&r);
    if (ok) break;
    t_eq_int(t, err.code, STELE_NO_MEMORY);
  }
  t_schemas_free(&held);
}

TEST_MAIN(test_whose_values_are_others, test_no_memory)
