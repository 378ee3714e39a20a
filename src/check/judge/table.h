/* table: the rows of all rules, and the words that explain each.
 * Deps: check/judge/judge.h. */
#ifndef STELE_CHECK_JUDGE_TABLE_H
#define STELE_CHECK_JUDGE_TABLE_H

#include "check/judge/judge.h"

extern const rule rule_lint_rows[];
extern const size_t rule_lint_count;
extern const rule rule_breaking_rows[];
extern const size_t rule_breaking_count;

typedef struct rule_text_row {
  const char *id;
  rule_text text;
} rule_text_row;

extern const rule_text_row rule_lint_texts[];
extern const size_t rule_lint_text_count;
extern const rule_text_row rule_breaking_texts[];
extern const size_t rule_breaking_text_count;

#endif
