/* A report as text, one function per form.
 *
 * protoc's form is exact, raw bytes included: it is compared with protoc's own.
 * The forms for people and machines never let a control byte of the user's
 * text through: a terminal would obey it, and JSON forbids it. */
#include <stdio.h>

#include "base/err.h"
#include "base/utf8.h"
#include "proto/report/report_internal.h"

enum { TAB_WIDTH = 8, GUTTER = 6 };

typedef struct palette {
  const char *place, *error, *warning, *dim, *off;
} palette;

static const palette plain = {"", "", "", "", ""};
static const palette coloured = {"\x1b[1m", "\x1b[1;31m", "\x1b[1;35m", "\x1b[36m", "\x1b[0m"};

static const char *severity_name(stele_severity severity) {
  return severity == STELE_SEVERITY_WARNING ? "warning" : "error";
}

static void print_protoc(const stele_finding *f, stele_buf *out) {
  stele_buf_add_str(out, f->file);
  if (f->line >= 0) {
    stele_buf_add_byte(out, ':');
    stele_buf_add_i64(out, (int64_t)f->line + 1);
    stele_buf_add_byte(out, ':');
    stele_buf_add_i64(out, (int64_t)f->column + 1);
  }
  stele_buf_add_cstr(out, f->severity == STELE_SEVERITY_WARNING ? ": warning: " : ": ");
  stele_buf_add_str(out, f->text);
  stele_buf_add_byte(out, '\n');
}

static void print_msvs(const stele_finding *f, stele_buf *out) {
  stele_buf_add_str(out, f->file);
  if (f->line >= 0) {
    stele_buf_printf(out, "(%lld) : %s in column=%lld", (long long)f->line + 1,
                     severity_name(f->severity), (long long)f->column + 1);
  }
  stele_buf_add_cstr(out, f->severity == STELE_SEVERITY_WARNING ? ": warning: " : ": ");
  stele_buf_add_str(out, f->text);
  stele_buf_add_byte(out, '\n');
}

/* Control bytes become '?', so that no text can steer a terminal. */
static void add_visible(stele_buf *out, stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t byte = (uint8_t)text.ptr[i];
    bool is_control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    stele_buf_add_byte(out, is_control ? '?' : byte);
  }
}

static bool continues_a_character(char byte) {
  return ((uint8_t)byte & 0xc0) == 0x80;
}

/* White space as wide as what stands in `line` before `column`: tabs stay tabs,
 * so that the caret lands right whatever a tab is worth on this terminal.
 * Answers the byte reached. */
static size_t add_indent(stele_buf *out, stele_str line, int32_t column, size_t skip) {
  int32_t at = (int32_t)skip;
  size_t i = skip;
  for (; i < line.len && at < column; i++) {
    bool is_tab = line.ptr[i] == '\t';
    at = is_tab ? at + TAB_WIDTH - at % TAB_WIDTH : at + 1;
    if (!continues_a_character(line.ptr[i])) stele_buf_add_byte(out, is_tab ? '\t' : ' ');
  }
  return i;
}

static void add_caret(stele_buf *out, const stele_finding *f, size_t skip) {
  size_t at = add_indent(out, f->source_line, f->column, skip);
  stele_buf_add_byte(out, '^');
  int32_t width = f->end_column - f->column;
  for (int32_t i = 1; i < width && at + (size_t)i < f->source_line.len; i++) {
    if (!continues_a_character(f->source_line.ptr[at + (size_t)i])) stele_buf_add_byte(out, '~');
  }
}

static void add_source(const stele_finding *f, const palette *p, stele_buf *out) {
  static const char mark[] = "\xef\xbb\xbf";
  bool has_mark = f->source_line.len >= 3 && memcmp(f->source_line.ptr, mark, 3) == 0;
  size_t skip = has_mark ? 3 : 0;
  char number[32];
  int len = snprintf(number, sizeof number, "%*lld", GUTTER, (long long)f->line + 1);

  stele_buf_printf(out, "%s%s |%s ", p->dim, number, p->off);
  add_visible(out, (stele_str){f->source_line.ptr + skip, f->source_line.len - skip});
  stele_buf_printf(out, "\n%s", p->dim);
  stele_buf_add_spaces(out, (size_t)len);
  stele_buf_printf(out, " |%s %s", p->off, p->error);
  add_caret(out, f, skip);
  stele_buf_printf(out, "%s\n", p->off);
}

