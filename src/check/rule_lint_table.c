/* Lint rules, by id: what each is asked about, and in which versions of the
 * configuration it has which categories. */
#include "check/rule_lint_table.h"

#define KIND RULE_LINT
#define SET RULE_IN_SET
#define ON RULE_IS_DEFAULT
#define IN(category) RULE_IN_##category

// clang-format off
#define COMMENTED {SET | IN(COMMENTS), \
                   SET | IN(COMMENTS), \
                   SET | IN(COMMENTS)}
#define LAYOUT {SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD) | IN(FILE_LAYOUT), \
                SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), \
                SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)}
#define STYLE_BASIC {SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD) | IN(STYLE_BASIC) | IN(STYLE_DEFAULT) | IN(STYLE_STANDARD), \
                     SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), \
                     SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)}
#define SENSIBLE {SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD) | IN(SENSIBLE), \
                  SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), \
                  SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)}
#define SINCE_V1 {0, \
                  SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), \
                  SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)}
#define AFFINITY {SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD) | IN(PACKAGE_AFFINITY), \
                  SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), \
                  SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)}
#define UNARY {SET | IN(UNARY_RPC), \
               SET | IN(UNARY_RPC), \
               SET | IN(UNARY_RPC)}
#define STYLE {SET | ON | IN(DEFAULT) | IN(STANDARD) | IN(STYLE_DEFAULT) | IN(STYLE_STANDARD), \
               SET | ON | IN(DEFAULT) | IN(STANDARD), \
               SET | ON | IN(DEFAULT) | IN(STANDARD)}

