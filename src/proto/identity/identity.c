/* The canonical serialisation: a tree of tagged, length-prefixed records in an
 * order that no spelling can change, fed to SHA-256 at the end.
 *
 * It is not descriptor.proto's encoding: that one keeps what we must forget
 * (orders, map entries, synthetic oneofs). Options come in the form protoc
 * writes by default, merged and sorted, which descriptors of clients have too.
 * Tags and layout are stored for ever inside identities: they never change. */
#include "proto/identity/identity.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/guard.h"
#include "proto/descriptor/descriptor.h"
#include "proto/identity/canonical.h"

static const char fingerprint_version[] = "stele.fingerprint.1";
static const char identity_version[] = "stele.identity.1";

typedef struct fingerprint_job {
  stele_arena *arena;
  const stele_file *file;
  stele_buf out;
} fingerprint_job;

static void run_fingerprint(void *arg) {
  fingerprint_job *job = arg;
  stele_buf_init(&job->out, job->arena, 0);
  stele_buf_add(&job->out, fingerprint_version, sizeof fingerprint_version);
  canonical_file(job->arena, job->file, &job->out);
}

bool stele_fingerprint(stele_arena *arena, const stele_file *file, stele_sha256 *out,
                       stele_err *err) {
  fingerprint_job job = {.arena = arena, .file = file};
  if (!stele_guard_run(arena, run_fingerprint, &job, err)) return false;
  stele_str whole = stele_buf_str(&job.out);
  return stele_sha256_of(&whole, 1, out, err);
}

typedef struct identity_job {
  stele_arena *arena;
  const stele_identity_in *in;
  stele_buf out;
} identity_job;

static int by_name(const void *a, const void *b) {
  const stele_identity_reference *x = *(const stele_identity_reference *const *)a;
  const stele_identity_reference *y = *(const stele_identity_reference *const *)b;
  int order = stele_str_order(x->name, y->name);
  return order ? order : memcmp(x->identity.bytes, y->identity.bytes, STELE_SHA256_BYTES);
}

static const stele_identity_reference **sorted_references(const identity_job *job) {
  size_t count = job->in->reference_count;
  const stele_identity_reference **sorted =
      STELE_NEW_ARRAY(job->arena, const stele_identity_reference *, count);
  for (size_t i = 0; i < count; i++) sorted[i] = &job->in->references[i];
  if (count > 1) qsort(sorted, count, sizeof *sorted, by_name);
  return sorted;
}

static void run_identity(void *arg) {
  identity_job *job = arg;
  const stele_identity_in *in = job->in;
  stele_buf_init(&job->out, job->arena, 0);
  stele_buf_add(&job->out, identity_version, sizeof identity_version);
  stele_buf_add(&job->out, in->fingerprint.bytes, STELE_SHA256_BYTES);
  const stele_identity_reference **sorted = sorted_references(job);
  for (size_t i = 0; i < in->reference_count; i++) {
    if (i > 0 && by_name(&sorted[i - 1], &sorted[i]) == 0) continue;
    canonical_text(&job->out, CANONICAL_REFERENCE, sorted[i]->name);
    stele_buf_add(&job->out, sorted[i]->identity.bytes, STELE_SHA256_BYTES);
  }
  if (in->metadata.len) canonical_text(&job->out, CANONICAL_METADATA, in->metadata);
  if (in->rule_set.len) canonical_text(&job->out, CANONICAL_RULE_SET, in->rule_set);
}

bool stele_identity_of(stele_arena *arena, const stele_identity_in *in, stele_sha256 *out,
                       stele_err *err) {
  identity_job job = {.arena = arena, .in = in};
  if (!stele_guard_run(arena, run_identity, &job, err)) return false;
  stele_str whole = stele_buf_str(&job.out);
  return stele_sha256_of(&whole, 1, out, err);
}
