/* The judge of a pair: runs under a guard, leaves its findings by class. */
#include <stdarg.h>

#include "base/guard.h"
#include "check/semver/semver_internal.h"

static stele_str element_name(stele_arena *arena, stele_symbol_kind kind, const void *element) {
  switch (kind) {
  case STELE_SYMBOL_MESSAGE: return ((const stele_message *)element)->full_name;
  case STELE_SYMBOL_ENUM: return ((const stele_enum *)element)->full_name;
  case STELE_SYMBOL_SERVICE: return ((const stele_service *)element)->full_name;
  case STELE_SYMBOL_FIELD: return stele_field_full_name(arena, element);
  case STELE_SYMBOL_ONEOF: return stele_oneof_full_name(arena, element);
  case STELE_SYMBOL_ENUM_VALUE: return stele_enum_value_full_name(arena, element);
  case STELE_SYMBOL_METHOD: return stele_method_full_name(arena, element);
  case STELE_SYMBOL_FILE: return ((const stele_file *)element)->package;
  case STELE_SYMBOL_NONE:
  case STELE_SYMBOL_PACKAGE: break;
  }
  return (stele_str){0};
}

void semver_found(check_run *run, semver_rule rule, check_elements where, const char *format, ...) {
  const void *named = where.original ? where.original : where.update;
  va_list args;
  va_start(args, format);
  check_add(run, &semver_rules[rule], element_name(run->arena, where.kind, named), where, format,
            args);
  va_end(args);
}

static void run_semver(void *arg) {
  check_run *run = arg;
  const stele_file *was = run->original, *now = run->update;
  if (!stele_str_eq(was->package, now->package)) {
    semver_found(run, SEMVER_PACKAGE_CHANGED, (check_elements){was, now, STELE_SYMBOL_FILE},
                 "the package was \"" STELE_STR_FMT "\" and is \"" STELE_STR_FMT "\"",
                 STELE_STR_ARG(was->package), STELE_STR_ARG(now->package));
  }
  semver_file(run);
  semver_messages(run);
  semver_enums(run);
  semver_services(run);
}

/* Findings of the highest class first; the order within a class stays. */
static check_findings by_class(stele_arena *arena, const check_finding_vec *found) {
  check_finding *sorted = STELE_NEW_ARRAY(arena, check_finding, found->count);
  size_t count = 0;
  for (int cls = CHECK_MAJOR; cls >= CHECK_NONE; cls--) {
    for (size_t i = 0; i < found->count; i++) {
      if ((int)found->at[i].rule->cls == cls) sorted[count++] = found->at[i];
    }
  }
  return (check_findings){sorted, count};
}

typedef struct semver_job {
  check_run run;
  check_findings *out;
} semver_job;

static void run_semver_job(void *arg) {
  semver_job *job = arg;
  check_run_open(&job->run);
  run_semver(&job->run);
  *job->out = by_class(job->run.arena, &job->run.findings);
}

bool check_semver(stele_arena *arena, const stele_file *older, const stele_file *newer,
                  check_class *cls, check_findings *out, stele_err *err) {
  semver_job job = {.run = {.arena = arena,
                            .original = older,
                            .update = newer,
                            .original_word = "old",
                            .update_word = "new"},
                    .out = out};
  *out = (check_findings){0};
  *cls = CHECK_NONE;
  if (!stele_guard_run(arena, run_semver_job, &job, err)) return false;
  if (out->count) *cls = out->at[0].rule->cls;
  return true;
}
