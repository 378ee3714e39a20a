/* Files, messages, enums and services for the semantic class.
 *
 * Messages, enums and services are matched by full name within the file;
 * map entries belong to their field. */
#include "base/map.h"
#include "check/element/code_option.h"
#include "check/element/ranges.h"
#include "check/semver/semver_internal.h"

void semver_deprecated(check_run *run, bool was, bool is, check_elements where, stele_str name) {
  if (was == is) return;
  semver_found(run, is ? SEMVER_DEPRECATED : SEMVER_UNDEPRECATED, where,
               "\"" STELE_STR_FMT "\" is %s", STELE_STR_ARG(name),
               is ? "deprecated now" : "not deprecated any more");
}

static void extension_ranges(check_run *run, const stele_message *was, const stele_message *now,
                             check_elements both) {
  check_ranges olds =
      check_ranges_of(run->arena, was->extension_ranges, was->extension_range_count, true);
  check_ranges news =
      check_ranges_of(run->arena, now->extension_ranges, now->extension_range_count, true);
  check_ranges_join(&olds);
  check_ranges_join(&news);
  for (uint32_t i = 0; i < was->extension_range_count; i++) {
    const stele_range *range = &was->extension_ranges[i];
    if (check_ranges_cover(&news, (check_range){range->start, range->end - 1})) continue;
    semver_found(run, SEMVER_EXTENSION_RANGE_REMOVED, both,
                 "\"" STELE_STR_FMT "\" has not all of the extension numbers %d to %d any more",
                 STELE_STR_ARG(now->full_name), range->start, range->end - 1);
  }
  for (uint32_t i = 0; i < now->extension_range_count; i++) {
    const stele_range *range = &now->extension_ranges[i];
    if (check_ranges_cover(&olds, (check_range){range->start, range->end - 1})) continue;
    semver_found(run, SEMVER_EXTENSION_RANGE_ADDED, both,
                 "\"" STELE_STR_FMT "\" has new extension numbers in %d to %d",
                 STELE_STR_ARG(now->full_name), range->start, range->end - 1);
  }
}

