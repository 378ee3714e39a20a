/* cli/command_internal: parsed arguments from the inside, and help.
 * Deps: cli/command.h, base/buf.h, base/vec.h. */
#ifndef STELE_CLI_COMMAND_INTERNAL_H
#define STELE_CLI_COMMAND_INTERNAL_H

#include <stdarg.h>

#include "base/buf.h"
#include "base/vec.h"
#include "cli/command.h"

typedef STELE_VEC(stele_str) cli_words;

typedef struct cli_given_option {
  const cli_option *option;
  stele_str value;
} cli_given_option;

struct cli_args {
  stele_arena *arena;
  const cli_command *command;
  STELE_VEC(cli_given_option) given; /* in the order they were typed */
  cli_words words;
  stele_buf out;
  int out_fd, err_fd;
  bool colour;     /* of out_fd */
  bool help;       /* --help was among them */
  bool out_broken; /* nobody reads any more */
};

/* Text in the command's arena. */
stele_str cli_text_of(cli_args *args, const char *format, va_list list) STELE_PRINTF(2, 0);

/* The row of a command, or NULL. */
const cli_command *cli_find_command(stele_str name);

/* The name closest to what was typed, or {NULL, 0} when none is close. */
stele_str cli_nearest_command(stele_str typed);
stele_str cli_nearest_option(const cli_command *command, stele_str typed);

/* Prints the list of commands, or the page of one. */
void cli_help_all(cli_args *args);
void cli_help_command(cli_args *args, const cli_command *command);

/* "-I, --proto-path DIR", and what it does, with the value that it has otherwise. */
stele_str cli_option_text(cli_args *args, const cli_option *option);
const char *cli_option_help(cli_args *args, const cli_option *option);

/* Writes the pages of the manual into a folder: manual.c. */
cli_exit cli_manual_write(cli_args *args, stele_str dir);

#endif
