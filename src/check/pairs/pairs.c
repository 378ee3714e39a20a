/* The other side of a type: by full name, in a table that is made when it is first
 * asked for; among siblings by name, near where it stood. */
#include "check/pairs/pairs.h"

static void add_message(stele_map *map, const stele_message *message) {
  *stele_map_add(map, message->full_name) = (void *)(uintptr_t)message;
  for (uint32_t i = 0; i < message->message_count; i++) add_message(map, &message->messages[i]);
}

static void add_enums(stele_map *map, const stele_enum *enums, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    *stele_map_add(map, enums[i].full_name) = (void *)(uintptr_t)&enums[i];
  }
}

static void add_nested_enums(stele_map *map, const stele_message *message) {
  add_enums(map, message->enums, message->enum_count);
  for (uint32_t i = 0; i < message->message_count; i++) {
    add_nested_enums(map, &message->messages[i]);
  }
}

static void add_extensions(rule_run *run, stele_map *map, const stele_field *fields,
                           uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    *stele_map_add(map, stele_field_full_name(run->arena, &fields[i])) =
        (void *)(uintptr_t)&fields[i];
  }
}

static void add_nested_extensions(rule_run *run, stele_map *map, const stele_message *message) {
  add_extensions(run, map, message->extensions, message->extension_count);
  for (uint32_t i = 0; i < message->message_count; i++) {
    add_nested_extensions(run, map, &message->messages[i]);
  }
}

static void add_types(rule_run *run, breaking_names *names, const stele_file *file) {
  for (uint32_t i = 0; i < file->message_count; i++) {
    add_message(&names->messages, &file->messages[i]);
    add_nested_enums(&names->enums, &file->messages[i]);
    add_nested_extensions(run, &names->extensions, &file->messages[i]);
  }
  add_enums(&names->enums, file->enums, file->enum_count);
  add_extensions(run, &names->extensions, file->extensions, file->extension_count);
}

static void add_file(rule_run *run, breaking_names *names, const stele_file *file) {
  const stele_map *kinds[] = {&names->enums, &names->messages, &names->extensions};
  size_t before[STELE_COUNT(kinds)];
  for (size_t i = 0; i < STELE_COUNT(kinds); i++) before[i] = kinds[i]->count;
  add_types(run, names, file);
  void *itself = (void *)(uintptr_t)file;
  for (size_t i = 0; i < STELE_COUNT(kinds); i++) {
    if (kinds[i]->count == before[i]) continue;
    *stele_map_add(&names->packages_with[i], file->package) = itself;
  }
  *stele_map_add(&names->packages_with[BREAKING_SERVICE], file->package) = itself;
  *stele_map_add(&names->packages, file->package) = itself;
  for (uint32_t i = 0; i < file->service_count; i++) {
    *stele_map_add(&names->services, file->services[i].full_name) =
        (void *)(uintptr_t)&file->services[i];
  }
}

const breaking_names *breaking_names_of(rule_run *run) {
  breaking_memo *memo = run->memo;
  breaking_names *names = &memo->names;
  if (memo->has_names) return names;
  memo->has_names = true;
  stele_map *const maps[] = {&names->packages, &names->messages, &names->enums, &names->services,
                             &names->extensions};
  for (size_t i = 0; i < STELE_COUNT(maps); i++) stele_map_init(maps[i], run->arena, 0);
  for (size_t i = 0; i < STELE_COUNT(names->packages_with); i++) {
    stele_map_init(&names->packages_with[i], run->arena, 0);
  }
  for (size_t i = 0; i < run->now.tree->count; i++) {
    add_file(run, names, run->now.tree->files[i].file);
  }
  return names;
}

/* The element called `name` among siblings, the one at `hint` being the first
 * guess; NULL when none is. */
#define FIND_SIBLING(T, siblings, count, hint, wanted, out)                                        \
  do {                                                                                             \
    uint32_t at_ = (uint32_t)(hint) < (count) ? (uint32_t)(hint) : 0;                              \
    *(out) = NULL;                                                                                 \
    for (uint32_t n_ = 0; n_ < (count); n_++, at_ = at_ + 1 < (count) ? at_ + 1 : 0) {             \
      if (!stele_str_eq((siblings)[at_].name, (wanted))) continue;                                 \
      *(out) = &(siblings)[at_];                                                                   \
      break;                                                                                       \
    }                                                                                              \
  } while (0)

const stele_message *breaking_message_in(const stele_message *siblings, uint32_t count,
                                         uint32_t hint, stele_str name) {
  const stele_message *found;
  FIND_SIBLING(stele_message, siblings, count, hint, name, &found);
  return found;
}

const stele_enum *breaking_enum_in(const stele_enum *siblings, uint32_t count, uint32_t hint,
                                   stele_str name) {
  const stele_enum *found;
  FIND_SIBLING(stele_enum, siblings, count, hint, name, &found);
  return found;
}

const stele_field *breaking_field_in(const stele_field *siblings, uint32_t count, uint32_t hint,
                                     stele_str name) {
  const stele_field *found;
  FIND_SIBLING(stele_field, siblings, count, hint, name, &found);
  return found;
}

const stele_service *breaking_service_in(const stele_service *siblings, uint32_t count,
                                         uint32_t hint, stele_str name) {
  const stele_service *found;
  FIND_SIBLING(stele_service, siblings, count, hint, name, &found);
  return found;
}

const stele_method *breaking_method_in(const stele_service *service, uint32_t hint,
                                       stele_str name) {
  const stele_method *found;
  FIND_SIBLING(stele_method, service->methods, service->method_count, hint, name, &found);
  return found;
}
