/* The semantic rules: what each change to a file means for those who use it.
 *
 * Fixed: no policy changes a row, so a version number means the same in every
 * tenant. Ordered as in semver_rule: major, minor, patch; then those of trees. */
#include "check/semver/semver_internal.h"

#define KEEP "Keep it and mark it deprecated; put the breaking change into a new package version."
#define NEW_NUMBER "Add a new element beside it, and deprecate the old one."

// clang-format off
const check_rule semver_rules[SEMVER_RULE_COUNT] = {
    [SEMVER_PACKAGE_CHANGED] = {"PACKAGE_CHANGED", CHECK_MAJOR, false, "The package changed.",
     "Keep the package; a new package version lives in a file beside the old one."},
    [SEMVER_MESSAGE_REMOVED] = {"MESSAGE_REMOVED", CHECK_MAJOR, false, "A message was removed.", KEEP},
    [SEMVER_ENUM_REMOVED] = {"ENUM_REMOVED", CHECK_MAJOR, false, "An enum was removed.", KEEP},
    [SEMVER_SERVICE_REMOVED] = {"SERVICE_REMOVED", CHECK_MAJOR, false, "A service was removed.", KEEP},
    [SEMVER_EXTENSION_REMOVED] = {"EXTENSION_REMOVED", CHECK_MAJOR, false, "An extension was removed.", KEEP},
    [SEMVER_FIELD_REMOVED] = {"FIELD_REMOVED", CHECK_MAJOR, false, "A field was removed.",
     "Keep the field and mark it deprecated; when it goes, reserve its number and name."},
    [SEMVER_ONEOF_REMOVED] = {"ONEOF_REMOVED", CHECK_MAJOR, false, "A oneof was removed.", KEEP},
    [SEMVER_ENUM_VALUE_REMOVED] = {"ENUM_VALUE_REMOVED", CHECK_MAJOR, false, "An enum value was removed.",
     "Keep the value and mark it deprecated; when it goes, reserve its number and name."},
    [SEMVER_METHOD_REMOVED] = {"METHOD_REMOVED", CHECK_MAJOR, false, "A method was removed.", KEEP},
    [SEMVER_EXTENSION_RANGE_REMOVED] = {"EXTENSION_RANGE_REMOVED", CHECK_MAJOR, false,
     "Numbers for extensions were taken away.", "Keep the extension range."},
    [SEMVER_PUBLIC_IMPORT_REMOVED] = {"PUBLIC_IMPORT_REMOVED", CHECK_MAJOR, false,
     "A public import was removed, and with it names that importers see.", "Keep the public import."},
    [SEMVER_FIELD_NUMBER_CHANGED] = {"FIELD_NUMBER_CHANGED", CHECK_MAJOR, false,
     "A field has another number.", "Keep the number: it is the field's name on the wire."},
    [SEMVER_FIELD_NAME_CHANGED] = {"FIELD_NAME_CHANGED", CHECK_MAJOR, false, "A field was renamed.",
     "Keep the name: generated code and JSON use it."},
    [SEMVER_FIELD_JSON_NAME_CHANGED] = {"FIELD_JSON_NAME_CHANGED", CHECK_MAJOR, false,
     "A field has another name in JSON.", "Keep the json_name."},
    [SEMVER_FIELD_TYPE_CHANGED] = {"FIELD_TYPE_CHANGED", CHECK_MAJOR, false,
     "A field has another type.", NEW_NUMBER},
    [SEMVER_FIELD_CARDINALITY_CHANGED] = {"FIELD_CARDINALITY_CHANGED", CHECK_MAJOR, false,
     "A field changed between optional, required and repeated.", NEW_NUMBER},
    [SEMVER_FIELD_ONEOF_CHANGED] = {"FIELD_ONEOF_CHANGED", CHECK_MAJOR, false,
     "A field moved into, out of or between oneofs.", "Leave the field where it is."},
    [SEMVER_FIELD_PRESENCE_CHANGED] = {"FIELD_PRESENCE_CHANGED", CHECK_MAJOR, false,
     "Whether a field knows that it was set changed.", "Keep the presence as it was."},
    [SEMVER_FIELD_DEFAULT_CHANGED] = {"FIELD_DEFAULT_CHANGED", CHECK_MAJOR, false,
     "A field has another default.", "Keep the default: old messages are read with it."},
    [SEMVER_FIELD_ENCODING_CHANGED] = {"FIELD_ENCODING_CHANGED", CHECK_MAJOR, false,
     "A message field changed between length-prefixed and delimited.", "Keep the encoding."},
    [SEMVER_ENUM_VALUE_NUMBER_CHANGED] = {"ENUM_VALUE_NUMBER_CHANGED", CHECK_MAJOR, false,
     "An enum value has another number.", "Keep the number: it is what is written."},
    [SEMVER_ENUM_VALUE_NAME_CHANGED] = {"ENUM_VALUE_NAME_CHANGED", CHECK_MAJOR, false,
     "An enum value was renamed.", "Keep the name: generated code and JSON use it."},
    [SEMVER_ENUM_TYPE_CHANGED] = {"ENUM_TYPE_CHANGED", CHECK_MAJOR, false,
     "An enum changed between open and closed.", "Keep the enum open or closed as it was."},
    [SEMVER_METHOD_INPUT_CHANGED] = {"METHOD_INPUT_CHANGED", CHECK_MAJOR, false,
     "A method takes another type.", "Add a method with the new type."},
    [SEMVER_METHOD_OUTPUT_CHANGED] = {"METHOD_OUTPUT_CHANGED", CHECK_MAJOR, false,
     "A method answers another type.", "Add a method with the new type."},
    [SEMVER_METHOD_STREAMING_CHANGED] = {"METHOD_STREAMING_CHANGED", CHECK_MAJOR, false,
     "A method changed what it streams.", "Add a method that streams."},
    [SEMVER_MESSAGE_ENCODING_CHANGED] = {"MESSAGE_ENCODING_CHANGED", CHECK_MAJOR, false,
     "A message changed message_set_wire_format.", "Keep the wire format."},
    [SEMVER_CODE_OPTION_CHANGED] = {"CODE_OPTION_CHANGED", CHECK_MAJOR, false,
     "A file option that names generated code changed.",
     "Keep the option: code that imports the generated package breaks."},
    [SEMVER_MESSAGE_ADDED] = {"MESSAGE_ADDED", CHECK_MINOR, false, "A message was added.", ""},
    [SEMVER_ENUM_ADDED] = {"ENUM_ADDED", CHECK_MINOR, false, "An enum was added.", ""},
    [SEMVER_SERVICE_ADDED] = {"SERVICE_ADDED", CHECK_MINOR, false, "A service was added.", ""},
    [SEMVER_EXTENSION_ADDED] = {"EXTENSION_ADDED", CHECK_MINOR, false, "An extension was added.", ""},
    [SEMVER_FIELD_ADDED] = {"FIELD_ADDED", CHECK_MINOR, false, "A field was added.", ""},
    [SEMVER_ONEOF_ADDED] = {"ONEOF_ADDED", CHECK_MINOR, false, "A oneof was added.", ""},
    [SEMVER_ENUM_VALUE_ADDED] = {"ENUM_VALUE_ADDED", CHECK_MINOR, false, "An enum value was added.", ""},
    [SEMVER_METHOD_ADDED] = {"METHOD_ADDED", CHECK_MINOR, false, "A method was added.", ""},
    [SEMVER_EXTENSION_RANGE_ADDED] = {"EXTENSION_RANGE_ADDED", CHECK_MINOR, false,
     "Numbers for extensions were added.", ""},
    [SEMVER_PUBLIC_IMPORT_ADDED] = {"PUBLIC_IMPORT_ADDED", CHECK_MINOR, false,
     "A public import was added.", ""},
    [SEMVER_DEPRECATED] = {"DEPRECATED", CHECK_MINOR, false, "Something was marked deprecated.", ""},
    [SEMVER_UNDEPRECATED] = {"UNDEPRECATED", CHECK_PATCH, false,
     "Something is not deprecated any more.", ""},
    [SEMVER_FIELD_PACKING_CHANGED] = {"FIELD_PACKING_CHANGED", CHECK_PATCH, false,
     "A repeated field is packed, or is not any more: every reader takes both.", ""},
    [SEMVER_FILE_REMOVED] = {"FILE_REMOVED", CHECK_MAJOR, false, "A file was removed.",
     "Keep the file; what is not wanted any more is marked deprecated in it."},
    [SEMVER_FILE_ADDED] = {"FILE_ADDED", CHECK_MINOR, false, "A file was added.", ""},
    [SEMVER_TEXT_CHANGED] = {"TEXT_CHANGED", CHECK_PATCH, false,
     "Comments, layout or options without effect on wire or code changed.", ""},
};
// clang-format on

const check_rule *check_semver_rules(size_t *count) {
  *count = SEMVER_RULE_COUNT;
  return semver_rules;
}
