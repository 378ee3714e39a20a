/* stele build: .proto files to a FileDescriptorSet, byte for byte as protoc
 * writes it.
 *
 * Files are written as they are linked, so that a tree of any size needs
 * little memory. That is protoc's order too, but for one case: without imports
 * in the set protoc does not look behind a file that was not named, so a named
 * file that is reached only through such a file comes later. We see that when
 * all is linked, and then build again into memory and put the pieces in order;
 * so does an output that cannot be taken back, like a pipe.
 *
 * A large tree is cut into lanes, a few for each core: each compiles and encodes
 * its run of the files, and keeps the bytes until the lanes before it are done;
 * from then on it is its turn, and it writes as it goes. When the lanes cannot
 * stand for one compile (there are mistakes, above all) everything is done once
 * more in one lane. */
#include <stdatomic.h>

#include "base/guard.h"
#include "base/map.h"
#include "cli/command.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "cli/import_dirs.h"
#include "cli/source/build_image.h"
#include "proto/descriptor/descriptor.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/output.h"
#include "sys/self.h"
#include "sys/terminal.h"
#include "sys/thread.h"

enum { WRITE_AT_BYTES = 1 << 17, PROGRESS_FROM_FILES = 200, PROGRESS_US = 50000 };

/* More cores than this gain nothing; fewer files than this are done at once. */
enum { MOST_CORES = 16, LANES_OF_A_CORE = 3, MOST_LANES = MOST_CORES * LANES_OF_A_CORE };
enum { FILES_OF_A_LANE = 100, SOME_BYTES = 4096 };

/* One file of the set. */
typedef struct build_piece {
  const stele_file *file;
  size_t start, len; /* in the lane's bytes, while they are kept */
} build_piece;

/* A run of the files, on a thread of its own. */
typedef struct build_lane {
  struct build *build;
  cli_import_dirs dirs;
  stele_buf bytes; /* not written yet */
  STELE_VEC(build_piece) pieces;
  stele_arena *arena;   /* of the pieces and the dirs */
  stele_arena *scratch; /* of one file */
  bool keeps_bytes;
  bool is_first; /* shows progress */
  bool is_done;
} build_lane;

/* What lanes share when they write. Who has the turn may use it: the lane that
 * is next, while it is not done; and under the lock whoever ends a lane. */
typedef struct lane_writer {
  sys_mutex lock;
  atomic_size_t next; /* the lane whose turn it is */
  stele_map taken;    /* paths of files that are written; its order is theirs */
  stele_arena *arena; /* of the map */
  bool failed;
  stele_err err;
} lane_writer;

typedef struct build {
  cli_args *args;
  cli_import_dirs dirs;
  cli_names names;
  bool has_guessed; /* some of the names; see cli_import_dirs_guess */
  stele_descriptor_options form;
  bool with_imports;
  bool in_memory; /* keep all, and write at the end */
  stele_str out_path;
  sys_output *out;
  build_lane lanes[MOST_LANES];
  size_t lane_count;
  lane_writer writer;
  stele_part parts[MOST_LANES]; /* of the lanes; one: its schema stands in the first */
  stele_report *report;
  bool shows_progress;
  atomic_size_t done;
  stele_time_us shown;
} build;

/* ---- Progress -------------------------------------------------------------- */

static void show_progress(build *b, bool at_end) {
  enum { BAR = 30 };
  stele_time_us now = sys_clock_mono();
  if (!b->shows_progress || (!at_end && now - b->shown < PROGRESS_US)) return;
  b->shown = now;
  size_t total = b->names.count, done = b->done < total ? b->done : total;
  int full = (int)(done * BAR / total);
  char bar[BAR + 1];
  for (int i = 0; i < BAR; i++) bar[i] = i < full ? '#' : '.';
  bar[BAR] = 0;
  if (at_end) {
    cli_note(b->args, "\r\033[K");
  } else {
    cli_note(b->args, "\r[%s] %zu of %zu files", bar, done, total);
  }
}

/* ---- One file --------------------------------------------------------------- */

