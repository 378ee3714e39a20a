/* plugin: code generators that are programs of their own: protoc plugins.
 *
 * In:   a plugin's name and linked files.   Out: its files, added to an output,
 * or why not, in protoc's words.
 * A plugin is a stranger: it gets no more than a pipe and a time, what it says
 * is capped and read as hostile bytes, and it and all it started are killed
 * when it outstays. It runs with our rights, though: this is no sandbox.
 * Source: google/protobuf/compiler/plugin.proto; protoc 36.2.
 * Deps: base, sys/process, gen. */
#ifndef STELE_PLUGIN_PLUGIN_H
#define STELE_PLUGIN_PLUGIN_H

#include "base/arena.h"
#include "base/err.h"
#include "gen/output.h"

typedef struct stele_file stele_file;

enum { PLUGIN_MOST_S = 600, PLUGIN_MOST_MIB = 1024 };

typedef struct stele_plugin {
  stele_str name;          /* "protoc-gen-x" */
  stele_str path;          /* the program; empty: `name`, looked up in PATH */
  const stele_str *prefix; /* a command that runs the program instead of us, and its */
  size_t prefix_count;     /* arguments; looked up in PATH */
  const stele_str *variables;
  size_t variable_count; /* "NAME=value", for its environment */
  uint32_t limit_s;      /* 0: PLUGIN_MOST_S */
  uint32_t limit_mib;    /* 0: PLUGIN_MOST_MIB */
  bool any_edition;      /* do not ask whether it knows the files' editions */
} stele_plugin;

/* What stands in STELE_PLUGIN_TIMEOUT (seconds) and STELE_PLUGIN_LIMIT (MiB),
 * for the two limits; what is no number counts as unset. */
void stele_plugin_limits(stele_plugin *plugin);

typedef struct stele_plugin_job {
  const stele_file *const *files; /* compiled with source info and without an `emit` */
  size_t count;
  stele_str parameter;
} stele_plugin_job;

/* What is to be said when it did not work. Both may be empty. */
typedef struct stele_plugin_words {
  stele_str lines; /* whole lines, before */
  stele_str error; /* what stands behind "--x_out: " */
} stele_plugin_words;

/* Runs the plugin and adds its files to `output`. Its standard error is ours.
 *
 * False with `*words`: the plugin refused, failed or misbehaved. False with
 * err->code set: this machine could not.
 * Memory: files and words live in `arena`. Threads: any; blocks. */
bool stele_plugin_run(stele_arena *arena, const stele_plugin *plugin, const stele_plugin_job *job,
                      stele_gen_output *output, stele_plugin_words *words,
                      stele_err *err) STELE_MUST_USE;

#endif