static void add_place(stele_buf *out, stele_str file, int32_t line, int32_t column) {
  add_visible(out, file);
  if (line < 0) return;
  stele_buf_printf(out, ":%lld:%lld", (long long)line + 1, (long long)column + 1);
}

static void add_more(stele_buf *out, const palette *p, const char *kind) {
  stele_buf_add_spaces(out, GUTTER);
  stele_buf_printf(out, " %s=%s %s: ", p->dim, p->off, kind);
}

static void print_pretty(const stele_finding *f, const palette *p, stele_buf *out) {
  bool is_warning = f->severity == STELE_SEVERITY_WARNING;
  stele_buf_add_cstr(out, p->place);
  add_place(out, f->file, f->line, f->column);
  stele_buf_printf(out, ":%s ", p->off);
  if (is_warning) stele_buf_printf(out, "%swarning:%s ", p->warning, p->off);
  stele_buf_add_cstr(out, is_warning ? "" : p->error);
  add_visible(out, f->text);
  stele_buf_add_cstr(out, is_warning ? "" : p->off);
  if (f->rule.len) {
    stele_buf_printf(out, " %s(", p->dim);
    add_visible(out, f->rule);
    stele_buf_printf(out, ")%s", p->off);
  }
  stele_buf_add_byte(out, '\n');
  if (f->line >= 0 && f->source_line.len) add_source(f, p, out);
  for (size_t i = 0; i < f->note_count; i++) {
    add_more(out, p, "note");
    add_place(out, f->notes[i].file, f->notes[i].line, f->notes[i].column);
    stele_buf_add_cstr(out, ": ");
    add_visible(out, f->notes[i].text);
    stele_buf_add_byte(out, '\n');
  }
  if (f->hint.len == 0) return;
  add_more(out, p, "hint");
  add_visible(out, f->hint);
  stele_buf_add_byte(out, '\n');
}

void report_json_text(stele_buf *out, stele_str text) {
  stele_buf_add_byte(out, '"');
  while (text.len) {
    size_t valid = stele_utf8_valid_len(text);
    for (size_t i = 0; i < valid; i++) {
      uint8_t byte = (uint8_t)text.ptr[i];
      if (byte == '"' || byte == '\\') stele_buf_add_byte(out, '\\');
      if (byte < 0x20 || byte == 0x7f) {
        stele_buf_printf(out, "\\u%04x", byte);
      } else {
        stele_buf_add_byte(out, byte);
      }
    }
    if (valid < text.len) {
      stele_buf_add_cstr(out, "\xef\xbf\xbd");
      valid++;
    }
    text = (stele_str){text.ptr + valid, text.len - valid};
  }
  stele_buf_add_byte(out, '"');
}

static void add_json_number(stele_buf *out, const char *name, int64_t value) {
  stele_buf_printf(out, ",\"%s\":", name);
  stele_buf_add_i64(out, value);
}

static void add_json_place(stele_buf *out, stele_str file, int32_t line, int32_t column) {
  stele_buf_add_cstr(out, "\"file\":");
  report_json_text(out, file);
  if (line < 0) return;
  add_json_number(out, "line", (int64_t)line + 1);
  add_json_number(out, "column", (int64_t)column + 1);
}

static void add_json_member(stele_buf *out, const char *name, stele_str text) {
  stele_buf_printf(out, ",\"%s\":", name);
  report_json_text(out, text);
}

static void print_json(const stele_finding *f, stele_buf *out) {
  stele_buf_printf(out, "{\"severity\":\"%s\",", severity_name(f->severity));
  add_json_place(out, f->file, f->line, f->column);
  if (f->line >= 0 && f->end_column >= 0) {
    add_json_number(out, "end_column", (int64_t)f->end_column + 1);
  }
  if (f->rule.len) add_json_member(out, "rule", f->rule);
  add_json_member(out, "text", f->text);
  for (size_t i = 0; i < f->note_count; i++) {
    stele_buf_add_cstr(out, i ? ",{" : ",\"notes\":[{");
    add_json_place(out, f->notes[i].file, f->notes[i].line, f->notes[i].column);
    add_json_member(out, "text", f->notes[i].text);
    stele_buf_add_byte(out, '}');
  }
  if (f->note_count) stele_buf_add_byte(out, ']');
  if (f->hint.len) add_json_member(out, "hint", f->hint);
  stele_buf_add_cstr(out, "}\n");
}

