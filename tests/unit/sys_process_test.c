/* Other programs: what they are given, what they answer, and how the bad ones end. */
#include <signal.h>
#include <unistd.h>

#include "harness/test.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/process.h"

static void run(stele_test *t, sys_process what, const char *script, sys_process_result *out) {
  stele_str argv[3] = {STELE_STR("sh"), STELE_STR("-c"), stele_cstr(script)};
  stele_err err = {0};
  what.argv = argv;
  what.argc = STELE_COUNT(argv);
  what.search_path = true;
  t_ok(t, sys_process_run(&what, out, &err), &err);
}

static void test_ends(stele_test *t) {
  static const struct {
    const char *label, *script, *input, *output, *errors;
    sys_process_end end;
    int status;
  } rows[] = {
      {"it answers", "cat", "hello", "hello", "", SYS_PROCESS_EXITED, 0},
      {"nothing to read", "cat", "", "", "", SYS_PROCESS_EXITED, 0},
      {"its code", "exit 7", "x", "", "", SYS_PROCESS_EXITED, 7},
      {"killed", "kill -9 $$", "", "", "", SYS_PROCESS_SIGNALLED, SIGKILL},
      {"standard error", "echo bad >&2; echo good", "", "good\n", "bad\n", SYS_PROCESS_EXITED, 0},
      {"it does not read", "exec 0<&-; echo done", "unread", "done\n", "", SYS_PROCESS_EXITED, 0},
      {"it closes early", "exec 1>&-; exit 3", "", "", "", SYS_PROCESS_EXITED, 3},
      {"a variable", "echo $STELE_TEST", "", "here\n", "", SYS_PROCESS_EXITED, 0},
      {"SIGPIPE is as ever", "kill -PIPE $$", "", "", "", SYS_PROCESS_SIGNALLED, SIGPIPE},
      {"more errors than are kept", "head -c 100 /dev/zero >&2; echo ok", "", "ok\n", NULL,
       SYS_PROCESS_EXITED, 0},
  };
  static const stele_str variable = STELE_STR_INIT("STELE_TEST=here");
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    sys_process_result got;
    t_case(t, rows[i].label);
    run(t,
        (sys_process){.input = stele_str_bytes(stele_cstr(rows[i].input)),
                      .variables = &variable,
                      .variable_count = 1,
                      .errors_limit = 64,
                      .limit_ms = 20000},
        rows[i].script, &got);
    t_eq_int(t, got.end, rows[i].end);
    t_eq_int(t, got.status, rows[i].status);
    t_eq_str(t, stele_buf_str(&got.output), stele_cstr(rows[i].output));
    if (rows[i].errors) t_eq_str(t, stele_buf_str(&got.errors), stele_cstr(rows[i].errors));
    if (!rows[i].errors) t_eq_int(t, got.errors.len, 64);
    sys_process_result_release(&got);
  }
}

static void test_much(stele_test *t) {
  enum { BYTES = 3 << 20 };
  char *input = STELE_NEW_ARRAY(t->arena, char, BYTES);
  memset(input, 'x', BYTES);
  const struct {
    const char *label, *script;
    size_t want;
  } rows[] = {
      {"more than a pipe holds, both ways", "cat", BYTES},
      {"answers before it reads", "head -c 2000000 /dev/zero; cat >/dev/null", 2000000},
      {"reads a little of much", "head -c 10", 10},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    sys_process_result got;
    t_case(t, rows[i].label);
    run(t, (sys_process){.input = {(const uint8_t *)input, BYTES}, .limit_ms = 60000},
        rows[i].script, &got);
    t_eq_int(t, got.end, SYS_PROCESS_EXITED);
    t_eq_int(t, got.output.len, rows[i].want);
    sys_process_result_release(&got);
  }
}

