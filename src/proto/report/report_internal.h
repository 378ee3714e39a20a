/* report_internal: what a report is made of, shared by its own files only. */
#ifndef STELE_PROTO_REPORT_REPORT_INTERNAL_H
#define STELE_PROTO_REPORT_REPORT_INTERNAL_H

#include "base/vec.h"
#include "proto/report/report.h"

struct stele_report {
  stele_arena *arena;
  STELE_VEC(stele_finding) findings;
  size_t most;
  size_t error_count;   /* seen, kept or not */
  size_t dropped_count; /* seen after the limit */
  bool has_last;        /* the one added last was kept */
};

/* A JSON string: what is not UTF-8 becomes U+FFFD, byte by byte. */
void report_json_text(stele_buf *out, stele_str text);

/* The whole report as a SARIF document. */
void report_print_sarif(const stele_report *report, stele_buf *out);

#endif