/* GitHub workflow commands: percent-encoding for what would end a line, and in
 * properties also for what would end a property. */
static void add_github_text(stele_buf *out, stele_str text, bool is_property) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t byte = (uint8_t)text.ptr[i];
    bool is_special =
        byte == '%' || byte < 0x20 || byte == 0x7f || (is_property && (byte == ':' || byte == ','));
    if (is_special) {
      stele_buf_printf(out, "%%%02X", byte);
    } else {
      stele_buf_add_byte(out, byte);
    }
  }
}

static void print_github(const stele_finding *f, stele_buf *out) {
  stele_buf_printf(out, "::%s file=", severity_name(f->severity));
  add_github_text(out, f->file, true);
  if (f->line >= 0) {
    stele_buf_printf(out, ",line=%lld,col=%lld", (long long)f->line + 1, (long long)f->column + 1);
    if (f->end_column >= 0) stele_buf_printf(out, ",endColumn=%lld", (long long)f->end_column + 1);
  }
  if (f->rule.len) {
    stele_buf_add_cstr(out, ",title=");
    add_github_text(out, f->rule, true);
  }
  stele_buf_add_cstr(out, "::");
  add_github_text(out, f->text, false);
  for (size_t i = 0; i < f->note_count; i++) {
    const stele_note *note = &f->notes[i];
    stele_buf_add_cstr(out, "%0A");
    add_github_text(out, note->file, false);
    if (note->line >= 0) {
      stele_buf_printf(out, ":%lld:%lld", (long long)note->line + 1, (long long)note->column + 1);
    }
    stele_buf_add_cstr(out, ": ");
    add_github_text(out, note->text, false);
  }
  if (f->hint.len) {
    stele_buf_add_cstr(out, "%0A");
    add_github_text(out, f->hint, false);
  }
  stele_buf_add_byte(out, '\n');
}

static void print_one(const stele_finding *f, stele_report_form form, stele_buf *out) {
  switch (form) {
  case STELE_REPORT_PROTOC: print_protoc(f, out); break;
  case STELE_REPORT_PRETTY: print_pretty(f, &plain, out); break;
  case STELE_REPORT_COLOUR: print_pretty(f, &coloured, out); break;
  case STELE_REPORT_JSON: print_json(f, out); break;
  case STELE_REPORT_GITHUB: print_github(f, out); break;
  case STELE_REPORT_SARIF: break; /* is more than its findings */
  case STELE_REPORT_MSVS: print_msvs(f, out); break;
  }
}

bool stele_report_form_find(stele_str name, stele_report_form *out) {
  static const struct {
    stele_str name;
    stele_report_form form;
  } rows[] = {
      {STELE_STR_INIT("protoc"), STELE_REPORT_PROTOC},
      {STELE_STR_INIT("pretty"), STELE_REPORT_PRETTY},
      {STELE_STR_INIT("json"), STELE_REPORT_JSON},
      {STELE_STR_INIT("github"), STELE_REPORT_GITHUB},
      {STELE_STR_INIT("sarif"), STELE_REPORT_SARIF},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (!stele_str_eq(name, rows[i].name)) continue;
    *out = rows[i].form;
    return true;
  }
  return false;
}

void stele_report_print(const stele_report *report, stele_report_form form, stele_buf *out) {
  if (form == STELE_REPORT_SARIF) {
    report_print_sarif(report, out);
    return;
  }
  for (size_t i = 0; i < report->findings.count; i++) {
    print_one(&report->findings.at[i], form, out);
  }
  bool is_for_people = form == STELE_REPORT_PRETTY || form == STELE_REPORT_COLOUR;
  if (is_for_people && report->dropped_count) {
    stele_buf_printf(out, "and %zu more\n", report->dropped_count);
  }
}

stele_str stele_report_text(const stele_report *report, stele_arena *arena,
                            stele_report_form form) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  stele_report_print(report, form, &out);
  return stele_buf_str(&out);
}
