/* stele generate: code from .proto files.
 *
 * Files are compiled together, all languages generate into memory, and only
 * when everything is well is anything written: each file beside its old self
 * and renamed over it, one that did not change not at all, so that build tools
 * see only what changed. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/map.h"
#include "cli/command_table.h"
#include "cli/error_format.h"
#include "cli/import_dirs.h"
#include "cli/progress.h"
#include "gen/generator.h"
#include "plugin/plugin.h"
#include "proto/report/report.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/terminal.h"

enum { WATCH_MS = 300, MOST_FILES = 1000000 };

/* One generation. `arena` dies with it, so that --watch does not grow. */
typedef struct generate_run {
  cli_args *args;
  stele_arena *arena;
  cli_import_dirs dirs;
  cli_names names; /* what the words mean, each once */
  stele_map named;
  stele_report *report;
  const stele_schema *schema;
  stele_gen_output *output;
  cli_progress bar;
  stele_report_form form;
  size_t compiled, written, unchanged;
  bool is_told; /* why it failed */
} generate_run;

/* ---- compiling ---- */

static bool count_file(void *arg, const stele_file *file, bool is_named, stele_err *err) {
  generate_run *run = arg;
  (void)file, (void)err;
  run->compiled += is_named;
  cli_progress_show(&run->bar, run->compiled, run->names.count, "compiling, %zu of %zu files",
                    run->compiled, run->names.count);
  return true;
}

/* A plugin is told comments and places, and those live only without `emit`. */
static bool compile(generate_run *run, stele_err *err) {
  bool for_plugins = cli_given(run->args, "plugin");
  const stele_compile_options options = {.use_builtin = true,
                                         .warn_unused_imports = true,
                                         .source_info = for_plugins,
                                         .emit = for_plugins ? NULL : count_file,
                                         .emit_arg = run};
  run->report = stele_report_new(run->arena, 0);
  cli_progress_begin(&run->bar, run->args);
  run->schema = stele_compile(&run->dirs.resolver, run->names.at, run->names.count, &options,
                              run->report, err);
  cli_progress_end(&run->bar);
  cli_print_report(run->args, run->report, run->form);
  return run->schema != NULL;
}

/* ---- generating ---- */

/* The runtimes bring google/protobuf along. */
static bool is_of_runtime(const stele_file *file) {
  static const char folder[] = "google/protobuf/";
  return file->name.len > sizeof folder && memcmp(file->name.ptr, folder, sizeof folder - 1) == 0;
}

typedef STELE_VEC(const stele_file *) file_list;

static void choose_files(generate_run *run, file_list *files) {
  size_t count = 0;
  const stele_file *const *all = stele_schema_files(run->schema, &count);
  bool imports = cli_given(run->args, "include-imports");
  for (size_t i = 0; i < count; i++) {
    bool is_named = stele_map_find(&run->named, all[i]->name) != NULL;
    if (is_named || (imports && !is_of_runtime(all[i]))) {
      STELE_VEC_PUSH(run->arena, files, all[i]);
    }
  }
}

/* "x" of "x=parameter", and the parameter. */
static stele_str split_name(stele_str text, stele_str *rest) {
  const char *equals = text.len ? memchr(text.ptr, '=', text.len) : NULL;
  size_t len = equals ? (size_t)(equals - text.ptr) : text.len, skip = equals ? len + 1 : len;
  *rest = (stele_str){text.ptr + skip, text.len - skip};
  return (stele_str){text.ptr, len};
}

/* All --opt of a plugin, with commas between them. */
static stele_str parameter_of(generate_run *run, stele_str plugin) {
  stele_buf all;
  stele_str option, value;
  stele_buf_init(&all, run->arena, 0);
  for (size_t i = 0; (option = cli_value_nth(run->args, "opt", i)).ptr; i++) {
    if (!stele_str_eq(split_name(option, &value), plugin)) continue;
    if (all.len) stele_buf_add_byte(&all, ',');
    stele_buf_add_str(&all, value);
  }
  return stele_buf_str(&all);
}

/* The reason is printed whole: a plugin's words may be many. */
static bool fail_plugin(generate_run *run, stele_str name, const stele_plugin_words *words,
                        stele_str complaints, stele_err *err) {
  stele_str all = stele_str_printf(run->arena, STELE_STR_FMT STELE_STR_FMT STELE_STR_FMT,
                                   STELE_STR_ARG(words->lines), STELE_STR_ARG(complaints),
                                   STELE_STR_ARG(words->error));
  while (all.len && all.ptr[all.len - 1] == '\n') all.len--;
  (void)cli_fail(run->args, "plugin " STELE_STR_FMT ": " STELE_STR_FMT, STELE_STR_ARG(name),
                 STELE_STR_ARG(all));
  run->is_told = true;
  return stele_fail(err, STELE_INVALID, "a plugin failed");
}

