/* cli/protoc_flags: the flags of protoc 36.2, one row each.
 *
 * The reader, `stele help protoc`, `--help` and the manual read these rows.
 * Deps: cli/protoc.h. */
#ifndef STELE_CLI_PROTOC_FLAGS_H
#define STELE_CLI_PROTOC_FLAGS_H

#include "cli/protoc/protoc.h"

/* A flag on its way into the options. */
typedef struct protoc_flag_reader {
  cli_args *args;
  protoc_options *out;
  stele_str name, value; /* name as it was typed, with its dashes; empty for a file */
  bool is_over;          /* nothing is left to do: help was printed, or a mistake found */
  cli_exit end;
} protoc_flag_reader;

typedef bool protoc_take(protoc_flag_reader *r);

// clang-format off
#define PROTOC_FLAGS(X)                                                                            \
  X("proto_path", 'I', "PATH", take_proto_path,                                                    \
    "Look for imports in this folder; may be given again, or several with ':' between them. "      \
    "VIRTUAL=PATH gives what lies there another name. Default: where you stand")                   \
  X("version", 0, NULL, take_version, "Print the version of protoc whose place this takes")        \
  X("help", 'h', NULL, take_help, "Print this")                                                    \
  X("encode", 0, "TYPE", take_codec, "Read a message as text from standard input, write its bytes")\
  X("deterministic_output", 0, NULL, take_deterministic, "With --encode: maps in a fixed order")   \
  X("decode", 0, "TYPE", take_codec, "Read a message's bytes from standard input, write it as text")\
  X("decode_raw", 0, NULL, take_codec, "Write any message as text, by field numbers")              \
  X("unsafe_allow_out_dir_escape", 0, NULL, take_escape,                                           \
    "Let generated files have \"..\" in their names")                                              \
  X("descriptor_set_in", 0, "FILES", take_set_in,                                                  \
    "Take files from these FileDescriptorSets, with ':' between them")                             \
  X("descriptor_set_out", 'o', "FILE", take_set_out, "Write a FileDescriptorSet of the files")     \
  X("include_imports", 0, NULL, take_include_imports, "Put what they import into the set as well") \
  X("include_source_info", 0, NULL, take_include_source_info, "Keep places and comments in the set")\
  X("retain_options", 0, NULL, take_retain_options,                                                \
    "Keep options in the set that are meant for the source only")                                  \
  X("dependency_out", 0, "FILE", take_dependency_out,                                              \
    "Write which files the output depends on, for make")                                           \
  X("error_format", 0, "FORMAT", take_error_format, "How mistakes are told: gcc (default) or msvs")\
  X("fatal_warnings", 0, NULL, take_fatal_warnings, "Fail when there are warnings")                \
  X("print_free_field_numbers", 0, NULL, take_print_free, "Print which numbers each message has left")\
  X("enable_codegen_trace", 0, "VALUE", take_trace,                                                \
    "Let generators say which part of them wrote what, where they can")                            \
  X("direct_dependencies", 0, "NAMES", take_direct,                                                \
    "The imports that are allowed, with ':' between them")                                         \
  X("direct_dependencies_violation_msg", 0, "TEXT", take_direct_message,                           \
    "What is said of any other; %s is its name")                                                   \
  X("option_dependencies", 0, "NAMES", take_option,                                                \
    "The same for \"import option\"")                                                              \
  X("option_dependencies_violation_msg", 0, "TEXT", take_option_message, "The same for that")      \
  X("disallow_services", 0, NULL, take_disallow_services, "Fail when a file has services")         \
  X("experimental_allow_proto3_optional", 0, NULL, take_nothing, "Does nothing any more")          \
  X("experimental_editions", 0, NULL, take_any_edition,                                            \
    "Do not ask whether generators know a file's edition")                                         \
  X("edition_defaults_out", 0, "FILE", take_defaults_out, "Write a FeatureSetDefaults")            \
  X("edition_defaults_minimum", 0, "EDITION", take_defaults_minimum, "From this edition on")       \
  X("edition_defaults_maximum", 0, "EDITION", take_defaults_maximum, "Up to this edition")         \
  X("notices", 0, NULL, take_notices, "Print the licence")                                         \
  X("plugin", 0, "[NAME=]PATH", take_plugin,                                                       \
    "The program that is protoc-gen-X; without a name its file name is the name")
// clang-format on

/* Rows of flags whose names a user chooses: for help only. */
// clang-format off
#define PROTOC_OPEN_FLAGS(X)                                                                       \
  X("X_out", 0, "[PARAMETER:]DIR", take_nothing,                                                   \
    "Generate code for X below this folder, or into a .zip, .jar or .srcjar: by Stele itself, by "  \
    "the plugin protoc-gen-X, or by a protoc that STELE_PROTOC names or PATH has")                 \
  X("X_opt", 0, "PARAMETER", take_nothing, "More of the parameter of --X_out")                     \
  X("X_prefix", 0, "COMMAND", take_nothing, "Run COMMAND PLUGIN instead of the plugin itself")
// clang-format on

#endif
