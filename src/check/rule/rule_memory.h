/* rule_memory: what a run leaves to the next one over the same tree.
 *
 * For trees that are judged again and again: the places of findings about packages,
 * folders and the tree are remembered, so that the source info of files that did not
 * change need not be read again; and so is what those rules saw, so that they are only
 * asked where they could find something else. Who judges forgets the files that changed.
 * One memory is of one tree, one kind of rules and one selection of them.
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

/* A file says what it said, but types that it refers to are others. */
void rule_memory_relink(rule_memory *memory, stele_str path);

/* Nothing is known any more: the rules are others now. */
void rule_memory_clear(rule_memory *memory);

/* After a run: does what was found before in the file at `index`, by a rule about packages or
 * folders, or by rules about the tree, still hold? Then the run has not said it again. For
 * files that did not change the latter is answered alike; and for what is in no file. */
bool rule_memory_holds(const rule_memory *memory, size_t index, const rule *row);
bool rule_memory_is_at_rest(const rule_memory *memory, size_t index); /* all such rules */
bool rule_memory_is_at_rest_in_tree(const rule_memory *memory, size_t index);
bool rule_memory_is_tree_at_rest(const rule_memory *memory);

/* What is known of a spot of a file, or NULL. The key tells spots and rules apart. */
const rule_memory_entry *rule_memory_find(rule_memory *memory, stele_str path, uint64_t key);
void rule_memory_keep(rule_memory *memory, stele_str path, uint64_t key, rule_memory_entry entry);

#endif
