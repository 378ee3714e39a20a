/* rule_breaking_table: the functions behind the rows of rule_breaking_table.c,
 * and what tells rows of one function apart.
 * Deps: check/rule_internal.h. */
#ifndef STELE_CHECK_RULE_BREAKING_TABLE_H
#define STELE_CHECK_RULE_BREAKING_TABLE_H

#include "check/rule_internal.h"

extern const rule rule_breaking_rows[];
extern const size_t rule_breaking_count;

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

/* What excuses a removal, which wire must stay readable, what was removed, and
 * which side of a method. */
enum { BREAKING_UNEXCUSED, BREAKING_UNLESS_NAME, BREAKING_UNLESS_NUMBER };
enum { BREAKING_SOURCE, BREAKING_WIRE, BREAKING_WIRE_JSON };
enum { BREAKING_ENUM, BREAKING_MESSAGE, BREAKING_EXTENSION, BREAKING_SERVICE };
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
rule_check platform_field_renamed;
rule_check platform_new_field_optional;
rule_check platform_removed_field_reserved;
rule_check platform_removed_value_reserved;
rule_check platform_type_moved;

#endif
