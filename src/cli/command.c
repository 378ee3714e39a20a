/* Runs one command: expands @files, parses by the command's rows, prints.
 *
 * Output is collected and written in large pieces; what goes to standard error
 * first lets out what waits for standard output, so that the two keep their
 * order on a terminal. */
#include "cli/command.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/path.h"
#include "base/vec.h"
#include "cli/command_internal.h"
#include "cli/command_table.h"
#include "sys/file.h"
#include "sys/terminal.h"

enum { FLUSH_AT_BYTES = 1 << 16, MOST_ARGS_FILE_BYTES = 64 << 20 };

/* --- telling people ------------------------------------------------------ */

void cli_flush(cli_args *args) {
  stele_err err = {0};
  if (args->out.len && !args->out_broken) {
    /* A reader that went away (`stele list | head`) is no reason to shout. */
    args->out_broken = !sys_fd_write(args->out_fd, stele_buf_bytes(&args->out), &err);
  }
  stele_buf_clear(&args->out);
}

void cli_print_str(cli_args *args, stele_str text) {
  stele_buf_add_str(&args->out, text);
  if (args->out.len >= FLUSH_AT_BYTES) cli_flush(args);
}

void cli_print(cli_args *args, const char *format, ...) {
  va_list list;
  va_start(list, format);
  cli_print_str(args, cli_text_of(args, format, list));
  va_end(list);
}

static void write_err(cli_args *args, stele_str text) {
  stele_err err = {0};
  cli_flush(args);
  (void)!sys_fd_write(args->err_fd, stele_str_bytes(text), &err);
}

stele_str cli_text_of(cli_args *args, const char *format, va_list list) {
  stele_buf text;
  stele_buf_init(&text, args->arena, 0);
  stele_buf_vprintf(&text, format, list); /* zero bytes in names are printed, too */
  return stele_buf_str(&text);
}

void cli_note(cli_args *args, const char *format, ...) {
  va_list list;
  va_start(list, format);
  write_err(args, cli_text_of(args, format, list));
  va_end(list);
}

cli_exit cli_fail(cli_args *args, const char *format, ...) {
  va_list list;
  va_start(list, format);
  stele_str text = cli_text_of(args, format, list);
  va_end(list);
  bool colour = sys_terminal_has_colour(args->err_fd);
  const char *name = args->command ? args->command->name : "";
  write_err(args, stele_str_printf(args->arena, "%sstele%s%s:%s " STELE_STR_FMT "\n",
                                   colour ? "\033[31m" : "", *name ? " " : "", name,
                                   colour ? "\033[0m" : "", STELE_STR_ARG(text)));
  return CLI_ERROR;
}

cli_exit cli_fail_err(cli_args *args, const stele_err *err) {
  return cli_fail(args, "%s", err->msg[0] ? err->msg : stele_code_text(err->code));
}

const char *cli_styled(const cli_args *args, cli_style style) {
  static const char *const codes[] = {
      [CLI_PLAIN] = "\033[0m", [CLI_BOLD] = "\033[1m",   [CLI_DIM] = "\033[2m",
      [CLI_RED] = "\033[31m",  [CLI_GREEN] = "\033[32m", [CLI_YELLOW] = "\033[33m",
      [CLI_BLUE] = "\033[34m",
  };
  return args->colour ? codes[style] : "";
}

int cli_out_fd(const cli_args *args) {
  return args->out_fd;
}

int cli_err_fd(const cli_args *args) {
  return args->err_fd;
}

stele_arena *cli_arena(const cli_args *args) {
  return args->arena;
}

/* --- options ------------------------------------------------------------- */

/* The option called `name`, which may be a letter alone. */
static const cli_option *find_option(const cli_command *command, stele_str name) {
  for (size_t i = 0; i < command->option_count; i++) {
    const cli_option *option = &command->options[i];
    if (stele_str_eq(stele_cstr(option->name), name) && name.len) return option;
    if (name.len == 1 && option->letter == name.ptr[0] && option->letter) return option;
  }
  return NULL;
}

static const cli_option *must_find(const cli_args *args, const char *name) {
  const cli_option *option = find_option(args->command, stele_cstr(name));
  if (!option) {
    (void)fprintf(stderr, "stele: no option \"%s\" in %s\n", name, args->command->name);
    abort();
  }
  return option;
}

stele_str cli_value_nth(const cli_args *args, const char *name, size_t n) {
  const cli_option *option = must_find(args, name);
  for (size_t i = 0; i < args->given.count; i++) {
    if (args->given.at[i].option == option && n-- == 0) return args->given.at[i].value;
  }
  return (stele_str){NULL, 0};
}

stele_str cli_value(const cli_args *args, const char *name) {
  const cli_option *option = must_find(args, name);
  for (size_t i = args->given.count; i-- > 0;) {
    if (args->given.at[i].option == option) return args->given.at[i].value;
  }
  return stele_cstr(option->otherwise);
}

