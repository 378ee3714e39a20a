/* Tokens of the text format. A word must not follow a number directly, and
 * strings end on their line. */
#include "base/path.h"
#include "base/utf8.h"
#include "proto/text/text_internal.h"

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void skip_space(text_lexer *x) {
  while (x->at < x->end) {
    char c = *x->at;
    if (c == '#') {
      const char *line_end = memchr(x->at, '\n', (size_t)(x->end - x->at));
      if (!line_end) line_end = x->end;
      const char *nul = memchr(x->at, 0, (size_t)(line_end - x->at)); /* a mistake anywhere */
      x->at = nul ? nul : line_end;
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f') {
      x->at++;
    } else {
      return;
    }
  }
}

static void take(text_lexer *x, text_kind kind, const char *from) {
  x->kind = kind;
  x->token = (stele_str){from, (size_t)(x->at - from)};
}

static void bad(text_lexer *x, const char *from, const char *what) {
  take(x, TEXT_BAD, from);
  x->what = what;
}

static char peek(const text_lexer *x) {
  return x->at < x->end ? *x->at : 0;
}

static void skip_digits(text_lexer *x) {
  while (is_digit(peek(x))) x->at++;
}

/* Behind the digits: a fraction, an exponent, an f. */
static bool float_tail(text_lexer *x, bool is_float, const char *from) {
  if (!is_float && peek(x) == '.') {
    is_float = true;
    x->at++;
    skip_digits(x);
  }
  if (peek(x) == 'e' || peek(x) == 'E') {
    is_float = true;
    x->at++;
    if (peek(x) == '+' || peek(x) == '-') x->at++;
    if (!is_digit(peek(x))) {
      bad(x, from, "an exponent needs digits");
      return false;
    }
    skip_digits(x);
  }
  if (peek(x) == 'f' || peek(x) == 'F') {
    is_float = true;
    x->at++;
  }
  take(x, is_float ? TEXT_FLOAT : TEXT_INTEGER, from);
  return true;
}

/* Octal digits only, unless it turns out to be a float. */
static bool is_octal(stele_str token) {
  for (size_t i = 1; i < token.len; i++) {
    if (token.ptr[i] > '7') return false;
  }
  return true;
}

static void number(text_lexer *x, const char *from, bool begins_with_point) {
  if (!begins_with_point && *from == '0' && (peek(x) == 'x' || peek(x) == 'X')) {
    x->at++;
    if (!is_hex(peek(x))) {
      bad(x, from, "0x needs hex digits");
      return;
    }
    while (is_hex(peek(x))) x->at++;
    take(x, TEXT_INTEGER, from);
  } else {
    skip_digits(x);
    if (!float_tail(x, begins_with_point, from)) return;
    if (*from == '0' && x->token.len > 1 && x->kind == TEXT_INTEGER && !is_octal(x->token)) {
      bad(x, from, "a number that begins with 0 is octal");
      return;
    }
    if (*from == '0' && x->token.len > 1 && is_digit(from[1]) && x->kind == TEXT_FLOAT) {
      bad(x, from, "a float does not begin with 0 and a digit");
      return;
    }
  }
  if (is_letter(peek(x)) || peek(x) == '.') bad(x, from, "a space is needed behind a number");
}

static void string(text_lexer *x, const char *from) {
  char quote = *from;
  while (x->at < x->end && *x->at != quote) {
    if (*x->at == '\n' || !*x->at) {
      bad(x, from,
          *x->at ? "a string does not go on over the end of its line"
                 : "a NUL in a string is written \\0");
      return;
    }
    if (*x->at == '\\' && x->end - x->at > 1) x->at++;
    x->at++;
  }
  if (x->at >= x->end) {
    x->at = x->end;
    bad(x, from, "a string does not end");
    return;
  }
  x->at++;
  take(x, TEXT_STRING, from);
}

void text_next(text_lexer *x) {
  skip_space(x);
  const char *from = x->at;
  if (x->at == x->end) {
    take(x, TEXT_END, from);
    return;
  }
  char c = *x->at++;
  if (is_letter(c)) {
    while (is_letter(peek(x)) || is_digit(peek(x))) x->at++;
    take(x, TEXT_WORD, from);
  } else if (is_digit(c)) {
    number(x, from, false);
  } else if (c == '.' && is_digit(peek(x))) {
    number(x, from, true);
  } else if (c == '"' || c == '\'') {
    string(x, from);
  } else if ((uint8_t)c < 0x20 || (uint8_t)c > 0x7e) {
    bad(x, from, "a character that has no place outside strings");
  } else {
    take(x, TEXT_SYMBOL, from);
  }
}

void text_lexer_init(text_lexer *x, stele_str text) {
  *x =
      (text_lexer){.start = text.ptr, .at = text.ptr, .end = text.ptr ? text.ptr + text.len : NULL};
  text_next(x);
}

/* ---- Strings ------------------------------------------------------------------ */

