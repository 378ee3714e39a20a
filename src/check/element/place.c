/* The path of an element in the descriptor of its file, made from the inside out. */
#include "check/element/place.h"

/* Field numbers of descriptor.proto along a path. */
enum {
  FILE_MESSAGE = 4,
  FILE_ENUM = 5,
  FILE_SERVICE = 6,
  FILE_EXTENSION = 7,
  MESSAGE_FIELD = 2,
  MESSAGE_NESTED = 3,
  MESSAGE_ENUM = 4,
  MESSAGE_EXTENSION = 6,
  MESSAGE_ONEOF = 8,
  ENUM_VALUE = 2,
  SERVICE_METHOD = 2,
};

static void prepend(place_path *path, uint32_t field, size_t index) {
  if (path->start < 2) return;
  path->steps[--path->start] = (uint32_t)index;
  path->steps[--path->start] = field;
}

static void add_message(place_path *path, const stele_message *message) {
  for (; message; message = message->parent) {
    prepend(path, message->parent ? MESSAGE_NESTED : FILE_MESSAGE, stele_message_index(message));
  }
}

static void add_enum(place_path *path, const stele_enum *type) {
  if (type->parent) {
    prepend(path, MESSAGE_ENUM, (size_t)(type - type->parent->enums));
    add_message(path, type->parent);
  } else {
    prepend(path, FILE_ENUM, (size_t)(type - type->file->enums));
  }
}

static void add_field(place_path *path, const stele_field *field) {
  if (!field->is_extension) {
    prepend(path, MESSAGE_FIELD, (size_t)(field - field->message->fields));
    add_message(path, field->message);
  } else if (stele_field_scope(field)) {
    prepend(path, MESSAGE_EXTENSION, (size_t)(field - stele_field_scope(field)->extensions));
    add_message(path, stele_field_scope(field));
  } else {
    prepend(path, FILE_EXTENSION, (size_t)(field - stele_field_file(field)->extensions));
  }
}

static void add_service(place_path *path, const stele_service *service) {
  prepend(path, FILE_SERVICE, (size_t)(service - service->file->services));
}

void place_path_of(place_path *path, stele_symbol_kind kind, const void *element) {
  path->start = PLACE_MOST_STEPS;
  switch (kind) {
  case STELE_SYMBOL_MESSAGE: add_message(path, element); break;
  case STELE_SYMBOL_ENUM: add_enum(path, element); break;
  case STELE_SYMBOL_SERVICE: add_service(path, element); break;
  case STELE_SYMBOL_FIELD: add_field(path, element); break;
  case STELE_SYMBOL_ONEOF: {
    const stele_oneof *oneof = element;
    prepend(path, MESSAGE_ONEOF, (size_t)(oneof - oneof->message->oneofs));
    add_message(path, oneof->message);
    break;
  }
  case STELE_SYMBOL_ENUM_VALUE: {
    const stele_enum_value *value = element;
    prepend(path, ENUM_VALUE, (size_t)(value - value->parent->values));
    add_enum(path, value->parent);
    break;
  }
  case STELE_SYMBOL_METHOD: {
    const stele_method *method = element;
    prepend(path, SERVICE_METHOD, (size_t)(method - method->service->methods));
    add_service(path, method->service);
    break;
  }
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE:
  case STELE_SYMBOL_FILE: break;
  }
}

const stele_file *check_file_of(stele_symbol_kind kind, const void *element) {
  switch (kind) {
  case STELE_SYMBOL_MESSAGE: return ((const stele_message *)element)->file;
  case STELE_SYMBOL_ENUM: return ((const stele_enum *)element)->file;
  case STELE_SYMBOL_SERVICE: return ((const stele_service *)element)->file;
  case STELE_SYMBOL_FIELD: return stele_field_file(element);
  case STELE_SYMBOL_ONEOF: return ((const stele_oneof *)element)->message->file;
  case STELE_SYMBOL_ENUM_VALUE: return ((const stele_enum_value *)element)->parent->file;
  case STELE_SYMBOL_METHOD: return ((const stele_method *)element)->service->file;
  case STELE_SYMBOL_FILE: return element;
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return NULL;
}

size_t place_path_pack(const place_path *path, uint8_t out[PLACE_MOST_BYTES]) {
  size_t len = 0;
  for (size_t i = path->start; i < PLACE_MOST_STEPS; i++) {
    uint32_t step = path->steps[i];
    for (; step >= 0x80; step >>= 7) out[len++] = (uint8_t)(step | 0x80);
    out[len++] = (uint8_t)step;
  }
  return len;
}

const stele_oneof *check_oneof_of(const stele_field *field) {
  return field->oneof && !field->oneof->is_synthetic ? field->oneof : NULL;
}
