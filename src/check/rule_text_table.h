/* rule_text_table: the words that explain each rule.
 * Deps: check/rule_internal.h. */
#ifndef STELE_CHECK_RULE_TEXT_TABLE_H
#define STELE_CHECK_RULE_TEXT_TABLE_H

#include "check/rule_internal.h"

typedef struct rule_text_row {
  const char *id;
  rule_text text;
} rule_text_row;

extern const rule_text_row rule_lint_texts[];
extern const size_t rule_lint_text_count;
extern const rule_text_row rule_breaking_texts[];
extern const size_t rule_breaking_text_count;

#endif