static void oneofs(check_run *run, const stele_message *was, const stele_message *now) {
  check_level olds = SEMVER_LEVEL(run, was->oneofs, was->real_oneof_count);
  check_level news = SEMVER_LEVEL(run, now->oneofs, now->real_oneof_count);
  for (uint32_t i = 0; i < was->real_oneof_count; i++) {
    const stele_oneof *old = &was->oneofs[i];
    if (check_level_find(&news, old->name, i)) continue;
    semver_found(run, SEMVER_ONEOF_REMOVED, (check_elements){old, NULL, STELE_SYMBOL_ONEOF},
                 "the oneof \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(old->name));
  }
  for (uint32_t i = 0; i < now->real_oneof_count; i++) {
    const stele_oneof *new = &now->oneofs[i];
    if (check_level_find(&olds, new->name, i)) continue;
    semver_found(run, SEMVER_ONEOF_ADDED, (check_elements){NULL, new, STELE_SYMBOL_ONEOF},
                 "the oneof \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(new->name));
  }
}

/* Extensions by what they extend and their number. */
static stele_str extension_key(check_run *run, const stele_field *field) {
  return stele_str_printf(run->arena, "%d " STELE_STR_FMT, field->number,
                          STELE_STR_ARG(field->message->full_name));
}

static stele_map extensions_of(check_run *run, const stele_field *all, uint32_t count) {
  stele_map map;
  stele_map_init(&map, run->arena, (uintptr_t)run->arena);
  for (uint32_t i = 0; i < count; i++) {
    *stele_map_add(&map, extension_key(run, &all[i])) = (void *)(uintptr_t)&all[i];
  }
  return map;
}

static void extensions(check_run *run, const stele_field *was, uint32_t was_count,
                       const stele_field *now, uint32_t now_count) {
  if (!was_count && !now_count) return;
  stele_map olds = extensions_of(run, was, was_count), news = extensions_of(run, now, now_count);
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_field *new = stele_map_find(&news, extension_key(run, &was[i]));
    if (new) {
      semver_field_pair(run, &was[i], new);
      continue;
    }
    semver_found(run, SEMVER_EXTENSION_REMOVED, (check_elements){&was[i], NULL, STELE_SYMBOL_FIELD},
                 "the extension \"" STELE_STR_FMT "\" = %d was removed", STELE_STR_ARG(was[i].name),
                 was[i].number);
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (stele_map_find(&olds, extension_key(run, &now[i]))) continue;
    semver_found(run, SEMVER_EXTENSION_ADDED, (check_elements){NULL, &now[i], STELE_SYMBOL_FIELD},
                 "the extension \"" STELE_STR_FMT "\" = %d was added", STELE_STR_ARG(now[i].name),
                 now[i].number);
  }
}

static void enum_values(check_run *run, const stele_enum *was, const stele_enum *now) {
  check_level olds = SEMVER_LEVEL(run, was->values, was->value_count);
  check_level news = SEMVER_LEVEL(run, now->values, now->value_count);
  check_numbers old_numbers = check_numbers_of(run->arena, was);
  check_numbers new_numbers = check_numbers_of(run->arena, now);
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *old = &was->values[i];
    const stele_enum_value *named = check_level_find(&news, old->name, i);
    const stele_enum_value *numbered = check_numbers_find(&new_numbers, old->number);
    check_elements pair = {old, named ? named : numbered, STELE_SYMBOL_ENUM_VALUE};
    if (named && named->number != old->number) {
      semver_found(run, SEMVER_ENUM_VALUE_NUMBER_CHANGED, pair,
                   "the enum value \"" STELE_STR_FMT "\" had number %d and has number %d",
                   STELE_STR_ARG(old->name), old->number, named->number);
    } else if (named) {
      semver_deprecated(run, old->is_deprecated, named->is_deprecated, pair, named->name);
    } else if (numbered && !check_level_find(&olds, numbered->name, i)) {
      semver_found(run, SEMVER_ENUM_VALUE_NAME_CHANGED, pair,
                   "the enum value \"" STELE_STR_FMT "\" = %d was renamed to \"" STELE_STR_FMT "\"",
                   STELE_STR_ARG(old->name), old->number, STELE_STR_ARG(numbered->name));
    } else {
      semver_found(run, SEMVER_ENUM_VALUE_REMOVED,
                   (check_elements){old, NULL, STELE_SYMBOL_ENUM_VALUE},
                   "the enum value \"" STELE_STR_FMT "\" = %d was removed",
                   STELE_STR_ARG(old->name), old->number);
    }
  }
  for (uint32_t i = 0; i < now->value_count; i++) {
    const stele_enum_value *new = &now->values[i];
    if (check_level_find(&olds, new->name, i)) continue;
    const stele_enum_value *old = check_numbers_find(&old_numbers, new->number);
    if (old && !check_level_find(&news, old->name, i)) continue; /* renamed */
    semver_found(run, SEMVER_ENUM_VALUE_ADDED, (check_elements){NULL, new, STELE_SYMBOL_ENUM_VALUE},
                 "the enum value \"" STELE_STR_FMT "\" = %d was added", STELE_STR_ARG(new->name),
                 new->number);
  }
}

static void enum_pair(check_run *run, const stele_enum *was, const stele_enum *now) {
  check_elements both = {was, now, STELE_SYMBOL_ENUM};
  if (was->is_closed != now->is_closed) {
    semver_found(run, SEMVER_ENUM_TYPE_CHANGED, both, "the enum \"" STELE_STR_FMT "\" is %s now",
                 STELE_STR_ARG(now->full_name), now->is_closed ? "closed" : "open");
  }
  semver_deprecated(run, was->is_deprecated, now->is_deprecated, both, now->full_name);
  enum_values(run, was, now);
}

