/* Paths: which may be written below a folder, and taking them apart. */
#include "base/path.h"

#include "harness/test.h"

static void test_paths(stele_test *t) {
  static const char long_step[] =
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  const struct {
    const char *label;
    stele_str path;
    const char *want; /* NULL: clean */
  } rows[] = {
      {"a name", STELE_STR("a.proto"), NULL},
      {"steps", STELE_STR("trading/v1/tick-data.proto"), NULL},
      {"dots inside a step", STELE_STR("a/..b/c...d/.e"), NULL},
      {"UTF-8 and a space", STELE_STR("\xc3\xa9/a b"), NULL},
      {"nothing", STELE_STR(""), "is empty"},
      {"absolute", STELE_STR("/etc/passwd"), "is absolute"},
      {"up at once", STELE_STR("../a"), "has a '..' step"},
      {"up inside", STELE_STR("a/../../b"), "has a '..' step"},
      {"up at the end", STELE_STR("a/.."), "has a '..' step"},
      {"a dot", STELE_STR("a/./b"), "has a '.' step"},
      {"a dot at the end", STELE_STR("a/."), "has a '.' step"},
      {"a DEL", STELE_STR("a\x7f"), "has a control byte"},
      {"a tilde", STELE_STR("~/a~"), NULL},
      {"a dot first", STELE_STR("./a"), "has a '.' step"},
      {"two slashes", STELE_STR("a//b"), "has an empty step"},
      {"a slash at the end", STELE_STR("a/"), "has an empty step"},
      {"a backslash", STELE_STR("a\\..\\b"), "has a backslash"},
      {"a NUL", STELE_STR("a\0b"), "has a control byte"},
      {"a newline", STELE_STR("a\nb"), "has a control byte"},
      {"not UTF-8", STELE_STR("a\xff"), "is not UTF-8"},
      {"the longest step",
       stele_str_printf(t->arena, "%.63s%.64s%.64s%.64s", long_step, long_step, long_step,
                        long_step),
       NULL},
      {"a longer step",
       stele_str_printf(t->arena, "%s%s%s%s", long_step, long_step, long_step, long_step),
       "has a step of more than 255 bytes"},
      {"a very long path", stele_str_printf(t->arena, "a/%01100d", 1),
       "is longer than 1,024 bytes"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const char *fault = stele_path_fault(rows[i].path);
    t_case(t, rows[i].label);
    t_eq_int(t, fault == NULL, rows[i].want == NULL);
    if (fault) t_eq_str(t, stele_cstr(fault), stele_cstr(rows[i].want));
  }
}

static void test_clean(stele_test *t) {
  static const struct {
    const char *label, *in, *want;
  } rows[] = {
      {"empty", "", ""},
      {"here", "./.", ""},
      {"as it is", "a/b.proto", "a/b.proto"},
      {"dots and slashes go", "./a//./b/", "a/b"},
      {"up stays", "../a/../b", "../a/../b"},
      {"absolute", "//a/.//b", "/a/b"},
      {"absolute, as it is", "/a/b.c/d", "/a/b.c/d"},
      {"a slash at the end", "/a/b/", "/a/b"},
      {"the root", "/./", "/"},
      {"a dot in a name", ".a/b.", ".a/b."},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, stele_path_clean(t->arena, stele_cstr(rows[i].in)), stele_cstr(rows[i].want));
  }
}

static void test_join(stele_test *t) {
  static const struct {
    const char *dir, *path, *want;
  } rows[] = {
      {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"}, {"", "b", "b"},
      {".", "b", "b"},   {"a", "", "a"},     {"a", ".", "a"},  {".", ".", "."},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].want);
    t_eq_str(t, stele_path_join(t->arena, stele_cstr(rows[i].dir), stele_cstr(rows[i].path)),
             stele_cstr(rows[i].want));
  }
}

static void test_parts(stele_test *t) {
  static const struct {
    const char *path, *last;
    bool has_up;
  } rows[] = {
      {"a/b", "b", false}, {"a", "a", false},     {"a/", "", false},
      {"", "", false},     {"a/../b", "b", true}, {"..a/b..", "b..", false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].path);
    t_eq_str(t, stele_path_last(stele_cstr(rows[i].path)), stele_cstr(rows[i].last));
    t_eq_int(t, stele_path_has_up(stele_cstr(rows[i].path)), rows[i].has_up);
  }
}

TEST_MAIN(test_paths, test_clean, test_join, test_parts)
