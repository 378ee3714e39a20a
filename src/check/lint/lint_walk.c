/* Lint's walk: once over the elements of every file that is not an import.
 *
 * Kinds of elements that no rule asks about are not walked to; what belongs
 * together over files (packages, folders) is grouped first. */
#include <stdlib.h>

#include "check/lint/lint.h"
#include "check/rule/rule_known.h"

static void lint_enum(rule_run *run, const stele_enum *type) {
  rule_ask(run, RULE_ON_ENUM, type, NULL);
  if (!rule_is_asked(run, RULE_ON_ENUM_VALUE)) return;
  for (uint32_t i = 0; i < type->value_count; i++) {
    rule_ask(run, RULE_ON_ENUM_VALUE, &type->values[i], NULL);
  }
}

static void lint_fields(rule_run *run, const stele_field *fields, uint32_t count) {
  if (!rule_is_asked(run, RULE_ON_FIELD)) return;
  for (uint32_t i = 0; i < count; i++) rule_ask(run, RULE_ON_FIELD, &fields[i], NULL);
}

/* Nesting is bounded by the parser. */
static void lint_message(rule_run *run, const stele_message *message) {
  rule_ask(run, RULE_ON_MESSAGE, message, NULL);
  lint_fields(run, message->fields, message->field_count);
  lint_fields(run, message->extensions, message->extension_count);
  for (uint32_t i = 0; i < message->oneof_count; i++) {
    rule_ask(run, RULE_ON_ONEOF, &message->oneofs[i], NULL);
  }
  for (uint32_t i = 0; i < message->enum_count; i++) lint_enum(run, &message->enums[i]);
  for (uint32_t i = 0; i < message->message_count; i++) lint_message(run, &message->messages[i]);
}

static void lint_service(rule_run *run, const stele_service *service) {
  rule_ask(run, RULE_ON_SERVICE, service, NULL);
  for (uint32_t i = 0; i < service->method_count; i++) {
    rule_ask(run, RULE_ON_METHOD, &service->methods[i], NULL);
  }
}

static void lint_file(rule_run *run, const stele_file *file) {
  rule_ask(run, RULE_ON_FILE, file, NULL);
  for (uint32_t i = 0; i < file->import_count; i++) {
    if (file->imports[i].kind == STELE_IMPORT_OPTION) continue;
    rule_ask(run, RULE_ON_IMPORT, &file->imports[i], file);
  }
  for (uint32_t i = 0; i < file->message_count; i++) lint_message(run, &file->messages[i]);
  for (uint32_t i = 0; i < file->enum_count; i++) lint_enum(run, &file->enums[i]);
  for (uint32_t i = 0; i < file->service_count; i++) lint_service(run, &file->services[i]);
  lint_fields(run, file->extensions, file->extension_count);
}

static stele_str package_of(const stele_file *file) {
  return file->package;
}

static stele_str folder_of(const stele_file *file) {
  return rule_folder(file->name);
}

static void lint_groups(rule_run *run, rule_on on, stele_str (*name)(const stele_file *file)) {
  if (!rule_is_asked(run, on)) return;
  stele_map groups;
  stele_map_init(&groups, run->arena, 0);
  for (uint32_t i = 0; i < run->now.tree->count; i++) {
    const rule_file *row = &run->now.tree->files[i];
    if (row->is_import) continue;
    void **at = stele_map_add(&groups, name(row->file));
    rule_group *group = *at;
    if (!group) *at = group = STELE_NEW(run->arena, rule_group);
    group->name = name(row->file);
    STELE_VEC_PUSH(run->arena, &group->files, i);
  }
  for (size_t i = 0; i < groups.count; i++) {
    rule_ask(run, on, groups.entries[i].value, NULL);
  }
}

/* What belongs together over files. */
static void lint_wide(rule_run *run) {
  rule_known *known = run->now.known;
  if (known) {
    rule_known_ask_tree(known, run, &run->now, NULL);
    rule_known_ask_groups(known, run);
    return;
  }
  rule_ask(run, RULE_ON_TREE, &run->now, NULL);
  lint_groups(run, RULE_ON_PACKAGE, package_of);
  lint_groups(run, RULE_ON_FOLDER, folder_of);
}

static bool looks_through(const rule_selection *selection) {
  for (size_t on = 0; on < RULE_ON_COUNT; on++) {
    if (selection->through[on].count) return true;
  }
  return false;
}

void lint_walk(rule_run *run) {
  if (!run->now.tree->is_partial) lint_wide(run);
  for (size_t i = 0; i < run->now.tree->count; i++) {
    const rule_file *row = &run->now.tree->files[i];
    if (row->is_import || row->is_settled) continue;
    if (rule_file_is_ignored(run, &run->now, row->file)) continue;
    run->asked = row->is_relinked ? run->selection->through : run->selection->by_element;
    if (!row->is_relinked || looks_through(run->selection)) lint_file(run, row->file);
  }
  if (run->now.known) rule_known_end(run->now.known);
}
