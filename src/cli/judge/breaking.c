/* stele breaking: what the rules say about the step from an older state of the
 * schemas to this one.
 *
 * Modules are compared one with one, in the order of their folders. When this
 * state has more of them, those that share no file with the other are new and
 * left out, as long as all have the same rules. */
#include "cli/judge/breaking.h"

#include <stdlib.h>

#include "base/map.h"
#include "cli/command_table.h"
#include "cli/judge/judging.h"
#include "cli/judge/rule_list.h"
#include "cli/remote/registry_files.h"
#include "proto/schema/schema.h"

typedef struct pairs {
  input *now_in, *was_in;
  const input_tree **now;
  const input_tree **was;
  size_t count;
} pairs;

/* ---- which module is which ------------------------------------------------ */

static bool same_strs(const config_strs *a, const config_strs *b) {
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    if (!stele_str_eq(a->at[i], b->at[i])) return false;
  }
  return true;
}

static bool same_rules(const config_rules *a, const config_rules *b) {
  if (!same_strs(&a->use, &b->use) || !same_strs(&a->except, &b->except)) return false;
  if (!same_strs(&a->ignore, &b->ignore)) return false;
  if (a->ignore_only.count != b->ignore_only.count) return false;
  for (size_t i = 0; i < a->ignore_only.count; i++) {
    if (!stele_str_eq(a->ignore_only.at[i].id, b->ignore_only.at[i].id)) return false;
    if (!same_strs(&a->ignore_only.at[i].paths, &b->ignore_only.at[i].paths)) return false;
  }
  return a->disable_builtin == b->disable_builtin &&
         a->ignore_unstable_packages == b->ignore_unstable_packages;
}

static bool have_same_rules(const input *in) {
  for (size_t i = 1; i < in->count; i++) {
    if (!same_rules(&in->trees[0].config->breaking, &in->trees[i].config->breaking)) return false;
  }
  return true;
}

static bool share_file(const input_tree *a, const input_tree *b) {
  size_t i = 0, j = 0;
  while (i < a->count && j < b->count) { /* both are in order of their names */
    stele_str x = a->files[i].file->name, y = b->files[j].file->name;
    int order = stele_str_order(x, y);
    if (order == 0 && !a->files[i].is_import && !b->files[j].is_import) return true;
    i += order <= 0;
    j += order >= 0;
  }
  return false;
}

/* Each older tree goes to the first newer one that has a file of it. */
static bool match(const input *now, const input *was, bool *taken, pairs *out) {
  out->count = 0;
  for (size_t i = 0; i < now->count; i++) {
    for (size_t j = 0; j < was->count; j++) {
      if (taken[j] || !share_file(&now->trees[i], &was->trees[j])) continue;
      taken[j] = true;
      out->now[out->count++] = &now->trees[i];
      break;
    }
  }
  return out->count == was->count;
}

static bool pair_up(cli_args *args, const input *now, const input *was, pairs *out) {
  stele_arena *arena = cli_arena(args);
  out->now = STELE_NEW_ARRAY(arena, const input_tree *, now->count + 1);
  out->was = STELE_NEW_ARRAY(arena, const input_tree *, was->count + 1);
  for (size_t i = 0; i < was->count; i++) out->was[i] = &was->trees[i];
  if (now->count == was->count) {
    for (size_t i = 0; i < now->count; i++) out->now[i] = &now->trees[i];
    out->count = now->count;
    return true;
  }
  bool *taken = STELE_NEW_ARRAY(arena, bool, was->count + 1);
  if (now->count > was->count && have_same_rules(now) && match(now, was, taken, out)) return true;
  (void)cli_fail(args, "input contained %zu images, whereas against contained %zu images",
                 now->count, was->count);
  return false;
}

/* ---- judging -------------------------------------------------------------- */

typedef struct judging_wish {
  bool exclude_imports, mends, notes;
  const stele_map *compiled; /* NULL: everything is looked at */
  const breaking_kept *before;
  breaking_kept *after;
} judging_wish;