static void enums(check_run *run, const stele_enum *was, uint32_t was_count, const stele_enum *now,
                  uint32_t now_count) {
  check_level olds = SEMVER_LEVEL(run, was, was_count), news = SEMVER_LEVEL(run, now, now_count);
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_enum *new = check_level_find(&news, was[i].name, i);
    if (new) {
      enum_pair(run, &was[i], new);
    } else {
      semver_found(run, SEMVER_ENUM_REMOVED, (check_elements){&was[i], NULL, STELE_SYMBOL_ENUM},
                   "the enum \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(was[i].full_name));
    }
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (check_level_find(&olds, now[i].name, i)) continue;
    semver_found(run, SEMVER_ENUM_ADDED, (check_elements){NULL, &now[i], STELE_SYMBOL_ENUM},
                 "the enum \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(now[i].full_name));
  }
}

static void messages(check_run *run, const stele_message *was, uint32_t was_count,
                     const stele_message *now, uint32_t now_count);

static void message_pair(check_run *run, const stele_message *was, const stele_message *now) {
  check_elements both = {was, now, STELE_SYMBOL_MESSAGE};
  if (was->is_message_set != now->is_message_set) {
    semver_found(run, SEMVER_MESSAGE_ENCODING_CHANGED, both,
                 "\"" STELE_STR_FMT "\" changed message_set_wire_format",
                 STELE_STR_ARG(now->full_name));
  }
  semver_deprecated(run, was->is_deprecated, now->is_deprecated, both, now->full_name);
  semver_fields(run, was, now);
  oneofs(run, was, now);
  extension_ranges(run, was, now, both);
  extensions(run, was->extensions, was->extension_count, now->extensions, now->extension_count);
  messages(run, was->messages, was->message_count, now->messages, now->message_count);
  enums(run, was->enums, was->enum_count, now->enums, now->enum_count);
}

static const stele_message *message_like(check_level *level, stele_str name, size_t near) {
  const stele_message *found = check_level_find(level, name, near);
  return found && !found->is_map_entry ? found : NULL;
}

static void messages(check_run *run, const stele_message *was, uint32_t was_count,
                     const stele_message *now, uint32_t now_count) {
  check_level olds = SEMVER_LEVEL(run, was, was_count), news = SEMVER_LEVEL(run, now, now_count);
  for (uint32_t i = 0; i < was_count; i++) {
    if (was[i].is_map_entry) continue;
    const stele_message *new = message_like(&news, was[i].name, i);
    if (new) {
      message_pair(run, &was[i], new);
    } else {
      semver_found(
          run, SEMVER_MESSAGE_REMOVED, (check_elements){&was[i], NULL, STELE_SYMBOL_MESSAGE},
          "the message \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(was[i].full_name));
    }
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (now[i].is_map_entry || message_like(&olds, now[i].name, i)) continue;
    semver_found(run, SEMVER_MESSAGE_ADDED, (check_elements){NULL, &now[i], STELE_SYMBOL_MESSAGE},
                 "the message \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(now[i].full_name));
  }
}

void semver_messages(check_run *run) {
  const stele_file *was = run->original, *now = run->update;
  messages(run, was->messages, was->message_count, now->messages, now->message_count);
  extensions(run, was->extensions, was->extension_count, now->extensions, now->extension_count);
}

void semver_enums(check_run *run) {
  enums(run, run->original->enums, run->original->enum_count, run->update->enums,
        run->update->enum_count);
}

static void public_imports(check_run *run, const stele_file *here, const stele_file *there,
                           semver_rule rule, const char *what) {
  stele_map public;
  stele_map_init(&public, run->arena, (uintptr_t)run->arena);
  for (uint32_t i = 0; i < there->import_count; i++) {
    if (there->imports[i].kind != STELE_IMPORT_PUBLIC) continue;
    *stele_map_add(&public, there->imports[i].path) = run;
  }
  for (uint32_t i = 0; i < here->import_count; i++) {
    const stele_import *import = &here->imports[i];
    if (import->kind != STELE_IMPORT_PUBLIC || stele_map_find(&public, import->path)) continue;
    semver_found(run, rule, (check_elements){run->original, run->update, STELE_SYMBOL_FILE},
                 "the public import \"" STELE_STR_FMT "\" was %s", STELE_STR_ARG(import->path),
                 what);
  }
}

void semver_file(check_run *run) {
  const stele_file *was = run->original, *now = run->update;
  check_elements both = {was, now, STELE_SYMBOL_FILE};
  for (size_t i = 0; i < CHECK_CODE_OPTIONS; i++) {
    uint32_t number = check_code_options[i].number;
    bool same = check_code_options[i].is_text
                    ? stele_str_eq(stele_options_str(was->options, number, NULL),
                                   stele_options_str(now->options, number, NULL))
                    : stele_options_varint(was->options, number, 0) ==
                          stele_options_varint(now->options, number, 0);
    if (same) continue;
    semver_found(run, SEMVER_CODE_OPTION_CHANGED, both, "the file option %s changed",
                 check_code_options[i].name);
  }
  public_imports(run, was, now, SEMVER_PUBLIC_IMPORT_REMOVED, "removed");
  public_imports(run, now, was, SEMVER_PUBLIC_IMPORT_ADDED, "added");
  semver_deprecated(run, stele_options_varint(was->options, 23, 0) != 0,
                    stele_options_varint(now->options, 23, 0) != 0, both, now->name);
}
