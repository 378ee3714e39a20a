/* binary: objects from and to protobuf's wire format.
 *
 * In:   bytes that may be hostile, or an object.   Out: the other one.
 * The public face is stele/codec.h; these calls run under the caller's guard.
 * Deps: base, proto/message, proto/wire. */
#ifndef STELE_PROTO_BINARY_BINARY_H
#define STELE_PROTO_BINARY_BINARY_H

#include "proto/message/object.h"
#include "stele/codec.h"

/* Decodes into `o`; false with INVALID or LIMIT in `err`. Does not refuse what
 * lacks required fields; `is_partial` says that something in the bytes may. */
bool binary_decode(stele_arena *arena, stele_object *o, stele_bytes in,
                   const stele_decode_options *options, bool *is_partial, stele_err *err);

/* Encodes into the arena, behind a header; leaves the guard with LIMIT when it is
 * too deep or too large. False: something lacks a required field. */
bool binary_encode(stele_arena *arena, const stele_object *o, const stele_encode_options *options,
                   stele_bytes *out);

#endif
