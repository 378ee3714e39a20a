/* stele format: .proto files in one style. */
#include "proto/format/format.h"

#include "base/guard.h"
#include "base/path.h"
#include "cli/command.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "cli/import_dirs.h"
#include "fmt/diff.h"
#include "proto/report/report.h"
#include "sys/file.h"

enum { MOST_FILES = 1 << 20, MOST_BYTES = 1 << 30 };

typedef struct format_run {
  cli_args *args;
  cli_names paths;
  bool is_check, is_diff, is_write;
  stele_arena *scratch; /* of one file */
  stele_report *report; /* of all files */
  stele_buf old, new, diff;
  size_t changed, failed;
} format_run;

/* ---- Which files -------------------------------------------------------------- */

static bool add_word(format_run *run, stele_str word) {
  stele_arena *arena = cli_arena(run->args);
  stele_err err = {0};
  sys_paths below;
  if (stele_str_eq(word, STELE_STR("-")) || sys_file_stat(word).kind != SYS_FILE_DIR) {
    STELE_VEC_PUSH(arena, &run->paths, word);
    return true;
  }
  if (!sys_dir_list(arena, word, STELE_STR(".proto"), MOST_FILES, &below, &err)) {
    (void)cli_fail_err(run->args, &err);
    return false;
  }
  for (size_t i = 0; i < below.count; i++) {
    STELE_VEC_PUSH(arena, &run->paths, stele_path_join(arena, word, below.at[i]));
  }
  return true;
}

/* ---- One file ------------------------------------------------------------------- */

static bool is_input(stele_str path) {
  return stele_str_eq(path, STELE_STR("-"));
}

/* The name that findings and differences call it. */
static stele_str name_of(const format_run *run, stele_str path) {
  return is_input(path) ? cli_value(run->args, "stdin-name") : path;
}

typedef struct diff_job {
  format_run *run;
  stele_str name;
} diff_job;

static void print_diff(void *arg) {
  const diff_job *job = arg;
  format_run *run = job->run;
  stele_arena *arena = run->scratch;
  stele_str old_name = stele_str_printf(arena, STELE_STR_FMT ".orig", STELE_STR_ARG(job->name));
  stele_diff_print(arena, old_name, job->name, stele_buf_str(&run->old), stele_buf_str(&run->new),
                   &run->diff);
}

static bool show_diff(format_run *run, stele_str name, stele_err *err) {
  diff_job job = {run, name};
  stele_buf_clear(&run->diff);
  if (!stele_guard_run(run->scratch, print_diff, &job, err)) return false;
  if (run->diff.failed) return stele_fail(err, STELE_NO_MEMORY, "no room for the difference");
  cli_print_str(run->args, stele_buf_str(&run->diff));
  return true;
}

/* What the command line asks for, once both texts are there. */
static bool deliver(format_run *run, stele_str path, stele_err *err) {
  stele_str name = name_of(run, path);
  bool is_same = stele_str_eq(stele_buf_str(&run->old), stele_buf_str(&run->new));
  run->changed += !is_same;
  if (!run->is_check && !run->is_diff && !run->is_write) {
    cli_print_str(run->args, stele_buf_str(&run->new));
    return true;
  }
  if (is_same) return true;
  if (run->is_diff) {
    if (!show_diff(run, name, err)) return false;
  } else {
    cli_print(run->args, STELE_STR_FMT "\n", STELE_STR_ARG(name));
  }
  return !run->is_write || sys_file_write(path, stele_buf_bytes(&run->new), err);
}

static bool format_text(format_run *run, stele_str path, stele_err *err) {
  stele_source source = {name_of(run, path), stele_buf_str(&run->old)};
  size_t before = stele_report_error_count(run->report);
  stele_buf_clear(&run->new);
  if (stele_format(run->scratch, &source, run->report, &run->new, err)) return true;
  if (err->code == STELE_INVALID && stele_report_error_count(run->report) > before) {
    err->msg[0] = 0; /* the report says it */
  } else {
    (void)stele_wrap(err, STELE_STR_FMT, STELE_STR_ARG(source.name));
  }
  return false;
}

static void format_one(format_run *run, stele_str path) {
  stele_err err = {0};
  if (!sys_file_read_into(&run->old, path, MOST_BYTES, &err) || !format_text(run, path, &err) ||
      !deliver(run, path, &err)) {
    run->failed++;
    if (err.msg[0]) (void)cli_fail_err(run->args, &err);
  }
  stele_arena_reset(run->scratch);
}

/* ---- The command ------------------------------------------------------------------ */

static bool take_words(format_run *run) {
  if (run->is_check && run->is_write) {
    (void)cli_fail(run->args, "--check changes nothing, so it does not go with --write");
    return false;
  }
  for (size_t i = 0; i < cli_word_count(run->args); i++) {
    if (!add_word(run, cli_word(run->args, i))) return false;
    if (!run->is_write || !is_input(cli_word(run->args, i))) continue;
    (void)cli_fail(run->args, "standard input has no file to write to: leave --write out");
    return false;
  }
  return true;
}

static cli_exit run_format(cli_args *args) {
  format_run run = {.args = args,
                    .is_check = cli_given(args, "check"),
                    .is_diff = cli_given(args, "diff"),
                    .is_write = cli_given(args, "write")};
  stele_report_form form;
  if (!cli_error_format(args, &form) || !take_words(&run)) return CLI_ERROR;
  run.report = stele_report_new(cli_arena(args), 0);
  run.scratch = stele_arena_new(0);
  if (!run.scratch) return cli_fail(args, "no memory");
  stele_buf_init(&run.old, NULL, 0);
  stele_buf_init(&run.new, NULL, 0);
  stele_buf_init(&run.diff, NULL, 0);
  for (size_t i = 0; i < run.paths.count; i++) format_one(&run, run.paths.at[i]);
  cli_print_report(args, run.report, form);
  stele_buf_release(&run.old);
  stele_buf_release(&run.new);
  stele_buf_release(&run.diff);
  stele_arena_free(run.scratch);
  if (run.failed) return CLI_ERROR;
  return run.is_check && run.changed ? CLI_FINDINGS : CLI_OK;
}

static const cli_option format_options[] = {
    {"check", 0, NULL, NULL,
     "Change nothing: list the files that are not formatted, and exit with 100 if there are any"},
    {"diff", 'd', NULL, NULL, "Print what would change, as a unified diff"},
    {"write", 'w', NULL, NULL, "Write the files that change, and list them"},
    CLI_ERROR_FORMAT,
    {"stdin-name", 0, "NAME", "<stdin>", "What to call standard input in messages and diffs"},
};

const cli_command cli_format = {
    .name = "format",
    .summary = "Lay out .proto files in one style.",
    .words = "FILE|DIR|-…",
    .fewest = 1,
    .most = SIZE_MAX,
    .options = format_options,
    .option_count = STELE_COUNT(format_options),
    .run = run_format,
    .more =
        "Prints the formatted text to standard output. A folder stands for all .proto files below "
        "it, - for standard input. Layout alone changes: no token (but a lone ; goes), no word of "
        "a comment, and every comment stays with its declaration. A file that does not parse is "
        "left as it is and told with the place of the mistake; the others are still formatted, and "
        "the exit code is 1. docs/format.md describes the style.",
};
