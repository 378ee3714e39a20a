/* SARIF 2.1.0 (OASIS): what code scanning tools read. One run, one result per
 * finding, the notes as related locations.
 *
 * A region counts code points, so protoc's columns (bytes, tabs to the next
 * multiple of 8) are counted again along the source line; without one, a result
 * names its line alone. */
#include "base/map.h"
#include "proto/report/report_internal.h"
#include "version.h"

enum { TAB_WIDTH = 8 };

static const stele_str compiler_rule = STELE_STR_INIT("compile");

static stele_str rule_of(const stele_finding *f) {
  return f->rule.len ? f->rule : compiler_rule;
}

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

void stele_report_add_uri(stele_buf *out, stele_str path) {
  static const char plain[] = "-._~/!$&'()*+,;=@";
  stele_buf_add_cstr(out, path.len && path.ptr[0] == '/' ? "\"file://" : "\"");
  for (size_t i = 0; i < path.len; i++) {
    uint8_t byte = (uint8_t)path.ptr[i];
    bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                    (byte >= '0' && byte <= '9') || (byte && strchr(plain, byte));
    if (is_plain) {
      stele_buf_add_byte(out, byte);
    } else {
      stele_buf_printf(out, "%%%02X", byte);
    }
  }
  stele_buf_add_byte(out, '"');
}

static void add_location(stele_buf *out, stele_str file, int32_t line, int64_t start, int64_t end) {
  stele_buf_add_cstr(out, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
  stele_report_add_uri(out, file);
  stele_buf_add_byte(out, '}');
  if (line >= 0) {
    stele_buf_printf(out, ",\"region\":{\"startLine\":%lld", (long long)line + 1);
    if (start >= 0) stele_buf_printf(out, ",\"startColumn\":%lld", (long long)start + 1);
    if (start >= 0 && end > start) {
      stele_buf_printf(out, ",\"endColumn\":%lld", (long long)end + 1);
    }
    stele_buf_add_byte(out, '}');
  }
  stele_buf_add_byte(out, '}');
}

static void add_message(stele_buf *out, stele_str text, stele_str hint) {
  stele_buf_add_cstr(out, "\"message\":{\"text\":");
  report_json_text(out, text);
  if (hint.len) {
    out->len--; /* into the string that was just closed */
    stele_buf_add_cstr(out, "\\n");
    size_t quote = out->len;
    report_json_text(out, hint);
    memmove(out->ptr + quote, out->ptr + quote + 1, out->len - quote - 1);
    out->len--;
  }
  stele_buf_add_byte(out, '}');
}

static void add_notes(stele_buf *out, const stele_finding *f) {
  if (f->note_count == 0) return;
  stele_buf_add_cstr(out, ",\"relatedLocations\":[");
  for (size_t i = 0; i < f->note_count; i++) {
    const stele_note *note = &f->notes[i];
    stele_buf_printf(out, "%s{\"id\":%zu,", i ? "," : "", i + 1);
    add_location(out, note->file, note->line, -1, -1);
    stele_buf_add_byte(out, ',');
    add_message(out, note->text, (stele_str){NULL, 0});
    stele_buf_add_byte(out, '}');
  }
  stele_buf_add_byte(out, ']');
}

static void add_result(stele_buf *out, const stele_finding *f, size_t rule) {
  stele_buf_add_cstr(out, "{\"ruleId\":");
  report_json_text(out, rule_of(f));
  stele_buf_printf(out, ",\"ruleIndex\":%zu,\"level\":\"%s\",", rule,
                   f->severity == STELE_SEVERITY_WARNING ? "warning" : "error");
  add_message(out, f->text, f->hint);
  if (f->file.len) {
    int64_t start = f->line < 0 ? -1 : code_points(f->source_line, f->column);
    int64_t end = start < 0 || f->end_column < 0 ? -1 : code_points(f->source_line, f->end_column);
    stele_buf_add_cstr(out, ",\"locations\":[{");
    add_location(out, f->file, f->line, start, end);
    stele_buf_add_cstr(out, "}]");
  }
  add_notes(out, f);
  stele_buf_add_byte(out, '}');
}

/* The rules that findings name, each once, in order; answers their indexes by
 * finding. */
static size_t *add_rules(stele_buf *out, const stele_report *report) {
  size_t *indexes = STELE_NEW_ARRAY(report->arena, size_t, report->findings.count);
  stele_map seen;
  size_t count = 0;
  stele_map_init(&seen, report->arena, 0);
  for (size_t i = 0; i < report->findings.count; i++) {
    stele_str rule = rule_of(&report->findings.at[i]);
    void **place = stele_map_add(&seen, rule);
    if (!*place) {
      *place = (void *)(uintptr_t)++count;
      stele_buf_add_cstr(out, count > 1 ? ",{\"id\":" : "{\"id\":");
      report_json_text(out, rule);
      stele_buf_add_byte(out, '}');
    }
    indexes[i] = (size_t)(uintptr_t)*place - 1;
  }
  return indexes;
}

void report_print_sarif(const stele_report *report, stele_buf *out) {
  stele_buf_add_cstr(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                          "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
                          "\"name\":\"stele\",\"version\":\"" STELE_VERSION "\",\"rules\":[");
  const size_t *rules = add_rules(out, report);
  stele_buf_add_cstr(out, "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[");
  for (size_t i = 0; i < report->findings.count; i++) {
    if (i) stele_buf_add_byte(out, ',');
    add_result(out, &report->findings.at[i], rules[i]);
  }
  stele_buf_add_cstr(out, "]}]}\n");
}
