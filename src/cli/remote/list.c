/* stele list: the subjects of the registry. */
#include "cli/command_table.h"
#include "cli/remote/remote.h"
#include "cli/text_table.h"
#include "net/client.h"

static const cli_option options[] = {
    {"deleted", 0, NULL, NULL, "Soft-deleted ones too"},
    {"all", 'a', NULL, NULL, "Every version, not only the newest"},
    REMOTE_OPTIONS,
};

enum { PAGE = 1000 };

static stele_str page_path(cli_args *args, size_t offset) {
  stele_arena *arena = cli_arena(args);
  stele_str prefix = cli_word_count(args) ? cli_word(args, 0) : STELE_STR("");
  return stele_str_printf(
      arena, "/schemas?latestOnly=%s&deleted=%s&offset=%zu&limit=%d%s" STELE_STR_FMT,
      cli_given(args, "all") ? "false" : "true", cli_given(args, "deleted") ? "true" : "false",
      offset, PAGE, prefix.len ? "&subjectPrefix=" : "",
      STELE_STR_ARG(net_segment_encode(arena, prefix)));
}

static void add_row(text_table *table, const stele_json *schema) {
  const stele_json *deleted = stele_json_find(schema, STELE_STR("deleted"));
  text_row *row = text_table_add(table);
  *row = (text_row){
      .at = {remote_text(schema, "subject"), remote_text(schema, "version"),
             remote_text(schema, "id"), remote_text(schema, "semver"),
             deleted && deleted->boolean ? STELE_STR("DELETED") : remote_text(schema, "state"),
             remote_text(schema, "release")}};
}

static cli_exit list_all(cli_args *args, cli_remote *remote, text_table *table) {
  for (size_t offset = 0;; offset += PAGE) {
    remote_answer answer;
    remote_question question = {.method = "GET", .path = page_path(args, offset)};
    cli_exit code = remote_ask(remote, &question, &answer);
    if (code != CLI_OK) return code;
    if (cli_given(args, "json")) {
      remote_print_answer(args, &answer);
    } else if (answer.json) {
      STELE_JSON_EACH(schema, answer.json) {
        add_row(table, schema);
      }
    }
    if (!answer.json || answer.json->count < PAGE) return CLI_OK;
  }
}

static cli_exit run_list(cli_args *args) {
  static const char *const headings[] = {"SUBJECT", "VERSION", "ID", "SEMVER", "STATE", "RELEASE"};
  text_table table = {.args = args, .headings = headings, .columns = STELE_COUNT(headings)};
  cli_remote remote;
  if (!remote_open(&remote, args)) return CLI_ERROR;
  cli_exit code = list_all(args, &remote, &table);
  remote_close(&remote);
  text_table_print(&table);
  return code;
}

const cli_command cli_list = {
    .name = "list",
    .summary = "List the subjects of the registry, with their newest version.",
    .words = "[PREFIX]",
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_list,
    .more = "With --json the answers are printed as they came, one line for each thousand schemas.",
};
