/* schema: the linked, immutable description of .proto files.
 *
 * In:   what the linker (or a descriptor) says.   Out: files, messages,
 * fields, enums, services, each knowing its place and with every name
 * resolved to a pointer. Frozen when linking ends: any thread may read.
 *
 * Elements of one parent lie side by side in declaration order, so an element
 * is a pointer, its index is a subtraction, and iterating is a loop. The
 * structs are open to our own code (read only); the public face is
 * include/stele/schema.h.
 * Deps: base, proto/wire, proto/schema/features.h. */
#ifndef STELE_PROTO_SCHEMA_SCHEMA_H
#define STELE_PROTO_SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "proto/schema/features.h"
#include "stele/schema.h"

/* google.protobuf.SymbolVisibility */
typedef enum stele_visibility {
  STELE_VISIBILITY_UNSET,
  STELE_VISIBILITY_LOCAL,
  STELE_VISIBILITY_EXPORT,
} stele_visibility;

/* One option statement, interpreted: a record of the element's options message
 * as protoc --retain_options writes it. */
typedef struct stele_option {
  stele_bytes wire;             /* tag and value, wrapped in its intermediate messages */
  stele_bytes path;             /* field numbers (and the index of a repeated one) as
                                   varints, below the options field: for source info */
  const stele_field *extension; /* first name part, when it is a custom option */
  uint32_t ast_option;          /* index in the tree, or UINT32_MAX (from a descriptor) */
  bool source_only;             /* retention is RETENTION_SOURCE somewhere on the path */
} stele_option;

/* The options of one element. Elements without options have NULL. */
typedef struct stele_options {
  const stele_option *at; /* statement order */
  uint32_t count;
  /* Bit n % 32 is set when `wire` has no field n below STELE_OPTIONS_FIRST_CUSTOM,
   * so that a question for one that is not there need not read it; 0: not known. */
  uint32_t lacks;
  /* The whole options message, as --retain_options writes it: known fields by
   * number, then custom options in statement order. */
  stele_bytes wire;
  const stele_message *type; /* google.protobuf.FieldOptions and so on, as linked */
  bool is_default_form;      /* the default mode writes the same bytes */
} stele_options;

/* Numbers from here on are free for custom options; protoc's own, in the
 * messages of options, are below. */
enum { STELE_OPTIONS_FIRST_CUSTOM = 1000 };

uint64_t stele_options_read_varint(const stele_options *options, uint32_t number, uint64_t missing);

/* Value of a known scalar option (varint kinds) in `options`, or `missing`.
 * `number` is the field number in the element's options message. */
static inline uint64_t stele_options_varint(const stele_options *options, uint32_t number,
                                            uint64_t missing) {
  if (!options) return missing;
  bool is_lacking = number < STELE_OPTIONS_FIRST_CUSTOM && options->lacks >> number % 32 & 1;
  return is_lacking ? missing : stele_options_read_varint(options, number, missing);
}

/* Value of a known string option, or an empty text; `found` may be NULL. */
stele_str stele_options_str(const stele_options *options, uint32_t number, bool *found);

/* Message and extension ranges: end exclusive. Enum reserved: end inclusive. */
typedef struct stele_range {
  int32_t start, end;
  const stele_options *options; /* extension ranges only */
} stele_range;

/* What few fields have. */
typedef struct stele_field_more {
  stele_str default_value;    /* see stele_field_default */
  stele_str type_name;        /* as written, while it is not resolved */
  stele_str extendee_name;    /* the same of extensions */
  const stele_file *file;     /* extensions: that it is declared in */
  const stele_message *scope; /* extensions: message it is declared in, or NULL */
  /* How much of the extendee's full name, with a dot before it, was written, as a
   * tail of it; 0: not known. */
  uint16_t extendee_written;
} stele_field_more;

/* Most of a large schema's memory, and so of the time to make it: what few have
 * stands elsewhere, and what can be said by other members is said by the functions
 * below. */
