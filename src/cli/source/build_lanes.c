/* Each lane is a compile of its own, in a thread; what several lanes compile is
 * written once, in the first of the runs that it came with, and that is where one
 * compile of all has it. When the lanes cannot stand for one compile (there are
 * mistakes, above all) everything has to be done once more in one lane. */
#include "cli/source/build_lanes.h"

#include "base/guard.h"
#include "cli/command_table.h"

enum { WRITE_AT_BYTES = 1 << 17 };

/* Fewer files than this are done at once. */
enum { FILES_OF_A_LANE = 100 };

/* ---- Cutting ----------------------------------------------------------------- */

/* How many folders two paths have in common. */
static size_t shared_folders(stele_str a, stele_str b) {
  size_t count = 0;
  for (size_t i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++) count += a.ptr[i] == '/';
  return count;
}

static uint64_t weight_of(const build *b, size_t i) {
  enum { SOME_BYTES = 4096 };
  return b->dirs.sizes.at[i] + SOME_BYTES;
}

/* The end of a run of about this weight. What is near in the tree of folders imports
 * each other: the cut is where two neighbours have the least of their paths in common. */
static size_t end_of_run(const build *b, size_t first, uint64_t weight) {
  size_t best = first, least = SIZE_MAX, count = b->names.count;
  uint64_t sum = 0;
  for (size_t i = first; i < count && (best == first || sum < weight / 2 * 3); i++) {
    sum += weight_of(b, i);
    if (sum < weight / 2) continue;
    size_t shared = i + 1 < count ? shared_folders(b->names.at[i], b->names.at[i + 1]) : 0;
    if (shared >= least) continue;
    least = shared;
    best = i + 1;
  }
  return best > first ? best : count;
}

/* Runs of files, each a share of what is left, so that all lanes end at about the same
 * time, whatever a run turns out to cost. */
static void cut(build *b, size_t cores) {
  enum { SHARES = 4, SMALLEST = 150 }; /* of a lane; of all files together */
  uint64_t all = 0;
  size_t count = b->names.count;
  STELE_VEC(size_t) ends = {0};
  for (size_t i = 0; i < count; i++) all += weight_of(b, i);
  uint64_t left = all;
  for (size_t at = 0; at < count;) {
    uint64_t weight = left / (cores * SHARES), smallest = all / SMALLEST;
    size_t end = cores > 1 ? end_of_run(b, at, weight > smallest ? weight : smallest) : count;
    for (; at < end; at++) left -= weight_of(b, at);
    STELE_VEC_PUSH(cli_arena(b->args), &ends, end);
  }
  b->ends = ends.at;
  b->run_count = ends.count;
}

/* ---- Lanes -------------------------------------------------------------------- */

static bool open_lane(build *b, build_lane *lane, stele_err *err) {
  *lane = (build_lane){.build = b, .run = SIZE_MAX};
  lane->arena = stele_arena_new(0);
  lane->scratch = lane->arena ? stele_arena_new_scratch(lane->arena) : NULL;
  if (!lane->scratch) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  stele_map_init(&lane->unnamed, lane->arena, 0);
  cli_import_dirs_copy(&lane->dirs, lane->arena, &b->dirs);
  return true;
}

void build_close(build *b) {
  for (size_t i = 0; i < b->lane_count; i++) {
    build_lane *lane = &b->lanes[i];
    stele_schema_unref(b->parts[i].schema);
    cli_import_dirs_release(&lane->dirs);
    stele_arena_free(lane->scratch);
    stele_arena_free(lane->arena);
  }
  for (size_t i = 0; i < b->run_count; i++) stele_buf_release(&b->runs[i].bytes);
  memset(b->parts, 0, sizeof b->parts);
  b->lane_count = b->run_count = 0;
  stele_arena_free(b->writer.arena);
  b->writer = (run_writer){0};
}

static bool open_lanes(build *b, size_t count, stele_err *err) {
  build_close(b);
  cut(b, count);
  b->runs = STELE_NEW_ARRAY(cli_arena(b->args), build_run, b->run_count);
  for (size_t i = 0; i < b->run_count; i++) stele_buf_init(&b->runs[i].bytes, NULL, 0);
  b->report = stele_report_new(cli_arena(b->args), 0);
  b->done = 0;
  b->may_be_unordered = false;
  for (size_t i = 0; i < count; i++) {
    if (!open_lane(b, &b->lanes[b->lane_count++], err)) return false;
  }
  b->writer.arena = stele_arena_new(0);
  if (!b->writer.arena) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  stele_map_init(&b->writer.taken, b->writer.arena, 0);
  return true;
}

