/* pairs: what something of an older tree is in the newer one, and how rules about
 * both speak of it. moved.h finds types that went elsewhere.
 * Pure. Deps: base, check/rule, check/element, proto/schema. */
#ifndef STELE_CHECK_PAIRS_PAIRS_H
#define STELE_CHECK_PAIRS_PAIRS_H

#include "check/element/level.h"
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
  check_levels levels;
  stele_map ranges; /* of reserved statements, by the first: -> check_ranges, joined */
  void *shapes;     /* of pairs/moved.h */
} breaking_memo;

/* Before anything here is asked; under the run's guard. */
void breaking_memo_open(rule_run *run);

/* Made when it is first asked for. */
const breaking_names *breaking_names_of(rule_run *run);

/* A sibling of the newer tree by name, or NULL; the one at index `near` is tried first. */
#define BREAKING_SIBLING(run, elements, count, name, near)                                         \
  CHECK_SIBLING(breaking_levels_of(run), elements, count, name, near)

check_levels *breaking_levels_of(rule_run *run);

/* Is a number, or a name, reserved: do the ranges have it, of a message (their ends
 * exclusive) or of an enum? */
bool breaking_reserves_number(rule_run *run, const stele_range *ranges, uint32_t count,
                              bool exclusive, int32_t number);
bool breaking_reserves_name(rule_run *run, const stele_str *names, uint32_t count, stele_str name);

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
