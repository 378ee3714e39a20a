/* The forms. Each is a function and a row; what a finding lacks is left out as
 * the form allows. */
#include "cli/judge/findings.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "fmt/json.h"
#include "proto/report/sarif.h"

/* ---- order ---------------------------------------------------------------- */

static int number_order(int32_t a, int32_t b) {
  return (a > b) - (a < b);
}

int cli_finding_order(const void *left, const void *right) {
  const cli_finding *a = left, *b = right;
  int order = stele_str_order(a->path, b->path);
  if (!order) order = number_order(a->start_line, b->start_line);
  if (!order) order = number_order(a->start_column, b->start_column);
  if (!order) order = stele_str_order(a->rule, b->rule);
  if (!order) order = stele_str_order(a->message, b->message);
  if (!order) order = number_order(a->end_line, b->end_line);
  return order ? order : number_order(a->end_column, b->end_column);
}

void cli_findings_sort(cli_findings *findings) {
  size_t kept = 0;
  if (!findings->count) return;
  qsort(findings->at, findings->count, sizeof *findings->at, cli_finding_order);
  for (size_t i = 0; i < findings->count; i++) {
    if (kept && cli_finding_order(&findings->at[kept - 1], &findings->at[i]) == 0) continue;
    findings->at[kept++] = findings->at[i];
  }
  findings->count = kept;
}

/* ---- parts ---------------------------------------------------------------- */

static stele_str shown_path(const cli_finding *f) {
  return f->path.len ? f->path : STELE_STR("<input>");
}

static int32_t at_least_1(int32_t number) {
  return number < 1 ? 1 : number;
}

static void add_line(stele_buf *out, const cli_finding *f) {
  stele_buf_printf(out, STELE_STR_FMT ":%d:%d:" STELE_STR_FMT, STELE_STR_ARG(shown_path(f)),
                   at_least_1(f->start_line), at_least_1(f->start_column),
                   STELE_STR_ARG(f->message));
}

void cli_findings_json_str(stele_buf *out, const char *before, stele_str text) {
  stele_buf_add_cstr(out, before);
  stele_buf_add_byte(out, '"');
  size_t from = 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c != '<' && c != '>' && c != '&') continue;
    stele_json_escape(out, (stele_str){text.ptr + from, i - from});
    stele_buf_printf(out, "\\u%04x", (unsigned)c);
    from = i + 1;
  }
  stele_json_escape(out, (stele_str){text.ptr + from, text.len - from});
  stele_buf_add_byte(out, '"');
}

/* DEL, the controls above it and U+FFFE, U+FFFF: how many bytes one has; 0: none. */
static size_t unprintable_len(const char *at, const char *end, uint32_t *code) {
  size_t left = (size_t)(end - at);
  const uint8_t *bytes = (const uint8_t *)at;
  *code = bytes[0];
  if (bytes[0] == 0x7f) return 1;
  if (left > 1 && bytes[0] == 0xc2 && bytes[1] < 0xa0) {
    *code = bytes[1];
    return 2;
  }
  bool is_noncharacter = left > 2 && bytes[0] == 0xef && bytes[1] == 0xbf && bytes[2] > 0xbd;
  if (!is_noncharacter) return 0;
  *code = 0xfffe + (bytes[2] & 1u);
  return 3;
}

/* How many bytes of XML text stand at `at`. 0: nothing that XML 1.0 can say. */
static size_t xml_len(const char *at, const char *end) {
  uint8_t byte = (uint8_t)*at;
  if (byte < 0x80) return byte >= 0x20 && byte != 0x7f ? 1 : 0;
  size_t len = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  bool is_text = (size_t)(end - at) >= len && stele_utf8_is_valid((stele_str){at, len});
  return is_text ? len : 0;
}

/* What cannot be said, byte sequences that are no text included, is U+FFFD, as in
 * JSON. */
