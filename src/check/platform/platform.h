/* platform: the platform's own rules, category PLATFORM, about one tree and about
 * what became of an older one.
 *
 * On only where a configuration names them. Each function is one row's, as in
 * check/lint/lint.h and check/breaking/breaking.h.
 * Pure. Deps: base, check/rule, check/pairs, proto/schema. */
#ifndef STELE_CHECK_PLATFORM_PLATFORM_H
#define STELE_CHECK_PLATFORM_PLATFORM_H

#include "check/rule/rule_internal.h"

/* Lint. */
rule_check platform_enum_zero_is_unknown;
rule_check platform_field_documented;
rule_check platform_field_money_not_float;
rule_check platform_field_no_deprecated_type;
rule_check platform_field_pii_annotated;
rule_check platform_field_pii_leaves;
rule_facts platform_leaving_facts;
rule_check platform_field_time_unit;
rule_check platform_message_envelope;
rule_check platform_message_hot_is_flat;
rule_check platform_message_nesting;
rule_check platform_message_size;
rule_check platform_message_tenant_id;
rule_check platform_rpc_no_deprecated_type;

/* Breaking. */
rule_check platform_field_renamed;
rule_check platform_new_field_optional;
rule_check platform_removed_field_reserved;
rule_check platform_removed_value_reserved;
rule_check platform_type_moved;

/* "reserved 2; reserved "b";": as the file's edition spells it. */
stele_str platform_reserved_text(stele_arena *arena, const stele_file *file, int32_t number,
                                 bool with_number, stele_str name, bool with_name);

#endif