static bool run_plugin(generate_run *run, stele_str given, const stele_file *const *files,
                       size_t count, stele_err *err) {
  stele_str path, name = split_name(given, &path);
  stele_plugin plugin = {
      .name = stele_str_printf(run->arena, "protoc-gen-" STELE_STR_FMT, STELE_STR_ARG(name))};
  if (path.len) plugin.path = path;
  stele_plugin_limits(&plugin);
  stele_plugin_job job = {files, count, parameter_of(run, name)};
  stele_plugin_words words;
  bool ok = stele_plugin_run(run->arena, &plugin, &job, run->output, &words, err);
  stele_str complaints = stele_gen_output_complaints(run->output);
  if (ok && complaints.len == 0) return true;
  return err->code == STELE_OK ? fail_plugin(run, name, &words, complaints, err) : false;
}

static bool generate(generate_run *run, stele_err *err) {
  file_list files = {0};
  stele_str plugin;
  run->output = stele_gen_output_new(run->arena);
  choose_files(run, &files);
  for (size_t i = 0; i < stele_generator_count; i++) {
    const stele_generator *generator = &stele_generators[i];
    if (!cli_given(run->args, generator->name)) continue;
    bool stubs = !cli_given(run->args, "no-pyi");
    stele_str parameter = stubs ? STELE_STR("") : STELE_STR("pyi=false");
    if (!stele_generate(generator, run->arena, files.at, files.count, parameter, run->output,
                        err)) {
      return false;
    }
  }
  for (size_t i = 0; (plugin = cli_value_nth(run->args, "plugin", i)).ptr; i++) {
    if (!run_plugin(run, plugin, files.at, files.count, err)) return false;
  }
  return true;
}

/* ---- writing ---- */

static bool write_file(generate_run *run, stele_str dir, const stele_gen_file *file,
                       stele_err *err) {
  stele_str path = stele_str_printf(run->arena, STELE_STR_FMT "/" STELE_STR_FMT, STELE_STR_ARG(dir),
                                    STELE_STR_ARG(file->path));
  size_t folder = path.len;
  while (path.ptr[folder - 1] != '/') folder--;
  bool written = false;
  if (!sys_dir_make((stele_str){path.ptr, folder - 1}, err)) return false;
  if (!sys_file_update(path, stele_str_bytes(file->content), &written, err)) return false;
  run->written += written;
  run->unchanged += !written;
  return true;
}

static bool write_files(generate_run *run, stele_err *err) {
  size_t count = 0;
  stele_str dir = cli_value(run->args, "o");
  const stele_gen_file *files = stele_gen_output_files(run->output, &count);
  while (dir.len > 1 && dir.ptr[dir.len - 1] == '/') dir.len--;
  cli_progress_begin(&run->bar, run->args);
  bool ok = true;
  for (size_t i = 0; i < count && ok; i++) {
    ok = write_file(run, dir, &files[i], err);
    cli_progress_show(&run->bar, i, count, "writing, %zu of %zu files", i, count);
  }
  cli_progress_end(&run->bar);
  return ok;
}

/* ---- words ---- */

/* A folder named without any -I is its own import root; files are named from
 * where we stand. */
static void find_dirs(generate_run *run) {
  stele_str dir;
  for (size_t i = 0; (dir = cli_value_nth(run->args, "I", i)).ptr; i++) {
    cli_import_dirs_add(&run->dirs, dir);
  }
  if (run->dirs.dirs.count) return;
  bool has_file = false;
  for (size_t i = 0; i < cli_word_count(run->args); i++) {
    bool is_dir = sys_file_stat(cli_word(run->args, i)).kind == SYS_FILE_DIR;
    if (is_dir) cli_import_dirs_add(&run->dirs, cli_word(run->args, i));
    has_file |= !is_dir;
  }
  if (has_file) cli_import_dirs_add(&run->dirs, STELE_STR("."));
}

/* A file may be meant by two words; it is generated once. */
static bool find_names(generate_run *run, stele_err *err) {
  cli_names all = {0};
  stele_map_init(&run->named, run->arena, 0);
  for (size_t i = 0; i < cli_word_count(run->args); i++) {
    if (!cli_import_dirs_expand(&run->dirs, cli_word(run->args, i), &all, err)) return false;
  }
  for (size_t i = 0; i < all.count; i++) {
    void **place = stele_map_add(&run->named, all.at[i]);
    if (!*place) STELE_VEC_PUSH(run->arena, &run->names, all.at[i]);
    *place = run;
  }
  return run->names.count || stele_fail(err, STELE_NOT_FOUND, "no .proto files there");
}

/* ---- the watch ---- */

static uint64_t stamp_file(stele_str path, uint64_t stamp) {
  sys_file_info info = sys_file_stat(path);
  stamp = stele_hash_str(path, stamp);
  stamp = stele_hash_mix(stamp ^ info.size_bytes, 0x9e3779b97f4a7c15u);
  return stele_hash_mix(stamp ^ (uint64_t)info.changed, 0xe7037ed1a0b428dbu);
}

