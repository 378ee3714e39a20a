/* What a field may be, given its options, its features and what it is in. */
#include "proto/link/link_validate.h"

/* A feature that the field itself sets. */
static unsigned own(const link_file_state *state, const stele_field *field, stele_feature feature) {
  return stele_features_get(state->field_own[link_field_at(state, field)], feature);
}

static bool is_message(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE || field->type == STELE_TYPE_GROUP;
}

/* A message field that is not written as a group. */
static bool is_plain_message(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE && !field->is_delimited;
}

static bool is_map(const stele_field *field) {
  return is_plain_message(field) && field->type_message->is_map_entry;
}

static bool is_string_map(const stele_field *field) {
  if (!is_map(field)) return false;
  for (uint32_t i = 0; i < field->type_message->field_count; i++) {
    if (field->type_message->fields[i].type == STELE_TYPE_STRING) return true;
  }
  return false;
}

/* ---- Features ----------------------------------------------------------- */

static void validate_own_features(link_file_state *state, const stele_field *field,
                                  uint32_t token) {
  unsigned presence = own(state, field, STELE_FEATURE_FIELD_PRESENCE);
  bool is_repeated = field->label == STELE_LABEL_REPEATED;
  if (presence && field->oneof) {
    link_error(state, token, "Oneof fields can't specify field presence.");
  } else if (presence && is_repeated) {
    link_error(state, token, "Repeated fields can't specify field presence.");
  } else if (presence && field->is_extension && presence != STELE_PRESENCE_LEGACY_REQUIRED) {
    link_error(state, token, "Extensions can't specify field presence.");
  } else if (presence == STELE_PRESENCE_IMPLICIT && field->type_message) {
    link_error(state, token, "Message fields can't specify implicit presence.");
  }
  if (!is_repeated && own(state, field, STELE_FEATURE_REPEATED_FIELD_ENCODING)) {
    link_error(state, token, "Only repeated fields can specify repeated field encoding.");
  }
  if (field->type != STELE_TYPE_STRING && !is_string_map(field) &&
      own(state, field, STELE_FEATURE_UTF8_VALIDATION)) {
    link_error(state, token, "Only string fields can specify utf8 validation.");
  }
  if (!link_is_packable(field) &&
      own(state, field, STELE_FEATURE_REPEATED_FIELD_ENCODING) == STELE_ENCODING_PACKED) {
    link_error(state, token,
               "Only repeated primitive fields can specify PACKED repeated field encoding.");
  }
  if ((!is_message(field) || is_map(field)) && own(state, field, STELE_FEATURE_MESSAGE_ENCODING)) {
    link_error(state, token, "Only message fields can specify message encoding.");
  }
}

static void validate_features(link_file_state *state, const stele_field *field) {
  if (stele_field_file(field)->edition < STELE_EDITION_2023) return;
  uint32_t token = link_token_of_field(state, field);
  if (field->label == STELE_LABEL_REQUIRED) {
    link_error(state, token,
               "Required label is not allowed under editions.  Use the feature field_presence = "
               "LEGACY_REQUIRED to control this behavior.");
  }
  if (field->type == STELE_TYPE_GROUP) {
    link_error(state, token,
               "Group types are not allowed under editions.  Use the feature message_encoding = "
               "DELIMITED to control this behavior.");
  }
  if (field->options && link_wire_has(field->options->wire, FIELD_PACKED)) {
    link_error(state, token,
               "Field option packed is not allowed under editions.  Use the "
               "repeated_field_encoding feature to control this behavior.");
  }
  if (field->label != STELE_LABEL_REPEATED && !field->has_presence) {
    if (field->has_default) {
      link_error(state, token, "Implicit presence fields can't specify defaults.");
    }
    if (field->type_enum && field->type_enum->is_closed) {
      link_error(state, token, "Implicit presence enum fields must always be open.");
    }
  }
  if (field->is_extension && field->is_required) {
    link_error(state, token, "Extensions can't be required.");
  }
  /* A map's key and value got their settings from the map field. */
  if (field->message->is_map_entry) return;
  validate_own_features(state, field, token);
}

