/* stele build: .proto files to a FileDescriptorSet, byte for byte as protoc
 * writes it.
 *
 * Files are written as they are linked, so that a tree of any size needs
 * little memory. That is protoc's order too, but for one case: without imports
 * in the set protoc does not look behind a file that was not named, so a named
 * file that is reached only through such a file comes later. We see that when
 * all is linked, and then build again into memory and put the pieces in order;
 * so does an output that cannot be taken back, like a pipe. */
#include "base/map.h"
#include "cli/command.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "cli/import_dirs.h"
#include "cli/source/build_image.h"
#include "cli/source/build_lanes.h"
#include "proto/descriptor/descriptor.h"
#include "sys/file.h"
#include "sys/output.h"
#include "sys/self.h"

enum { KEEP_MEMORY_FROM_FILES = 100 };

/* ---- The set ------------------------------------------------------------------ */

static size_t wanted_order(build *b, const stele_file *const **order) {
  const stele_file **named =
      STELE_NEW_ARRAY(cli_arena(b->args), const stele_file *, b->names.count);
  for (size_t i = 0; i < b->names.count; i++) named[i] = build_file(b, b->names.at[i]);
  return stele_descriptor_order(cli_arena(b->args), named, b->names.count, b->with_imports, order);
}

typedef struct placed_piece {
  const build_run *run;
  const build_piece *piece;
} placed_piece;

/* All pieces by path; of those that several lanes made, the first. */
static void collect(build *b, stele_map *pieces) {
  stele_map_init(pieces, cli_arena(b->args), 0);
  for (size_t i = 0; i < b->run_count; i++) {
    const build_run *run = &b->runs[i];
    for (size_t k = 0; k < run->pieces.count; k++) {
      void **place = stele_map_add(pieces, run->pieces.at[k].path);
      if (*place) continue;
      placed_piece *placed = STELE_NEW(cli_arena(b->args), placed_piece);
      *placed = (placed_piece){run, &run->pieces.at[k]};
      *place = placed;
    }
  }
}

/* Was everything that is written already wanted in that order? */
static bool is_in_order(const build *b, const stele_file *const *order, size_t count) {
  if (count != b->writer.taken.count) return false;
  for (size_t i = 0; i < count; i++) {
    if (!stele_str_eq(order[i]->name, b->writer.taken.entries[i].key.str)) return false;
  }
  return true;
}

/* Writes what is kept in memory, in the wanted order. */
static bool write_kept(build *b, stele_err *err) {
  stele_map pieces;
  const stele_file *const *order;
  size_t count = wanted_order(b, &order);
  collect(b, &pieces);
  for (size_t i = 0; i < count; i++) {
    const placed_piece *placed = stele_map_find(&pieces, order[i]->name);
    if (!placed) continue;
    const build_piece *piece = placed->piece;
    stele_bytes bytes = {(const uint8_t *)placed->run->bytes.ptr + piece->start, piece->len};
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

static bool compile_all(build *b, int64_t jobs, stele_err *err) {
  size_t cores = build_cores_wanted(b, jobs);
  /* What is scratch for one file will soon be the schema of others. */
  if (b->names.count >= KEEP_MEMORY_FROM_FILES) sys_self_keep_memory();
  if (cores < 2) return build_in_one(b, err);
  if (build_in_lanes(b, cores, err)) return true;
  if (err->code != STELE_CONFLICT) return false;
  *err = (stele_err){0};
  return start_over(b, b->in_memory, err) && build_in_one(b, err);
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

/* Did protoc's order turn out to be another than the one that all was written in? */
static bool is_out_of_order(build *b) {
  const stele_file *const *order;
  if (b->in_memory || !b->may_be_unordered) return false;
  size_t count = wanted_order(b, &order);
  return !is_in_order(b, order, count);
}

/* Compiles and writes; once more when the order came out wrong. */
static bool build_set(build *b, int64_t jobs, stele_err *err) {
  if (!start_over(b, false, err)) return false;
  b->in_memory =
      !sys_output_is_reversible(b->out) && (!b->with_imports || build_cores_wanted(b, jobs) > 1);
  bool ok = compile_guessed(b, jobs, err);
  if (ok && is_out_of_order(b)) ok = start_over(b, true, err) && build_in_one(b, err);
  if (ok && b->in_memory) ok = write_kept(b, err);
  build_close(b);
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
  if (cli_given(args, "jobs") && !cli_value_int(args, "jobs", 1, BUILD_MOST_CORES, &jobs)) {
    return CLI_ERROR;
  }
  if (build_names_image(args)) {
    return build_from_image(args, &b.form, b.out_path, b.with_imports, form);
  }
  cli_import_dirs_init(&b.dirs, cli_arena(args));

  take_dirs(&b);
  bool ok = take_words(&b, true, &err);
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
