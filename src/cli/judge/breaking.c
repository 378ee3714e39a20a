/* stele breaking: what the rules say about the step from an older state of the
 * schemas to this one, module by module (judge/pairing.h). */
#include "cli/judge/breaking.h"

#include <stdlib.h>

#include "base/map.h"
#include "check/rule/rule_memory.h"
#include "cli/command_table.h"
#include "cli/judge/judging.h"
#include "cli/judge/pairing.h"
#include "cli/judge/rule_list.h"
#include "cli/remote/registry_files.h"
#include "input/ref.h"
#include "proto/schema/schema.h"

/* ---- judging -------------------------------------------------------------- */

typedef struct judging_wish {
  bool exclude_imports, mends, notes;
  breaking_memory *memory; /* NULL: everything is looked at */
} judging_wish;

/* One tree and what it is compared with. */
typedef struct pair_memory {
  stele_str now_dir, was_dir;
  rule_memory *now, *was;
  rule_findings kept; /* in `kept_in` */
  stele_arena *kept_in;
} pair_memory;

struct breaking_memory {
  stele_arena *arena;
  STELE_VEC(pair_memory *) pairs;
};

breaking_memory *breaking_memory_new(void) {
  stele_arena *arena = stele_arena_new(0);
  breaking_memory *memory = arena ? STELE_NEW(arena, breaking_memory) : NULL;
  if (memory) memory->arena = arena;
  return memory;
}

void breaking_memory_clear(breaking_memory *memory) {
  for (size_t i = 0; i < memory->pairs.count; i++) {
    rule_memory_free(memory->pairs.at[i]->now);
    rule_memory_free(memory->pairs.at[i]->was);
    stele_arena_free(memory->pairs.at[i]->kept_in);
  }
  memory->pairs.count = 0;
}

void breaking_memory_free(breaking_memory *memory) {
  if (!memory) return;
  breaking_memory_clear(memory);
  stele_arena_free(memory->arena);
}

void breaking_memory_forget(breaking_memory *memory, const stele_map *compiled) {
  for (size_t i = 0; i < memory->pairs.count; i++) {
    for (size_t k = 0; k < compiled->count; k++) {
      rule_memory_forget(memory->pairs.at[i]->now, compiled->entries[k].key.str);
    }
  }
}

void breaking_memory_relink(breaking_memory *memory, const stele_map *relinked) {
  for (size_t i = 0; i < memory->pairs.count; i++) {
    for (size_t k = 0; k < relinked->count; k++) {
      rule_memory_relink(memory->pairs.at[i]->now, relinked->entries[k].key.str);
    }
  }
}

static pair_memory *memory_of(breaking_memory *memory, stele_str now_dir, stele_str was_dir) {
  for (size_t i = 0; i < memory->pairs.count; i++) {
    pair_memory *pair = memory->pairs.at[i];
    if (stele_str_eq(pair->now_dir, now_dir) && stele_str_eq(pair->was_dir, was_dir)) return pair;
  }
  pair_memory *pair = STELE_NEW(memory->arena, pair_memory);
  *pair = (pair_memory){.now_dir = stele_str_copy(memory->arena, now_dir),
                        .was_dir = stele_str_copy(memory->arena, was_dir),
                        .now = rule_memory_new(),
                        .was = rule_memory_new()};
  if (!pair->now || !pair->was) {
    rule_memory_free(pair->now);
    rule_memory_free(pair->was);
    return NULL;
  }
  STELE_VEC_PUSH(memory->arena, &memory->pairs, pair);
  return pair;
}

/* Does what was found before still hold? */
static bool holds(const pair_memory *pair, const input_tree *tree, const rule_tree *files,
                  const rule_finding *f) {
  bool is_far = rule_reach_of(f->rule) == RULE_REACHES_TREE;
  if (is_far && !f->at.path.len) return rule_memory_is_tree_at_rest(pair->now);
  const input_file *file = input_tree_find(tree, f->at.path.len ? f->at.path : f->against.path);
  if (!file) return false;
  size_t index = (size_t)(file - tree->files);
  return is_far ? rule_memory_is_at_rest_in_tree(pair->now, index) : files->passed_by[index];
}