/* ---- Options ------------------------------------------------------------ */

static void validate_lazy(link_file_state *state, const stele_field *field, uint32_t token) {
  bool unverified = stele_options_varint(field->options, FIELD_UNVERIFIED_LAZY, 0) != 0;
  if (!unverified && !stele_options_varint(field->options, FIELD_LAZY, 0)) return;
  if (!is_plain_message(field)) {
    link_error(state, token, "[lazy = true] can only be specified for submessage fields.");
  }
  if (unverified && field->is_extension) {
    link_error(state, token, "Extensions cannot be marked as unverified_lazy.");
  }
}

static void validate_message_set(link_file_state *state, const stele_field *field, uint32_t token) {
  if (!field->message->is_message_set) return;
  if (!field->is_extension) {
    link_error(state, link_token_of_field(state, field),
               "MessageSets cannot have fields, only extensions.");
  } else if (field->is_required || field->label == STELE_LABEL_REPEATED ||
             !is_plain_message(field)) {
    link_error(state, token, "Extensions of MessageSets must be optional messages.");
  }
}

static void validate_jstype(link_file_state *state, const stele_field *field, uint32_t token) {
  uint64_t jstype = stele_options_varint(field->options, FIELD_JSTYPE, 0);
  if (jstype == 0) return;
  switch ((stele_field_type)field->type) {
  case STELE_TYPE_UINT64:
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_FIXED64:
  case STELE_TYPE_SFIXED64: return; /* both other values suit them */
  case STELE_TYPE_UNRESOLVED:
  case STELE_TYPE_DOUBLE:
  case STELE_TYPE_FLOAT:
  case STELE_TYPE_INT32:
  case STELE_TYPE_FIXED32:
  case STELE_TYPE_BOOL:
  case STELE_TYPE_STRING:
  case STELE_TYPE_GROUP:
  case STELE_TYPE_MESSAGE:
  case STELE_TYPE_BYTES:
  case STELE_TYPE_UINT32:
  case STELE_TYPE_ENUM:
  case STELE_TYPE_SFIXED32:
  case STELE_TYPE_SINT32: break;
  }
  link_error(state, token,
             "jstype is only allowed on int64, uint64, sint64, fixed64 or sfixed64 fields.");
}

static void validate_options(link_file_state *state, const stele_field *field, uint32_t token) {
  if (stele_field_file(field)->edition >= STELE_EDITION_2024 &&
      link_wire_has(field->options->wire, FIELD_CTYPE)) {
    link_error(state, token,
               "ctype option is not allowed under edition 2024 and beyond. Use the feature "
               "string_type = VIEW|CORD|STRING|... instead.");
  }
  validate_lazy(state, field, token);
  if (stele_options_varint(field->options, FIELD_PACKED, 0) && !link_is_packable(field)) {
    link_error(state, token,
               "[packed = true] can only be specified for repeated primitive fields.");
  }
}

/* ---- Maps --------------------------------------------------------------- */

/* Does the entry look as one that was made for this field? */
static bool is_made_for(link_file_state *state, const stele_field *field) {
  stele_mark mark = stele_arena_mark(state->scratch);
  stele_str name = link_entry_name(state->scratch, field->name);
  bool same = stele_str_eq(field->type_message->name, name);
  stele_arena_rewind(state->scratch, mark);
  return same && field->label == STELE_LABEL_REPEATED && !field->is_extension &&
         field->message == field->type_message->parent;
}

/* A type of the entry's name further out, which may have been meant. */
static link_symbol_id meant(link_file_state *state, const stele_message *entry) {
  if (!entry->parent) return LINK_ROOT;
  link_symbol_id scope = link_symbol_of_message(state->job, entry->parent);
  link_name name = link_name_from_text(state, entry->name);
  if (scope == LINK_ROOT) return LINK_ROOT;
  scope = link_symbol_get(state->job, scope)->parent;
  link_symbol_id found = link_lookup(state, scope, name, LINK_TYPES);
  if (found == LINK_ROOT || link_symbol_get(state->job, found)->element == entry) return LINK_ROOT;
  return found;
}

