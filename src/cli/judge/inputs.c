/* Opening inputs. */
#include "cli/judge/inputs.h"

#include "cli/remote/registry_files.h"
#include "proto/report/report.h"

/* ---- opening -------------------------------------------------------------- */

static void take_options(cli_args *args, const char *name, config_strs *out) {
  for (size_t i = 0; cli_value_nth(args, name, i).ptr; i++) {
    STELE_VEC_PUSH(cli_arena(args), out, cli_value_nth(args, name, i));
  }
}

/* Mistakes of the texts are findings of the rule COMPILE. */
void inputs_take_report(const stele_report *report, stele_arena *arena, cli_findings *findings) {
  size_t count;
  const stele_finding *found = stele_report_findings(report, &count);
  for (size_t i = 0; i < count; i++) {
    if (found[i].severity != STELE_SEVERITY_ERROR) continue;
    cli_finding finding = {.path = found[i].file,
                           .name = found[i].file,
                           .start_line = found[i].line + 1,
                           .start_column = found[i].column + 1,
                           .end_line = found[i].line + 1,
                           .end_column = found[i].end_column + 1,
                           .rule = STELE_STR("COMPILE"),
                           .message = found[i].text,
                           .hint = found[i].hint};
    if (finding.end_column < finding.start_column) finding.end_column = finding.start_column;
    STELE_VEC_PUSH(arena, findings, finding);
  }
}

static void note_deps(cli_args *args, const input *in) {
  if (!in->deps.count) return;
  cli_note(args, "note: " STELE_STR_FMT " names dependencies, which are not fetched:",
           STELE_STR_ARG(in->config_name));
  for (size_t i = 0; i < in->deps.count; i++) {
    cli_note(args, " " STELE_STR_FMT, STELE_STR_ARG(in->deps.at[i]));
  }
  cli_note(args, "; what of them is imported must lie in a module, or be built in\n");
}

input_options inputs_options(cli_args *args, const inputs_wish *wish) {
  input_options options = {.beside = wish->beside,
                           .paths = wish->paths,
                           .disable_links = cli_given(args, "disable-symlinks"),
                           .lone_name = wish->lone_name,
                           .registry = registry_files_fetch,
                           .arg = args};
  if (wish->config_flag) {
    options.config = cli_value(args, wish->config_flag);
    options.flag = stele_str_printf(cli_arena(args), "--%s", wish->config_flag).ptr;
  }
  if (!wish->without_paths) {
    take_options(args, "path", &options.paths);
    take_options(args, "exclude-path", &options.exclude_paths);
  }
  return options;
}

stele_str inputs_lone_name(const input *in) {
  stele_str name = {0};
  for (size_t i = 0; i < in->count; i++) {
    for (size_t j = 0; j < in->trees[i].count; j++) {
      if (in->trees[i].files[j].is_import) continue;
      if (name.len) return (stele_str){0};
      name = in->trees[i].files[j].file->name;
    }
  }
  return name;
}

cli_exit inputs_open(cli_args *args, const inputs_wish *wish, input *out, cli_findings *findings) {
  stele_err err = {0};
  input_options options = inputs_options(args, wish);
  if (!input_open(cli_arena(args), wish->text, &options, out, &err)) {
    return err.msg[0] ? cli_fail_err(args, &err) : CLI_ERROR;
  }
  if (!stele_report_has_errors(out->report)) return CLI_OK;
  inputs_take_report(out->report, cli_arena(args), findings);
  note_deps(args, out);
  return CLI_FINDINGS;
}

/* ---- printing ------------------------------------------------------------- */

const cli_findings_form *inputs_form(cli_args *args) {
  bool is_old = !cli_given(args, "format") && cli_given(args, "error-format");
  const char *flag = is_old ? "error-format" : "format";
  stele_str name = cli_given(args, "json") ? STELE_STR("json") : cli_value(args, flag);
  const cli_findings_form *form = cli_findings_form_find(name);
  if (!form) {
    (void)cli_fail(args, "--%s: invalid format: \"" STELE_STR_FMT "\"; there are %s", flag,
                   STELE_STR_ARG(name), CLI_FINDINGS_FORMS);
  }
  return form;
}

cli_exit inputs_print(cli_args *args, const cli_findings_form *form, cli_findings *findings) {
  stele_buf out;
  stele_err err = {0};
  if (!findings->count && !form->is_a_log) return CLI_OK;
  cli_findings_sort(findings);
  stele_buf_init(&out, cli_arena(args), 0);
  if (!form->print(cli_arena(args), findings, &out, &err)) return cli_fail_err(args, &err);
  cli_print_str(args, stele_buf_str(&out));
  return findings->count ? CLI_FINDINGS : CLI_OK;
}
