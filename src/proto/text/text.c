/* The public calls: guards and required fields. */
#include "proto/text/text.h"

#include "base/guard.h"
#include "proto/wire/reader.h"

static const stele_text_read_options no_read_options;
static const stele_text_write_options no_write_options;

typedef struct text_job {
  stele_arena *arena;
  const stele_layout *layout;
  stele_object *o;
  const stele_object *from;
  stele_str text;
  stele_bytes records;
  const stele_text_read_options *read;
  const stele_text_write_options *write;
  stele_buf out;
  stele_err *err;
  bool ok;
} text_job;

static void run_read(void *arg) {
  text_job *job = arg;
  job->o = object_new(job->arena, job->layout);
  job->ok = text_read(job->arena, job->o, job->text, job->read, job->err);
}

stele_object *stele_text_read(stele_arena *arena, const stele_layout *layout, stele_str text,
                              const stele_text_read_options *options, stele_err *err) {
  text_job job = {.arena = arena, .layout = layout, .text = text, .err = err};
  job.read = options ? options : &no_read_options;
  if (!stele_guard_run(arena, run_read, &job, err) || !job.ok) return NULL;
  bool whole = job.read->allow_partial || stele_object_check_required(job.o, err);
  return whole ? job.o : NULL;
}

static void run_write(void *arg) {
  text_job *job = arg;
  stele_buf_init(&job->out, job->arena, 0);
  stele_buf_add_cstr(&job->out, "");
  if (job->from) {
    text_write(job->arena, job->from, job->write, &job->out);
  } else {
    text_write_raw(job->arena, job->records, &job->out);
  }
}

bool stele_text_write(stele_arena *arena, const stele_object *object,
                      const stele_text_write_options *options, stele_str *out, stele_err *err) {
  text_job job = {.arena = arena, .from = object, .write = options ? options : &no_write_options};
  if (!stele_guard_run(arena, run_write, &job, err)) return false;
  *out = stele_buf_str(&job.out);
  return true;
}

bool stele_text_write_raw(stele_arena *arena, stele_bytes records, stele_str *out, stele_err *err) {
  text_job job = {.arena = arena, .records = records};
  stele_reader r = stele_reader_of(records);
  while (!stele_read_done(&r)) stele_read_skip_field(&r, STELE_DECODE_DEPTH);
  if (r.failed) return stele_fail(err, STELE_INVALID, "the bytes are not a message");
  if (!stele_guard_run(arena, run_write, &job, err)) return false;
  *out = stele_buf_str(&job.out);
  return true;
}
