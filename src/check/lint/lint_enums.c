/* Enums and fields: what generated code and old readers need. */
#include "check/lint/lint.h"

enum { ENUM_ALLOW_ALIAS = 2, ENUM_OPTIONS = 3, VALUE_NUMBER = 2 };

void lint_enum_no_allow_alias(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum *type = element;
  if (!type->allow_alias) return;
  rule_spot spot = rule_spot_step(rule_spot_of(STELE_SYMBOL_ENUM, type), ENUM_OPTIONS);
  spot = rule_spot_step(spot, ENUM_ALLOW_ALIAS);
  rule_found(run, spot, RULE_NOWHERE,
             "Enum option \"allow_alias\" on enum \"" STELE_STR_FMT "\" must be false.",
             STELE_STR_ARG(type->name));
}

void lint_enum_first_value_zero(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum *type = element;
  if (type->value_count == 0 || type->values[0].number == 0) return;
  const stele_enum_value *first = &type->values[0];
  rule_found(run, rule_spot_step(rule_spot_of(STELE_SYMBOL_ENUM_VALUE, first), VALUE_NUMBER),
             RULE_NOWHERE,
             "First enum value \"" STELE_STR_FMT "\" should have a numeric value of 0",
             STELE_STR_ARG(first->name));
}

void lint_field_not_required(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_field *field = element;
  if (!field->is_required) return;
  rule_found(run, rule_spot_field_name(run, &run->now, field), RULE_NOWHERE,
             "Field named \"" STELE_STR_FMT "\" should not be required.",
             STELE_STR_ARG(field->name));
}
