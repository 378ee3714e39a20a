/* rule_memory, inside.
 * Deps: check/rule/rule_known.h. */
#ifndef STELE_CHECK_RULE_RULE_MEMORY_INTERNAL_H
#define STELE_CHECK_RULE_RULE_MEMORY_INTERNAL_H

#include "check/rule/rule_known.h"

struct rule_memory {
  stele_arena *arena;
  stele_map files; /* path -> file_memory */
  rule_known known;
};

void rule_known_drop(rule_known *known);
void rule_known_forget(rule_known *known, stele_str path);
void rule_known_relink(rule_known *known, stele_str path);

#endif
