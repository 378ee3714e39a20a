/* Help, made from the rows of the commands and their options. */
#include "base/distance.h"
#include "base/num.h"
#include "cli/command_internal.h"
#include "cli/command_table.h"
#include "sys/terminal.h"

enum { NAME_COLUMN = 26, MOST_WIDTH = 100, MOST_DISTANCE = 3 };

/* Half of the letters have to be right; the beginning of a name is near. */
static void keep_nearer(stele_str typed, const char *name, size_t *best, stele_str *found) {
  stele_str whole = stele_cstr(name);
  bool is_start = typed.len > 2 && typed.len < whole.len && !memcmp(typed.ptr, name, typed.len);
  size_t d = is_start ? 1 : stele_distance(typed, whole, *best);
  if (!*name || d >= *best || d * 2 > typed.len) return;
  *best = d;
  *found = whole;
}

stele_str cli_nearest_command(stele_str typed) {
  stele_str found = {NULL, 0};
  size_t best = MOST_DISTANCE;
  for (size_t i = 0; i < cli_command_count; i++) {
    keep_nearer(typed, cli_commands[i]->name, &best, &found);
  }
  return found;
}

stele_str cli_nearest_option(const cli_command *command, stele_str typed) {
  stele_str found = {NULL, 0};
  size_t best = MOST_DISTANCE;
  while (typed.len && typed.ptr[0] == '-') typed = (stele_str){typed.ptr + 1, typed.len - 1};
  for (size_t i = 0; i < command->option_count; i++) {
    keep_nearer(typed, command->options[i].name, &best, &found);
  }
  return found;
}

const cli_command *cli_find_command(stele_str name) {
  for (size_t i = 0; i < cli_command_count; i++) {
    if (stele_str_eq(stele_cstr(cli_commands[i]->name), name)) return cli_commands[i];
  }
  return NULL;
}

/* Prints `text` in lines that fit, each after `indent` blanks; the first line
 * has used `used` columns already. */
static void print_wrapped(cli_args *args, const char *text, size_t indent, size_t used) {
  size_t width = (size_t)sys_terminal_width(cli_out_fd(args));
  if (width > MOST_WIDTH) width = MOST_WIDTH;
  size_t column = used;
  for (stele_str rest = stele_cstr(text); rest.len;) {
    size_t len = 0;
    while (len < rest.len && rest.ptr[len] != ' ' && rest.ptr[len] != '\n') len++;
    if (column > indent && column + 1 + len > width) {
      cli_print(args, "\n%*s", (int)indent, "");
      column = indent;
    } else if (column < indent) {
      cli_print(args, "%*s", (int)(indent - column), "");
      column = indent;
    } else if (column > indent) {
      cli_print(args, " ");
      column++;
    }
    cli_print_str(args, (stele_str){rest.ptr, len});
    column += len;
    if (len < rest.len && rest.ptr[len] == '\n') {
      cli_print(args, "\n");
      column = 0;
    }
    size_t next = len < rest.len ? len + 1 : len;
    rest = (stele_str){rest.ptr + next, rest.len - next};
  }
  cli_print(args, "\n");
}

/* "  name   what it is", the second part starting in one column. */
static void print_row(cli_args *args, stele_str name, const char *text) {
  cli_print(args, "  %s" STELE_STR_FMT "%s", cli_styled(args, CLI_BOLD), STELE_STR_ARG(name),
            cli_styled(args, CLI_PLAIN));
  size_t used = name.len + 2;
  if (used + 1 >= NAME_COLUMN) {
    cli_print(args, "\n");
    used = 0;
  }
  print_wrapped(args, text, NAME_COLUMN, used);
}

void cli_help_all(cli_args *args) {
  cli_print(args,
            "%sstele%s: a Protocol Buffers schema registry and toolchain\n\n"
            "usage: stele COMMAND [options] [arguments]\n\ncommands:\n",
            cli_styled(args, CLI_BOLD), cli_styled(args, CLI_PLAIN));
  for (size_t i = 0; i < cli_command_count; i++) {
    if (cli_commands[i]->is_hidden) continue;
    print_row(args, stele_cstr(cli_commands[i]->name), cli_commands[i]->summary);
  }
  cli_print(args, "\nstele COMMAND --help tells more. An argument @FILE stands for the lines of "
                  "FILE, one\nargument each.\n\nexit codes:\n");
  print_row(args, STELE_STR("0"), "fine");
  print_row(args, STELE_STR("1"), "an error: it could not be done");
  print_row(args, STELE_STR("100"), "findings: it was done, and there is something to object");
}

stele_str cli_option_text(cli_args *args, const cli_option *option) {
  char letter[3] = {'-', option->letter, 0};
  return stele_str_printf(cli_arena(args), "%s%s%s%s%s%s", option->letter ? letter : "",
                          option->letter && *option->name ? ", " : "", *option->name ? "--" : "",
                          option->name, option->value ? " " : "",
                          option->value ? option->value : "");
}

const char *cli_option_help(cli_args *args, const cli_option *option) {
  if (!option->otherwise) return option->help;
  return stele_str_printf(cli_arena(args), "%s (%s)", option->help, option->otherwise).ptr;
}

void cli_help_command(cli_args *args, const cli_command *command) {
  print_wrapped(args, command->summary, 0, 0);
  cli_print(args, "\nusage: stele %s%s%s%s\n", command->name,
            command->option_count ? " [options]" : "", *command->words ? " " : "", command->words);
  if (command->option_count) cli_print(args, "\noptions:\n");
  for (size_t i = 0; i < command->option_count; i++) {
    const cli_option *option = &command->options[i];
    print_row(args, cli_option_text(args, option), cli_option_help(args, option));
  }
  if (command->more) {
    cli_print(args, "\n");
    print_wrapped(args, command->more, 0, 0);
  }
}

static cli_exit run_help(cli_args *args) {
  if (cli_given(args, "man")) return cli_manual_write(args, cli_value(args, "man"));
  if (cli_word_count(args) == 0) {
    cli_help_all(args);
    return CLI_OK;
  }
  const cli_command *command = cli_find_command(cli_word(args, 0));
  if (!command) {
    return cli_fail(args, "no command \"" STELE_STR_FMT "\"", STELE_STR_ARG(cli_word(args, 0)));
  }
  cli_help_command(args, command);
  return CLI_OK;
}

static const cli_option help_options[] = {
    {"man", 0, "DIR", NULL,
     "Write the manual's pages into this folder instead: stele.1 and others"},
};

const cli_command cli_help = {
    .name = "help",
    .summary = "Show the commands, or the options of one.",
    .words = "[COMMAND]",
    .most = 1,
    .options = help_options,
    .option_count = STELE_COUNT(help_options),
    .run = run_help,
};
