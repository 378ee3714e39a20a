/* stele lint: what the rules say about one state of the schemas. */
#include "cli/command_table.h"
#include "cli/judge/judging.h"
#include "cli/judge/rule_list.h"

static bool lint_tree(cli_args *args, input *in, const input_tree *tree,
                      const rule_selection *selection, cli_findings *findings) {
  rule_findings found = {0};
  stele_err err = {0};
  rule_tree files = judging_tree(cli_arena(args), in, tree);
  if (!rule_lint(cli_arena(args), selection, &files, &found, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  judging_take(args, in, tree, RULE_LINT, &found, findings);
  return !cli_given(args, "fix") || judging_mend(args, in, tree, selection, &files, NULL);
}

static cli_exit lint_input(cli_args *args, input *in, cli_findings *findings) {
  const rule_selection **selections =
      STELE_NEW_ARRAY(cli_arena(args), const rule_selection *, in->count);
  for (size_t i = 0; i < in->count; i++) {
    bool nothing;
    selections[i] = judging_select(args, in, &in->trees[i], RULE_LINT, false, &nothing);
    if (!selections[i]) return CLI_ERROR;
    if (!nothing && !lint_tree(args, in, &in->trees[i], selections[i], findings)) return CLI_ERROR;
  }
  judging_note(args, in, selections, in->count);
  return CLI_OK;
}

static cli_exit run_lint(cli_args *args) {
  input in;
  cli_findings findings = {0};
  if (cli_given(args, "list")) return rule_list_run(args, RULE_LINT);
  const cli_findings_form *form = inputs_form(args);
  if (!form) return CLI_ERROR;
  inputs_wish wish = {.text = cli_word_count(args) ? cli_word(args, 0) : STELE_STR("."),
                      .config_flag = "config"};
  cli_exit code = inputs_open(args, &wish, &in, &findings);
  if (code == CLI_OK) code = lint_input(args, &in, &findings);
  if (code != CLI_ERROR) code = inputs_print(args, form, &findings);
  input_close(&in);
  return code;
}

static const cli_option options[] = {
    {"config", 0, "FILE|TEXT", NULL,
     "The configuration, as a file or as YAML or JSON; else the one that lies there"},
    {"format", 'f', "FORM", "text", "How findings are printed: " CLI_FINDINGS_FORMS},
    {"error-format", 0, "FORM", "text", "The same as --format"},
    {"json", 0, NULL, NULL, "The same as --format json"},
    {"fix", 0, NULL, NULL,
     "Mend what needs no thought in the files: names whose JSON name stays, the order of imports"},
    INPUT_OPTIONS,
    RULE_LIST_OPTIONS,
    INPUT_BUF_OPTIONS,
};

const cli_command cli_lint = {
    .name = "lint",
    .summary = "Check schemas by the rules of stele.yaml or buf.yaml.",
    .words = "[INPUT]",
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_lint,
    .more = "Without INPUT it is about the folder we stand in. Exits with 100 when there are "
            "findings. " INPUT_HELP,
};
