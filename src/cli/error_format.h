/* cli/error_format: how a command tells the findings of its report.
 *
 * In:   --error-format, the terminal, a report.   Out: text on standard error.
 * Every command that reports has the row CLI_ERROR_FORMAT among its options.
 * Deps: cli/command.h, stele/report.h. */
#ifndef STELE_CLI_ERROR_FORMAT_H
#define STELE_CLI_ERROR_FORMAT_H

#include "cli/command.h"
#include "stele/report.h"

#define CLI_ERROR_FORMS "protoc, pretty, json, github, sarif"

#define CLI_ERROR_FORMAT                                                                           \
  {                                                                                                \
    "error-format", 0, "FORMAT", NULL,                                                             \
        "How mistakes are told: " CLI_ERROR_FORMS " (default: protoc, on a terminal pretty)"       \
  }

/* The form that the user asked for, else what suits standard error: protoc's,
 * and on a terminal the pretty one, coloured where colours are welcome. False,
 * with the message already printed, when there is no such form. */
bool cli_error_format(cli_args *args, stele_report_form *out) STELE_MUST_USE;

/* Prints a report to standard error; in SARIF also one without findings. NULL
 * prints nothing. */
void cli_print_report(cli_args *args, const stele_report *report, stele_report_form form);

#endif
