/* From a FileDescriptorProto to the structs of the schema: what link_take_tree
 * does for text, for the descriptors that registry clients send.
 *
 * The bytes are read twice: once to count, once to fill, messages level by
 * level. Names may be relative and options uninterpreted, as a compiler's
 * parser leaves them, or all done, as a compiler writes them; the phases after
 * this one take both. */
#include "proto/link/link_internal.h"
#include "proto/link/link_validate.h"
#include "proto/schema/schema_internal.h"
#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

enum {
  GROUP_DEPTH = 100,
  NEST_DEPTH = 100, /* protobuf's own bound on nested messages in bytes */

  FILE_NAME = 1,
  FILE_PACKAGE = 2,
  FILE_DEPENDENCY = 3,
  FILE_MESSAGE = 4,
  FILE_ENUM = 5,
  FILE_SERVICE = 6,
  FILE_EXTENSION = 7,
  FILE_OPTIONS = 8,
  FILE_SOURCE_INFO = 9,
  FILE_PUBLIC = 10,
  FILE_WEAK = 11,
  FILE_SYNTAX = 12,
  FILE_EDITION = 14,
  FILE_OPTION_DEPENDENCY = 15,

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

  ENUM_NAME = 1,
  ENUM_VALUE = 2,
  ENUM_OPTIONS = 3,
  ENUM_RESERVED_RANGE = 4,
  ENUM_RESERVED_NAME = 5,
  ENUM_VISIBILITY = 6,

  FIELD_NAME = 1,
  FIELD_EXTENDEE = 2,
  FIELD_NUMBER = 3,
  FIELD_LABEL = 4,
  FIELD_TYPE = 5,
  FIELD_TYPE_NAME = 6,
  FIELD_DEFAULT = 7,
  FIELD_OPTIONS = 8,
  FIELD_ONEOF_INDEX = 9,
  FIELD_JSON_NAME = 10,
  FIELD_PROTO3_OPTIONAL = 17,

  VALUE_NAME = 1,
  VALUE_NUMBER = 2,
  VALUE_OPTIONS = 3,

  SERVICE_NAME = 1,
  SERVICE_METHOD = 2,
  SERVICE_OPTIONS = 3,

  METHOD_NAME = 1,
  METHOD_INPUT = 2,
  METHOD_OUTPUT = 3,
  METHOD_OPTIONS = 4,
  METHOD_CLIENT_STREAMING = 5,
  METHOD_SERVER_STREAMING = 6,

  ONEOF_NAME = 1,
  ONEOF_OPTIONS = 2,

  RANGE_START = 1,
  RANGE_END = 2,
  RANGE_OPTIONS = 3,

  OPTIONS_MAP_ENTRY = 7, /* of MessageOptions */
};

struct link_raw {
  stele_map options;                           /* element -> stele_bytes of its options message */
  link_raw_field *fields;                      /* by ordinal */
  uint32_t bad_kinds[STELE_IMPORT_OPTION + 1]; /* indexes of no import, by kind */
};

const link_raw_field *link_raw_field_of(const link_file_state *state, const stele_field *field) {
  return &state->raws->fields[link_field_at(state, field)];
}

bool link_raw_has(const link_file_state *state, const void *element) {
  return stele_map_find_u64(&state->raws->options, (uint64_t)(uintptr_t)element) != NULL;
}

stele_bytes link_raw_of(const link_file_state *state, const void *element) {
  const stele_bytes *found =
      stele_map_find_u64(&state->raws->options, (uint64_t)(uintptr_t)element);
  return found ? *found : (stele_bytes){NULL, 0};
}

/* ---- Reading ------------------------------------------------------------ */

/* One field of a message: a varint's value or the bytes of a length. Other
 * wire types, and fields nobody asks for, are passed over. */
typedef struct raw_field {
  uint32_t number;
  bool is_bytes;
  uint64_t value;
  stele_bytes bytes;
} raw_field;

