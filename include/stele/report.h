/* report: what is wrong with the user's text: many findings, each with a place.
 *
 * Out:  findings in the order protoc gives them, and text in several forms.
 * A report never fails: past its limit it only counts.
 * Deps: stele/arena.h, stele/str.h. */
#ifndef STELE_REPORT_H
#define STELE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "stele/arena.h"
#include "stele/err.h"
#include "stele/str.h"

typedef enum stele_severity { STELE_SEVERITY_ERROR, STELE_SEVERITY_WARNING } stele_severity;

/* Another place that a finding speaks of: where the first of two stands. */
typedef struct stele_note {
  stele_str file;
  int32_t line, column; /* as in a finding */
  stele_str text;
} stele_note;

typedef struct stele_finding {
  stele_severity severity;
  stele_str file;       /* import path */
  int32_t line, column; /* 0-based, a tab goes to the next multiple of 8; -1: the file as a whole */
  int32_t end_column;   /* on the same line, exclusive; -1: unknown */
  stele_str text;       /* protoc's words where protoc has words for it */
  stele_str rule;       /* of a linter or judge: "FIELD_SAME_TYPE"; empty: the compiler */
  stele_str hint;       /* ours: what to do about it; may be empty */
  stele_str source_line; /* the line itself, for the caret; may be empty */
  const stele_note *notes;
  size_t note_count;
} stele_finding;

typedef struct stele_report stele_report;

/* A report keeps at most `most` findings (0: 1,000) and copies their texts into
 * `arena`, which it must not outlive. */
STELE_API stele_report *stele_report_new(stele_arena *arena, size_t most);

STELE_API bool stele_report_has_errors(const stele_report *report);
STELE_API size_t stele_report_error_count(const stele_report *report);

/* What was kept, in order of adding. */
STELE_API const stele_finding *stele_report_findings(const stele_report *report, size_t *count);

/* Stable sort by file, line, column. */
STELE_API void stele_report_sort(stele_report *report);

/* protoc: "file:line:col: text" and "file:line:col: warning: text", 1-based.
 * MSVS: protoc's other form, "file(line) : error in column=col: text".
 * pretty: as protoc's, then source line, caret, notes and hint; with colour on
 * request. JSON: one object a line. GitHub: workflow commands. SARIF: one
 * document of version 2.1.0, also when there are no findings; its columns count
 * code points. */
typedef enum stele_report_form {
  STELE_REPORT_PROTOC,
  STELE_REPORT_PRETTY,
  STELE_REPORT_COLOUR,
  STELE_REPORT_JSON,
  STELE_REPORT_GITHUB,
  STELE_REPORT_SARIF,
  STELE_REPORT_MSVS,
} stele_report_form;

/* The form that users call so: "protoc", "pretty", "json", "github", "sarif".
 * False: there is none. */
STELE_API bool stele_report_form_find(stele_str name, stele_report_form *out);

/* The whole report as text, in `arena`. */
STELE_API stele_str stele_report_text(const stele_report *report, stele_arena *arena,
                                      stele_report_form form);

#endif
