/* cli/findings: what judges found, on its way to people and machines.
 *
 * In:   findings with places.   Out: text in one of the forms that editors and
 * CI systems read. Where buf has the form, the bytes are buf's, but for names and
 * messages that would end an annotation, break XML or mean something in YAML.
 * Deps: base, fmt/json.h. */
#ifndef STELE_CLI_FINDINGS_H
#define STELE_CLI_FINDINGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

/* 1-based, the end exclusive; a path that is empty has no place either (all 0). */
typedef struct cli_finding {
  stele_str path; /* as people see it */
  int32_t start_line, start_column, end_line, end_column;
  stele_str rule; /* its id; COMPILE for mistakes in the texts */
  stele_str message;
  stele_str hint;    /* what to do, or empty */
  stele_str purpose; /* of the rule, for SARIF; or empty */
  bool is_breaking;  /* else lint, for config-ignore-yaml */
  stele_str name;    /* import path of the file, or of the older one that is gone */
} cli_finding;

typedef STELE_VEC(cli_finding) cli_findings;

/* Scratch memory comes from `arena`. Fails only where digests are asked for. */
typedef bool cli_findings_print(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                                stele_err *err);

/* One row a form; the list ends with a NULL name. */
typedef struct cli_findings_form {
  const char *name;
  cli_findings_print *print;
  bool is_a_log; /* what reads it wants it also when nothing was found */
} cli_findings_form;

extern const cli_findings_form cli_findings_forms[];

/* "text, json, …" for help and messages. */
#define CLI_FINDINGS_FORMS                                                                         \
  "text, json, msvs, junit, github-actions, gitlab-code-quality, sarif, config-ignore-yaml"

/* The form of a name, or NULL. */
const cli_findings_form *cli_findings_form_find(stele_str name);

/* The order of cli_findings_sort, as for qsort. */
int cli_finding_order(const void *left, const void *right);

/* Sorts by path, place, rule and words, and drops what stands twice. */
void cli_findings_sort(cli_findings *findings);

/* Adds `before` and a JSON text in quotes as buf writes it: <, > and & are
 * escaped as well. */
void cli_findings_json_str(stele_buf *out, const char *before, stele_str text);

#endif
