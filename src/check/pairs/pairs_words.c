/* How breaking rules speak of fields and places. */
#include "check/pairs/pairs.h"

stele_str breaking_plain(stele_str type_name) {
  bool dotted = type_name.len > 0 && type_name.ptr[0] == '.';
  return dotted ? (stele_str){type_name.ptr + 1, type_name.len - 1} : type_name;
}

stele_str breaking_nested_name(const stele_file *file, stele_str full_name) {
  size_t skip = file->package.len ? file->package.len + 1 : 0;
  return (stele_str){full_name.ptr + skip, full_name.len - skip};
}

static stele_str words(rule_run *run, const stele_field *field, const char *with, stele_str name,
                       const char *quote) {
  stele_str message =
      field->is_extension ? breaking_plain(stele_field_extendee_name(field)) : field->message->name;
  return stele_str_printf(run->arena,
                          "%s \"%d\"%s" STELE_STR_FMT "%s on message \"" STELE_STR_FMT "\"",
                          field->is_extension ? "Extension" : "Field", field->number, with,
                          STELE_STR_ARG(name), quote, STELE_STR_ARG(message));
}

stele_str breaking_field_words(rule_run *run, const stele_field *field) {
  stele_str name = field->is_extension ? stele_field_full_name(run->arena, field) : field->name;
  return words(run, field, " with name \"", name, "\"");
}

stele_str breaking_field_number_words(rule_run *run, const stele_field *field) {
  return words(run, field, "", (stele_str){0}, "");
}

rule_spot breaking_known(rule_run *run, rule_side *side, rule_spot spot) {
  return rule_spot_is_known(run, side, spot) ? spot : RULE_NOWHERE;
}

rule_spot breaking_option_or(rule_run *run, rule_side *side, rule_spot option, rule_spot element) {
  if (option.file && rule_spot_is_known(run, side, option)) return option;
  return element;
}
