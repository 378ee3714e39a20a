/* breaking_pairs: finding the other side of something, and saying what a field
 * is; shared by the breaking rules.
 * Deps: check/rule_internal.h. */
#ifndef STELE_CHECK_BREAKING_PAIRS_H
#define STELE_CHECK_BREAKING_PAIRS_H

#include "check/rule_internal.h"

/* Everything in the new tree by full name. */
typedef struct breaking_names {
  stele_map packages;         /* one file of each */
  stele_map packages_with[4]; /* those with a BREAKING_ENUM, …; services: all */
  stele_map messages, enums, services, extensions;
} breaking_names;

/* What the rules of one run keep: run->memo. */
typedef struct breaking_memo {
  breaking_names names;
  bool has_names;
  void *shapes; /* platform_moved's */
} breaking_memo;

/* Made when it is first asked for. */
const breaking_names *breaking_names_of(rule_run *run);

/* A sibling by name, or NULL; the one at index `hint` is tried first. */
const stele_message *breaking_message_in(const stele_message *siblings, uint32_t count,
                                         uint32_t hint, stele_str name);
const stele_enum *breaking_enum_in(const stele_enum *siblings, uint32_t count, uint32_t hint,
                                   stele_str name);
const stele_field *breaking_field_in(const stele_field *siblings, uint32_t count, uint32_t hint,
                                     stele_str name);
const stele_service *breaking_service_in(const stele_service *siblings, uint32_t count,
                                         uint32_t hint, stele_str name);

/* A type's name without the dot before it. */
stele_str breaking_plain(stele_str type_name);

/* Below the package: "Outer.Inner". */
stele_str breaking_nested_name(const stele_file *file, stele_str full_name);

/* 'Field "1" with name "id" on message "M"', 'Extension "100" …' */
stele_str breaking_field_words(rule_run *run, const stele_field *field);
/* The same without the name. */
stele_str breaking_field_number_words(rule_run *run, const stele_field *field);

/* `spot` if the source knows it, else nowhere. */
rule_spot breaking_known(rule_run *run, rule_side *side, rule_spot spot);

/* An option of an element if it stands somewhere, else the element. */
rule_spot breaking_option_or(rule_run *run, rule_side *side, rule_spot option, rule_spot element);

#endif
