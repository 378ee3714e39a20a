/* stele print: linked files as .proto text. */
#include "proto/print/print.h"

#include "base/path.h"
#include "cli/command.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "input/input.h"
#include "proto/format/format.h"
#include "sys/file.h"

typedef struct print_run {
  cli_args *args;
  stele_print_options options;
  stele_str out_dir;
  stele_arena *scratch; /* of one file */
  stele_buf text;
} print_run;

static const struct {
  const char *name;
  stele_print_form form;
} forms[] = {
    {"exact", STELE_PRINT_EXACT},
    {"canonical", STELE_PRINT_CANONICAL},
    {"normalised", STELE_PRINT_NORMALISED},
};

static bool take_form(print_run *run) {
  stele_str name = cli_value(run->args, "form");
  for (size_t i = 0; i < STELE_COUNT(forms); i++) {
    if (!stele_str_eq(name, stele_cstr(forms[i].name))) continue;
    run->options.form = forms[i].form;
    return true;
  }
  (void)cli_fail(run->args,
                 "no form \"" STELE_STR_FMT "\"; there are exact, canonical and normalised",
                 STELE_STR_ARG(name));
  return false;
}

/* ---- One file ------------------------------------------------------------------ */

/* The exact form has no layout of its own: it gets the one of `stele format`. */
static bool lay_out(print_run *run, const stele_file *file, stele_err *err) {
  stele_buf printed = run->text;
  stele_source source = {file->name, stele_buf_str(&printed)};
  stele_buf_init(&run->text, NULL, 0);
  bool ok = stele_format(run->scratch, &source, stele_report_new(run->scratch, 0), &run->text, err);
  stele_buf_release(&printed);
  return ok;
}

static bool make_text(print_run *run, const stele_file *file, stele_err *err) {
  stele_buf_clear(&run->text);
  bool ok = stele_print_file(run->scratch, file, &run->options, &run->text, err) &&
            (run->options.form != STELE_PRINT_EXACT || lay_out(run, file, err));
  return ok || stele_wrap(err, STELE_STR_FMT, STELE_STR_ARG(file->name));
}

static stele_str folder_of(stele_str path) {
  while (path.len && path.ptr[path.len - 1] != '/') path.len--;
  return path;
}

/* Names of files come from descriptors, and those from anywhere. */
static bool write_file(print_run *run, const stele_file *file, stele_err *err) {
  if (stele_path_fault(file->name)) {
    return stele_fail(err, STELE_INVALID, "\"" STELE_STR_FMT "\" is no path to write to: %s",
                      STELE_STR_ARG(file->name), stele_path_fault(file->name));
  }
  stele_str path = stele_str_printf(run->scratch, STELE_STR_FMT "/" STELE_STR_FMT,
                                    STELE_STR_ARG(run->out_dir), STELE_STR_ARG(file->name));
  bool written;
  return sys_dir_make(folder_of(path), err) &&
         sys_file_update(path, stele_buf_bytes(&run->text), &written, err);
}

static bool print_one(print_run *run, const stele_file *file, stele_err *err) {
  bool ok = make_text(run, file, err);
  if (ok && run->out_dir.len) {
    ok = write_file(run, file, err);
  } else if (ok) {
    cli_print_str(run->args, stele_buf_str(&run->text));
  }
  stele_arena_reset(run->scratch);
  return ok;
}

/* ---- The input ------------------------------------------------------------------- */

typedef STELE_VEC(const stele_file *) file_list;

static file_list files_of(const print_run *run, const input *in) {
  file_list files = {0};
  for (size_t i = 0; i < in->count; i++) {
    for (size_t k = 0; k < in->trees[i].count; k++) {
      const input_file *row = &in->trees[i].files[k];
      if (row->is_import && !cli_given(run->args, "include-imports")) continue;
      STELE_VEC_PUSH(cli_arena(run->args), &files, row->file);
    }
  }
  return files;
}

static bool print_input(print_run *run, const input *in, stele_err *err) {
  file_list files = files_of(run, in);
  if (files.count > 1 && !run->out_dir.len) {
    return stele_fail(err, STELE_INVALID,
                      "%zu files: name the folder to write them to with -o, or one of them with "
                      "--path",
                      files.count);
  }
  for (size_t i = 0; i < files.count; i++) {
    if (!print_one(run, files.at[i], err)) return false;
  }
  return true;
}

static void take_paths(cli_args *args, input_options *options) {
  for (size_t i = 0; cli_value_nth(args, "path", i).ptr; i++) {
    STELE_VEC_PUSH(cli_arena(args), &options->paths, cli_value_nth(args, "path", i));
  }
}

static cli_exit run_print(cli_args *args) {
  print_run run = {.args = args,
                   .options.comments = !cli_given(args, "no-comments"),
                   .out_dir = cli_value(args, "o")};
  input_options options = {.flag = "--config"};
  input in = {0};
  stele_err err = {0};
  stele_report_form form;
  if (!take_form(&run) || !cli_error_format(args, &form)) return CLI_ERROR;
  take_paths(args, &options);
  run.scratch = stele_arena_new(0);
  if (!run.scratch) return cli_fail(args, "no memory");
  stele_buf_init(&run.text, NULL, 0);

  stele_str word = cli_word_count(args) ? cli_word(args, 0) : STELE_STR(".");
  bool ok = input_open(cli_arena(args), word, &options, &in, &err);
  bool has_mistakes = ok && stele_report_has_errors(in.report);
  if (has_mistakes) cli_print_report(args, in.report, form);
  ok = ok && !has_mistakes && print_input(&run, &in, &err);
  input_close(&in);
  stele_buf_release(&run.text);
  stele_arena_free(run.scratch);
  if (ok) return CLI_OK;
  return has_mistakes ? CLI_ERROR : cli_fail_err(args, &err);
}

static const cli_option print_options[] = {
    {"form", 0, "FORM", "exact",
     "exact: in the order of the descriptor, laid out by stele format; canonical: as Confluent's "
     "registry prints; normalised: what has no order sorted"},
    {"no-comments", 0, NULL, NULL, "Leave the comments of source info out"},
    {"include-imports", 0, NULL, NULL, "Print what is imported as well"},
    {"path", 0, "PATH", NULL, "Print only this file or folder of the input; may be given again"},
    CLI_ERROR_FORMAT,
    {"", 'o', "DIR", NULL, "Write each file there, under its own name"},
};

const cli_command cli_print_text = {
    .name = "print",
    .summary = "Print descriptors or sources as .proto text.",
    .words = "[INPUT]",
    .fewest = 0,
    .most = 1,
    .options = print_options,
    .option_count = STELE_COUNT(print_options),
    .run = run_print,
    .more = "INPUT is a descriptor set (.binpb, also gzipped), a .proto file, a folder, an archive "
            "or a git repository; the default is the folder at hand. The text compiles to the "
            "same descriptor; comments stay with their elements where the input has source info.",
};