/* Marks what is as it was; `passed_by` is filled in by the run. */
static void settle(stele_arena *arena, const judging_wish *how, rule_tree *files) {
  files->passed_by = STELE_NEW_ARRAY(arena, bool, files->count + 1);
  for (size_t i = 0; how->before->is_valid && i < files->count; i++) {
    rule_file *row = (rule_file *)(uintptr_t)&files->files[i];
    row->is_settled = !stele_map_find(how->compiled, row->file->name);
  }
}

/* Adds what was found before in files that were passed by. */
static void take_kept(stele_arena *arena, const judging_wish *how, size_t index,
                      const rule_tree *files, rule_findings *found) {
  stele_map passed;
  STELE_VEC(rule_finding) all = {0};
  bool has_before = how->before->is_valid && index < how->before->trees.count;
  stele_map_init(&passed, arena, 0);
  for (size_t i = 0; i < files->count; i++) {
    if (files->passed_by[i]) *stele_map_add(&passed, files->files[i].file->name) = &passed;
  }
  for (size_t i = 0; i < found->count; i++) STELE_VEC_PUSH(arena, &all, found->at[i]);
  for (size_t i = 0; has_before && i < how->before->trees.at[index].count; i++) {
    rule_finding f = how->before->trees.at[index].at[i];
    bool is_far = rule_reach_of(f.rule) == RULE_REACHES_TREE;
    if (is_far || !stele_map_find(&passed, f.at.path.len ? f.at.path : f.against.path)) continue;
    STELE_VEC_PUSH(arena, &all, f);
  }
  for (size_t i = 0; i < all.count; i++) { /* the names of files go with the files */
    stele_str *texts[] = {&all.at[i].at.path, &all.at[i].against.path, &all.at[i].message,
                          &all.at[i].hint};
    for (size_t k = 0; k < STELE_COUNT(texts); k++) *texts[k] = stele_str_copy(arena, *texts[k]);
  }
  if (all.count) qsort(all.at, all.count, sizeof *all.at, rule_finding_order);
  *found = (rule_findings){all.at, all.count};
  STELE_VEC_PUSH(arena, &how->after->trees, *found);
}

