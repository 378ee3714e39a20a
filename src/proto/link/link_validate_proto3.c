/* What proto3 does not allow. */
#include "proto/link/link_validate.h"

/* Extensions may extend the options messages, and nothing else. */
static bool extends_options(const stele_field *field) {
  for (size_t i = 0; i < STELE_COUNT(link_options_names); i++) {
    stele_str name = link_options_names[i];
    if (stele_str_eq(field->message->full_name, name)) return true;
    /* The package that protobuf's own house uses. */
    stele_str last = {name.ptr + sizeof "google.protobuf", name.len - sizeof "google.protobuf"};
    stele_str full = field->message->full_name;
    if (full.len == last.len + 7 && memcmp(full.ptr, "proto2.", 7) == 0 &&
        memcmp(full.ptr + 7, last.ptr, last.len) == 0) {
      return true;
    }
  }
  return false;
}

static void validate_field(link_file_state *state, const stele_field *field) {
  uint32_t type = link_token_of_field_type(state, field);
  if (field->is_extension && !extends_options(field)) {
    link_error(state, link_token_of_extendee(state, field),
               "Extensions in proto3 are only allowed for defining options.");
  }
  if (field->is_required) link_error(state, type, "Required fields are not allowed in proto3.");
  if (field->has_default) {
    link_error(state, link_token_of_default(state, field),
               "Explicit default values are not allowed in proto3.");
  }
  if (field->type_enum && field->type_enum->is_closed) {
    link_error(
        state, type,
        "Enum type \"" STELE_STR_FMT "\" is not an open enum, but is used in \"" STELE_STR_FMT
        "\" which is a proto3 message type.",
        STELE_STR_ARG(field->type_enum->full_name), STELE_STR_ARG(field->message->full_name));
  }
  if (field->type == STELE_TYPE_GROUP) {
    link_error(state, type, "Groups are not supported in proto3 syntax.");
  }
}

static void validate_message(link_file_state *state, const stele_message *message) {
  for (uint32_t i = 0; i < message->message_count; i++) {
    validate_message(state, &message->messages[i]);
  }
  for (uint32_t i = 0; i < message->field_count; i++) validate_field(state, &message->fields[i]);
  for (uint32_t i = 0; i < message->extension_count; i++) {
    validate_field(state, &message->extensions[i]);
  }
  if (message->extension_range_count) {
    link_error(state, link_token_of_range(state, &message->extension_ranges[0]),
               "Extension ranges are not allowed in proto3.");
  }
  if (message->is_message_set) {
    link_error(state, link_token_of_message(state, message),
               "MessageSet is not supported in proto3.");
  }
}

void link_validate_proto3(link_file_state *state) {
  const stele_file *file = state->file;
  for (uint32_t i = 0; i < file->extension_count; i++) validate_field(state, &file->extensions[i]);
  for (uint32_t i = 0; i < file->message_count; i++) validate_message(state, &file->messages[i]);
}
