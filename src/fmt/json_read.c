/* Reading: one pass, one function per production of RFC 8259.
 *
 * UTF-8 is checked once over the whole text, eight bytes at a time, so that
 * strings need only the scan for what ends or escapes them. A string without
 * escapes, as nearly all are, is not copied. Lines are counted where white
 * space is skipped: a raw newline can stand nowhere else. */
#include <stdarg.h>
#include <stdio.h>

#include "base/guard.h"
#include "base/utf8.h"
#include "fmt/json_internal.h"

typedef struct json_reader {
  const char *start, *at, *end;
  const char *line_start;
  uint32_t line;
  json_builder build;
  stele_json_place *where; /* of the failure */
  stele_err *err;
  bool ok;
} json_reader;

static stele_json_place place_of(const json_reader *r, const char *at) {
  return (stele_json_place){(size_t)(at - r->start), r->line, (uint32_t)(at - r->line_start) + 1};
}

static bool fail_place(json_reader *r, stele_json_place place, stele_code code, const char *text) {
  *r->where = place;
  return stele_fail(r->err, code, "line %u, column %u (byte %zu): %s", place.line, place.column,
                    place.offset, text);
}

static bool fail_at(json_reader *r, const char *at, const char *text) {
  return fail_place(r, place_of(r, at), STELE_INVALID, text);
}

static bool fail(json_reader *r, const char *text) {
  return fail_at(r, r->at, r->at == r->end ? "the text ends too early" : text);
}

static void skip_space(json_reader *r) {
  for (; r->at < r->end; r->at++) {
    if (*r->at == '\n') {
      r->line++;
      r->line_start = r->at + 1;
    } else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r') {
      return;
    }
  }
}

static bool too_much(json_reader *r) {
  bool deep = r->build.depth >= r->build.deepest;
  return fail_place(r, place_of(r, r->at), STELE_LIMIT,
                    deep ? "nested too deeply" : "too many values");
}

/* ---- strings ---- */

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* The four digits of a \u escape, with `at` behind the 'u'. */
static bool read_hex4(json_reader *r, uint32_t *out) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++, r->at++) {
    int digit = r->at < r->end ? hex_value(*r->at) : -1;
    if (digit < 0) return fail(r, "expected four hexadecimal digits");
    value = value << 4 | (uint32_t)digit;
  }
  *out = value;
  return true;
}

