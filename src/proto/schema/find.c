/* Finding elements: files by path, elements by full name or number.
 *
 * A schema has no table of all full names: a batch of thousands of files would
 * pay for it and never ask. It knows its packages; below a package the few
 * names of its files are compared one by one. */
#include <stdlib.h>

#include "proto/schema/schema_internal.h"

/* ---- Freezing ---------------------------------------------------------- */

static schema_package *package_of(stele_schema *schema, stele_str name) {
  void **place = stele_map_add(&schema->packages, name);
  if (!*place) *place = STELE_NEW(schema->arena, schema_package);
  return *place;
}

static void add_package(stele_schema *schema, const stele_file *file) {
  schema_package *package = package_of(schema, file->package);
  STELE_VEC_PUSH(schema->arena, &package->files, file);
  for (size_t i = file->package.len; i-- > 0;) {
    if (file->package.ptr[i] == '.') (void)package_of(schema, (stele_str){file->package.ptr, i});
  }
}

/* Adds a file and, before it, what it imports: the order of discovery is a
 * list that grows while it is walked. */
static void reach(stele_schema *schema, const stele_file *file) {
  void **place = stele_map_add(&schema->paths, file->name);
  if (*place) return;
  *place = (void *)(uintptr_t)file;
  add_package(schema, file);
}

void schema_freeze(stele_schema *schema) {
  for (size_t i = 0; i < schema->files.count; i++) reach(schema, schema->files.at[i]);
  for (size_t i = 0; i < schema->paths.count; i++) {
    const stele_file *file = schema->paths.entries[i].value;
    for (uint32_t k = 0; k < file->import_count; k++) {
      if (file->imports[k].file) reach(schema, file->imports[k].file);
    }
  }
}

const stele_file *stele_schema_file(const stele_schema *schema, stele_str path) {
  return stele_map_find(&schema->paths, path);
}

/* ---- By full name ------------------------------------------------------ */

static const stele_symbol nothing = {STELE_SYMBOL_NONE, NULL};

static stele_symbol find_value(const stele_enum *enums, uint32_t count, stele_str name) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_enum_value *value = stele_enum_value_by_name(&enums[i], name);
    if (value) return (stele_symbol){STELE_SYMBOL_ENUM_VALUE, value};
  }
  return nothing;
}

static stele_symbol find_enum(const stele_enum *enums, uint32_t count, stele_str name) {
  for (uint32_t i = 0; i < count; i++) {
    if (stele_str_eq(enums[i].name, name)) return (stele_symbol){STELE_SYMBOL_ENUM, &enums[i]};
  }
  return find_value(enums, count, name);
}

static stele_symbol find_field(const stele_field *fields, uint32_t count, stele_str name) {
  for (uint32_t i = 0; i < count; i++) {
    if (stele_str_eq(fields[i].name, name)) return (stele_symbol){STELE_SYMBOL_FIELD, &fields[i]};
  }
  return nothing;
}

static const stele_message *find_message(const stele_message *messages, uint32_t count,
                                         stele_str name) {
  for (uint32_t i = 0; i < count; i++) {
    if (stele_str_eq(messages[i].name, name)) return &messages[i];
  }
  return NULL;
}

static stele_symbol find_member(const stele_message *message, stele_str name) {
  stele_symbol found = find_field(message->fields, message->field_count, name);
  if (found.kind) return found;
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    if (stele_str_eq(message->oneofs[i].name, name)) {
      return (stele_symbol){STELE_SYMBOL_ONEOF, &message->oneofs[i]};
    }
  }
  found = find_field(message->extensions, message->extension_count, name);
  if (found.kind) return found;
  return find_enum(message->enums, message->enum_count, name);
}

static stele_symbol find_method(const stele_service *service, stele_str name) {
  for (uint32_t i = 0; i < service->method_count; i++) {
    if (stele_str_eq(service->methods[i].name, name)) {
      return (stele_symbol){STELE_SYMBOL_METHOD, &service->methods[i]};
    }
  }
  return nothing;
}

