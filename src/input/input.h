/* input: whatever was named, as linked files: the one door of every command
 * that judges or compares.
 *
 * In:   how it was named and what of it is wanted.   Out: trees of linked files,
 *       one per module (one for an image), each file with the name that people
 *       see and whether it is only there because others import it.
 * Mistakes in the texts go to a report; the input then has no trees.
 * Deps: base, sys, config, git, archive, proto/compile, input/{ref,bucket,workspace}. */
#ifndef STELE_INPUT_INPUT_H
#define STELE_INPUT_INPUT_H

#include "config/config.h"
#include "input/bucket.h"
#include "input/place.h"
#include "proto/compile/compile.h"

typedef struct input_file {
  const stele_file *file;
  stele_str shown;  /* where it lies, for people; its import path when that is all */
  stele_str source; /* its path in the bucket; empty when it is none of its files */
  bool is_import;
  /* Of an image that says so: what its compiler had noted. */
  bool is_described, is_syntax_unspecified;
  const uint32_t *unused_imports; /* indexes */
  size_t unused_count;
} input_file;

typedef struct input_tree {
  stele_str dir;               /* of the module, within the input; "." */
  const config_module *config; /* its rules */
  config_version version;
  input_file *files; /* by import path */
  size_t count;
  uint64_t shape; /* of a tree that is kept while its files change: another one when it has
                     other files (by path; but see stele_hash_str); else 0 */
} input_tree;

typedef struct input_options {
  const char *flag;                 /* "--config": how messages call what follows */
  stele_str config;                 /* a file's name, or its text, ptr NULL: those that lie there */
  config_strs paths, exclude_paths; /* as typed */
  bool disable_links;
  stele_str beside;    /* how the input that this one is compared with was typed: where a
                          revision without a path looks; may be empty */
  stele_str lone_name; /* where just one file is named, it is taken under this import path:
                          that of the file it is compared with; may be empty */
  /* Brings the files of a registry, sorted by path; `what` is what stands behind
   * "registry", and `*named` the path of the one file that it means, or empty.
   * NULL: a registry is refused. */
  bool (*registry)(void *arg, stele_arena *arena, stele_str what, const stele_archive_file **files,
                   size_t *count, stele_str *named, stele_err *err);
  void *arg;
} input_options;

typedef struct input {
  stele_arena *arena;
  input_tree *trees; /* by folder; none when the report has errors */
  size_t count;
  bool is_image;
  config_strs deps, plugins, policies; /* that the configuration names */
  stele_str config_name;
  input_place place;
  STELE_VEC(const stele_schema *) schemas; /* held */
  stele_report *report;                    /* files are named as people see them */
  input_bucket *bucket;                    /* of the texts; NULL for an image */
  stele_buf text;                          /* of the file that was asked for last; on the heap */
} input;

/* Opens what `text` names and links it. True, with the report to be asked, when it
 * could be found and read. Close it in either case.
 * Errors: STELE_INVALID for what cannot be meant, the codes of reading. */
bool input_open(stele_arena *arena, stele_str text, const input_options *options, input *out,
                stele_err *err) STELE_MUST_USE;
void input_close(input *in);

/* A file of a tree of sources by import path, or NULL. Cost: log count. */
const input_file *input_tree_find(const input_tree *tree, stele_str name);

/* What `shape` is of a tree that was not kept. */
uint64_t input_tree_shape(const input_tree *tree);

/* The text of a file, good until the next one is asked for; false when there is
 * none to be had. */
bool input_load_text(input *in, const input_file *file, stele_str *out);

/* Can its files be written, as those of a folder on disk can? */
bool input_is_writable(const input *in);
bool input_save_text(input *in, const input_file *file, stele_str text,
                     stele_err *err) STELE_MUST_USE;

#endif
