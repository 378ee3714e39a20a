/* cli/progress: a bar for long work, on a terminal only.
 *
 * In:   how far it is, and what to say of it.   Out: one line on standard error,
 * drawn over itself at most twenty times a second, and taken away at the end.
 * Short work shows nothing.
 * Deps: cli/command.h. */
#ifndef STELE_CLI_PROGRESS_H
#define STELE_CLI_PROGRESS_H

#include "base/err.h"
#include "base/time.h"
#include "cli/command.h"

typedef struct cli_progress {
  int fd; /* -1: nobody looks */
  bool is_drawn;
  stele_time_us began, due; /* not drawn before that */
} cli_progress;

void cli_progress_begin(cli_progress *bar, const cli_args *args);

/* "[=====     ] <text>" with `at` of `total` full; the text alone when the total is not
 * known (0). Costs next to nothing where nobody looks, else a look at the clock. */
void cli_progress_show(cli_progress *bar, uint64_t at, uint64_t total, const char *format, ...)
    STELE_PRINTF(4, 5);

/* Takes the bar away. */
void cli_progress_end(cli_progress *bar);

#endif
