/* Files, messages, enums and services for the semantic class.
 *
 * Messages, enums and services are matched by full name within the file;
 * map entries belong to their field. */
#include "check/semver/semver_internal.h"

void semver_deprecated(check_run *run, bool was, bool is, check_elements where, stele_str name) {
  if (was == is) return;
  semver_found(run, is ? SEMVER_DEPRECATED : SEMVER_UNDEPRECATED, where,
               "\"" STELE_STR_FMT "\" is %s", STELE_STR_ARG(name),
               is ? "deprecated now" : "not deprecated any more");
}

/* Numbers that [start, end) covers in `ranges` and nothing else. */
static bool covered(const stele_range *ranges, uint32_t count, int32_t start, int32_t end) {
  bool moved = true;
  while (start < end && moved) {
    moved = false;
    for (uint32_t i = 0; i < count; i++) {
      if (ranges[i].start <= start && start < ranges[i].end) {
        start = ranges[i].end;
        moved = true;
      }
    }
  }
  return start >= end;
}

static void extension_ranges(check_run *run, const stele_message *was, const stele_message *now,
                             check_elements both) {
  for (uint32_t i = 0; i < was->extension_range_count; i++) {
    const stele_range *range = &was->extension_ranges[i];
    if (covered(now->extension_ranges, now->extension_range_count, range->start, range->end)) {
      continue;
    }
    semver_found(run, SEMVER_EXTENSION_RANGE_REMOVED, both,
                 "\"" STELE_STR_FMT "\" has not all of the extension numbers %d to %d any more",
                 STELE_STR_ARG(now->full_name), range->start, range->end - 1);
  }
  for (uint32_t i = 0; i < now->extension_range_count; i++) {
    const stele_range *range = &now->extension_ranges[i];
    if (covered(was->extension_ranges, was->extension_range_count, range->start, range->end)) {
      continue;
    }
    semver_found(run, SEMVER_EXTENSION_RANGE_ADDED, both,
                 "\"" STELE_STR_FMT "\" has new extension numbers in %d to %d",
                 STELE_STR_ARG(now->full_name), range->start, range->end - 1);
  }
}

static const stele_oneof *oneof_named(const stele_message *message, stele_str name) {
  for (uint32_t i = 0; i < message->real_oneof_count; i++) {
    if (stele_str_eq(message->oneofs[i].name, name)) return &message->oneofs[i];
  }
  return NULL;
}

