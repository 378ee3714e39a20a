/* cli/progress: a bar for long work, on a terminal only.
 * Deps: cli/command.h. */
#ifndef STELE_CLI_PROGRESS_H
#define STELE_CLI_PROGRESS_H

#include "base/time.h"
#include "cli/command.h"

typedef struct cli_progress {
  int fd; /* -1: nobody looks */
  const char *label;
  size_t total, at;
  stele_time_us drawn;
} cli_progress;

/* Starts a bar "label [=====>   ] 12/40" on standard error. */
void cli_progress_begin(cli_progress *bar, const cli_args *args, const char *label, size_t total);

/* One more is done. Draws at most twenty times a second. */
void cli_progress_step(cli_progress *bar);

/* Takes the bar away. */
void cli_progress_end(cli_progress *bar);

#endif
