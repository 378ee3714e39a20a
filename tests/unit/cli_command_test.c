/* The command line: options, @files, help, exit codes. Commands are run with
 * their output caught in files. */
#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/command_internal.h"
#include "harness/test.h"
#include "sys/file.h"

typedef struct caught {
  int code;
  stele_str out, err;
} caught;

static stele_str content(stele_test *t, FILE *file) {
  long size = lseek(fileno(file), 0, SEEK_END);
  char *text = stele_arena_alloc(t->arena, (size_t)size + 1, 1);
  rewind(file);
  size_t len = fread(text, 1, (size_t)size, file);
  text[len] = 0;
  (void)fclose(file);
  return (stele_str){text, len};
}

/* Words separated by blanks. */
static caught run(stele_test *t, const char *line) {
  char *argv[32], *copy = (char *)(uintptr_t)stele_str_copy(t->arena, stele_cstr(line)).ptr;
  int argc = 0;
  for (char *at = copy; *at && argc < 31;) {
    argv[argc++] = at;
    at += strcspn(at, " ");
    if (*at) *at++ = 0;
  }
  argv[argc] = NULL;
  FILE *out = tmpfile(), *err = tmpfile();
  t_true(t, out && err);
  caught c = {.code = cli_main_to(argc, argv, fileno(out), fileno(err))};
  c.out = content(t, out);
  c.err = content(t, err);
  return c;
}

static bool has(stele_str text, const char *part) {
  return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static void test_running(stele_test *t) {
  static const struct {
    const char *label, *line;
    int code;
    const char *out, *err; /* parts; NULL: nothing at all */
  } rows[] = {
      {"nothing", "stele", 1, "commands:\n", NULL},
      {"help", "stele help", 0, "commands:\n", NULL},
      {"--help", "stele --help", 0, "\nexit codes:\n", NULL},
      {"help of one", "stele help serve", 0, "--listen HOST:PORT", NULL},
      {"its own help", "stele serve --help", 0, "usage: stele serve [options]\n", NULL},
      {"help goes before mistakes in number", "stele help a b c --help", 0, "usage: stele help",
       NULL},
      {"help of what is none", "stele help nothing", 1, NULL,
       "stele help: no command \"nothing\"\n"},
      {"version", "stele version", 0, "stele ", NULL},
      {"--version", "stele --version", 0, "stele ", NULL},
      {"a slip", "stele verison", 1, NULL,
       "stele: no command \"verison\"; did you mean version?\n"},
      {"nothing like it", "stele xyzzy", 1, NULL, "stele: no command \"xyzzy\"; see stele help\n"},
      {"a word too many", "stele version x", 1, NULL, "\"x\" is one argument too many\n"},
      {"no such option", "stele version --xyzzy", 1, NULL,
       "stele version: no option --xyzzy; see stele version --help\n"},
      {"a slip in an option", "stele serve --lisen x", 1, NULL, "did you mean --listen?\n"},
      {"a value is missing", "stele serve --listen", 1, NULL,
       "--listen wants a value: HOST:PORT\n"},
      {"a flag takes no value", "stele serve --allow-remote=yes", 1, NULL,
       "--allow-remote takes no value\n"},
      {"an option's bounds", "stele serve --loops many", 1, NULL,
       "loops wants a number from 0 to 256, not \"many\"\n"},
      {"no log level", "stele serve --log-level loud", 1, NULL, "no log level \"loud\"\n"},
      {"everybody's machine", "stele serve --listen 0.0.0.0:0 --store memory: --log-level error", 1,
       NULL, "--allow-remote"},
      {"no address", "stele serve --listen nowhere --store memory: --log-level error", 1, NULL,
       "\"nowhere\" is not HOST:PORT\n"},
      {"no file of options", "stele version @/nowhere/at/all", 1, NULL, "/nowhere/at/all: "},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    caught c = run(t, rows[i].line);
    t_eq_int(t, c.code, rows[i].code);
    t_true(t, rows[i].out ? has(c.out, rows[i].out) : c.out.len == 0);
    t_true(t, rows[i].err ? has(c.err, rows[i].err) : c.err.len == 0);
    t_true(t, !has(c.out, "\033") && !has(c.err, "\033")); /* no colours in a file */
  }
}

static void test_arguments_from_a_file(stele_test *t) {
  stele_err err = {0};
  stele_str dir, path;
  t_ok(t, sys_dir_temp(t->arena, "stele-cli", &dir, &err), &err);
  path = stele_str_printf(t->arena, STELE_STR_FMT "/args", STELE_STR_ARG(dir));
  t_ok(t, sys_file_write(path, stele_str_bytes(STELE_STR("serve\r\n\n--help")), &err), &err);
  caught c =
      run(t, stele_str_printf(t->arena, "stele help @" STELE_STR_FMT, STELE_STR_ARG(path)).ptr);
  t_eq_int(t, c.code, 0);
  t_true(t, has(c.out, "usage: stele help")); /* serve, then --help: of the command at hand */
  t_ok(t, sys_file_write(path, stele_str_bytes(STELE_STR("serve")), &err), &err);
  c = run(t, stele_str_printf(t->arena, "stele help @" STELE_STR_FMT, STELE_STR_ARG(path)).ptr);
  t_true(t, has(c.out, "--listen"));
  t_ok(t, sys_dir_remove(dir, &err), &err);
}

/* Every row of the table is fit to be shown. */
static void test_the_table(stele_test *t) {
  for (size_t i = 0; i < cli_command_count; i++) {
    const cli_command *command = cli_commands[i];
    t_case(t, command->name);
    bool is_raw = command->run_raw != NULL; /* has a --help of its own, perhaps */
    t_true(t, *command->name && *command->summary && command->words);
    t_true(t, is_raw || command->run);
    t_true(t, command->summary[strlen(command->summary) - 1] == '.');
    t_true(t, command->fewest <= command->most);
    for (size_t o = 0; o < command->option_count; o++) {
      const cli_option *option = &command->options[o];
      t_case(t, stele_str_printf(t->arena, "%s --%s", command->name, option->name).ptr);
      t_true(t, (*option->name || option->letter) && option->help && *option->help);
      t_true(t, is_raw || (strcmp(option->name, "help") != 0 && option->letter != 'h'));
      t_true(t, option->help[strlen(option->help) - 1] != '.');
      for (size_t p = 0; p < o; p++) {
        t_true(t, !*option->name || strcmp(option->name, command->options[p].name) != 0);
        t_true(t, !option->letter || option->letter != command->options[p].letter);
      }
    }
  }
}

TEST_MAIN(test_running, test_arguments_from_a_file, test_the_table)