/* ---- Writing in turn ------------------------------------------------------------ */

typedef struct take_job {
  build *b;
  stele_str path;
  bool is_new;
} take_job;

static void take_path(void *arg) {
  take_job *job = arg;
  void **place = stele_map_add(&job->b->writer.taken, job->path);
  job->is_new = !*place;
  *place = job->b;
}

/* Writes what the run has by now, but for files that runs before it have written too:
 * as few pieces of bytes as there are gaps. */
static bool write_pieces(build *b, build_run *run, stele_err *err) {
  stele_bytes next = {(const uint8_t *)run->bytes.ptr, 0};
  for (size_t i = 0; i < run->pieces.count; i++) {
    const build_piece *piece = &run->pieces.at[i];
    take_job job = {.b = b, .path = piece->path};
    if (!stele_guard_run(b->writer.arena, take_path, &job, err)) return false;
    if (job.is_new) {
      next.len += piece->len;
      continue;
    }
    if (!sys_output_write(b->out, next, err)) return false;
    next = (stele_bytes){(const uint8_t *)run->bytes.ptr + piece->start + piece->len, 0};
  }
  if (!sys_output_write(b->out, next, err)) return false;
  stele_buf_clear(&run->bytes);
  run->pieces.count = 0;
  return true;
}

/* A run is done: it and those behind it that have waited for it are written. */
static bool finish_run(build *b, size_t run, stele_err *err) {
  run_writer *writer = &b->writer;
  sys_mutex_lock(&writer->lock);
  b->runs[run].is_done = true;
  while (!b->in_memory && !writer->failed && writer->next < b->run_count &&
         b->runs[writer->next].is_done) {
    build_run *next = &b->runs[writer->next];
    writer->failed = !write_pieces(b, next, &writer->err);
    stele_buf_release(&next->bytes);
    writer->next++;
  }
  if (writer->failed) *err = writer->err;
  bool ok = !writer->failed;
  sys_mutex_unlock(&writer->lock);
  return ok;
}

static bool take_run(void *arg, size_t run, stele_err *err) {
  build_lane *lane = arg;
  bool ok = lane->run == SIZE_MAX || finish_run(lane->build, lane->run, err);
  lane->run = run;
  return ok;
}

/* ---- Emitting -------------------------------------------------------------------- */

typedef struct encode_job {
  build_lane *lane;
  const stele_file *file;
} encode_job;

static void encode_one(void *arg) {
  encode_job *job = arg;
  build_lane *lane = job->lane;
  build_run *run = &lane->build->runs[lane->run];
  size_t start = run->bytes.len;
  stele_descriptor_encode_entry(lane->scratch, job->file, &lane->build->form, &run->bytes);
  /* A lane that fails loses its files, and others write what it has encoded. */
  stele_str path = stele_str_copy(lane->arena, job->file->name);
  STELE_VEC_PUSH(lane->arena, &run->pieces, (build_piece){path, start, run->bytes.len - start});
}

/* Without imports in the set protoc does not look behind a file that was not named. Does one
 * import a named file? What a lane has not met as such a file is named. */
static void look_behind(void *arg) {
  encode_job *job = arg;
  build_lane *lane = job->lane;
  *stele_map_add(&lane->unnamed, job->file->name) = lane;
  for (uint32_t i = 0; i < job->file->import_count; i++) {
    stele_str path = job->file->imports[i].path;
    if (!stele_map_find(&lane->unnamed, path)) lane->build->may_be_unordered = true;
  }
}

/* Weak imports and imports for options alone: seldom, and looked at when all is linked. */
static bool has_odd_imports(const stele_file *file) {
  bool any = false;
  for (uint32_t i = 0; i < file->import_count; i++)
    any |= file->imports[i].kind >= STELE_IMPORT_WEAK;
  return any;
}

