/* judge: lint rules and breaking rules over trees of linked files.
 *
 * In:   a configuration and one set of linked files, or two for breaking changes.
 * Out:  findings with places.
 * The command line, the configuration reader, the docs and the tests read the
 * table of rows. fix.h mends what can be mended without thinking.
 * Pure. Deps: base, check/rule, check/lint, check/breaking, check/platform. */
#ifndef STELE_CHECK_JUDGE_JUDGE_H
#define STELE_CHECK_JUDGE_JUDGE_H

#include "check/rule/rule.h"

/* ---- The table ------------------------------------------------------------ */

/* All rows of a kind, by id; deprecated ones too. */
const rule *rule_table(rule_kind kind, size_t *count);

/* What explains a rule that is not deprecated; NULL for one that is. */
const rule_text *rule_explain(const rule *row);

/* A row by its id, in whichever kind; NULL when there is none. */
const rule *rule_find(stele_str id);

/* The name of a category by its bit number; NULL past the last. DEFAULT,
 * STYLE_DEFAULT are deprecated names of STANDARD, STYLE_STANDARD. */
const char *rule_category_name(unsigned bit);

/* ---- The selection --------------------------------------------------------- */

/* Works out which rules are on. An unknown id or category: NULL with
 * STELE_INVALID and the words that say which. */
const rule_selection *rule_select(stele_arena *arena, const rule_config *config,
                                  stele_err *err) STELE_MUST_USE;

/* Does the set have a rule or a category, of either kind, that is called so? */
bool rule_is_known(rule_set set, bool without_platform, stele_str id);

/* What it is asked about (lint): elements of one file, a package or folder, the tree. Past
 * the first, what it finds in one file may come from another. */
typedef enum rule_reach { RULE_REACHES_FILE, RULE_REACHES_GROUP, RULE_REACHES_TREE } rule_reach;
rule_reach rule_reach_of(const rule *row);

/* The rules that are on, by id. */
const rule *const *rule_selected(const rule_selection *selection, size_t *count);

/* Rules that the configuration turns on but that are not checked yet. Whoever
 * runs the rules says so. */
const rule *const *rule_unchecked(const rule_selection *selection, size_t *count);

/* Deprecated rules that the configuration names, for a warning. */
const rule *const *rule_deprecated(const rule_selection *selection, size_t *count);

/* ---- The judgement --------------------------------------------------------- */

/* Judges one tree. Fails only with STELE_NO_MEMORY or STELE_LIMIT.
 * Memory: findings live in `arena` and alias the files' names. Cost: one pass
 * over the elements of the files that are not imports. */
bool rule_lint(stele_arena *arena, const rule_selection *selection, const rule_tree *tree,
               rule_findings *out, stele_err *err) STELE_MUST_USE;

/* Judges what became of `against`, the older tree. In addition to rule_lint:
 * STELE_INVALID when a tree says one thing twice (an extension number). */
bool rule_breaking(stele_arena *arena, const rule_selection *selection, const rule_tree *tree,
                   const rule_tree *against, rule_findings *out, stele_err *err) STELE_MUST_USE;

#endif