static bool next_field(stele_reader *r, raw_field *field) {
  while (!stele_read_done(r)) {
    uint32_t tag = stele_read_tag(r);
    stele_wire_type type = stele_wire_type_of(tag);
    *field = (raw_field){.number = stele_wire_number(tag)};
    if (type == STELE_WIRE_VARINT) {
      field->value = stele_read_varint(r);
    } else if (type == STELE_WIRE_DELIMITED) {
      field->bytes = stele_read_delimited(r);
      field->is_bytes = true;
    } else {
      stele_read_skip_value(r, tag, GROUP_DEPTH);
      continue;
    }
    return !r->failed;
  }
  return false;
}

/* How many elements of each kind are taken so far, and in the end. */
typedef struct raw_counts {
  uint32_t messages, fields, oneofs, enums, values, services, methods, ranges, names, imports;
  bool failed;
} raw_counts;

static void count_fields(raw_counts *n, stele_bytes bytes, uint32_t number, uint32_t *count) {
  stele_reader r = stele_reader_of(bytes);
  raw_field field;
  while (next_field(&r, &field)) *count += field.is_bytes && field.number == number;
  n->failed |= r.failed;
}

static void count_enum(raw_counts *n, stele_bytes bytes) {
  n->enums++;
  count_fields(n, bytes, ENUM_VALUE, &n->values);
  count_fields(n, bytes, ENUM_RESERVED_RANGE, &n->ranges);
  count_fields(n, bytes, ENUM_RESERVED_NAME, &n->names);
}

static void count_message(raw_counts *n, stele_bytes bytes, int depth) {
  n->messages++;
  n->failed |= depth > NEST_DEPTH;
  stele_reader r = stele_reader_of(bytes);
  raw_field field;
  while (!n->failed && next_field(&r, &field)) {
    if (!field.is_bytes) continue;
    uint32_t number = field.number;
    if (number == MESSAGE_FIELD || number == MESSAGE_EXTENSION) n->fields++;
    if (number == MESSAGE_NESTED) count_message(n, field.bytes, depth + 1);
    if (number == MESSAGE_ENUM) count_enum(n, field.bytes);
    if (number == MESSAGE_ONEOF) n->oneofs++;
    if (number == MESSAGE_EXTENSION_RANGE || number == MESSAGE_RESERVED_RANGE) n->ranges++;
    if (number == MESSAGE_RESERVED_NAME) n->names++;
  }
  n->failed |= r.failed;
}

static raw_counts count_file(stele_bytes bytes) {
  raw_counts n = {0};
  stele_reader r = stele_reader_of(bytes);
  raw_field field;
  while (!n.failed && next_field(&r, &field)) {
    if (!field.is_bytes) continue;
    if (field.number == FILE_MESSAGE) count_message(&n, field.bytes, 1);
    if (field.number == FILE_ENUM) count_enum(&n, field.bytes);
    if (field.number == FILE_EXTENSION) n.fields++;
    if (field.number == FILE_SERVICE) {
      n.services++;
      count_fields(&n, field.bytes, SERVICE_METHOD, &n.methods);
    }
    if (field.number == FILE_DEPENDENCY || field.number == FILE_OPTION_DEPENDENCY) n.imports++;
  }
  n.failed |= r.failed;
  return n;
}

/* ---- Filling ------------------------------------------------------------ */

typedef struct raw_filler {
  link_file_state *state;
  raw_counts used;
  stele_bytes *messages; /* the bytes of each message, by ordinal */
  uint32_t plain_count;  /* imports that are not for options alone */
} raw_filler;

/* A name that is not there is an empty one. */
static void take_no_name(raw_filler *f, stele_sym *sym) {
  if (!*sym) *sym = stele_intern(f->state->job->interner, STELE_STR(""));
}

/* Names are interned, so that they live as long as the schema. */
static stele_str take_name(raw_filler *f, stele_bytes bytes, stele_sym *sym) {
  stele_interner *interner = f->state->job->interner;
  *sym = stele_intern(interner, stele_bytes_str(bytes));
  return stele_sym_str(interner, *sym);
}

static stele_str take_text(const raw_filler *f, stele_bytes bytes) {
  return stele_str_copy(f->state->arena, stele_bytes_str(bytes));
}