static bool emit(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  build_lane *lane = arg;
  build *b = lane->build;
  if (is_named) b->done++;
  if (lane == b->lanes) {
    size_t done = b->done, total = b->names.count;
    cli_progress_show(&b->bar, done, total, "%zu of %zu files", done, total);
  }
  if (has_odd_imports(file)) b->may_be_unordered = true;
  encode_job job = {lane, file};
  if (!is_named && !b->with_imports) return stele_guard_run(lane->arena, look_behind, &job, err);
  build_run *run = &b->runs[lane->run];
  if (!stele_guard_run(lane->scratch, encode_one, &job, err)) return false;
  stele_arena_reset(lane->scratch);
  if (run->bytes.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for the output");
  bool has_turn = !b->in_memory && b->writer.next == lane->run;
  return run->bytes.len < WRITE_AT_BYTES || !has_turn || write_pieces(b, run, err);
}

/* ---- Threads --------------------------------------------------------------------- */

typedef struct lane_runner {
  stele_runner runner; /* first: its functions find the rest by it */
  sys_mutex lock;
} lane_runner;

typedef struct lane_call {
  void (*fn)(void *arg, size_t i);
  void *arg;
  size_t i;
  sys_thread thread;
  bool has_thread;
} lane_call;

static void make_call(void *arg) {
  lane_call *call = arg;
  call->fn(call->arg, call->i);
}

/* A thread that does not start is no harm: the others take its runs. */
static void run_lanes(stele_runner *self, size_t count, void (*fn)(void *arg, size_t i),
                      void *arg) {
  lane_call calls[BUILD_MOST_CORES];
  stele_err ignored = {0};
  (void)self;
  for (size_t i = 1; i < count; i++) {
    calls[i] = (lane_call){.fn = fn, .arg = arg, .i = i};
    calls[i].has_thread =
        sys_thread_start(&calls[i].thread, "lane", make_call, &calls[i], &ignored);
  }
  fn(arg, 0);
  for (size_t i = 1; i < count; i++) {
    if (calls[i].has_thread) sys_thread_join(&calls[i].thread);
  }
}

static void run_alone(stele_runner *runner, void (*fn)(void *arg), void *arg) {
  lane_runner *self = (lane_runner *)runner;
  sys_mutex_lock(&self->lock);
  fn(arg);
  sys_mutex_unlock(&self->lock);
}

size_t build_cores_wanted(const build *b, int64_t jobs) {
  size_t most = b->names.count / FILES_OF_A_LANE;
  size_t count = jobs > 0 ? (size_t)jobs : sys_thread_cores();
  if (count > most) count = most;
  return count > BUILD_MOST_CORES ? BUILD_MOST_CORES : count;
}

static stele_compile_options compile_options(const build *b) {
  return (stele_compile_options){
      .source_info = b->form.source_info,
      .use_builtin = !cli_given(b->args, "no-builtin"),
      .warn_unused_imports = true,
      .limit_bytes = (size_t)16 << 30,
      .emit = emit,
  };
}

static bool compile_lanes(build *b, stele_err *err) {
  lane_runner runner = {.runner = {run_lanes, run_alone}};
  stele_compile_options options = compile_options(b);
  stele_parts parts = {.at = b->parts,
                       .count = b->lane_count,
                       .ends = b->ends,
                       .run_count = b->run_count,
                       .take = take_run};
  for (size_t i = 0; i < b->lane_count; i++) {
    b->parts[i] = (stele_part){.resolver = &b->lanes[i].dirs.resolver,
                               .emit_arg = &b->lanes[i],
                               .report = stele_report_new(b->lanes[i].arena, SIZE_MAX)};
  }
  sys_mutex_init(&runner.lock);
  sys_mutex_init(&b->writer.lock);
  bool ok = stele_compile_parts(&runner.runner, &parts, b->names.at, b->names.count, &options,
                                b->report, err);
  sys_mutex_release(&b->writer.lock);
  sys_mutex_release(&runner.lock);
  return ok;
}

bool build_in_lanes(build *b, size_t cores, stele_err *err) {
  if (!open_lanes(b, cores, err)) return false;
  cli_progress_begin(&b->bar, b->args);
  bool ok = compile_lanes(b, err);
  cli_progress_end(&b->bar);
  return ok;
}

bool build_in_one(build *b, stele_err *err) {
  stele_compile_options options = compile_options(b);
  if (!open_lanes(b, 1, err)) return false;
  b->lanes[0].run = 0;
  options.emit_arg = &b->lanes[0];
  cli_progress_begin(&b->bar, b->args);
  b->parts[0].schema = stele_compile(&b->lanes[0].dirs.resolver, b->names.at, b->names.count,
                                     &options, b->report, err);
  cli_progress_end(&b->bar);
  return b->parts[0].schema && (b->in_memory || write_pieces(b, &b->runs[0], err));
}

const stele_file *build_file(const build *b, stele_str name) {
  const stele_file *file = NULL;
  for (size_t i = 0; i < b->lane_count && !file; i++) {
    if (b->parts[i].schema) file = stele_schema_file(b->parts[i].schema, name);
  }
  return file;
}
