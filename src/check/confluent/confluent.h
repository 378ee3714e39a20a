/* confluent: what changed between two versions of a file by Confluent's rules, and
 * whether what one wrote the other can read.
 *
 * In:   two linked files, a direction.   Out: findings in the rules' order.
 * Pure. Deps: base, check/element, check/finding, proto/schema. */
#ifndef STELE_CHECK_CONFLUENT_CONFLUENT_H
#define STELE_CHECK_CONFLUENT_CONFLUENT_H

#include "base/arena.h"
#include "base/err.h"
#include "check/finding/finding.h"

/* The rows, for docs and tests. */
const check_rule *check_confluent_rules(size_t *count);

/* BACKWARD: can `newer` read what `older` wrote: the older file is the original
 * and the newer the update. FORWARD swaps the two. "new schema" and "old schema"
 * in the messages always mean the two as given. */
typedef enum check_direction { CHECK_BACKWARD, CHECK_FORWARD } check_direction;

/* Every difference that Confluent's rules know between two files, compatible
 * ones included (see finding.rule->incompatible), in their order: package; per
 * message in declaration order oneof findings, fields by number, nested types,
 * MESSAGE_MOVED; enums last. Types that are imported are compared deeply, but
 * not when both sides import the very same file.
 * Memory: findings live in `arena`; they alias the files' names.
 * Fails only with STELE_NO_MEMORY or STELE_LIMIT. Cost: O(both files). */
bool check_confluent(stele_arena *arena, const stele_file *older, const stele_file *newer,
                     check_direction direction, check_findings *out, stele_err *err) STELE_MUST_USE;

/* The same, without the differences that refuse nothing: they are the most of them,
 * and cost words and places. */
bool check_confluent_refusals(stele_arena *arena, const stele_file *older, const stele_file *newer,
                              check_direction direction, check_findings *out,
                              stele_err *err) STELE_MUST_USE;

#endif
