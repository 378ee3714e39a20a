/* input/workspace: which modules an input has, by the configuration files that
 * lie in it or above it, and which of their files are meant.
 *
 * In:   a bucket and what of it is wanted.   Out: modules with their folders,
 *       rules and files, each file under its import path.
 * The nearest stele.yaml, buf.yaml, buf.mod or buf.work.yaml that speaks of the
 * folder decides; without one the folder is a module by itself.
 * Deps: base, config, input/{bucket,place}. */
#ifndef STELE_INPUT_WORKSPACE_H
#define STELE_INPUT_WORKSPACE_H

#include "base/map.h"
#include "config/config.h"
#include "input/bucket.h"
#include "input/place.h"

/* What of a bucket is wanted. */
typedef struct input_scope {
  input_bucket *bucket;
  input_place place;
  stele_str subdir;    /* the folder that was named; a bucket path, as all here */
  stele_str protofile; /* the one file that was named, or empty */
  bool include_package_files;
  stele_str config_name, config_text; /* given instead of files; ptr NULL: not */
  config_strs paths, exclude_paths;   /* --path, --exclude-path */
} input_scope;

typedef struct input_module {
  stele_str dir; /* bucket path */
  const config_module *config;
  config_version version;
  size_t target_count;
} input_module;

typedef struct input_source {
  stele_str name; /* import path */
  stele_str path; /* bucket path */
  size_t module;  /* index */
  bool is_target;
} input_source;

typedef struct input_workspace {
  STELE_VEC(input_module) modules;
  STELE_VEC(input_source) sources; /* by module, then by path */
  stele_map by_name;               /* import path -> input_source (once all are there) */
  config_strs deps, plugins, policies;
  stele_str config_name; /* of the file that decided, as people see it; or empty */
} input_workspace;

/* STELE_INVALID: a configuration file is wrong, or there is nothing that could be
 * meant; STELE_NOT_FOUND, STELE_IO: files that cannot be read.
 * Memory: in `arena`. */
bool input_workspace_find(stele_arena *arena, const input_scope *scope, input_workspace *out,
                          stele_err *err) STELE_MUST_USE;

#endif
