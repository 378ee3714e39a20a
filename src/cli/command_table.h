/* cli/command_table: one line per command, each defined in its own file.
 * Deps: cli/command.h. */
#ifndef STELE_CLI_COMMAND_TABLE_H
#define STELE_CLI_COMMAND_TABLE_H

#include "cli/command.h"

/* The order of the help. */
// clang-format off
#define CLI_COMMANDS(X) \
  X(build)              \
  X(lint)               \
  X(breaking)           \
  X(watch)              \
  X(diff)               \
  X(semver)             \
  X(changelog)          \
  X(explain)            \
  X(format)             \
  X(print_text)         \
  X(generate)           \
  X(protoc)             \
  X(check)              \
  X(convert)            \
  X(decode)             \
  X(push)               \
  X(list)               \
  X(get)                \
  X(delete)             \
  X(config)             \
  X(serve)              \
  X(completion)         \
  X(complete)           \
  X(version)            \
  X(help)
// clang-format on

#define X(name) extern const cli_command cli_##name;
CLI_COMMANDS(X)
#undef X

#endif
