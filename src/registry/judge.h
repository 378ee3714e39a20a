/* judge: may this follow what is there, and what kind of step is it.
 *
 * In:   a linked file, the versions of its subject.   Out: findings, whether
 * they refuse, the semantic class and the next semantic version.
 * Policies judge and may refuse; the semantic class only classifies.
 * Deps: check, registry/linked.h, registry/setting.h. */
#ifndef STELE_REGISTRY_JUDGE_H
#define STELE_REGISTRY_JUDGE_H

#include "check/confluent/confluent.h"
#include "registry/linked.h"
#include "registry/refusal.h"
#include "registry/setting.h"

/* What the compatibility level says. */
typedef struct judgement {
  bool incompatible;
  finding_list findings; /* those that refuse */
  /* Confluent's list of messages, the same findings in its own form. */
  STELE_VEC(stele_str) messages;
} judgement;

/* Judges `file` against versions, newest first: the first that fails ends it.
 * Where fields are validated, names that its metadata reserves are no fields of it,
 * and those that were reserved before are still. */
typedef struct judge_in {
  const stele_file *file;
  stele_str metadata; /* the new one's */
  const registry_config *config;
  const snap_version *before;         /* whose reserved names stay so, or NULL */
  const snap_version *const *against; /* ascending */
  size_t count;
} judge_in;
bool judge_compatibility(linked_job *job, const judge_in *in, judgement *out,
                         stele_err *err) STELE_MUST_USE;

/* The list of a refusal's findings as Confluent's messages have it. */
stele_str judge_list_findings(stele_arena *arena, const finding_list *findings);

/* Judges `file` by the rules that are set for its subject, beside `older` (NULL:
 * there is none). Findings that refuse make `*refused`; `*out` has all. */
bool judge_rules(linked_job *job, const registry_config *config, stele_str subject,
                 const stele_file *file, const snap_version *older, finding_list *out,
                 const registry_refused **refused, stele_err *err) STELE_MUST_USE;

/* Does a version belong to the same compatibility group as new metadata? */
bool judge_same_group(linked_job *job, const registry_config *config, stele_str metadata,
                      const snap_version *version, bool *same, stele_err *err) STELE_MUST_USE;

/* The live versions that the level asks about: the newest, or all; ascending,
 * and only those of the same compatibility group. */
bool judge_versions(linked_job *job, const snap_subject *subject, const registry_config *config,
                    stele_str metadata, const snap_version ***out, size_t *count,
                    stele_err *err) STELE_MUST_USE;

/* The semantic step from a version (NULL: none, the first) to a file. */
typedef struct judge_step {
  check_class cls;
  stele_str semver; /* of the version that it would be */
  finding_list findings;
} judge_step;
bool judge_semver(linked_job *job, const snap_version *from, const stele_file *file,
                  judge_step *out, stele_err *err) STELE_MUST_USE;

/* The first semantic version of a package: "2.0.0" for "trading.v2", else
 * "1.0.0". */
stele_str judge_first_semver(stele_arena *arena, stele_str package);

/* The version after `from` for a change of that class. */
stele_str judge_next_semver(stele_arena *arena, stele_str from, check_class cls);

#endif
