/* The commands of cli/command_table.h as an array. */
#include "cli/command_table.h"

const cli_command *const cli_commands[] = {
#define X(name) &cli_##name,
    CLI_COMMANDS(X)
#undef X
};

const size_t cli_command_count = STELE_COUNT(cli_commands);