struct stele_field {
  stele_str name;
  stele_str json_name;               /* always set; see has_json_name */
  const stele_message *message;      /* that it is a field of: the extendee, for extensions */
  const stele_oneof *oneof;          /* or NULL; synthetic ones included */
  const stele_message *type_message; /* of MESSAGE and GROUP */
  const stele_enum *type_enum;       /* of ENUM */
  const stele_options *options;
  stele_field_more *more;  /* NULL: it has nothing of that */
  stele_features features; /* resolved */
  int32_t number;
  int32_t oneof_index; /* -1: none */
  /* How much of the type's full name, with a dot before it, was written, as a tail of
   * it; 0: not known (a descriptor, or longer than this can say). */
  uint16_t type_written;
  uint8_t type;  /* stele_field_type; editions' DELIMITED stays MESSAGE, see is_delimited */
  uint8_t label; /* stele_label, as the descriptor says */
  bool is_extension : 1;
  bool is_proto3_optional : 1;
  bool has_default : 1;
  bool has_json_name : 1;               /* given in the source, even if equal to the default */
  bool has_json_name_in_descriptor : 1; /* has_json_name, or a descriptor spells it out, as
                                           nearly all do: for embedding it again */
  bool is_packed : 1;                   /* resolved: goes on the wire packed */
  bool is_required : 1;                 /* resolved: label or LEGACY_REQUIRED */
  bool is_delimited : 1;                /* resolved: goes on the wire as a group */
  bool has_presence : 1;                /* resolved */
  bool is_deprecated : 1;
};

struct stele_oneof {
  stele_str name;
  const stele_message *message;
  const stele_options *options;
  const stele_field *const *fields; /* in declaration order */
  uint32_t field_count;
  stele_features features;
  bool is_synthetic; /* of a proto3 optional field */
};

struct stele_message {
  stele_str name;
  stele_str full_name; /* "pkg.Outer.Inner"; full_name.ptr[-1] is '.', so a
                          type reference is one byte longer to the left */
  const stele_file *file;
  const stele_message *parent; /* or NULL */
  stele_field *fields;
  stele_oneof *oneofs;     /* real ones first, then synthetic ones */
  stele_message *messages; /* nested, map entries and groups included */
  stele_enum *enums;
  stele_field *extensions; /* declared here */
  stele_range *extension_ranges;
  stele_range *reserved_ranges;
  stele_str *reserved_names;
  const stele_options *options;
  const struct stele_number_index *numbers; /* fields by number; see stele_message_field */
  uint32_t field_count, oneof_count, real_oneof_count, message_count, enum_count, extension_count;
  uint32_t extension_range_count, reserved_range_count, reserved_name_count;
  stele_features features;
  uint8_t visibility; /* stele_visibility, as written */
  bool is_map_entry;
  bool is_message_set;
  bool is_deprecated;
};

struct stele_enum_value {
  stele_str name;
  const stele_enum *parent;
  const stele_options *options;
  stele_features features;
  int32_t number;
  bool is_deprecated;
};

struct stele_enum {
  stele_str name;
  stele_str full_name; /* a '.' stands before it, as in messages */
  const stele_file *file;
  const stele_message *parent; /* or NULL */
  stele_enum_value *values;
  stele_range *reserved_ranges; /* end inclusive */
  stele_str *reserved_names;
  const stele_options *options;
  uint32_t value_count, reserved_range_count, reserved_name_count;
  stele_features features;
  uint8_t visibility;
  bool is_closed; /* resolved */
  bool allow_alias;
  bool is_deprecated;
};

struct stele_method {
  stele_str name;
  const stele_service *service;
  const stele_message *input, *output;
  stele_str input_name, output_name;      /* ".pkg.Type" */
  uint16_t input_written, output_written; /* as a field's type_written */
  const stele_options *options;
  stele_features features;
  bool client_streaming, server_streaming;
  bool is_deprecated;
  bool has_body; /* `{}`: options are emitted even when empty */
};

struct stele_service {
  stele_str name;
  stele_str full_name; /* a '.' stands before it */
  const stele_file *file;
  stele_method *methods;
  const stele_options *options;
  uint32_t method_count;
  stele_features features;
  bool is_deprecated;
};

typedef enum stele_import_kind {
  STELE_IMPORT_PLAIN,
  STELE_IMPORT_PUBLIC,
  STELE_IMPORT_WEAK,
  STELE_IMPORT_OPTION,
} stele_import_kind;

typedef struct stele_import {
  stele_str path;
  const stele_file *file; /* NULL: unresolved, allowed only leniently and for weak imports */
  uint8_t kind;           /* stele_import_kind */
  bool is_used;
} stele_import;

