/* report/sarif: SARIF 2.1.0 (OASIS), what code scanning tools read.
 *
 * In:   results of whoever judges: the compiler's reports, linters, breaking
 * changes.   Out: one document with one run; notes are related locations.
 * Deps: base, stele/report.h. */
#ifndef STELE_PROTO_REPORT_SARIF_H
#define STELE_PROTO_REPORT_SARIF_H

#include "base/arena.h"
#include "base/buf.h"
#include "stele/report.h"

typedef struct stele_sarif_result {
  stele_severity severity;
  stele_str rule;
  stele_str purpose; /* of the rule: shown once for it; may be empty */
  stele_str text, hint;
  stele_str file; /* empty: the result has no place */
  /* 1-based, in code points, the end exclusive; 0: not known. */
  int64_t line, column, end_line, end_column;
  const stele_note *notes; /* their columns are not used */
  size_t note_count;
} stele_sarif_result;

/* Appends the document, also for no results. Scratch memory comes from `arena`. */
void stele_sarif_print(stele_arena *arena, const stele_sarif_result *results, size_t count,
                       stele_buf *out);

#endif
