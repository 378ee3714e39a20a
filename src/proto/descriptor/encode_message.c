/* DescriptorProto, EnumDescriptorProto, ServiceDescriptorProto and their parts. */
#include "proto/descriptor/encode.h"

/* ---- Messages ------------------------------------------------------------ */

enum {
  MESSAGE_NAME = 1,
  MESSAGE_FIELD = 2,
  MESSAGE_NESTED = 3,
  MESSAGE_ENUM = 4,
  MESSAGE_EXTENSION_RANGE = 5,
  MESSAGE_EXTENSION = 6,
  MESSAGE_OPTIONS = 7,
  MESSAGE_ONEOF = 8,
  MESSAGE_RESERVED_RANGE = 9,
  MESSAGE_RESERVED_NAME = 10,
  MESSAGE_VISIBILITY = 11,

  RANGE_START = 1,
  RANGE_END = 2,
  RANGE_OPTIONS = 3,

  ONEOF_NAME = 1,
  ONEOF_OPTIONS = 2,
};

/* Ranges of all three kinds have the same shape; only extension ranges have options. */
static void put_ranges(descriptor_encoder *e, uint32_t number, const stele_range *ranges,
                       uint32_t count) {
  for (uint32_t i = count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    if (ranges[i].options) {
      descriptor_path_down(e, number, i);
      descriptor_put_options(e, RANGE_OPTIONS, ranges[i].options);
      descriptor_path_up(e);
    }
    stele_back_varint_field(&e->out, RANGE_END, stele_wire_int32(ranges[i].end));
    stele_back_varint_field(&e->out, RANGE_START, stele_wire_int32(ranges[i].start));
    stele_back_wrap(&e->out, number, before);
  }
}

static void put_names(descriptor_encoder *e, uint32_t number, const stele_str *names,
                      uint32_t count) {
  for (uint32_t i = count; i-- > 0;) stele_back_str_field(&e->out, number, names[i]);
}

static void put_visibility(descriptor_encoder *e, uint32_t number, uint8_t visibility) {
  if (visibility != STELE_VISIBILITY_UNSET) stele_back_varint_field(&e->out, number, visibility);
}

static void put_oneofs(descriptor_encoder *e, const stele_message *message) {
  for (uint32_t i = message->oneof_count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    descriptor_path_down(e, MESSAGE_ONEOF, i);
    descriptor_put_options(e, ONEOF_OPTIONS, message->oneofs[i].options);
    descriptor_path_up(e);
    stele_back_str_field(&e->out, ONEOF_NAME, message->oneofs[i].name);
    stele_back_wrap(&e->out, MESSAGE_ONEOF, before);
  }
}

static void put_fields(descriptor_encoder *e, uint32_t number, const stele_field *fields,
                       uint32_t count) {
  for (uint32_t i = count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    descriptor_path_down(e, number, i);
    descriptor_put_field(e, &fields[i]);
    descriptor_path_up(e);
    stele_back_wrap(&e->out, number, before);
  }
}

static void put_messages(descriptor_encoder *e, uint32_t number, const stele_message *messages,
                         uint32_t count) {
  for (uint32_t i = count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    descriptor_path_down(e, number, i);
    descriptor_put_message(e, &messages[i]);
    descriptor_path_up(e);
    stele_back_wrap(&e->out, number, before);
  }
}

static void put_enums(descriptor_encoder *e, uint32_t number, const stele_enum *enums,
                      uint32_t count) {
  for (uint32_t i = count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    descriptor_path_down(e, number, i);
    descriptor_put_enum(e, &enums[i]);
    descriptor_path_up(e);
    stele_back_wrap(&e->out, number, before);
  }
}

void descriptor_put_message(descriptor_encoder *e, const stele_message *m) {
  put_visibility(e, MESSAGE_VISIBILITY, m->visibility);
  put_names(e, MESSAGE_RESERVED_NAME, m->reserved_names, m->reserved_name_count);
  put_ranges(e, MESSAGE_RESERVED_RANGE, m->reserved_ranges, m->reserved_range_count);
  put_oneofs(e, m);
  descriptor_put_options(e, MESSAGE_OPTIONS, m->options);
  put_fields(e, MESSAGE_EXTENSION, m->extensions, m->extension_count);
  put_ranges(e, MESSAGE_EXTENSION_RANGE, m->extension_ranges, m->extension_range_count);
  put_enums(e, MESSAGE_ENUM, m->enums, m->enum_count);
  put_messages(e, MESSAGE_NESTED, m->messages, m->message_count);
  put_fields(e, MESSAGE_FIELD, m->fields, m->field_count);
  stele_back_str_field(&e->out, MESSAGE_NAME, m->name);
}