static bool write_out(build_lane *lane, stele_err *err) {
  bool ok = sys_output_write(lane->build->out, stele_buf_bytes(&lane->bytes), err);
  stele_buf_clear(&lane->bytes);
  return ok;
}

typedef struct encode_job {
  build_lane *lane;
  const stele_file *file;
} encode_job;

static void encode_one(void *arg) {
  encode_job *job = arg;
  build_lane *lane = job->lane;
  size_t start = lane->bytes.len;
  stele_descriptor_encode_entry(lane->scratch, job->file, &lane->build->form, &lane->bytes);
  STELE_VEC_PUSH(lane->arena, &lane->pieces,
                 (build_piece){job->file, start, lane->bytes.len - start});
}

/* ---- Writing in turn ------------------------------------------------------------ */

/* Lanes that keep all for later have none. */
static bool has_turn(const build_lane *lane) {
  build *b = lane->build;
  return !b->in_memory && b->writer.next == (size_t)(lane - b->lanes);
}

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

/* Writes what the lane has made since it last did, but for files that lanes before
 * it have written too: as few runs of bytes as there are gaps. */
static bool write_pieces(build_lane *lane, stele_err *err) {
  build *b = lane->build;
  stele_bytes run = {(const uint8_t *)lane->bytes.ptr, 0};
  for (size_t i = 0; i < lane->pieces.count; i++) {
    const build_piece *piece = &lane->pieces.at[i];
    take_job job = {.b = b, .path = piece->file->name};
    if (!stele_guard_run(b->writer.arena, take_path, &job, err)) return false;
    if (job.is_new) {
      run.len += piece->len;
      continue;
    }
    if (!sys_output_write(b->out, run, err)) return false;
    run = (stele_bytes){(const uint8_t *)lane->bytes.ptr + piece->start + piece->len, 0};
  }
  if (!sys_output_write(b->out, run, err)) return false;
  stele_buf_clear(&lane->bytes);
  lane->pieces.count = 0;
  return true;
}

/* ---- Emitting -------------------------------------------------------------------- */

