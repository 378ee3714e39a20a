/* stele watch: judges again whenever a file is saved.
 *
 * What is found is kept from pass to pass as the rules said it. A pass compiles what a
 * change reaches and asks rules about single elements there alone; rules about packages,
 * folders and the tree look at everything, and so do breaking changes: both only while
 * everything compiles. */
#include <stdatomic.h>

#include "cli/breaking.h"
#include "cli/command_internal.h"
#include "cli/command_table.h"
#include "cli/judging.h"
#include "fmt/json.h"
#include "input/live.h"
#include "proto/report/report.h"
#include "proto/schema/schema.h"
#include "sys/clock.h"
#include "sys/signal.h"
#include "sys/thread.h"
#include "sys/tree_watch.h"

enum { QUIET_MS = 8, ASK_MS = 100 };

typedef struct kept_tree {
  stele_str dir;
  rule_findings found;
} kept_tree;

/* What a pass leaves for the next; all of it in `arena`. */
typedef struct pass {
  stele_arena *arena;
  STELE_VEC(kept_tree) lint;
  cli_findings breaking;
  cli_findings all; /* sorted by place; COMPILE too */
  bool is_whole;    /* everything compiles */
  size_t compiled, files;
  input_live_step step;
} pass;

typedef struct watch_job {
  cli_args *args;
  stele_str text;
  inputs_wish wish;
  bool lints, is_json, clears;
  input_live *live;
  input was;
  bool has_was;
  sys_tree_watch *watch;
  pass last;
  size_t pass_count;
} watch_job;

/* ---- lint ----------------------------------------------------------------- */

static stele_str copy(stele_arena *arena, stele_str text) {
  return text.len ? stele_str_copy(arena, text) : (stele_str){"", 0};
}

static rule_findings kept_of(const watch_job *job, stele_str dir) {
  for (size_t i = 0; i < job->last.lint.count; i++) {
    if (stele_str_eq(job->last.lint.at[i].dir, dir)) return job->last.lint.at[i].found;
  }
  return (rule_findings){0};
}

/* Did nothing change in its package and its folder since both were judged? */
static bool is_at_rest(const watch_job *job, const pass *now, const stele_file *file) {
  return job->last.is_whole && !stele_map_find(&now->step.packages, file->package) &&
         !stele_map_find(&now->step.folders, config_path_above(file->name));
}

/* Does a finding of the last pass still hold? Of a file with errors nothing new is
 * known, and of packages and the tree only once there are none. `linked` has the files that
 * have none. */
static bool holds(const watch_job *job, const pass *now, const stele_map *linked,
                  const rule_finding *f) {
  const stele_file *file = stele_map_find(linked, f->at.path);
  rule_reach reach = rule_reach_of(f->rule);
  if (!stele_map_find(&now->step.sources, f->at.path)) return false;
  if (reach == RULE_REACHES_FILE) {
    return !file || !stele_map_find(&now->step.compiled, f->at.path);
  }
  if (!now->is_whole) return true;
  return reach == RULE_REACHES_GROUP && file && is_at_rest(job, now, file);
}

/* Is it news, or not to be told while there are errors, or what `holds` keeps anyway? */
static bool counts(const watch_job *job, const pass *now, const stele_map *linked,
                   const rule_finding *f) {
  if (rule_reach_of(f->rule) == RULE_REACHES_FILE) return true;
  if (!now->is_whole) return false;
  const stele_file *file = stele_map_find(linked, f->at.path);
  return rule_reach_of(f->rule) == RULE_REACHES_TREE || !file || !is_at_rest(job, now, file);
}