struct stele_file {
  stele_str name;    /* import path */
  stele_str package; /* may be empty */
  const stele_schema *schema;
  const stele_schema *texts; /* where its texts lie, when it was copied: see proto/relink */
  stele_import *imports;     /* in source order, option imports included */
  stele_message *messages;
  stele_enum *enums;
  stele_service *services;
  stele_field *extensions;
  const stele_options *options;
  const struct stele_exports *exports; /* the linker's: names that others may see */
  stele_bytes source_info;             /* encoded google.protobuf.SourceCodeInfo (options not yet
                                          stripped), when it was asked for; else empty */
  stele_bytes import_lists;            /* from a descriptor whose lists of public and of weak
                                          imports are in no usual order: both, encoded */
  uint32_t import_count, message_count, enum_count, service_count, extension_count;
  stele_features features;
  uint16_t edition; /* stele_edition */
  bool has_syntax;  /* written down; for printing only */
  bool is_lenient;  /* linked with the lenience that imports from other registries need */
};

/* A schema is what one link made: its own files, standing on files of other
 * schemas, which it keeps alive. */
typedef enum stele_symbol_kind {
  STELE_SYMBOL_NONE,
  STELE_SYMBOL_PACKAGE,
  STELE_SYMBOL_MESSAGE,
  STELE_SYMBOL_FIELD, /* extensions too */
  STELE_SYMBOL_ONEOF,
  STELE_SYMBOL_ENUM,
  STELE_SYMBOL_ENUM_VALUE,
  STELE_SYMBOL_SERVICE,
  STELE_SYMBOL_METHOD,
  STELE_SYMBOL_FILE,
} stele_symbol_kind;

typedef struct stele_symbol {
  stele_symbol_kind kind;
  const void *element; /* the struct of that kind; NULL for packages */
} stele_symbol;

/* An element by full name (no leading dot) among all files reachable. */
stele_symbol stele_schema_find(const stele_schema *schema, stele_str full_name);

/* All extensions that a file declares, nested ones too. */
const stele_field *const *stele_file_extensions(const stele_file *file, size_t *count);

/* An extension of `extendee` among the files in sight of `from`: itself, what
 * it imports, and what those import publicly. */
const stele_field *stele_file_extension(const stele_file *from, const stele_message *extendee,
                                        int32_t number);

const stele_enum_value *stele_enum_value_by_number(const stele_enum *type, int32_t number);
const stele_enum_value *stele_enum_value_by_name(const stele_enum *type, stele_str name);

/* Full names that are not stored: made in `arena`. An enum value's is a
 * sibling of its enum's. */
stele_str stele_field_full_name(stele_arena *arena, const stele_field *field);
stele_str stele_oneof_full_name(stele_arena *arena, const stele_oneof *oneof);
stele_str stele_enum_value_full_name(stele_arena *arena, const stele_enum_value *value);
stele_str stele_method_full_name(stele_arena *arena, const stele_method *method);

/* Position among the siblings, as used in descriptors. */
uint32_t stele_field_index(const stele_field *field);

/* The file that a field is declared in. */
static inline const stele_file *stele_field_file(const stele_field *field) {
  return field->is_extension ? field->more->file : field->message->file;
}

/* Of extensions: the message that they are declared in, or NULL. */
static inline const stele_message *stele_field_scope(const stele_field *field) {
  return field->more ? field->more->scope : NULL;
}

/* In the descriptor's spelling; empty unless has_default. */
static inline stele_str stele_field_default(const stele_field *field) {
  return field->more ? field->more->default_value : (stele_str){0};
}

/* ".pkg.Type": the stored name has its dot one byte to the left. */
static inline stele_str stele_dotted_name(stele_str full_name) {
  return (stele_str){full_name.ptr - 1, full_name.len + 1};
}

/* ".pkg.Type" once it is resolved; as written while it is not; else empty. */
static inline stele_str stele_field_type_name(const stele_field *field) {
  if (field->type_message) return stele_dotted_name(field->type_message->full_name);
  if (field->type_enum) return stele_dotted_name(field->type_enum->full_name);
  return field->more ? field->more->type_name : (stele_str){0};
}

/* The same for whom an extension extends. */
static inline stele_str stele_field_extendee_name(const stele_field *field) {
  if (!field->is_extension) return (stele_str){0};
  return field->message ? stele_dotted_name(field->message->full_name) : field->more->extendee_name;
}

static inline bool stele_field_is_map(const stele_field *field) {
  return field->type == STELE_TYPE_MESSAGE && field->label == STELE_LABEL_REPEATED &&
         field->type_message && field->type_message->is_map_entry;
}

/* The word for a type: "int32" as in a .proto file; "message", "enum", "group";
 * "?" while it is not resolved. */
const char *stele_field_type_text(stele_field_type type);

/* "foo_bar_1" -> "fooBar1": underscores go, the letter after one is raised.
 * The result lives in `arena`; it aliases `name` when there is nothing to do. */
stele_str stele_json_name(stele_arena *arena, stele_str name);

#endif
