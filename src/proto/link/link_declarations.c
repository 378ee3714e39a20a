/* Extension declarations: a range may say which extensions use its numbers,
 * and then those must be the ones. */
#include "proto/link/link_validate.h"

enum {
  DECLARATION_NUMBER = 1,
  DECLARATION_FULL_NAME = 2,
  DECLARATION_TYPE = 3,
  DECLARATION_RESERVED = 5,
  DECLARATION_REPEATED = 6,
  VERIFICATION_DECLARATION = 0,
  VERIFICATION_UNVERIFIED = 1,
  VERIFICATION_MISSING = 2,
};

typedef struct declaration {
  int32_t number;
  stele_str full_name, type;
  bool has_full_name, has_type, is_reserved, is_repeated;
} declaration;

/* The last text of a field of `in`, and whether there was one. */
static stele_str text_of(stele_bytes in, uint32_t number, bool *found) {
  stele_bytes value = {NULL, 0}, last = {NULL, 0};
  *found = false;
  while (link_wire_find(&in, number, &value)) {
    last = value;
    *found = true;
  }
  return stele_bytes_str(last);
}

/* The next declaration of a range's options. */
static bool next_declaration(stele_bytes *in, declaration *out) {
  stele_bytes bytes;
  if (!link_wire_find(in, RANGE_DECLARATION, &bytes)) return false;
  *out = (declaration){
      .number = (int32_t)(uint32_t)link_wire_varint(bytes, DECLARATION_NUMBER, 0),
      .is_reserved = link_wire_varint(bytes, DECLARATION_RESERVED, 0) != 0,
      .is_repeated = link_wire_varint(bytes, DECLARATION_REPEATED, 0) != 0,
  };
  out->full_name = text_of(bytes, DECLARATION_FULL_NAME, &out->has_full_name);
  out->type = text_of(bytes, DECLARATION_TYPE, &out->has_type);
  return true;
}

static const char *const scalar_names[] = {
    [STELE_TYPE_UNRESOLVED] = "",       [STELE_TYPE_DOUBLE] = "double",
    [STELE_TYPE_FLOAT] = "float",       [STELE_TYPE_INT64] = "int64",
    [STELE_TYPE_UINT64] = "uint64",     [STELE_TYPE_INT32] = "int32",
    [STELE_TYPE_FIXED64] = "fixed64",   [STELE_TYPE_FIXED32] = "fixed32",
    [STELE_TYPE_BOOL] = "bool",         [STELE_TYPE_STRING] = "string",
    [STELE_TYPE_GROUP] = "group",       [STELE_TYPE_MESSAGE] = "message",
    [STELE_TYPE_BYTES] = "bytes",       [STELE_TYPE_UINT32] = "uint32",
    [STELE_TYPE_ENUM] = "enum",         [STELE_TYPE_SFIXED32] = "sfixed32",
    [STELE_TYPE_SFIXED64] = "sfixed64", [STELE_TYPE_SINT32] = "sint32",
    [STELE_TYPE_SINT64] = "sint64",
};

/* A word that is no message's name. */
static bool is_scalar_word(stele_str type) {
  for (size_t i = STELE_TYPE_DOUBLE; i < STELE_COUNT(scalar_names); i++) {
    if (i == STELE_TYPE_GROUP || i == STELE_TYPE_MESSAGE) continue;
    if (stele_str_eq(type, stele_cstr(scalar_names[i]))) return true;
  }
  return false;
}

/* ---- What is declared --------------------------------------------------- */

/* A name with a dot before it and identifiers between dots. */
static bool is_qualified(stele_str name) {
  bool after_dot = false;
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (c == '.') {
      if (after_dot) return false;
      after_dot = true;
      continue;
    }
    bool ok =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!ok) return false;
    after_dot = false;
  }
  return name.len && !after_dot;
}

static void check_symbol(link_file_state *state, stele_str name) {
  if (name.len == 0 || name.ptr[0] != '.') {
    link_error(state, LINK_NONE,
               "\"" STELE_STR_FMT
               "\" must have a leading dot to indicate the fully-qualified scope.",
               STELE_STR_ARG(name));
  } else if (!is_qualified(name)) {
    link_error(state, LINK_NONE, "\"" STELE_STR_FMT "\" contains invalid identifiers.",
               STELE_STR_ARG(name));
  }
}

static void check_declarations(link_file_state *state, const stele_range *range, stele_map *names) {
  stele_bytes in = range->options->wire;
  uint32_t token = link_token_of_range(state, range);
  declaration d;
  stele_map numbers;
  stele_map_init(&numbers, state->scratch, 0);
  while (next_declaration(&in, &d)) {
    if (d.number < range->start || d.number >= range->end) {
      link_error(state, token, "Extension declaration number %d is not in the extension range.",
                 d.number);
    }
    void **place = stele_map_add_u64(&numbers, (uint32_t)d.number);
    if (*place) {
      link_error(state, token, "Extension declaration number %d is declared multiple times.",
                 d.number);
    }
    *place = state;
    if (!d.has_full_name || !d.has_type) {
      if (d.has_full_name == d.has_type && d.is_reserved) continue;
      link_error(state, LINK_NONE,
                 "Extension declaration #%d should have both \"full_name\" and \"type\" set.",
                 d.number);
      continue;
    }
    place = stele_map_add(names, d.full_name);
    if (*place) {
      link_error(state, LINK_NONE,
                 "Extension field name \"" STELE_STR_FMT "\" is declared multiple times.",
                 STELE_STR_ARG(d.full_name));
      return;
    }
    *place = state;
    check_symbol(state, d.full_name);
    if (!is_scalar_word(d.type)) check_symbol(state, d.type);
  }
}