/* What never ends is killed, and so is what it has started. */
static void test_limits(stele_test *t) {
  static const struct {
    const char *label, *script;
    sys_process_end end;
  } rows[] = {
      {"sleeps", "exec sleep 1000", SYS_PROCESS_TIMED_OUT},
      {"lets a child sleep", "sleep 1000 & wait", SYS_PROCESS_TIMED_OUT},
      {"leaves a child behind that holds the pipe", "sleep 1000 &", SYS_PROCESS_TIMED_OUT},
      {"closes, then sleeps", "exec 1>&- 2>&-; exec sleep 1000", SYS_PROCESS_TIMED_OUT},
      {"floods", "cat /dev/zero", SYS_PROCESS_FLOODED},
      {"cannot be asked to stop", "trap '' TERM INT; while :; do sleep 1; done",
       SYS_PROCESS_TIMED_OUT},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    sys_process_result got;
    stele_time_us begun = sys_clock_mono();
    bool floods = rows[i].end == SYS_PROCESS_FLOODED;
    t_case(t, rows[i].label);
    run(t, (sys_process){.limit_ms = floods ? 60000 : 200, .output_limit = 1 << 20}, rows[i].script,
        &got);
    t_eq_int(t, got.end, rows[i].end);
    t_true(t, sys_clock_mono() - begun < (stele_time_us)30 * STELE_US_PER_S);
    t_true(t, got.output.len <= 1 << 20);
    sys_process_result_release(&got);
  }
}

static void test_absent(stele_test *t) {
  static const struct {
    const char *label, *program;
    bool search;
  } rows[] = {
      {"not in PATH", "stele-no-such-program", true},
      {"no such file", "./stele-no-such-program", false},
      {"PATH is not looked at", "sh", false},
      {"a folder", "/", false},
      {"not executable", "/etc/passwd", false},
      {"no name", "", true},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_str argv = stele_cstr(rows[i].program);
    sys_process_result got;
    stele_err err = {0};
    t_case(t, rows[i].label);
    sys_process what = {.argv = &argv,
                        .argc = 1,
                        .search_path = rows[i].search,
                        .input = {(const uint8_t *)"x", 1}};
    t_ok(t, sys_process_run(&what, &got, &err), &err);
    t_eq_int(t, got.end, SYS_PROCESS_ABSENT);
    sys_process_result_release(&got);
  }
}

static void test_paths(stele_test *t) {
  stele_str own = sys_process_own_path(t->arena);
  size_t folder = 0;
  t_true(t, own.len > 1 && own.ptr[0] == '/');
  t_true(t, sys_path_is_same(own, STELE_STR("/proc/self/exe")));
  t_true(t, !sys_path_is_same(own, STELE_STR("/")));
  t_true(t, !sys_path_is_same(own, STELE_STR("/no such file")));
  stele_str found = sys_path_search(t->arena, STELE_STR("sh"), &folder);
  t_true(t, found.len > 3 && folder > 0);
  folder = 0;
  t_eq_int(t, sys_path_search(t->arena, STELE_STR("stele-no-such-program"), &folder).len, 0);
}

static void test_in_place(stele_test *t) {
  stele_str dir, path;
  stele_err err = {0};
  stele_bytes got;
  bool is_open;
  t_ok(t, sys_dir_temp(t->arena, "stele-test", &dir, &err), &err);
  path = stele_str_printf(t->arena, STELE_STR_FMT "/a", STELE_STR_ARG(dir));
  t_ok(t, sys_file_overwrite(path, stele_str_bytes(STELE_STR("long text")), &is_open, &err), &err);
  t_ok(t, sys_file_overwrite(path, stele_str_bytes(STELE_STR("short")), &is_open, &err), &err);
  t_ok(t, sys_file_read(t->arena, path, 100, &got, &err), &err);
  t_eq_str(t, stele_bytes_str(got), STELE_STR("short"));
  t_true(t, !sys_file_overwrite(dir, got, &is_open, &err) && !is_open);
  t_true(t, !sys_file_overwrite(STELE_STR("/dev/full"), got, &is_open, &err) && is_open);
  t_true(t, sys_path_exists(path, &err) && sys_path_exists(dir, &err));
  t_true(t, !sys_path_exists(STELE_STR("/no such file"), &err));
  t_eq_str(t, stele_cstr(err.msg), STELE_STR("/no such file: No such file or directory"));
  t_true(t, sys_dir_make_one(dir, &err) && sys_dir_make_one(path, &err)); /* both are there */
  t_true(t, !sys_dir_make_one(STELE_STR("/no such folder/x"), &err));
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

TEST_MAIN(test_ends, test_much, test_limits, test_absent, test_paths, test_in_place)