bool cli_given(const cli_args *args, const char *name) {
  const cli_option *option = must_find(args, name);
  for (size_t i = 0; i < args->given.count; i++) {
    if (args->given.at[i].option == option) return true;
  }
  return false;
}

bool cli_value_int(cli_args *args, const char *name, int64_t least, int64_t most, int64_t *out) {
  stele_str text = cli_value(args, name);
  if (stele_num_parse_i64(text, out) && *out >= least && *out <= most) return true;
  (void)cli_fail(args, "--%s wants a number from %lld to %lld, not \"" STELE_STR_FMT "\"", name,
                 (long long)least, (long long)most, STELE_STR_ARG(text));
  return false;
}

size_t cli_word_count(const cli_args *args) {
  return args->words.count;
}

stele_str cli_word(const cli_args *args, size_t index) {
  return args->words.at[index];
}

/* --- parsing ------------------------------------------------------------- */

/* Replaces each @file by its lines. What a file holds is taken as it is: an
 * @ in it is a letter. */
static bool expand_files(cli_args *args, int argc, char **argv, cli_words *out) {
  bool options_over = false;
  for (int i = 0; i < argc; i++) {
    stele_str arg = stele_cstr(argv[i]);
    options_over = options_over || stele_str_eq(arg, STELE_STR("--"));
    if (options_over || arg.len < 2 || arg.ptr[0] != '@') {
      STELE_VEC_PUSH(args->arena, out, arg);
      continue;
    }
    stele_err err = {0};
    stele_bytes bytes;
    stele_str path = {arg.ptr + 1, arg.len - 1};
    if (!sys_file_read(args->arena, path, MOST_ARGS_FILE_BYTES, &bytes, &err)) {
      (void)cli_fail_err(args, &err);
      return false;
    }
    stele_str rest = stele_bytes_str(bytes);
    while (rest.len) {
      const char *end = memchr(rest.ptr, '\n', rest.len);
      size_t len = end ? (size_t)(end - rest.ptr) : rest.len, next = end ? len + 1 : len;
      if (len && rest.ptr[len - 1] == '\r') len--;
      if (len)
        STELE_VEC_PUSH(args->arena, out, stele_str_copy(args->arena, (stele_str){rest.ptr, len}));
      rest = (stele_str){rest.ptr + next, rest.len - next};
    }
  }
  return true;
}

static bool give(cli_args *args, const cli_option *option, stele_str value) {
  STELE_VEC_PUSH(args->arena, &args->given, (cli_given_option){option, value});
  return true;
}

static bool unknown_option(cli_args *args, stele_str arg) {
  stele_str close = cli_nearest_option(args->command, arg);
  if (close.len) {
    (void)cli_fail(args, "no option " STELE_STR_FMT "; did you mean --" STELE_STR_FMT "?",
                   STELE_STR_ARG(arg), STELE_STR_ARG(close));
  } else {
    (void)cli_fail(args, "no option " STELE_STR_FMT "; see stele %s --help", STELE_STR_ARG(arg),
                   args->command->name);
  }
  return false;
}

/* The value of an option that was typed without "=": the next argument. */
static bool give_next(cli_args *args, const cli_option *option, stele_str arg, const cli_words *all,
                      size_t *at) {
  if (!option->value) return give(args, option, (stele_str){"", 0});
  if (*at + 1 < all->count) return give(args, option, all->at[++*at]);
  (void)cli_fail(args, STELE_STR_FMT " wants a value: %s", STELE_STR_ARG(arg), option->value);
  return false;
}

static bool parse_long(cli_args *args, stele_str arg, const cli_words *all, size_t *at) {
  const char *equals = memchr(arg.ptr, '=', arg.len);
  size_t name_len = (equals ? (size_t)(equals - arg.ptr) : arg.len) - 2;
  const cli_option *option = find_option(args->command, (stele_str){arg.ptr + 2, name_len});
  if (!option || name_len < 2) return unknown_option(args, (stele_str){arg.ptr, name_len + 2});
  if (!equals) return give_next(args, option, arg, all, at);
  if (option->value) return give(args, option, (stele_str){equals + 1, arg.len - name_len - 3});
  (void)cli_fail(args, "--%s takes no value", option->name);
  return false;
}

/* "-I dir", "-Idir", and flags in a row: "-vq". */
static bool parse_letters(cli_args *args, stele_str arg, const cli_words *all, size_t *at) {
  for (size_t i = 1; i < arg.len; i++) {
    const cli_option *option = find_option(args->command, (stele_str){arg.ptr + i, 1});
    if (!option) return unknown_option(args, (stele_str){arg.ptr, arg.len});
    bool rest = i + 1 < arg.len;
    if (option->value && rest) {
      return give(args, option, (stele_str){arg.ptr + i + 1, arg.len - i - 1});
    }
    if (!give_next(args, option, arg, all, at)) return false;
    if (option->value) return true;
  }
  return true;
}

