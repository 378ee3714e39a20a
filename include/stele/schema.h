/* schema: the linked, immutable description of .proto files.
 *
 * Out:  files, messages, fields, enums, services: opaque, shared, each asked
 * through the functions below. Any thread may ask; what is answered lives as
 * long as the schema does. Indexes run from 0 in declaration order, as in
 * descriptors and in the message indexes of Kafka records.
 * Deps: stele/str.h. */
#ifndef STELE_SCHEMA_H
#define STELE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stele/arena.h"
#include "stele/err.h"
#include "stele/str.h"

typedef struct stele_schema stele_schema;
typedef struct stele_file stele_file;
typedef struct stele_message stele_message;
typedef struct stele_field stele_field;
typedef struct stele_oneof stele_oneof;
typedef struct stele_enum stele_enum;
typedef struct stele_enum_value stele_enum_value;
typedef struct stele_service stele_service;
typedef struct stele_method stele_method;

/* google.protobuf.FieldDescriptorProto.Type */
typedef enum stele_field_type {
  STELE_TYPE_UNRESOLVED = 0, /* only while linking, and in lenient files */
  STELE_TYPE_DOUBLE = 1,
  STELE_TYPE_FLOAT,
  STELE_TYPE_INT64,
  STELE_TYPE_UINT64,
  STELE_TYPE_INT32,
  STELE_TYPE_FIXED64,
  STELE_TYPE_FIXED32,
  STELE_TYPE_BOOL,
  STELE_TYPE_STRING,
  STELE_TYPE_GROUP,
  STELE_TYPE_MESSAGE,
  STELE_TYPE_BYTES,
  STELE_TYPE_UINT32,
  STELE_TYPE_ENUM,
  STELE_TYPE_SFIXED32,
  STELE_TYPE_SFIXED64,
  STELE_TYPE_SINT32,
  STELE_TYPE_SINT64,
} stele_field_type;

typedef enum stele_label {
  STELE_LABEL_OPTIONAL = 1,
  STELE_LABEL_REQUIRED,
  STELE_LABEL_REPEATED,
} stele_label;

/* ---- Schemas ------------------------------------------------------------- */

/* Shared ownership; the memory of all of it goes with the last unref. The
 * schema keeps the schemas of imported files alive. Threads: atomic. NULL is
 * fine. */
STELE_API const stele_schema *stele_schema_ref(const stele_schema *schema);
STELE_API void stele_schema_unref(const stele_schema *schema);

/* Bytes that it holds, without those of the schemas that it keeps alive. */
STELE_API size_t stele_schema_held_bytes(const stele_schema *schema);

/* The files that this schema owns, imports before importers. */
STELE_API const stele_file *const *stele_schema_files(const stele_schema *schema, size_t *count);

/* An owned or imported (transitively) file by its path, or NULL. */
STELE_API const stele_file *stele_schema_file(const stele_schema *schema, stele_str path);

/* A type by its full name ("trading.v1.Order", no leading dot) among all files
 * reachable, or NULL. */
STELE_API const stele_message *stele_schema_message(const stele_schema *schema,
                                                    stele_str full_name);
STELE_API const stele_enum *stele_schema_enum(const stele_schema *schema, stele_str full_name);
STELE_API const stele_service *stele_schema_service(const stele_schema *schema,
                                                    stele_str full_name);

/* ---- Files --------------------------------------------------------------- */

STELE_API stele_str stele_file_name(const stele_file *file);
STELE_API stele_str stele_file_package(const stele_file *file);
/* The schema that owns it: who keeps that keeps the file. */
STELE_API const stele_schema *stele_file_schema(const stele_file *file);
/* Was it compiled leniently? Then it may hold what protoc refuses: tags used
 * twice, imports and types that were not found. */
