/* Tokens: strings, numbers, words, white space.
 *
 * A string is scanned once, for its end, for escapes and for UTF-8 alike. One
 * without escapes, as nearly all are, is not copied. */
#include "fmt/json_cursor.h"

#include "base/utf8.h"
#include "fmt/json_scan.h"

void stele_json_cursor_init(stele_json_cursor *c, stele_arena *arena, stele_str text,
                            stele_json_place *where, stele_err *err) {
  const char *start = text.ptr ? text.ptr : "";
  *where = (stele_json_place){0, 1, 1};
  *c = (stele_json_cursor){.start = start,
                           .at = start,
                           .end = start + text.len,
                           .line_start = start,
                           .line = 1,
                           .arena = arena,
                           .where = where,
                           .err = err};
}

stele_json_place stele_json_place_at(const stele_json_cursor *c, const char *at) {
  const char *line_start = c->line_start;
  uint32_t line = c->line;
  while (at < line_start) { /* the cursor has gone on to later lines */
    line--;
    line_start--;
    while (line_start > c->start && line_start[-1] != '\n') line_start--;
  }
  return (stele_json_place){(size_t)(at - c->start), line, (uint32_t)(at - line_start) + 1};
}

bool stele_json_fail_place(stele_json_cursor *c, stele_json_place place, stele_code code,
                           const char *text) {
  *c->where = place;
  return stele_fail(c->err, code, "line %u, column %u (byte %zu): %s", place.line, place.column,
                    place.offset, text);
}

bool stele_json_fail_at(stele_json_cursor *c, const char *at, const char *text) {
  return stele_json_fail_place(c, stele_json_place_at(c, at), STELE_INVALID, text);
}

bool stele_json_fail_here(stele_json_cursor *c, const char *text) {
  return stele_json_fail_at(c, c->at, c->at == c->end ? "the text ends too early" : text);
}

void stele_json_skip_space_slow(stele_json_cursor *c) {
  for (; c->at < c->end; c->at++) {
    if (*c->at == '\n') {
      c->line++;
      c->line_start = c->at + 1;
    } else if (*c->at != ' ' && *c->at != '\t' && *c->at != '\r') {
      return;
    }
  }
}

/* ---- strings ---- */

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* The four digits of a \u escape, with `at` behind the 'u'. */
static bool read_hex4(stele_json_cursor *c, uint32_t *out) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++, c->at++) {
    int digit = c->at < c->end ? hex_value(*c->at) : -1;
    if (digit < 0) return stele_json_fail_here(c, "expected four hexadecimal digits");
    value = value << 4 | (uint32_t)digit;
  }
  *out = value;
  return true;
}