static void add_xml(stele_buf *out, stele_str text) {
  static const struct {
    char byte;
    const char *escaped;
  } rows[] = {{'"', "&#34;"}, {'\'', "&#39;"}, {'&', "&amp;"},  {'<', "&lt;"},
              {'>', "&gt;"},  {'\t', "&#x9;"}, {'\n', "&#xA;"}, {'\r', "&#xD;"}};
  for (const char *at = text.ptr, *end = text.ptr + text.len; at < end;) {
    const char *escaped = NULL;
    uint32_t code;
    size_t len = unprintable_len(at, end, &code);
    for (size_t j = 0; j < STELE_COUNT(rows); j++) {
      if (rows[j].byte == *at) escaped = rows[j].escaped;
    }
    if (len == 3) escaped = "\xef\xbf\xbd";
    if (!len) len = escaped ? 1 : xml_len(at, end);
    if (escaped || !len || code == 0x7f) {
      stele_buf_add_cstr(out, escaped ? escaped : "\xef\xbf\xbd");
    } else {
      stele_buf_add_str(out, (stele_str){at, len});
    }
    at += len ? len : 1;
  }
}

/* A part of a workflow command: what would end it is encoded; commas and colons only
 * where they would end a property. */
static void add_command_text(stele_buf *out, stele_str text, bool is_property) {
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','))) {
      stele_buf_printf(out, "%%%02X", (unsigned)c);
    } else {
      stele_buf_add_byte(out, (uint8_t)c);
    }
  }
}

static void add_yaml_quoted(stele_buf *out, stele_str path) {
  const char *from = path.ptr, *end = path.ptr + path.len;
  stele_buf_add_byte(out, '"');
  for (const char *at = path.ptr; at < end;) {
    uint32_t code;
    size_t len = unprintable_len(at, end, &code);
    if (len) {
      stele_json_escape(out, (stele_str){from, (size_t)(at - from)});
      stele_buf_printf(out, "\\u%04x", code);
      from = at + len;
    }
    at += len ? len : 1;
  }
  stele_json_escape(out, (stele_str){from, (size_t)(end - from)});
  stele_buf_add_byte(out, '"');
}

/* A path in YAML: as it is where nothing in it means anything there. */
static void add_yaml(stele_buf *out, stele_str path) {
  bool is_plain = path.len && !strchr("- ~", path.ptr[0]) && path.ptr[path.len - 1] != ' ' &&
                  stele_utf8_is_valid(path);
  for (size_t i = 0; i < path.len && is_plain; i++) {
    char c = path.ptr[i];
    uint32_t code;
    is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c && strchr("-._/+=~^()$; ", c)) || (c & 0x80);
    is_plain = is_plain && !unprintable_len(path.ptr + i, path.ptr + path.len, &code);
  }
  if (is_plain) {
    stele_buf_add_str(out, path);
  } else {
    add_yaml_quoted(out, path);
  }
}

/* ---- one line each -------------------------------------------------------- */

static bool print_text(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                       stele_err *err) {
  (void)arena;
  (void)err;
  for (size_t i = 0; i < findings->count; i++) {
    add_line(out, &findings->at[i]);
    stele_buf_add_byte(out, '\n');
  }
  return true;
}

static bool print_json(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                       stele_err *err) {
  (void)arena;
  (void)err;
  for (size_t i = 0; i < findings->count; i++) {
    const cli_finding *f = &findings->at[i];
    stele_buf_add_cstr(out, "{");
    if (f->path.len) cli_findings_json_str(out, "\"path\":", f->path);
    stele_buf_printf(out,
                     "%s\"start_line\":%d,\"start_column\":%d,\"end_line\":%d,"
                     "\"end_column\":%d",
                     f->path.len ? "," : "", at_least_1(f->start_line), at_least_1(f->start_column),
                     at_least_1(f->end_line), at_least_1(f->end_column));
    cli_findings_json_str(out, ",\"type\":", f->rule);
    cli_findings_json_str(out, ",\"message\":", f->message);
    stele_buf_add_cstr(out, "}\n");
  }
  return true;
}

static bool print_msvs(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                       stele_err *err) {
  (void)arena;
  (void)err;
  for (size_t i = 0; i < findings->count; i++) {
    const cli_finding *f = &findings->at[i];
    stele_buf_printf(out, STELE_STR_FMT "(%d,%d) : error " STELE_STR_FMT " : " STELE_STR_FMT "\n",
                     STELE_STR_ARG(shown_path(f)), at_least_1(f->start_line),
                     at_least_1(f->start_column), STELE_STR_ARG(f->rule),
                     STELE_STR_ARG(f->message));
  }
  return true;
}

