/* rule_memory: where findings stand, kept from run to run.
 *
 * For trees that are judged again and again: the places of findings about packages,
 * folders and the tree are remembered, so that the source info of files that did not
 * change need not be read again. Who judges forgets the files that did.
 * The memory is its own: running out of it ends the process.
 * Deps: base, check/rule/rule.h. */
#ifndef STELE_CHECK_RULE_RULE_MEMORY_H
#define STELE_CHECK_RULE_RULE_MEMORY_H

#include "base/arena.h"
#include "base/map.h"
#include "check/rule/rule.h"

/* What is known of one finding's spot. */
typedef struct rule_memory_entry {
  bool is_ignored;
  rule_place place;
} rule_memory_entry;

/* NULL: no memory. */
rule_memory *rule_memory_new(void);
void rule_memory_free(rule_memory *memory); /* NULL is fine */

/* A file is another now, or gone: nothing is known of it any more. */
void rule_memory_forget(rule_memory *memory, stele_str path);

/* What is known of a spot of a file, or NULL. The key tells spots and rules apart. */
const rule_memory_entry *rule_memory_find(rule_memory *memory, stele_str path, uint64_t key);
void rule_memory_keep(rule_memory *memory, stele_str path, uint64_t key, rule_memory_entry entry);

#endif