static rule_findings join(const watch_job *job, pass *now, const input_tree *tree,
                          const rule_findings *found) {
  stele_map linked;
  stele_arena *arena = now->arena;
  rule_findings old = kept_of(job, tree->dir);
  rule_finding *all = STELE_NEW_ARRAY(arena, rule_finding, found->count + old.count + 1);
  size_t count = 0;
  stele_map_init(&linked, arena, 0);
  for (size_t i = 0; i < tree->count; i++) {
    *stele_map_add(&linked, tree->files[i].file->name) = (void *)(uintptr_t)tree->files[i].file;
  }
  for (size_t i = 0; i < found->count; i++) {
    if (counts(job, now, &linked, &found->at[i])) all[count++] = found->at[i];
  }
  for (size_t i = 0; i < old.count; i++) {
    if (holds(job, now, &linked, &old.at[i])) all[count++] = old.at[i];
  }
  for (size_t i = 0; i < count; i++) {
    all[i].at.path = copy(arena, all[i].at.path);
    all[i].message = copy(arena, all[i].message);
    all[i].hint = copy(arena, all[i].hint);
  }
  return (rule_findings){all, count};
}

static bool lint_tree(const watch_job *job, cli_args *args, pass *now, const input_tree *tree) {
  bool nothing;
  rule_findings found = {0};
  stele_err err = {0};
  const rule_selection *selection =
      judging_select(args, &now->step.in, tree, RULE_LINT, false, &nothing);
  if (!selection) return false;
  if (nothing) return true;
  rule_tree files = judging_tree(now->arena, &now->step.in, tree);
  for (size_t i = 0; i < files.count; i++) {
    rule_file *row = (rule_file *)(uintptr_t)&files.files[i];
    row->is_settled = !stele_map_find(&now->step.compiled, row->file->name);
    row->is_at_rest = now->is_whole && is_at_rest(job, now, row->file);
  }
  if (!rule_lint(now->arena, selection, &files, &found, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  kept_tree kept = {copy(now->arena, tree->dir), join(job, now, tree, &found)};
  STELE_VEC_PUSH(now->arena, &now->lint, kept);
  judging_take(args, &now->step.in, tree, RULE_LINT, &kept.found, &now->all);
  if (!job->pass_count) judging_note(args, &now->step.in, &selection, 1);
  return true;
}

/* ---- a pass --------------------------------------------------------------- */

static void own(stele_arena *arena, cli_finding *f) {
  stele_str *texts[] = {&f->path, &f->rule, &f->message, &f->hint, &f->purpose, &f->name};
  for (size_t i = 0; i < STELE_COUNT(texts); i++) *texts[i] = copy(arena, *texts[i]);
}

static bool judge_breaking(watch_job *job, cli_args *args, pass *now) {
  if (now->is_whole) {
    if (breaking_judge(args, &now->step.in, &job->was, &now->breaking) != CLI_OK) return false;
  } else {
    for (size_t i = 0; i < job->last.breaking.count; i++) {
      STELE_VEC_PUSH(now->arena, &now->breaking, job->last.breaking.at[i]);
    }
  }
  for (size_t i = 0; i < now->breaking.count; i++) {
    own(now->arena, &now->breaking.at[i]);
    STELE_VEC_PUSH(now->arena, &now->all, now->breaking.at[i]);
  }
  return true;
}

static bool judge_all(watch_job *job, cli_args *args, pass *now) {
  input *in = &now->step.in;
  now->is_whole = !stele_report_has_errors(in->report);
  inputs_take_report(in->report, now->arena, &now->all);
  for (size_t i = 0; job->lints && i < in->count; i++) {
    if (!lint_tree(job, args, now, &in->trees[i])) return false;
  }
  return !job->has_was || judge_breaking(job, args, now);
}

/* Opens the folder anew: at the start, and when its configuration changed. */
static bool open_live(watch_job *job) {
  stele_err err = {0};
  input_options options = inputs_options(job->args, &job->wish);
  size_t count;
  input_live_free(job->live);
  job->live = input_live_open(job->text, &options, &err);
  if (!job->live) {
    (void)cli_fail_err(job->args, &err);
    return false;
  }
  const stele_str *folders = input_live_folders(job->live, &count);
  for (size_t i = 0; i < count; i++) {
    sys_tree_watch_add(job->watch, folders[i], true);
    for (size_t end = folders[i].len; end > 1; end--) { /* configurations above it */
      if (folders[i].ptr[end - 1] != '/') continue;
      stele_str above = {folders[i].ptr, end > 1 ? end - 1 : 1};
      sys_tree_watch_add(job->watch, above, false);
    }
  }
  return true;
}

static bool run_pass(watch_job *job, cli_args *args, pass *now, const sys_tree_changes *changes) {
  stele_err err = {0};
  if (!job->live && !open_live(job)) return false;
  if (!input_live_update(job->live, now->arena, changes->paths.at, changes->paths.count,
                         changes->any, &now->step, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  now->compiled = now->step.compiled.count;
  now->files = now->step.file_count;
  if (!judge_all(job, args, now)) return false;
  cli_findings_sort(&now->all);
  for (size_t i = 0; i < now->all.count; i++) own(now->arena, &now->all.at[i]);
  return true;
}

/* ---- what is told --------------------------------------------------------- */

/* The place does not count: what stands lower than before is not new. */
static stele_str key_of(stele_arena *arena, const cli_finding *f) {
  return stele_str_printf(arena, STELE_STR_FMT "\n" STELE_STR_FMT "\n" STELE_STR_FMT,
                          STELE_STR_ARG(f->path), STELE_STR_ARG(f->rule),
                          STELE_STR_ARG(f->message));
}

static void count_keys(stele_arena *arena, const cli_findings *findings, stele_map *out) {
  stele_map_init(out, arena, 0);
  for (size_t i = 0; i < findings->count; i++) {
    void **at = stele_map_add(out, key_of(arena, &findings->at[i]));
    *at = (void *)((uintptr_t)*at + 1);
  }
}

static void tell_one(const watch_job *job, stele_arena *arena, const char *event,
                     const cli_finding *f) {
  stele_buf out;
  stele_err ignored = {0}; /* text and JSON do not fail */
  cli_findings one = {.at = (cli_finding *)(uintptr_t)f, .count = 1};
  stele_buf_init(&out, arena, 0);
  if (job->is_json) {
    (void)cli_findings_form_find(STELE_STR("json"))->print(arena, &one, &out, &ignored);
    cli_print(job->args, "{\"event\":\"%s\",", event);
    cli_print_str(job->args, (stele_str){out.ptr + 1, out.len - 1});
    return;
  }
  bool is_new = strcmp(event, "new") == 0;
  (void)cli_findings_form_find(STELE_STR("text"))->print(arena, &one, &out, &ignored);
  cli_print(job->args, "%s%s", cli_styled(job->args, is_new ? CLI_RED : CLI_GREEN),
            is_new ? "" : "mended: ");
  cli_print_str(job->args, stele_buf_str(&out));
  cli_print(job->args, "%s", cli_styled(job->args, CLI_PLAIN));
}

/* Those of `these` that `others` does not have as often. */
static size_t tell_rest(const watch_job *job, stele_arena *arena, const char *event,
                        const cli_findings *these, const cli_findings *others) {
  stele_map there;
  size_t told = 0;
  count_keys(arena, others, &there);
  for (size_t i = 0; i < these->count; i++) {
    stele_str key = key_of(arena, &these->at[i]);
    uintptr_t left = (uintptr_t)stele_map_find(&there, key);
    if (left) {
      *stele_map_add(&there, key) = (void *)(left - 1);
      continue;
    }
    tell_one(job, arena, event, &these->at[i]);
    told++;
  }
  return told;
}

/* Sorts out what is the same in both: nearly all. */
static void split(stele_arena *arena, const cli_findings *was, const cli_findings *now,
                  cli_findings *gone, cli_findings *come) {
  size_t i = 0, j = 0;
  while (i < was->count || j < now->count) {
    int order = i == was->count   ? 1
                : j == now->count ? -1
                                  : cli_finding_order(&was->at[i], &now->at[j]);
    if (order < 0) STELE_VEC_PUSH(arena, gone, was->at[i]);
    if (order > 0) STELE_VEC_PUSH(arena, come, now->at[j]);
    i += order <= 0;
    j += order >= 0;
  }
}

/* --clear: what stands, all of it, on an empty terminal; above what is told. */
static void clear(const watch_job *job, const pass *now) {
  stele_buf standing;
  stele_err ignored = {0};
  stele_buf_init(&standing, now->arena, 0);
  cli_print(job->args, "\033[2J\033[H");
  if (!job->pass_count) return;
  (void)cli_findings_form_find(STELE_STR("text"))
      ->print(now->arena, &now->all, &standing, &ignored);
  cli_print_str(job->args, stele_buf_str(&standing));
  if (standing.len) cli_print(job->args, "\n");
}

static void tell(const watch_job *job, const pass *now, const sys_tree_changes *changes) {
  cli_args *args = job->args;
  cli_findings gone = {0}, come = {0};
  split(now->arena, &job->last.all, &now->all, &gone, &come);
  if (job->clears && !job->is_json) clear(job, now);
  size_t mended = tell_rest(job, now->arena, "mended", &gone, &come);
  size_t fresh = tell_rest(job, now->arena, "new", &come, &gone);
  double ms = (double)(sys_clock_mono() - changes->since) / 1000;
  cli_print(args,
            job->is_json
                ? "{\"event\":\"summary\",\"new\":%zu,\"mended\":%zu,\"findings\":%zu,"
                  "\"compiled\":%zu,\"files\":%zu,\"ms\":%.1f}\n"
                : "%zu new, %zu mended, %zu findings; compiled %zu of %zu files, %.1f ms\n",
            fresh, mended, now->all.count, now->compiled, now->files, ms);
  cli_flush(args);
}

/* ---- the watch ------------------------------------------------------------ */

static bool ends_with(stele_str text, const char *ending) {
  size_t len = strlen(ending);
  return text.len >= len && memcmp(text.ptr + text.len - len, ending, len) == 0;
}

typedef enum relevance { NOTHING, TEXT, CONFIGURATION } relevance;

static relevance relevance_of(stele_str path) {
  static const char *const names[] = {"/stele.yaml", "/buf.yaml", "/buf.mod", "/buf.work.yaml"};
  for (size_t i = 0; i < STELE_COUNT(names); i++) {
    if (ends_with(path, names[i])) return CONFIGURATION;
  }
  return ends_with(path, ".proto") ? TEXT : NOTHING;
}

/* Do the changes ask for a pass? */
static bool is_asked(watch_job *job, const sys_tree_changes *changes) {
  bool asked = changes->any;
  stele_str given = cli_value(job->args, "config");
  for (size_t i = 0; i < changes->paths.count; i++) {
    stele_str path = changes->paths.at[i];
    relevance what = relevance_of(path);
    if (given.len && ends_with(path, given.ptr)) what = CONFIGURATION;
    if (what == CONFIGURATION) {
      input_live_free(job->live);
      job->live = NULL;
    }
    asked = asked || what != NOTHING;
  }
  return asked;
}

/* Makes a pass and tells it. One that cannot be made leaves what was known. */
static bool judge_again(watch_job *job, const sys_tree_changes *changes) {
  pass now = {.arena = stele_arena_new(0)};
  if (!now.arena) {
    (void)cli_fail(job->args, "no memory");
    return false;
  }
  cli_args args = *job->args;
  args.arena = now.arena;
  bool ok = run_pass(job, &args, &now, changes);
  stele_buf_release(&now.step.in.text);
  if (!ok) {
    input_live_free(job->live);
    job->live = NULL;
    stele_arena_free(now.arena);
    return false;
  }
  if (!changes->any || now.compiled || !job->pass_count) tell(job, &now, changes);
  stele_arena_free(job->last.arena);
  job->last = now;
  job->pass_count++;
  return true;
}

static void wait_and_judge(watch_job *job) {
  for (;;) {
    sys_tree_changes changes;
    stele_arena *arena = stele_arena_new(0);
    if (!arena) return;
    sys_tree_watch_wait(job->watch, arena, QUIET_MS, &changes);
    if (!changes.is_stopped && is_asked(job, &changes)) (void)judge_again(job, &changes);
    stele_arena_free(arena);
    if (changes.is_stopped) return;
  }
}

/* ---- being asked to stop -------------------------------------------------- */

typedef struct stopper {
  sys_tree_watch *watch;
  atomic_bool is_over;
} stopper;

static void wait_for_signal(void *arg) {
  stopper *self = arg;
  while (!atomic_load(&self->is_over)) {
    if (!sys_signal_wait(ASK_MS)) continue;
    sys_tree_watch_stop(self->watch);
    return;
  }
}

static cli_exit watch_until_stopped(watch_job *job) {
  sys_thread thread;
  stele_err err = {0};
  stopper stop = {.watch = job->watch};
  sys_signals_block();
  if (!sys_thread_start(&thread, "stele-stop", wait_for_signal, &stop, &err)) {
    return cli_fail_err(job->args, &err);
  }
  sys_tree_changes start = {.since = sys_clock_mono()};
  bool begun = judge_again(job, &start);
  if (begun && sys_tree_watch_is_polling(job->watch)) {
    cli_note(job->args, "note: too many folders for this system to watch; they are looked "
                        "through every half second\n");
  }
  if (begun) wait_and_judge(job);
  atomic_store(&stop.is_over, true);
  sys_thread_join(&thread);
  sys_signals_restore();
  return begun ? CLI_OK : CLI_ERROR;
}

/* ---- the command ---------------------------------------------------------- */

static cli_exit open_was(watch_job *job) {
  cli_findings findings = {0};
  stele_str against = cli_value(job->args, "against");
  if (!against.len) return CLI_OK;
  inputs_wish wish = {.text = against, .config_flag = "against-config", .beside = job->text};
  cli_exit code = inputs_open(job->args, &wish, &job->was, &findings);
  job->has_was = code == CLI_OK;
  if (code != CLI_FINDINGS) return code;
  (void)inputs_print(job->args, cli_findings_form_find(STELE_STR("text")), &findings);
  return cli_fail(job->args, "the older state does not compile");
}

static cli_exit run_watch(cli_args *args) {
  watch_job job = {.args = args,
                   .text = cli_word_count(args) ? cli_word(args, 0) : STELE_STR("."),
                   .lints = !cli_given(args, "no-lint"),
                   .is_json = cli_given(args, "json"),
                   .clears = cli_given(args, "clear")};
  stele_err err = {0};
  stele_str form = cli_value(args, "format");
  if (!stele_str_eq(form, STELE_STR("text")) && !stele_str_eq(form, STELE_STR("json"))) {
    return cli_fail(args, "--format: invalid format: \"" STELE_STR_FMT "\"; there are text, json",
                    STELE_STR_ARG(form));
  }
  job.is_json = job.is_json || stele_str_eq(form, STELE_STR("json"));
  job.wish = (inputs_wish){.text = job.text, .config_flag = "config"};
  cli_exit code = open_was(&job);
  if (code == CLI_OK) job.watch = sys_tree_watch_new(&err);
  if (code == CLI_OK && !job.watch) code = cli_fail_err(args, &err);
  if (code == CLI_OK) code = watch_until_stopped(&job);
  sys_tree_watch_free(job.watch);
  input_live_free(job.live);
  input_close(&job.was);
  stele_arena_free(job.last.arena);
  return code;
}

static const cli_option options[] = {
    {"against", 0, "INPUT", NULL, "Judge breaking changes too: the older state, read once"},
    {"against-config", 0, "FILE|TEXT", NULL, "Its configuration"},
    {"no-lint", 0, NULL, NULL, "Do not lint"},
    {"lint", 0, NULL, NULL, "Lint, as is done anyway"},
    {"config", 0, "FILE|TEXT", NULL,
     "The configuration, as a file or as YAML or JSON; else the one that lies there"},
    {"format", 'f', "FORM", "text", "text, or json: an object a line"},
    {"json", 0, NULL, NULL, "The same as --format json"},
    {"clear", 0, NULL, NULL, "Clear the terminal at each pass, and print all that stands first"},
    INPUT_OPTIONS,
};

const cli_command cli_watch = {
    .name = "watch",
    .summary = "Lint again whenever a file is saved.",
    .words = "[DIR]",
    .most = 1,
    .options = options,
    .option_count = STELE_COUNT(options),
    .run = run_watch,
    .more =
        "Prints what is new, what is mended, and a line with counts. Only what a change reaches "
        "is compiled and linted; rules about packages, folders and the whole tree, and "
        "--against, look at everything, while everything compiles. Ctrl-C ends it with 0. "
        "Without DIR it is about the folder we stand in.",
};
