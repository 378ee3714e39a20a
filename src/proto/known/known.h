/* known: stele/known.h for our own code.
 *
 * In:   objects of well-known types.   Out: their arithmetic and contents.
 * Deps: base, proto/message, proto/binary (for Any). */
#ifndef STELE_PROTO_KNOWN_KNOWN_H
#define STELE_PROTO_KNOWN_KNOWN_H

#include "proto/message/object.h"
#include "stele/known.h"

/* INVALID unless `object` is of this well-known type. */
bool known_is(const stele_object *object, layout_well_known kind, stele_err *err);

#endif
