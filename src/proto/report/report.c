/* The list of findings. Texts are copied, since a report outlives the sources
 * and arenas that findings come from; past the limit it only counts, so that a
 * hostile file cannot fill memory with complaints about itself. */
#include "proto/report/report.h"

#include <stdarg.h>
#include <stdlib.h>

#include "proto/report/report_internal.h"

/* A longer line is not shown: a caret below it would help nobody. */
enum { MOST_FINDINGS = 1000, LONGEST_SHOWN_LINE = 1000 };

stele_report *stele_report_new(stele_arena *arena, size_t most) {
  stele_report *report = STELE_NEW(arena, stele_report);
  report->arena = arena;
  report->most = most ? most : MOST_FINDINGS;
  return report;
}

/* File names repeat: one copy serves all findings in a row. */
static stele_str copy_file(stele_report *report, stele_str file) {
  size_t count = report->findings.count;
  if (count && stele_str_eq(report->findings.at[count - 1].file, file)) {
    return report->findings.at[count - 1].file;
  }
  return stele_str_copy(report->arena, file);
}

static const stele_note *copy_notes(stele_report *report, const stele_note *notes, size_t count) {
  stele_note *copies = STELE_NEW_ARRAY(report->arena, stele_note, count);
  for (size_t i = 0; i < count; i++) {
    copies[i] = notes[i];
    copies[i].file = stele_str_copy(report->arena, notes[i].file);
    copies[i].text = stele_str_copy(report->arena, notes[i].text);
  }
  return copies;
}

void stele_report_add(stele_report *report, const stele_finding *finding) {
  if (finding->severity == STELE_SEVERITY_ERROR) report->error_count++;
  report->has_last = report->findings.count < report->most;
  if (!report->has_last) {
    report->dropped_count++;
    return;
  }
  stele_finding copy = *finding;
  copy.file = copy_file(report, finding->file);
  copy.text = stele_str_copy(report->arena, finding->text);
  copy.rule = stele_str_copy(report->arena, finding->rule);
  copy.hint = stele_str_copy(report->arena, finding->hint);
  copy.notes = copy_notes(report, finding->notes, finding->note_count);
  bool shown = finding->source_line.len <= LONGEST_SHOWN_LINE;
  copy.source_line = shown ? stele_str_copy(report->arena, finding->source_line) : (stele_str){0};
  STELE_VEC_PUSH(report->arena, &report->findings, copy);
}

static stele_str formatted(stele_report *report, const char *format, va_list args) {
  stele_buf text;
  stele_buf_init(&text, report->arena, 0);
  stele_buf_vprintf(&text, format, args);
  return stele_buf_str(&text);
}

void stele_report_at(stele_report *report, stele_severity severity, stele_str file,
                     stele_place place, const char *format, ...) {
  va_list args;
  va_start(args, format);
  stele_str text = formatted(report, format, args);
  va_end(args);
  stele_report_add(report, &(stele_finding){.severity = severity,
                                            .file = file,
                                            .line = place.line,
                                            .column = place.column,
                                            .end_column = -1,
                                            .text = text});
}

static stele_finding *last_of(stele_report *report) {
  return report->has_last ? &report->findings.at[report->findings.count - 1] : NULL;
}

void stele_report_hint(stele_report *report, const char *format, ...) {
  stele_finding *last = last_of(report);
  if (!last) return;
  va_list args;
  va_start(args, format);
  last->hint = formatted(report, format, args);
  va_end(args);
}

void stele_report_note(stele_report *report, stele_str file, stele_place place, const char *format,
                       ...) {
  stele_finding *last = last_of(report);
  if (!last) return;
  stele_note *notes = STELE_NEW_ARRAY(report->arena, stele_note, last->note_count + 1);
  for (size_t i = 0; i < last->note_count; i++) notes[i] = last->notes[i];
  va_list args;
  va_start(args, format);
  notes[last->note_count++] = (stele_note){.file = stele_str_copy(report->arena, file),
                                           .line = place.line,
                                           .column = place.column,
                                           .text = formatted(report, format, args)};
  va_end(args);
  last->notes = notes;
}

bool stele_report_has_errors(const stele_report *report) {
  return report->error_count > 0;
}

size_t stele_report_error_count(const stele_report *report) {
  return report->error_count;
}

const stele_finding *stele_report_findings(const stele_report *report, size_t *count) {
  *count = report->findings.count;
  return report->findings.at;
}

static stele_str name_of(stele_report *report, stele_str (*name)(void *arg, stele_str file),
                         void *arg, stele_str file) {
  return stele_str_copy(report->arena, name(arg, file));
}

void stele_report_name_files(stele_report *report, stele_str (*name)(void *arg, stele_str file),
                             void *arg) {
  stele_str old = {NULL, 0}, new = {NULL, 0};
  for (size_t i = 0; i < report->findings.count; i++) {
    stele_finding *finding = &report->findings.at[i];
    if (!old.ptr || !stele_str_eq(old, finding->file)) {
      old = finding->file;
      new = name_of(report, name, arg, old);
    }
    finding->file = new;
    for (size_t k = 0; k < finding->note_count; k++) {
      stele_note *note = (stele_note *)(uintptr_t)&finding->notes[k];
      note->file = stele_str_eq(note->file, old) ? new : name_of(report, name, arg, note->file);
    }
  }
}

/* By file, line, column; findings of one place stay in order, since each
 * stands in the array it came from. */
static int compare_findings(const void *left, const void *right) {
  const stele_finding *a = *(const stele_finding *const *)left;
  const stele_finding *b = *(const stele_finding *const *)right;
  int order = stele_str_order(a->file, b->file);
  if (order == 0) order = (a->line > b->line) - (a->line < b->line);
  if (order == 0) order = (a->column > b->column) - (a->column < b->column);
  if (order == 0) order = (a > b) - (a < b);
  return order;
}

void stele_report_sort(stele_report *report) {
  size_t count = report->findings.count;
  if (count < 2) return;
  const stele_finding **order = STELE_NEW_ARRAY(report->arena, const stele_finding *, count);
  for (size_t i = 0; i < count; i++) order[i] = &report->findings.at[i];
  qsort(order, count, sizeof *order, compare_findings);
  stele_finding *sorted = STELE_NEW_ARRAY(report->arena, stele_finding, count);
  for (size_t i = 0; i < count; i++) sorted[i] = *order[i];
  report->findings.at = sorted;
  report->findings.cap = count;
}
