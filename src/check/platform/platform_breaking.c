/* The platform's rules about a change: new fields may be absent, what goes is
 * reserved, and a new name for the same thing is called that. */
#include "base/buf.h"
#include "check/pairs/pairs.h"
#include "check/platform/platform.h"

void platform_new_field_optional(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *field = &now->fields[i];
    if (!field->is_required || stele_message_field(was, field->number)) continue;
    rule_found_hint(
        run, rule_spot_field(run, &run->now, field), rule_spot_message(run, &run->was, was),
        STELE_STR("Make it optional: messages written before it have none."),
        "New field \"" STELE_STR_FMT "\" = %d of message \"" STELE_STR_FMT "\" is required.",
        STELE_STR_ARG(field->name), field->number, STELE_STR_ARG(now->name));
  }
}

static bool is_same_type(const stele_field *now, const stele_field *was) {
  return now->type == was->type && now->label == was->label &&
         stele_str_eq(stele_field_type_name(now), stele_field_type_name(was));
}

void platform_field_renamed(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (now->is_extension || now->message->is_map_entry) return;
  if (stele_str_eq(now->name, was->name) || !is_same_type(now, was)) return;
  bool in_json = stele_str_eq(now->json_name, was->json_name);
  rule_found_hint(run, rule_spot_field_name(run, &run->now, now),
                  rule_spot_field_name(run, &run->was, was),
                  STELE_STR("Keep the name, or give the new one the old json_name and bring code "
                            "along."),
                  "Field \"%d\" of message \"" STELE_STR_FMT "\" was renamed from \"" STELE_STR_FMT
                  "\" to \"" STELE_STR_FMT "\": the bytes stay the same, %s.",
                  now->number, STELE_STR_ARG(now->message->name), STELE_STR_ARG(was->name),
                  STELE_STR_ARG(now->name),
                  in_json ? "JSON too, generated code does not" : "JSON and generated code do not");
}

/* ---- Reserving what goes ---------------------------------------------------------------- */

/* Something that went: in what, where, and what of it is not reserved. */
typedef struct removed {
  const char *what, *kind; /* "field" of "message" */
  stele_str name, owner;
  int32_t number;
  bool number_free, name_free;
  const stele_file *file;
  rule_spot at, was;
} removed;

stele_str platform_reserved_text(stele_arena *arena, const stele_file *file, int32_t number,
                                 bool with_number, stele_str name, bool with_name) {
  const char *quote = file->edition < STELE_EDITION_2023 ? "\"" : "";
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  if (with_number) stele_buf_printf(&out, "reserved %d;", number);
  if (with_number && with_name) stele_buf_add_byte(&out, ' ');
  if (with_name) {
    stele_buf_printf(&out, "reserved %s" STELE_STR_FMT "%s;", quote, STELE_STR_ARG(name), quote);
  }
  return stele_buf_str(&out);
}

static void not_reserved(rule_run *run, const removed *r) {
  if (!r->number_free && !r->name_free) return;
  stele_str text =
      platform_reserved_text(run->arena, r->file, r->number, r->number_free, r->name, r->name_free);
  stele_str hint = stele_str_printf(run->arena, "Add to it: " STELE_STR_FMT, STELE_STR_ARG(text));
  rule_found_hint(run, r->at, r->was, hint,
                  "The %s \"" STELE_STR_FMT "\" = %d was removed from %s \"" STELE_STR_FMT
                  "\" and its %s not reserved.",
                  r->what, STELE_STR_ARG(r->name), r->number, r->kind, STELE_STR_ARG(r->owner),
                  r->number_free && r->name_free ? "number and name are"
                  : r->number_free               ? "number is"
                                                 : "name is");
}

void platform_removed_field_reserved(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  if (now->is_map_entry) return;
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field = &was->fields[i];
    if (stele_message_field(now, field->number)) continue;
    bool named = BREAKING_SIBLING(run, now->fields, now->field_count, field->name, i) != NULL;
    removed r = {
        .what = "field",
        .kind = "message",
        .name = field->name,
        .owner = now->name,
        .number = field->number,
        .number_free = !breaking_reserves_number(run, now->reserved_ranges,
                                                 now->reserved_range_count, true, field->number),
        .name_free = !named && !breaking_reserves_name(run, now->reserved_names,
                                                       now->reserved_name_count, field->name),
        .file = now->file,
        .at = rule_spot_message(run, &run->now, now),
        .was = rule_spot_field(run, &run->was, field)};
    not_reserved(run, &r);
  }
}

void platform_removed_value_reserved(rule_run *run, const void *element, const void *against) {
  const stele_enum *now = element, *was = against;
  check_numbers numbers = check_numbers_of(run->arena, now);
  for (uint32_t i = 0; i < was->value_count; i++) {
    const stele_enum_value *value = &was->values[i];
    if (i < now->value_count && now->values[i].number == value->number) continue;
    if (check_numbers_find(&numbers, value->number)) continue;
    bool named = BREAKING_SIBLING(run, now->values, now->value_count, value->name, i) != NULL;
    removed r = {
        .what = "value",
        .kind = "enum",
        .name = value->name,
        .owner = now->name,
        .number = value->number,
        .number_free = !breaking_reserves_number(run, now->reserved_ranges,
                                                 now->reserved_range_count, false, value->number),
        .name_free = !named && !breaking_reserves_name(run, now->reserved_names,
                                                       now->reserved_name_count, value->name),
        .file = now->file,
        .at = rule_spot_of(STELE_SYMBOL_ENUM, now),
        .was = rule_spot_of(STELE_SYMBOL_ENUM_VALUE, value)};
    not_reserved(run, &r);
  }
}
