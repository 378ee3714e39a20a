/* Is every message of a descriptor written as a message? What the linker passes
 * over, options that nobody knows above all, would else be taken when it is
 * broken, where protobuf's parser refuses the whole. */
#include "proto/link/link_internal.h"
#include "proto/wire/reader.h"

enum { MOST_LEVELS = 100 }; /* protobuf's own bound */

typedef enum shape {
  SHAPE_LEAF, /* nothing of it is a message that we know: as every message begins */
  SHAPE_FILE,
  SHAPE_MESSAGE,
  SHAPE_FIELD,
  SHAPE_ONEOF,
  SHAPE_ENUM,
  SHAPE_VALUE,
  SHAPE_SERVICE,
  SHAPE_METHOD,
  SHAPE_RANGE,
  SHAPE_OPTIONS,
  SHAPE_STATEMENT,
  SHAPE_INFO,
} shape;

/* The members of descriptor.proto's messages that are messages. */
static const struct {
  uint8_t in, is;
  uint16_t number;
} members[] = {
    {SHAPE_FILE, SHAPE_MESSAGE, 4},        {SHAPE_FILE, SHAPE_ENUM, 5},
    {SHAPE_FILE, SHAPE_SERVICE, 6},        {SHAPE_FILE, SHAPE_FIELD, 7},
    {SHAPE_FILE, SHAPE_OPTIONS, 8},        {SHAPE_FILE, SHAPE_INFO, 9},
    {SHAPE_MESSAGE, SHAPE_FIELD, 2},       {SHAPE_MESSAGE, SHAPE_MESSAGE, 3},
    {SHAPE_MESSAGE, SHAPE_ENUM, 4},        {SHAPE_MESSAGE, SHAPE_RANGE, 5},
    {SHAPE_MESSAGE, SHAPE_FIELD, 6},       {SHAPE_MESSAGE, SHAPE_OPTIONS, 7},
    {SHAPE_MESSAGE, SHAPE_ONEOF, 8},       {SHAPE_MESSAGE, SHAPE_LEAF, 9},
    {SHAPE_FIELD, SHAPE_OPTIONS, 8},       {SHAPE_ONEOF, SHAPE_OPTIONS, 2},
    {SHAPE_ENUM, SHAPE_VALUE, 2},          {SHAPE_ENUM, SHAPE_OPTIONS, 3},
    {SHAPE_ENUM, SHAPE_LEAF, 4},           {SHAPE_VALUE, SHAPE_OPTIONS, 3},
    {SHAPE_SERVICE, SHAPE_METHOD, 2},      {SHAPE_SERVICE, SHAPE_OPTIONS, 3},
    {SHAPE_METHOD, SHAPE_OPTIONS, 4},      {SHAPE_RANGE, SHAPE_OPTIONS, 3},
    {SHAPE_OPTIONS, SHAPE_STATEMENT, 999}, {SHAPE_STATEMENT, SHAPE_LEAF, 2},
    {SHAPE_INFO, SHAPE_LEAF, 1},
};

static bool is_message(shape in, uint32_t number, shape *is) {
  for (size_t i = 0; i < STELE_COUNT(members); i++) {
    if (members[i].in != in || members[i].number != number) continue;
    *is = (shape)members[i].is;
    return true;
  }
  return false;
}

static bool is_written(stele_bytes bytes, shape in, int levels) {
  stele_reader r = stele_reader_of(bytes);
  if (!levels) return false;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    shape is;
    if (r.failed) break;
    if (stele_wire_type_of(tag) != STELE_WIRE_DELIMITED ||
        !is_message(in, stele_wire_number(tag), &is)) {
      stele_read_skip_value(&r, tag, levels);
    } else if (!is_written(stele_read_delimited(&r), is, levels - 1)) {
      return false;
    }
  }
  return !r.failed;
}

bool link_raw_is_written(stele_bytes descriptor) {
  return is_written(descriptor, SHAPE_FILE, MOST_LEVELS);
}
