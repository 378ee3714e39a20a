/* check_internal: what the judges share: the run, its findings, the places.
 * Deps: check/check.h, base/vec.h, proto/schema. */
#ifndef STELE_CHECK_CHECK_INTERNAL_H
#define STELE_CHECK_CHECK_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "check/check.h"
#include "proto/schema/schema.h"

typedef STELE_VEC(check_finding) check_finding_vec;

/* Both sides of a comparison in the words of Confluent's rules: what was
 * written with `original` is read with `update`. */
typedef struct check_run {
  stele_arena *arena;
  const stele_file *original, *update;
  const char *original_word, *update_word; /* "old" and "new", or the other way round */
  bool swapped;                            /* FORWARD: the original is the newer file */
  check_finding_vec *findings;
  stele_buf path;                 /* "#/Outer/Inner" */
  struct confluent_pairs *inside; /* an imported type is being compared deeply; else NULL */
  stele_map *verdicts;            /* of imported types that were; made when the first one is */
  int depth;
} check_run;

/* Adds a finding at the run's path plus "/" and `leaf` (if not empty). Either
 * element may be NULL: places are those of what is there. */
typedef struct check_elements {
  const void *original, *update; /* both of the kind below */
  stele_symbol_kind kind;
} check_elements;

void check_found(check_run *run, const check_rule *rule, stele_str leaf, check_elements where,
                 const char *format, ...) STELE_PRINTF(5, 6);

/* The place of an element, from its file's source info: of its name where it
 * has one. {file, -1, -1} without source info. */
check_place check_place_of(stele_symbol_kind kind, const void *element);
const stele_file *check_file_of(stele_symbol_kind kind, const void *element);

/* The path of an element in its file's descriptor, written from the end:
 * steps[start, PLACE_MOST_STEPS); none for a file. */
enum { PLACE_MOST_STEPS = 136 };

typedef struct place_path {
  uint32_t steps[PLACE_MOST_STEPS];
  size_t start;
} place_path;

void place_path_of(place_path *path, stele_symbol_kind kind, const void *element);

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
void confluent_messages(check_run *run, const stele_message *original, size_t original_count,
                        const stele_message *update, size_t update_count);
void confluent_enums(check_run *run, const stele_enum *original, size_t original_count,
                     const stele_enum *update, size_t update_count);
void confluent_message(check_run *run, const stele_message *original, const stele_message *update);
void confluent_oneofs(check_run *run, const stele_message *original, const stele_message *update);
void confluent_field(check_run *run, const stele_field *original, const stele_field *update);

/* The path grows by a step, and shrinks back to what it was. */
size_t check_path_push(check_run *run, stele_str step);
void check_path_pop(check_run *run, size_t len);

/* The real oneof that a field belongs to: synthetic ones do not count. */
const stele_oneof *check_oneof_of(const stele_field *field);

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
  SEMVER_RULE_COUNT
} semver_rule;

extern const check_rule semver_rules[SEMVER_RULE_COUNT];

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
