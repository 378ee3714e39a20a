/* stele config: the compatibility and the mode that hold, and setting them. */
#include "cli/command_table.h"
#include "cli/judge/inputs.h"
#include "cli/judge/rule_list.h"
#include "cli/remote/remote.h"
#include "cli/text_table.h"
#include "net/client.h"

static const cli_option options[] = {
    {"compatibility", 'c', "LEVEL", NULL,
     "Set it: NONE, BACKWARD, FORWARD, FULL, or one of those with _TRANSITIVE"},
    {"normalize", 0, "BOOL", NULL, "Set whether what is registered is stored normalised"},
    {"mode", 'm', "MODE", NULL, "Set it: READWRITE or READONLY"},
    {"unset", 0, NULL, NULL, "Take back what is set there"},
    REMOTE_OPTIONS,
    {"format", 0, "FORM", "text", "With ls-lint-rules and ls-breaking-rules: text or json"},
    {"config", 0, "FILE|TEXT", NULL, "With those: the configuration"},
    RULE_LIST_OPTIONS,
    INPUT_BUF_OPTIONS,
};

/* "/config" or "/config/orders". */
static stele_str path_of(cli_args *args, const char *resource, const char *query) {
  stele_arena *arena = cli_arena(args);
  if (!cli_word_count(args)) return stele_str_printf(arena, "/%s%s", resource, query);
  return stele_str_printf(arena, "/%s/" STELE_STR_FMT "%s", resource,
                          STELE_STR_ARG(net_segment_encode(arena, cli_word(args, 0))), query);
}

static cli_exit ask(cli_args *args, cli_remote *remote, const char *method, stele_str path,
                    stele_str body, remote_answer *answer) {
  remote_question question = {.method = method, .path = path, .body = body};
  cli_exit code = remote_ask(remote, &question, answer);
  if (code == CLI_OK && cli_given(args, "json")) {
    cli_print_str(args, answer->body);
    cli_print(args, "\n");
  }
  return code;
}

static stele_str config_body(cli_args *args) {
  stele_buf buf;
  stele_json_writer w;
  stele_str level = cli_value(args, "compatibility"), normalize = cli_value(args, "normalize");
  stele_buf_init(&buf, cli_arena(args), 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  if (level.len) stele_json_field_str(&w, "compatibility", level);
  if (normalize.len) {
    stele_json_field_bool(&w, "normalize", stele_str_eq(normalize, STELE_STR("true")));
  }
  stele_json_end_object(&w);
  return stele_buf_str(&buf);
}

static stele_str mode_body(cli_args *args) {
  return stele_str_printf(cli_arena(args), "{\"mode\":\"" STELE_STR_FMT "\"}",
                          STELE_STR_ARG(cli_value(args, "mode")));
}

static cli_exit change(cli_args *args, cli_remote *remote) {
  remote_answer answer;
  cli_exit code = CLI_OK;
  if (cli_given(args, "unset")) {
    stele_str none = {0};
    code = ask(args, remote, "DELETE", path_of(args, "config", ""), none, &answer);
  }
  if (code == CLI_OK && (cli_given(args, "compatibility") || cli_given(args, "normalize"))) {
    code = ask(args, remote, "PUT", path_of(args, "config", ""), config_body(args), &answer);
  }
  if (code == CLI_OK && cli_given(args, "mode")) {
    code = ask(args, remote, "PUT", path_of(args, "mode", ""), mode_body(args), &answer);
  }
  return code;
}

static void add_members(text_table *table, const stele_json *object) {
  if (!object) return;
  STELE_JSON_EACH(member, object) {
    text_row *row = text_table_add(table);
    row->at[0] = member->key;
    row->at[1] = member->kind == STELE_JSON_BOOL
                     ? (member->boolean ? STELE_STR("true") : STELE_STR("false"))
                     : member->text;
  }
}

static cli_exit show(cli_args *args, cli_remote *remote) {
  static const char *const headings[] = {"SETTING", "VALUE"};
  text_table table = {.args = args, .headings = headings, .columns = STELE_COUNT(headings)};
  remote_answer config, mode;
  stele_str none = {0};
  cli_exit code =
      ask(args, remote, "GET", path_of(args, "config", "?defaultToGlobal=true"), none, &config);
  if (code != CLI_OK) return code;
  code = ask(args, remote, "GET", path_of(args, "mode", "?defaultToGlobal=true"), none, &mode);
  if (code != CLI_OK || cli_given(args, "json")) return code;
  add_members(&table, config.json);
  add_members(&table, mode.json);
  text_table_print(&table);
  return CLI_OK;
}

/* The words that those who move from buf type; no subject ends like that. */
static bool names_rules(cli_args *args, rule_kind *kind) {
  if (!cli_word_count(args)) return false;
  stele_str word = cli_word(args, 0);
  *kind = stele_str_eq(word, STELE_STR("ls-lint-rules")) ? RULE_LINT : RULE_BREAKING;
  return *kind == RULE_LINT || stele_str_eq(word, STELE_STR("ls-breaking-rules"));
}

static cli_exit run_config(cli_args *args) {
  cli_remote remote;
  rule_kind kind;
  if (names_rules(args, &kind)) return rule_list_run(args, kind);
  if (!remote_open(&remote, args)) return CLI_ERROR;
  bool changes = cli_given(args, "compatibility") || cli_given(args, "normalize") ||
                 cli_given(args, "mode") || cli_given(args, "unset");
  cli_exit code = changes ? change(args, &remote) : CLI_OK;
  if (code == CLI_OK && !(changes && cli_given(args, "json"))) code = show(args, &remote);
  remote_close(&remote);
  return code;
}

const cli_command cli_config = {
    .name = "config",
    .summary = "Show or set compatibility and mode, of all or of a subject.",
    .words = "[SUBJECT]",
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_config,
    .more = "Without SUBJECT it is about all subjects that have no setting of their own; a SUBJECT "
            "that ends in /* means all below that folder. ls-lint-rules and ls-breaking-rules in "
            "its place list the rules, as stele lint --list does.",
};
