/* fuzz/message: one schema with every kind of field, for the codecs' targets.
 * Deps: stele/codec.h. */
#ifndef STELE_TESTS_FUZZ_MESSAGE_H
#define STELE_TESTS_FUZZ_MESSAGE_H

#include "stele/codec.h"

/* The layout of p.M, made once; never NULL. */
const stele_layout *message_layout(void);

/* Encodes, decodes, copies and compares: whatever `o` is, it comes out again as
 * it was, and what comes out is the same every time. */
void message_check(stele_arena *arena, const stele_object *o);

#endif