/* \uXXXX, or two of them where the first is the high half of a pair. */
static bool read_unicode(stele_json_cursor *c, char **out) {
  const char *escape = c->at - 2;
  uint32_t code = 0, low = 0;
  if (!read_hex4(c, &code)) return false;
  if (code >= 0xdc00 && code < 0xe000) {
    return stele_json_fail_at(c, escape, "a low surrogate stands alone");
  }
  if (code >= 0xd800 && code < 0xdc00) {
    bool paired = c->end - c->at >= 2 && c->at[0] == '\\' && c->at[1] == 'u';
    if (!paired) return stele_json_fail_at(c, escape, "a high surrogate stands alone");
    c->at += 2;
    if (!read_hex4(c, &low)) return false;
    if (low < 0xdc00 || low > 0xdfff) {
      return stele_json_fail_at(c, escape, "a high surrogate stands alone");
    }
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

static bool read_escape(stele_json_cursor *c, char **out) {
  if (++c->at == c->end) return stele_json_fail_here(c, "");
  char letter = *c->at++;
  if (letter == 'u') return read_unicode(c, out);
  char plain = escapes[(uint8_t)letter];
  if (!plain) return stele_json_fail_at(c, c->at - 2, "no such escape");
  *(*out)++ = plain;
  return true;
}

/* The cursor is on a byte that no string may have. */
static bool bad_byte(stele_json_cursor *c) {
  bool wide = c->at < c->end && (uint8_t)*c->at >= 0x80;
  return stele_json_fail_here(c, wide ? "not UTF-8" : "a control byte must be escaped");
}

/* The place of the closing quote, stepping over escapes; an escape never makes
 * a string longer, so this bounds the copy. */
static const char *find_quote(const stele_json_cursor *c) {
  const char *at = c->at;
  for (;;) {
    at = json_text_end(at, c->end);
    if (at == c->end || *at != '\\') return at;
    if (c->end - at < 2) return c->end;
    at += 2;
  }
}

/* The rest of a string that has escapes: copied and decoded. */
static bool decode_rest(stele_json_cursor *c, const char *from, stele_str *out) {
  char *copy = stele_arena_alloc(c->arena, (size_t)(find_quote(c) - from) + 1, 1);
  char *to = copy;
  const char *run = c->at;
  for (c->at = from;; run = json_text_end(c->at, c->end)) {
    memcpy(to, c->at, (size_t)(run - c->at));
    to += run - c->at;
    c->at = run;
    if (c->at == c->end || *c->at != '\\') break;
    if (!read_escape(c, &to)) return false;
  }
  if (c->at == c->end || *c->at != '"') return bad_byte(c);
  c->at++;
  *out = (stele_str){copy, (size_t)(to - copy)};
  return true;
}

/* string = %x22 *char %x22 */
bool stele_json_read_string(stele_json_cursor *c, stele_str *out) {
  const char *from = ++c->at;
  c->at = json_text_end(from, c->end);
  if (c->at < c->end && *c->at == '"') {
    *out = (stele_str){from, (size_t)(c->at - from)};
    c->at++;
    return true;
  }
  return c->at < c->end && *c->at == '\\' ? decode_rest(c, from, out) : bad_byte(c);
}

/* ---- others ---- */

static bool belongs_to_number(char c) {
  return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

bool stele_json_read_number(stele_json_cursor *c, stele_decimal *out) {
  const char *end = stele_decimal_scan(c->at, c->end, out);
  if (!end || (end < c->end && belongs_to_number(*end))) {
    return stele_json_fail_at(c, c->at, "not a number");
  }
  c->at = end;
  return true;
}

bool stele_json_read_word(stele_json_cursor *c, stele_str word) {
  if ((size_t)(c->end - c->at) < word.len || memcmp(c->at, word.ptr, word.len) != 0) {
    return stele_json_fail_at(c, c->at, "expected a value");
  }
  c->at += word.len;
  return true;
}

static bool skip_scalar(stele_json_cursor *c) {
  stele_str unused;
  stele_decimal number;
  if (c->at == c->end) return stele_json_fail_here(c, "");
  switch (*c->at) {
  case '"': return stele_json_read_string(c, &unused);
  case 't': return stele_json_read_word(c, STELE_STR("true"));
  case 'f': return stele_json_read_word(c, STELE_STR("false"));
  case 'n': return stele_json_read_word(c, STELE_STR("null"));
  default: break;
  }
  bool number_comes = *c->at == '-' || (*c->at >= '0' && *c->at <= '9');
  return number_comes ? stele_json_read_number(c, &number)
                      : stele_json_fail_here(c, "expected a value");
}

static bool skip_name(stele_json_cursor *c) {
  stele_str unused;
  if (c->at == c->end || *c->at != '"') {
    return stele_json_fail_here(c, "expected the name of a member");
  }
  if (!stele_json_read_string(c, &unused)) return false;
  stele_json_skip_space(c);
  if (!stele_json_take(c, ':')) return stele_json_fail_here(c, "expected ':'");
  stele_json_skip_space(c);
  return true;
}

bool stele_json_skip_value(stele_json_cursor *c, uint32_t depth) {
  if (c->at == c->end || (*c->at != '{' && *c->at != '[')) return skip_scalar(c);
  bool object = *c->at == '{';
  char last = object ? '}' : ']';
  if (depth == 0) {
    return stele_json_fail_place(c, stele_json_place_at(c, c->at), STELE_LIMIT,
                                 "nested too deeply");
  }
  c->at++;
  stele_json_skip_space(c);
  if (stele_json_take(c, last)) return true;
  for (;;) {
    if (object && !skip_name(c)) return false;
    if (!stele_json_skip_value(c, depth - 1)) return false;
    stele_json_skip_space(c);
    if (stele_json_take(c, last)) return true;
    if (!stele_json_take(c, ',')) {
      return stele_json_fail_here(c, object ? "expected ',' or '}'" : "expected ',' or ']'");
    }
    stele_json_skip_space(c);
  }
}
