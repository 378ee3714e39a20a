/* inspect, inside: values as people read them.
 * Deps: inspect.h. */
#ifndef STELE_PROTO_INSPECT_INSPECT_INTERNAL_H
#define STELE_PROTO_INSPECT_INSPECT_INTERNAL_H

#include "proto/inspect/inspect.h"

/* A value that a field of this type has, from the number on the wire. */
void inspect_put_number(stele_buf *out, const stele_field *field, const layout_enum *type,
                        uint64_t raw);
/* What a number of unknown type may be: "150 (sint 75)", "5 or double 1.5". */
void inspect_guess_varint(stele_buf *out, uint64_t raw);
void inspect_guess_fixed64(stele_buf *out, uint64_t raw);
void inspect_guess_fixed32(stele_buf *out, uint32_t raw);

/* A quoted text, cut where it is long; bytes as hex digits. */
void inspect_put_text(stele_buf *out, stele_bytes text);
void inspect_put_bytes(stele_buf *out, stele_bytes bytes);

/* Is this text that a person would read? */
bool inspect_is_text(stele_bytes bytes);

#endif
