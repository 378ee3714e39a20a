/* stele delete: a subject or a version, softly; then for good. */
#include "cli/command_table.h"
#include "cli/remote/remote.h"
#include "net/client.h"

static const cli_option options[] = {
    {"permanent", 0, NULL, NULL, "For good; it must be soft-deleted already"},
    REMOTE_OPTIONS,
};

static bool has_version(stele_str word) {
  stele_str subject, version;
  remote_split_version(word, &subject, &version);
  return subject.len != word.len;
}

static stele_str path_of(cli_args *args) {
  stele_arena *arena = cli_arena(args);
  stele_str word = cli_word(args, 0), subject, version;
  const char *permanent = cli_given(args, "permanent") ? "true" : "false";
  remote_split_version(word, &subject, &version);
  stele_str path = has_version(word)
                       ? remote_version_path(arena, subject, version)
                       : stele_str_printf(arena, "/subjects/" STELE_STR_FMT,
                                          STELE_STR_ARG(net_segment_encode(arena, subject)));
  return stele_str_printf(arena, STELE_STR_FMT "?permanent=%s", STELE_STR_ARG(path), permanent);
}

static void print_deleted(cli_args *args, const remote_answer *answer) {
  const char *how = cli_given(args, "permanent") ? "deleted for good" : "soft-deleted";
  stele_str word = cli_word(args, 0);
  if (has_version(word)) {
    cli_print(args, "%s: " STELE_STR_FMT "\n", how, STELE_STR_ARG(word));
    return;
  }
  STELE_JSON_EACH(version, answer->json) {
    cli_print(args, "%s: " STELE_STR_FMT "@" STELE_STR_FMT "\n", how, STELE_STR_ARG(word),
              STELE_STR_ARG(version->text));
  }
}

static cli_exit run_delete(cli_args *args) {
  cli_remote remote;
  remote_answer answer;
  if (!remote_open(&remote, args)) return CLI_ERROR;
  remote_question question = {.method = "DELETE", .path = path_of(args)};
  cli_exit code = remote_ask(&remote, &question, &answer);
  remote_close(&remote);
  if (code != CLI_OK) return code;
  if (cli_given(args, "json")) {
    remote_print_answer(args, &answer);
  } else if (answer.json) {
    print_deleted(args, &answer);
  }
  return CLI_OK;
}

const cli_command cli_delete = {
    .name = "delete",
    .summary = "Delete a subject or one of its versions.",
    .words = "SUBJECT[@VERSION]",
    .fewest = 1,
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_delete,
    .more = "A soft deletion hides it; its ids can still be read, and registering the same schema "
            "again brings it back. --permanent after that removes it. What others refer to stays.",
};