static bool is_help(stele_str arg) {
  return stele_str_eq(arg, STELE_STR("--help")) || stele_str_eq(arg, STELE_STR("-h"));
}

static bool parse(cli_args *args, const cli_words *all) {
  bool options_over = false;
  for (size_t at = 0; at < all->count; at++) {
    stele_str arg = all->at[at];
    bool is_word =
        arg.len < 2 || arg.ptr[0] != '-' || arg.ptr[1] == '#'; /* "-#format=json": standard input */
    if (options_over || is_word) {
      STELE_VEC_PUSH(args->arena, &args->words, arg);
    } else if (stele_str_eq(arg, STELE_STR("--"))) {
      options_over = true;
    } else if (is_help(arg)) {
      args->help = true;
    } else if (!(arg.ptr[1] == '-' ? parse_long : parse_letters)(args, arg, all, &at)) {
      return false;
    }
  }
  return true;
}

static bool check_words(cli_args *args) {
  const cli_command *command = args->command;
  if (args->words.count < command->fewest) {
    (void)cli_fail(args, "%s missing; see stele %s --help",
                   *command->words ? command->words : "an argument is", command->name);
    return false;
  }
  if (args->words.count > command->most) {
    (void)cli_fail(args, "\"" STELE_STR_FMT "\" is one argument too many",
                   STELE_STR_ARG(args->words.at[command->most]));
    return false;
  }
  return true;
}

/* --- running ------------------------------------------------------------- */

static cli_exit run_command(cli_args *args, int argc, char **argv) {
  cli_words all = {0};
  if (args->command->run_raw) {
    stele_str program = stele_str_printf(args->arena, "stele %s", args->command->name);
    return args->command->run_raw(args, program, argc, argv);
  }
  if (!expand_files(args, argc, argv, &all) || !parse(args, &all)) return CLI_ERROR;
  if (args->help) {
    cli_help_command(args, args->command);
    return CLI_OK;
  }
  return check_words(args) ? args->command->run(args) : CLI_ERROR;
}

/* "protoc", or with a version: "protoc-36.2"; but "protoc-gen-x" is a plugin. */
static bool is_protoc(stele_str path) {
  stele_str name = stele_path_last(path), stem = STELE_STR("protoc");
  if (name.len < stem.len || memcmp(name.ptr, stem.ptr, stem.len) != 0) return false;
  if (name.len == stem.len) return true;
  return name.len > stem.len + 1 && name.ptr[stem.len] == '-' && name.ptr[stem.len + 1] >= '0' &&
         name.ptr[stem.len + 1] <= '9';
}

static cli_exit dispatch(cli_args *args, int argc, char **argv) {
  if (argc > 0 && is_protoc(stele_cstr(argv[0]))) {
    args->command = &cli_protoc;
    return cli_protoc.run_raw(args, stele_cstr(argv[0]), argc - 1, argv + 1);
  }
  stele_str name = argc > 1 ? stele_cstr(argv[1]) : (stele_str){"", 0};
  if (argc < 2 || is_help(name)) {
    cli_help_all(args);
    return argc < 2 ? CLI_ERROR : CLI_OK;
  }
  if (stele_str_eq(name, STELE_STR("--version"))) name = STELE_STR("version");
  args->command = cli_find_command(name);
  if (args->command) return run_command(args, argc - 2, argv + 2);
  stele_str close = cli_nearest_command(name);
  return cli_fail(args, "no command \"" STELE_STR_FMT "\"; %s " STELE_STR_FMT "%s",
                  STELE_STR_ARG(name), close.len ? "did you mean" : "see",
                  STELE_STR_ARG(close.len ? close : STELE_STR("stele help")), close.len ? "?" : "");
}

int cli_main_to(int argc, char **argv, int out_fd, int err_fd) {
  stele_arena *arena = stele_arena_new(0);
  if (!arena) return CLI_ERROR;
  cli_args args = {.arena = arena,
                   .out_fd = out_fd,
                   .err_fd = err_fd,
                   .colour = sys_terminal_has_colour(out_fd)};
  stele_buf_init(&args.out, NULL, 0);
  cli_exit code = dispatch(&args, argc, argv);
  cli_flush(&args);
  if (args.out_broken && code == CLI_OK) code = CLI_ERROR;
  stele_buf_release(&args.out);
  stele_arena_free(arena);
  return (int)code;
}

int cli_main(int argc, char **argv) {
  return cli_main_to(argc, argv, STDOUT_FILENO, STDERR_FILENO);
}
