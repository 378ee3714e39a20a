/* The entry points: each judge runs under a guard and leaves its findings. */
#include "check/check_internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/guard.h"

const char *check_class_text(check_class c) {
  static const char *const texts[] = {"none", "patch", "minor", "major"};
  return texts[c];
}

static stele_str print_message(stele_arena *arena, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *text = stele_arena_alloc(arena, (size_t)len + 1, 1);
  (void)vsnprintf(text, (size_t)len + 1, format, args);
  return (stele_str){text, (size_t)len};
}

static check_place place_or_file(const stele_file *file, stele_symbol_kind kind,
                                 const void *element) {
  if (element) return check_place_of(kind, element);
  return (check_place){file->name, -1, -1};
}

static void add(check_run *run, const check_rule *rule, stele_str path, check_elements where,
                stele_str message) {
  check_place original = place_or_file(run->original, where.kind, where.original);
  check_place update = place_or_file(run->update, where.kind, where.update);
  check_finding *finding = STELE_VEC_ADD(run->arena, run->findings);
  *finding = (check_finding){.rule = rule,
                             .message = message,
                             .path = path,
                             .old_place = run->swapped ? update : original,
                             .new_place = run->swapped ? original : update};
}

void check_found(check_run *run, const check_rule *rule, stele_str leaf, check_elements where,
                 const char *format, ...) {
  size_t len = leaf.len ? check_path_push(run, leaf) : run->path.len;
  stele_str path = stele_str_copy(run->arena, stele_buf_str(&run->path));
  check_path_pop(run, len);
  va_list args;
  va_start(args, format);
  stele_str message = print_message(run->arena, format, args);
  va_end(args);
  add(run, rule, path, where, message);
}

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
  stele_str message = print_message(run->arena, format, args);
  va_end(args);
  add(run, &semver_rules[rule], element_name(run->arena, where.kind, named), where, message);
}

static void run_confluent(void *arg) {
  check_run *run = arg;
  const stele_file *was = run->original, *now = run->update;
  stele_buf_add_cstr(&run->path, "#/");
  if (!stele_str_eq(was->package, now->package)) {
    check_found(run, &confluent_rules[CONFLUENT_PACKAGE_CHANGED], (stele_str){0},
                (check_elements){was, now, STELE_SYMBOL_FILE},
                "the package is \"" STELE_STR_FMT "\" in the %s schema and \"" STELE_STR_FMT
                "\" in the %s schema",
                STELE_STR_ARG(was->package), run->original_word, STELE_STR_ARG(now->package),
                run->update_word);
  }
  confluent_messages(run, was->messages, was->message_count, now->messages, now->message_count);
  confluent_enums(run, was->enums, was->enum_count, now->enums, now->enum_count);
}

bool check_confluent(stele_arena *arena, const stele_file *older, const stele_file *newer,
                     check_direction direction, check_findings *out, stele_err *err) {
  bool forward = direction == CHECK_FORWARD;
  check_finding_vec findings = {0};
  check_run run = {.arena = arena,
                   .original = forward ? newer : older,
                   .update = forward ? older : newer,
                   .original_word = forward ? "new" : "old",
                   .update_word = forward ? "old" : "new",
                   .swapped = forward,
                   .findings = &findings};
  stele_buf_init(&run.path, arena, 0);
  bool ok = stele_guard_run(arena, run_confluent, &run, err);
  *out = (check_findings){findings.at, findings.count};
  return ok;
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
  run_semver(&job->run);
  *job->out = by_class(job->run.arena, job->run.findings);
}

bool check_semver(stele_arena *arena, const stele_file *older, const stele_file *newer,
                  check_class *cls, check_findings *out, stele_err *err) {
  check_finding_vec findings = {0};
  semver_job job = {.run = {.arena = arena,
                            .original = older,
                            .update = newer,
                            .original_word = "old",
                            .update_word = "new",
                            .findings = &findings},
                    .out = out};
  *out = (check_findings){0};
  *cls = CHECK_NONE;
  if (!stele_guard_run(arena, run_semver_job, &job, err)) return false;
  if (out->count) *cls = out->at[0].rule->cls;
  return true;
}
