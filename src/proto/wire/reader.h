/* wire/reader: reads protobuf bytes; a failure sticks.
 *
 * In:   bytes that may be hostile.   Out: varints, fixed numbers, runs of
 * bytes. A read never leaves the bytes it was given.
 * Deps: proto/wire/wire.h. */
#ifndef STELE_PROTO_WIRE_READER_H
#define STELE_PROTO_WIRE_READER_H

#include <stdbool.h>

#include "proto/wire/wire.h"
#include "stele/str.h"

/* Reads fail once and stay failed: they return 0 and consume nothing more, so
 * a decoder reads straight down and looks at `failed` a single time. */
typedef struct stele_reader {
  const uint8_t *at;
  const uint8_t *end;
  bool failed;
} stele_reader;

static inline stele_reader stele_reader_of(stele_bytes bytes) {
  return (stele_reader){.at = bytes.ptr, .end = bytes.ptr ? bytes.ptr + bytes.len : NULL};
}

/* Nothing is left: the end was reached, or a read failed. */
static inline bool stele_read_done(const stele_reader *r) {
  return r->at == r->end;
}

uint64_t stele_read_varint_slow(stele_reader *r);

/* One to ten bytes; overlong forms are taken and bits past the 64th dropped, as
 * Google's readers do; an eleventh byte is refused. */
static inline uint64_t stele_read_varint(stele_reader *r) {
  if (r->at != r->end && *r->at < 0x80) return *r->at++;
  return stele_read_varint_slow(r);
}

/* A tag of at most five bytes with a valid field number; any of the eight wire
 * types. */
uint32_t stele_read_tag(stele_reader *r);

/* Little-endian. */
uint32_t stele_read_fixed32(stele_reader *r);
uint64_t stele_read_fixed64(stele_reader *r);

/* A length of at most five bytes, and that many bytes, borrowed. */
stele_bytes stele_read_delimited(stele_reader *r);

/* Steps over the value that belongs to `tag`; of a group, over its end as
 * well. Groups may nest `depth` deep. */
void stele_read_skip_value(stele_reader *r, uint32_t tag, int depth);

/* Steps over a tag and its value. */
void stele_read_skip_field(stele_reader *r, int depth);

/* The content of the group whose start tag was just read, without its end
 * tag, which is stepped over. Borrowed. */
stele_bytes stele_read_group(stele_reader *r, uint32_t tag, int depth);

#endif
