/* A compile in parts, on threads that the caller lends.
 *
 * Files of a large tree hang together loosely: cut into runs, they compile
 * apart. Each part is one compile that takes run after run, as it comes free, so
 * that all are busy to the end; only what several parts import is compiled more
 * than once. Nothing is shared but the number of the next run and the names that
 * were defined, and each thread works in its own caches.
 *
 * What is lost is the one pool that protoc keeps: so the parts' names are
 * compared (compile_clash.c), and whatever is not plain, a mistake above all, is
 * left to a compile in one piece, whose words are protoc's. */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/guard.h"
#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/compile.h"
#include "proto/compile/compile_internal.h"

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

/* What a part found while it compiled a run: findings [from, to) of its report. */
typedef struct run_findings {
  size_t part, from, to;
} run_findings;

/* One part at work. */
typedef struct part_job {
  compile_more more; /* first: next_paths casts back */
  struct parts_job *job;
  stele_part *part;
  size_t index;
  size_t run;                          /* that is compiled; or taken, when `has_begun` is false */
  bool has_begun;                      /* with the run; before it may come descriptor.proto */
  size_t findings;                     /* so many are of runs before */
  STELE_VEC(const stele_file *) files; /* emitted, not compared yet */
  stele_arena *arena;                  /* of `files` */
  stele_err err;
} part_job;

typedef struct parts_job {
  stele_arena *arena;
  stele_runner *runner;
  const stele_parts *parts;
  part_job *jobs;
  const stele_str *paths;
  size_t count;
  const stele_compile_options *options;
  stele_report *report;
  stele_map named;    /* path -> its place among `paths`, from 1 */
  run_findings *runs; /* by run */
  atomic_size_t next_run;
  atomic_bool stops;   /* it cannot become what one compile gives */
  compile_clash clash; /* under runner->alone */
} parts_job;

static bool is_named(void *arg, stele_str path) {
  return stele_map_find(&((parts_job *)arg)->named, path) != NULL;
}

/* ---- One part -------------------------------------------------------------------- */

static void note_file(void *arg) {
  part_job *self = arg;
  STELE_VEC_ADD(self->arena, &self->files);
}

/* The descriptor.proto that a part begins with need not be one of the caller's names. */
static bool emit(void *arg, const stele_file *file, bool named, stele_err *err) {
  part_job *self = arg;
  const stele_compile_options *options = self->job->options;
  if (!stele_guard_run(self->arena, note_file, self, err)) return false;
  self->files.at[self->files.count - 1] = file;
  if (named && stele_str_eq(file->name, descriptor_path)) named = is_named(self->job, file->name);
  return !options->emit || options->emit(self->part->emit_arg, file, named, err);
}

static void compare_files(void *arg) {
  part_job *self = arg;
  compile_clash *clash = &self->job->clash;
  for (size_t i = 0; i < self->files.count && !clash->found; i++) {
    compile_clash_add(clash, self->files.at[i]);
  }
}

static void compare_alone(void *arg) {
  part_job *self = arg;
  bool ok = stele_guard_run(self->job->arena, compare_files, self, &self->err);
  if (!ok || self->job->clash.found) self->job->stops = true;
}

/* Did the first run bring the descriptor.proto that other parts begin with? */
static bool has_descriptor(const part_job *self) {
  for (size_t i = 0; i < self->files.count; i++) {
    if (stele_str_eq(self->files.at[i]->name, descriptor_path)) return true;
  }
  return false;
}

/* All files of the part's run are compiled and emitted. */
static void end_run(part_job *self) {
  parts_job *job = self->job;
  size_t count;
  (void)stele_report_findings(self->part->report, &count);
  job->runs[self->run] = (run_findings){self->index, self->findings, count};
  self->findings = count;
  if (self->run == 0 && job->parts->count > 1 && !has_descriptor(self)) job->stops = true;
  job->runner->alone(job->runner, compare_alone, self);
  self->files.count = 0;
}

static compile_paths paths_of(const parts_job *job, size_t run) {
  size_t first = run ? job->parts->ends[run - 1] : 0;
  return (compile_paths){job->paths + first, job->parts->ends[run] - first};
}

static bool take_run(part_job *self) {
  parts_job *job = self->job;
  const stele_parts *parts = job->parts;
  self->run = job->stops ? parts->run_count : job->next_run++;
  if (self->run > parts->run_count) self->run = parts->run_count;
  if (parts->take && !parts->take(self->part->emit_arg, self->run, &self->err)) job->stops = true;
  return self->run < parts->run_count && !job->stops;
}

static bool next_paths(compile_more *more, compile_paths *paths) {
  part_job *self = (part_job *)more;
  if (self->has_begun) {
    end_run(self);
    if (!take_run(self)) return false;
  }
  self->has_begun = true;
  *paths = paths_of(self->job, self->run);
  return true;
}

/* In one pool later files have the descriptor.proto that earlier ones brought,
 * imported or not; so a part that does not have the first run begins with it. */
