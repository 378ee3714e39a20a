/* --descriptor_set_out, and the set that a delegate reads. */
#include "base/guard.h"
#include "cli/protoc/protoc.h"
#include "sys/file.h"

typedef struct set_job {
  protoc_run *run;
  stele_descriptor_options form;
  bool with_imports;
  stele_buf out;
} set_job;

static void encode(void *arg) {
  set_job *job = arg;
  protoc_run *run = job->run;
  const stele_file *const *order;
  size_t count =
      stele_descriptor_order(run->arena, run->files, run->count, job->with_imports, &order);
  for (size_t i = 0; i < count; i++) {
    stele_mark mark = stele_arena_mark(run->arena);
    stele_descriptor_encode_entry(run->arena, order[i], &job->form, &job->out);
    stele_arena_rewind(run->arena, mark);
  }
}

bool protoc_write_set(protoc_run *run, stele_str path, bool for_delegate) {
  const protoc_options *o = &run->options;
  set_job job = {
      .run = run,
      .form = {.source_info = for_delegate || o->include_source_info,
               .retain_options = for_delegate || o->retain_options,
               .written_json_names = for_delegate},
      .with_imports = for_delegate || o->include_imports,
  };
  bool is_open;
  stele_err err = {0};
  stele_buf_init(&job.out, NULL, 0);
  bool ok = stele_guard_run(run->arena, encode, &job, &err);
  if (ok && job.out.failed) ok = stele_fail(&err, STELE_NO_MEMORY, "no memory for the set");
  ok = ok && sys_file_overwrite(path, stele_buf_bytes(&job.out), &is_open, &err);
  stele_buf_release(&job.out);
  return ok || protoc_say(run, "%s\n", err.msg);
}
