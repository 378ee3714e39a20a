/* link_validate: the parts of validation, by what they judge.
 *
 * All run on a file without errors so far, in protoc's order of visiting:
 * the file, then each message with its enums, oneofs, fields, nested messages
 * and extensions, then enums, extensions and services of the file.
 * Deps: link_internal.h. */
#ifndef STELE_PROTO_LINK_LINK_VALIDATE_H
#define STELE_PROTO_LINK_LINK_VALIDATE_H

#include "proto/link/link_internal.h"

/* Numbers of known options, as the checks ask for them. */
enum {
  FILE_OPTIMIZE_FOR = 9,
  FILE_CC_SERVICES = 16,
  FILE_JAVA_SERVICES = 17,
  FILE_JAVA_UTF8 = 27,
  FILE_PY_SERVICES = 18,
  LITE_RUNTIME = 3,
  MESSAGE_JSON_CONFLICTS = 11,
  ENUM_JSON_CONFLICTS = 6,
  FIELD_CTYPE = 1,
  FIELD_PACKED = 2,
  FIELD_LAZY = 5,
  FIELD_JSTYPE = 6,
  FIELD_UNVERIFIED_LAZY = 15,
  FIELD_TARGETS = 19,
  FIELD_FEATURE_SUPPORT = 22,
  VALUE_FEATURE_SUPPORT = 4,
  VALUE_JSON = 998, /* (pb.enumvalue.json) */
  RANGE_DECLARATION = 2,
  RANGE_VERIFICATION = 3,
};

/* What to do with each element; NULL for nothing. */
typedef struct link_visitor {
  void (*file)(link_file_state *state, const stele_file *file);
  void (*message)(link_file_state *state, const stele_message *message);
  void (*type)(link_file_state *state, const stele_enum *type);
  void (*value)(link_file_state *state, const stele_enum_value *value);
  void (*oneof)(link_file_state *state, const stele_oneof *oneof);
  void (*field)(link_file_state *state, const stele_field *field);
  void (*range)(link_file_state *state, const stele_range *range);
  void (*service)(link_file_state *state, const stele_service *service);
  void (*method)(link_file_state *state, const stele_method *method);
} link_visitor;

void link_visit(link_file_state *state, const link_visitor *visitor);

/* The bytes of the field `number` of a message, length-delimited: the next one
 * from `*in` on, which moves behind it. False when there is none. */
bool link_wire_find(stele_bytes *in, uint32_t number, stele_bytes *out);
uint64_t link_wire_varint(stele_bytes in, uint32_t number, uint64_t missing);
bool link_wire_has(stele_bytes in, uint32_t number);

bool link_is_lite(const stele_file *file);

/* link_validate_field.c */
void link_validate_field(link_file_state *state, const stele_field *field);

/* link_validate_names.c: JSON names, names of enum values, map entries. */
void link_validate_json_names(link_file_state *state, const stele_message *message);
void link_validate_enum(link_file_state *state, const stele_enum *type);
void link_validate_value(link_file_state *state, const stele_enum_value *value);
void link_validate_map_conflicts(link_file_state *state, const stele_message *message);

/* link_validate_proto3.c */
void link_validate_proto3(link_file_state *state);

/* link_validate_style.c: names, limits and visibility of later editions. */
extern const link_visitor link_naming_style, link_limits, link_strict_messages, link_strict_enums;

/* link_declarations.c: what extension ranges declare, and who keeps to it. */
void link_validate_ranges(link_file_state *state, const stele_message *message);
void link_validate_declared(link_file_state *state, const stele_field *field);

/* link_support.c: since and until when options may be used. */
void link_validate_support(link_file_state *state, const stele_field *field);
void link_validate_value_support(link_file_state *state, const stele_enum_value *value);
void link_check_lifetimes(link_file_state *state);

#endif
