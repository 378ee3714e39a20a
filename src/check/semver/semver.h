/* semver: the semantic class of a change, by fixed rules that no policy changes.
 *
 * In:   two linked files, or two trees of them.   Out: major, minor, patch or
 * none, and the findings that made it.
 * Pure. Deps: base, check/element, check/finding, proto/schema. */
#ifndef STELE_CHECK_SEMVER_SEMVER_H
#define STELE_CHECK_SEMVER_SEMVER_H

#include "base/arena.h"
#include "base/err.h"
#include "check/finding/finding.h"

/* The rows, for docs and tests. */
const check_rule *check_semver_rules(size_t *count);

/* The semantic class of the step from `older` to `newer` by the fixed rules,
 * with the findings that made it, those of the highest class first. NONE says
 * that the files are the same but for comments and layout: whether that is a
 * patch is the caller's to say, who has the texts.
 * Only what the file itself declares counts, not what its imports do. */
bool check_semver(stele_arena *arena, const stele_file *older, const stele_file *newer,
                  check_class *cls, check_findings *out, stele_err *err) STELE_MUST_USE;

/* The class of the whole step, by the fixed rules of check_semver for each pair of
 * files, and of their coming and going; findings of the highest class first. */
bool check_semver_tree(stele_arena *arena, const stele_file *const *older, size_t older_count,
                       const stele_file *const *newer, size_t newer_count, check_class *cls,
                       check_findings *out, stele_err *err) STELE_MUST_USE;

#endif
