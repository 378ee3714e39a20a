/* stele changelog: what changed, in Markdown, for those who use the schemas. */
#include "check/diff/changelog.h"
#include "check/semver/semver.h"

#include "cli/command_table.h"
#include "cli/judge/comparison.h"

static cli_exit write_log(cli_args *args, const comparison *c) {
  diff_changes changes;
  check_findings found;
  check_class cls;
  stele_err err = {0};
  stele_str from;
  stele_buf out;
  bool known;
  stele_arena *arena = cli_arena(args);
  if (!comparison_version(args, c, &from, &known)) return CLI_ERROR;
  if (!check_semver_tree(arena, c->old_files, c->old_count, c->new_files, c->new_count, &cls,
                         &found, &err) ||
      !check_diff(arena, c->old_files, c->old_count, c->new_files, c->new_count, &changes, &err)) {
    return cli_fail_err(args, &err);
  }
  changelog_head head = {.from = from,
                         .next = comparison_next(arena, from, cls),
                         .cls = cls,
                         .without_guide = cli_given(args, "no-migration")};
  stele_str to = cli_value(args, "to");
  if (to.len) head.next = to;
  stele_buf_init(&out, arena, 0);
  if (!check_changelog(arena, &head, &changes, &out, &err)) return cli_fail_err(args, &err);
  cli_print_str(args, stele_buf_str(&out));
  return CLI_OK;
}

static cli_exit run_changelog(cli_args *args) {
  comparison c;
  cli_exit code = comparison_open(args, &c);
  if (code == CLI_OK) code = write_log(args, &c);
  comparison_close(&c);
  return code;
}

static const cli_option options[] = {
    {"from", 0, "VERSION", NULL,
     "The version of OLD; else that of the registry or of the tag, else the first of its package"},
    {"to", 0, "VERSION", NULL, "The version of NEW; else the one that comes next"},
    {"no-migration", 0, NULL, NULL, "Without the guide that a major version has"},
    {"json", 0, NULL, NULL, "Print the refusals of a registry as JSON"},
    INPUT_OPTIONS,
};

const cli_command cli_changelog = {
    .name = "changelog",
    .summary = "Write what changed between two states as Markdown, with a migration guide.",
    .words = COMPARISON_WORDS,
    .fewest = 1,
    .most = 2,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_changelog,
    .more =
        "Added, deprecated, renamed, removed and changed elements with their documentation; for "
        "a major version also the skeleton of a migration guide, a box for each thing that "
        "those who use the schemas have to do. NEW is the folder we stand in when it is left "
        "out. " INPUT_HELP,
};
