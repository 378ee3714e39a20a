/* Where an element stands: its path in the descriptor, looked up in the source
 * info that was kept with the file.
 *
 * Findings are few, so each look-up walks the locations once instead of keeping
 * an index for a file that is hardly ever asked about. */
#include "check/element/place.h"
#include "check/element/span.h"
#include "proto/wire/reader.h"

enum { SKIP_DEPTH = 8 };

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
  } else if (field->scope) {
    prepend(path, MESSAGE_EXTENSION, (size_t)(field - field->scope->extensions));
    add_message(path, field->scope);
  } else {
    prepend(path, FILE_EXTENSION, (size_t)(field - field->file->extensions));
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
  case STELE_SYMBOL_FIELD: return ((const stele_field *)element)->file;
  case STELE_SYMBOL_ONEOF: return ((const stele_oneof *)element)->message->file;
  case STELE_SYMBOL_ENUM_VALUE: return ((const stele_enum_value *)element)->parent->file;
  case STELE_SYMBOL_METHOD: return ((const stele_method *)element)->service->file;
  case STELE_SYMBOL_FILE: return element;
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return NULL;
}

static bool is_path(stele_bytes packed, const place_path *path) {
  stele_reader r = stele_reader_of(packed);
  for (size_t i = path->start; i < PLACE_MOST_STEPS; i++) {
    if (stele_read_done(&r) || stele_read_varint(&r) != path->steps[i]) return false;
  }
  return stele_read_done(&r) && !r.failed;
}

/* Three numbers when it ends on the line it begins on, else four; 0-based. */
static bool read_span(stele_bytes packed, check_span *out) {
  int32_t parts[4];
  size_t count = 0;
  stele_reader r = stele_reader_of(packed);
  while (!stele_read_done(&r) && count < 4) parts[count++] = (int32_t)stele_read_varint(&r);
  if (r.failed || count < 3) return false;
  *out =
      (check_span){parts[0] + 1, parts[1] + 1, parts[count == 4 ? 2 : 0] + 1, parts[count - 1] + 1};
  return true;
}

/* Reads one Location; true when it is the one. */
static bool match_location(stele_bytes location, const place_path *path, check_span *out) {
  enum { LOCATION_PATH = 1 << 3 | 2, LOCATION_SPAN = 2 << 3 | 2 };
  stele_reader r = stele_reader_of(location);
  bool found = false;
  stele_bytes span = {0};
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == LOCATION_PATH) {
      found = is_path(stele_read_delimited(&r), path);
      if (!found) return false;
    } else if (tag == LOCATION_SPAN) {
      span = stele_read_delimited(&r);
    } else {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
    }
  }
  return found && read_span(span, out);
}

static bool span_of(const stele_file *file, stele_symbol_kind kind, const void *element,
                    check_span *out) {
  enum { INFO_LOCATION = 1 << 3 | 2 };
  place_path path;
  if (!file || file->source_info.len == 0 || kind == STELE_SYMBOL_FILE) return false;
  place_path_of(&path, kind, element);
  stele_reader r = stele_reader_of(file->source_info);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag != INFO_LOCATION) {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
    } else if (match_location(stele_read_delimited(&r), &path, out)) {
      return true;
    }
  }
  return false;
}

bool check_span_find(const stele_file *file, stele_str full_name, check_span *out) {
  stele_symbol symbol = stele_schema_find(file->schema, full_name);
  return symbol.element && check_file_of(symbol.kind, symbol.element) == file &&
         span_of(file, symbol.kind, symbol.element, out);
}

check_place check_place_of(stele_symbol_kind kind, const void *element) {
  const stele_file *file = check_file_of(kind, element);
  check_place place = {file ? file->name : (stele_str){0}, -1, -1};
  check_span span;
  if (!span_of(file, kind, element, &span)) return place;
  place.line = span.start_line - 1;
  place.column = span.start_column - 1;
  return place;
}

const stele_oneof *check_oneof_of(const stele_field *field) {
  return field->oneof && !field->oneof->is_synthetic ? field->oneof : NULL;
}
