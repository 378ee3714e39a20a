/* The walk over two trees: what was, beside what is now.
 *
 * Files pair by path and types by full name, over the whole of both trees, so a
 * type that moved to another file is still compared. Nearly all types are where
 * they were, at the same index of the same file: that is looked at first, and a
 * table of all full names is only made when something is not there. */
#include "base/guard.h"
#include "check/breaking_pairs.h"
#include "check/rule_breaking_table.h"

/* ---- The other side of a type ------------------------------------------------ */

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

static const stele_method *method_in(const stele_service *service, uint32_t hint, stele_str name) {
  const stele_method *found;
  FIND_SIBLING(stele_method, service->methods, service->method_count, hint, name, &found);
  return found;
}

/* ---- The walk ------------------------------------------------------------------ */

static void pair_fields(rule_run *run, const stele_message *now, const stele_message *was) {
  if (!rule_is_asked(run, RULE_ON_FIELD)) return;
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field =
        i < now->field_count && now->fields[i].number == was->fields[i].number
            ? &now->fields[i]
            : stele_message_field(now, was->fields[i].number);
    if (field) rule_ask(run, RULE_ON_FIELD, field, &was->fields[i]);
  }
}

static void walk_enums(rule_run *run, const stele_enum *was, uint32_t was_count,
                       const stele_enum *now, uint32_t now_count) {
  if (!rule_is_asked(run, RULE_ON_ENUM)) return;
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_enum *type = breaking_enum_in(now, now_count, i, was[i].name);
    if (!type) type = stele_map_find(&breaking_names_of(run)->enums, was[i].full_name);
    if (type) rule_ask(run, RULE_ON_ENUM, type, &was[i]);
  }
}

static void walk_messages(rule_run *run, const stele_message *was, uint32_t was_count,
                          const stele_message *now, uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_message *old = &was[i];
    const stele_message *new = breaking_message_in(now, now_count, i, old->name);
    if (!new) new = stele_map_find(&breaking_names_of(run)->messages, old->full_name);
    if (new) {
      rule_ask(run, RULE_ON_MESSAGE, new, old);
      pair_fields(run, new, old);
    }
    walk_enums(run, old->enums, old->enum_count, new ? new->enums : NULL,
               new ? new->enum_count : 0);
    walk_messages(run, old->messages, old->message_count, new ? new->messages : NULL,
                  new ? new->message_count : 0);
  }
}

static void walk_services(rule_run *run, const stele_file *was, const stele_file *now) {
  for (uint32_t i = 0; i < was->service_count; i++) {
    const stele_service *old = &was->services[i], *new = NULL;
    if (now) new = breaking_service_in(now->services, now->service_count, i, old->name);
    if (!new) new = stele_map_find(&breaking_names_of(run)->services, old->full_name);
    if (!new) continue;
    rule_ask(run, RULE_ON_SERVICE, new, old);
    for (uint32_t m = 0; m < old->method_count; m++) {
      const stele_method *method = method_in(new, m, old->methods[m].name);
      if (method) rule_ask(run, RULE_ON_METHOD, method, &old->methods[m]);
    }
  }
}

/* ---- Extensions: by the type they extend and their number ----------------------- */

static stele_str extension_key(rule_run *run, const stele_field *field) {
  return stele_str_printf(run->arena, STELE_STR_FMT " %d", STELE_STR_ARG(field->extendee_name),
                          field->number);
}

static void register_extensions(rule_run *run, stele_map *map, const stele_field *fields,
                                uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    void **place = stele_map_add(map, extension_key(run, &fields[i]));
    const stele_field *field = &fields[i], *taken = *place;
    *place = (void *)(uintptr_t)field;
    if (!taken) continue;
    stele_str first = stele_field_full_name(run->arena, taken);
    stele_str second = stele_field_full_name(run->arena, field);
    stele_str extendee = breaking_plain(field->extendee_name);
    stele_guard_leave(run->arena, STELE_INVALID,
                      "duplicate extension %d of " STELE_STR_FMT ": " STELE_STR_FMT
                      " in \"" STELE_STR_FMT "\" and " STELE_STR_FMT " in \"" STELE_STR_FMT "\"",
                      field->number, STELE_STR_ARG(extendee), STELE_STR_ARG(first),
                      STELE_STR_ARG(taken->file->name), STELE_STR_ARG(second),
                      STELE_STR_ARG(field->file->name));
  }
}

static void register_nested(rule_run *run, stele_map *map, const stele_message *messages,
                            uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    register_extensions(run, map, messages[i].extensions, messages[i].extension_count);
    register_nested(run, map, messages[i].messages, messages[i].message_count);
  }
}

static void register_tree(rule_run *run, stele_map *map, const rule_tree *tree) {
  stele_map_init(map, run->arena, 0);
  for (size_t i = 0; i < tree->count; i++) {
    const stele_file *file = tree->files[i].file;
    register_extensions(run, map, file->extensions, file->extension_count);
    register_nested(run, map, file->messages, file->message_count);
  }
}

static void pair_extensions(rule_run *run) {
  stele_map now, was;
  if (!rule_is_asked(run, RULE_ON_FIELD)) return;
  register_tree(run, &now, run->now.tree);
  register_tree(run, &was, run->was.tree);
  for (size_t i = 0; i < was.count; i++) {
    const stele_field *field = stele_map_find(&now, was.entries[i].key.str);
    if (field) rule_ask(run, RULE_ON_FIELD, field, was.entries[i].value);
  }
}

void rule_walk_breaking(rule_run *run) {
  run->memo = STELE_NEW(run->arena, breaking_memo);
  rule_ask(run, RULE_ON_TREE, &run->now, &run->was);
  for (size_t i = 0; i < run->was.tree->count; i++) {
    const stele_file *was = run->was.tree->files[i].file;
    const rule_file *row = rule_side_file(&run->now, was->name);
    const stele_file *now = row ? row->file : NULL;
    if (now) rule_ask(run, RULE_ON_FILE, now, was);
    /* In another package the same names are other types. */
    if (now && !stele_str_eq(now->package, was->package)) now = NULL;
    walk_messages(run, was->messages, was->message_count, now ? now->messages : NULL,
                  now ? now->message_count : 0);
    walk_enums(run, was->enums, was->enum_count, now ? now->enums : NULL,
               now ? now->enum_count : 0);
    walk_services(run, was, now);
  }
  pair_extensions(run);
}
