/* The other side of a type: by full name, in a table that is made when it is first
 * asked for; among siblings by name, near where it stood. */
#include "check/pairs/pairs.h"

#include "check/element/ranges.h"

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

void breaking_memo_open(rule_run *run) {
  breaking_memo *memo = STELE_NEW(run->arena, breaking_memo);
  check_levels_init(&memo->levels, run->arena);
  stele_map_init(&memo->ranges, run->arena, 0);
  run->memo = memo;
}

check_levels *breaking_levels_of(rule_run *run) {
  return &((breaking_memo *)run->memo)->levels;
}

bool breaking_reserves_number(rule_run *run, const stele_range *ranges, uint32_t count,
                              bool exclusive, int32_t number) {
  if (count == 0) return false;
  void **place =
      stele_map_add_u64(&((breaking_memo *)run->memo)->ranges, (uint64_t)(uintptr_t)ranges);
  check_ranges *joined = *place;
  if (!joined) {
    *place = joined = STELE_NEW(run->arena, check_ranges);
    *joined = check_ranges_of(run->arena, ranges, count, exclusive);
    check_ranges_join(joined);
  }
  return check_ranges_cover(joined, (check_range){number, number});
}

bool breaking_reserves_name(rule_run *run, const stele_str *names, uint32_t count, stele_str name) {
  return BREAKING_SIBLING(run, names, count, name, count) != NULL;
}
