/* How things are named: PascalCase, snake_case, prefixes and suffixes. */
#include "check/lint/lint.h"

/* What the words of a finding call each kind of element, and its name. */
typedef struct named {
  const char *what;
  stele_symbol_kind kind;
  stele_str name;
} named;

static named name_of(rule_on on, const void *element) {
  switch ((int)on) {
  case RULE_ON_MESSAGE:
    return (named){"Message", STELE_SYMBOL_MESSAGE, ((const stele_message *)element)->name};
  case RULE_ON_ENUM: return (named){"Enum", STELE_SYMBOL_ENUM, ((const stele_enum *)element)->name};
  case RULE_ON_SERVICE:
    return (named){"Service", STELE_SYMBOL_SERVICE, ((const stele_service *)element)->name};
  case RULE_ON_METHOD:
    return (named){"RPC", STELE_SYMBOL_METHOD, ((const stele_method *)element)->name};
  case RULE_ON_FIELD:
    return (named){"Field", STELE_SYMBOL_FIELD, ((const stele_field *)element)->name};
  case RULE_ON_ONEOF:
    return (named){"Oneof", STELE_SYMBOL_ONEOF, ((const stele_oneof *)element)->name};
  default:
    return (named){"Enum value", STELE_SYMBOL_ENUM_VALUE,
                   ((const stele_enum_value *)element)->name};
  }
}

static void want_name(rule_run *run, const void *element, const char *style, stele_str want) {
  named is = name_of(run->rule->on, element);
  if (stele_str_eq(is.name, want)) return;
  rule_found(run, rule_spot_name(run, &run->now, is.kind, element), RULE_NOWHERE,
             "%s name \"" STELE_STR_FMT "\" should be %s, such as \"" STELE_STR_FMT "\".", is.what,
             STELE_STR_ARG(is.name), style, STELE_STR_ARG(want));
}

/* Forgets the spelling that was made to compare, unless something was found. */
static void in_style(rule_run *run, const void *element, const char *style,
                     stele_str (*spell)(stele_arena *arena, stele_str name)) {
  stele_mark mark = stele_arena_mark(run->arena);
  size_t before = run->findings.count;
  want_name(run, element, style, spell(run->arena, name_of(run->rule->on, element).name));
  if (run->findings.count == before) stele_arena_rewind(run->arena, mark);
}

void lint_pascal_case(rule_run *run, const void *element, const void *against) {
  (void)against;
  in_style(run, element, "PascalCase", rule_pascal_case);
}

void lint_message_pascal_case(rule_run *run, const void *element, const void *against) {
  if (((const stele_message *)element)->is_map_entry) return;
  lint_pascal_case(run, element, against);
}

void lint_field_lower_snake_case(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_field *field = element;
  if (!field->is_extension && field->message->is_map_entry) return;
  in_style(run, element, "lower_snake_case", rule_lower_snake_case);
}

void lint_oneof_lower_snake_case(rule_run *run, const void *element, const void *against) {
  (void)against;
  if (((const stele_oneof *)element)->is_synthetic) return;
  in_style(run, element, "lower_snake_case", rule_lower_snake_case);
}

void lint_enum_value_upper_snake_case(rule_run *run, const void *element, const void *against) {
  (void)against;
  in_style(run, element, "UPPER_SNAKE_CASE", rule_upper_snake_case);
}

static rule_spot value_name(rule_run *run, const stele_enum_value *value) {
  return rule_spot_name(run, &run->now, STELE_SYMBOL_ENUM_VALUE, value);
}

/* Does the value begin with the enum's name and "_"? */
void lint_enum_value_prefix(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum_value *value = element;
  stele_mark mark = stele_arena_mark(run->arena);
  stele_str start = rule_upper_snake_case(run->arena, value->parent->name);
  if (rule_starts_with(value->name, start) && value->name.len > start.len &&
      value->name.ptr[start.len] == '_') {
    stele_arena_rewind(run->arena, mark);
    return;
  }
  rule_found(run, value_name(run, value), RULE_NOWHERE,
             "Enum value name \"" STELE_STR_FMT "\" should be prefixed with \"" STELE_STR_FMT
             "_\".",
             STELE_STR_ARG(value->name), STELE_STR_ARG(start));
}

void lint_enum_zero_value_suffix(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum_value *value = element;
  stele_str suffix = run->selection->zero_suffix;
  if (value->number != 0 || rule_ends_with(value->name, suffix)) return;
  rule_found(run, value_name(run, value), RULE_NOWHERE,
             "Enum zero value name \"" STELE_STR_FMT "\" should be suffixed with \"" STELE_STR_FMT
             "\".",
             STELE_STR_ARG(value->name), STELE_STR_ARG(suffix));
}

void lint_service_suffix(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_service *service = element;
  stele_str suffix = run->selection->service_suffix;
  if (rule_ends_with(service->name, suffix)) return;
  rule_found(run, rule_spot_name(run, &run->now, STELE_SYMBOL_SERVICE, service), RULE_NOWHERE,
             "Service name \"" STELE_STR_FMT "\" should be suffixed with \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(service->name), STELE_STR_ARG(suffix));
}

/* "descriptor" in any spelling clashes with the accessor of some generators. */
void lint_field_no_descriptor(rule_run *run, const void *element, const void *against) {
  (void)against;
  static const char refused[] = "descriptor";
  const stele_field *field = element;
  stele_str name = field->name;
  while (name.len > 0 && name.ptr[0] == '_') name = (stele_str){name.ptr + 1, name.len - 1};
  while (name.len > 0 && name.ptr[name.len - 1] == '_') name.len--;
  if (name.len != sizeof refused - 1) return;
  for (size_t i = 0; i < name.len; i++) {
    if ((name.ptr[i] | 0x20) != refused[i]) return;
  }
  rule_found(run, rule_spot_field_name(run, &run->now, field), RULE_NOWHERE,
             "Field name \"" STELE_STR_FMT
             "\" cannot be any capitalization of \"descriptor\" with any number of prefix or "
             "suffix underscores.",
             STELE_STR_ARG(field->name));
}

/* Base name, without what follows the last dot. */
void lint_file_lower_snake_case(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  stele_str base = file->name;
  for (size_t i = base.len; i > 0; i--) {
    if (base.ptr[i - 1] != '/') continue;
    base = (stele_str){base.ptr + i, base.len - i};
    break;
  }
  size_t stem = base.len;
  while (stem > 0 && base.ptr[stem - 1] != '.') stem--;
  stele_str extension = {0};
  if (stem > 0) {
    stem--;
    extension = (stele_str){base.ptr + stem, base.len - stem};
  } else {
    stem = base.len;
  }
  stele_str want = rule_lower_snake_case(run->arena, (stele_str){base.ptr, stem});
  if (stele_str_eq(want, (stele_str){base.ptr, stem})) return;
  stele_str quoted = rule_quote(run->arena, base);
  rule_found(run, rule_spot_file(file), RULE_NOWHERE,
             "Filename " STELE_STR_FMT " should be lower_snake_case" STELE_STR_FMT
             ", such as \"" STELE_STR_FMT STELE_STR_FMT "\".",
             STELE_STR_ARG(quoted), STELE_STR_ARG(extension), STELE_STR_ARG(want),
             STELE_STR_ARG(extension));
}
