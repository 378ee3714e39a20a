/* The public questions: each answers from the struct that is open to us. */
#include "proto/schema/schema.h"

#define ANSWER(type, function, struct_type, expression)                                            \
  type function(const struct_type *self) {                                                         \
    return expression;                                                                             \
  }
#define ANSWER_AT(type, function, struct_type, count, expression)                                  \
  type function(const struct_type *self, size_t index) {                                           \
    return index < self->count ? (expression) : NULL;                                              \
  }

static const void *element_of_kind(const stele_schema *schema, stele_str full_name,
                                   stele_symbol_kind kind) {
  stele_symbol symbol = stele_schema_find(schema, full_name);
  return symbol.kind == kind ? symbol.element : NULL;
}

const stele_message *stele_schema_message(const stele_schema *schema, stele_str full_name) {
  return element_of_kind(schema, full_name, STELE_SYMBOL_MESSAGE);
}

const stele_enum *stele_schema_enum(const stele_schema *schema, stele_str full_name) {
  return element_of_kind(schema, full_name, STELE_SYMBOL_ENUM);
}

const stele_service *stele_schema_service(const stele_schema *schema, stele_str full_name) {
  return element_of_kind(schema, full_name, STELE_SYMBOL_SERVICE);
}

ANSWER(stele_str, stele_file_name, stele_file, self->name)
ANSWER(stele_str, stele_file_package, stele_file, self->package)
ANSWER(const stele_schema *, stele_file_schema, stele_file, self->schema)
ANSWER(bool, stele_file_is_lenient, stele_file, self->is_lenient)
ANSWER(int, stele_file_edition, stele_file, self->edition)
ANSWER(size_t, stele_file_import_count, stele_file, self->import_count)
ANSWER(size_t, stele_file_message_count, stele_file, self->message_count)
ANSWER(size_t, stele_file_enum_count, stele_file, self->enum_count)
ANSWER(size_t, stele_file_service_count, stele_file, self->service_count)
ANSWER_AT(const stele_file *, stele_file_import, stele_file, import_count,
          self->imports[index].file)
ANSWER_AT(const stele_message *, stele_file_message, stele_file, message_count,
          &self->messages[index])
ANSWER_AT(const stele_enum *, stele_file_enum, stele_file, enum_count, &self->enums[index])
ANSWER_AT(const stele_service *, stele_file_service, stele_file, service_count,
          &self->services[index])

stele_str stele_file_import_path(const stele_file *file, size_t index) {
  return index < file->import_count ? file->imports[index].path : (stele_str){0};
}

ANSWER(stele_str, stele_message_name, stele_message, self->name)
ANSWER(stele_str, stele_message_full_name, stele_message, self->full_name)
ANSWER(const stele_file *, stele_message_file, stele_message, self->file)
ANSWER(const stele_message *, stele_message_parent, stele_message, self->parent)
ANSWER(bool, stele_message_is_map_entry, stele_message, self->is_map_entry)
ANSWER(size_t, stele_message_field_count, stele_message, self->field_count)
ANSWER(size_t, stele_message_nested_count, stele_message, self->message_count)
ANSWER(size_t, stele_message_enum_count, stele_message, self->enum_count)
ANSWER_AT(const stele_field *, stele_message_field_at, stele_message, field_count,
          &self->fields[index])
ANSWER_AT(const stele_message *, stele_message_nested, stele_message, message_count,
          &self->messages[index])
ANSWER_AT(const stele_enum *, stele_message_enum, stele_message, enum_count, &self->enums[index])

ANSWER(stele_str, stele_field_name, stele_field, self->name)
ANSWER(stele_str, stele_field_json_name, stele_field, self->json_name)
ANSWER(int32_t, stele_field_number, stele_field, self->number)
ANSWER(stele_field_type, stele_field_type_of, stele_field, (stele_field_type)self->type)
ANSWER(stele_label, stele_field_label, stele_field, (stele_label)self->label)
ANSWER(const stele_message *, stele_field_message_type, stele_field, self->type_message)
ANSWER(const stele_enum *, stele_field_enum_type, stele_field, self->type_enum)
ANSWER(bool, stele_field_is_repeated, stele_field, self->label == STELE_LABEL_REPEATED)
ANSWER(bool, stele_field_is_map_field, stele_field, stele_field_is_map(self))
ANSWER(bool, stele_field_has_presence, stele_field, self->has_presence)
ANSWER(stele_str, stele_field_oneof_name, stele_field,
       self->oneof && !self->oneof->is_synthetic ? self->oneof->name : (stele_str){0})

ANSWER(stele_str, stele_enum_name, stele_enum, self->name)
ANSWER(stele_str, stele_enum_full_name, stele_enum, self->full_name)
ANSWER(bool, stele_enum_is_closed, stele_enum, self->is_closed)
ANSWER(size_t, stele_enum_count, stele_enum, self->value_count)

stele_str stele_enum_value_name(const stele_enum *type, size_t index) {
  return index < type->value_count ? type->values[index].name : (stele_str){0};
}

int32_t stele_enum_value_number(const stele_enum *type, size_t index) {
  return index < type->value_count ? type->values[index].number : 0;
}

ANSWER(stele_str, stele_service_name, stele_service, self->name)
ANSWER(stele_str, stele_service_full_name, stele_service, self->full_name)
ANSWER(size_t, stele_service_method_count, stele_service, self->method_count)
ANSWER_AT(const stele_method *, stele_service_method, stele_service, method_count,
          &self->methods[index])
ANSWER(stele_str, stele_method_name, stele_method, self->name)
ANSWER(const stele_message *, stele_method_input, stele_method, self->input)
ANSWER(const stele_message *, stele_method_output, stele_method, self->output)
ANSWER(bool, stele_method_client_streaming, stele_method, self->client_streaming)
ANSWER(bool, stele_method_server_streaming, stele_method, self->server_streaming)