/* Options that come in several pieces are one message: the pieces' bytes. */
static void take_options(raw_filler *f, const void *element, stele_bytes bytes) {
  stele_arena *arena = f->state->scratch;
  void **place = stele_map_add_u64(&f->state->raws->options, (uint64_t)(uintptr_t)element);
  if (!*place) *place = STELE_NEW(arena, stele_bytes);
  stele_bytes *all = *place;
  uint8_t *joined = STELE_NEW_ARRAY(arena, uint8_t, all->len + bytes.len);
  if (all->len) memcpy(joined, all->ptr, all->len);
  if (bytes.len) memcpy(joined + all->len, bytes.ptr, bytes.len);
  *all = (stele_bytes){joined, all->len + bytes.len};
}

static int32_t int_of(const raw_field *field) {
  return (int32_t)(uint32_t)field->value;
}

static void note_field_part(link_raw_field *raw, const raw_field *part) {
  if (part->is_bytes) {
    raw->has_type_name |= part->number == FIELD_TYPE_NAME;
    raw->has_extendee |= part->number == FIELD_EXTENDEE;
  } else if (part->number == FIELD_ONEOF_INDEX) {
    raw->has_oneof_index = true;
    raw->oneof_index = int_of(part);
  } else if (part->number == FIELD_TYPE) {
    raw->has_type |= part->value >= 1 && part->value <= STELE_TYPE_SINT64;
  }
}

static void take_field_part(raw_filler *f, stele_field *field, uint32_t at, const raw_field *part) {
  stele_arena *arena = f->state->arena;
  if (part->is_bytes) {
    if (part->number == FIELD_NAME) {
      field->name = take_name(f, part->bytes, &f->state->field_syms[at]);
    }
    if (part->number == FIELD_OPTIONS) take_options(f, field, part->bytes);
    if (part->number == FIELD_JSON_NAME) field->json_name = take_text(f, part->bytes);
    if (part->number == FIELD_EXTENDEE || part->number == FIELD_TYPE_NAME ||
        part->number == FIELD_DEFAULT) {
      stele_field_more *more = schema_field_more(arena, field);
      stele_str *text = part->number == FIELD_EXTENDEE    ? &more->extendee_name
                        : part->number == FIELD_TYPE_NAME ? &more->type_name
                                                          : &more->default_value;
      *text = take_text(f, part->bytes);
    }
    field->has_default |= part->number == FIELD_DEFAULT;
    field->has_json_name |= part->number == FIELD_JSON_NAME;
    return;
  }
  if (part->number == FIELD_NUMBER) field->number = int_of(part);
  if (part->number == FIELD_LABEL && part->value >= 1 && part->value <= STELE_LABEL_REPEATED) {
    field->label = (uint8_t)part->value;
  }
  if (part->number == FIELD_TYPE && part->value >= 1 && part->value <= STELE_TYPE_SINT64) {
    field->type = (uint8_t)part->value;
  }
  if (part->number == FIELD_PROTO3_OPTIONAL) field->is_proto3_optional = part->value != 0;
}

/* A compiler always writes json_name. It counts as given by the author only
 * when it is not what the name makes anyway. */
static void take_field(raw_filler *f, stele_bytes bytes) {
  link_file_state *state = f->state;
  uint32_t at = f->used.fields++;
  stele_field *field = &state->fields[at];
  field->oneof_index = -1;
  field->label = STELE_LABEL_OPTIONAL;
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    take_field_part(f, field, at, &part);
    note_field_part(&state->raws->fields[at], &part);
  }
  f->used.failed |= r.failed;
  take_no_name(f, &state->field_syms[at]);
  const link_raw_field *raw = &state->raws->fields[at];
  if (!raw->has_type && !raw->has_type_name) { /* as it is for protobuf */
    field->type = STELE_TYPE_DOUBLE;
    schema_field_more(state->arena, field)->default_value = STELE_STR("0");
  }
  state->field_json_syms[at] = link_json_sym(state->job, state->field_syms[at]);
  stele_str usual = stele_sym_str(state->job->interner, state->field_json_syms[at]);
  field->has_json_name_in_descriptor = field->has_json_name;
  if (field->has_json_name && !stele_str_eq(field->json_name, usual)) return;
  field->json_name = usual;
  field->has_json_name = false;
}

