/* A compile in parts, on threads that the caller lends.
 *
 * Files of a large tree hang together loosely: cut into runs, they compile
 * apart, and only what several runs import is compiled more than once. That
 * needs no locks and no shared tables, and each thread works in its own caches.
 *
 * What is lost is the one pool that protoc keeps: so at the end the parts'
 * names are compared (compile_clash.c), and whatever is not plain, a mistake
 * above all, is left to a compile in one piece, whose words are protoc's. */
#include "proto/compile/compile.h"

#include "base/guard.h"
#include "base/map.h"
#include "base/vec.h"
#include "proto/compile/compile_internal.h"

static const stele_str descriptor_path = STELE_STR_INIT("google/protobuf/descriptor.proto");

/* One part at work. */
typedef struct part_run {
  struct parts_job *job;
  stele_part *part;
  stele_str *paths; /* of the part; behind the first, with descriptor.proto before them */
  size_t count;
  size_t main_findings; /* that came before the last checks of all files */
  stele_err err;
} part_run;

typedef struct parts_job {
  stele_arena *arena;
  stele_part *parts;
  part_run *runs;
  size_t part_count;
  const stele_str *paths;
  size_t count;
  const stele_compile_options *options;
  stele_report *report;
  stele_map named;
  bool clashes;
} parts_job;

static bool is_named(void *arg, stele_str path) {
  return stele_map_find(&((parts_job *)arg)->named, path) != NULL;
}

/* The descriptor.proto that a part begins with is no name of the caller's. */
static bool emit(void *arg, const stele_file *file, bool named, stele_err *err) {
  part_run *run = arg;
  const stele_compile_options *options = run->job->options;
  (void)stele_report_findings(run->part->report, &run->main_findings);
  named = named && is_named(run->job, file->name);
  return !options->emit || options->emit(run->part->emit_arg, file, named, err);
}

static void run_part(void *arg, size_t i) {
  parts_job *job = arg;
  part_run *run = &job->runs[i];
  stele_compile_options options = *job->options;
  options.emit = emit;
  options.emit_arg = run;
  options.is_named = is_named;
  options.is_named_arg = job;
  run->part->schema = stele_compile(run->part->resolver, run->paths, run->count, &options,
                                    run->part->report, &run->err);
}

/* In one pool later files have the descriptor.proto that earlier ones brought,
 * imported or not; so each part but the first begins with it. */
static void prepare(void *arg) {
  parts_job *job = arg;
  job->runs = STELE_NEW_ARRAY(job->arena, part_run, job->part_count);
  stele_map_init(&job->named, job->arena, (uintptr_t)job);
  for (size_t i = 0; i < job->count; i++) *stele_map_add(&job->named, job->paths[i]) = job;
  for (size_t i = 0; i < job->part_count; i++) {
    part_run *run = &job->runs[i];
    stele_part *part = &job->parts[i];
    run->job = job;
    run->part = part;
    run->paths = STELE_NEW_ARRAY(job->arena, stele_str, part->count + 1);
    if (i > 0) run->paths[run->count++] = descriptor_path;
    for (size_t k = 0; k < part->count; k++) {
      run->paths[run->count++] = job->paths[part->first + k];
    }
  }
}

/* Did the first part bring the descriptor.proto that the others began with? */
static bool has_descriptor(const stele_part *part) {
  const stele_file *file = stele_schema_file(part->schema, descriptor_path);
  return file && file->schema == part->schema;
}

static void look_for_clashes(void *arg) {
  parts_job *job = arg;
  const stele_schema **schemas = STELE_NEW_ARRAY(job->arena, const stele_schema *, job->part_count);
  for (size_t i = 0; i < job->part_count; i++) schemas[i] = job->parts[i].schema;
  job->clashes = compile_clash(job->arena, schemas, job->part_count);
}

/* The findings [from, to) of a part, but for files of the parts before it. */
static void take_findings(parts_job *job, size_t part, size_t from, size_t to) {
  size_t count;
  const stele_finding *findings = stele_report_findings(job->parts[part].report, &count);
  for (size_t i = from; i < to && i < count; i++) {
    bool is_told = false;
    for (size_t k = 0; k < part && !is_told; k++) {
      const stele_file *file = stele_schema_file(job->parts[k].schema, findings[i].file);
      is_told = file && file->schema == job->parts[k].schema;
    }
    if (!is_told) stele_report_add(job->report, &findings[i]);
  }
}

/* One compile tells what it finds in each file, in order, and then what the
 * last checks find in the named ones. */
static void take_all_findings(void *arg) {
  parts_job *job = arg;
  for (size_t i = 0; i < job->part_count; i++) {
    take_findings(job, i, 0, job->runs[i].main_findings);
  }
  for (size_t i = 0; i < job->part_count; i++) {
    size_t count;
    const stele_finding *findings = stele_report_findings(job->parts[i].report, &count);
    for (size_t k = job->runs[i].main_findings; k < count; k++) {
      stele_report_add(job->report, &findings[k]);
    }
  }
}

static bool run(stele_runner *runner, parts_job *job, stele_err *err) {
  if (!stele_guard_run(job->arena, prepare, job, err)) return false;
  runner->run(runner, job->part_count, run_part, job);
  bool is_good = true;
  for (size_t i = 0; i < job->part_count; i++) {
    const part_run *done = &job->runs[i];
    if (done->part->schema) continue;
    is_good = false;
    if (done->err.code == STELE_INVALID) continue;
    *err = done->err;
    return false;
  }
  bool is_one = is_good && (job->part_count == 1 || has_descriptor(&job->parts[0]));
  if (is_one && !stele_guard_run(job->arena, look_for_clashes, job, err)) return false;
  if (!is_one || job->clashes) {
    return stele_fail(err, STELE_CONFLICT, "the files must be compiled in one piece");
  }
  return stele_guard_run(job->arena, take_all_findings, job, err);
}

bool stele_compile_parts(stele_runner *runner, stele_part *parts, size_t part_count,
                         const stele_str *paths, size_t count, const stele_compile_options *options,
                         stele_report *report, stele_err *err) {
  parts_job job = {.arena = stele_arena_new(0),
                   .parts = parts,
                   .part_count = part_count,
                   .paths = paths,
                   .count = count,
                   .options = options,
                   .report = report};
  for (size_t i = 0; i < part_count; i++) parts[i].schema = NULL;
  if (!job.arena) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  bool ok = run(runner, &job, err);
  stele_arena_free(job.arena);
  return ok;
}
