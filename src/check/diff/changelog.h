/* changelog: changes as Markdown, for those who use the schemas.
 *
 * In:   the changes of check/diff/diff.h and the version that they make.   Out: a
 * section each for what was removed, renamed or moved, changed, deprecated and
 * added, with documentation; for a major version a guide with a box for each
 * thing that a consumer has to do.
 * Pure. Deps: base, check/diff/diff.h. */
#ifndef STELE_CHECK_DIFF_CHANGELOG_H
#define STELE_CHECK_DIFF_CHANGELOG_H

#include "base/buf.h"
#include "check/diff/diff.h"

typedef struct changelog_head {
  stele_str from, next; /* versions */
  check_class cls;
  bool without_guide;
} changelog_head;

/* Appends the text to `out`. Fails only with STELE_NO_MEMORY or STELE_LIMIT. */
bool check_changelog(stele_arena *arena, const changelog_head *head, const diff_changes *changes,
                     stele_buf *out, stele_err *err) STELE_MUST_USE;

#endif