/* ---- Enums --------------------------------------------------------------- */

enum {
  ENUM_NAME = 1,
  ENUM_VALUE = 2,
  ENUM_OPTIONS = 3,
  ENUM_RESERVED_RANGE = 4,
  ENUM_RESERVED_NAME = 5,
  ENUM_VISIBILITY = 6,

  VALUE_NAME = 1,
  VALUE_NUMBER = 2,
  VALUE_OPTIONS = 3,
};

static void put_values(descriptor_encoder *e, const stele_enum *type) {
  for (uint32_t i = type->value_count; i-- > 0;) {
    const stele_enum_value *value = &type->values[i];
    size_t before = stele_back_len(&e->out);
    if (value->options) {
      descriptor_path_down(e, ENUM_VALUE, i);
      descriptor_put_options(e, VALUE_OPTIONS, value->options);
      descriptor_path_up(e);
    }
    stele_back_varint_field(&e->out, VALUE_NUMBER, stele_wire_int32(value->number));
    stele_back_str_field(&e->out, VALUE_NAME, value->name);
    stele_back_wrap(&e->out, ENUM_VALUE, before);
  }
}

void descriptor_put_enum(descriptor_encoder *e, const stele_enum *type) {
  put_visibility(e, ENUM_VISIBILITY, type->visibility);
  put_names(e, ENUM_RESERVED_NAME, type->reserved_names, type->reserved_name_count);
  put_ranges(e, ENUM_RESERVED_RANGE, type->reserved_ranges, type->reserved_range_count);
  descriptor_put_options(e, ENUM_OPTIONS, type->options);
  put_values(e, type);
  stele_back_str_field(&e->out, ENUM_NAME, type->name);
}

/* ---- Services ------------------------------------------------------------ */

enum {
  SERVICE_NAME = 1,
  SERVICE_METHOD = 2,
  SERVICE_OPTIONS = 3,

  METHOD_NAME = 1,
  METHOD_INPUT = 2,
  METHOD_OUTPUT = 3,
  METHOD_OPTIONS = 4,
  METHOD_CLIENT_STREAMING = 5,
  METHOD_SERVER_STREAMING = 6,
};

static void put_method_type(stele_back *out, uint32_t number, const stele_message *type,
                            stele_str written) {
  if (type) written = (stele_str){type->full_name.ptr - 1, type->full_name.len + 1};
  stele_back_str_field(out, number, written);
}

static void put_method(descriptor_encoder *e, const stele_method *method) {
  stele_back *out = &e->out;
  if (method->server_streaming) stele_back_varint_field(out, METHOD_SERVER_STREAMING, 1);
  if (method->client_streaming) stele_back_varint_field(out, METHOD_CLIENT_STREAMING, 1);
  if (method->options) {
    descriptor_put_options(e, METHOD_OPTIONS, method->options);
  } else if (method->has_body) {
    stele_back_bytes_field(out, METHOD_OPTIONS, (stele_bytes){0}); /* `{}` makes empty options */
  }
  put_method_type(out, METHOD_OUTPUT, method->output, method->output_name);
  put_method_type(out, METHOD_INPUT, method->input, method->input_name);
  stele_back_str_field(out, METHOD_NAME, method->name);
}

void descriptor_put_service(descriptor_encoder *e, const stele_service *service) {
  descriptor_put_options(e, SERVICE_OPTIONS, service->options);
  for (uint32_t i = service->method_count; i-- > 0;) {
    size_t before = stele_back_len(&e->out);
    descriptor_path_down(e, SERVICE_METHOD, i);
    put_method(e, &service->methods[i]);
    descriptor_path_up(e);
    stele_back_wrap(&e->out, SERVICE_METHOD, before);
  }
  stele_back_str_field(&e->out, SERVICE_NAME, service->name);
}
