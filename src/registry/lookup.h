/* lookup: questions about a schema that is sent, not stored: is it here, and
 * would it be taken.
 *
 * Both run on a worker (registry/work.h); what they answer lives in the
 * request's arena or the snapshot.
 * Deps: registry/publish.h. */
#ifndef STELE_REGISTRY_LOOKUP_H
#define STELE_REGISTRY_LOOKUP_H

#include "registry/publish.h"

/* The version of the subject that holds this schema: the one with equal bytes,
 * else the newest of its identity. A subject that names no tenant and is not in
 * the default one is looked for in all others (`anywhere`). NULL with `refused`,
 * or with `err`. */
const snap_version *registry_lookup(linked_job *links, const registry_publish_in *in, bool deleted,
                                    bool anywhere, const registry_refused **refused,
                                    stele_err *err) STELE_MUST_USE;

/* Which versions a trial is judged against. */
enum { TRIAL_BY_LEVEL = 0, TRIAL_NEWEST = -1 };

typedef struct registry_trial {
  bool compatible;
  const stele_str *messages; /* Confluent's */
  size_t message_count;
  const registry_finding *findings;
  size_t finding_count;
} registry_trial;

/* Judges a schema by the subject's level against one version, or those that the
 * level names. False: `refused` (no such version, or it does not compile) or
 * `err`. */
bool registry_try(linked_job *links, const registry_publish_in *in, int32_t against,
                  registry_trial *out, const registry_refused **refused,
                  stele_err *err) STELE_MUST_USE;

#endif
