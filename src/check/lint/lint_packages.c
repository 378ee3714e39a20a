/* What the files of one package, or of one folder, have in common. */
#include "check/lint/lint.h"

typedef STELE_VEC(stele_str) str_vec;

static const stele_file *file_at(const rule_run *run, uint32_t index) {
  return run->now.tree->files[index].file;
}

static bool is_one_value(const str_vec *values) {
  for (size_t i = 1; i < values->count; i++) {
    if (!stele_str_eq(values->at[i], values->at[0])) return false;
  }
  return true;
}

/* Takes the empty value out; true when there was one. */
static bool take_empty(str_vec *values) {
  size_t kept = 0;
  for (size_t i = 0; i < values->count; i++) {
    if (values->at[i].len > 0) values->at[kept++] = values->at[i];
  }
  bool taken = kept < values->count;
  values->count = kept;
  return taken;
}

void lint_package_same_directory(rule_run *run, const void *element, const void *against) {
  (void)against;
  const rule_group *group = element;
  str_vec folders = {0};
  for (size_t i = 0; i < group->files.count; i++) {
    STELE_VEC_PUSH(run->arena, &folders, rule_folder(file_at(run, group->files.at[i])->name));
  }
  if (is_one_value(&folders)) return;
  stele_str joined = rule_join_sorted(run->arena, folders.at, folders.count);
  for (size_t i = 0; i < group->files.count; i++) {
    rule_found(run, lint_package_spot(file_at(run, group->files.at[i])), RULE_NOWHERE,
               "Multiple directories \"" STELE_STR_FMT
               "\" contain files with package \"" STELE_STR_FMT "\".",
               STELE_STR_ARG(joined), STELE_STR_ARG(group->name));
  }
}

void lint_directory_same_package(rule_run *run, const void *element, const void *against) {
  (void)against;
  const rule_group *group = element;
  str_vec packages = {0};
  for (size_t i = 0; i < group->files.count; i++) {
    STELE_VEC_PUSH(run->arena, &packages, file_at(run, group->files.at[i])->package);
  }
  if (is_one_value(&packages)) return;
  bool without = take_empty(&packages), many = !is_one_value(&packages);
  stele_str joined = rule_join_sorted(run->arena, packages.at, packages.count);
  for (size_t i = 0; i < group->files.count; i++) {
    rule_found(run, lint_package_spot(file_at(run, group->files.at[i])), RULE_NOWHERE,
               "%s \"" STELE_STR_FMT "\"%s detected within directory \"" STELE_STR_FMT "\".",
               many ? "Multiple packages" : "Package", STELE_STR_ARG(joined),
               without ? " and file with no package" : "", STELE_STR_ARG(group->name));
  }
}

/* A file option: its number in FileOptions, and how a boolean one reads. */
typedef struct same_option {
  uint32_t number;
  bool is_bool;
  const char *name;
} same_option;

static const same_option same_options[] = {
    [LINT_CSHARP_NAMESPACE] = {37, false, "csharp_namespace"},
    [LINT_GO_PACKAGE] = {11, false, "go_package"},
    [LINT_JAVA_MULTIPLE_FILES] = {10, true, "java_multiple_files"},
    [LINT_JAVA_PACKAGE] = {1, false, "java_package"},
    [LINT_PHP_NAMESPACE] = {41, false, "php_namespace"},
    [LINT_RUBY_PACKAGE] = {45, false, "ruby_package"},
    [LINT_SWIFT_PREFIX] = {39, false, "swift_prefix"},
};

static stele_str option_value(const stele_file *file, const same_option *option) {
  if (!option->is_bool) return stele_options_str(file->options, option->number, NULL);
  uint64_t value = stele_options_varint(file->options, option->number, UINT64_MAX);
  if (value == UINT64_MAX) return (stele_str){0};
  return value ? STELE_STR("true") : STELE_STR("false");
}

void lint_package_same_option(rule_run *run, const void *element, const void *against) {
  enum { FILE_OPTIONS = 8 };
  (void)against;
  const rule_group *group = element;
  const same_option *option = &same_options[run->rule->arg];
  str_vec values = {0};
  for (size_t i = 0; i < group->files.count; i++) {
    STELE_VEC_PUSH(run->arena, &values, option_value(file_at(run, group->files.at[i]), option));
  }
  if (is_one_value(&values)) return;
  bool without = take_empty(&values);
  stele_str joined = rule_quote(run->arena, rule_join_sorted(run->arena, values.at, values.count));
  for (size_t i = 0; i < group->files.count; i++) {
    rule_spot spot = rule_spot_file(file_at(run, group->files.at[i]));
    spot = rule_spot_step(rule_spot_step(spot, FILE_OPTIONS), option->number);
    rule_found(run, spot, RULE_NOWHERE,
               "Files in package \"" STELE_STR_FMT "\" have %s values " STELE_STR_FMT
               " %s option \"%s\" and all values must be equal.",
               STELE_STR_ARG(group->name), without ? "both" : "multiple", STELE_STR_ARG(joined),
               without ? "and no value for" : "for", option->name);
  }
}
