/* rule_text: places in the text of a file, counted two ways.
 *
 * Source info counts bytes, tabs to multiples of eight, three for a byte order
 * mark. Findings count what an editor shows: tabs to multiples of four, wide
 * characters as two, marks that combine as none.
 * Deps: base, proto/source. */
#ifndef STELE_CHECK_RULE_RULE_TEXT_H
#define STELE_CHECK_RULE_RULE_TEXT_H

#include "base/arena.h"
#include "proto/source/source.h"

/* Where each line begins. */
typedef struct rule_lines {
  uint32_t count;
  uint32_t starts[];
} rule_lines;

/* Do both ways of counting agree, because it is ASCII without tabs? */
bool rule_text_is_plain(stele_str text);

const rule_lines *rule_text_lines(stele_arena *arena, stele_str text);

/* The offset of a place of source info. Cost: O(text). */
size_t rule_text_offset(stele_str text, stele_place place);

/* The 0-based column that is shown, of a place of source info. Cost: O(line). */
int32_t rule_text_column(stele_str text, const rule_lines *lines, stele_place place);

#endif