static void oneofs(check_run *run, const stele_message *was, const stele_message *now) {
  for (uint32_t i = 0; i < was->real_oneof_count; i++) {
    const stele_oneof *old = &was->oneofs[i];
    if (oneof_named(now, old->name)) continue;
    semver_found(run, SEMVER_ONEOF_REMOVED, (check_elements){old, NULL, STELE_SYMBOL_ONEOF},
                 "the oneof \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(old->name));
  }
  for (uint32_t i = 0; i < now->real_oneof_count; i++) {
    const stele_oneof *new = &now->oneofs[i];
    if (oneof_named(was, new->name)) continue;
    semver_found(run, SEMVER_ONEOF_ADDED, (check_elements){NULL, new, STELE_SYMBOL_ONEOF},
                 "the oneof \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(new->name));
  }
}

static const stele_field *extension_like(const stele_field *all, uint32_t count,
                                         const stele_field *one) {
  for (uint32_t i = 0; i < count; i++) {
    if (all[i].number == one->number &&
        stele_str_eq(all[i].message->full_name, one->message->full_name)) {
      return &all[i];
    }
  }
  return NULL;
}

static void extensions(check_run *run, const stele_field *was, uint32_t was_count,
                       const stele_field *now, uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_field *new = extension_like(now, now_count, &was[i]);
    if (new) {
      semver_field_pair(run, &was[i], new);
      continue;
    }
    semver_found(run, SEMVER_EXTENSION_REMOVED, (check_elements){&was[i], NULL, STELE_SYMBOL_FIELD},
                 "the extension \"" STELE_STR_FMT "\" = %d was removed", STELE_STR_ARG(was[i].name),
                 was[i].number);
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (extension_like(was, was_count, &now[i])) continue;
    semver_found(run, SEMVER_EXTENSION_ADDED, (check_elements){NULL, &now[i], STELE_SYMBOL_FIELD},
                 "the extension \"" STELE_STR_FMT "\" = %d was added", STELE_STR_ARG(now[i].name),
                 now[i].number);
  }
}

static void enum_pair(check_run *run, const stele_enum *was, const stele_enum *now) {
  check_elements both = {was, now, STELE_SYMBOL_ENUM};
  if (was->is_closed != now->is_closed) {
    semver_found(run, SEMVER_ENUM_TYPE_CHANGED, both, "the enum \"" STELE_STR_FMT "\" is %s now",
                 STELE_STR_ARG(now->full_name), now->is_closed ? "closed" : "open");
  }
  semver_deprecated(run, was->is_deprecated, now->is_deprecated, both, now->full_name);
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *old = &was->values[i];
    const stele_enum_value *named = stele_enum_value_by_name(now, old->name);
    const stele_enum_value *numbered = stele_enum_value_by_number(now, old->number);
    check_elements pair = {old, named ? named : numbered, STELE_SYMBOL_ENUM_VALUE};
    if (named && named->number != old->number) {
      semver_found(run, SEMVER_ENUM_VALUE_NUMBER_CHANGED, pair,
                   "the enum value \"" STELE_STR_FMT "\" had number %d and has number %d",
                   STELE_STR_ARG(old->name), old->number, named->number);
    } else if (named) {
      semver_deprecated(run, old->is_deprecated, named->is_deprecated, pair, named->name);
    } else if (numbered && !stele_enum_value_by_name(was, numbered->name)) {
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
    if (stele_enum_value_by_name(was, new->name)) continue;
    const stele_enum_value *old = stele_enum_value_by_number(was, new->number);
    if (old && !stele_enum_value_by_name(now, old->name)) continue; /* renamed */
    semver_found(run, SEMVER_ENUM_VALUE_ADDED, (check_elements){NULL, new, STELE_SYMBOL_ENUM_VALUE},
                 "the enum value \"" STELE_STR_FMT "\" = %d was added", STELE_STR_ARG(new->name),
                 new->number);
  }
}

static void enums(check_run *run, const stele_enum *was, uint32_t was_count, const stele_enum *now,
                  uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    const stele_enum *new = NULL;
    for (uint32_t j = 0; j < now_count && !new; j++) {
      if (stele_str_eq(now[j].name, was[i].name)) new = &now[j];
    }
    if (new) {
      enum_pair(run, &was[i], new);
    } else {
      semver_found(run, SEMVER_ENUM_REMOVED, (check_elements){&was[i], NULL, STELE_SYMBOL_ENUM},
                   "the enum \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(was[i].full_name));
    }
  }
  for (uint32_t j = 0; j < now_count; j++) {
    bool was_there = false;
    for (uint32_t i = 0; i < was_count && !was_there; i++) {
      was_there = stele_str_eq(was[i].name, now[j].name);
    }
    if (was_there) continue;
    semver_found(run, SEMVER_ENUM_ADDED, (check_elements){NULL, &now[j], STELE_SYMBOL_ENUM},
                 "the enum \"" STELE_STR_FMT "\" was added", STELE_STR_ARG(now[j].full_name));
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

static const stele_message *message_like(const stele_message *all, uint32_t count,
                                         const stele_message *one) {
  for (uint32_t i = 0; i < count; i++) {
    if (!all[i].is_map_entry && stele_str_eq(all[i].name, one->name)) return &all[i];
  }
  return NULL;
}

static void messages(check_run *run, const stele_message *was, uint32_t was_count,
                     const stele_message *now, uint32_t now_count) {
  for (uint32_t i = 0; i < was_count; i++) {
    if (was[i].is_map_entry) continue;
    const stele_message *new = message_like(now, now_count, &was[i]);
    if (new) {
      message_pair(run, &was[i], new);
    } else {
      semver_found(
          run, SEMVER_MESSAGE_REMOVED, (check_elements){&was[i], NULL, STELE_SYMBOL_MESSAGE},
          "the message \"" STELE_STR_FMT "\" was removed", STELE_STR_ARG(was[i].full_name));
    }
  }
  for (uint32_t i = 0; i < now_count; i++) {
    if (now[i].is_map_entry || message_like(was, was_count, &now[i])) continue;
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

/* google.protobuf.FileOptions that name generated code: texts, then switches. */
static const struct {
  uint32_t number;
  const char *name;
  bool is_text;
} code_options[] = {
    {1, "java_package", true},          {8, "java_outer_classname", true},
    {10, "java_multiple_files", false}, {11, "go_package", true},
    {36, "objc_class_prefix", true},    {37, "csharp_namespace", true},
    {39, "swift_prefix", true},         {40, "php_class_prefix", true},
    {41, "php_namespace", true},        {45, "ruby_package", true},
};

static bool has_public_import(const stele_file *file, stele_str path) {
  for (uint32_t i = 0; i < file->import_count; i++) {
    const stele_import *import = &file->imports[i];
    if (import->kind == STELE_IMPORT_PUBLIC && stele_str_eq(import->path, path)) return true;
  }
  return false;
}

static void public_imports(check_run *run, const stele_file *here, const stele_file *there,
                           semver_rule rule, const char *what) {
  for (uint32_t i = 0; i < here->import_count; i++) {
    const stele_import *import = &here->imports[i];
    if (import->kind != STELE_IMPORT_PUBLIC || has_public_import(there, import->path)) continue;
    semver_found(run, rule, (check_elements){run->original, run->update, STELE_SYMBOL_FILE},
                 "the public import \"" STELE_STR_FMT "\" was %s", STELE_STR_ARG(import->path),
                 what);
  }
}

void semver_file(check_run *run) {
  const stele_file *was = run->original, *now = run->update;
  check_elements both = {was, now, STELE_SYMBOL_FILE};
  for (size_t i = 0; i < STELE_COUNT(code_options); i++) {
    uint32_t number = code_options[i].number;
    bool same = code_options[i].is_text
                    ? stele_str_eq(stele_options_str(was->options, number, NULL),
                                   stele_options_str(now->options, number, NULL))
                    : stele_options_varint(was->options, number, 0) ==
                          stele_options_varint(now->options, number, 0);
    if (same) continue;
    semver_found(run, SEMVER_CODE_OPTION_CHANGED, both, "the file option %s changed",
                 code_options[i].name);
  }
  public_imports(run, was, now, SEMVER_PUBLIC_IMPORT_REMOVED, "removed");
  public_imports(run, now, was, SEMVER_PUBLIC_IMPORT_ADDED, "added");
  semver_deprecated(run, stele_options_varint(was->options, 23, 0) != 0,
                    stele_options_varint(now->options, 23, 0) != 0, both, now->name);
}
