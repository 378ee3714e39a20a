/* cli/comparison: two states of the schemas, side by side.
 *
 * In:   the words OLD and NEW of a command.   Out: the files of both that are not
 * only imported.
 * What diff, semver and changelog share.
 * Deps: cli/inputs.h. */
#ifndef STELE_CLI_COMPARISON_H
#define STELE_CLI_COMPARISON_H

#include "base/map.h"
#include "check/finding/finding.h"
#include "cli/judge/inputs.h"

typedef struct comparison {
  input older, newer;
  const stele_file **old_files, **new_files;
  size_t old_count, new_count;
  stele_map old_shown, new_shown; /* import path -> stele_str *: what people see */
} comparison;

#define COMPARISON_WORDS "OLD [NEW]"

/* Opens both; NEW is the folder we stand in when there is one word. CLI_OK, or
 * what the command ends with, everything printed. Close it in either case. */
cli_exit comparison_open(cli_args *args, comparison *out);
void comparison_close(comparison *c);

/* What people call a file. */
stele_str comparison_show(const comparison *c, stele_str name, bool is_new);

/* The version that OLD has: --from, the version of a subject of a registry, a tag
 * such as v1.2.3; else the first version of its packages. False, with the message
 * printed, when --from is none. `*known` says whether it was more than a guess. */
bool comparison_version(cli_args *args, const comparison *c, stele_str *out,
                        bool *known) STELE_MUST_USE;

/* The version after a change of that class. */
stele_str comparison_next(stele_arena *arena, stele_str from, check_class cls);

#endif
