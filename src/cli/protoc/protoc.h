/* cli/protoc: what the files of `stele protoc` share.
 *
 * In:   protoc's own command line.   Out: what protoc 36.2 would make of it:
 * files, words, exit code. The order in which mistakes are looked for, and the
 * words for them, are protoc's.
 * Deps: cli/command.h, cli/protoc_tree.h, gen/output.h. */
#ifndef STELE_CLI_PROTOC_H
#define STELE_CLI_PROTOC_H

#include "base/vec.h"
#include "cli/command_internal.h"
#include "cli/protoc/protoc_tree.h"
#include "gen/output.h"
#include "proto/descriptor/descriptor.h"
#include "proto/report/report.h"

/* A language that protoc has a generator of its own for. */
typedef struct protoc_language {
  const char *out;    /* "--python_out" */
  const char *option; /* "--python_opt"; NULL: there is none */
  const char *help;
  const char *generator; /* the row in gen/generator.h that writes the same; NULL: a protoc
                            must be asked */
  const char *parameter; /* for that row */
} protoc_language;

extern const protoc_language protoc_languages[];
extern const size_t protoc_language_count;

/* One --x_out. */
typedef struct protoc_directive {
  stele_str flag;                  /* "--x_out" */
  const protoc_language *language; /* NULL: a plugin */
  stele_str parameter, location;
} protoc_directive;

/* A text by a name: the last or the joined value of flags that belong together. */
typedef struct protoc_named {
  stele_str name, value;
} protoc_named;

typedef STELE_VEC(protoc_named) protoc_named_list;

typedef enum protoc_mode {
  PROTOC_COMPILE,
  PROTOC_ENCODE,
  PROTOC_DECODE,
  PROTOC_PRINT,
} protoc_mode;

/* The command line, understood. */
typedef struct protoc_options {
  stele_str program; /* as help and complaints call it */
  protoc_mode mode;
  stele_str codec_type; /* of encode and decode; empty: --decode_raw */
  cli_words inputs;
  cli_words sets_in;
  protoc_named_list paths; /* name: virtual, value: on disk */
  stele_str set_out, dependency_out, defaults_out;
  int32_t defaults_minimum, defaults_maximum; /* 0: not given */
  cli_words direct, option;                   /* --direct_dependencies, --option_dependencies */
  stele_str direct_message, option_message;
  STELE_VEC(protoc_directive) directives;
  protoc_named_list plugins;          /* name -> path */
  protoc_named_list plugin_options;   /* name -> parameter */
  protoc_named_list language_options; /* --x_out -> parameter */
  protoc_named_list prefixes;         /* plugin name -> command, words between blanks */
  bool has_direct, has_option, msvs, include_imports, include_source_info, retain_options,
      disallow_services, escape_allowed, deterministic, fatal_warnings, any_edition, trace;
} protoc_options;

/* Reads the arguments. True to go on; false when that is all, with the exit code
 * in `*end`. */
bool protoc_read_options(cli_args *args, int argc, char **argv, protoc_options *out,
                         cli_exit *end) STELE_MUST_USE;

/* The value of a name, or NULL. */
const protoc_named *protoc_find(const protoc_named_list *list, stele_str name);

/* The name of the plugin that a flag ("--x_out", "--x_opt", "--x_prefix") is
 * about: "protoc-gen-x". */
stele_str protoc_plugin_name(stele_arena *arena, stele_str flag);

/* --help and --notices. */
void protoc_print_help(cli_args *args, stele_str program);
void protoc_print_notices(cli_args *args);

/* One run. */
typedef struct protoc_run {
  cli_args *args;
  stele_arena *arena;
  protoc_options options;
  protoc_tree tree;
  stele_report *report;
  const stele_schema *schema;
  const stele_file **files; /* one per input */
  size_t count;
  stele_str set_path; /* of the set that a delegate reads; empty: not written yet */
  stele_str temp_dir; /* empty: none yet */
} protoc_run;

/* Says something on standard error, as it stands; answers false. */
bool protoc_say(protoc_run *run, const char *format, ...) STELE_PRINTF(2, 3);

/* Compiles the inputs: run->schema and run->files. Prints what there is to say
 * about them. */
bool protoc_compile(protoc_run *run) STELE_MUST_USE;

/* Whether there were warnings that --fatal_warnings minds. */
bool protoc_has_warnings(const protoc_run *run);

/* Where one or more --x_out go. */
typedef struct protoc_output {
  stele_str location; /* ends in '/', or names an archive */
  stele_gen_output *files;
  size_t said; /* bytes of its complaints that were printed */
} protoc_output;

typedef STELE_VEC(protoc_output) protoc_outputs;

/* Runs all generators, into memory; and puts on disk what they made. */
bool protoc_generate(protoc_run *run, protoc_outputs *outputs) STELE_MUST_USE;
bool protoc_write_outputs(protoc_run *run, const protoc_outputs *outputs) STELE_MUST_USE;

/* Lets a real protoc do one directive. */
bool protoc_delegate(protoc_run *run, const protoc_directive *directive, stele_str option,
                     stele_gen_output *output) STELE_MUST_USE;

/* Says in protoc's words what is wrong with a text that is no message of the type;
 * false when it finds nothing. */
bool protoc_explain_text(protoc_run *run, const stele_message *type, stele_str text);

/* --edition_defaults_out. */
bool protoc_write_defaults(protoc_run *run) STELE_MUST_USE;

/* --descriptor_set_out, to `path`; with everything a delegate needs when
 * `for_delegate`. --dependency_out. */
bool protoc_write_set(protoc_run *run, stele_str path, bool for_delegate) STELE_MUST_USE;
bool protoc_write_dependencies(protoc_run *run, const protoc_outputs *outputs) STELE_MUST_USE;

/* --print_free_field_numbers. */
void protoc_print_free_numbers(protoc_run *run);

/* --encode, --decode and --decode_raw, from standard input to standard output. */
bool protoc_codec(protoc_run *run) STELE_MUST_USE;

#endif
