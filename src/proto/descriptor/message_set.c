/* MessageSet items. */
#include "proto/descriptor/message_set.h"

#include "proto/wire/reader.h"

enum { ITEM = 1, TYPE_ID = 2, CONTENT = 3, MAX_DEPTH = 100 };

bool descriptor_message_set_item(stele_bytes group, uint32_t *number, stele_bytes *value) {
  stele_reader r = stele_reader_of(group);
  bool has_number = false, has_value = false;
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == stele_wire_tag(TYPE_ID, STELE_WIRE_VARINT)) {
      *number = (uint32_t)stele_read_varint(&r);
      has_number = true;
    } else if (tag == stele_wire_tag(CONTENT, STELE_WIRE_DELIMITED)) {
      *value = stele_read_delimited(&r);
      has_value = true;
    } else if (!r.failed) {
      stele_read_skip_value(&r, tag, MAX_DEPTH);
    }
  }
  return has_number && has_value && !r.failed;
}

void descriptor_message_set_end(stele_back *out) {
  stele_back_tag(out, ITEM, STELE_WIRE_GROUP_END);
}

void descriptor_message_set_start(stele_back *out, uint32_t number, size_t before) {
  stele_back_wrap(out, CONTENT, before);
  stele_back_varint_field(out, TYPE_ID, number);
  stele_back_tag(out, ITEM, STELE_WIRE_GROUP);
}
