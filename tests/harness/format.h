/* harness/format: what must be true of the formatter, whatever the text.
 * Deps: proto/format. */
#ifndef STELE_TESTS_HARNESS_FORMAT_H
#define STELE_TESTS_HARNESS_FORMAT_H

#include "base/arena.h"

/* Formats `text` and looks at what came of it: a text that does not parse is
 * refused; any other gives one that parses, that formats to itself, and in which
 * each declaration has the comments that it had. NULL when all holds, else what
 * does not, with both texts. `formatted` (or NULL): the result, {NULL, 0} of a
 * refused text. */
const char *format_fault(stele_arena *arena, stele_str text, stele_str *formatted);

#endif
