/* push: a tree of files at once, all or nothing.
 *
 * In:   files by import path, paths to remove.   Out: a release; per file its
 * subject, version, id, class and findings.
 * A subject is the import path. Imports mean files of the push, then the
 * tenant's newest live subjects, then built-in files; what they resolved to is
 * recorded as references. A file absent from the push stays as it is.
 * Deps: registry/judge.h, registry/work.h. */
#ifndef STELE_REGISTRY_PUSH_H
#define STELE_REGISTRY_PUSH_H

#include "registry/judge.h"
#include "registry/registry.h"

typedef struct registry_push_file {
  stele_str path;
  stele_bytes content; /* .proto text */
} registry_push_file;

typedef struct registry_push_in {
  stele_str tenant;
  const registry_push_file *files;
  size_t file_count;
  const stele_str *removed; /* paths; soft-deleted */
  size_t removed_count;
  int32_t base_release; /* the newest release must be this one; 0: whatever */
  stele_str key;        /* idempotency key, or empty */
  stele_str commit;     /* the git commit it came from, or empty */
  bool dry_run;
  registry_caller caller;
} registry_push_in;

typedef enum push_status {
  PUSH_CREATED,   /* a subject that was not live */
  PUSH_CHANGED,   /* a new version */
  PUSH_UNCHANGED, /* the newest version already says this */
  PUSH_REMOVED
} push_status;

const char *push_status_text(push_status status);

typedef struct registry_pushed_file {
  stele_str subject;
  push_status status;
  int32_t version; /* removed: the last one that was live */
  int32_t id;      /* 0: a dry run of something new */
  stele_str semver;
  check_class cls;
  const registry_finding *findings;
  size_t finding_count;
} registry_pushed_file;

typedef struct registry_pushed {
  const registry_refused *refused;
  stele_err err;
  int32_t release; /* 0: nothing changed and there is none yet, or a dry run */
  stele_str semver;
  check_class cls; /* the highest */
  bool repeated;   /* the idempotency key was known: this is the first answer again */
  const registry_pushed_file *files; /* by path; removed ones last */
  size_t file_count;
} registry_pushed;

typedef void registry_pushed_fn(const registry_pushed *out, void *arg);

/* What is wrong with the path of a pushed file, or NULL. */
const char *registry_push_path_fault(stele_str path);

/* As registry_publish_new and registry_publish_start. */
typedef struct push_job push_job;
push_job *registry_push_new(stele_registry *r, stele_arena *arena, const registry_push_in *in,
                            registry_pushed_fn *done, void *arg);
bool registry_push_start(push_job *job, stele_err *err) STELE_MUST_USE;

#endif