static unsigned hex_value(char c) {
  return is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

/* `count` hex digits at *at, at least `least` of them. */
static bool hex_number(const char **at, const char *end, int least, int count, uint32_t *out) {
  int seen = 0;
  *out = 0;
  for (; seen < count && *at < end && is_hex(**at); seen++, (*at)++) {
    *out = *out * 16 + hex_value(**at);
  }
  return seen >= least;
}

enum { HEAD = 0xd800, TRAIL = 0xdc00, TRAIL_END = 0xe000, LARGEST_CODE = 0x10ffff };

/* As protoc writes halves of pairs, and codes that are none. */
static void add_any_code(stele_buf *out, uint32_t code) {
  char bytes[4];
  if (code > LARGEST_CODE) {
    stele_buf_printf(out, "\\U%08x", code);
  } else {
    stele_buf_add(out, bytes, stele_utf8_encode(bytes, code));
  }
}

/* Takes the other half of a surrogate pair, if it comes. */
static uint32_t take_trail(const char **at, const char *end, uint32_t head) {
  const char *next = *at + 2;
  uint32_t trail = 0;
  if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') return head;
  if (!hex_number(&next, end, 4, 4, &trail) || trail < TRAIL || trail >= TRAIL_END) return head;
  *at = next;
  return 0x10000 + ((head - HEAD) << 10 | (trail - TRAIL));
}

/* A \u or \U escape: one character, so no half of a surrogate pair; `as_protoc` takes
 * halves, joins two, and takes codes beyond the largest. */
static bool unicode(const char **at, const char *end, int digits, bool as_protoc, stele_buf *out) {
  uint32_t code = 0;
  if (!hex_number(at, end, digits, digits, &code)) return false;
  if (as_protoc && code >= HEAD && code < TRAIL) code = take_trail(at, end, code);
  if (!as_protoc && (code > LARGEST_CODE || (code >= HEAD && code < TRAIL_END))) return false;
  add_any_code(out, code);
  return true;
}

static void octal(const char **at, const char *end, stele_buf *out) {
  unsigned value = 0;
  for (int i = 0; i < 3 && *at < end && **at >= '0' && **at <= '7'; i++, (*at)++) {
    value = value * 8 + (unsigned)(**at - '0');
  }
  stele_buf_add_byte(out, (uint8_t)value);
}

/* The escape whose backslash was just read. */
static bool escape(const char **at, const char *end, bool as_protoc, stele_buf *out) {
  static const char letters[] = "a\ab\bf\fn\nr\rt\tv\v\\\\''\"\"??";
  if (*at == end) return false;
  char c = **at;
  uint32_t code = 0;
  if (c >= '0' && c <= '7') {
    octal(at, end, out);
    return true;
  }
  (*at)++;
  if (c == 'u') return unicode(at, end, 4, as_protoc, out);
  if (c == 'U') return unicode(at, end, 8, as_protoc, out);
  if (c == 'x' || c == 'X') {
    if (!hex_number(at, end, 1, 2, &code)) return false;
    stele_buf_add_byte(out, (uint8_t)code);
    return true;
  }
  for (const char *letter = letters; *letter; letter += 2) {
    if (*letter != c) continue;
    stele_buf_add_byte(out, (uint8_t)letter[1]);
    return true;
  }
  return false;
}

bool text_unquote(stele_str token, bool as_protoc, stele_buf *out, const char **what) {
  const char *at = token.ptr + 1, *end = token.ptr + token.len - 1;
  while (at < end) {
    const char *slash = memchr(at, '\\', (size_t)(end - at));
    if (!slash) slash = end;
    stele_buf_add(out, at, (size_t)(slash - at));
    at = slash;
    if (at == end) break;
    at++;
    if (!escape(&at, end, as_protoc, out)) {
      *what = "an escape that there is not";
      return false;
    }
  }
  return true;
}

/* ---- Names in brackets ----------------------------------------------------------- */

/* Letters of a type's name, and what a URL's prefix may have besides. */
static bool is_name_char(char c) {
  return is_letter(c) || is_digit(c) || (c && strchr("-.~/%!$&()*+,;=", c));
}

/* "a", "a.b": each step begins with a letter. */
static bool is_full_name(stele_str name) {
  bool is_first = true;
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!is_letter(c) && (is_first || (!is_digit(c) && c != '.'))) return false;
    is_first = c == '.';
  }
  return !is_first;
}

/* What is wrong with a name, or with the URL of a type: it has something before its first
 * slash, and behind the last one the type's name; the same in protoc. */
static const char *name_fault(stele_str name) {
  if (name.len > 0 && name.ptr[0] == '/') return "the URL of a type does not begin with a slash";
  bool is_named = is_full_name(stele_path_last(name));
  return is_named ? NULL : "not the name of a type or an extension";
}

bool text_is_bracketable(stele_str name) {
  for (size_t i = 0; i < name.len; i++) {
    if (!is_name_char(name.ptr[i])) return false;
    if (name.ptr[i] != '%') continue;
    if (name.len - i < 3 || !is_hex(name.ptr[i + 1]) || !is_hex(name.ptr[i + 2])) return false;
  }
  return !name_fault(name);
}

bool text_bracketed(text_lexer *x, stele_buf *out) {
  for (skip_space(x); x->at < x->end && *x->at != ']'; skip_space(x)) {
    char c = *x->at;
    if (!is_name_char(c)) {
      bad(x, x->at++, "a name in brackets has no such character");
      return false;
    }
    if (c == '%' && (x->end - x->at < 3 || !is_hex(x->at[1]) || !is_hex(x->at[2]))) {
      bad(x, x->at, "% needs two hex digits");
      return false;
    }
    stele_buf_add_byte(out, (uint8_t)c);
    x->at++;
  }
  if (x->at == x->end) {
    bad(x, x->at, "a name in brackets does not end");
    return false;
  }
  const char *fault = name_fault(stele_buf_str(out));
  if (fault) {
    bad(x, x->token.ptr, fault);
    return false;
  }
  x->at++;
  text_next(x);
  return true;
}

/* ---- Groups ----------------------------------------------------------------------- */

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c;
}

bool text_is_group(const stele_field *field) {
  const stele_message *type = field->type_message;
  if (!type || !field->is_delimited || type->name.len != field->name.len) return false;
  for (size_t i = 0; i < type->name.len; i++) {
    if (lower(type->name.ptr[i]) != field->name.ptr[i]) return false;
  }
  if (type->file != stele_field_file(field)) return false;
  return type->parent == (field->is_extension ? stele_field_scope(field) : field->message);
}
