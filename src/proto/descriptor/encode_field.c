/* FieldDescriptorProto. */
#include "proto/descriptor/encode.h"

enum {
  NAME = 1,
  EXTENDEE = 2,
  NUMBER = 3,
  LABEL = 4,
  TYPE = 5,
  TYPE_NAME = 6,
  DEFAULT_VALUE = 7,
  OPTIONS = 8,
  ONEOF_INDEX = 9,
  JSON_NAME = 10,
  PROTO3_OPTIONAL = 17,
};

static void put_reference(stele_back *out, uint32_t number, stele_str full_name) {
  stele_back_str_field(out, number, stele_dotted_name(full_name));
}

static void put_type(descriptor_encoder *e, const stele_field *field) {
  if (field->type_message) {
    put_reference(&e->out, TYPE_NAME, field->type_message->full_name);
  } else if (field->type_enum) {
    put_reference(&e->out, TYPE_NAME, field->type_enum->full_name);
  } else if (stele_field_type_name(field).len != 0 &&
             (field->type == STELE_TYPE_UNRESOLVED || field->type == STELE_TYPE_MESSAGE ||
              field->type == STELE_TYPE_GROUP || field->type == STELE_TYPE_ENUM)) {
    stele_back_str_field(&e->out, TYPE_NAME,
                         stele_field_type_name(field)); /* left open by a lenient link */
  }
  if (field->type != STELE_TYPE_UNRESOLVED) stele_back_varint_field(&e->out, TYPE, field->type);
}

void descriptor_put_field(descriptor_encoder *e, const stele_field *field) {
  stele_back *out = &e->out;
  if (field->is_proto3_optional) stele_back_varint_field(out, PROTO3_OPTIONAL, 1);
  if (field->has_json_name_in_descriptor || !e->options->written_json_names) {
    stele_back_str_field(out, JSON_NAME, field->json_name);
  }
  if (field->oneof_index >= 0) {
    stele_back_varint_field(out, ONEOF_INDEX, (uint64_t)field->oneof_index);
  }
  descriptor_put_options(e, OPTIONS, field->options);
  if (field->has_default) stele_back_str_field(out, DEFAULT_VALUE, stele_field_default(field));
  put_type(e, field);
  stele_back_varint_field(out, LABEL, field->label);
  stele_back_varint_field(out, NUMBER, stele_wire_int32(field->number));
  if (field->is_extension && field->message) {
    put_reference(out, EXTENDEE, field->message->full_name);
  } else if (field->is_extension) {
    stele_back_str_field(out, EXTENDEE, stele_field_extendee_name(field));
  }
  stele_back_str_field(out, NAME, field->name);
}
