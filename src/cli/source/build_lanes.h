/* cli/build_lanes: a tree to the bytes of a FileDescriptorSet, on one core or more.
 *
 * In:   names and the folders they are in.   Out: bytes in an output, or kept.
 *
 * A large tree is cut into runs of files, and each core has a lane that compiles
 * and encodes run after run, as it comes free. A run's bytes are kept until the
 * runs before it are written; from then on it is its turn, and they are written
 * as they come.
 * Deps: cli/command.h, cli/import_dirs.h, proto/compile, proto/descriptor, sys. */
#ifndef STELE_CLI_BUILD_LANES_H
#define STELE_CLI_BUILD_LANES_H

#include <stdatomic.h>

#include "base/map.h"
#include "base/vec.h"
#include "cli/command.h"
#include "cli/import_dirs.h"
#include "cli/progress.h"
#include "proto/descriptor/descriptor.h"
#include "sys/output.h"
#include "sys/thread.h"

enum { BUILD_MOST_CORES = 16 };

/* One file of the set. */
typedef struct build_piece {
  stele_str path;
  size_t start, len; /* in the run's bytes, while they are kept */
} build_piece;

/* A run of the files. */
typedef struct build_run {
  stele_buf bytes; /* not written yet */
  STELE_VEC(build_piece) pieces;
  bool is_done;
} build_run;

/* A core at work. */
typedef struct build_lane {
  struct build *build;
  cli_import_dirs dirs;
  stele_map unnamed;    /* paths of the files that were only imported, when they stay out */
  stele_arena *arena;   /* of all these */
  stele_arena *scratch; /* of one file */
  size_t run;           /* SIZE_MAX: none yet */
} build_lane;

/* What lanes share when they write. Who has the turn may use it: the lane with the
 * run that is next, while it is not done; and under the lock whoever ends a run. */
typedef struct run_writer {
  sys_mutex lock;
  atomic_size_t next; /* the run whose turn it is */
  stele_map taken;    /* paths of files that are written; its order is theirs */
  stele_arena *arena; /* of the map */
  bool failed;
  stele_err err;
} run_writer;

typedef struct build {
  cli_args *args;
  cli_import_dirs dirs;
  cli_names names;
  bool has_guessed; /* some of the names; see cli_import_dirs_guess */
  stele_descriptor_options form;
  bool with_imports;
  bool in_memory; /* keep all, for who writes it at the end */
  stele_str out_path;
  sys_output *out;
  build_lane lanes[BUILD_MOST_CORES];
  stele_part parts[BUILD_MOST_CORES]; /* of the lanes; one: its schema stands in the first */
  size_t lane_count;
  build_run *runs;
  size_t *ends; /* of the runs, among the names */
  size_t run_count;
  run_writer writer;
  atomic_bool may_be_unordered; /* protoc may have the files in another order */
  stele_report *report;
  cli_progress bar; /* the first lane's */
  atomic_size_t done;
} build;

/* Cores that are worth it for so many files; `jobs` is what was asked for, 0: nothing. */
size_t build_cores_wanted(const build *b, int64_t jobs);

/* Compiles b->names into b->out, or into b->runs when it is in_memory. On several cores
 * STELE_CONFLICT says that they must be compiled on one, and that b->out is spoilt. */
bool build_in_lanes(build *b, size_t cores, stele_err *err) STELE_MUST_USE;
bool build_in_one(build *b, stele_err *err) STELE_MUST_USE;

/* A named file, from the first lane that compiled it. */
const stele_file *build_file(const build *b, stele_str name);

/* Lets go of what a build has made. */
void build_close(build *b);

#endif
