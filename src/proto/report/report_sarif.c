/* A report as results of SARIF.
 *
 * A region counts code points, so protoc's columns (bytes, tabs to the next
 * multiple of 8) are counted again along the source line; without one, a result
 * names its line alone. */
#include "proto/report/report_internal.h"
#include "proto/report/sarif.h"

enum { TAB_WIDTH = 8 };

/* The code points of `line` before protoc's `column`; -1 when the line is not
 * at hand. */
static int64_t code_points(stele_str line, int32_t column) {
  if (line.len == 0 && column > 0) return -1;
  int64_t count = 0;
  int32_t at = 0;
  for (size_t i = 0; i < line.len && at < column; i++) {
    at = line.ptr[i] == '\t' ? at + TAB_WIDTH - at % TAB_WIDTH : at + 1;
    count += ((uint8_t)line.ptr[i] & 0xc0) != 0x80;
  }
  return count;
}

static stele_sarif_result result_of(const stele_finding *f) {
  int64_t start = f->line < 0 ? -1 : code_points(f->source_line, f->column);
  int64_t end = start < 0 || f->end_column < 0 ? -1 : code_points(f->source_line, f->end_column);
  return (stele_sarif_result){.severity = f->severity,
                              .rule = f->rule.len ? f->rule : STELE_STR("compile"),
                              .text = f->text,
                              .hint = f->hint,
                              .file = f->file,
                              .line = (int64_t)f->line + 1,
                              .column = start + 1,
                              .end_column = end > start ? end + 1 : 0,
                              .notes = f->notes,
                              .note_count = f->note_count};
}

void report_print_sarif(const stele_report *report, stele_buf *out) {
  size_t count = report->findings.count;
  stele_sarif_result *results = STELE_NEW_ARRAY(report->arena, stele_sarif_result, count);
  for (size_t i = 0; i < count; i++) results[i] = result_of(&report->findings.at[i]);
  stele_sarif_print(report->arena, results, count, out);
}