static bool print_github(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                         stele_err *err) {
  (void)arena;
  (void)err;
  for (size_t i = 0; i < findings->count; i++) {
    const cli_finding *f = &findings->at[i];
    const struct {
      const char *name;
      int32_t value;
    } parts[] = {{"line", f->start_line},
                 {"col", f->start_column},
                 {"endLine", f->end_line},
                 {"endColumn", f->end_column}};
    stele_buf_add_cstr(out, "::error file=");
    add_command_text(out, shown_path(f), true);
    for (size_t j = 0; j < STELE_COUNT(parts) && f->start_line > 0; j++) {
      if (parts[j].value > 0) stele_buf_printf(out, ",%s=%d", parts[j].name, parts[j].value);
    }
    stele_buf_add_cstr(out, "::");
    add_command_text(out, f->message, false);
    stele_buf_add_byte(out, '\n');
  }
  return true;
}

/* ---- JUnit ---------------------------------------------------------------- */

static void add_case(stele_buf *out, const cli_finding *f) {
  stele_buf line;
  stele_buf_init(&line, NULL, 0);
  add_line(&line, f);
  stele_buf_printf(out, "    <testcase name=\"" STELE_STR_FMT, STELE_STR_ARG(f->rule));
  if (f->start_column) {
    stele_buf_printf(out, "_%d_%d", f->start_line, f->start_column);
  } else if (f->start_line) {
    stele_buf_printf(out, "_%d", f->start_line);
  }
  stele_buf_add_cstr(out, "\">\n      <failure message=\"");
  add_xml(out, stele_buf_str(&line));
  stele_buf_printf(out, "\" type=\"" STELE_STR_FMT "\"></failure>\n    </testcase>\n",
                   STELE_STR_ARG(f->rule));
  stele_buf_release(&line);
}

static bool print_junit(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                        stele_err *err) {
  (void)arena;
  (void)err;
  stele_buf_add_cstr(out, "<testsuites>\n");
  for (size_t from = 0, to; from < findings->count; from = to) {
    stele_str path = shown_path(&findings->at[from]), bare = path;
    for (to = from; to < findings->count; to++) {
      if (!stele_str_eq(shown_path(&findings->at[to]), path)) break;
    }
    if (bare.len > 6 && memcmp(bare.ptr + bare.len - 6, ".proto", 6) == 0) bare.len -= 6;
    stele_buf_add_cstr(out, "  <testsuite name=\"");
    add_xml(out, bare);
    stele_buf_printf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", to - from,
                     to - from);
    for (size_t i = from; i < to; i++) add_case(out, &findings->at[i]);
    stele_buf_add_cstr(out, "  </testsuite>\n");
  }
  stele_buf_add_cstr(out, "</testsuites>\n");
  return true;
}

/* ---- GitLab --------------------------------------------------------------- */

static void add_position(stele_buf *out, const char *before, int32_t line, int32_t column) {
  stele_buf_printf(out, "%s{", before);
  if (line) stele_buf_printf(out, "\"line\":%d", line);
  if (column) stele_buf_printf(out, "%s\"column\":%d", line ? "," : "", column);
  stele_buf_add_cstr(out, "}");
}

/* The fingerprint is that of the object without it. */
static void add_issue(stele_buf *out, const cli_finding *f, const char *fingerprint) {
  cli_findings_json_str(out, "{\"description\":", f->message);
  cli_findings_json_str(out, ",\"check_name\":", f->rule);
  if (fingerprint) stele_buf_printf(out, ",\"fingerprint\":\"%s\"", fingerprint);
  stele_buf_add_cstr(out, ",\"location\":{");
  if (f->path.len) {
    cli_findings_json_str(out, "\"path\":", f->path);
    stele_buf_add_byte(out, ',');
  }
  add_position(out, "\"positions\":{\"begin\":", f->start_line, f->start_column);
  add_position(out, ",\"end\":", f->end_line, f->end_column);
  stele_buf_add_cstr(out, "}},\"severity\":\"minor\"}");
}

