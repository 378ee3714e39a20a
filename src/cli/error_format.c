/* Forms of reports, for all commands alike. */
#include "cli/error_format.h"

#include "sys/file.h"
#include "sys/terminal.h"

static stele_report_form suitable(int fd) {
  if (!sys_terminal_is(fd)) return STELE_REPORT_PROTOC;
  return sys_terminal_has_colour(fd) ? STELE_REPORT_COLOUR : STELE_REPORT_PRETTY;
}

bool cli_error_format(cli_args *args, stele_report_form *out) {
  stele_str name = cli_value(args, "error-format");
  stele_report_form asked;
  *out = suitable(cli_err_fd(args));
  if (!cli_given(args, "error-format")) return true;
  if (stele_report_form_find(name, &asked)) {
    bool is_coloured = asked == STELE_REPORT_PRETTY && *out == STELE_REPORT_COLOUR;
    if (!is_coloured) *out = asked;
    return true;
  }
  (void)cli_fail(args, "no error format \"" STELE_STR_FMT "\"; there are " CLI_ERROR_FORMS,
                 STELE_STR_ARG(name));
  return false;
}

void cli_print_report(cli_args *args, const stele_report *report, stele_report_form form) {
  if (!report) return;
  stele_err ignored = {0};
  stele_str text = stele_report_text(report, cli_arena(args), form);
  cli_flush(args);
  (void)!sys_fd_write(cli_err_fd(args), stele_str_bytes(text), &ignored);
}