static bool judge_pair(cli_args *args, const pairs *both, size_t index,
                       const rule_selection *selection, const judging_wish *how,
                       cli_findings *findings) {
  const input_tree *now = both->now[index];
  stele_arena *arena = cli_arena(args);
  rule_findings found = {0};
  stele_err err = {0};
  rule_tree files = judging_tree(arena, both->now_in, now);
  rule_tree older = judging_tree(arena, both->was_in, both->was[index]);
  if (how->compiled) settle(arena, how, &files);
  if (!rule_breaking(arena, selection, &files, &older, &found, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  if (how->compiled) take_kept(arena, how, index, &files, &found);
  judging_take(args, both->now_in, now, RULE_BREAKING, &found, findings);
  return !how->mends || judging_mend(args, both->now_in, now, selection, &files, &older);
}

static cli_exit judge(cli_args *args, input *now, input *was, const judging_wish *how,
                      cli_findings *findings) {
  pairs both;
  if (!pair_up(args, now, was, &both)) return CLI_ERROR;
  both.now_in = now;
  both.was_in = was;
  const rule_selection **selections =
      STELE_NEW_ARRAY(cli_arena(args), const rule_selection *, both.count + 1);
  for (size_t i = 0; i < both.count; i++) {
    bool nothing;
    selections[i] =
        judging_select(args, now, both.now[i], RULE_BREAKING, how->exclude_imports, &nothing);
    if (!selections[i]) return CLI_ERROR;
    if (nothing && how->compiled)
      STELE_VEC_PUSH(cli_arena(args), &how->after->trees, (rule_findings){0});
    if (nothing) continue;
    if (!judge_pair(args, &both, i, selections[i], how, findings)) return CLI_ERROR;
  }
  if (how->notes) judging_note(args, now, selections, both.count);
  return CLI_OK;
}

cli_exit breaking_judge(cli_args *args, input *now, input *was, cli_findings *findings) {
  static const judging_wish how = {0};
  return judge(args, now, was, &how, findings);
}

cli_exit breaking_judge_again(cli_args *args, input *now, input *was, const stele_map *compiled,
                              const breaking_kept *before, breaking_kept *after,
                              cli_findings *findings) {
  judging_wish how = {.compiled = compiled, .before = before, .after = after};
  *after = (breaking_kept){0};
  cli_exit code = judge(args, now, was, &how, findings);
  after->is_valid = code == CLI_OK;
  return code;
}

/* ---- the two states ------------------------------------------------------- */

/* --limit-to-input-files: the older state is only looked at where this one has
 * files. */
static void limit_paths(cli_args *args, const input *now, config_strs *paths) {
  for (size_t i = 0; i < now->count; i++) {
    for (size_t j = 0; j < now->trees[i].count; j++) {
      STELE_VEC_PUSH(cli_arena(args), paths, now->trees[i].files[j].shown);
    }
  }
}

/* Findings are printed while the schemas live whose names they use. */
static cli_exit compare(cli_args *args, stele_str text, stele_str against,
                        const cli_findings_form *form) {
  stele_str subject;
  input now = {0}, was = {0};
  cli_findings all = {0}, *findings = &all;
  inputs_wish wish = {.text = text, .config_flag = "config"};
  cli_exit code = inputs_open(args, &wish, &now, findings);
  if (code == CLI_OK) {
    inputs_wish other = {.text = against, .config_flag = "against-config", .beside = text};
    if (registry_files_name_one(against, &subject)) other.lone_name = inputs_lone_name(&now);
    if (cli_given(args, "limit-to-input-files")) {
      other.without_paths = true;
      limit_paths(args, &now, &other.paths);
    }
    code = inputs_open(args, &other, &was, findings);
  }
  judging_wish how = {.exclude_imports = cli_given(args, "exclude-imports"),
                      .mends = cli_given(args, "fix"),
                      .notes = true};
  if (code == CLI_OK) code = judge(args, &now, &was, &how, findings);
  if (code != CLI_ERROR) code = inputs_print(args, form, findings);
  input_close(&was);
  input_close(&now);
  return code;
}

static cli_exit run_breaking(cli_args *args) {
  if (cli_given(args, "list")) return rule_list_run(args, RULE_BREAKING);
  const cli_findings_form *form = inputs_form(args);
  if (!form) return CLI_ERROR;
  stele_str against = cli_value(args, "against");
  if (!against.len) against = cli_value(args, "against-input");
  if (cli_given(args, "against-registry")) {
    if (against.len) return cli_fail(args, "cannot set both --against and --against-registry");
    against = STELE_STR("registry");
  }
  if (!against.len) {
    return cli_fail(args, "against what? --against PATH, a revision such as main, or "
                          "--against-registry");
  }
  stele_str text = cli_word_count(args) ? cli_word(args, 0) : STELE_STR(".");
  return compare(args, text, against, form);
}

static const cli_option options[] = {
    {"against", 0, "INPUT", NULL, "The older state: an input too"},
    {"against-registry", 0, NULL, NULL, "The older state is what the registry has"},
    {"config", 0, "FILE|TEXT", NULL,
     "The configuration, as a file or as YAML or JSON; else the one that lies there"},
    {"against-config", 0, "FILE|TEXT", NULL, "The same for the older state: its modules count"},
    {"exclude-imports", 0, NULL, NULL, "Do not judge files that are only imported"},
    {"limit-to-input-files", 0, NULL, NULL,
     "Look at the older state only where this one has files; goes before --path"},
    {"format", 'f', "FORM", "text", "How findings are printed: " CLI_FINDINGS_FORMS},
    {"error-format", 0, "FORM", "text", "The same as --format"},
    {"json", 0, NULL, NULL, "The same as --format json"},
    {"fix", 0, NULL, NULL, "Reserve the numbers and names of what was removed, in the files"},
    {"against-input", 0, "INPUT", NULL, "The same as --against"},
    INPUT_OPTIONS,
    RULE_LIST_OPTIONS,
};

const cli_command cli_breaking = {
    .name = "breaking",
    .summary = "Check that a change breaks nobody.",
    .words = "[INPUT]",
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_breaking,
    .more = "Without INPUT it is about the folder we stand in. A revision as --against means the "
            "same folder at that commit. Exits with 100 when something would break. " INPUT_HELP,
};
