/* policy: the rules of lint and of breaking changes that are set for subjects,
 * and what they do to a schema that breaks them: warn, or refuse.
 *
 * In:   the "rules" member of a config; new files beside the versions they
 *       follow.   Out: findings, each with its place in the submitted text.
 *
 *   {"refuse": ["WIRE_JSON", "PLATFORM"], "warn": ["STANDARD"], "except": ["FIELD_SAME_NAME"]}
 *
 * Names are ids and categories of check/rule.h, of either kind. What is named
 * under both refuses. Breaking rules look at the newest live version.
 * Deps: check/rule.h, fmt/json.h, registry/refusal.h. */
#ifndef STELE_REGISTRY_POLICY_H
#define STELE_REGISTRY_POLICY_H

#include "fmt/json.h"
#include "registry/refusal.h"

typedef struct stele_file stele_file;

/* The canonical JSON of a "rules" value; empty for one that names nothing.
 * Refuses, with STELE_INVALID and the place, what is no such object and names
 * that no rule and no category has. */
bool policy_canonical(stele_arena *arena, const stele_json *value, stele_str *out,
                      stele_err *err) STELE_MUST_USE;

/* Rules that were understood: which refuse, which only warn. Immutable: any
 * thread may judge by them. */
typedef struct policy policy;

/* Understands a "rules" value, which must outlive the policy, as the arena does;
 * NULL in `*out` for one that names nothing. Refuses what policy_canonical does. */
bool policy_compile(stele_arena *arena, const stele_json *value, const policy **out,
                    stele_err *err) STELE_MUST_USE;

/* One file of those that are judged together. */
typedef struct policy_file {
  const stele_file *file;  /* NULL: it is removed */
  const stele_file *older; /* linked, the newest live version; NULL: there is none */
  int32_t version;         /* of older */
  const policy *rules;     /* NULL: it is only there for others to find */
  finding_list findings;   /* what was found */
  bool refuses;            /* some of it refuses */
} policy_file;

/* Judges files that belong together by their rules, each file's findings to the
 * file. Files with equal rules are judged in one go, so that a type that moved
 * from one to another is seen to have moved.
 * Cost: one pass over the files and their imports per different rules. */
bool policy_judge(stele_arena *arena, policy_file *files, size_t count,
                  stele_err *err) STELE_MUST_USE;

#endif
