/* cli/command: what every command of `stele` has in common.
 *
 * In:   a row per command: its name, its options, its function.
 * Out:  parsed arguments, help, exit codes.
 * A new command is a file cli/<name>.c with one `const cli_command cli_<name>`
 * and a row in the table of cli/command_table.c. Help is made from the rows.
 *
 *   stele build -I schemas --include-imports -o all.binpb @files.txt
 *
 * Options are `--name value`, `--name=value`, `-n value`, `-nvalue`; `--` ends
 * them. An argument `@file` stands for the lines of that file, one argument
 * each, as if they had been typed.
 * Deps: base/arena.h, base/buf.h. */
#ifndef STELE_CLI_COMMAND_H
#define STELE_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* How a command ends: for the shell. */
typedef enum cli_exit {
  CLI_OK = 0,         /* done, and nothing to object */
  CLI_ERROR = 1,      /* it could not be done */
  CLI_FINDINGS = 100, /* done, and there is something to object */
} cli_exit;

/* One option. */
typedef struct cli_option {
  const char *name;      /* "include-imports", without the dashes; "" when only a letter */
  char letter;           /* 'I', or 0 */
  const char *value;     /* "DIR": it takes a value, called so in the help; NULL: a flag */
  const char *otherwise; /* the value when it is not given; NULL: none */
  const char *help;      /* one sentence, without a full stop */
} cli_option;

typedef struct cli_args cli_args;

typedef struct cli_command {
  const char *name;
  const char *summary; /* one sentence, for the list of commands */
  const char *words;   /* what follows the options: "FILE…", or "" */
  size_t fewest, most; /* how many of them */
  const cli_option *options;
  size_t option_count;
  cli_exit (*run)(cli_args *args);
  /* Instead of `run`: for a command whose arguments follow rules of their own.
   * `program` is what the user called it. */
  cli_exit (*run_raw)(cli_args *args, stele_str program, int argc, char **argv);
  const char *more; /* further paragraphs of its help, or NULL */
  bool is_hidden;   /* for scripts: not in the list of commands, and without a manual */
} cli_command;

/* All commands, in the order of the help. */
extern const cli_command *const cli_commands[];
extern const size_t cli_command_count;

/* Parses, runs, answers the exit code. Everything that main does. A program that
 * is called protoc (a link, a copy) is the command protoc. */
int cli_main(int argc, char **argv);

/* The same with other places to write to than 1 and 2: for tests. */
int cli_main_to(int argc, char **argv, int out_fd, int err_fd);

/* --- inside a command ---------------------------------------------------- */

/* The command's memory; it has no limit and dies with the command. */
stele_arena *cli_arena(const cli_args *args);

/* Was the flag, or an option with a value, given? `name` as in its row (the
 * letter, where there is no name); one that has no row is a mistake of ours. */
bool cli_given(const cli_args *args, const char *name);

/* The value of an option: the last given, else the row's `otherwise`, else
 * {NULL, 0}. */
stele_str cli_value(const cli_args *args, const char *name);

/* The n-th value (from 0) of an option that repeats; {NULL, 0} at the end. */
stele_str cli_value_nth(const cli_args *args, const char *name, size_t n);

/* A value as a number within [least, most]. False, with the message already
 * printed, when it is not. */
bool cli_value_int(cli_args *args, const char *name, int64_t least, int64_t most,
                   int64_t *out) STELE_MUST_USE;

/* What was typed besides the options. */
size_t cli_word_count(const cli_args *args);
stele_str cli_word(const cli_args *args, size_t index);

/* --- telling people ------------------------------------------------------ */

/* Prints to standard output; buffered until the command ends or cli_flush. */
void cli_print(cli_args *args, const char *format, ...) STELE_PRINTF(2, 3);
void cli_print_str(cli_args *args, stele_str text);
void cli_flush(cli_args *args);

/* "stele build: …" on standard error; answers CLI_ERROR to be returned. */
cli_exit cli_fail(cli_args *args, const char *format, ...) STELE_PRINTF(2, 3);
cli_exit cli_fail_err(cli_args *args, const stele_err *err);

/* A line on standard error as it is: progress, warnings. */
void cli_note(cli_args *args, const char *format, ...) STELE_PRINTF(2, 3);

/* Switches a style on, or off with CLI_PLAIN: the escape sequence on a
 * terminal, nothing elsewhere. Goes into cli_print's text with %s. */
typedef enum cli_style {
  CLI_PLAIN,
  CLI_BOLD,
  CLI_DIM,
  CLI_RED,
  CLI_GREEN,
  CLI_YELLOW,
  CLI_BLUE
} cli_style;
const char *cli_styled(const cli_args *args, cli_style style);

/* The descriptors behind them, for progress bars: is it a terminal, how wide. */
int cli_out_fd(const cli_args *args);
int cli_err_fd(const cli_args *args);

#endif
