/* pairs: what something of an older tree is in the newer one, and how rules about
 * both speak of it. moved.h finds types that went elsewhere.
 * Pure. Deps: base, check/rule, check/element, proto/schema. */
#ifndef STELE_CHECK_PAIRS_PAIRS_H
#define STELE_CHECK_PAIRS_PAIRS_H

#include "check/rule/rule_internal.h"

/* What a tree has by name. */
enum { BREAKING_ENUM, BREAKING_MESSAGE, BREAKING_EXTENSION, BREAKING_SERVICE };

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
  void *shapes; /* of pairs/moved.h */
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
const stele_method *breaking_method_in(const stele_service *service, uint32_t hint, stele_str name);

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