static void make_extensions(raw_filler *f, stele_field *fields, uint32_t count,
                            const stele_message *scope) {
  for (uint32_t i = 0; i < count; i++) {
    stele_field_more *more = schema_field_more(f->state->arena, &fields[i]);
    fields[i].is_extension = true;
    more->file = f->state->file;
    more->scope = scope;
  }
}

static void take_range(raw_filler *f, stele_bytes bytes) {
  link_file_state *state = f->state;
  uint32_t at = f->used.ranges++;
  stele_range *range = &state->ranges[at];
  state->range_refs[at] = LINK_NONE;
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == RANGE_OPTIONS) take_options(f, range, part.bytes);
    if (part.is_bytes) continue;
    if (part.number == RANGE_START) range->start = int_of(&part);
    if (part.number == RANGE_END) range->end = int_of(&part);
  }
  f->used.failed |= r.failed;
}

/* All fields `number` of a message, each given to `take`. */
static void take_all(raw_filler *f, stele_bytes bytes, uint32_t number,
                     void (*take)(raw_filler *f, stele_bytes bytes)) {
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == number) take(f, part.bytes);
  }
}

static void take_reserved_name(raw_filler *f, stele_bytes bytes) {
  stele_sym sym;
  stele_str name = take_name(f, bytes, &sym);
  f->state->reserved_names[f->used.names++] = name;
}

static void take_oneof(raw_filler *f, stele_bytes bytes) {
  link_file_state *state = f->state;
  uint32_t at = f->used.oneofs++;
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (!part.is_bytes) continue;
    if (part.number == ONEOF_NAME) {
      state->oneofs[at].name = take_name(f, part.bytes, &state->oneof_syms[at]);
    }
    if (part.number == ONEOF_OPTIONS) take_options(f, &state->oneofs[at], part.bytes);
  }
  take_no_name(f, &state->oneof_syms[at]);
  f->used.failed |= r.failed;
}

/* ---- Enums -------------------------------------------------------------- */

static void take_value(raw_filler *f, stele_bytes bytes) {
  link_file_state *state = f->state;
  uint32_t at = f->used.values++;
  stele_enum_value *value = &state->values[at];
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (!part.is_bytes && part.number == VALUE_NUMBER) value->number = int_of(&part);
    if (part.is_bytes && part.number == VALUE_NAME) {
      value->name = take_name(f, part.bytes, &state->value_syms[at]);
    }
    if (part.is_bytes && part.number == VALUE_OPTIONS) take_options(f, value, part.bytes);
  }
  take_no_name(f, &state->value_syms[at]);
  f->used.failed |= r.failed;
}

static uint8_t visibility_of(const raw_field *part) {
  return part->value <= STELE_VISIBILITY_EXPORT ? (uint8_t)part->value : STELE_VISIBILITY_UNSET;
}

static void take_enum(raw_filler *f, stele_bytes bytes, const stele_message *parent) {
  link_file_state *state = f->state;
  uint32_t at = f->used.enums++;
  stele_enum *type = &state->enums[at];
  type->file = state->file;
  type->parent = parent;
  type->values = &state->values[f->used.values];
  type->reserved_ranges = &state->ranges[f->used.ranges];
  type->reserved_names = &state->reserved_names[f->used.names];
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (!part.is_bytes && part.number == ENUM_VISIBILITY) type->visibility = visibility_of(&part);
    if (!part.is_bytes) continue;
    if (part.number == ENUM_NAME) {
      type->name = take_name(f, part.bytes, &state->enum_syms[at]);
    }
    if (part.number == ENUM_OPTIONS) take_options(f, type, part.bytes);
    if (part.number == ENUM_VALUE) take_value(f, part.bytes);
    if (part.number == ENUM_RESERVED_RANGE) take_range(f, part.bytes);
    if (part.number == ENUM_RESERVED_NAME) take_reserved_name(f, part.bytes);
  }
  take_no_name(f, &state->enum_syms[at]);
  f->used.failed |= r.failed;
  type->full_name =
      link_full_name(state->arena, parent ? parent->full_name : state->file->package, type->name);
  type->value_count = (uint32_t)(&state->values[f->used.values] - type->values);
  for (uint32_t i = 0; i < type->value_count; i++) type->values[i].parent = type;
  type->reserved_range_count = (uint32_t)(&state->ranges[f->used.ranges] - type->reserved_ranges);
  type->reserved_name_count =
      (uint32_t)(&state->reserved_names[f->used.names] - type->reserved_names);
}

