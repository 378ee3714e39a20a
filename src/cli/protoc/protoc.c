/* stele protoc: protoc's command line, whole, so that a Makefile, CMake or Bazel
 * can be pointed here. The order of steps is protoc's, since its first mistake
 * is its last word. */
#include "cli/protoc/protoc.h"

#include "cli/command_table.h"
#include "cli/protoc/protoc_flags.h"
#include "sys/file.h"

/* ---- Finding the inputs ---------------------------------------------------------------- */

static bool add_sets(protoc_run *run) {
  for (size_t i = 0; i < run->options.sets_in.count; i++) {
    stele_str why;
    if (!protoc_tree_add_set(&run->tree, run->options.sets_in.at[i], &why)) {
      return protoc_say(run, STELE_STR_FMT "\n", STELE_STR_ARG(why));
    }
  }
  return true;
}

/* Without paths the inputs must be in the sets. */
static bool check_inputs_in_sets(protoc_run *run) {
  const cli_words *inputs = &run->options.inputs;
  for (size_t i = 0; i < inputs->count; i++) {
    if (protoc_tree_has_in_sets(&run->tree, inputs->at[i])) continue;
    return protoc_say(run,
                      "Could not find file in descriptor database: " STELE_STR_FMT
                      ": No such file or directory\n",
                      STELE_STR_ARG(inputs->at[i]));
  }
  return true;
}

static bool name_inputs(protoc_run *run) {
  const protoc_options *o = &run->options;
  if (o->paths.count == 0) return check_inputs_in_sets(run);
  for (size_t i = 0; i < o->paths.count; i++) {
    protoc_tree_map(&run->tree, o->paths.at[i].name, o->paths.at[i].value);
  }
  protoc_tree_map_default(&run->tree);
  for (size_t i = 0; i < o->inputs.count; i++) {
    stele_str why;
    if (!protoc_tree_name(&run->tree, o->inputs.at[i], &o->inputs.at[i], &why)) {
      return protoc_say(run, STELE_STR_FMT "\n", STELE_STR_ARG(why));
    }
  }
  return true;
}

/* A type may be named without a file when the sets have it. */
static void find_codec_file(protoc_run *run) {
  protoc_options *o = &run->options;
  if (o->inputs.count || o->codec_type.len == 0 || o->paths.count) return;
  stele_str file = protoc_tree_set_file_of(&run->tree, o->codec_type);
  if (file.len) STELE_VEC_PUSH(run->arena, &o->inputs, file);
}

/* ---- The steps ------------------------------------------------------------------------- */

static bool is_fatal(const protoc_run *run) {
  return run->options.fatal_warnings && protoc_has_warnings(run);
}

static bool write_all(protoc_run *run) {
  const protoc_options *o = &run->options;
  protoc_outputs outputs = {0};
  if (o->mode == PROTOC_COMPILE) {
    if (!protoc_generate(run, &outputs) || !protoc_write_outputs(run, &outputs)) return false;
    if (o->dependency_out.len && !protoc_write_dependencies(run, &outputs)) return false;
    if (o->set_out.len && !protoc_write_set(run, o->set_out, false)) return false;
    if (o->defaults_out.len && !protoc_write_defaults(run)) return false;
  } else if (o->mode != PROTOC_PRINT && !protoc_codec(run)) {
    return false;
  }
  if (is_fatal(run)) return false;
  if (o->mode == PROTOC_PRINT) protoc_print_free_numbers(run);
  return true;
}

static bool run_steps(protoc_run *run) {
  if (!add_sets(run) || !name_inputs(run)) return false;
  find_codec_file(run);
  return protoc_compile(run) && write_all(run);
}

static cli_exit run_protoc(cli_args *args, stele_str program, int argc, char **argv) {
  protoc_run run = {.args = args, .arena = args->arena, .options = {.program = program}};
  cli_exit end = CLI_OK;
  stele_err ignored = {0};
  if (!protoc_read_options(args, argc, argv, &run.options, &end)) return end;
  protoc_tree_init(&run.tree, run.arena);
  bool ok = run_steps(&run);
  stele_schema_unref(run.schema);
  protoc_tree_release(&run.tree);
  if (run.temp_dir.len) (void)!sys_dir_remove(run.temp_dir, &ignored);
  return ok ? CLI_OK : CLI_ERROR;
}

/* For help: protoc reads its arguments by itself. */
static const cli_option protoc_rows[] = {
#define X(name, letter, value, take, help) {name, letter, value, NULL, help},
    PROTOC_FLAGS(X) PROTOC_OPEN_FLAGS(X)
#undef X
};

const cli_command cli_protoc = {
    .name = "protoc",
    .summary = "Do what protoc does, by its own command line.",
    .words = "PROTO_FILES",
    .most = SIZE_MAX,
    .options = protoc_rows,
    .option_count = STELE_COUNT(protoc_rows),
    .run_raw = run_protoc,
    .more = "Called by the name protoc (a link or a copy), this is what stele does. Python is\n"
            "written by Stele itself, other languages by plugins (protoc-gen-X in PATH, or\n"
            "--plugin), and those that are built into protoc by one that STELE_PROTOC names or\n"
            "PATH has. A plugin is killed when it takes longer than STELE_PLUGIN_TIMEOUT seconds\n"
            "(600) or says more than STELE_PLUGIN_LIMIT MiB (1024). google/protobuf/*.proto is\n"
            "built in, and used when no path has it.",
};
