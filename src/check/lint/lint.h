/* lint: the rules about one tree, and the walk that asks them.
 *
 * Each function is one row's (check/judge/lint_table.c), called for every element
 * of the kind that its row names; rows that share one differ in their `arg`.
 * Pure. Deps: base, check/rule, proto/schema. */
#ifndef STELE_CHECK_LINT_LINT_H
#define STELE_CHECK_LINT_LINT_H

#include "check/rule/rule_internal.h"

/* Asks the rules about every element, under the guard of the run. */
void lint_walk(rule_run *run);

/* The options of PACKAGE_SAME_*. */
enum {
  LINT_CSHARP_NAMESPACE,
  LINT_GO_PACKAGE,
  LINT_JAVA_MULTIPLE_FILES,
  LINT_JAVA_PACKAGE,
  LINT_PHP_NAMESPACE,
  LINT_RUBY_PACKAGE,
  LINT_SWIFT_PREFIX,
};

rule_check lint_comment_enum;
rule_check lint_comment_enum_value;
rule_check lint_comment_field;
rule_check lint_comment_message;
rule_check lint_comment_oneof;
rule_check lint_comment_rpc;
rule_check lint_comment_service;
rule_check lint_directory_same_package;
rule_check lint_enum_first_value_zero;
rule_check lint_enum_no_allow_alias;
rule_check lint_enum_value_prefix;
rule_check lint_enum_value_upper_snake_case;
rule_check lint_enum_zero_value_suffix;
rule_check lint_field_lower_snake_case;
rule_check lint_field_no_descriptor;
rule_check lint_field_not_required;
rule_check lint_file_lower_snake_case;
rule_check lint_import_no_public;
rule_check lint_import_used;
rule_check lint_message_pascal_case;
rule_check lint_oneof_lower_snake_case;
rule_check lint_package_defined;
rule_check lint_package_directory_match;
rule_check lint_package_lower_snake_case;
rule_check lint_package_no_import_cycle;
rule_check lint_package_same_directory;
rule_check lint_package_same_option;
rule_check lint_package_version_suffix;
rule_check lint_pascal_case;
rule_check lint_rpc_no_client_streaming;
rule_check lint_rpc_no_server_streaming;
rule_check lint_rpc_request_response_unique;
rule_check lint_rpc_request_standard_name;
rule_check lint_rpc_response_standard_name;
rule_check lint_service_suffix;
rule_check lint_stable_package_no_import_unstable;
rule_check lint_syntax_specified;

/* What rules about the tree read of a file. */
rule_facts lint_import_facts;
rule_facts lint_rpc_facts;

/* Where the package statement and an import of a file stand. */
rule_spot lint_package_spot(const stele_file *file);
rule_spot lint_import_spot(const stele_file *file, const stele_import *import);

#endif