/* ---- Services ----------------------------------------------------------- */

static void take_method(raw_filler *f, stele_bytes bytes) {
  link_file_state *state = f->state;
  uint32_t at = f->used.methods++;
  stele_method *method = &state->methods[at];
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    bool is_true = !part.is_bytes && part.value != 0;
    if (part.number == METHOD_CLIENT_STREAMING) method->client_streaming = is_true;
    if (part.number == METHOD_SERVER_STREAMING) method->server_streaming = is_true;
    if (!part.is_bytes) continue;
    if (part.number == METHOD_NAME) {
      method->name = take_name(f, part.bytes, &state->method_syms[at]);
    }
    if (part.number == METHOD_INPUT) method->input_name = take_text(f, part.bytes);
    if (part.number == METHOD_OUTPUT) method->output_name = take_text(f, part.bytes);
    if (part.number == METHOD_OPTIONS) {
      take_options(f, method, part.bytes);
      method->has_body = true;
    }
  }
  take_no_name(f, &state->method_syms[at]);
  f->used.failed |= r.failed;
}

static void take_service(raw_filler *f, stele_bytes bytes) {
  link_file_state *state = f->state;
  uint32_t at = f->used.services++;
  stele_service *service = &state->services[at];
  service->file = state->file;
  service->methods = &state->methods[f->used.methods];
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (!part.is_bytes) continue;
    if (part.number == SERVICE_NAME) {
      service->name = take_name(f, part.bytes, &state->service_syms[at]);
    }
    if (part.number == SERVICE_OPTIONS) take_options(f, service, part.bytes);
    if (part.number == SERVICE_METHOD) take_method(f, part.bytes);
  }
  take_no_name(f, &state->service_syms[at]);
  f->used.failed |= r.failed;
  service->full_name = link_full_name(state->arena, state->file->package, service->name);
  service->method_count = (uint32_t)(&state->methods[f->used.methods] - service->methods);
  for (uint32_t i = 0; i < service->method_count; i++) service->methods[i].service = service;
}

/* ---- Messages ----------------------------------------------------------- */

/* Whether the options say map_entry: later phases may ask before options are
 * interpreted. */
static bool says_map_entry(stele_bytes options) {
  stele_reader r = stele_reader_of(options);
  raw_field part;
  bool found = false;
  while (next_field(&r, &part)) {
    if (!part.is_bytes && part.number == OPTIONS_MAP_ENTRY) found = part.value != 0;
  }
  return found;
}

/* A message's own parts; what is in it follows when its turn comes. */
static void take_message(raw_filler *f, stele_bytes bytes, const stele_message *parent) {
  link_file_state *state = f->state;
  uint32_t at = f->used.messages++;
  stele_message *message = &state->messages[at];
  f->messages[at] = bytes;
  message->file = state->file;
  message->parent = parent;
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  while (next_field(&r, &part)) {
    if (!part.is_bytes && part.number == MESSAGE_VISIBILITY) {
      message->visibility = visibility_of(&part);
    }
    if (!part.is_bytes) continue;
    if (part.number == MESSAGE_NAME) {
      message->name = take_name(f, part.bytes, &state->message_syms[at]);
    }
    if (part.number == MESSAGE_OPTIONS) take_options(f, message, part.bytes);
  }
  take_no_name(f, &state->message_syms[at]);
  message->is_map_entry = says_map_entry(link_raw_of(state, message));
  message->full_name = link_full_name(
      state->arena, parent ? parent->full_name : state->file->package, message->name);
}

