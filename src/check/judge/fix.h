/* fix: what can be mended without thinking, as edits of the texts.
 *
 * In:   a selection, a tree whose files have their texts, for breaking rules the
 *       older tree too.   Out: edits, for whoever writes the files.
 * Only what changes no byte on the wire and no name in JSON: fields and oneofs
 * are renamed to snake case, imports sorted, and what was removed is reserved.
 * Each only where a rule that asks for it is on; imports with any lint rule.
 * Pure. Deps: check/judge/judge.h. */
#ifndef STELE_CHECK_JUDGE_FIX_H
#define STELE_CHECK_JUDGE_FIX_H

#include "check/rule/rule.h"

/* Replaces text[offset, offset + len) of a file. */
typedef struct rule_edit {
  stele_str path; /* import path */
  size_t offset, len;
  stele_str replacement;
} rule_edit;

/* By file, and by offset within it; they do not overlap. */
typedef struct rule_edits {
  rule_edit *at;
  size_t count;
} rule_edits;

/* The edits for a tree; `against` is NULL for a selection of lint rules. Files
 * that are imports, ignored or without a text are left alone.
 * Memory: in `arena`. Fails only with STELE_NO_MEMORY or STELE_LIMIT. */
bool rule_fix(stele_arena *arena, const rule_selection *selection, const rule_tree *tree,
              const rule_tree *against, rule_edits *out, stele_err *err) STELE_MUST_USE;

/* A text with the edits of its file made. */
stele_str rule_edits_apply(stele_arena *arena, const rule_edits *edits, stele_str path,
                           stele_str text);

#endif
