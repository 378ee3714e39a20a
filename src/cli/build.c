/* stele build: .proto files to a FileDescriptorSet, byte for byte as protoc
 * writes it.
 *
 * Files are written as they are linked, so that a tree of any size needs
 * little memory. That is protoc's order too, but for one case: without imports
 * in the set protoc does not look behind a file that was not named, so a named
 * file that is reached only through such a file comes later. We see that when
 * all is linked, and then build again into memory and put the pieces in order;
 * so does an output that cannot be taken back, like a pipe. */
#include "base/guard.h"
#include "base/map.h"
#include "cli/command.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "cli/import_dirs.h"
#include "proto/descriptor/descriptor.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/output.h"
#include "sys/terminal.h"

enum { WRITE_AT_BYTES = 1 << 17, PROGRESS_FROM_FILES = 200, PROGRESS_US = 50000 };

/* One file of the set, in memory. */
typedef struct build_piece {
  const stele_file *file;
  size_t start, len;
} build_piece;

typedef struct build {
  cli_args *args;
  cli_import_dirs dirs;
  cli_names names;
  stele_descriptor_options form;
  bool with_imports;
  bool in_memory; /* keep all, and write at the end */
  stele_str out_path;
  sys_output *out;
  stele_buf bytes; /* not written yet */
  STELE_VEC(build_piece) pieces;
  stele_arena *scratch; /* of one file */
  stele_report *report;
  bool shows_progress;
  size_t done;
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

static bool write_out(build *b, stele_err *err) {
  bool ok = sys_output_write(b->out, stele_buf_bytes(&b->bytes), err);
  stele_buf_clear(&b->bytes);
  return ok;
}

typedef struct encode_job {
  build *b;
  const stele_file *file;
} encode_job;

static void encode_one(void *arg) {
  encode_job *job = arg;
  stele_descriptor_encode_entry(job->b->scratch, job->file, &job->b->form, &job->b->bytes);
}

static bool emit(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  build *b = arg;
  if (is_named) b->done++;
  show_progress(b, false);
  if (!is_named && !b->with_imports) return true;

  size_t start = b->bytes.len;
  encode_job job = {b, file};
  if (!stele_guard_run(b->scratch, encode_one, &job, err)) return false;
  stele_arena_reset(b->scratch);
  if (b->bytes.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for the output");
  STELE_VEC_PUSH(cli_arena(b->args), &b->pieces, (build_piece){file, start, b->bytes.len - start});
  return b->in_memory || b->bytes.len < WRITE_AT_BYTES || write_out(b, err);
}

/* ---- The set ------------------------------------------------------------------ */

static const stele_file *const *named_files(build *b, const stele_schema *schema, size_t *count) {
  const stele_file **files =
      STELE_NEW_ARRAY(cli_arena(b->args), const stele_file *, b->names.count);
  *count = b->names.count;
  for (size_t i = 0; i < *count; i++) files[i] = stele_schema_file(schema, b->names.at[i]);
  return files;
}

static size_t wanted_order(build *b, const stele_schema *schema, const stele_file *const **order) {
  size_t count;
  const stele_file *const *named = named_files(b, schema, &count);
  return stele_descriptor_order(cli_arena(b->args), named, count, b->with_imports, order);
}

static bool is_in_order(build *b, const stele_schema *schema) {
  const stele_file *const *order;
  size_t count = wanted_order(b, schema, &order);
  if (count != b->pieces.count) return false;
  for (size_t i = 0; i < count; i++) {
    if (order[i] != b->pieces.at[i].file) return false;
  }
  return true;
}

/* Writes the pieces that memory holds, in the wanted order. */
static bool write_pieces(build *b, const stele_schema *schema, stele_err *err) {
  stele_map pieces;
  const stele_file *const *order;
  size_t count = wanted_order(b, schema, &order);
  stele_map_init(&pieces, cli_arena(b->args), 0);
  for (size_t i = 0; i < b->pieces.count; i++) {
    build_piece *piece = &b->pieces.at[i];
    *stele_map_add_u64(&pieces, (uint64_t)(uintptr_t)piece->file) = piece;
  }
  for (size_t i = 0; i < count; i++) {
    const build_piece *piece = stele_map_find_u64(&pieces, (uint64_t)(uintptr_t)order[i]);
    if (!piece) continue;
    stele_bytes bytes = {(const uint8_t *)b->bytes.ptr + piece->start, piece->len};
    if (!sys_output_write(b->out, bytes, err)) return false;
  }
  stele_buf_clear(&b->bytes);
  return true;
}

static const stele_schema *compile(build *b, stele_err *err) {
  stele_compile_options options = {
      .source_info = b->form.source_info,
      .use_builtin = true,
      .warn_unused_imports = true,
      .limit_bytes = (size_t)16 << 30,
      .emit = emit,
      .emit_arg = b,
  };
  b->report = stele_report_new(cli_arena(b->args), 0);
  b->pieces.count = 0;
  b->done = 0;
  b->dirs.text_count = 0;
  const stele_schema *schema =
      stele_compile(&b->dirs.resolver, b->names.at, b->names.count, &options, b->report, err);
  show_progress(b, true);
  return schema;
}

static bool write_schema(build *b, const stele_schema *schema, stele_err *err) {
  return b->in_memory ? write_pieces(b, schema, err) : write_out(b, err);
}

/* Compiles and writes; once more when the order came out wrong. */
static bool build_set(build *b, stele_err *err) {
  b->out = sys_output_open(cli_arena(b->args), b->out_path, err);
  if (!b->out) return false;
  b->in_memory = !b->with_imports && !sys_output_is_reversible(b->out);
  const stele_schema *schema = compile(b, err);
  if (schema && !b->in_memory && !b->with_imports && !is_in_order(b, schema)) {
    stele_schema_unref(schema);
    sys_output_discard(b->out);
    b->out = sys_output_open(cli_arena(b->args), b->out_path, err);
    if (!b->out) return false;
    stele_buf_clear(&b->bytes);
    b->in_memory = true;
    schema = compile(b, err);
  }
  bool ok = schema && write_schema(b, schema, err);
  stele_schema_unref(schema);
  if (!ok) sys_output_discard(b->out);
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
static bool take_words(build *b, stele_err *err) {
  size_t words = cli_word_count(b->args);
  for (size_t i = 0; cli_value_nth(b->args, "I", i).ptr; i++) {
    cli_import_dirs_add(&b->dirs, cli_value_nth(b->args, "I", i));
  }
  if (b->dirs.dirs.count == 0) {
    for (size_t i = 0; i < words; i++) {
      stele_str word = cli_word(b->args, i);
      if (sys_file_stat(word).kind == SYS_FILE_DIR) cli_import_dirs_add(&b->dirs, word);
    }
    cli_import_dirs_add(&b->dirs, STELE_STR("."));
  }
  for (size_t i = 0; i < words; i++) {
    if (!cli_import_dirs_expand(&b->dirs, cli_word(b->args, i), &b->names, err)) return false;
  }
  return b->names.count > 0 || stele_fail(err, STELE_INVALID, "no .proto files there");
}

static cli_exit run_build(cli_args *args) {
  stele_report_form form;
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
  b.scratch = stele_arena_new(0);
  if (!b.scratch) return cli_fail(args, "no memory");
  stele_buf_init(&b.bytes, NULL, 0);
  cli_import_dirs_init(&b.dirs, cli_arena(args));

  bool ok = take_words(&b, &err);
  b.shows_progress = b.names.count >= PROGRESS_FROM_FILES && sys_terminal_is(cli_err_fd(args));
  ok = ok && build_set(&b, &err);
  print_report(&b, form);
  cli_import_dirs_release(&b.dirs);
  stele_buf_release(&b.bytes);
  stele_arena_free(b.scratch);
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
    CLI_ERROR_FORMAT,
    {"", 'o', "OUT", NULL, "Write the FileDescriptorSet there; - is standard output"},
};

const cli_command cli_build = {
    .name = "build",
    .summary = "Compile .proto files into a descriptor set.",
    .words = "FILE|DIR|@FILE…",
    .fewest = 1,
    .most = SIZE_MAX,
    .options = build_options,
    .option_count = STELE_COUNT(build_options),
    .run = run_build,
    .more = "The set holds the bytes that protoc writes. A folder stands for all .proto files "
            "below it; without any -I it is its own import root. The built-in files "
            "(google/protobuf, google/type, google/api, google/rpc, confluent, stele) are found "
            "when no -I has them.",
};
