#include "check/element/code_option.h"

const check_code_option check_code_options[CHECK_CODE_OPTIONS] = {
    {1, "java_package", true},          {8, "java_outer_classname", true},
    {10, "java_multiple_files", false}, {11, "go_package", true},
    {36, "objc_class_prefix", true},    {37, "csharp_namespace", true},
    {39, "swift_prefix", true},         {40, "php_class_prefix", true},
    {41, "php_namespace", true},        {45, "ruby_package", true},
};
