/* Reading known options out of their encoded message. */
#include "proto/schema/schema.h"
#include "proto/wire/reader.h"

/* Groups in options are custom options; ours nest no deeper. */
enum { GROUP_DEPTH = 64 };

uint64_t stele_options_read_varint(const stele_options *options, uint32_t number,
                                   uint64_t missing) {
  stele_reader r = stele_reader_of(options->wire);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != stele_wire_tag(number, STELE_WIRE_VARINT)) {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
      continue;
    }
    uint64_t value = stele_read_varint(&r);
    if (!r.failed) missing = value;
  }
  return missing;
}

stele_str stele_options_str(const stele_options *options, uint32_t number, bool *found) {
  stele_str text = {NULL, 0};
  bool seen = false;
  stele_reader r = stele_reader_of(options ? options->wire : (stele_bytes){NULL, 0});
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != stele_wire_tag(number, STELE_WIRE_DELIMITED)) {
      stele_read_skip_value(&r, tag, GROUP_DEPTH);
      continue;
    }
    stele_bytes value = stele_read_delimited(&r);
    if (r.failed) break;
    text = stele_bytes_str(value);
    seen = true;
  }
  if (found) *found = seen;
  return text;
}
