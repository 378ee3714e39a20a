/* The built-in files are there, whole, and found by path. */
#include "proto/wkt/wkt.h"

#include "harness/test.h"

static void test_find(stele_test *t) {
  static const struct {
    const char *path, *starts_with_package;
  } rows[] = {
      {"google/protobuf/descriptor.proto", "package google.protobuf;"},
      {"google/protobuf/timestamp.proto", "package google.protobuf;"},
      {"google/type/money.proto", "package google.type;"},
      {"google/api/annotations.proto", "package google.api;"},
      {"google/rpc/status.proto", "package google.rpc;"},
      {"confluent/meta.proto", "package confluent;"},
      {"confluent/type/decimal.proto", "package confluent.type;"},
      {"confluent/type/variant.proto", "package confluent.type;"},
      {"stele/options.proto", "package stele;"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].path);
    stele_str text = {0};
    t_true(t, stele_wkt_find(stele_cstr(rows[i].path), &text));
    stele_str package = stele_cstr(rows[i].starts_with_package);
    t_true(t, memmem(text.ptr, text.len, package.ptr, package.len) != NULL);
    t_true(t, text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '}');
  }
}

static void test_paths_are_sorted_and_found(stele_test *t) {
  t_true(t, stele_wkt_count() > 70);
  for (size_t i = 0; i < stele_wkt_count(); i++) {
    stele_str text;
    t_true(t, stele_wkt_find(stele_wkt_path(i), &text));
  }
  stele_str none = STELE_STR("untouched"), text = none;
  t_true(t, !stele_wkt_find(STELE_STR("google/protobuf/none.proto"), &text));
  t_true(t, !stele_wkt_find(STELE_STR(""), &text));
  t_eq_str(t, text, none);
}

TEST_MAIN(test_find, test_paths_are_sorted_and_found)
