/* config: what a team's configuration file says, as a struct.
 *
 * In:   the bytes of stele.yaml, buf.yaml (v1beta1, v1, v2) or buf.work.yaml.
 * Out:  modules, each with its folders and its rules for lint and breaking
 *       changes; what is on is worked out by whoever knows the rules.
 * A key that a version does not have, a value of the wrong kind, and a path that
 * leads outside are refused, with the place in the file. Paths come out
 * normalised ("./a//b/" is "a/b"; the folder itself is ".").
 * It stands beside check and not in it, because it knows YAML and no schema.
 * Pure. Deps: base, fmt. */
#ifndef STELE_CONFIG_CONFIG_H
#define STELE_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

typedef STELE_VEC(stele_str) config_strs;

/* Bits, because a key belongs to several of them. */
typedef enum config_version {
  CONFIG_V1BETA1 = 1,
  CONFIG_V1 = 2,
  CONFIG_V2 = 4,
  CONFIG_STELE = 8, /* stele.yaml's own, `version: 1` */
  CONFIG_WORK = 16, /* buf.work.yaml */
} config_version;

/* Places that one rule or category does not look at. */
typedef struct config_ignore {
  stele_str id;
  config_strs paths; /* relative to the module */
} config_ignore;

/* A row that excuses named elements of one file from one rule. */
typedef struct config_excuse {
  stele_str id;
  stele_str path; /* relative to the module */
  config_strs symbols;
  stele_str reason;
  uint32_t line; /* of the row in the file, 1-based */
} config_excuse;

/* The section `lint` or `breaking`. */
typedef struct config_rules {
  bool is_given;
  config_strs use, except;
  config_strs ignore; /* relative to the module */
  STELE_VEC(config_ignore) ignore_only;
  STELE_VEC(config_excuse) excuses; /* stele.yaml's rows with a reason */
  stele_str enum_zero_value_suffix, service_suffix;
  bool rpc_allow_same_request_response;
  bool rpc_allow_google_protobuf_empty_requests;
  bool rpc_allow_google_protobuf_empty_responses;
  bool allow_comment_ignores; /* whatever the version calls it */
  bool ignore_unstable_packages;
  bool disable_builtin;
  uint32_t max_nesting; /* stele.yaml's; 0: not given */
} config_rules;

typedef struct config_module {
  stele_str path;                 /* relative to the file's folder */
  stele_str name;                 /* "registry/owner/name", or empty */
  config_strs roots;              /* v1beta1; relative to `path`; none: the folder itself */
  config_strs includes, excludes; /* folders, relative to `path`; none: all of it */
  config_rules lint, breaking;
} config_module;

typedef struct config_file {
  config_version version;
  STELE_VEC(config_module) modules; /* at least one; for buf.work.yaml: paths alone */
  config_strs deps;                 /* "registry/owner/name[:ref]" */
  config_strs plugins, policies;    /* recognised; nobody here runs them */
  stele_str compatibility;          /* stele.yaml's; or empty */
} config_file;

/* Which of the files it is: decides what the text may say. */
typedef enum config_kind {
  CONFIG_KIND_BUF,   /* buf.yaml, buf.mod, or a --config that may be any of them */
  CONFIG_KIND_STELE, /* stele.yaml: its own version too */
  CONFIG_KIND_WORK,  /* buf.work.yaml */
} config_kind;

/* What a text says. `name` is the file's in messages ("buf.yaml:3:5: …").
 * Errors: STELE_INVALID, STELE_LIMIT past the YAML reader's limits.
 * Memory: in `arena`. Threads: any. */
const config_file *config_parse(stele_arena *arena, stele_str name, stele_str text,
                                config_kind kind, stele_err *err) STELE_MUST_USE;

/* What holds where there is no file: one module, the folder itself. */
const config_file *config_default(stele_arena *arena, config_version version);

/* A path relative to a folder, normalised. NULL when it is fine, else what is
 * wrong with it: "expected to be relative", "is outside the context directory". */
const char *config_path(stele_arena *arena, stele_str path, stele_str *out);

/* Does `path` lie in `dir`, or is it the same; then `rest` (may be NULL) is what
 * is left of it, "." for the same. */
bool config_path_in(stele_str dir, stele_str path, stele_str *rest);

/* The folder above, "." at the top. */
stele_str config_path_above(stele_str path);

#endif
