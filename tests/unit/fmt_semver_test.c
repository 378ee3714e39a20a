/* Semantic versions: grammar, order, the next one. */
#include "fmt/semver.h"

#include "harness/test.h"

static stele_str print(stele_test *t, const stele_semver *version) {
  stele_buf buf;
  stele_buf_init(&buf, t->arena, 0);
  stele_semver_print(&buf, version);
  return stele_buf_str(&buf);
}

static void test_accepted(stele_test *t) {
  static const char *const rows[] = {
      "0.0.0",
      "1.2.3",
      "4294967295.0.10",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-0.3.7",
      "1.0.0-x-y-z.--",
      "1.0.0-0A.is.legal",
      "1.0.0+001",
      "1.0.0+21AF26D3---117B344092BD",
      "1.0.0-beta+exp.sha-5114f85",
      "1.0.0+a-b",
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_semver v;
    t_case(t, rows[i]);
    t_true(t, stele_semver_parse(stele_cstr(rows[i]), &v));
    t_eq_str(t, print(t, &v), stele_cstr(rows[i]));
  }
}

static void test_refused(stele_test *t) {
  static const char *const rows[] = {
      "",         "1",         "1.2",       "1.2.3.4",   "v1.2.3",   "01.2.3",
      "1.02.3",   "1.2.03",    "1.2.3-",    "1.2.3+",    "1.2.3-+b", "1.2.3-a..b",
      "1.2.3-01", "1.2.3-a_b", "1.2.3+a+b", "1.2.-3",    "1.2.3 ",   "4294967296.0.0",
      "1.2.3-a.", "1.2.3+.a",  "..",        "1..3",      "-1.2.3",   "1.2.3-\xc3\xa9",
      "+1.2.3",   "1.2.+3",    "latest",    "1.2.3-a.00"};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_semver v = {.major = 9};
    t_case(t, rows[i]);
    t_true(t, !stele_semver_parse(stele_cstr(rows[i]), &v));
    t_eq_int(t, v.major, 9);
  }
}

/* In order: each row comes before all that follow. */
static void test_order(stele_test *t) {
  static const char *const rows[] = {"0.0.1",
                                     "0.9.0",
                                     "1.0.0-0",
                                     "1.0.0-2",
                                     "1.0.0-10",
                                     "1.0.0-99999999999999999999",
                                     "1.0.0-100000000000000000000",
                                     "1.0.0-alpha",
                                     "1.0.0-alpha.1",
                                     "1.0.0-alpha.beta",
                                     "1.0.0-alphabet",
                                     "1.0.0-beta",
                                     "1.0.0-beta.2",
                                     "1.0.0-beta.11",
                                     "1.0.0-rc.1",
                                     "1.0.0",
                                     "1.0.1",
                                     "1.1.0",
                                     "1.9.0",
                                     "1.10.0",
                                     "2.0.0",
                                     "4294967295.0.0"};
  stele_semver a, b;
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_true(t, stele_semver_parse(stele_cstr(rows[i]), &a));
    for (size_t j = 0; j < STELE_COUNT(rows); j++) {
      t_case(t, stele_str_printf(t->arena, "%s and %s", rows[i], rows[j]).ptr);
      t_true(t, stele_semver_parse(stele_cstr(rows[j]), &b));
      int order = stele_semver_compare(&a, &b);
      t_eq_int(t, (order > 0) - (order < 0), (i > j) - (i < j));
    }
  }
  t_true(t, stele_semver_parse(STELE_STR("1.0.0-a+x"), &a));
  t_true(t, stele_semver_parse(STELE_STR("1.0.0-a+y"), &b));
  t_eq_int(t, stele_semver_compare(&a, &b), 0);
}

static void test_bump(stele_test *t) {
  static const struct {
    const char *from;
    stele_semver_class class_;
    const char *want; /* NULL: refused */
  } rows[] = {
      {"1.2.3", STELE_SEMVER_NONE, "1.2.3"},
      {"1.2.3-a+b", STELE_SEMVER_NONE, "1.2.3-a+b"},
      {"1.2.3", STELE_SEMVER_PATCH, "1.2.4"},
      {"1.2.3", STELE_SEMVER_MINOR, "1.3.0"},
      {"1.2.3", STELE_SEMVER_MAJOR, "2.0.0"},
      {"0.1.0", STELE_SEMVER_MAJOR, "1.0.0"},
      {"1.2.3+build", STELE_SEMVER_PATCH, "1.2.4"},
      {"1.2.3-rc.1", STELE_SEMVER_PATCH, "1.2.3"},
      {"1.2.3-rc.1", STELE_SEMVER_MINOR, "1.3.0"},
      {"1.3.0-rc.1", STELE_SEMVER_MINOR, "1.3.0"},
      {"2.0.0-rc.1", STELE_SEMVER_MAJOR, "2.0.0"},
      {"2.1.0-rc.1", STELE_SEMVER_MAJOR, "3.0.0"},
      {"1.2.4294967295", STELE_SEMVER_PATCH, NULL},
      {"1.4294967295.0", STELE_SEMVER_MINOR, NULL},
      {"4294967295.0.0", STELE_SEMVER_MAJOR, NULL},
      {"1.4294967295.4294967295", STELE_SEMVER_MAJOR, "2.0.0"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_semver from, to;
    t_case(t, rows[i].from);
    t_true(t, stele_semver_parse(stele_cstr(rows[i].from), &from));
    t_eq_int(t, stele_semver_bump(&from, rows[i].class_, &to), rows[i].want != NULL);
    if (rows[i].want) t_eq_str(t, print(t, &to), stele_cstr(rows[i].want));
  }
}

static void test_classes(stele_test *t) {
  static const char *const words[] = {"none", "patch", "minor", "major"};
  stele_semver_class class_;
  for (unsigned i = 0; i < STELE_COUNT(words); i++) {
    t_true(t, stele_semver_class_parse(stele_cstr(words[i]), &class_));
    t_eq_int(t, class_, i);
    t_eq_str(t, stele_semver_class_text(class_), stele_cstr(words[i]));
  }
  t_true(t, !stele_semver_class_parse(STELE_STR("Major"), &class_));
}

TEST_MAIN(test_accepted, test_refused, test_order, test_bump, test_classes)
