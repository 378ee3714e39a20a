/* An image as a descriptor set: what `stele build` makes of one.
 *
 * Each file is linked and written as if it had been compiled, so what an image says
 * beside its descriptors (which files are imports) decides what is written, and is
 * left out itself. */
#include "cli/source/build_image.h"

#include "base/guard.h"
#include "cli/judge/inputs.h"
#include "input/ref.h"
#include "proto/report/report.h"
#include "sys/file.h"
#include "sys/output.h"

bool build_names_image(cli_args *args) {
  input_ref ref;
  stele_err ignored = {0};
  if (cli_word_count(args) != 1 || cli_value(args, "I").ptr) return false;
  if (!input_ref_parse(cli_arena(args), cli_word(args, 0), &ref, &ignored)) return false;
  return input_format_is_image(ref.format) && sys_file_stat(ref.path).kind != SYS_FILE_DIR;
}

typedef struct image_job {
  stele_arena *arena;
  const input *in;
  const stele_descriptor_options *form;
  bool with_imports;
  stele_buf bytes;
} image_job;

static void encode_files(void *arg) {
  image_job *job = arg;
  const input_tree *tree = &job->in->trees[0];
  for (size_t i = 0; i < tree->count; i++) {
    if (tree->files[i].is_import && !job->with_imports) continue;
    stele_descriptor_encode_entry(job->arena, tree->files[i].file, job->form, &job->bytes);
  }
}

static bool write_set(image_job *job, stele_str path, stele_err *err) {
  sys_output *out = sys_output_open(job->arena, path, err);
  if (!out) return false;
  if (sys_output_write(out, stele_buf_bytes(&job->bytes), err)) return sys_output_commit(out, err);
  sys_output_discard(out);
  return false;
}

cli_exit build_from_image(cli_args *args, const stele_descriptor_options *form, stele_str out_path,
                          bool with_imports, stele_report_form report_form) {
  input in;
  stele_err err = {0};
  input_options options = {.flag = "--config"};
  bool ok = input_open(cli_arena(args), cli_word(args, 0), &options, &in, &err);
  if (ok && stele_report_has_errors(in.report)) {
    cli_print_report(args, in.report, report_form);
    input_close(&in);
    return CLI_ERROR;
  }
  image_job job = {cli_arena(args), &in, form, with_imports, {0}};
  stele_buf_init(&job.bytes, cli_arena(args), 0);
  ok =
      ok && stele_guard_run(job.arena, encode_files, &job, &err) && write_set(&job, out_path, &err);
  input_close(&in);
  return ok ? CLI_OK : cli_fail_err(args, &err);
}
