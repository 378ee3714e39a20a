/* finding_run: what the judges of a pair share: the two sides, and the findings.
 * Deps: check/finding/finding.h, base/vec.h, proto/schema. */
#ifndef STELE_CHECK_FINDING_FINDING_RUN_H
#define STELE_CHECK_FINDING_FINDING_RUN_H

#include <stdarg.h>

#include "base/arena.h"
#include "base/vec.h"
#include "check/element/docs.h"
#include "check/finding/finding.h"
#include "proto/schema/schema.h"

typedef STELE_VEC(check_finding) check_finding_vec;

/* Both sides of a comparison: what was written with `original` is read with
 * `update`. */
typedef struct check_run {
  stele_arena *arena;
  const stele_file *original, *update;
  const char *original_word, *update_word; /* "old" and "new", or the other way round */
  bool swapped;                            /* FORWARD: the original is the newer file */
  check_finding_vec findings;
  check_docs docs; /* places; opened by check_run_open */
} check_run;

/* The two elements that a finding is about. Either may be NULL: places are those of
 * what is there. */
typedef struct check_elements {
  const void *original, *update; /* both of the kind below */
  stele_symbol_kind kind;
} check_elements;

/* Readies a run, under its guard. */
void check_run_open(check_run *run);

/* Adds a finding at `path`, which has to live in the run's arena. */
void check_add(check_run *run, const check_rule *rule, stele_str path, check_elements where,
               const char *format, va_list args);

#endif
