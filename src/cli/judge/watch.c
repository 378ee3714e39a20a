/* stele watch: judges again whenever a file is saved.
 *
 * A pass compiles what a change reaches and asks rules about single elements there alone;
 * rules about packages, folders and the tree look at everything, and so do breaking
 * changes: both only while everything compiles. What lint found is kept file by file
 * (watch_book); breaking changes and mistakes of the texts are few, and compared whole. */
#include <stdatomic.h>
#include <stdlib.h>

#include "cli/command_internal.h"
#include "cli/command_table.h"
#include "cli/judge/breaking.h"
#include "cli/judge/watch_book.h"
#include "fmt/json.h"
#include "input/live.h"
#include "proto/report/report.h"
#include "proto/schema/schema.h"
#include "sys/clock.h"
#include "sys/signal.h"
#include "sys/thread.h"
#include "sys/tree_watch.h"

enum { QUIET_MS = 8, ASK_MS = 100 };

/* What a pass leaves for the next; all of it in `arena`. */
typedef struct pass {
  stele_arena *arena;
  cli_findings breaking, mistakes; /* sorted; mistakes: COMPILE */
  watch_news news;
  bool is_whole; /* everything compiles */
  size_t compiled, relinked, files;
  stele_time_us begun_at, compiled_at;
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
  watch_book *book;
  breaking_memory *memory;
  pass last;
  size_t pass_count;
} watch_job;

/* ---- a pass --------------------------------------------------------------- */

static void own_all(stele_arena *arena, cli_findings *findings) {
  cli_findings_sort(findings);
  for (size_t i = 0; i < findings->count; i++) watch_own(arena, &findings->at[i]);
}

static bool judge_breaking(watch_job *job, cli_args *args, pass *now) {
  if (now->step.is_first) breaking_memory_clear(job->memory);
  breaking_memory_forget(job->memory, &now->step.compiled);
  breaking_memory_forget(job->memory, &now->step.touched);
  breaking_memory_relink(job->memory, &now->step.relinked);
  if (now->is_whole) {
    if (breaking_judge_again(args, &now->step.in, &job->was, job->memory, &now->breaking) !=
        CLI_OK) {
      return false;
    }
  } else {
    for (size_t i = 0; i < job->last.breaking.count; i++) {
      STELE_VEC_PUSH(now->arena, &now->breaking, job->last.breaking.at[i]);
    }
  }
  own_all(now->arena, &now->breaking);
  watch_split(now->arena, &job->last.breaking, &now->breaking, &now->news);
  return true;
}

static bool judge_all(watch_job *job, cli_args *args, pass *now) {
  input *in = &now->step.in;
  now->is_whole = !stele_report_has_errors(in->report);
  inputs_take_report(in->report, now->arena, &now->mistakes);
  own_all(now->arena, &now->mistakes);
  watch_split(now->arena, &job->last.mistakes, &now->mistakes, &now->news);
  watch_book_begin(job->book, &now->step, now->is_whole);
  for (size_t i = 0; job->lints && i < in->count; i++) {
    if (!watch_book_lint(job->book, args, &in->trees[i], !job->pass_count, &now->news)) {
      return false;
    }
  }
  watch_book_end(job->book, now->arena, &now->news);
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
  now->begun_at = sys_clock_mono();
  if (!job->live && !open_live(job)) return false;
  if (!input_live_update(job->live, now->arena, changes->paths.at, changes->paths.count,
                         changes->any, &now->step, &err)) {
    (void)cli_fail_err(args, &err);
    return false;
  }
  now->compiled_at = sys_clock_mono();
  now->compiled = now->step.compiled.count;
  now->relinked = now->step.relinked.count;
  now->files = now->step.file_count;
  return judge_all(job, args, now);
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

/* --clear: what stands, all of it, on an empty terminal; above what is told. */
static void clear(const watch_job *job, const pass *now) {
  stele_buf standing;
  stele_err ignored = {0};
  stele_buf_init(&standing, now->arena, 0);
  cli_print(job->args, "\033[2J\033[H");
  if (!job->pass_count) return;
  cli_findings all = {0};
  watch_book_all(job->book, now->arena, &all);
  for (size_t i = 0; i < now->breaking.count; i++) {
    STELE_VEC_PUSH(now->arena, &all, now->breaking.at[i]);
  }
  for (size_t i = 0; i < now->mistakes.count; i++) {
    STELE_VEC_PUSH(now->arena, &all, now->mistakes.at[i]);
  }
  cli_findings_sort(&all);
  (void)cli_findings_form_find(STELE_STR("text"))->print(now->arena, &all, &standing, &ignored);
  cli_print_str(job->args, stele_buf_str(&standing));
  if (standing.len) cli_print(job->args, "\n");
}

static double ms_between(stele_time_us from, stele_time_us to) {
  return (double)(to - from) / 1000;
}

/* Of the milliseconds since the save: how long it was quiet, and what compiling took. */
static void tell_summary(const watch_job *job, const pass *now, const sys_tree_changes *changes,
                         size_t fresh, size_t mended) {
  cli_args *args = job->args;
  stele_time_us end = sys_clock_mono();
  size_t findings = watch_book_count(job->book) + now->breaking.count + now->mistakes.count;
  if (job->is_json) {
    cli_print(args,
              "{\"event\":\"summary\",\"new\":%zu,\"mended\":%zu,\"findings\":%zu,"
              "\"compiled\":%zu,\"relinked\":%zu,\"files\":%zu,\"ms\":%.1f,"
              "\"wait_ms\":%.1f,\"compile_ms\":%.1f}\n",
              fresh, mended, findings, now->compiled, now->relinked, now->files,
              ms_between(changes->since, end), ms_between(changes->since, now->begun_at),
              ms_between(now->begun_at, now->compiled_at));
    return;
  }
  cli_print(args, "%zu new, %zu mended, %zu findings; compiled %zu of %zu files, %.1f ms\n", fresh,
            mended, findings, now->compiled, now->files, ms_between(changes->since, end));
}

static void tell(const watch_job *job, pass *now, const sys_tree_changes *changes) {
  cli_findings *gone = &now->news.gone, *come = &now->news.come;
  if (gone->count) qsort(gone->at, gone->count, sizeof *gone->at, cli_finding_order);
  if (come->count) qsort(come->at, come->count, sizeof *come->at, cli_finding_order);
  if (job->clears && !job->is_json) clear(job, now);
  size_t mended = tell_rest(job, now->arena, "mended", gone, come);
  size_t fresh = tell_rest(job, now->arena, "new", come, gone);
  tell_summary(job, now, changes, fresh, mended);
  cli_flush(job->args);
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
  if (!ok) { /* what was known is worked out anew, and not told again where it is the same */
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
  for (size_t i = 0; i < job->was.count; i++) {
    job->was.trees[i].shape = input_tree_shape(&job->was.trees[i]);
  }
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
  job.book = watch_book_new();
  job.memory = breaking_memory_new();
  if (code == CLI_OK && (!job.book || !job.memory)) code = cli_fail(args, "no memory");
  if (code == CLI_OK) code = watch_until_stopped(&job);
  watch_book_free(job.book);
  breaking_memory_free(job.memory);
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