void link_validate_ranges(link_file_state *state, const stele_message *message) {
  if (message->extension_range_count == 0) return;
  int64_t most = message->is_message_set ? INT32_MAX : 536870911;
  stele_map names;
  stele_map_init(&names, state->scratch, 0);
  for (uint32_t i = 0; i < message->extension_range_count; i++) {
    const stele_range *range = &message->extension_ranges[i];
    if (range->end > most + 1) {
      link_error(state, LINK_NONE, "Extension numbers cannot be greater than %lld.",
                 (long long)most);
    }
    if (!range->options || !link_wire_has(range->options->wire, RANGE_DECLARATION)) continue;
    uint64_t verification =
        stele_options_varint(range->options, RANGE_VERIFICATION, VERIFICATION_MISSING);
    if (verification == VERIFICATION_UNVERIFIED) {
      link_error(
          state, LINK_NONE,
          "Cannot mark the extension range as UNVERIFIED when it has extension(s) declared.");
      return;
    }
    check_declarations(state, range, &names);
  }
}

/* ---- Who keeps to it ---------------------------------------------------- */

static void check_type(link_file_state *state, const stele_field *field, stele_str type,
                       uint32_t token) {
  if (state->error_count) return;
  stele_str actual = stele_field_type_name(field);
  if (!field->type_message && !field->type_enum) actual = stele_cstr(scalar_names[field->type]);
  stele_str wanted = type;
  if (!is_scalar_word(type) && (type.len == 0 || type.ptr[0] != '.')) {
    wanted = stele_str_printf(state->scratch, "." STELE_STR_FMT, STELE_STR_ARG(type));
  }
  if (stele_str_eq(actual, wanted)) return;
  link_error(state, token,
             "\"" STELE_STR_FMT "\" extension field %d is expected to be type \"" STELE_STR_FMT
             "\", not \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(field->message->full_name), field->number, STELE_STR_ARG(wanted),
             STELE_STR_ARG(actual));
}

static void check_kept(link_file_state *state, const stele_field *field, const declaration *d,
                       uint32_t token) {
  if (d->type.len) check_type(state, field, d->type, token);
  stele_str name = stele_field_full_name(state->scratch, field);
  stele_str actual = stele_str_printf(state->scratch, "." STELE_STR_FMT, STELE_STR_ARG(name));
  if (d->full_name.len && !stele_str_eq(d->full_name, actual)) {
    link_error(state, token,
               "\"" STELE_STR_FMT
               "\" extension field %d is expected to have field name \"" STELE_STR_FMT
               "\", not \"" STELE_STR_FMT "\".",
               STELE_STR_ARG(field->message->full_name), field->number, STELE_STR_ARG(d->full_name),
               STELE_STR_ARG(actual));
  }
  if (d->is_repeated != (field->label == STELE_LABEL_REPEATED)) {
    link_error(state, token, "\"" STELE_STR_FMT "\" extension field %d is expected to be %s.",
               STELE_STR_ARG(field->message->full_name), field->number,
               d->is_repeated ? "repeated" : "optional");
  }
}

static const stele_range *range_of(const stele_field *field) {
  for (uint32_t i = 0; i < field->message->extension_range_count; i++) {
    const stele_range *range = &field->message->extension_ranges[i];
    if (field->number >= range->start && field->number < range->end) return range;
  }
  return NULL;
}

/* Custom options are not asked: anybody may extend the options messages. */
static bool is_exempt(const stele_message *extendee) {
  if (stele_str_eq(extendee->file->name, STELE_STR("google/protobuf/descriptor.proto")))
    return true;
  for (size_t i = 0; i < STELE_COUNT(link_options_names); i++) {
    if (stele_str_eq(extendee->full_name, link_options_names[i])) return true;
  }
  return false;
}

void link_validate_declared(link_file_state *state, const stele_field *field) {
  const stele_range *range = range_of(field);
  if (!range || !range->options || is_exempt(field->message)) return;
  if (state->job->takes_any_extension) return;
  uint32_t token = link_token_of_extendee(state, field);
  stele_bytes in = range->options->wire;
  declaration d;
  bool any = false;
  while (next_declaration(&in, &d)) {
    any = true;
    if (d.number != field->number) continue;
    if (!d.is_reserved) {
      check_kept(state, field, &d, token);
      return;
    }
    stele_str name = stele_field_full_name(state->scratch, field);
    link_error(state, token,
               "Cannot use number %d for extension field " STELE_STR_FMT
               ", as it is reserved in the extension declarations for message " STELE_STR_FMT ".",
               field->number, STELE_STR_ARG(name), STELE_STR_ARG(field->message->full_name));
    return;
  }
  uint64_t verification =
      stele_options_varint(range->options, RANGE_VERIFICATION, VERIFICATION_MISSING);
  if (!any && verification != VERIFICATION_DECLARATION) return;
  stele_str name = stele_field_full_name(state->scratch, field);
  link_error(state, token,
             "Missing extension declaration for field " STELE_STR_FMT
             " with number %d in extendee message " STELE_STR_FMT
             ". An extension range must declare for all extension fields if its verification state "
             "is DECLARATION or there's any declaration in the range already. Otherwise, consider "
             "splitting up the range.",
             STELE_STR_ARG(name), field->number, STELE_STR_ARG(field->message->full_name));
}