static void run_part(void *arg, size_t i) {
  parts_job *job = arg;
  part_job *self = &job->jobs[i];
  stele_compile_options options = *job->options;
  options.emit = emit;
  options.emit_arg = self;
  options.is_named = is_named;
  options.is_named_arg = job;
  if (!take_run(self)) return;
  self->has_begun = self->run == 0;
  compile_paths first = self->has_begun ? paths_of(job, 0) : (compile_paths){&descriptor_path, 1};
  self->part->schema = compile_runs(self->part->resolver, first, &self->more, &options,
                                    self->part->report, &self->err);
  if (!self->part->schema) job->stops = true;
}

/* ---- Findings in order -------------------------------------------------------------- */

/* The findings of a run, but for files that an earlier run has told of. */
static void take_findings(parts_job *job, stele_map *told, const run_findings *run) {
  size_t count;
  part_job *owner = &job->jobs[run->part];
  const stele_finding *findings = stele_report_findings(owner->part->report, &count);
  for (size_t i = run->from; i < run->to; i++) {
    void **place = stele_map_add(told, findings[i].file);
    if (!*place) *place = owner;
    if (*place == owner) stele_report_add(job->report, &findings[i]);
  }
}

/* A finding of the last checks, by the place of its file among the names. */
typedef struct last_finding {
  const stele_finding *finding;
  uintptr_t place;
} last_finding;

static int by_place(const void *a, const void *b) {
  const last_finding *left = a, *right = b;
  if (left->place != right->place) return left->place < right->place ? -1 : 1;
  return (left->finding > right->finding) - (left->finding < right->finding);
}

static void take_last_findings(parts_job *job) {
  STELE_VEC(last_finding) all = {0};
  for (size_t i = 0; i < job->parts->count; i++) {
    size_t count;
    const stele_finding *findings = stele_report_findings(job->parts->at[i].report, &count);
    for (size_t k = job->jobs[i].findings; k < count; k++) {
      uintptr_t place = (uintptr_t)stele_map_find(&job->named, findings[k].file);
      STELE_VEC_PUSH(job->arena, &all, (last_finding){&findings[k], place});
    }
  }
  if (all.count) qsort(all.at, all.count, sizeof *all.at, by_place);
  for (size_t i = 0; i < all.count; i++) stele_report_add(job->report, all.at[i].finding);
}

/* One compile tells what it finds in each file, in order, and then what the
 * last checks find in the named ones. */
static void take_all_findings(void *arg) {
  parts_job *job = arg;
  stele_map told;
  stele_map_init(&told, job->arena, (uintptr_t)job);
  for (size_t i = 0; i < job->parts->run_count; i++) take_findings(job, &told, &job->runs[i]);
  take_last_findings(job);
}

/* ---- All parts ------------------------------------------------------------------------ */

static void prepare(void *arg) {
  parts_job *job = arg;
  const stele_parts *parts = job->parts;
  job->jobs = STELE_NEW_ARRAY(job->arena, part_job, parts->count);
  job->runs = STELE_NEW_ARRAY(job->arena, run_findings, parts->run_count);
  compile_clash_init(&job->clash, job->arena);
  stele_map_init(&job->named, job->arena, (uintptr_t)job);
  for (size_t i = 0; i < job->count; i++) {
    void **place = stele_map_add(&job->named, job->paths[i]);
    if (!*place) *place = (void *)(uintptr_t)(i + 1);
  }
  for (size_t i = 0; i < parts->count; i++) {
    job->jobs[i] = (part_job){.more = {next_paths}, .job = job, .part = &parts->at[i], .index = i};
  }
}

static bool open_parts(parts_job *job, stele_err *err) {
  for (size_t i = 0; i < job->parts->count; i++) {
    job->jobs[i].arena = stele_arena_new(0);
    if (!job->jobs[i].arena) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  }
  return true;
}

static void close_parts(parts_job *job) {
  for (size_t i = 0; job->jobs && i < job->parts->count; i++) stele_arena_free(job->jobs[i].arena);
}

static bool run(parts_job *job, stele_err *err) {
  if (!stele_guard_run(job->arena, prepare, job, err) || !open_parts(job, err)) return false;
  job->runner->run(job->runner, job->parts->count, run_part, job);
  for (size_t i = 0; i < job->parts->count; i++) {
    const stele_err *of_part = &job->jobs[i].err;
    if (of_part->code == STELE_OK || of_part->code == STELE_INVALID) continue;
    *err = *of_part;
    return false;
  }
  if (job->stops) {
    return stele_fail(err, STELE_CONFLICT, "the files must be compiled in one piece");
  }
  return stele_guard_run(job->arena, take_all_findings, job, err);
}

bool stele_compile_parts(stele_runner *runner, const stele_parts *parts, const stele_str *paths,
                         size_t count, const stele_compile_options *options, stele_report *report,
                         stele_err *err) {
  parts_job job = {.arena = stele_arena_new(0),
                   .runner = runner,
                   .parts = parts,
                   .paths = paths,
                   .count = count,
                   .options = options,
                   .report = report};
  for (size_t i = 0; i < parts->count; i++) parts->at[i].schema = NULL;
  if (!job.arena) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  bool ok = run(&job, err);
  close_parts(&job);
  stele_arena_free(job.arena);
  return ok;
}