/* A number that changes when a .proto file below the folders is added, removed
 * or changed. A folder that is away for a moment is a change too. */
static uint64_t stamp_of(const generate_run *run) {
  stele_err ignored = {0};
  stele_arena *scratch = stele_arena_new(0);
  uint64_t stamp = 1;
  for (size_t i = 0; scratch && i < run->dirs.dirs.count; i++) {
    sys_paths found = {0};
    stele_str dir = run->dirs.dirs.at[i].len ? run->dirs.dirs.at[i] : STELE_STR(".");
    if (!sys_dir_list(scratch, dir, STELE_STR(".proto"), MOST_FILES, &found, &ignored)) continue;
    for (size_t j = 0; j < found.count; j++) {
      stele_str path = stele_str_printf(scratch, STELE_STR_FMT "/" STELE_STR_FMT,
                                        STELE_STR_ARG(dir), STELE_STR_ARG(found.at[j]));
      stamp = stamp_file(path, stamp);
    }
  }
  stele_arena_free(scratch);
  return stamp;
}

/* Looks three times a second: no folder is too deep for that, and no system
 * lacks it. */
static void wait_for_change(const generate_run *run, uint64_t stamp) {
  do {
    sys_clock_sleep_ms(WATCH_MS);
  } while (stamp_of(run) == stamp);
}

/* ---- one round ---- */

static cli_exit generate_once(generate_run *run) {
  stele_err err = {0};
  cli_exit result = CLI_OK;
  bool ok =
      find_names(run, &err) && compile(run, &err) && generate(run, &err) && write_files(run, &err);
  if (!ok) {
    bool said = run->report && err.code == STELE_INVALID && stele_report_has_errors(run->report);
    result = said || run->is_told ? CLI_ERROR : cli_fail_err(run->args, &err);
  } else {
    cli_print(run->args, "%zu files written, %zu unchanged in " STELE_STR_FMT "\n", run->written,
              run->unchanged, STELE_STR_ARG(cli_value(run->args, "o")));
  }
  stele_schema_unref(run->schema);
  cli_flush(run->args);
  return result;
}

/* The stamp is taken before the files are read, so that a change in the middle
 * is seen by the watch. */
static cli_exit run_rounds(cli_args *args) {
  bool watch = cli_given(args, "watch");
  stele_report_form form;
  if (!cli_error_format(args, &form)) return CLI_ERROR;
  for (;;) {
    generate_run run = {.args = args, .arena = stele_arena_new(0), .form = form};
    if (!run.arena) return cli_fail(args, "no memory");
    cli_import_dirs_init(&run.dirs, run.arena);
    find_dirs(&run);
    uint64_t stamp = watch ? stamp_of(&run) : 0;
    cli_exit result = generate_once(&run);
    if (watch) {
      cli_note(args, "watching for changes; Ctrl-C ends\n");
      wait_for_change(&run, stamp);
    }
    cli_import_dirs_release(&run.dirs);
    stele_arena_free(run.arena);
    if (!watch) return result;
  }
}

static cli_exit run_generate(cli_args *args) {
  size_t chosen = 0;
  for (size_t i = 0; i < stele_generator_count; i++) {
    const stele_generator *generator = &stele_generators[i];
    if (!cli_given(args, generator->name)) continue;
    if (!generator->run) return cli_fail(args, "%s code is not available yet", generator->title);
    chosen++;
  }
  if (!chosen && !cli_given(args, "plugin")) {
    return cli_fail(args, "which language? --python is available, and --plugin NAME");
  }
  return run_rounds(args);
}

#define X(name, title, run, suffixes, options, note)                                               \
  {#name, 0, NULL, NULL, "Generate " title " code" note},
static const cli_option generate_options[] = {
    STELE_GENERATORS(X){"", 'I', "DIR", NULL,
                        "Look for imports in this folder; may be given again"},
    {"plugin", 0, "NAME[=PATH]", NULL,
     "Generate with the program protoc-gen-NAME in PATH, or the one named; may be given again"},
    {"opt", 0, "NAME=PARAMETER", NULL, "A parameter for that plugin; may be given again"},
    {"", 'o', "DIR", ".", "Write below this folder"},
    {"include-imports", 0, NULL, NULL,
     "Also for the files they import, but those of google/protobuf"},
    {"no-pyi", 0, NULL, NULL, "Python without .pyi stubs"},
    CLI_ERROR_FORMAT,
    {"watch", 0, NULL, NULL, "Again whenever a .proto file below the folders changes"},
};
#undef X

const cli_command cli_generate = {
    .name = "generate",
    .summary = "Generate code from .proto files.",
    .words = "FILE|DIR…",
    .fewest = 1,
    .most = SIZE_MAX,
    .options = generate_options,
    .option_count = STELE_COUNT(generate_options),
    .run = run_generate,
    .more = "Nothing is written unless all of it could be generated. Files that would not\n"
            "change are left alone. Languages that are not available yet say so.",
};
