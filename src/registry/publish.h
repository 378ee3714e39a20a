/* publish: registering one schema under a subject.
 *
 * In:   a request of any coat.   Out: the version that holds it, new or not; or
 * a refusal with findings.
 * In order: compile, identity, what is there already, mode, policies, the
 * store's writer; judged again when the subject moved on meanwhile, at most
 * three times.
 * Deps: registry/candidate.h, registry/judge.h, registry/work.h. */
#ifndef STELE_REGISTRY_PUBLISH_H
#define STELE_REGISTRY_PUBLISH_H

#include "registry/candidate.h"
#include "registry/judge.h"
#include "registry/registry.h"
#include "registry/text.h"

/* `version` of a Confluent request: none named, or the one after the newest. */
enum { REGISTRY_ANY_VERSION = 0, REGISTRY_NEXT_VERSION = -1 };

typedef struct registry_publish_in {
  stele_str tenant, subject;
  stele_str schema; /* text, or a base64 descriptor */
  const stele_reference *references;
  size_t reference_count;
  bool has_metadata;            /* else it is the previous version's */
  stele_str metadata, rule_set; /* canonical */
  int32_t version;
  int32_t id; /* asked for by importers; 0: none */
  bool normalize;
  bool force;   /* whatever the compatibility level says */
  bool dry_run; /* everything but the writing */
  /* A native registration: imports resolve by name, and only a version with
   * equal text counts as there already; a comment makes a patch. */
  bool native;
  text_form form; /* of the text in the answer */
  registry_caller caller;
} registry_publish_in;

typedef struct registry_published {
  const registry_refused *refused; /* NULL: it is registered */
  stele_err err;                   /* code not 0: the machine failed */
  bool created;                    /* a new version; else the one that was there */
  int32_t id;                      /* 0: a dry run of something new */
  int32_t version;
  stele_md5 guid;
  stele_time_us time;
  stele_str semver;
  check_class cls; /* NONE: nothing new */
  const registry_finding *findings;
  size_t finding_count;
  stele_content content;
  stele_str source; /* the text to show */
} registry_published;

typedef void registry_published_fn(const registry_published *out, void *arg);

/* A registration that has not begun, in `arena`, which is the request's; `in`
 * lives as long. In the arena's guard. */
typedef struct publish_job publish_job;
publish_job *registry_publish_new(stele_registry *r, stele_arena *arena,
                                  const registry_publish_in *in, registry_published_fn *done,
                                  void *arg);

/* Begins it. The arena belongs to the registry until `done` is called, on any
 * thread; the answer lives in it. False: there is too much to do, and done is
 * not called. */
bool registry_publish_start(publish_job *job, stele_err *err) STELE_MUST_USE;

/* The newest live version of a subject that means the same as the request does,
 * by Confluent's rules; NULL when there is none. `refused` when the request
 * itself cannot be. For lookups `deleted` counts deleted versions in. */
const snap_version *publish_find(linked_job *job, const registry_publish_in *in, bool deleted,
                                 const registry_refused **refused, stele_err *err);

#endif
