/* The rules' engine: what is on, what is left out, and where findings stand.
 * What each rule finds is in tests/golden. */
#include "check/judge/judge.h"
#include "harness/schema.h"

static rule_findings lint(stele_test *t, const stele_file *file, const rule_config *config) {
  stele_err err = {0};
  rule_findings found = {0};
  const rule_selection *selection = rule_select(t->arena, config, &err);
  t_ok(t, selection != NULL, &err);
  rule_file row = {.file = file};
  rule_tree tree = {.files = &row, .count = 1};
  t_ok(t, rule_lint(t->arena, selection, &tree, &found, &err), &err);
  return found;
}

static void test_selection(stele_test *t) {
  static const stele_str basic[] = {STELE_STR_INIT("BASIC")};
  static const stele_str label[] = {STELE_STR_INIT("FIELD_SAME_LABEL")};
  static const stele_str proto[] = {STELE_STR_INIT("PROTOVALIDATE")};
  static const stele_str platform[] = {STELE_STR_INIT("PLATFORM")};
  static const struct {
    const char *label;
    rule_kind kind;
    rule_set set;
    const stele_str *use;
    size_t on, unchecked, deprecated;
  } rows[] = {
      {"defaults of lint", RULE_LINT, RULE_SET_V2, NULL, 34, 1, 0},
      {"defaults of breaking", RULE_BREAKING, RULE_SET_V2, NULL, 51, 0, 0},
      {"defaults of breaking, v1", RULE_BREAKING, RULE_SET_V1, NULL, 49, 0, 0},
      {"a category", RULE_LINT, RULE_SET_V2, basic, 26, 0, 0},
      {"a deprecated id stands for what replaced it", RULE_BREAKING, RULE_SET_V1, label, 3, 0, 1},
      {"one that is not checked", RULE_LINT, RULE_SET_V1, proto, 0, 1, 0},
      {"ours", RULE_BREAKING, RULE_SET_V2, platform, 8, 0, 0},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    rule_config config = {.kind = rows[i].kind, .set = rows[i].set, .use = rows[i].use};
    config.use_count = rows[i].use ? 1 : 0;
    const rule_selection *selection = rule_select(t->arena, &config, &err);
    size_t count;
    t_case(t, rows[i].label);
    t_ok(t, selection != NULL, &err);
    (void)rule_selected(selection, &count);
    t_true(t, count >= rows[i].on);
    if (rows[i].use != platform) t_eq_int(t, count, rows[i].on);
    (void)rule_unchecked(selection, &count);
    t_eq_int(t, count, rows[i].unchecked);
    (void)rule_deprecated(selection, &count);
    t_eq_int(t, count, rows[i].deprecated);
  }
}

static void test_unknown_id(stele_test *t) {
  static const stele_str use[] = {STELE_STR_INIT("NO_SUCH_RULE")};
  stele_err err = {0};
  rule_config config = {.kind = RULE_LINT, .set = RULE_SET_V2, .use = use, .use_count = 1};
  t_true(t, rule_select(t->arena, &config, &err) == NULL);
  t_eq_int(t, err.code, STELE_INVALID);
  t_eq_str(t, stele_cstr(err.msg),
           STELE_STR("\"NO_SUCH_RULE\" is not a known rule or category ID"));
}

static const char bad_text[] = "syntax = \"proto3\";\n"
                               "package a;\n"
                               "// buf:lint:ignore MESSAGE_PASCAL_CASE\n"
                               "message lower_one { string notSnake = 1; }\n"
                               "message lower_two {}\n";

static void test_left_out(stele_test *t) {
  static const stele_str use[] = {STELE_STR_INIT("MESSAGE_PASCAL_CASE"),
                                  STELE_STR_INIT("FIELD_LOWER_SNAKE_CASE")};
  static const stele_str file[] = {STELE_STR_INIT("test.proto")};
  static const rule_ignore only[] = {{STELE_STR_INIT("FIELD_LOWER_SNAKE_CASE"), file, 1}};
  t_schemas held = {0};
  const stele_file *schema = t_schema(t, &held, bad_text);
  const rule_config base = {.kind = RULE_LINT, .set = RULE_SET_V2, .use = use, .use_count = 2};
  rule_config config = base;
  t_eq_int(t, lint(t, schema, &config).count, 3);
  config.allow_comment_ignores = true;
  rule_findings found = lint(t, schema, &config);
  t_eq_int(t, found.count, 2);
  t_eq_int(t, found.at[0].at.start_line, 4);
  t_eq_int(t, found.at[0].at.start_column, 28);
  config.ignore_only = only;
  config.ignore_only_count = 1;
  t_eq_int(t, lint(t, schema, &config).count, 1);
  config = base;
  config.ignore = file;
  config.ignore_count = 1;
  t_eq_int(t, lint(t, schema, &config).count, 0);
  t_schemas_free(&held);
}

/* One schema for every failing allocation. */
static const stele_file *failing_file;

static bool each_rule(stele_arena *arena, stele_err *err) {
  for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
    static const stele_str use[] = {STELE_STR_INIT("STANDARD"), STELE_STR_INIT("FILE")};
    rule_config config = {.kind = (rule_kind)kind, .set = RULE_SET_V2, .use = &use[kind]};
    config.use_count = 1;
    rule_file row = {.file = failing_file};
    rule_tree tree = {.files = &row, .count = 1}, nothing = {0};
    rule_findings found;
    const rule_selection *selection = rule_select(arena, &config, err);
    if (!selection) return false;
    bool ok = kind == RULE_LINT ? rule_lint(arena, selection, &tree, &found, err)
                                : rule_breaking(arena, selection, &nothing, &tree, &found, err);
    if (!ok) return false;
  }
  return true;
}

static void test_each_failure(stele_test *t) {
  t_schemas held = {0};
  failing_file = t_schema(t, &held, bad_text);
  t_each_failure(t, each_rule);
  t_schemas_free(&held);
}

TEST_MAIN(test_selection, test_unknown_id, test_left_out, test_each_failure)
