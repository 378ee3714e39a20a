/* The entry points: each judgement runs under a guard and leaves its findings in
 * order. */
#include "check/judge/judge.h"

#include <stdlib.h>

#include "base/guard.h"
#include "check/breaking/breaking.h"
#include "check/lint/lint.h"
#include "check/rule/rule_internal.h"

/* Sorted, each once. */
static rule_findings in_order(rule_run *run) {
  rule_finding *at = run->findings.at;
  size_t count = run->findings.count, kept = 0;
  if (count > 0) qsort(at, count, sizeof *at, rule_finding_order);
  for (size_t i = 0; i < count; i++) {
    if (kept > 0 && rule_finding_order(&at[kept - 1], &at[i]) == 0) continue;
    at[kept++] = at[i];
  }
  return (rule_findings){at, kept};
}

typedef struct run_job {
  rule_run run;
  const rule_tree *tree, *against;
  rule_findings found;
} run_job;

static void run_rules(void *arg) {
  run_job *job = arg;
  rule_run *run = &job->run;
  rule_run_open(run, job->tree, job->against);
  if (job->against) {
    breaking_walk(run);
  } else {
    lint_walk(run);
  }
  job->found = in_order(run);
}

static bool run_guarded(run_job *job, rule_findings *out, stele_err *err) {
  bool ok = stele_guard_run(job->run.arena, run_rules, job, err);
  rule_sources_close(&job->run);
  *out = job->found;
  return ok;
}

bool rule_lint(stele_arena *arena, const rule_selection *selection, const rule_tree *tree,
               rule_findings *out, stele_err *err) {
  run_job job = {.run = {.arena = arena, .selection = selection}, .tree = tree};
  return run_guarded(&job, out, err);
}

bool rule_breaking(stele_arena *arena, const rule_selection *selection, const rule_tree *tree,
                   const rule_tree *against, rule_findings *out, stele_err *err) {
  run_job job = {.run = {.arena = arena, .selection = selection}, .tree = tree, .against = against};
  return run_guarded(&job, out, err);
}
