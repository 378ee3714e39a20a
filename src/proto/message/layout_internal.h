/* message/layout_internal: parts of layouts and objects that two files share.
 * Deps: layout.h. */
#ifndef STELE_PROTO_MESSAGE_LAYOUT_INTERNAL_H
#define STELE_PROTO_MESSAGE_LAYOUT_INTERNAL_H

#include "proto/message/layout.h"
#include "proto/message/object.h"

/* The default of a singular field, parsed from the descriptor's spelling. */
stele_value layout_default(stele_arena *arena, const stele_field *field);

/* Which well-known type it is, if it has the shape that this one must have. */
layout_well_known layout_recognise(const stele_layout *layout);

#endif
