/* The plugin host: programs that do well, badly, or nothing at all. */
#include <stdlib.h>

#include "harness/schema.h"
#include "plugin/plugin.h"

#define S(text) STELE_STR(text)

static void test_host(stele_test *t) {
  static const struct {
    const char *label, *script; /* of sh; what it prints is the response */
    const char *lines, *error;  /* parts of what is said; NULL: nothing */
    size_t files;
  } rows[] = {
      {"a file", "cat >/dev/null; printf '\\172\\006\\012\\001f\\172\\001x'", NULL, NULL, 1},
      {"nothing", "cat >/dev/null", NULL, NULL, 0},
      {"reads nothing", "exec 0<&-", NULL, NULL, 0},
      {"an error", "printf '\\012\\003bad'", NULL, "bad", 0},
      {"garbage", "printf '\\377\\001\"'", NULL,
       "protoc-gen-x: Plugin output is unparseable: \\377\\001\\\"", 0},
      {"a code", "exit 3", NULL, "protoc-gen-x: Plugin failed with status code 3.", 0},
      {"a signal", "kill -9 $$", NULL, "protoc-gen-x: Plugin killed by signal 9.", 0},
      {"no end", "exec sleep 1000", NULL, "protoc-gen-x: Plugin did not end within 1 seconds", 0},
      {"no end of words", "cat /dev/zero", NULL, "protoc-gen-x: Plugin output is larger than 1 MiB",
       0},
      {"a bad path", "printf '\\172\\006\\012\\004../f'", NULL, "has a '..' step", 0},
  };
  t_schemas held = {0};
  const stele_file *file = t_schema(t, &held, "syntax = 'proto3'; message M {}");
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const stele_str prefix[] = {S("sh"), S("-c"), stele_cstr(rows[i].script)};
    stele_plugin plugin = {.name = S("protoc-gen-x"),
                           .prefix = prefix,
                           .prefix_count = 3,
                           .limit_s = 1,
                           .limit_mib = 1};
    stele_plugin_job job = {&file, 1, S("p")};
    stele_plugin_words words;
    stele_err err = {0};
    size_t count;
    stele_gen_output *output = stele_gen_output_new(t->arena);
    t_case(t, rows[i].label);
    bool ok = stele_plugin_run(t->arena, &plugin, &job, output, &words, &err);
    t_eq_int(t, err.code, STELE_OK);
    t_eq_int(t, ok, rows[i].error == NULL);
    if (rows[i].error) {
      t_true(t, words.error.len &&
                    memmem(words.error.ptr, words.error.len, rows[i].error, strlen(rows[i].error)));
    }
    (void)stele_gen_output_files(output, &count);
    t_eq_int(t, count, rows[i].files);
  }
  t_schemas_free(&held);
}

static void test_absent(stele_test *t) {
  t_schemas held = {0};
  const stele_file *file = t_schema(t, &held, "syntax = 'proto3'; message M {}");
  stele_plugin plugin = {.name = S("protoc-gen-absent-for-sure")};
  stele_plugin_job job = {&file, 1, S("")};
  stele_plugin_words words;
  stele_err err = {0};
  t_true(t,
         !stele_plugin_run(t->arena, &plugin, &job, stele_gen_output_new(t->arena), &words, &err));
  t_eq_int(t, err.code, STELE_OK);
  t_true(t, memmem(words.lines.ptr, words.lines.len, "program not found", 17) != NULL);
  t_eq_str(t, words.error, S("protoc-gen-absent-for-sure: Plugin failed with status code 1."));
  t_schemas_free(&held);
}

static void test_limits(stele_test *t) {
  stele_plugin plugin = {0};
  (void)setenv("STELE_PLUGIN_TIMEOUT", "12", 1);
  (void)setenv("STELE_PLUGIN_LIMIT", "many", 1);
  stele_plugin_limits(&plugin);
  t_eq_int(t, plugin.limit_s, 12);
  t_eq_int(t, plugin.limit_mib, 0);
}

TEST_MAIN(test_host, test_absent, test_limits)
