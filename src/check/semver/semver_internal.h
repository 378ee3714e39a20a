/* semver, inside: the rules by row, the parts of the comparison.
 * Deps: check/semver/semver.h, check/finding/finding_run.h. */
#ifndef STELE_CHECK_SEMVER_SEMVER_INTERNAL_H
#define STELE_CHECK_SEMVER_SEMVER_INTERNAL_H

#include "check/element/level.h"
#include "check/finding/finding_run.h"
#include "check/semver/semver.h"

/* The semantic rules, by row. */
typedef enum semver_rule {
  SEMVER_PACKAGE_CHANGED,
  SEMVER_MESSAGE_REMOVED,
  SEMVER_ENUM_REMOVED,
  SEMVER_SERVICE_REMOVED,
  SEMVER_EXTENSION_REMOVED,
  SEMVER_FIELD_REMOVED,
  SEMVER_ONEOF_REMOVED,
  SEMVER_ENUM_VALUE_REMOVED,
  SEMVER_METHOD_REMOVED,
  SEMVER_EXTENSION_RANGE_REMOVED,
  SEMVER_PUBLIC_IMPORT_REMOVED,
  SEMVER_FIELD_NUMBER_CHANGED,
  SEMVER_FIELD_NAME_CHANGED,
  SEMVER_FIELD_JSON_NAME_CHANGED,
  SEMVER_FIELD_TYPE_CHANGED,
  SEMVER_FIELD_CARDINALITY_CHANGED,
  SEMVER_FIELD_ONEOF_CHANGED,
  SEMVER_FIELD_PRESENCE_CHANGED,
  SEMVER_FIELD_DEFAULT_CHANGED,
  SEMVER_FIELD_ENCODING_CHANGED,
  SEMVER_ENUM_VALUE_NUMBER_CHANGED,
  SEMVER_ENUM_VALUE_NAME_CHANGED,
  SEMVER_ENUM_TYPE_CHANGED,
  SEMVER_METHOD_INPUT_CHANGED,
  SEMVER_METHOD_OUTPUT_CHANGED,
  SEMVER_METHOD_STREAMING_CHANGED,
  SEMVER_MESSAGE_ENCODING_CHANGED,
  SEMVER_CODE_OPTION_CHANGED,
  SEMVER_MESSAGE_ADDED,
  SEMVER_ENUM_ADDED,
  SEMVER_SERVICE_ADDED,
  SEMVER_EXTENSION_ADDED,
  SEMVER_FIELD_ADDED,
  SEMVER_ONEOF_ADDED,
  SEMVER_ENUM_VALUE_ADDED,
  SEMVER_METHOD_ADDED,
  SEMVER_EXTENSION_RANGE_ADDED,
  SEMVER_PUBLIC_IMPORT_ADDED,
  SEMVER_DEPRECATED,
  SEMVER_UNDEPRECATED,
  SEMVER_FIELD_PACKING_CHANGED,
  /* Of trees. */
  SEMVER_FILE_REMOVED,
  SEMVER_FILE_ADDED,
  SEMVER_TEXT_CHANGED,
  SEMVER_RULE_COUNT
} semver_rule;

extern const check_rule semver_rules[SEMVER_RULE_COUNT];

/* Siblings, to be found by name. */
#define SEMVER_LEVEL(run, elements, count)                                                         \
  check_level_of((run)->arena, (elements), (count), sizeof *(elements))

/* A semantic finding about one element (either side may be NULL). */
void semver_found(check_run *run, semver_rule rule, check_elements where, const char *format, ...)
    STELE_PRINTF(4, 5);
void semver_fields(check_run *run, const stele_message *original, const stele_message *update);
void semver_field_pair(check_run *run, const stele_field *original, const stele_field *update);
void semver_deprecated(check_run *run, bool was, bool is, check_elements where, stele_str name);
void semver_file(check_run *run);
void semver_messages(check_run *run);
void semver_enums(check_run *run);
void semver_services(check_run *run);

#endif
