/* stele push: a tree of files to the registry, all or nothing. */
#include "cli/command_table.h"
#include "cli/remote/push_tree.h"

static const cli_option options[] = {
    {"dry-run", 'n', NULL, NULL, "Say what would happen; write nothing"},
    {"remove", 0, "PATH", NULL, "Also remove this file from the registry; may be repeated"},
    {"base-release", 0, "N", NULL, "Only if the newest release is this one"},
    {"key", 0, "KEY", NULL, "Idempotency key: repeating the push answers what it did first"},
    {"commit", 0, "SHA", NULL, "The git commit that the tree comes from"},
    REMOTE_OPTIONS,
};

static cli_exit run_push(cli_args *args) {
  push_tree tree = {.args = args,
                    .base_release = cli_value(args, "base-release"),
                    .key = cli_value(args, "key"),
                    .commit = cli_value(args, "commit"),
                    .dry_run = cli_given(args, "dry-run")};
  stele_str path;
  if (!push_tree_add_dir(&tree, cli_word(args, 0))) return CLI_ERROR;
  for (size_t n = 0; (path = cli_value_nth(args, "remove", n)).ptr; n++) {
    STELE_VEC_PUSH(cli_arena(args), &tree.removed, path);
  }
  return push_tree_send(&tree);
}

const cli_command cli_push = {
    .name = "push",
    .summary = "Push a tree of .proto files to the registry, all or nothing.",
    .words = "DIR",
    .fewest = 1,
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_push,
    .more = "A file's subject is its path below DIR, which is also what others import it by. A "
            "file that is not in DIR stays in the registry as it is, unless --remove names it. "
            "Exits with 100 when the registry refuses what is in the files.",
};
