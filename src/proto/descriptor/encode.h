/* descriptor/encode: what the encoder's files share.
 * Deps: proto/descriptor/normal.h. */
#ifndef STELE_PROTO_DESCRIPTOR_ENCODE_H
#define STELE_PROTO_DESCRIPTOR_ENCODE_H

#include "proto/descriptor/descriptor.h"
#include "proto/descriptor/normal.h"

/* One encoding under way. Everything is written back to front, so fields are
 * put from the highest number to the lowest, and lists from their end. */
typedef struct descriptor_encoder {
  stele_back out;
  stele_arena *arena;
  const stele_file *file;
  const stele_descriptor_options *options;
  descriptor_path path;      /* from the file to the element at hand */
  descriptor_paths stripped; /* what the default mode dropped; found on the way */
} descriptor_encoder;

void descriptor_encoder_init(descriptor_encoder *e, stele_arena *arena, const stele_file *file,
                             const stele_descriptor_options *options);

/* Elements, without the tag and length around them. */
void descriptor_put_message(descriptor_encoder *e, const stele_message *message);
void descriptor_put_enum(descriptor_encoder *e, const stele_enum *type);
void descriptor_put_service(descriptor_encoder *e, const stele_service *service);
void descriptor_put_field(descriptor_encoder *e, const stele_field *field);

/* The options of an element as field `number`, when there are any. */
void descriptor_put_options(descriptor_encoder *e, uint32_t number, const stele_options *options);

/* The path down to a child, for what is stripped there. */
void descriptor_path_down(descriptor_encoder *e, uint32_t number, uint32_t index);
void descriptor_path_up(descriptor_encoder *e);

#endif
