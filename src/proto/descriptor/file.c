/* The public question for a file's descriptor: the encoder under a guard. */
#include "base/guard.h"
#include "proto/descriptor/descriptor.h"

typedef struct file_job {
  stele_arena *arena;
  const stele_file *file;
  bool source_info;
  stele_buf out;
} file_job;

static void run(void *arg) {
  file_job *job = arg;
  stele_descriptor_options options = {.source_info = job->source_info};
  stele_buf_init(&job->out, job->arena, 0);
  stele_descriptor_encode(job->arena, job->file, &options, &job->out);
}

bool stele_file_descriptor(stele_arena *arena, const stele_file *file, bool source_info,
                           stele_bytes *out, stele_err *err) {
  file_job job = {.arena = arena, .file = file, .source_info = source_info};
  if (!stele_guard_run(arena, run, &job, err)) return false;
  *out = stele_buf_bytes(&job.out);
  return true;
}
