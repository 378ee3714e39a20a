/* --help in protoc's layout, from the rows of cli/protoc_flags.h. The words are
 * ours: nothing parses them, and they may say more. */
#include "cli/protoc/protoc_flags.h"

enum { COLUMN = 30, WIDTH = 80 };

/* Prints text in lines that fit, each at COLUMN; `used` columns are taken. */
static void print_wrapped(cli_args *args, const char *text, size_t used) {
  size_t column = used < COLUMN ? used : 0;
  if (used >= COLUMN) cli_print(args, "\n");
  for (const char *at = text; *at;) {
    size_t len = strcspn(at, " ");
    if (column > COLUMN && column + 1 + len > WIDTH) {
      cli_print(args, "\n");
      column = 0;
    }
    if (column < COLUMN) cli_print(args, "%*s", (int)(COLUMN - column), "");
    bool is_first = column <= COLUMN;
    column = is_first ? COLUMN : column + 1;
    cli_print(args, "%s%.*s", is_first ? "" : " ", (int)len, at);
    column += len;
    at += len + (at[len] == ' ');
  }
  cli_print(args, "\n");
}

static void print_flag(cli_args *args, const char *name, char letter, const char *value,
                       const char *help) {
  char short_form[8] = "";
  if (letter) (void)snprintf(short_form, sizeof short_form, "-%c, ", letter);
  stele_str text = stele_str_printf(args->arena, "  %s--%s%s%s", short_form, name, value ? "=" : "",
                                    value ? value : "");
  cli_print_str(args, text);
  print_wrapped(args, help, text.len);
}

void protoc_print_help(cli_args *args, stele_str program) {
  cli_print(args,
            "Usage: " STELE_STR_FMT " [OPTION] PROTO_FILES\n"
            "Compiles PROTO_FILES and writes what the options ask for:\n",
            STELE_STR_ARG(program));
#define X(name, letter, value, take, help) print_flag(args, name, letter, value, help);
  PROTOC_FLAGS(X)
  PROTOC_OPEN_FLAGS(X)
#undef X
  for (size_t i = 0; i < protoc_language_count; i++) {
    const protoc_language *language = &protoc_languages[i];
    stele_str help = stele_str_printf(args->arena, "Generate %s%s", language->help,
                                      language->generator ? "" : " (by a protoc)");
    print_flag(args, language->out + 2, 0, "OUT_DIR", help.ptr);
  }
  cli_print(args, "  @<filename>");
  print_wrapped(args, "The lines of that file, one argument each, as they are",
                strlen("  @<filename>"));
}

void protoc_print_notices(cli_args *args) {
  cli_print(args, "Stele is licensed under the Apache License, Version 2.0.\n");
}
