/* Settings: defaults, files, options; and the files that are shipped. */
#include "server/config.h"

#include "harness/test.h"
#include "sys/file.h"

static void test_defaults(stele_test *t) {
  server_config c;
  server_config_init(&c);
  t_eq_str(t, c.listen, STELE_STR("127.0.0.1:8081"));
  t_eq_int(t, c.head_bytes, 16384);
  t_eq_int(t, c.body_bytes, 32 << 20);
  t_true(t, !c.allow_remote && !c.tree);
}

static void test_options(stele_test *t) {
  static const struct {
    const char *label, *option, *value, *want; /* NULL: taken */
  } rows[] = {
      {"a number", "loops", "3", NULL},
      {"a large one", "body-bytes", "4294967296", NULL},
      {"a flag", "allow-remote", "", NULL},
      {"text", "listen", "[::1]:0", NULL},
      {"too much", "loops", "257", "loops wants a number from 0 to 256, not \"257\""},
      {"too little", "head-bytes", "1", "head-bytes wants a number from 256 to 65535, not \"1\""},
      {"no number", "loops", "-1", "loops wants a number from 0 to 256, not \"-1\""},
      {"no such option", "lops", "1", "no option \"lops\""},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    server_config c;
    stele_err err = {0};
    server_config_init(&c);
    t_case(t, rows[i].label);
    bool ok = server_config_set(&c, stele_cstr(rows[i].option), stele_cstr(rows[i].value), &err);
    t_eq_int(t, ok, rows[i].want == NULL);
    if (!ok) t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
  }
}

static void test_files(stele_test *t) {
  static const struct {
    const char *label, *name, *text, *want; /* NULL: taken */
  } rows[] = {
      {"JSON", "a.json",
       "{\"listen\":\"[::1]:9\",\"loops\":2,\"log\":{\"level\":\"debug\"},\"allow_remote\":true,"
       "\"limits\":{\"head_bytes\":1024},\"tenants\":[]}",
       NULL},
      {"YAML", "a.yaml",
       "listen: '[::1]:9'\nloops: 2\nlog: {level: debug}\nallow_remote: true\nlimits:\n"
       "  head_bytes: 1024\ntenants: []\n",
       NULL},
      {"an unknown key", "a.json", "{\"lops\":2}", "no such key at $.lops (line 1, column 2)"},
      {"an unknown key in a section", "a.json", "{\"limits\":{\"heads\":2}}",
       "no such key at $.limits.heads (line 1, column 12)"},
      {"another kind", "a.json", "{\"loops\":\"2\"}",
       "expected number at $.loops (line 1, column 2)"},
      {"out of bounds", "a.json", "{\"loops\":999}",
       "loops wants a number from 0 to 256, not \"999\" at $.loops (line 1, column 2)"},
      {"no object", "a.json", "[]", "expected an object at $ (line 1, column 1)"},
      {"no JSON", "a.json", "{", ""},
  };
  stele_str dir;
  stele_err err = {0};
  t_ok(t, sys_dir_temp(t->arena, "stele-config", &dir, &err), &err);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    server_config c;
    server_config_init(&c);
    t_case(t, rows[i].label);
    stele_str path =
        stele_str_printf(t->arena, STELE_STR_FMT "/%s", STELE_STR_ARG(dir), rows[i].name);
    t_ok(t, sys_file_write(path, stele_str_bytes(stele_cstr(rows[i].text)), &err), &err);
    bool ok = server_config_load(t->arena, &c, path, &err);
    t_eq_int(t, ok, rows[i].want == NULL);
    if (ok) {
      t_eq_str(t, c.listen, STELE_STR("[::1]:9"));
      t_eq_str(t, c.log_level, STELE_STR("debug"));
      t_eq_int(t, c.loops, 2);
      t_eq_int(t, c.head_bytes, 1024);
      t_true(t, c.allow_remote && c.tree && stele_json_find(c.tree, STELE_STR("tenants")));
    } else if (*rows[i].want) {
      stele_str want =
          stele_str_printf(t->arena, STELE_STR_FMT ": %s", STELE_STR_ARG(path), rows[i].want);
      t_eq_str(t, stele_cstr(err.msg), want);
    }
  }
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

static void test_the_files_that_are_shipped(stele_test *t) {
  static const char *const names[] = {"development", "staging", "production"};
  stele_str root = sys_env("STELE_SOURCE_ROOT");
  if (!root.ptr) root = STELE_STR(".");
  for (size_t i = 0; i < STELE_COUNT(names); i++) {
    server_config c;
    stele_err err = {0};
    server_config_init(&c);
    t_case(t, names[i]);
    stele_str path =
        stele_str_printf(t->arena, STELE_STR_FMT "/config/%s.json", STELE_STR_ARG(root), names[i]);
    t_ok(t, server_config_load(t->arena, &c, path, &err), &err);
  }
}

TEST_MAIN(test_defaults, test_options, test_files, test_the_files_that_are_shipped)
