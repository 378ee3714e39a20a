/* Files: package, syntax, and the options that name generated code. */
#include "check/breaking/breaking.h"

enum { FILE_PACKAGE = 2, FILE_OPTIONS = 8, FILE_SYNTAX = 12 };

static rule_spot step(const stele_file *file, uint32_t number) {
  return rule_spot_step(rule_spot_file(file), number);
}

static void changed(rule_run *run, rule_spot now, rule_spot was, const char *what, stele_str from,
                    stele_str to) {
  if (stele_str_eq(from, to)) return;
  from = rule_quote(run->arena, from);
  to = rule_quote(run->arena, to);
  rule_found(run, now, breaking_known(run, &run->was, was),
             "File %s changed from " STELE_STR_FMT " to " STELE_STR_FMT ".", what,
             STELE_STR_ARG(from), STELE_STR_ARG(to));
}

void breaking_file_same_package(rule_run *run, const void *element, const void *against) {
  const stele_file *now = element, *was = against;
  changed(run, step(now, FILE_PACKAGE), step(was, FILE_PACKAGE), "package", was->package,
          now->package);
}

static stele_str syntax_text(const stele_file *file) {
  if (file->edition == STELE_EDITION_PROTO2) return STELE_STR("proto2");
  return file->edition == STELE_EDITION_PROTO3 ? STELE_STR("proto3") : STELE_STR("editions");
}

void breaking_file_same_syntax(rule_run *run, const void *element, const void *against) {
  const stele_file *now = element, *was = against;
  changed(run, step(now, FILE_SYNTAX), step(was, FILE_SYNTAX), "syntax", syntax_text(was),
          syntax_text(now));
}

typedef enum option_kind { OPTION_TEXT, OPTION_BOOL, OPTION_OPTIMIZE } option_kind;

typedef struct file_option {
  uint32_t number; /* in FileOptions */
  option_kind kind;
  uint64_t missing; /* value where it is not set */
  const char *what; /* for the words */
} file_option;

// clang-format off
static const file_option file_options[] = {
    [BREAKING_CC_ENABLE_ARENAS] = {31, OPTION_BOOL, 1, "option \"cc_enable_arenas\""},
    [BREAKING_CC_GENERIC_SERVICES] = {16, OPTION_BOOL, 0, "option \"cc_generic_services\""},
    [BREAKING_CSHARP_NAMESPACE] = {37, OPTION_TEXT, 0, "option \"csharp_namespace\""},
    [BREAKING_GO_PACKAGE] = {11, OPTION_TEXT, 0, "option \"go_package\""},
    [BREAKING_JAVA_GENERIC_SERVICES] = {17, OPTION_BOOL, 0, "option \"java_generic_services\""},
    [BREAKING_JAVA_MULTIPLE_FILES] = {10, OPTION_BOOL, 0, "option \"java_multiple_files\""},
    [BREAKING_JAVA_OUTER_CLASSNAME] = {8, OPTION_TEXT, 0, "option \"java_outer_classname\""},
    [BREAKING_JAVA_PACKAGE] = {1, OPTION_TEXT, 0, "option \"java_package\""},
    [BREAKING_OBJC_CLASS_PREFIX] = {36, OPTION_TEXT, 0, "option \"objc_class_prefix\""},
    [BREAKING_OPTIMIZE_FOR] = {9, OPTION_OPTIMIZE, 1, "option \"optimize_for\""},
    [BREAKING_PHP_CLASS_PREFIX] = {40, OPTION_TEXT, 0, "option \"php_class_prefix\""},
    [BREAKING_PHP_METADATA_NAMESPACE] = {44, OPTION_TEXT, 0, "option \"php_metadata_namespace\""},
    [BREAKING_PHP_NAMESPACE] = {41, OPTION_TEXT, 0, "option \"php_namespace\""},
    [BREAKING_PY_GENERIC_SERVICES] = {18, OPTION_BOOL, 0, "option \"py_generic_services\""},
    [BREAKING_RUBY_PACKAGE] = {45, OPTION_TEXT, 0, "option \"ruby_package\""},
    [BREAKING_SWIFT_PREFIX] = {39, OPTION_TEXT, 0, "option \"swift_prefix\""},
};
// clang-format on

static stele_str option_text(const stele_file *file, const file_option *option) {
  static const char *const optimize[] = {"", "SPEED", "CODE_SIZE", "LITE_RUNTIME"};
  if (option->kind == OPTION_TEXT) return stele_options_str(file->options, option->number, NULL);
  uint64_t value = stele_options_varint(file->options, option->number, option->missing);
  if (option->kind == OPTION_BOOL) return value ? STELE_STR("true") : STELE_STR("false");
  return stele_cstr(value < STELE_COUNT(optimize) ? optimize[value] : "");
}

void breaking_file_same_option(rule_run *run, const void *element, const void *against) {
  const stele_file *now = element, *was = against;
  const file_option *option = &file_options[run->rule->arg];
  if (!now->options && !was->options) return;
  changed(run, rule_spot_step(step(now, FILE_OPTIONS), option->number),
          rule_spot_step(step(was, FILE_OPTIONS), option->number), option->what,
          option_text(was, option), option_text(now, option));
}
