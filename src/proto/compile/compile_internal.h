/* compile_internal: what the parts of a compile share.
 * Deps: base, proto/schema. */
#ifndef STELE_PROTO_COMPILE_COMPILE_INTERNAL_H
#define STELE_PROTO_COMPILE_COMPILE_INTERNAL_H

#include "proto/schema/schema.h"

/* Would the files of these schemas, each path once, be mistaken in one pool:
 * is a name defined, or an extension number taken, in two of them? It may say
 * so when it is not true (once in 2^40 or so). In `arena`, inside its guard. */
bool compile_clash(stele_arena *arena, const stele_schema *const *schemas, size_t count);

#endif
