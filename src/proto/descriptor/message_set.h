/* descriptor/message_set: the old wire form of a message of extensions.
 *
 * An item is a group, number 1, of the extension's number (2) and its bytes
 * (3). The runtime's codecs use the same.
 * Deps: proto/wire. */
#ifndef STELE_PROTO_DESCRIPTOR_MESSAGE_SET_H
#define STELE_PROTO_DESCRIPTOR_MESSAGE_SET_H

#include <stdbool.h>

#include "proto/wire/writer.h"

/* Number and content of an item, from what lies in its group; false when one
 * is missing. Several contents: the last one. */
bool descriptor_message_set_item(stele_bytes group, uint32_t *number, stele_bytes *value);

/* Writes an item back to front: the end, then the content by the caller, then
 * the start. `before` is the writer's length at the end of the content. */
void descriptor_message_set_end(stele_back *out);
void descriptor_message_set_start(stele_back *out, uint32_t number, size_t before);

#endif
