/* cli/breaking: the step from an older input to a newer one, judged.
 *
 * Deps: cli/judging.h. */
#ifndef STELE_CLI_BREAKING_H
#define STELE_CLI_BREAKING_H

#include "cli/judging.h"

/* Adds what would break; imports are judged too. CLI_ERROR with the message printed. */
cli_exit breaking_judge(cli_args *args, input *now, input *was, cli_findings *findings);

#endif
