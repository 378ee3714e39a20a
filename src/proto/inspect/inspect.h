/* inspect: what raw protobuf bytes are, or may be, field by field.
 *
 * In:   bytes, whole or broken, and the type they are said to be, if anybody
 * knows.   Out: a table of lines: offset, bytes, and what they mean; without a
 * type, what they may mean. Never fails: what cannot be read is said and shown.
 * Deps: base, proto/{schema,wire,message}. */
#ifndef STELE_PROTO_INSPECT_INSPECT_H
#define STELE_PROTO_INSPECT_INSPECT_H

#include "base/buf.h"
#include "proto/message/layout.h"

typedef struct stele_inspect_options {
  const stele_layout *layout; /* NULL: nobody knows */
  size_t offset;              /* of the first byte, as it is shown: what stood before */
  size_t depth;               /* levels of messages that are looked into; 0: 100 */
} stele_inspect_options;

/* One line per record:
 *       10    11 03 09 8a 1f 63 6e …    bid = 1.08945 (2, double)
 * Nested records stand deeper. Answers false when something could not be read,
 * or has another wire type than its field. Memory: `out`, and scratch in
 * `arena`, under the caller's guard. */
bool stele_inspect(stele_arena *arena, stele_bytes bytes, const stele_inspect_options *options,
                   stele_buf *out);

/* One line of the same table, for what stands around a message. */
void stele_inspect_line(stele_buf *out, size_t offset, stele_bytes bytes, size_t level,
                        const char *format, ...) STELE_PRINTF(5, 6);

#endif
