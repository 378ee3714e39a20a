/* stele version: what is running, and on what it stands. */
#include "stele/version.h"
#include "cli/command.h"
#include "cli/command_table.h"

static cli_exit run_version(cli_args *args) {
  cli_print(args, "stele %s\n", stele_version());
  return CLI_OK;
}

const cli_command cli_version = {
    .name = "version",
    .summary = "Show the version.",
    .words = "",
    .run = run_version,
};
