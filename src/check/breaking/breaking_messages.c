/* Messages: fields and oneofs that are gone, required fields, options. */
#include "check/breaking/breaking.h"

enum { MESSAGE_OPTIONS = 7, NO_STANDARD_ACCESSOR = 2, MESSAGE_FEATURES = 12 };
enum { FEATURE_JSON_FORMAT = 6 };

static bool is_excused(rule_run *run, const stele_message *now, const stele_field *was) {
  if (run->rule->arg == BREAKING_UNLESS_NUMBER) {
    return breaking_reserves_number(run, now->reserved_ranges, now->reserved_range_count, true,
                                    was->number);
  }
  return run->rule->arg == BREAKING_UNLESS_NAME &&
         breaking_reserves_name(run, now->reserved_names, now->reserved_name_count, was->name);
}

static stele_str unless(rule_run *run, const stele_field *was) {
  if (run->rule->arg == BREAKING_UNLESS_NUMBER) {
    return stele_str_printf(run->arena, " without reserving the number \"%d\"", was->number);
  }
  if (run->rule->arg != BREAKING_UNLESS_NAME) return (stele_str){0};
  return stele_str_printf(run->arena, " without reserving the name \"" STELE_STR_FMT "\"",
                          STELE_STR_ARG(was->name));
}

void breaking_field_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field = &was->fields[i];
    if (i < now->field_count && now->fields[i].number == field->number) continue;
    if (stele_message_field(now, field->number) || is_excused(run, now, field)) continue;
    stele_str words = breaking_field_words(run, field), suffix = unless(run, field);
    rule_found(run, rule_spot_message(run, &run->now, now), rule_spot_message(run, &run->was, was),
               "Previously present f" STELE_STR_FMT " was deleted" STELE_STR_FMT ".",
               (int)words.len - 1, words.ptr + 1, STELE_STR_ARG(suffix));
  }
}

void breaking_oneof_no_delete(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  for (uint32_t i = 0; i < was->real_oneof_count; i++) {
    if (BREAKING_SIBLING(run, now->oneofs, now->oneof_count, was->oneofs[i].name, i)) continue;
    rule_found(run, rule_spot_message(run, &run->now, now), rule_spot_message(run, &run->was, was),
               "Previously present oneof \"" STELE_STR_FMT "\" on message \"" STELE_STR_FMT
               "\" was deleted.",
               STELE_STR_ARG(was->oneofs[i].name), STELE_STR_ARG(now->name));
  }
}

static bool is_required(const stele_message *message, int32_t number) {
  const stele_field *field = stele_message_field(message, number);
  return field && field->label == STELE_LABEL_REQUIRED;
}

#define BREAKAGE                                                                                   \
  "Required fields must always be sent, so if one side does not know about the required field, "   \
  "this will result in a breakage."

void breaking_message_same_required_fields(rule_run *run, const void *element,
                                           const void *against) {
  const stele_message *now = element, *was = against;
  for (uint32_t i = 0; i < was->field_count; i++) {
    const stele_field *field = &was->fields[i];
    if (field->label != STELE_LABEL_REQUIRED || is_required(now, field->number)) continue;
    rule_found(run, rule_spot_message(run, &run->now, now), rule_spot_message(run, &run->was, was),
               "Message \"" STELE_STR_FMT "\" had required field \"%d\" deleted. " BREAKAGE,
               STELE_STR_ARG(was->name), field->number);
  }
  for (uint32_t i = 0; i < now->field_count; i++) {
    const stele_field *field = &now->fields[i];
    if (field->label != STELE_LABEL_REQUIRED || is_required(was, field->number)) continue;
    rule_found(run, rule_spot_field(run, &run->now, field), RULE_NOWHERE,
               "Message \"" STELE_STR_FMT "\" had required field \"%d\" added. " BREAKAGE,
               STELE_STR_ARG(now->name), field->number);
  }
}

static rule_spot accessor_spot(const stele_message *message) {
  rule_spot spot = rule_spot_step(rule_spot_of(STELE_SYMBOL_MESSAGE, message), MESSAGE_OPTIONS);
  return rule_spot_step(spot, NO_STANDARD_ACCESSOR);
}

void breaking_message_no_remove_standard_descriptor_accessor(rule_run *run, const void *element,
                                                             const void *against) {
  const stele_message *now = element, *was = against;
  if (stele_options_varint(was->options, NO_STANDARD_ACCESSOR, 0) ||
      !stele_options_varint(now->options, NO_STANDARD_ACCESSOR, 0)) {
    return;
  }
  rule_found(run, accessor_spot(now), breaking_known(run, &run->was, accessor_spot(was)),
             "Message option \"no_standard_descriptor_accessor\" changed from \"false\" to "
             "\"true\".");
}

static rule_spot json_spot(rule_run *run, rule_side *side, const stele_message *message) {
  const uint32_t steps[] = {MESSAGE_FEATURES, FEATURE_JSON_FORMAT};
  rule_spot option = rule_spot_option(run, side, STELE_SYMBOL_MESSAGE, message, steps, 2);
  return breaking_option_or(run, side, option, rule_spot_message(run, side, message));
}

void breaking_message_same_json_format(rule_run *run, const void *element, const void *against) {
  const stele_message *now = element, *was = against;
  if (stele_features_get(was->features, STELE_FEATURE_JSON_FORMAT) != STELE_JSON_ALLOW ||
      stele_features_get(now->features, STELE_FEATURE_JSON_FORMAT) == STELE_JSON_ALLOW) {
    return;
  }
  rule_found(run, json_spot(run, &run->now, now), json_spot(run, &run->was, was),
             "Message \"" STELE_STR_FMT
             "\" JSON format support changed from ALLOW to LEGACY_BEST_EFFORT.",
             STELE_STR_ARG(now->name));
}
