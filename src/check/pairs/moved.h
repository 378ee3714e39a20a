/* moved: types that went to another file or package and kept their
 * shape.
 *
 * Only where the rule TYPE_MOVED is on: a type that moved is then called that
 * instead of deleted, and a field or method that now names it in its new place
 * counts as one of the same type for the rules about the wire.
 * Deps: check/pairs/pairs.h. */
#ifndef STELE_CHECK_PAIRS_MOVED_H
#define STELE_CHECK_PAIRS_MOVED_H

#include "check/pairs/pairs.h"

/* Is the rule on? */
bool platform_moves_are_told(const rule_run *run);

/* Where a type went: under its own name to another file, or to another package;
 * NULL when it went nowhere, or the rule is off. */
const stele_message *platform_message_moved_to(rule_run *run, const stele_message *was);
const stele_enum *platform_enum_moved_to(rule_run *run, const stele_enum *was);

/* Is `now` what became of `was`? */
bool platform_is_same_message(rule_run *run, const stele_message *now, const stele_message *was);
bool platform_is_same_enum(rule_run *run, const stele_enum *now, const stele_enum *was);

#endif