/* Cuts the first part off a dotted name; false when it was the last. */
static bool cut(stele_str *name, stele_str *first) {
  const char *dot = name->len ? memchr(name->ptr, '.', name->len) : NULL;
  *first = *name;
  if (!dot) return false;
  first->len = (size_t)(dot - name->ptr);
  *name = (stele_str){dot + 1, name->len - first->len - 1};
  return true;
}

/* `name` below a file's package. */
static stele_symbol find_in_file(const stele_file *file, stele_str name) {
  stele_str part;
  bool more = cut(&name, &part);
  const stele_message *message = find_message(file->messages, file->message_count, part);
  while (message && more) {
    more = cut(&name, &part);
    const stele_message *inner = find_message(message->messages, message->message_count, part);
    if (!inner && !more) return find_member(message, part);
    message = inner;
  }
  if (message) return (stele_symbol){STELE_SYMBOL_MESSAGE, message};
  for (uint32_t i = 0; i < file->service_count; i++) {
    if (!stele_str_eq(file->services[i].name, part)) continue;
    if (more) return find_method(&file->services[i], name);
    return (stele_symbol){STELE_SYMBOL_SERVICE, &file->services[i]};
  }
  if (more) return nothing;
  stele_symbol found = find_enum(file->enums, file->enum_count, part);
  return found.kind ? found : find_field(file->extensions, file->extension_count, part);
}

static stele_symbol find_in_package(const stele_schema *schema, stele_str package, stele_str name) {
  const schema_package *in = stele_map_find(&schema->packages, package);
  for (size_t i = 0; in && i < in->files.count; i++) {
    stele_symbol found = find_in_file(in->files.at[i], name);
    if (found.kind) return found;
  }
  return nothing;
}

stele_symbol stele_schema_find(const stele_schema *schema, stele_str full_name) {
  if (full_name.len == 0) return nothing;
  for (size_t i = full_name.len; i-- > 0;) {
    if (full_name.ptr[i] != '.') continue;
    stele_str name = {full_name.ptr + i + 1, full_name.len - i - 1};
    stele_symbol found = find_in_package(schema, (stele_str){full_name.ptr, i}, name);
    if (found.kind) return found;
  }
  stele_symbol found = find_in_package(schema, STELE_STR(""), full_name);
  if (found.kind) return found;
  if (stele_map_find(&schema->packages, full_name)) {
    return (stele_symbol){STELE_SYMBOL_PACKAGE, NULL};
  }
  return nothing;
}

/* ---- Fields and values ------------------------------------------------- */

static int by_number(const void *a, const void *b) {
  const stele_field *x = *(const stele_field *const *)a, *y = *(const stele_field *const *)b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return x < y ? -1 : x > y;
}

void schema_index_numbers(stele_arena *arena, stele_message *message) {
  bool sorted = true;
  for (uint32_t i = 1; i < message->field_count && sorted; i++) {
    sorted = message->fields[i - 1].number < message->fields[i].number;
  }
  message->numbers = NULL;
  if (sorted) return;
  uint32_t count = message->field_count;
  struct stele_number_index *index = stele_arena_alloc(
      arena, sizeof *index + count * sizeof index->at[0], _Alignof(struct stele_number_index));
  for (uint32_t i = 0; i < count; i++) index->at[i] = &message->fields[i];
  qsort(index->at, count, sizeof index->at[0], by_number);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (kept && index->at[kept - 1]->number == index->at[i]->number) continue;
    index->at[kept++] = index->at[i];
  }
  index->count = kept;
  message->numbers = index;
}

/* Fields are most often numbered 1, 2, 3, …, so the first guess is the place
 * itself; else they are ascending, or there is an index that is. */
