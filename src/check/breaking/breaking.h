/* breaking: the rules about what became of an older tree, and the walk that asks
 * them.
 *
 * Each function is one row's (check/judge/breaking_table.c), called for every pair
 * of the kind that its row names; rows that share one differ in their `arg`.
 * Pure. Deps: base, check/rule, check/pairs, proto/schema. */
#ifndef STELE_CHECK_BREAKING_BREAKING_H
#define STELE_CHECK_BREAKING_BREAKING_H

#include "check/pairs/pairs.h"

/* Asks the rules about every pair, under the guard of the run. */
void breaking_walk(rule_run *run);

/* The options of FILE_SAME_*. */
enum {
  BREAKING_CC_ENABLE_ARENAS,
  BREAKING_CC_GENERIC_SERVICES,
  BREAKING_CSHARP_NAMESPACE,
  BREAKING_GO_PACKAGE,
  BREAKING_JAVA_GENERIC_SERVICES,
  BREAKING_JAVA_MULTIPLE_FILES,
  BREAKING_JAVA_OUTER_CLASSNAME,
  BREAKING_JAVA_PACKAGE,
  BREAKING_OBJC_CLASS_PREFIX,
  BREAKING_OPTIMIZE_FOR,
  BREAKING_PHP_CLASS_PREFIX,
  BREAKING_PHP_METADATA_NAMESPACE,
  BREAKING_PHP_NAMESPACE,
  BREAKING_PY_GENERIC_SERVICES,
  BREAKING_RUBY_PACKAGE,
  BREAKING_SWIFT_PREFIX,
};

/* What excuses a removal, which wire must stay readable, and which
 * side of a method. */
enum { BREAKING_UNEXCUSED, BREAKING_UNLESS_NAME, BREAKING_UNLESS_NUMBER };
enum { BREAKING_SOURCE, BREAKING_WIRE, BREAKING_WIRE_JSON };
enum { BREAKING_CLIENT, BREAKING_SERVER };
enum { BREAKING_REQUEST, BREAKING_RESPONSE };

rule_check breaking_enum_no_delete;
rule_check breaking_enum_same_json_format;
rule_check breaking_enum_same_type;
rule_check breaking_enum_value_no_delete;
rule_check breaking_enum_value_same_name;
rule_check breaking_extension_message_no_delete;
rule_check breaking_extension_no_delete;
rule_check breaking_field_cardinality;
rule_check breaking_field_no_delete;
rule_check breaking_field_same_cpp_string_type;
rule_check breaking_field_same_default;
rule_check breaking_field_same_java_utf8_validation;
rule_check breaking_field_same_json_name;
rule_check breaking_field_same_jstype;
rule_check breaking_field_same_name;
rule_check breaking_field_same_oneof;
rule_check breaking_field_same_type;
rule_check breaking_field_same_utf8_validation;
rule_check breaking_field_wire_compatible_type;
rule_check breaking_field_wire_json_compatible_type;
rule_check breaking_file_no_delete;
rule_check breaking_file_same_option;
rule_check breaking_file_same_package;
rule_check breaking_file_same_syntax;
rule_check breaking_message_no_delete;
rule_check breaking_message_no_remove_standard_descriptor_accessor;
rule_check breaking_message_same_json_format;
rule_check breaking_message_same_required_fields;
rule_check breaking_oneof_no_delete;
rule_check breaking_package_element_no_delete;
rule_check breaking_package_no_delete;
rule_check breaking_reserved_enum_no_delete;
rule_check breaking_reserved_message_no_delete;
rule_check breaking_rpc_no_delete;
rule_check breaking_rpc_same_idempotency_level;
rule_check breaking_rpc_same_streaming;
rule_check breaking_rpc_same_type;
rule_check breaking_service_no_delete;

/* What rules about the tree read of a newer file. */
rule_facts breaking_no_facts;
rule_facts breaking_name_facts;

#endif