/* \uXXXX, or two of them where the first is the high half of a pair. */
static bool read_unicode(json_reader *r, char **out) {
  const char *escape = r->at - 2;
  uint32_t code = 0, low = 0;
  if (!read_hex4(r, &code)) return false;
  if (code >= 0xdc00 && code < 0xe000) return fail_at(r, escape, "a low surrogate stands alone");
  if (code >= 0xd800 && code < 0xdc00) {
    bool paired = r->end - r->at >= 2 && r->at[0] == '\\' && r->at[1] == 'u';
    if (!paired) return fail_at(r, escape, "a high surrogate stands alone");
    r->at += 2;
    if (!read_hex4(r, &low)) return false;
    if (low < 0xdc00 || low > 0xdfff) return fail_at(r, escape, "a high surrogate stands alone");
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  *out += stele_utf8_encode(*out, code);
  return true;
}

/* What stands for itself or a control after a backslash; 0: nothing does. */
static const char escapes[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static bool read_escape(json_reader *r, char **out) {
  if (++r->at == r->end) return fail(r, "");
  char c = *r->at++;
  if (c == 'u') return read_unicode(r, out);
  char plain = escapes[(uint8_t)c];
  if (!plain) return fail_at(r, r->at - 2, "no such escape");
  *(*out)++ = plain;
  return true;
}

/* The place of the closing quote, stepping over escapes; NULL when there is
 * none. An escape never makes a string longer, so this bounds the copy. */
static const char *find_quote(const json_reader *r) {
  const char *at = r->at;
  for (;;) {
    at += json_scan_plain(at, (size_t)(r->end - at));
    if (at == r->end || *at != '\\') return at < r->end && *at == '"' ? at : NULL;
    if (r->end - at < 2) return NULL;
    at += 2;
  }
}

/* The rest of a string that has escapes: copied and decoded. */
static bool decode_rest(json_reader *r, const char *from, stele_str *out) {
  const char *quote = find_quote(r);
  size_t most = (size_t)((quote ? quote : r->end) - from);
  char *copy = stele_arena_alloc(r->build.arena, most + 1, 1);
  char *to = copy;
  size_t plain = (size_t)(r->at - from);
  for (r->at = from;; plain = json_scan_plain(r->at, (size_t)(r->end - r->at))) {
    memcpy(to, r->at, plain);
    to += plain;
    r->at += plain;
    if (r->at == r->end || *r->at != '\\') break;
    if (!read_escape(r, &to)) return false;
  }
  if (r->at == r->end || *r->at != '"') return fail(r, "a control byte must be escaped");
  r->at++;
  *out = (stele_str){copy, (size_t)(to - copy)};
  return true;
}

/* string = %x22 *char %x22, with `at` on the first quote. */
static bool read_string(json_reader *r, stele_str *out) {
  const char *from = ++r->at;
  r->at += json_scan_plain(r->at, (size_t)(r->end - r->at));
  if (r->at == r->end) return fail(r, "");
  if (*r->at == '\\') return decode_rest(r, from, out);
  if (*r->at != '"') return fail(r, "a control byte must be escaped");
  *out = (stele_str){from, (size_t)(r->at - from)};
  r->at++;
  return true;
}

/* ---- values ---- */

static bool read_value(json_reader *r, stele_str key, stele_json_place place);

static bool add(json_reader *r, stele_json_kind kind, stele_str key, stele_json_place place,
                stele_json **out) {
  *out = json_add(&r->build, kind, key, place);
  return *out || too_much(r);
}

static bool read_word(json_reader *r, stele_str key, stele_json_place place, stele_str word,
                      stele_json_kind kind) {
  stele_json *value;
  if ((size_t)(r->end - r->at) < word.len || memcmp(r->at, word.ptr, word.len) != 0) {
    return fail_at(r, r->at, "expected a value");
  }
  if (!add(r, kind, key, place, &value)) return false;
  value->boolean = word.ptr[0] == 't';
  r->at += word.len;
  return true;
}

static bool ends_number(char c) {
  return !((c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-');
}

static bool read_number(json_reader *r, stele_str key, stele_json_place place) {
  const char *from = r->at, *to = from;
  stele_json *value;
  while (to < r->end && !ends_number(*to)) to++;
  stele_str text = {from, (size_t)(to - from)};
  if (!stele_json_is_number(text)) return fail_at(r, from, "not a number");
  if (!add(r, STELE_JSON_NUMBER, key, place, &value)) return false;
  value->text = text;
  r->at = to;
  return true;
}

static bool read_string_value(json_reader *r, stele_str key, stele_json_place place) {
  stele_str text;
  stele_json *value;
  if (!read_string(r, &text) || !add(r, STELE_JSON_STRING, key, place, &value)) return false;
  value->text = text;
  return true;
}

/* member = string ws ":" ws value */
static bool read_member(json_reader *r) {
  stele_json_place place = place_of(r, r->at);
  stele_str key;
  if (r->at == r->end || *r->at != '"') return fail(r, "expected the name of a member");
  if (!read_string(r, &key)) return false;
  skip_space(r);
  if (r->at == r->end || *r->at != ':') return fail(r, "expected ':'");
  r->at++;
  skip_space(r);
  return read_value(r, key, place);
}

static bool close(json_reader *r) {
  const stele_json *twin = json_close(&r->build);
  r->at++;
  if (!twin) return true;
  char text[120];
  (void)snprintf(text, sizeof text, "the name \"%.*s\" stands twice",
                 twin->key.len > 60 ? 60 : (int)twin->key.len, twin->key.ptr);
  return fail_place(r, twin->place, STELE_INVALID, text);
}

/* array = "[" [ value *( "," value ) ] "]", and the same for objects. */
static bool read_container(json_reader *r, stele_str key, stele_json_place place) {
  bool object = *r->at == '{';
  char last = object ? '}' : ']';
  if (!json_open(&r->build, object ? STELE_JSON_OBJECT : STELE_JSON_ARRAY, key, place)) {
    return too_much(r);
  }
  r->at++;
  skip_space(r);
  if (r->at < r->end && *r->at == last) return close(r);
  for (;;) {
    bool ok = object ? read_member(r) : read_value(r, (stele_str){0}, place_of(r, r->at));
    if (!ok) return false;
    skip_space(r);
    if (r->at < r->end && *r->at == last) return close(r);
    if (r->at == r->end || *r->at != ',') {
      return fail(r, object ? "expected ',' or '}'" : "expected ',' or ']'");
    }
    r->at++;
    skip_space(r);
  }
}

static bool read_value(json_reader *r, stele_str key, stele_json_place place) {
  if (r->at == r->end) return fail(r, "");
  switch (*r->at) {
  case '{':
  case '[': return read_container(r, key, place);
  case '"': return read_string_value(r, key, place);
  case 't': return read_word(r, key, place, STELE_STR("true"), STELE_JSON_BOOL);
  case 'f': return read_word(r, key, place, STELE_STR("false"), STELE_JSON_BOOL);
  case 'n': return read_word(r, key, place, STELE_STR("null"), STELE_JSON_NULL);
  default: break;
  }
  bool number = *r->at == '-' || (*r->at >= '0' && *r->at <= '9');
  return number ? read_number(r, key, place) : fail(r, "expected a value");
}

/* The lines before `at` are counted here only where UTF-8 ends: nothing has
 * been read yet. */
static bool check_utf8(json_reader *r) {
  stele_str text = {r->start, (size_t)(r->end - r->start)};
  size_t valid = stele_utf8_valid_len(text);
  if (valid == text.len) return true;
  for (const char *at = r->start; at < r->start + valid; at++) {
    if (*at != '\n') continue;
    r->line++;
    r->line_start = at + 1;
  }
  return fail_at(r, r->start + valid, "not UTF-8");
}

/* JSON-text = ws value ws */
static void read_document(void *arg) {
  json_reader *r = arg;
  if (!check_utf8(r)) return;
  skip_space(r);
  if (!read_value(r, (stele_str){0}, place_of(r, r->at))) return;
  skip_space(r);
  r->ok = r->at == r->end || fail(r, "something follows the value");
}

const stele_json *stele_json_parse(stele_arena *arena, stele_str text,
                                   const stele_json_limits *limits, stele_json_place *where,
                                   stele_err *err) {
  stele_json_limits used = json_limits_or_default(limits);
  stele_json_place unused;
  json_reader r = {.start = text.ptr ? text.ptr : "", .line = 1, .where = where, .err = err};
  r.at = r.line_start = r.start;
  r.end = r.start + text.len;
  if (!where) r.where = &unused;
  *r.where = (stele_json_place){0, 1, 1};
  if (text.len > used.bytes || text.len > UINT32_MAX) {
    (void)stele_fail(err, STELE_LIMIT, "a text of %zu bytes is over the limit of %zu", text.len,
                     used.bytes);
    return NULL;
  }
  json_builder_init(&r.build, arena, &used);
  if (!stele_guard_run(arena, read_document, &r, err) || !r.ok) return NULL;
  return r.build.values;
}
