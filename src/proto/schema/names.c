/* Names that are made rather than stored. */
#include "proto/schema/schema.h"

static char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

stele_str stele_json_name(stele_arena *arena, stele_str name) {
  if (name.len == 0 || !memchr(name.ptr, '_', name.len)) return name;

  char *out = STELE_NEW_ARRAY(arena, char, name.len);
  size_t len = 0;
  bool raise = false;
  for (size_t i = 0; i < name.len; i++) {
    if (name.ptr[i] == '_') {
      raise = true;
    } else {
      out[len++] = raise ? to_upper(name.ptr[i]) : name.ptr[i];
      raise = false;
    }
  }
  return (stele_str){out, len};
}

/* "scope.name", or the name alone in the nameless package. */
static stele_str join(stele_arena *arena, stele_str scope, stele_str name) {
  if (scope.len == 0) return name;
  char *out = STELE_NEW_ARRAY(arena, char, scope.len + 1 + name.len);
  memcpy(out, scope.ptr, scope.len);
  out[scope.len] = '.';
  if (name.len) memcpy(out + scope.len + 1, name.ptr, name.len);
  return (stele_str){out, scope.len + 1 + name.len};
}

/* What a message, or else its file, gives as a scope. */
static stele_str scope_name(const stele_message *message, const stele_file *file) {
  return message ? message->full_name : file->package;
}

stele_str stele_field_full_name(stele_arena *arena, const stele_field *field) {
  const stele_message *scope = field->is_extension ? stele_field_scope(field) : field->message;
  return join(arena, scope_name(scope, stele_field_file(field)), field->name);
}

stele_str stele_oneof_full_name(stele_arena *arena, const stele_oneof *oneof) {
  return join(arena, oneof->message->full_name, oneof->name);
}

stele_str stele_enum_value_full_name(stele_arena *arena, const stele_enum_value *value) {
  const stele_enum *type = value->parent;
  return join(arena, scope_name(type->parent, type->file), value->name);
}

stele_str stele_method_full_name(stele_arena *arena, const stele_method *method) {
  return join(arena, method->service->full_name, method->name);
}

uint32_t stele_message_index(const stele_message *message) {
  const stele_message *first =
      message->parent ? message->parent->messages : message->file->messages;
  return (uint32_t)(message - first);
}

uint32_t stele_field_index(const stele_field *field) {
  const stele_field *first = field->message ? field->message->fields : NULL;
  if (field->is_extension)
    first = stele_field_scope(field) ? stele_field_scope(field)->extensions
                                     : stele_field_file(field)->extensions;
  return (uint32_t)(field - first);
}

const char *stele_field_type_text(stele_field_type type) {
  static const char *const texts[] = {
      [STELE_TYPE_UNRESOLVED] = "?",      [STELE_TYPE_DOUBLE] = "double",
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
  return texts[type];
}
