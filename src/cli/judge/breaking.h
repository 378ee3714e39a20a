/* cli/breaking: the step from an older input to a newer one, judged.
 *
 * Deps: cli/judging.h. */
#ifndef STELE_CLI_BREAKING_H
#define STELE_CLI_BREAKING_H

#include "base/map.h"
#include "cli/judge/judging.h"

/* What passes over the same older input leave to each other. Not for threads. */
typedef struct breaking_memory breaking_memory;
breaking_memory *breaking_memory_new(void); /* NULL: no memory */
void breaking_memory_free(breaking_memory *memory);

/* These files (by import path) are others now; or only types that they refer to; or anything
 * may be. */
void breaking_memory_forget(breaking_memory *memory, const stele_map *compiled);
void breaking_memory_relink(breaking_memory *memory, const stele_map *relinked);
void breaking_memory_clear(breaking_memory *memory);

/* As breaking_judge, where the memory knows what was found before. The shapes of the trees
 * are set. What it adds lives until the next time. */
cli_exit breaking_judge_again(cli_args *args, input *now, input *was, breaking_memory *memory,
                              cli_findings *findings);

/* Adds what would break; imports are judged too. CLI_ERROR with the message printed. */
cli_exit breaking_judge(cli_args *args, input *now, input *was, cli_findings *findings);

#endif