const rule rule_lint_rows[] = {
    {.id = "COMMENT_ENUM", .kind = KIND, .on = RULE_ON_ENUM, .check = lint_comment_enum,
     .sets = COMMENTED,
     .purpose = "Checks that enums have non-empty comments."},
    {.id = "COMMENT_ENUM_VALUE", .kind = KIND, .on = RULE_ON_ENUM_VALUE, .check = lint_comment_enum_value,
     .sets = COMMENTED,
     .purpose = "Checks that enum values have non-empty comments."},
    {.id = "COMMENT_FIELD", .kind = KIND, .on = RULE_ON_FIELD, .check = lint_comment_field,
     .sets = COMMENTED,
     .purpose = "Checks that fields have non-empty comments."},
    {.id = "COMMENT_MESSAGE", .kind = KIND, .on = RULE_ON_MESSAGE, .check = lint_comment_message,
     .sets = COMMENTED,
     .purpose = "Checks that messages have non-empty comments."},
    {.id = "COMMENT_ONEOF", .kind = KIND, .on = RULE_ON_ONEOF, .check = lint_comment_oneof,
     .sets = COMMENTED,
     .purpose = "Checks that oneofs have non-empty comments."},
    {.id = "COMMENT_RPC", .kind = KIND, .on = RULE_ON_METHOD, .check = lint_comment_rpc,
     .sets = COMMENTED,
     .purpose = "Checks that RPCs have non-empty comments."},
    {.id = "COMMENT_SERVICE", .kind = KIND, .on = RULE_ON_SERVICE, .check = lint_comment_service,
     .sets = COMMENTED,
     .purpose = "Checks that services have non-empty comments."},
    {.id = "DIRECTORY_SAME_PACKAGE", .kind = KIND, .on = RULE_ON_FOLDER, .check = lint_directory_same_package,
     .sets = LAYOUT,
     .purpose = "Checks that all files in a given directory are in the same package."},
    {.id = "ENUM_FIRST_VALUE_ZERO", .kind = KIND, .on = RULE_ON_ENUM, .check = lint_enum_first_value_zero,
     .sets = {SET | IN(OTHER), SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)},
     .purpose = "Checks that all first values of enums have a numeric value of 0."},
    {.id = "ENUM_NO_ALLOW_ALIAS", .kind = KIND, .on = RULE_ON_ENUM, .check = lint_enum_no_allow_alias,
     .sets = SENSIBLE,
     .purpose = "Checks that enums do not have the allow_alias option set."},
    {.id = "ENUM_PASCAL_CASE", .kind = KIND, .on = RULE_ON_ENUM, .check = lint_pascal_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that enums are PascalCase."},
    {.id = "ENUM_VALUE_PREFIX", .kind = KIND, .on = RULE_ON_ENUM_VALUE, .check = lint_enum_value_prefix,
     .sets = STYLE,
     .purpose = "Checks that enum values are prefixed with ENUM_NAME_UPPER_SNAKE_CASE."},
    {.id = "ENUM_VALUE_UPPER_SNAKE_CASE", .kind = KIND, .on = RULE_ON_ENUM_VALUE, .check = lint_enum_value_upper_snake_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that enum values are UPPER_SNAKE_CASE."},
    {.id = "ENUM_ZERO_VALUE_SUFFIX", .kind = KIND, .on = RULE_ON_ENUM_VALUE, .check = lint_enum_zero_value_suffix,
     .sets = STYLE,
     .purpose = "Checks that enum zero values have a consistent suffix (configurable, default suffix is \"_UNSPECIFIED\")."},
    {.id = "FIELD_LOWER_SNAKE_CASE", .kind = KIND, .on = RULE_ON_FIELD, .check = lint_field_lower_snake_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that field names are lower_snake_case."},
    {.id = "FIELD_NOT_REQUIRED", .kind = KIND, .on = RULE_ON_FIELD, .check = lint_field_not_required,
     .sets = {0, 0, SET | ON | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)},
     .purpose = "Checks that fields are not configured to be required."},
    {.id = "FIELD_NO_DESCRIPTOR", .kind = KIND, .on = RULE_ON_FIELD, .check = lint_field_no_descriptor,
     .sets = {SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD) | IN(SENSIBLE), 0, 0},
     .purpose = "Checks that field names are not any capitalization of \"descriptor\" with any number of prefix or suffix underscores."},
    {.id = "FILE_LOWER_SNAKE_CASE", .kind = KIND, .on = RULE_ON_FILE, .check = lint_file_lower_snake_case,
     .sets = STYLE,
     .purpose = "Checks that filenames are lower_snake_case."},
    {.id = "IMPORT_NO_PUBLIC", .kind = KIND, .on = RULE_ON_IMPORT, .check = lint_import_no_public,
     .sets = SENSIBLE,
     .purpose = "Checks that imports are not public."},
    {.id = "IMPORT_NO_WEAK", .kind = KIND, .is_deprecated = true, .sets = {SET, SET, SET},
     .purpose = "Checks that imports are not weak."},
    {.id = "IMPORT_USED", .kind = KIND, .on = RULE_ON_IMPORT, .check = lint_import_used,
     .sets = SINCE_V1,
     .purpose = "Checks that imports are used."},
    {.id = "MESSAGE_PASCAL_CASE", .kind = KIND, .on = RULE_ON_MESSAGE, .check = lint_message_pascal_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that messages are PascalCase."},
    {.id = "ONEOF_LOWER_SNAKE_CASE", .kind = KIND, .on = RULE_ON_ONEOF, .check = lint_oneof_lower_snake_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that oneof names are lower_snake_case."},
    {.id = "PACKAGE_DEFINED", .kind = KIND, .on = RULE_ON_FILE, .check = lint_package_defined,
     .sets = {SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD) | IN(SENSIBLE), SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD), SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)},
     .purpose = "Checks that all files have a package defined."},
    {.id = "PACKAGE_DIRECTORY_MATCH", .kind = KIND, .on = RULE_ON_FILE, .check = lint_package_directory_match,
     .sets = LAYOUT,
     .purpose = "Checks that all files are in a directory that matches their package name."},
    {.id = "PACKAGE_LOWER_SNAKE_CASE", .kind = KIND, .on = RULE_ON_FILE, .check = lint_package_lower_snake_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that packages are lower_snake.case."},
    {.id = "PACKAGE_NO_IMPORT_CYCLE", .kind = KIND, .on = RULE_ON_TREE, .check = lint_package_no_import_cycle,
     .sets = {0, SET, SET | ON | IN(MINIMAL) | IN(BASIC) | IN(DEFAULT) | IN(STANDARD)},
     .purpose = "Checks that packages do not have import cycles."},
    {.id = "PACKAGE_SAME_CSHARP_NAMESPACE", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_CSHARP_NAMESPACE,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the csharp_namespace option."},
    {.id = "PACKAGE_SAME_DIRECTORY", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_directory,
     .sets = LAYOUT,
     .purpose = "Checks that all files with a given package are in the same directory."},
    {.id = "PACKAGE_SAME_GO_PACKAGE", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_GO_PACKAGE,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the go_package option."},
    {.id = "PACKAGE_SAME_JAVA_MULTIPLE_FILES", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_JAVA_MULTIPLE_FILES,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the java_multiple_files option."},
    {.id = "PACKAGE_SAME_JAVA_PACKAGE", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_JAVA_PACKAGE,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the java_package option."},
    {.id = "PACKAGE_SAME_PHP_NAMESPACE", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_PHP_NAMESPACE,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the php_namespace option."},
    {.id = "PACKAGE_SAME_RUBY_PACKAGE", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_RUBY_PACKAGE,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the ruby_package option."},
    {.id = "PACKAGE_SAME_SWIFT_PREFIX", .kind = KIND, .on = RULE_ON_PACKAGE, .check = lint_package_same_option, .arg = LINT_SWIFT_PREFIX,
     .sets = AFFINITY,
     .purpose = "Checks that all files with a given package have the same value for the swift_prefix option."},
    {.id = "PACKAGE_VERSION_SUFFIX", .kind = KIND, .on = RULE_ON_FILE, .check = lint_package_version_suffix,
     .sets = STYLE,
     .purpose = "Checks that the last component of all packages is a version of the form v\\d+, v\\d+test.*, v\\d+(alpha|beta)\\d+, or v\\d+p\\d+(alpha|beta)\\d+, where numbers are >=1."},
    {.id = "PROTOVALIDATE", .kind = KIND, .is_unchecked = true, .sets = {0, SET | ON | IN(DEFAULT) | IN(STANDARD), SET | ON | IN(DEFAULT) | IN(STANDARD)},
     .purpose = "Checks that protovalidate rules are valid and all CEL expressions compile."},
    {.id = "RPC_NO_CLIENT_STREAMING", .kind = KIND, .on = RULE_ON_METHOD, .check = lint_rpc_no_client_streaming,
     .sets = UNARY,
     .purpose = "Checks that RPCs are not client streaming."},
    {.id = "RPC_NO_SERVER_STREAMING", .kind = KIND, .on = RULE_ON_METHOD, .check = lint_rpc_no_server_streaming,
     .sets = UNARY,
     .purpose = "Checks that RPCs are not server streaming."},
    {.id = "RPC_PASCAL_CASE", .kind = KIND, .on = RULE_ON_METHOD, .check = lint_pascal_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that RPCs are PascalCase."},
    {.id = "RPC_REQUEST_RESPONSE_UNIQUE", .kind = KIND, .on = RULE_ON_TREE, .check = lint_rpc_request_response_unique,
     .sets = STYLE,
     .purpose = "Checks that RPC request and response types are only used in one RPC (configurable)."},
    {.id = "RPC_REQUEST_STANDARD_NAME", .kind = KIND, .on = RULE_ON_METHOD, .check = lint_rpc_request_standard_name,
     .sets = STYLE,
     .purpose = "Checks that RPC request type names are RPCNameRequest or ServiceNameRPCNameRequest (configurable)."},
    {.id = "RPC_RESPONSE_STANDARD_NAME", .kind = KIND, .on = RULE_ON_METHOD, .check = lint_rpc_response_standard_name,
     .sets = STYLE,
     .purpose = "Checks that RPC response type names are RPCNameResponse or ServiceNameRPCNameResponse (configurable)."},
    {.id = "SERVICE_PASCAL_CASE", .kind = KIND, .on = RULE_ON_SERVICE, .check = lint_pascal_case,
     .sets = STYLE_BASIC,
     .purpose = "Checks that services are PascalCase."},
    {.id = "SERVICE_SUFFIX", .kind = KIND, .on = RULE_ON_SERVICE, .check = lint_service_suffix,
     .sets = STYLE,
     .purpose = "Checks that services have a consistent suffix (configurable, default suffix is \"Service\")."},
    {.id = "STABLE_PACKAGE_NO_IMPORT_UNSTABLE", .kind = KIND, .on = RULE_ON_IMPORT, .check = lint_stable_package_no_import_unstable,
     .sets = {0, 0, SET},
     .purpose = "Checks that all files that have stable versioned packages do not import packages with unstable version packages."},
    {.id = "SYNTAX_SPECIFIED", .kind = KIND, .on = RULE_ON_FILE, .check = lint_syntax_specified,
     .sets = SINCE_V1,
     .purpose = "Checks that all files have a syntax specified."},
};
// clang-format on

const size_t rule_lint_count = STELE_COUNT(rule_lint_rows);