static void take_body(raw_filler *f, uint32_t at) {
  link_file_state *state = f->state;
  stele_message *message = &state->messages[at];
  stele_bytes bytes = f->messages[at];
  stele_reader r = stele_reader_of(bytes);
  raw_field part;

  message->messages = &state->messages[f->used.messages];
  message->enums = &state->enums[f->used.enums];
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == MESSAGE_NESTED) take_message(f, part.bytes, message);
    if (part.is_bytes && part.number == MESSAGE_ENUM) take_enum(f, part.bytes, message);
  }
  message->message_count = (uint32_t)(&state->messages[f->used.messages] - message->messages);
  message->enum_count = (uint32_t)(&state->enums[f->used.enums] - message->enums);

  message->oneofs = &state->oneofs[f->used.oneofs];
  take_all(f, bytes, MESSAGE_ONEOF, take_oneof);
  message->oneof_count = (uint32_t)(&state->oneofs[f->used.oneofs] - message->oneofs);
  message->real_oneof_count = message->oneof_count;
  for (uint32_t i = 0; i < message->oneof_count; i++) message->oneofs[i].message = message;

  message->fields = &state->fields[f->used.fields];
  take_all(f, bytes, MESSAGE_FIELD, take_field);
  message->field_count = (uint32_t)(&state->fields[f->used.fields] - message->fields);
  for (uint32_t i = 0; i < message->field_count; i++) message->fields[i].message = message;

  message->extensions = &state->fields[f->used.fields];
  take_all(f, bytes, MESSAGE_EXTENSION, take_field);
  message->extension_count = (uint32_t)(&state->fields[f->used.fields] - message->extensions);
  make_extensions(f, message->extensions, message->extension_count, message);

  message->extension_ranges = &state->ranges[f->used.ranges];
  take_all(f, bytes, MESSAGE_EXTENSION_RANGE, take_range);
  message->extension_range_count =
      (uint32_t)(&state->ranges[f->used.ranges] - message->extension_ranges);
  message->reserved_ranges = &state->ranges[f->used.ranges];
  take_all(f, bytes, MESSAGE_RESERVED_RANGE, take_range);
  message->reserved_range_count =
      (uint32_t)(&state->ranges[f->used.ranges] - message->reserved_ranges);
  message->reserved_names = &state->reserved_names[f->used.names];
  take_all(f, bytes, MESSAGE_RESERVED_NAME, take_reserved_name);
  message->reserved_name_count =
      (uint32_t)(&state->reserved_names[f->used.names] - message->reserved_names);
}

/* ---- The file ----------------------------------------------------------- */

static void take_import(raw_filler *f, stele_bytes path, stele_import_kind kind) {
  stele_file *file = f->state->file;
  uint32_t at = file->import_count++;
  file->imports[at] = (stele_import){
      .path = take_text(f, path),
      .file = at < f->state->in->import_count ? f->state->in->imports[at] : NULL,
      .kind = (uint8_t)kind,
  };
}

/* Kinds of imports are lists of indexes, packed or not. */
static void take_kinds(raw_filler *f, const raw_field *part, stele_import_kind kind,
                       stele_buf *list) {
  stele_file *file = f->state->file;
  stele_reader r = stele_reader_of(part->bytes);
  uint64_t index = part->value;
  bool more = !part->is_bytes || !stele_read_done(&r);
  while (more) {
    if (part->is_bytes) index = stele_read_varint(&r);
    more = part->is_bytes && !stele_read_done(&r);
    if ((uint32_t)index >= f->plain_count) {
      f->state->raws->bad_kinds[kind]++;
      continue;
    }
    stele_write_varint_field(list, part->number, (uint32_t)index);
    uint8_t *now = &file->imports[(uint32_t)index].kind;
    if (*now == STELE_IMPORT_PLAIN) *now = (uint8_t)kind;
  }
}

