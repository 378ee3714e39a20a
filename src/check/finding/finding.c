/* Findings: their words are made, their places looked up. */
#include <stdarg.h>
#include <stdio.h>

#include "check/finding/finding_run.h"

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

void check_run_open(check_run *run) {
  check_docs_init(&run->docs, run->arena);
}

static check_place place_or_file(check_run *run, const stele_file *file, stele_symbol_kind kind,
                                 const void *element) {
  if (element) return check_docs_place(&run->docs, kind, element);
  return (check_place){file->name, -1, -1};
}

void check_add(check_run *run, const check_rule *rule, stele_str path, check_elements where,
               const char *format, va_list args) {
  check_place original = place_or_file(run, run->original, where.kind, where.original);
  check_place update = place_or_file(run, run->update, where.kind, where.update);
  STELE_VEC_PUSH(run->arena, &run->findings,
                 (check_finding){.rule = rule,
                                 .message = print_message(run->arena, format, args),
                                 .path = path,
                                 .old_place = run->swapped ? update : original,
                                 .new_place = run->swapped ? original : update});
}