static void error_not_made(link_file_state *state, const stele_field *field, uint32_t token) {
  const stele_message *entry = field->type_message;
  link_symbol_id other = meant(state, entry);
  stele_str name = other == LINK_ROOT ? (stele_str){NULL, 0} : link_symbol_name(state, other);
  link_error(state, token,
             STELE_STR_FMT " is a synthetic MapEntry message type, which is not allowed to be used "
                           "as a field type.%s" STELE_STR_FMT "%s",
             STELE_STR_ARG(entry->full_name), name.len ? " Maybe you meant \"." : "",
             STELE_STR_ARG(name), name.len ? "\"?" : "");
}

static bool is_half(const stele_field *field, int32_t number, const char *name) {
  return field->label == STELE_LABEL_OPTIONAL && !field->is_required && field->number == number &&
         stele_str_eq(field->name, stele_cstr(name));
}

/* False for an entry that nobody's `map<…>` made. */
static bool validate_entry(link_file_state *state, const stele_field *field, uint32_t token) {
  const stele_message *entry = field->type_message;
  if (entry->extension_count || entry->extension_range_count || entry->message_count ||
      entry->enum_count || entry->field_count != 2) {
    return false;
  }
  const stele_field *key = &entry->fields[0], *value = &entry->fields[1];
  if (!is_half(key, 1, "key") || !is_half(value, 2, "value")) return false;
  if (key->type == STELE_TYPE_ENUM) {
    link_error(state, token, "Key in map fields cannot be enum types.");
  } else if (key->type == STELE_TYPE_FLOAT || key->type == STELE_TYPE_DOUBLE ||
             key->type == STELE_TYPE_BYTES || is_message(key)) {
    link_error(state, token, "Key in map fields cannot be float/double, bytes or message types.");
  }
  if (value->type_enum && value->type_enum->value_count &&
      value->type_enum->values[0].number != 0) {
    link_error(state, token, "Enum value in map must define 0 as the first value.");
  }
  return true;
}

static void validate_map(link_file_state *state, const stele_field *field, uint32_t token) {
  if (!field->type_message || !field->type_message->is_map_entry) return;
  if (!is_map(field)) {
    link_error(state, token,
               "Groups cannot be map entries. Use a regular message field with map<KeyType, "
               "ValueType> syntax instead.");
    return;
  }
  if (!is_made_for(state, field)) error_not_made(state, field, token);
  if (validate_entry(state, field, token)) return;
  link_error(state, token,
             "map_entry should not be set explicitly. Use map<KeyType, ValueType> instead.");
}

/* ---- All of it ---------------------------------------------------------- */

static void validate_json_name(link_file_state *state, const stele_field *field) {
  if (!field->has_json_name) return;
  uint32_t at = link_field_at(state, field);
  uint32_t token = link_token_of_json_name(state, field);
  stele_str usual = stele_sym_str(state->job->interner, state->field_json_syms[at]);
  if (field->is_extension && !stele_str_eq(field->json_name, usual)) {
    link_error(state, token, "option json_name is not allowed on extension fields.");
  }
  if (field->json_name.len && memchr(field->json_name.ptr, 0, field->json_name.len)) {
    link_error(state, token, "json_name cannot have embedded null characters.");
  }
}

void link_validate_field(link_file_state *state, const stele_field *field) {
  uint32_t token = link_token_of_field_type(state, field);
  link_validate_support(state, field);
  validate_features(state, field);
  if (field->options) validate_options(state, field, token);
  validate_message_set(state, field, token);
  if (field->is_extension && link_is_lite(stele_field_file(field)) &&
      !link_is_lite(field->message->file)) {
    link_error(state, link_token_of_extendee(state, field),
               "Extensions to non-lite types can only be declared in non-lite files.  Note that "
               "you cannot extend a non-lite type to contain a lite type, but the reverse is "
               "allowed.");
  }
  validate_map(state, field, token);
  if (field->options) validate_jstype(state, field, token);
  validate_json_name(state, field);
  if (field->is_extension) link_validate_declared(state, field);
}