static void take_kind_lists(raw_filler *f) {
  static const struct {
    uint32_t number;
    stele_import_kind kind;
  } lists[] = {{FILE_PUBLIC, STELE_IMPORT_PUBLIC}, {FILE_WEAK, STELE_IMPORT_WEAK}};
  link_file_state *state = f->state;
  stele_buf given, usual;
  stele_buf_init(&given, state->scratch, 0);
  stele_buf_init(&usual, state->scratch, 0);
  for (size_t i = 0; i < STELE_COUNT(lists); i++) {
    stele_reader r = stele_reader_of(state->in->descriptor);
    raw_field part;
    while (next_field(&r, &part)) {
      if (part.number == lists[i].number) take_kinds(f, &part, lists[i].kind, &given);
    }
  }
  for (size_t i = 0; i < STELE_COUNT(lists); i++) {
    for (uint32_t k = 0; k < f->plain_count; k++) {
      if (state->file->imports[k].kind != (uint8_t)lists[i].kind) continue;
      stele_write_varint_field(&usual, lists[i].number, k);
    }
  }
  stele_bytes lists_given = stele_buf_bytes(&given);
  if (stele_bytes_eq(lists_given, stele_buf_bytes(&usual))) return;
  state->file->import_lists = stele_bytes_copy(state->arena, lists_given);
}

void link_raw_check_kinds(link_file_state *state) {
  const uint32_t *bad = state->raws->bad_kinds;
  for (uint32_t i = 0; i < bad[STELE_IMPORT_PUBLIC]; i++) {
    link_error(state, LINK_NONE, "Invalid public dependency index.");
  }
  for (uint32_t i = 0; i < bad[STELE_IMPORT_WEAK]; i++) {
    link_error(state, LINK_NONE, "Invalid weak dependency index.");
  }
}

/* Imports in the order of the tree: plain ones, then those for options. */
static void take_imports(raw_filler *f, uint32_t count) {
  link_file_state *state = f->state;
  stele_bytes bytes = state->in->descriptor;
  state->file->imports = STELE_NEW_ARRAY(state->arena, stele_import, count);
  raw_field part;
  stele_reader r = stele_reader_of(bytes);
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == FILE_DEPENDENCY) {
      take_import(f, part.bytes, STELE_IMPORT_PLAIN);
    }
  }
  f->plain_count = state->file->import_count;
  r = stele_reader_of(bytes);
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == FILE_OPTION_DEPENDENCY) {
      take_import(f, part.bytes, STELE_IMPORT_OPTION);
    }
  }
  take_kind_lists(f);
}

static void take_edition(raw_filler *f) {
  link_file_state *state = f->state;
  stele_file *file = state->file;
  stele_str syntax = {NULL, 0};
  uint64_t edition = 0;
  bool has_edition = false;
  stele_reader r = stele_reader_of(state->in->descriptor);
  raw_field part;
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == FILE_SYNTAX) syntax = stele_bytes_str(part.bytes);
    if (!part.is_bytes && part.number == FILE_EDITION && link_is_edition(part.value)) {
      edition = part.value;
      has_edition = true;
    }
    if (part.is_bytes && part.number == FILE_PACKAGE) {
      stele_sym sym;
      file->package = take_name(f, part.bytes, &sym);
    }
  }
  file->has_syntax = syntax.len != 0;
  file->edition = STELE_EDITION_PROTO2;
  if (has_edition) {
    file->edition = edition <= UINT16_MAX ? (uint16_t)edition : UINT16_MAX;
  } else if (stele_str_eq(syntax, STELE_STR("proto3"))) {
    file->edition = STELE_EDITION_PROTO3;
  } else if (syntax.len && !stele_str_eq(syntax, STELE_STR("proto2"))) {
    link_error(state, LINK_NONE, "Unrecognized syntax: " STELE_STR_FMT, STELE_STR_ARG(syntax));
    has_edition = true; /* the unknown one */
  }
  if (has_edition) link_check_edition(state, edition);
  stele_bytes rest = state->in->descriptor, name;
  if (!link_wire_find(&rest, FILE_NAME, &name)) {
    link_error(state, LINK_NONE, "Missing field: FileDescriptorProto.name.");
  }
}

