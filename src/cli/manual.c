/* The manual: a page for `stele` and one for each command, in man's own language,
 * made from the rows that --help is made from. (`stele protoc` has rows of another
 * kind; its page is docs/man/stele-protoc.1.) */
#include "base/path.h"
#include "cli/command_internal.h"
#include "cli/command_table.h"
#include "sys/file.h"

static const char manual_exits[] =
    ".SH EXIT STATUS\n.TP\n0\nFine.\n.TP\n1\nAn error: it could not be done.\n.TP\n100\n"
    "Findings: it was done, and there is something to object.\n";

/* In the order of the alphabet. */
static const struct {
  const char *name, *meaning;
} variables[] = {
    {"NO_COLOR", "When it is set and not empty, nothing is printed in colour."},
    {"STELE_PROTOC", "The protoc that writes what Stele does not: see stele-protoc(1)."},
    {"STELE_REGISTRY", "The address of the registry, where --registry does not say it."},
};

/* ---- Text in man's language ------------------------------------------------ */

/* One letter beyond ASCII, of our own texts; answers its last byte. */
static const char *add_wide(stele_buf *page, const char *at) {
  uint32_t code = (uint8_t)*at;
  code &= code >= 0xf0 ? 0x07 : code >= 0xe0 ? 0x0f : 0x1f;
  for (; (at[1] & 0xc0) == 0x80; at++) code = code << 6 | (at[1] & 0x3f);
  stele_buf_printf(page, "\\[u%04X]", code);
  return at;
}

/* A backslash and a dash mean something there, and so does a dot or a quote that
 * begins a line; a blank line is a paragraph's end. */
static void add_text(stele_buf *page, const char *text) {
  bool begins_line = true;
  for (; *text; text++) {
    if (text[0] == '\n' && text[1] == '\n') {
      stele_buf_add_cstr(page, "\n.PP\n");
      begins_line = true;
      text++;
      continue;
    }
    if (begins_line && (*text == '.' || *text == '\'')) stele_buf_add_cstr(page, "\\&");
    if (*text == '\\') {
      stele_buf_add_cstr(page, "\\e");
    } else if ((uint8_t)*text >= 0x80) {
      text = add_wide(page, text);
    } else {
      if (*text == '-') stele_buf_add_byte(page, '\\');
      stele_buf_add_byte(page, (uint8_t)*text);
    }
    begins_line = *text == '\n';
  }
}

static void add_heading(stele_buf *page, const char *title, const char *what) {
  stele_buf_add_cstr(page, ".TH ");
  add_text(page, title);
  stele_buf_add_cstr(page, " 1 \"\" \"Stele\" \"Stele manual\"\n.SH NAME\n");
  add_text(page, title);
  stele_buf_add_cstr(page, " \\- ");
  add_text(page, what);
  stele_buf_add_cstr(page, "\n.SH SYNOPSIS\n");
}

/* "Check that a change breaks nobody." as the line behind a name. */
static const char *phrase(cli_args *args, const char *summary) {
  char *text = (char *)(uintptr_t)stele_str_copy(cli_arena(args), stele_cstr(summary)).ptr;
  size_t len = strlen(text);
  if (len && text[len - 1] == '.') text[len - 1] = 0;
  if (text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a') text[0] = (char)(text[0] + 0x20);
  return text;
}

static void add_entry(stele_buf *page, const char *name, const char *text) {
  stele_buf_add_cstr(page, ".TP\n.B ");
  add_text(page, name);
  stele_buf_add_byte(page, '\n');
  add_text(page, text);
  stele_buf_add_byte(page, '\n');
}

/* ---- Pages ------------------------------------------------------------------ */

static void add_command(cli_args *args, stele_buf *page, const cli_command *command) {
  add_heading(page, stele_str_printf(cli_arena(args), "stele-%s", command->name).ptr,
              phrase(args, command->summary));
  stele_buf_printf(page, ".B stele %s\n%s", command->name,
                   command->option_count ? "[options]\n" : "");
  if (*command->words) {
    add_text(page, command->words);
    stele_buf_add_byte(page, '\n');
  }
  if (command->more) {
    stele_buf_add_cstr(page, ".SH DESCRIPTION\n");
    add_text(page, command->more);
    stele_buf_add_byte(page, '\n');
  }
  if (command->option_count) stele_buf_add_cstr(page, ".SH OPTIONS\n");
  for (size_t i = 0; i < command->option_count; i++) {
    const cli_option *option = &command->options[i];
    add_entry(page, cli_option_text(args, option).ptr, cli_option_help(args, option));
  }
  stele_buf_add_cstr(page, manual_exits);
  stele_buf_add_cstr(page, ".SH SEE ALSO\n.BR stele (1)\n");
}

static void add_overview(cli_args *args, stele_buf *page) {
  add_heading(page, "stele", "a Protocol Buffers schema registry and toolchain");
  stele_buf_add_cstr(page, ".B stele\n.I COMMAND\n[options] [arguments]\n.SH DESCRIPTION\n");
  add_text(page,
           "Each command has a page of its own, and tells as much with --help. An argument @FILE "
           "stands for the lines of FILE, one argument each.");
  stele_buf_add_cstr(page, "\n.SH COMMANDS\n");
  for (size_t i = 0; i < cli_command_count; i++) {
    const cli_command *command = cli_commands[i];
    if (command->is_hidden) continue;
    stele_str name = stele_str_printf(cli_arena(args), "stele-%s(1)", command->name);
    add_entry(page, name.ptr, command->summary);
  }
  stele_buf_add_cstr(page, ".SH ENVIRONMENT\n");
  for (size_t i = 0; i < STELE_COUNT(variables); i++) {
    add_entry(page, variables[i].name, variables[i].meaning);
  }
  stele_buf_add_cstr(page, manual_exits);
}

static bool write_page(cli_args *args, stele_str dir, const char *name, const stele_buf *page,
                       stele_err *err) {
  stele_str path = stele_path_join(cli_arena(args), dir, stele_cstr(name));
  return sys_file_write(path, stele_buf_bytes(page), err);
}

cli_exit cli_manual_write(cli_args *args, stele_str dir) {
  stele_err err = {0};
  stele_buf page;
  stele_buf_init(&page, cli_arena(args), 0);
  add_overview(args, &page);
  bool ok = sys_dir_make(dir, &err) && write_page(args, dir, "stele.1", &page, &err);
  for (size_t i = 0; i < cli_command_count && ok; i++) {
    const cli_command *command = cli_commands[i];
    if (command->is_hidden || command->run_raw) continue;
    stele_buf_clear(&page);
    add_command(args, &page, command);
    stele_str name = stele_str_printf(cli_arena(args), "stele-%s.1", command->name);
    ok = write_page(args, dir, name.ptr, &page, &err);
  }
  return ok ? CLI_OK : cli_fail_err(args, &err);
}