static bool print_gitlab(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                         stele_err *err) {
  (void)arena;
  stele_buf_add_cstr(out, "[");
  for (size_t i = 0; i < findings->count; i++) {
    stele_buf bare;
    stele_shake256 digest;
    char hex[2 * STELE_SHAKE256_BYTES + 1] = "";
    stele_buf_init(&bare, NULL, 0);
    add_issue(&bare, &findings->at[i], NULL);
    stele_str text = stele_buf_str(&bare);
    bool ok = stele_shake256_of(&text, 1, &digest, err);
    stele_buf_release(&bare);
    if (!ok) return false;
    for (size_t j = 0; j < STELE_SHAKE256_BYTES; j++) {
      static const char digits[] = "0123456789abcdef";
      hex[2 * j] = digits[digest.bytes[j] >> 4];
      hex[2 * j + 1] = digits[digest.bytes[j] & 15];
    }
    if (i) stele_buf_add_byte(out, ',');
    add_issue(out, &findings->at[i], hex);
  }
  stele_buf_add_cstr(out, "]\n");
  return true;
}

/* ---- SARIF ---------------------------------------------------------------- */

static bool print_sarif(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                        stele_err *err) {
  (void)err;
  stele_sarif_result *results = STELE_NEW_ARRAY(arena, stele_sarif_result, findings->count);
  for (size_t i = 0; i < findings->count; i++) {
    const cli_finding *f = &findings->at[i];
    results[i] = (stele_sarif_result){.rule = f->rule,
                                      .purpose = f->purpose,
                                      .text = f->message,
                                      .hint = f->hint,
                                      .file = f->path.len ? f->path : f->name,
                                      .line = f->start_line,
                                      .column = f->start_column,
                                      .end_line = f->end_line,
                                      .end_column = f->end_column};
  }
  stele_sarif_print(arena, results, findings->count, out);
  return true;
}

/* ---- what to write into the configuration so that this passes ------------- */

static int rule_order(const void *left, const void *right) {
  const cli_finding *const *a = left, *const *b = right;
  int order = stele_str_order((*a)->rule, (*b)->rule);
  return order ? order : stele_str_order((*a)->name, (*b)->name);
}

static bool print_ignores(stele_arena *arena, const cli_findings *findings, stele_buf *out,
                          stele_err *err) {
  (void)err;
  const cli_finding **sorted = STELE_NEW_ARRAY(arena, const cli_finding *, findings->count);
  bool is_breaking = findings->count && findings->at[0].is_breaking;
  for (size_t i = 0; i < findings->count; i++) sorted[i] = &findings->at[i];
  qsort(sorted, findings->count, sizeof *sorted, rule_order);
  stele_buf_printf(out, "version: v1\n%s:\n  ignore_only:\n", is_breaking ? "breaking" : "lint");
  for (size_t i = 0; i < findings->count; i++) {
    bool same_rule = i && stele_str_eq(sorted[i - 1]->rule, sorted[i]->rule);
    if (same_rule && stele_str_eq(sorted[i - 1]->name, sorted[i]->name)) continue;
    if (!same_rule)
      stele_buf_printf(out, "    " STELE_STR_FMT ":\n", STELE_STR_ARG(sorted[i]->rule));
    stele_buf_add_cstr(out, "      - ");
    add_yaml(out, sorted[i]->name);
    stele_buf_add_byte(out, '\n');
  }
  return true;
}

/* ---- the table ------------------------------------------------------------ */

const cli_findings_form cli_findings_forms[] = {
    {"text", print_text, false},
    {"json", print_json, false},
    {"msvs", print_msvs, false},
    {"junit", print_junit, false},
    {"github-actions", print_github, false},
    {"gitlab-code-quality", print_gitlab, false},
    {"sarif", print_sarif, true},
    {"config-ignore-yaml", print_ignores, false},
    {"github", print_github, false}, /* what stele build calls it */
    {"gitlab", print_gitlab, false},
    {NULL, NULL, false},
};

const cli_findings_form *cli_findings_form_find(stele_str name) {
  for (const cli_findings_form *form = cli_findings_forms; form->name; form++) {
    if (stele_str_eq(stele_cstr(form->name), name)) return form;
  }
  return NULL;
}
