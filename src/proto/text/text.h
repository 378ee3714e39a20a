/* text: objects from and to protobuf's text format.
 *
 * In:   text of anybody's, or an object.   Out: the other one.
 * Source: protobuf.dev, "Text Format Language Specification"; where it leaves
 * something open, what protoc does. The public face is stele/codec.h.
 * Deps: base, proto/message, proto/binary (for Any). */
#ifndef STELE_PROTO_TEXT_TEXT_H
#define STELE_PROTO_TEXT_TEXT_H

#include "proto/message/object.h"
#include "stele/codec.h"

/* Under a guard of `arena`. Reading: false with INVALID or LIMIT in `err`. */
bool text_read(stele_arena *arena, stele_object *o, stele_str text,
               const stele_text_read_options *options, stele_err *err);
void text_write(stele_arena *arena, const stele_object *o, const stele_text_write_options *options,
                stele_buf *out);
/* Records of no known type, which must be well-formed. */
void text_write_raw(stele_arena *arena, stele_bytes records, stele_buf *out);

#endif