/* All that is found now; a copy of it is kept. The names of files go with the files. */
static bool take_kept(cli_args *args, pair_memory *pair, const input_tree *tree,
                      const rule_tree *files, rule_findings *found) {
  STELE_VEC(rule_finding) all = {0};
  stele_arena *arena = stele_arena_new(0);
  if (!arena) return cli_fail(args, "no memory") == CLI_OK;
  for (size_t i = 0; i < found->count; i++) STELE_VEC_PUSH(arena, &all, found->at[i]);
  for (size_t i = 0; i < pair->kept.count; i++) {
    if (holds(pair, tree, files, &pair->kept.at[i])) {
      STELE_VEC_PUSH(arena, &all, pair->kept.at[i]);
    }
  }
  for (size_t i = 0; i < all.count; i++) {
    stele_str *texts[] = {&all.at[i].at.path, &all.at[i].against.path, &all.at[i].message,
                          &all.at[i].hint};
    for (size_t k = 0; k < STELE_COUNT(texts); k++) *texts[k] = stele_str_copy(arena, *texts[k]);
  }
  if (all.count) qsort(all.at, all.count, sizeof *all.at, rule_finding_order);
  stele_arena_free(pair->kept_in);
  pair->kept_in = arena;
  pair->kept = *found = (rule_findings){all.at, all.count};
  return true;
}

/* With what is known of the run before. */
static bool judge_again(cli_args *args, const rule_selection *selection, const pairing *both,
                        size_t index, breaking_memory *memory, rule_tree *files, rule_tree *older,
                        rule_findings *found) {
  stele_err err = {0};
  const input_tree *now = both->now[index];
  pair_memory *pair = memory_of(memory, now->dir, both->was[index]->dir);
  if (!pair) return cli_fail(args, "no memory") == CLI_OK;
  files->memory = pair->now;
  files->passed_by = STELE_NEW_ARRAY(cli_arena(args), bool, files->count + 1);
  older->memory = pair->was;
  if (rule_breaking(cli_arena(args), selection, files, older, found, &err)) {
    return take_kept(args, pair, now, files, found);
  }
  (void)cli_fail_err(args, &err);
  return false;
}

static bool judge_pair(cli_args *args, input *now_in, input *was_in, const pairing *both,
                       size_t index, const rule_selection *selection, const judging_wish *how,
                       cli_findings *findings) {
  const input_tree *now = both->now[index];
  stele_arena *arena = cli_arena(args);
  rule_findings found = {0};
  stele_err err = {0};
  rule_tree files = judging_tree(arena, now_in, now);
  rule_tree older = judging_tree(arena, was_in, both->was[index]);
  if (how->memory && !both->is_shared) {
    if (!judge_again(args, selection, both, index, how->memory, &files, &older, &found)) {
      return false;
    }
  } else if (!rule_breaking(arena, selection, &files, &older, &found, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  judging_take(args, now_in, now, RULE_BREAKING, &found, findings);
  return !how->mends || judging_mend(args, now_in, now, selection, &files, &older);
}

static cli_exit judge(cli_args *args, input *now, input *was, const judging_wish *how,
                      cli_findings *findings) {
  pairing both = pairing_find(cli_arena(args), now, was);
  const rule_selection **selections =
      STELE_NEW_ARRAY(cli_arena(args), const rule_selection *, both.count + 1);
  for (size_t i = 0; i < both.count; i++) {
    bool nothing;
    selections[i] =
        judging_select(args, now, both.now[i], RULE_BREAKING, how->exclude_imports, &nothing);
    if (!selections[i]) return CLI_ERROR;
    if (nothing) continue;
    if (!judge_pair(args, now, was, &both, i, selections[i], how, findings)) return CLI_ERROR;
  }
  if (how->notes) judging_note(args, now, selections, both.count);
  return CLI_OK;
}

cli_exit breaking_judge(cli_args *args, input *now, input *was, cli_findings *findings) {
  static const judging_wish how = {0};
  return judge(args, now, was, &how, findings);
}

cli_exit breaking_judge_again(cli_args *args, input *now, input *was, breaking_memory *memory,
                              cli_findings *findings) {
  judging_wish how = {.memory = memory};
  cli_exit code = judge(args, now, was, &how, findings);
  if (code != CLI_OK) breaking_memory_clear(memory);
  return code;
}

/* ---- the two states ------------------------------------------------------- */

/* --limit-to-input-files: the older state is only looked at where this one has
 * files. An image knows them by their import paths. */
static void limit_paths(cli_args *args, const input *now, stele_str against, config_strs *paths) {
  input_ref ref;
  stele_err ignored = {0};
  bool is_image = input_ref_parse(cli_arena(args), against, &ref, &ignored) &&
                  input_format_is_image(ref.format);
  for (size_t i = 0; i < now->count; i++) {
    for (size_t j = 0; j < now->trees[i].count; j++) {
      const input_file *file = &now->trees[i].files[j];
      STELE_VEC_PUSH(cli_arena(args), paths, is_image ? file->file->name : file->shown);
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
      limit_paths(args, &now, against, &other.paths);
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
    INPUT_BUF_OPTIONS,
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
