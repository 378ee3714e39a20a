/* The schema's own small parts: features, names, lookup by number. */
#include "harness/schema.h"
#include "proto/schema/features.h"

static unsigned get(stele_edition edition, stele_feature feature) {
  return stele_features_get(stele_features_default(edition), feature);
}

static void test_editions_have_defaults(stele_test *t) {
  static const struct {
    stele_edition edition;
    unsigned presence, type, encoding, utf8, json, style, visibility;
  } rows[] = {
      {STELE_EDITION_LEGACY, 1, 2, 2, 3, 2, 2, 1}, {STELE_EDITION_PROTO2, 1, 2, 2, 3, 2, 2, 1},
      {STELE_EDITION_PROTO3, 2, 1, 1, 2, 1, 2, 1}, {STELE_EDITION_2023, 1, 1, 1, 2, 1, 2, 1},
      {STELE_EDITION_2024, 1, 1, 1, 2, 1, 1, 2},   {STELE_EDITION_2026, 1, 1, 1, 2, 1, 3, 4},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case_n(t, "edition", rows[i].edition);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_FIELD_PRESENCE), rows[i].presence);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_ENUM_TYPE), rows[i].type);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_REPEATED_FIELD_ENCODING), rows[i].encoding);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_UTF8_VALIDATION), rows[i].utf8);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_JSON_FORMAT), rows[i].json);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_ENFORCE_NAMING_STYLE), rows[i].style);
    t_eq_int(t, get(rows[i].edition, STELE_FEATURE_DEFAULT_SYMBOL_VISIBILITY), rows[i].visibility);
  }
}

static void test_own_features_hide_the_parents(stele_test *t) {
  stele_features parent = stele_features_default(STELE_EDITION_PROTO2);
  t_eq_int(t, stele_features_merge(parent, 0), parent);
  stele_features own = (stele_features)STELE_ENUM_OPEN << STELE_FEATURE_ENUM_TYPE;
  stele_features merged = stele_features_merge(parent, own);
  t_eq_int(t, stele_features_get(merged, STELE_FEATURE_ENUM_TYPE), STELE_ENUM_OPEN);
  t_eq_int(t, merged & ~(7u << STELE_FEATURE_ENUM_TYPE), parent & ~(7u << STELE_FEATURE_ENUM_TYPE));
  t_eq_int(t, stele_features_merge(merged, own), merged);
}

static void test_json_name(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"no underscore is returned as it is", "foo", "foo"},
      {"one underscore raises the next", "foo_bar", "fooBar"},
      {"a digit after one stays", "foo_1a", "foo1a"},
      {"a leading one raises the first", "_foo", "Foo"},
      {"a run counts as one", "a__b", "aB"},
      {"a trailing one is dropped", "foo_", "foo"},
      {"nothing but underscores", "___", ""},
      {"capitals stay", "FOO_bAr", "FOOBAr"},
      {"empty", "", ""},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, stele_json_name(t->arena, stele_cstr(rows[i].in)), stele_cstr(rows[i].want));
  }
}

/* Numbers in order, out of order, far apart. */
static void test_fields_by_number(stele_test *t) {
  static const char *const bodies[] = {
      "int32 a = 1; int32 b = 2; int32 c = 3;",
      "int32 a = 5; int32 b = 70; int32 c = 536870911;",
      "int32 c = 900; int32 a = 2; int32 b = 1; int32 d = 30; int32 e = 29;",
      "int32 only = 7;",
      "",
  };
  for (size_t i = 0; i < STELE_COUNT(bodies); i++) {
    t_case(t, bodies[i]);
    t_schemas held = {0};
    stele_str text = stele_str_printf(t->arena, "syntax = \"proto3\"; message M { %s }", bodies[i]);
    const stele_file *file = t_schema(t, &held, text.ptr);
    const stele_message *m = &file->messages[0];
    for (uint32_t k = 0; k < m->field_count; k++) {
      t_true(t, stele_message_field(m, m->fields[k].number) == &m->fields[k]);
      t_true(t, stele_message_field_by_name(m, m->fields[k].name) == &m->fields[k]);
      t_eq_int(t, stele_field_index(&m->fields[k]), k);
    }
    static const int32_t absent[] = {0, -1, 4, 28, 71, 901, INT32_MAX, INT32_MIN};
    for (size_t k = 0; k < STELE_COUNT(absent); k++) {
      t_true(t, stele_message_field(m, absent[k]) == NULL);
    }
    t_schemas_free(&held);
  }
}

static void test_full_names(stele_test *t) {
  t_schemas held = {0};
  const stele_file *file =
      t_schema(t, &held,
               "syntax = \"proto2\"; package p; message M { enum E { V = 0; } oneof o {"
               " int32 f = 1; } extensions 9; extend M { optional int32 x = 9; } }\n"
               "enum Top { W = 0; } service S { rpc Go(M) returns (M); }");
  const stele_message *m = &file->messages[0];
  t_eq_str(t, stele_field_full_name(t->arena, &m->fields[0]), STELE_STR("p.M.f"));
  t_eq_str(t, stele_field_full_name(t->arena, &m->extensions[0]), STELE_STR("p.M.x"));
  t_eq_str(t, stele_oneof_full_name(t->arena, &m->oneofs[0]), STELE_STR("p.M.o"));
  t_eq_str(t, stele_enum_value_full_name(t->arena, &m->enums[0].values[0]), STELE_STR("p.M.V"));
  t_eq_str(t, stele_enum_value_full_name(t->arena, &file->enums[0].values[0]), STELE_STR("p.W"));
  t_eq_str(t, stele_method_full_name(t->arena, &file->services[0].methods[0]), STELE_STR("p.S.Go"));
  t_eq_int(t, stele_message_index(m), 0);
  t_eq_int(t, m->full_name.ptr[-1], '.');
  t_schemas_free(&held);
}

TEST_MAIN(test_editions_have_defaults, test_own_features_hide_the_parents, test_json_name,
          test_fields_by_number, test_full_names)
