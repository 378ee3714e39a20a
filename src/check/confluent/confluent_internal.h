/* confluent, inside: the run, the rules by row, the parts of the comparison.
 * Deps: check/confluent/confluent.h, check/finding/finding_run.h. */
#ifndef STELE_CHECK_CONFLUENT_CONFLUENT_INTERNAL_H
#define STELE_CHECK_CONFLUENT_CONFLUENT_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "check/confluent/confluent.h"
#include "check/finding/finding_run.h"

typedef struct confluent_run {
  check_run pair;
  stele_buf path;                 /* "#/Outer/Inner" */
  const stele_field *field;       /* the pair of fields that is compared, as the update has it */
  struct confluent_pairs *inside; /* an imported type is being compared deeply; else NULL */
  stele_map *verdicts;            /* of imported types that were; made when the first one is */
  int depth;
  bool only_refusing; /* nobody asks for differences that are compatible */
} confluent_run;

/* Confluent's rules, by row. */
typedef enum confluent_rule {
  CONFLUENT_PACKAGE_CHANGED,
  CONFLUENT_MESSAGE_ADDED,
  CONFLUENT_MESSAGE_REMOVED,
  CONFLUENT_MESSAGE_MOVED,
  CONFLUENT_ENUM_ADDED,
  CONFLUENT_ENUM_REMOVED,
  CONFLUENT_ENUM_CONST_ADDED,
  CONFLUENT_ENUM_CONST_CHANGED,
  CONFLUENT_ENUM_CONST_REMOVED,
  CONFLUENT_FIELD_ADDED,
  CONFLUENT_FIELD_REMOVED,
  CONFLUENT_FIELD_NAME_CHANGED,
  CONFLUENT_FIELD_KIND_CHANGED,
  CONFLUENT_FIELD_SCALAR_KIND_CHANGED,
  CONFLUENT_FIELD_NAMED_TYPE_CHANGED,
  CONFLUENT_FIELD_NUMERIC_LABEL_CHANGED,
  CONFLUENT_FIELD_STRING_OR_BYTES_LABEL_CHANGED,
  CONFLUENT_REQUIRED_FIELD_ADDED,
  CONFLUENT_REQUIRED_FIELD_REMOVED,
  CONFLUENT_ONEOF_ADDED,
  CONFLUENT_ONEOF_REMOVED,
  CONFLUENT_ONEOF_FIELD_ADDED,
  CONFLUENT_ONEOF_FIELD_REMOVED,
  CONFLUENT_ONEOF_FIELD_MOVED_TO_TOP_LEVEL,
  CONFLUENT_MULTIPLE_FIELDS_MOVED_TO_ONEOF,
  CONFLUENT_FIELD_MOVED_TO_EXISTING_ONEOF,
  CONFLUENT_RULE_COUNT
} confluent_rule;

extern const check_rule confluent_rules[CONFLUENT_RULE_COUNT];

/* Messages of one level, matched by name; then what is nested in each pair. */
void confluent_messages(confluent_run *run, const stele_message *original, size_t original_count,
                        const stele_message *update, size_t update_count);
void confluent_enums(confluent_run *run, const stele_enum *original, size_t original_count,
                     const stele_enum *update, size_t update_count);
void confluent_message(confluent_run *run, const stele_message *original,
                       const stele_message *update);
void confluent_oneofs(confluent_run *run, const stele_message *original,
                      const stele_message *update);
void confluent_field(confluent_run *run, const stele_field *original, const stele_field *update);

/* What a finding is about below the run's path: a name, a number, or both. */
typedef struct confluent_leaf {
  stele_str name; /* may be empty */
  bool has_number;
  int32_t number;
} confluent_leaf;

/* Adds a finding at the run's path, the field that is compared, and `leaf`. */
void confluent_found(confluent_run *run, confluent_rule rule, confluent_leaf leaf,
                     check_elements where, const char *format, ...) STELE_PRINTF(5, 6);

#define CONFLUENT_HERE ((confluent_leaf){0})
#define CONFLUENT_NAMED(text) ((confluent_leaf){.name = (text)})

/* A field: its number, behind the name of the oneof that it is in. */
confluent_leaf confluent_leaf_of(const stele_oneof *oneof, const stele_field *field);

/* The path grows by a step, and shrinks back to what it was. */
size_t confluent_path_push(confluent_run *run, stele_str step);
void confluent_path_pop(confluent_run *run, size_t len);

#endif
