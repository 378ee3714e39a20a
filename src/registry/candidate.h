/* candidate: what somebody wants to register, compiled and named.
 *
 * In:   a request's schema: .proto text, or a base64 FileDescriptorProto or
 * FileDescriptorSet; its references.   Out: a linked file, what would be
 * stored, fingerprint, identity and guid; or a refusal.
 * Deps: registry/linked.h, proto/identity, proto/print. */
#ifndef STELE_REGISTRY_CANDIDATE_H
#define STELE_REGISTRY_CANDIDATE_H

#include "proto/identity/identity.h"
#include "registry/linked.h"
#include "registry/refusal.h"

typedef struct candidate_in {
  stele_str tenant, subject;
  stele_str schema;                  /* as it was sent */
  const stele_reference *references; /* as asked: version -1 is the newest */
  size_t reference_count;
  stele_str metadata, rule_set; /* canonical */
  bool normalize;               /* store the normalised text */
  bool strict;                  /* what protoc refuses is refused */
  bool by_name;                 /* other imports mean subjects of the tenant */
  bool live_only;               /* references to deleted versions are refused */
} candidate_in;

typedef struct candidate {
  const candidate_in *in;
  const stele_file *file; /* lives as long as the job */
  stele_content content;  /* what would be stored; references resolved */
  stele_str canonical;    /* the default printed form */
  stele_sha256 fingerprint, identity;
  stele_md5 guid;
  stele_identity_reference *identities; /* of the references */
} candidate;

/* Compiles and names. NULL: refused, or `err` says how the machine failed. */
candidate *candidate_make(linked_job *job, const candidate_in *in, const registry_refused **refused,
                          stele_err *err) STELE_MUST_USE;

/* Identity and guid anew, after content.metadata or content.rule_set changed. */
bool candidate_identify(linked_job *job, candidate *c, stele_err *err) STELE_MUST_USE;

/* Confluent's guid of a content whose canonical text is known. */
bool candidate_guid(stele_arena *arena, stele_str canonical, const stele_content *content,
                    stele_md5 *out, stele_err *err) STELE_MUST_USE;

/* The references of a request, resolved: tenant and number filled in. NULL when
 * one is not there (`refused`). */
const stele_reference *candidate_references(linked_job *job, stele_str tenant,
                                            const stele_reference *asked, size_t count,
                                            bool live_only, const registry_refused **refused);

/* What `schema` is: its bytes, and whether they are a descriptor. A set yields
 * its last file as the root, and the others through `rest` (repeated entries of
 * the set, in order). */
typedef struct candidate_source {
  stele_bytes bytes;
  stele_text_kind kind;
  stele_bytes set; /* the FileDescriptorSet it came in; empty: none */
} candidate_source;
candidate_source candidate_decode(stele_arena *arena, stele_str schema);

/* Findings of the compiler, most important first, as the registry's. */
const registry_finding *candidate_findings(stele_arena *arena, const stele_report *report,
                                           size_t *count);

/* The first of them that refuses, as "file:line:column: text". */
stele_str candidate_first_error(stele_arena *arena, const registry_finding *at, size_t count);

#endif
