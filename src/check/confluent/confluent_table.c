/* Confluent's difference types and their verdicts, one row each.
 *
 * Source: the protobuf difference rules of Confluent Schema Registry, current
 * master. What each rule's function finds stands in confluent*.c. */
#include "check/confluent/confluent_internal.h"

// clang-format off
const check_rule confluent_rules[CONFLUENT_RULE_COUNT] = {
    [CONFLUENT_PACKAGE_CHANGED] = {"PACKAGE_CHANGED", CHECK_NONE, true,
     "The package is another one, so every type has another name.",
     "Keep the package; put a breaking change into a new package version beside the old one."},
    [CONFLUENT_MESSAGE_ADDED] = {"MESSAGE_ADDED", CHECK_NONE, false,
     "A message is there that was not.", ""},
    [CONFLUENT_MESSAGE_REMOVED] = {"MESSAGE_REMOVED", CHECK_NONE, true,
     "A message is gone, so what was written with it cannot be read.",
     "Keep the message and mark it deprecated."},
    [CONFLUENT_MESSAGE_MOVED] = {"MESSAGE_MOVED", CHECK_NONE, false,
     "A message stands at another place among its siblings.", ""},
    [CONFLUENT_ENUM_ADDED] = {"ENUM_ADDED", CHECK_NONE, false, "An enum is there that was not.", ""},
    [CONFLUENT_ENUM_REMOVED] = {"ENUM_REMOVED", CHECK_NONE, false, "An enum is gone.", ""},
    [CONFLUENT_ENUM_CONST_ADDED] = {"ENUM_CONST_ADDED", CHECK_NONE, false,
     "An enum value is there that was not.", ""},
    [CONFLUENT_ENUM_CONST_CHANGED] = {"ENUM_CONST_CHANGED", CHECK_NONE, false,
     "An enum value has another name.", ""},
    [CONFLUENT_ENUM_CONST_REMOVED] = {"ENUM_CONST_REMOVED", CHECK_NONE, false,
     "An enum value is gone.", ""},
    [CONFLUENT_FIELD_ADDED] = {"FIELD_ADDED", CHECK_NONE, false, "A field is there that was not.", ""},
    [CONFLUENT_FIELD_REMOVED] = {"FIELD_REMOVED", CHECK_NONE, false, "A field is gone.", ""},
    [CONFLUENT_FIELD_NAME_CHANGED] = {"FIELD_NAME_CHANGED", CHECK_NONE, false,
     "A field has another name.", ""},
    [CONFLUENT_FIELD_KIND_CHANGED] = {"FIELD_KIND_CHANGED", CHECK_NONE, true,
     "A field changed between scalar, message and map.",
     "Keep the field as it is; add a new field with a new number, and reserve the old one later."},
    [CONFLUENT_FIELD_SCALAR_KIND_CHANGED] = {"FIELD_SCALAR_KIND_CHANGED", CHECK_NONE, true,
     "A scalar field changed to a type that is written differently.",
     "Keep the type, or change it only within its group (int32, int64, uint32, uint64, bool and "
     "enums; sint32 and sint64; string and bytes; fixed32 and sfixed32; fixed64 and sfixed64); else "
     "add a new field with a new number."},
    [CONFLUENT_FIELD_NAMED_TYPE_CHANGED] = {"FIELD_NAMED_TYPE_CHANGED", CHECK_NONE, true,
     "A field has another message type, or its imported type changed incompatibly.",
     "Keep the message type; add a new field with a new number for the new type."},
    [CONFLUENT_FIELD_NUMERIC_LABEL_CHANGED] = {"FIELD_NUMERIC_LABEL_CHANGED", CHECK_NONE, true,
     "A numeric field changed its label.",
     "Keep the label; add a new field with a new number."},
    [CONFLUENT_FIELD_STRING_OR_BYTES_LABEL_CHANGED] = {"FIELD_STRING_OR_BYTES_LABEL_CHANGED", CHECK_NONE,
     false, "A string or bytes field changed its label.", ""},
    [CONFLUENT_REQUIRED_FIELD_ADDED] = {"REQUIRED_FIELD_ADDED", CHECK_NONE, true,
     "A required field is there that was not, so what was written without it cannot be read.",
     "Make the new field optional."},
    [CONFLUENT_REQUIRED_FIELD_REMOVED] = {"REQUIRED_FIELD_REMOVED", CHECK_NONE, true,
     "A required field is gone.",
     "Keep the required field: those who demand it cannot read messages without it."},
    [CONFLUENT_ONEOF_ADDED] = {"ONEOF_ADDED", CHECK_NONE, false, "A oneof is there that was not.", ""},
    [CONFLUENT_ONEOF_REMOVED] = {"ONEOF_REMOVED", CHECK_NONE, false, "A oneof is gone.", ""},
    [CONFLUENT_ONEOF_FIELD_ADDED] = {"ONEOF_FIELD_ADDED", CHECK_NONE, false,
     "A oneof has a member that is new.", ""},
    [CONFLUENT_ONEOF_FIELD_REMOVED] = {"ONEOF_FIELD_REMOVED", CHECK_NONE, true,
     "A member of a oneof is gone while others stay: which one was set can be lost.",
     "Keep the member and mark it deprecated."},
    [CONFLUENT_ONEOF_FIELD_MOVED_TO_TOP_LEVEL] = {"ONEOF_FIELD_MOVED_TO_TOP_LEVEL", CHECK_NONE, false,
     "A member of a oneof became an ordinary field.", ""},
    [CONFLUENT_MULTIPLE_FIELDS_MOVED_TO_ONEOF] = {"MULTIPLE_FIELDS_MOVED_TO_ONEOF", CHECK_NONE, true,
     "Several independent fields share a oneof now: messages that set two of them lose one.",
     "Move at most one existing field into a new oneof."},
    [CONFLUENT_FIELD_MOVED_TO_EXISTING_ONEOF] = {"FIELD_MOVED_TO_EXISTING_ONEOF", CHECK_NONE, true,
     "A oneof has members that could be set together before.",
     "Leave the field where it is; add a new member with a new number to the oneof."},
};
// clang-format on

const check_rule *check_confluent_rules(size_t *count) {
  *count = CONFLUENT_RULE_COUNT;
  return confluent_rules;
}
