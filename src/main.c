/* The one binary: everything it does is a row of cli/command_table.h. */
#include "cli/command.h"

int main(int argc, char **argv) {
  return cli_main(argc, argv);
}