const stele_field *stele_message_field(const stele_message *message, int32_t number) {
  const struct stele_number_index *index = message->numbers;
  uint32_t low = 0, high = index ? index->count : message->field_count;
  if (!index && number >= 1 && (uint32_t)number <= high &&
      message->fields[number - 1].number == number) {
    return &message->fields[number - 1];
  }
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    const stele_field *field = index ? index->at[middle] : &message->fields[middle];
    if (field->number == number) return field;
    if (field->number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

const stele_field *stele_message_field_by_name(const stele_message *message, stele_str name) {
  return find_field(message->fields, message->field_count, name).element;
}

const stele_enum_value *stele_enum_value_by_number(const stele_enum *type, int32_t number) {
  if (type->value_count == 0) return NULL;
  int64_t guess = (int64_t)number - type->values[0].number;
  if (guess == 0) return &type->values[0];
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (type->values[i].number == number) return &type->values[i];
  }
  return NULL;
}

const stele_enum_value *stele_enum_value_by_name(const stele_enum *type, stele_str name) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (stele_str_eq(type->values[i].name, name)) return &type->values[i];
  }
  return NULL;
}

/* ---- Extensions -------------------------------------------------------- */

static uint32_t count_extensions(const stele_message *messages, uint32_t count) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    sum += messages[i].extension_count;
    sum += count_extensions(messages[i].messages, messages[i].message_count);
  }
  return sum;
}

static uint32_t list(const stele_field **out, uint32_t at, const stele_field *fields,
                     uint32_t count) {
  for (uint32_t i = 0; i < count; i++) out[at++] = &fields[i];
  return at;
}

static uint32_t list_nested(const stele_field **out, uint32_t at, const stele_message *messages,
                            uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    at = list(out, at, messages[i].extensions, messages[i].extension_count);
    at = list_nested(out, at, messages[i].messages, messages[i].message_count);
  }
  return at;
}

void schema_export(stele_arena *arena, stele_file *file) {
  uint32_t count = file->extension_count + count_extensions(file->messages, file->message_count);
  if (count == 0) return;
  const stele_field **all = STELE_NEW_ARRAY(arena, const stele_field *, count);
  uint32_t at = list(all, 0, file->extensions, file->extension_count);
  (void)list_nested(all, at, file->messages, file->message_count);
  struct stele_exports *exports = STELE_NEW(arena, struct stele_exports);
  *exports = (struct stele_exports){all, count};
  file->exports = exports;
}

const stele_field *const *stele_file_extensions(const stele_file *file, size_t *count) {
  *count = file->exports ? file->exports->extension_count : 0;
  return file->exports ? file->exports->extensions : NULL;
}

static const stele_field *own_extension(const stele_file *file, const stele_message *extendee,
                                        int32_t number) {
  for (uint32_t i = 0; file->exports && i < file->exports->extension_count; i++) {
    const stele_field *field = file->exports->extensions[i];
    if (field->number == number && field->message == extendee) return field;
  }
  return NULL;
}

/* A file and all it imports publicly. Depth is bounded: a chain of public
 * imports longer than this is not followed. */
static const stele_field *public_extension(const stele_file *file, const stele_message *extendee,
                                           int32_t number, int depth) {
  const stele_field *found = own_extension(file, extendee, number);
  for (uint32_t i = 0; !found && depth > 0 && i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if (import->kind != STELE_IMPORT_PUBLIC || !import->file) continue;
    found = public_extension(import->file, extendee, number, depth - 1);
  }
  return found;
}

enum { PUBLIC_DEPTH = 64 };

const stele_field *stele_file_extension(const stele_file *from, const stele_message *extendee,
                                        int32_t number) {
  const stele_field *found = own_extension(from, extendee, number);
  for (uint32_t i = 0; !found && i < from->import_count; i++) {
    const stele_file *file = from->imports[i].file;
    if (file) found = public_extension(file, extendee, number, PUBLIC_DEPTH);
  }
  return found;
}