static bool emit(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  build_lane *lane = arg;
  build *b = lane->build;
  if (is_named) b->done++;
  if (lane->is_first) show_progress(b, false);
  if (!is_named && !b->with_imports) return true;

  encode_job job = {lane, file};
  if (!stele_guard_run(lane->scratch, encode_one, &job, err)) return false;
  stele_arena_reset(lane->scratch);
  if (lane->bytes.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for the output");
  if (lane->bytes.len < WRITE_AT_BYTES) return true;
  if (!lane->keeps_bytes) return write_out(lane, err);
  return !has_turn(lane) || write_pieces(lane, err);
}

/* ---- Lanes -------------------------------------------------------------------- */

static bool open_lane(build *b, build_lane *lane, bool keeps_bytes, stele_err *err) {
  *lane = (build_lane){.build = b, .keeps_bytes = keeps_bytes, .is_first = lane == b->lanes};
  stele_buf_init(&lane->bytes, NULL, 0);
  lane->arena = stele_arena_new(0);
  lane->scratch = lane->arena ? stele_arena_new_scratch(lane->arena) : NULL;
  if (!lane->scratch) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  cli_import_dirs_copy(&lane->dirs, lane->arena, &b->dirs);
  return true;
}

static void close_lanes(build *b) {
  for (size_t i = 0; i < b->lane_count; i++) {
    build_lane *lane = &b->lanes[i];
    stele_schema_unref(b->parts[i].schema);
    cli_import_dirs_release(&lane->dirs);
    stele_buf_release(&lane->bytes);
    stele_arena_free(lane->scratch);
    stele_arena_free(lane->arena);
  }
  memset(b->parts, 0, sizeof b->parts);
  b->lane_count = 0;
  stele_arena_free(b->writer.arena);
  b->writer = (lane_writer){0};
}

static bool open_lanes(build *b, size_t count, stele_err *err) {
  close_lanes(b);
  b->report = stele_report_new(cli_arena(b->args), 0);
  b->done = 0;
  for (size_t i = 0; i < count; i++) {
    if (!open_lane(b, &b->lanes[b->lane_count++], b->in_memory || count > 1, err)) return false;
  }
  b->writer.arena = stele_arena_new(0);
  if (!b->writer.arena) return stele_fail(err, STELE_NO_MEMORY, "no memory");
  stele_map_init(&b->writer.taken, b->writer.arena, 0);
  return true;
}

static uint64_t weight_of(const build *b, size_t i) {
  return b->dirs.sizes.at[i] + SOME_BYTES;
}

/* How much of the tree the first lanes take, in thousandths: the lanes of a core are
 * ever smaller, so that all cores end at about the same time, whatever a lane turns
 * out to cost. */
static uint64_t share_before(size_t lanes, size_t lane) {
  static const uint64_t shares[LANES_OF_A_CORE] = {700, 220, 80};
  size_t cores = lanes / LANES_OF_A_CORE, row = lane / cores;
  uint64_t sum = 0;
  if (cores == 0 || lane >= lanes) return 1000;
  for (size_t i = 0; i < row; i++) sum += shares[i];
  return sum + shares[row] * (lane % cores) / cores;
}

/* Runs of files. */
static void cut(build *b) {
  uint64_t all = 0, sum = 0;
  size_t at = 0;
  for (size_t i = 0; i < b->names.count; i++) all += weight_of(b, i);
  for (size_t i = 0; i < b->lane_count; i++) {
    stele_part *part = &b->parts[i];
    *part = (stele_part){.resolver = &b->lanes[i].dirs.resolver,
                         .first = at,
                         .emit_arg = &b->lanes[i],
                         .report = stele_report_new(b->lanes[i].arena, SIZE_MAX)};
    uint64_t until = all / 1000 * share_before(b->lane_count, i + 1);
    while (at < b->names.count && (i + 1 == b->lane_count || sum < until)) {
      sum += weight_of(b, at++);
    }
    part->count = at - part->first;
  }
}

/* ---- Ending in turn ------------------------------------------------------------- */

/* A lane is done: it and those behind it that have waited for it are written. */
static void finish_lane(build *b, build_lane *lane) {
  lane_writer *writer = &b->writer;
  sys_mutex_lock(&writer->lock);
  lane->is_done = true;
  while (!b->in_memory && !writer->failed && writer->next < b->lane_count &&
         b->lanes[writer->next].is_done) {
    build_lane *next = &b->lanes[writer->next];
    writer->failed = !write_pieces(next, &writer->err);
    stele_buf_release(&next->bytes);
    writer->next++;
  }
  sys_mutex_unlock(&writer->lock);
}

/* ---- Threads --------------------------------------------------------------------- */

typedef struct lane_runner {
  stele_runner runner; /* first: run_lanes finds the rest by it */
  build *b;
  size_t cores;
  void (*fn)(void *arg, size_t i);
  void *arg;
  size_t count;
  atomic_size_t next;
} lane_runner;

/* Takes one call after the other, until there are no more. */
static void take_calls(void *arg) {
  lane_runner *self = arg;
  for (size_t i; (i = self->next++) < self->count;) {
    self->fn(self->arg, i);
    finish_lane(self->b, &self->b->lanes[i]);
  }
}

/* A thread that does not start is no harm: the others take its calls. */
static void run_lanes(stele_runner *runner, size_t count, void (*fn)(void *arg, size_t i),
                      void *arg) {
  lane_runner *self = (lane_runner *)runner;
  sys_thread threads[MOST_CORES];
  size_t started = 0;
  stele_err ignored = {0};
  self->fn = fn;
  self->arg = arg;
  self->count = count;
  while (started + 1 < self->cores &&
         sys_thread_start(&threads[started], "lane", take_calls, self, &ignored)) {
    started++;
  }
  take_calls(self);
  for (size_t i = 0; i < started; i++) sys_thread_join(&threads[i]);
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

static bool compile_in_lanes(build *b, size_t cores, stele_err *err) {
  lane_runner runner = {.runner = {run_lanes}, .b = b, .cores = cores};
  stele_compile_options options = compile_options(b);
  size_t count = cores * LANES_OF_A_CORE;
  if (!open_lanes(b, count, err)) return false;
  cut(b);
  sys_mutex_init(&b->writer.lock);
  bool ok = stele_compile_parts(&runner.runner, b->parts, count, b->names.at, b->names.count,
                                &options, b->report, err);
  sys_mutex_release(&b->writer.lock);
  show_progress(b, true);
  if (ok && b->writer.failed) *err = b->writer.err;
  return ok && !b->writer.failed;
}

static bool compile_in_one(build *b, stele_err *err) {
  stele_compile_options options = compile_options(b);
  if (!open_lanes(b, 1, err)) return false;
  options.emit_arg = &b->lanes[0];
  b->parts[0].schema = stele_compile(&b->lanes[0].dirs.resolver, b->names.at, b->names.count,
                                     &options, b->report, err);
  show_progress(b, true);
  return b->parts[0].schema != NULL;
}

/* ---- The set ------------------------------------------------------------------ */

/* A named file, from the first lane that compiled it. */
static const stele_file *file_of(const build *b, stele_str name) {
  const stele_file *file = NULL;
  for (size_t i = 0; i < b->lane_count && !file; i++) {
    file = stele_schema_file(b->parts[i].schema, name);
  }
  return file;
}

static size_t wanted_order(build *b, const stele_file *const **order) {
  const stele_file **named =
      STELE_NEW_ARRAY(cli_arena(b->args), const stele_file *, b->names.count);
  for (size_t i = 0; i < b->names.count; i++) named[i] = file_of(b, b->names.at[i]);
  return stele_descriptor_order(cli_arena(b->args), named, b->names.count, b->with_imports, order);
}

typedef struct placed_piece {
  const build_lane *lane;
  const build_piece *piece;
} placed_piece;

/* All pieces by path; of those that several lanes made, the first. */
static void collect(build *b, stele_map *pieces) {
  stele_map_init(pieces, cli_arena(b->args), 0);
  for (size_t i = 0; i < b->lane_count; i++) {
    const build_lane *lane = &b->lanes[i];
    for (size_t k = 0; k < lane->pieces.count; k++) {
      void **place = stele_map_add(pieces, lane->pieces.at[k].file->name);
      if (*place) continue;
      placed_piece *placed = STELE_NEW(cli_arena(b->args), placed_piece);
      *placed = (placed_piece){lane, &lane->pieces.at[k]};
      *place = placed;
    }
  }
}

/* Was everything that is written already wanted in that order? */
static bool is_in_order(const build *b, const stele_file *const *order, size_t count) {
  if (b->in_memory) return true;
  const build_lane *lane = &b->lanes[0];
  bool is_alone = b->lane_count == 1;
  if (count != (is_alone ? lane->pieces.count : b->writer.taken.count)) return false;
  for (size_t i = 0; i < count; i++) {
    stele_str path = is_alone ? lane->pieces.at[i].file->name : b->writer.taken.entries[i].key.str;
    if (!stele_str_eq(order[i]->name, path)) return false;
  }
  return true;
}

/* Writes what lanes keep, in the wanted order. */
static bool write_kept(build *b, const stele_file *const *order, size_t count, stele_err *err) {
  stele_map pieces;
  if (!b->in_memory) return b->lane_count > 1 || write_out(&b->lanes[0], err);
  collect(b, &pieces);
  for (size_t i = 0; i < count; i++) {
    const placed_piece *placed = stele_map_find(&pieces, order[i]->name);
    if (!placed) continue;
    const build_piece *piece = placed->piece;
    stele_bytes bytes = {(const uint8_t *)placed->lane->bytes.ptr + piece->start, piece->len};
    if (!sys_output_write(b->out, bytes, err)) return false;
  }
  return true;
}

/* The output is begun anew. */
static bool start_over(build *b, bool in_memory, stele_err *err) {
  if (b->out) sys_output_discard(b->out);
  b->in_memory = in_memory;
  b->out = sys_output_open(cli_arena(b->args), b->out_path, err);
  return b->out != NULL;
}

static size_t cores_wanted(const build *b, int64_t jobs) {
  size_t most = b->names.count / FILES_OF_A_LANE;
  size_t count = jobs > 0 ? (size_t)jobs : sys_thread_cores();
  if (count > most) count = most;
  return count > MOST_CORES ? MOST_CORES : count;
}

static bool compile_all(build *b, int64_t jobs, stele_err *err) {
  size_t cores = cores_wanted(b, jobs);
  /* What is scratch for one file will soon be the schema of others. */
  if (b->names.count >= FILES_OF_A_LANE) sys_self_keep_memory();
  if (cores < 2) return compile_in_one(b, err);
  if (compile_in_lanes(b, cores, err)) return true;
  if (err->code != STELE_CONFLICT) return false;
  *err = (stele_err){0};
  return start_over(b, b->in_memory, err) && compile_in_one(b, err);
}

static bool take_words(build *b, bool guess, stele_err *err);

/* Is a file that was named where its name says, as far as it was asked for? */
static bool is_missing(const build *b, const cli_import_dirs *dirs) {
  enum { FEW = 100 };
  if (dirs->missing.count > FEW) return true; /* who knows */
  for (size_t i = 0; i < dirs->missing.count; i++) {
    for (size_t k = 0; k < b->names.count; k++) {
      if (stele_str_eq(dirs->missing.at[i], b->names.at[k])) return true;
    }
  }
  return false;
}

static bool has_guessed_well(const build *b) {
  for (size_t i = 0; i < b->lane_count; i++) {
    if (is_missing(b, &b->lanes[i].dirs)) return false;
  }
  return true;
}

static bool are_same(const cli_names *a, const cli_names *b) {
  bool same = a->count == b->count;
  for (size_t i = 0; same && i < a->count; i++) same = stele_str_eq(a->at[i], b->at[i]);
  return same;
}

/* Compiles what was guessed to be named. When something is wrong with it the words
 * are looked at as they should be: then they say what is wrong, or mean other files,
 * or the guess was right and the mistakes are the files' own. */
static bool compile_guessed(build *b, int64_t jobs, stele_err *err) {
  bool ok = compile_all(b, jobs, err);
  if (!b->has_guessed || (ok && has_guessed_well(b))) return ok;
  cli_names guessed = b->names;
  stele_err mistakes = *err;
  *err = (stele_err){0};
  if (!take_words(b, false, err)) {
    b->report = NULL;
    return false;
  }
  if (are_same(&guessed, &b->names)) {
    *err = mistakes;
    return ok;
  }
  return start_over(b, b->in_memory, err) && compile_all(b, jobs, err);
}

/* Compiles and writes; once more when the order came out wrong. */
static bool build_set(build *b, int64_t jobs, stele_err *err) {
  const stele_file *const *order;
  if (!start_over(b, false, err)) return false;
  b->in_memory =
      !sys_output_is_reversible(b->out) && (!b->with_imports || cores_wanted(b, jobs) > 1);
  bool ok = compile_guessed(b, jobs, err);
  size_t count = ok ? wanted_order(b, &order) : 0;
  if (ok && !is_in_order(b, order, count)) {
    ok = start_over(b, true, err) && compile_in_one(b, err);
    count = ok ? wanted_order(b, &order) : 0;
  }
  ok = ok && write_kept(b, order, count, err);
  close_lanes(b);
  if (!ok && b->out) sys_output_discard(b->out);
  return ok && sys_output_commit(b->out, err);
}

/* ---- The command ---------------------------------------------------------------- */

static stele_str path_of(void *arg, stele_str name) {
  return cli_import_dirs_path(arg, name);
}

/* Findings name files as they lie on disk, so that an editor can go there. */
static void print_report(build *b, stele_report_form form) {
  if (b->report) stele_report_name_files(b->report, path_of, &b->dirs);
  cli_print_report(b->args, b->report, form);
}

/* A folder named without any -I is its own import root; files are named from
 * where we stand. */
static void take_dirs(build *b) {
  size_t words = cli_word_count(b->args);
  for (size_t i = 0; cli_value_nth(b->args, "I", i).ptr; i++) {
    cli_import_dirs_add(&b->dirs, cli_value_nth(b->args, "I", i));
  }
  if (b->dirs.dirs.count > 0) return;
  for (size_t i = 0; i < words; i++) {
    stele_str word = cli_word(b->args, i);
    if (sys_file_stat(word).kind == SYS_FILE_DIR) cli_import_dirs_add(&b->dirs, word);
  }
  cli_import_dirs_add(&b->dirs, STELE_STR("."));
}

static bool take_words(build *b, bool guess, stele_err *err) {
  b->names = (cli_names){0};
  b->dirs.sizes.count = 0;
  b->has_guessed = false;
  for (size_t i = 0; i < cli_word_count(b->args); i++) {
    stele_str word = cli_word(b->args, i);
    if (guess && cli_import_dirs_guess(&b->dirs, word, &b->names)) {
      b->has_guessed = true;
    } else if (!cli_import_dirs_expand(&b->dirs, word, &b->names, err)) {
      return false;
    }
  }
  return b->names.count > 0 || stele_fail(err, STELE_INVALID, "no .proto files there");
}

static cli_exit run_build(cli_args *args) {
  stele_report_form form;
  int64_t jobs = 0;
  stele_err err = {0};
  build b = {
      .args = args,
      .out_path = cli_value(args, "o"),
      .with_imports = cli_given(args, "include-imports"),
      .form = {.source_info = cli_given(args, "include-source-info"),
               .retain_options = cli_given(args, "retain-options")},
  };
  if (!cli_error_format(args, &form)) return CLI_ERROR;
  if (!b.out_path.len) return cli_fail(args, "where to? -o FILE, or -o - for standard output");
  if (cli_given(args, "jobs") && !cli_value_int(args, "jobs", 1, MOST_CORES, &jobs)) {
    return CLI_ERROR;
  }
  if (build_names_image(args)) {
    return build_from_image(args, &b.form, b.out_path, b.with_imports, form);
  }
  cli_import_dirs_init(&b.dirs, cli_arena(args));

  take_dirs(&b);
  bool ok = take_words(&b, true, &err);
  b.shows_progress = b.names.count >= PROGRESS_FROM_FILES && sys_terminal_is(cli_err_fd(args));
  ok = ok && build_set(&b, jobs, &err);
  print_report(&b, form);
  cli_import_dirs_release(&b.dirs);
  if (ok) return CLI_OK;
  return err.code == STELE_INVALID && b.report && stele_report_has_errors(b.report)
             ? CLI_ERROR /* the report said it */
             : cli_fail_err(args, &err);
}

static const cli_option build_options[] = {
    {"", 'I', "DIR", NULL, "Look for imports in this folder; may be given again"},
    {"include-imports", 0, NULL, NULL, "Put the files that are imported into the set as well"},
    {"include-source-info", 0, NULL, NULL, "Keep places and comments"},
    {"retain-options", 0, NULL, NULL,
     "Keep options that are meant for the source only, each as it was written"},
    {"no-builtin", 0, NULL, NULL, "Imports are in the folders of -I, or nowhere"},
    CLI_ERROR_FORMAT,
    {"jobs", 'j', "N", NULL, "Compile a large tree on this many cores (default: all)"},
    {"", 'o', "OUT", NULL, "Write the FileDescriptorSet there; - is standard output"},
};

const cli_command cli_build = {
    .name = "build",
    .summary = "Compile .proto files into a descriptor set.",
    .words = "FILE|DIR|@FILE…|IMAGE",
    .fewest = 1,
    .most = SIZE_MAX,
    .options = build_options,
    .option_count = STELE_COUNT(build_options),
    .run = run_build,
    .more = "The set holds the bytes that protoc writes. A folder stands for all .proto files "
            "below it; without any -I it is its own import root. The built-in files "
            "(google/protobuf, google/type, google/api, google/rpc, confluent, stele) are found "
            "when no -I has them. An image (.binpb, .json, .txtpb, .yaml, also .gz and .zst) is "
            "written as the set that it holds.",
};
