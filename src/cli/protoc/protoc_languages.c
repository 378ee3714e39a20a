/* What protoc can generate by itself, in the order of its help. A row with a
 * generator is written by Stele, the same bytes; the others are asked of a real
 * protoc. */
#include "cli/protoc/protoc.h"

const protoc_language protoc_languages[] = {
    {"--cpp_out", "--cpp_opt", "C++ header and source", NULL, NULL},
    {"--csharp_out", "--csharp_opt", "C# source file", NULL, NULL},
    {"--java_out", "--java_opt", "Java source file", NULL, NULL},
    {"--kotlin_out", "--kotlin_opt", "Kotlin file", NULL, NULL},
    {"--objc_out", "--objc_opt", "Objective-C header and source", NULL, NULL},
    {"--php_out", "--php_opt", "PHP source file", NULL, NULL},
    {"--pyi_out", NULL, "Python stub", "python", "pyi=only"},
    {"--python_out", "--python_opt", "Python source file", "python", "pyi=false"},
    {"--rbs_out", "--rbs_opt", "RBS type definition", NULL, NULL},
    {"--ruby_out", "--ruby_opt", "Ruby source file", NULL, NULL},
    {"--rust_out", "--rust_opt", "Rust sources", NULL, NULL},
};

const size_t protoc_language_count = STELE_COUNT(protoc_languages);
