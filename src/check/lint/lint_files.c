/* Files: what they say first, and what they import. */
#include "base/buf.h"
#include "check/lint/lint.h"

enum { FILE_IMPORT = 3, FILE_PACKAGE = 2 };

rule_spot lint_import_spot(const stele_file *file, const stele_import *import) {
  uint32_t index = 0;
  for (const stele_import *at = file->imports; at != import; at++) {
    index += at->kind != STELE_IMPORT_OPTION;
  }
  return rule_spot_step(rule_spot_step(rule_spot_file(file), FILE_IMPORT), index);
}

static uint32_t import_index(const stele_file *file, const stele_import *import) {
  return lint_import_spot(file, import).steps[1];
}

/* Where "package" stands; a file without the statement as a whole. */
rule_spot lint_package_spot(const stele_file *file) {
  return rule_spot_step(rule_spot_file(file), FILE_PACKAGE);
}

void lint_import_no_public(rule_run *run, const void *element, const void *against) {
  const stele_import *import = element;
  if (import->kind != STELE_IMPORT_PUBLIC) return;
  stele_str path = rule_quote(run->arena, import->path);
  rule_found(run, lint_import_spot(against, import), RULE_NOWHERE,
             "Import " STELE_STR_FMT " must not be public.", STELE_STR_ARG(path));
}

static bool is_unused(rule_run *run, const stele_file *file, const stele_import *import) {
  const rule_file *row = rule_side_file(&run->now, file->name);
  if (!row || !row->is_described) return !import->is_used;
  for (size_t i = 0; i < row->unused_count; i++) {
    if (row->unused_imports[i] == import_index(file, import)) return true;
  }
  return false;
}

void lint_import_used(rule_run *run, const void *element, const void *against) {
  const stele_import *import = element;
  if (!is_unused(run, against, import)) return;
  stele_str path = rule_quote(run->arena, import->path);
  rule_found(run, lint_import_spot(against, import), RULE_NOWHERE,
             "Import " STELE_STR_FMT " is unused.", STELE_STR_ARG(path));
}

/* Only files of the same module are looked at. */
void lint_stable_package_no_import_unstable(rule_run *run, const void *element,
                                            const void *against) {
  const stele_import *import = element;
  const stele_file *file = against;
  if (rule_package_version(file->package) != RULE_STABLE) return;
  const rule_file *other = rule_side_file(&run->now, import->path);
  if (!other || other->is_import || rule_package_version(other->file->package) != RULE_UNSTABLE) {
    return;
  }
  stele_str path = rule_quote(run->arena, import->path);
  rule_found(run, lint_import_spot(file, import), RULE_NOWHERE,
             "This file is in stable package \"" STELE_STR_FMT
             "\", so it should not depend on " STELE_STR_FMT
             " from unstable package \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(file->package), STELE_STR_ARG(path),
             STELE_STR_ARG(other->file->package));
}

void lint_syntax_specified(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  const rule_file *row = rule_side_file(&run->now, file->name);
  bool missing = row && row->is_described ? row->is_syntax_unspecified : !file->has_syntax;
  if (!missing) return;
  rule_found(run, rule_spot_file(file), RULE_NOWHERE,
             "Files must have a syntax explicitly specified. If no syntax is specified, the file "
             "defaults to \"proto2\".");
}

void lint_package_defined(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  if (file->package.len > 0) return;
  rule_found(run, rule_spot_file(file), RULE_NOWHERE, "Files must have a package defined.");
}

void lint_package_directory_match(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  if (file->package.len == 0) return;
  stele_str want = stele_str_copy(run->arena, file->package), is = rule_folder(file->name);
  for (size_t i = 0; i < want.len; i++) {
    if (want.ptr[i] == '.') ((char *)(uintptr_t)want.ptr)[i] = '/';
  }
  if (stele_str_eq(want, is)) return;
  rule_found(run, lint_package_spot(file), RULE_NOWHERE,
             "Files with package \"" STELE_STR_FMT "\" must be within a directory \"" STELE_STR_FMT
             "\" relative to root but were in directory \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(file->package), STELE_STR_ARG(want), STELE_STR_ARG(is));
}

void lint_package_lower_snake_case(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  stele_buf want;
  stele_buf_init(&want, run->arena, 0);
  for (size_t start = 0; start < file->package.len;) {
    const char *part = file->package.ptr + start;
    const char *dot = memchr(part, '.', file->package.len - start);
    size_t len = dot ? (size_t)(dot - part) : file->package.len - start;
    if (start > 0) stele_buf_add_byte(&want, '.');
    stele_buf_add_str(&want, rule_lower_snake_case(run->arena, (stele_str){part, len}));
    start += len + 1;
  }
  stele_str wanted = stele_buf_str(&want);
  if (stele_str_eq(wanted, file->package)) return;
  rule_found(run, lint_package_spot(file), RULE_NOWHERE,
             "Package name \"" STELE_STR_FMT
             "\" should be lower_snake.case, such as \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(file->package), STELE_STR_ARG(wanted));
}

void lint_package_version_suffix(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  if (file->package.len == 0 || rule_package_version(file->package) != RULE_UNVERSIONED) return;
  rule_found(run, lint_package_spot(file), RULE_NOWHERE,
             "Package name \"" STELE_STR_FMT
             "\" should be suffixed with a correctly formed version, such as \"" STELE_STR_FMT
             ".v1\".",
             STELE_STR_ARG(file->package), STELE_STR_ARG(file->package));
}
