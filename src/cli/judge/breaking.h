/* cli/breaking: the step from an older input to a newer one, judged.
 *
 * Deps: cli/judging.h. */
#ifndef STELE_CLI_BREAKING_H
#define STELE_CLI_BREAKING_H

#include "base/map.h"
#include "cli/judge/judging.h"

/* What was found, tree by tree, for a pass after it. */
typedef struct breaking_kept {
  bool is_valid;
  STELE_VEC(rule_findings) trees;
} breaking_kept;

/* As breaking_judge, where only the files `compiled` (by import path) are others than when
 * `before` was found. `*after` lives in the arena of `args`. */
cli_exit breaking_judge_again(cli_args *args, input *now, input *was, const stele_map *compiled,
                              const breaking_kept *before, breaking_kept *after,
                              cli_findings *findings);

/* Adds what would break; imports are judged too. CLI_ERROR with the message printed. */
cli_exit breaking_judge(cli_args *args, input *now, input *was, cli_findings *findings);

#endif
