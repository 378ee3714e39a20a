/* report: stele/report.h for our own code: the side that finds.
 *
 * In:   findings, in the order protoc gives them.
 * Deps: base, proto/source. */
#ifndef STELE_PROTO_REPORT_REPORT_H
#define STELE_PROTO_REPORT_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "proto/source/source.h"
#include "stele/report.h"

/* Adds a finding; all texts are copied. */
void stele_report_add(stele_report *report, const stele_finding *finding);

/* Adds an error or a warning at a place ({-1, -1}: no place). */
void stele_report_at(stele_report *report, stele_severity severity, stele_str file,
                     stele_place place, const char *format, ...) STELE_PRINTF(5, 6);

/* Says more about the finding that was added last: what to do about it, or where
 * else to look. Nothing, when that was past the limit. */
void stele_report_hint(stele_report *report, const char *format, ...) STELE_PRINTF(2, 3);
void stele_report_note(stele_report *report, stele_str file, stele_place place, const char *format,
                       ...) STELE_PRINTF(4, 5);

/* Gives the findings' files other names, say where they lie on a disk. `name`
 * is asked once for each run of findings in one file. */
void stele_report_name_files(stele_report *report, stele_str (*name)(void *arg, stele_str file),
                             void *arg);

/* Appends the whole report. */
void stele_report_print(const stele_report *report, stele_report_form form, stele_buf *out);

#endif