static void take_file(raw_filler *f) {
  link_file_state *state = f->state;
  stele_file *file = state->file;
  stele_bytes bytes = state->in->descriptor;
  stele_reader r = stele_reader_of(bytes);
  raw_field part;
  file->messages = state->messages;
  while (next_field(&r, &part)) {
    if (!part.is_bytes) continue;
    if (part.number == FILE_MESSAGE) take_message(f, part.bytes, NULL);
    if (part.number == FILE_OPTIONS) take_options(f, file, part.bytes);
  }
  file->message_count = f->used.messages;
  for (uint32_t at = 0; at < f->used.messages; at++) take_body(f, at);

  file->enums = &state->enums[f->used.enums];
  file->extensions = &state->fields[f->used.fields];
  file->services = state->services;
  r = stele_reader_of(bytes);
  while (next_field(&r, &part)) {
    if (!part.is_bytes) continue;
    if (part.number == FILE_ENUM) take_enum(f, part.bytes, NULL);
    if (part.number == FILE_SERVICE) take_service(f, part.bytes);
    if (part.number == FILE_EXTENSION) take_field(f, part.bytes);
  }
  file->enum_count = (uint32_t)(&state->enums[f->used.enums] - file->enums);
  file->extension_count = (uint32_t)(&state->fields[f->used.fields] - file->extensions);
  file->service_count = f->used.services;
  make_extensions(f, file->extensions, file->extension_count, NULL);
}

void link_take_descriptor(link_file_state *state) {
  raw_filler filler = {.state = state};
  raw_counts n = count_file(state->in->descriptor);
  state->raws = STELE_NEW(state->scratch, struct link_raw);
  stele_map_init(&state->raws->options, state->scratch, 0);
  if (n.failed || !link_raw_is_written(state->in->descriptor)) {
    link_error(state, LINK_NONE, "The bytes are not a google.protobuf.FileDescriptorProto.");
    state->is_hopeless = true;
    return;
  }
  link_new_arrays(state, &(link_counts){n.messages, n.fields, n.oneofs, n.enums, n.values,
                                        n.services, n.methods, n.ranges, n.names});
  filler.messages = STELE_NEW_ARRAY(state->scratch, stele_bytes, n.messages);
  state->raws->fields = STELE_NEW_ARRAY(state->scratch, link_raw_field, n.fields);
  take_edition(&filler);
  take_imports(&filler, n.imports);
  take_file(&filler);
  if (!filler.used.failed) return;
  link_error(state, LINK_NONE, "The bytes are not a google.protobuf.FileDescriptorProto.");
  state->is_hopeless = true;
}

stele_bytes link_raw_source_info(const link_file_state *state) {
  stele_reader r = stele_reader_of(state->in->descriptor);
  raw_field part;
  while (next_field(&r, &part)) {
    if (part.is_bytes && part.number == FILE_SOURCE_INFO) return part.bytes;
  }
  return (stele_bytes){NULL, 0};
}

/* ---- Before linking ----------------------------------------------------- */

uint32_t link_descriptor_imports(stele_arena *arena, stele_bytes descriptor, stele_str *name,
                                 stele_str **paths, uint32_t *option_from) {
  raw_counts n = count_file(descriptor);
  *name = (stele_str){NULL, 0};
  *paths = STELE_NEW_ARRAY(arena, stele_str, n.imports);
  uint32_t count = *option_from = 0;
  static const uint32_t lists[] = {FILE_DEPENDENCY, FILE_OPTION_DEPENDENCY};
  for (size_t i = 0; i < STELE_COUNT(lists) && !n.failed; i++) {
    stele_reader r = stele_reader_of(descriptor);
    raw_field part;
    *option_from = count;
    while (next_field(&r, &part)) {
      if (!part.is_bytes) continue;
      if (part.number == FILE_NAME) *name = stele_bytes_str(part.bytes);
      if (part.number == lists[i]) (*paths)[count++] = stele_bytes_str(part.bytes);
    }
  }
  return count;
}
