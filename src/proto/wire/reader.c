/* The reader. Every length is compared with what is left, as numbers and never
 * as pointers, so that no sum can run over the end of the address space.
 *
 * A failed read moves `at` to `end`: loops over stele_read_done then end by
 * themselves, and no caller has to look in the middle. */
#include "proto/wire/reader.h"

#include <string.h>

static uint64_t fail(stele_reader *r) {
  r->failed = true;
  r->at = r->end;
  return 0;
}

static size_t left(const stele_reader *r) {
  return (size_t)(r->end - r->at);
}

uint64_t stele_read_varint_slow(stele_reader *r) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (r->at == r->end) return fail(r);
    uint8_t byte = *r->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return fail(r);
}

uint32_t stele_read_tag(stele_reader *r) {
  enum { TAG_BYTES = 5 };
  const uint8_t *before = r->at;
  uint64_t tag = stele_read_varint(r);
  if (r->failed) return 0;
  if (tag >> 3 == 0 || tag > UINT32_MAX || r->at - before > TAG_BYTES) return (uint32_t)fail(r);
  return (uint32_t)tag;
}

uint32_t stele_read_fixed32(stele_reader *r) {
  if (left(r) < 4) return (uint32_t)fail(r);
  const uint8_t *p = r->at;
  r->at += 4;
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint64_t stele_read_fixed64(stele_reader *r) {
  if (left(r) < 8) return fail(r);
  uint64_t low = stele_read_fixed32(r);
  return low | (uint64_t)stele_read_fixed32(r) << 32;
}

stele_bytes stele_read_delimited(stele_reader *r) {
  enum { LEN_BYTES = 5 };
  const uint8_t *before = r->at;
  uint64_t len = stele_read_varint(r);
  if (len > left(r) || r->at - before > LEN_BYTES) (void)fail(r);
  if (r->failed) return (stele_bytes){r->end, 0};
  const uint8_t *at = r->at;
  r->at += len;
  return (stele_bytes){at, (size_t)len};
}

typedef void skip_fn(stele_reader *r, uint32_t number, int depth);

static void skip_varint(stele_reader *r, uint32_t number, int depth) {
  (void)number, (void)depth;
  (void)stele_read_varint(r);
}

static void skip_fixed64(stele_reader *r, uint32_t number, int depth) {
  (void)number, (void)depth;
  (void)stele_read_fixed64(r);
}

static void skip_delimited(stele_reader *r, uint32_t number, int depth) {
  (void)number, (void)depth;
  (void)stele_read_delimited(r);
}

static void skip_fixed32(stele_reader *r, uint32_t number, int depth) {
  (void)number, (void)depth;
  (void)stele_read_fixed32(r);
}

static void skip_bad(stele_reader *r, uint32_t number, int depth) {
  (void)number, (void)depth;
  (void)fail(r);
}

/* Steps over fields up to the end tag with the group's own number, and over
 * that; answers where the end tag began. */
static const uint8_t *find_group_end(stele_reader *r, uint32_t number, int depth) {
  if (depth <= 0) (void)fail(r);
  while (!r->failed) {
    const uint8_t *at = r->at;
    uint32_t tag = stele_read_tag(r);
    if (r->failed) break;
    if (stele_wire_type_of(tag) == STELE_WIRE_GROUP_END) {
      if (stele_wire_number(tag) != number) (void)fail(r);
      return at;
    }
    stele_read_skip_value(r, tag, depth - 1);
  }
  return r->end;
}

static void skip_group(stele_reader *r, uint32_t number, int depth) {
  (void)find_group_end(r, number, depth);
}

/* How to step over a field, by wire type: the low three bits of its tag. */
static skip_fn *const skippers[8] = {
    [STELE_WIRE_VARINT] = skip_varint,
    [STELE_WIRE_FIXED64] = skip_fixed64,
    [STELE_WIRE_DELIMITED] = skip_delimited,
    [STELE_WIRE_GROUP] = skip_group,
    [STELE_WIRE_GROUP_END] = skip_bad, /* an end with no start */
    [STELE_WIRE_FIXED32] = skip_fixed32,
    [6] = skip_bad,
    [7] = skip_bad,
};

void stele_read_skip_value(stele_reader *r, uint32_t tag, int depth) {
  skippers[tag & 7](r, stele_wire_number(tag), depth);
}

void stele_read_skip_field(stele_reader *r, int depth) {
  uint32_t tag = stele_read_tag(r);
  if (!r->failed) stele_read_skip_value(r, tag, depth);
}

stele_bytes stele_read_group(stele_reader *r, uint32_t tag, int depth) {
  const uint8_t *start = r->at;
  const uint8_t *stop = find_group_end(r, stele_wire_number(tag), depth);
  if (r->failed) return (stele_bytes){r->end, 0};
  return (stele_bytes){start, (size_t)(stop - start)};
}