STELE_API bool stele_file_is_lenient(const stele_file *file);
/* google.protobuf.Edition: 998 proto2, 999 proto3, 1000 2023, … */
STELE_API int stele_file_edition(const stele_file *file);
STELE_API size_t stele_file_import_count(const stele_file *file);
/* NULL: an import that was not resolved. */
STELE_API const stele_file *stele_file_import(const stele_file *file, size_t index);
STELE_API stele_str stele_file_import_path(const stele_file *file, size_t index);
STELE_API size_t stele_file_message_count(const stele_file *file);
STELE_API const stele_message *stele_file_message(const stele_file *file, size_t index);
STELE_API size_t stele_file_enum_count(const stele_file *file);
STELE_API const stele_enum *stele_file_enum(const stele_file *file, size_t index);
STELE_API size_t stele_file_service_count(const stele_file *file);
STELE_API const stele_service *stele_file_service(const stele_file *file, size_t index);

/* The google.protobuf.FileDescriptorProto of a file, as protoc 36.2 writes it,
 * in `arena`. Source info is in it only if the file was compiled with it. */
STELE_API bool stele_file_descriptor(stele_arena *arena, const stele_file *file, bool source_info,
                                     stele_bytes *out, stele_err *err) STELE_MUST_USE;

/* ---- Messages ------------------------------------------------------------ */

STELE_API stele_str stele_message_name(const stele_message *message);
STELE_API stele_str stele_message_full_name(const stele_message *message);
STELE_API const stele_file *stele_message_file(const stele_message *message);
STELE_API const stele_message *stele_message_parent(const stele_message *message); /* or NULL */
STELE_API uint32_t stele_message_index(const stele_message *message);
STELE_API bool stele_message_is_map_entry(const stele_message *message);
STELE_API size_t stele_message_field_count(const stele_message *message);
STELE_API const stele_field *stele_message_field_at(const stele_message *message, size_t index);
/* By number or name; NULL if there is none. Extensions are not fields. */
STELE_API const stele_field *stele_message_field(const stele_message *message, int32_t number);
STELE_API const stele_field *stele_message_field_by_name(const stele_message *message,
                                                         stele_str name);
STELE_API size_t stele_message_nested_count(const stele_message *message);
STELE_API const stele_message *stele_message_nested(const stele_message *message, size_t index);
STELE_API size_t stele_message_enum_count(const stele_message *message);
STELE_API const stele_enum *stele_message_enum(const stele_message *message, size_t index);

/* ---- Fields -------------------------------------------------------------- */

STELE_API stele_str stele_field_name(const stele_field *field);
STELE_API stele_str stele_field_json_name(const stele_field *field);
STELE_API int32_t stele_field_number(const stele_field *field);
STELE_API stele_field_type stele_field_type_of(const stele_field *field);
STELE_API stele_label stele_field_label(const stele_field *field);
STELE_API const stele_message *stele_field_message_type(const stele_field *field); /* or NULL */
STELE_API const stele_enum *stele_field_enum_type(const stele_field *field);       /* or NULL */
STELE_API bool stele_field_is_repeated(const stele_field *field);                  /* maps too */
STELE_API bool stele_field_is_map_field(const stele_field *field);
STELE_API bool stele_field_has_presence(const stele_field *field);
/* Name of the oneof (not a synthetic one) that it is a member of; or empty. */
STELE_API stele_str stele_field_oneof_name(const stele_field *field);

/* ---- Enums --------------------------------------------------------------- */

STELE_API stele_str stele_enum_name(const stele_enum *type);
STELE_API stele_str stele_enum_full_name(const stele_enum *type);
STELE_API bool stele_enum_is_closed(const stele_enum *type);
STELE_API size_t stele_enum_count(const stele_enum *type);
STELE_API stele_str stele_enum_value_name(const stele_enum *type, size_t index);
STELE_API int32_t stele_enum_value_number(const stele_enum *type, size_t index);

/* ---- Services ------------------------------------------------------------ */

STELE_API stele_str stele_service_name(const stele_service *service);
STELE_API stele_str stele_service_full_name(const stele_service *service);
STELE_API size_t stele_service_method_count(const stele_service *service);
STELE_API const stele_method *stele_service_method(const stele_service *service, size_t index);
STELE_API stele_str stele_method_name(const stele_method *method);
STELE_API const stele_message *stele_method_input(const stele_method *method);
STELE_API const stele_message *stele_method_output(const stele_method *method);
STELE_API bool stele_method_client_streaming(const stele_method *method);
STELE_API bool stele_method_server_streaming(const stele_method *method);

#endif
