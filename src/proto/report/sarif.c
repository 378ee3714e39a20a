#include "proto/report/sarif.h"

#include "base/map.h"
#include "proto/report/report_internal.h"
#include "version.h"

/* A path as a URI reference in quotes: what RFC 3986 does not let stand is encoded,
 * and an absolute path has a scheme. */
static void add_uri(stele_buf *out, stele_str path) {
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

static void add_number(stele_buf *out, const char *name, int64_t value) {
  if (value > 0) stele_buf_printf(out, ",\"%s\":%lld", name, (long long)value);
}

static void add_location(stele_buf *out, stele_str file, const stele_sarif_result *at) {
  stele_buf_add_cstr(out, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
  add_uri(out, file);
  stele_buf_add_byte(out, '}');
  if (at->line > 0) {
    stele_buf_printf(out, ",\"region\":{\"startLine\":%lld", (long long)at->line);
    add_number(out, "startColumn", at->column);
    add_number(out, "endLine", at->end_line);
    add_number(out, "endColumn", at->end_column);
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

static void add_notes(stele_buf *out, const stele_sarif_result *r) {
  if (r->note_count == 0) return;
  stele_buf_add_cstr(out, ",\"relatedLocations\":[");
  for (size_t i = 0; i < r->note_count; i++) {
    const stele_note *note = &r->notes[i];
    stele_buf_printf(out, "%s{\"id\":%zu,", i ? "," : "", i + 1);
    add_location(out, note->file, &(stele_sarif_result){.line = (int64_t)note->line + 1});
    stele_buf_add_byte(out, ',');
    add_message(out, note->text, (stele_str){NULL, 0});
    stele_buf_add_byte(out, '}');
  }
  stele_buf_add_byte(out, ']');
}

static void add_result(stele_buf *out, const stele_sarif_result *r, size_t rule) {
  stele_buf_add_cstr(out, "{\"ruleId\":");
  report_json_text(out, r->rule);
  stele_buf_printf(out, ",\"ruleIndex\":%zu,\"level\":\"%s\",", rule,
                   r->severity == STELE_SEVERITY_WARNING ? "warning" : "error");
  add_message(out, r->text, r->hint);
  if (r->file.len) {
    stele_buf_add_cstr(out, ",\"locations\":[{");
    add_location(out, r->file, r);
    stele_buf_add_cstr(out, "}]");
  }
  add_notes(out, r);
  stele_buf_add_byte(out, '}');
}

static void add_rule(stele_buf *out, const stele_sarif_result *r) {
  stele_buf_add_cstr(out, "{\"id\":");
  report_json_text(out, r->rule);
  if (r->purpose.len) {
    stele_buf_add_cstr(out, ",\"shortDescription\":{\"text\":");
    report_json_text(out, r->purpose);
    stele_buf_add_byte(out, '}');
  }
  stele_buf_add_byte(out, '}');
}

/* The rules that results name, each once, in order; answers their indexes by
 * result. */
static size_t *add_rules(stele_arena *arena, const stele_sarif_result *results, size_t count,
                         stele_buf *out) {
  size_t *indexes = STELE_NEW_ARRAY(arena, size_t, count), rules = 0;
  stele_map seen;
  stele_map_init(&seen, arena, 0);
  for (size_t i = 0; i < count; i++) {
    void **place = stele_map_add(&seen, results[i].rule);
    if (!*place) {
      if (rules) stele_buf_add_byte(out, ',');
      *place = (void *)(uintptr_t)++rules;
      add_rule(out, &results[i]);
    }
    indexes[i] = (size_t)(uintptr_t)*place - 1;
  }
  return indexes;
}

void stele_sarif_print(stele_arena *arena, const stele_sarif_result *results, size_t count,
                       stele_buf *out) {
  stele_buf_add_cstr(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                          "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
                          "\"name\":\"stele\",\"version\":\"" STELE_VERSION "\",\"rules\":[");
  const size_t *rules = add_rules(arena, results, count, out);
  stele_buf_add_cstr(out, "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[");
  for (size_t i = 0; i < count; i++) {
    if (i) stele_buf_add_byte(out, ',');
    add_result(out, &results[i], rules[i]);
  }
  stele_buf_add_cstr(out, "]}]}\n");
}
