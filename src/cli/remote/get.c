/* stele get: the text of a version, an id or a guid. */
#include "cli/command_table.h"
#include "cli/remote/remote.h"
#include "net/client.h"

static const cli_option options[] = {
    {"id", 0, NULL, NULL, "The word is an id"},
    {"guid", 0, NULL, NULL, "The word is a guid"},
    {"deleted", 0, NULL, NULL, "Even if it is soft-deleted"},
    {"format", 'f', "FORM", NULL, "serialized (a base64 descriptor) or ignore_extensions"},
    REMOTE_OPTIONS,
};

static stele_str path_of(cli_args *args) {
  stele_arena *arena = cli_arena(args);
  stele_str word = cli_word(args, 0), subject, version;
  if (cli_given(args, "id") || cli_given(args, "guid")) {
    return stele_str_printf(arena, "/schemas/%s/" STELE_STR_FMT,
                            cli_given(args, "id") ? "ids" : "guids",
                            STELE_STR_ARG(net_segment_encode(arena, word)));
  }
  remote_split_version(word, &subject, &version);
  return remote_version_path(arena, subject, version);
}

static stele_str with_query(cli_args *args, stele_str path) {
  stele_arena *arena = cli_arena(args);
  stele_str form = cli_value(args, "format");
  return stele_str_printf(arena, STELE_STR_FMT "?deleted=%s%s" STELE_STR_FMT, STELE_STR_ARG(path),
                          cli_given(args, "deleted") ? "true" : "false", form.len ? "&format=" : "",
                          STELE_STR_ARG(net_segment_encode(arena, form)));
}

static cli_exit run_get(cli_args *args) {
  cli_remote remote;
  remote_answer answer;
  if (!remote_open(&remote, args)) return CLI_ERROR;
  remote_question question = {.method = "GET", .path = with_query(args, path_of(args))};
  cli_exit code = remote_ask(&remote, &question, &answer);
  remote_close(&remote);
  if (code != CLI_OK) return code;
  if (cli_given(args, "json")) {
    remote_print_answer(args, &answer);
    return CLI_OK;
  }
  stele_str text = remote_text(answer.json, "schema");
  cli_print_str(args, text);
  if (!text.len || text.ptr[text.len - 1] != '\n') cli_print(args, "\n");
  return CLI_OK;
}

const cli_command cli_get = {
    .name = "get",
    .summary = "Print the schema of a subject, an id or a guid.",
    .words = "SUBJECT[@VERSION]",
    .fewest = 1,
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_get,
    .more = "Without @VERSION it is the newest. With --json the whole answer is printed.",
};
