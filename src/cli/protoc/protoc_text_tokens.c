/* Tokens of text format: characters, their places, and what protoc says of bad ones. */
#include "cli/protoc/protoc_text_tokens.h"

enum { TAB = 8 };

/* ---- Saying ---------------------------------------------------------------------- */

static bool say_at(protoc_text *t, int32_t line, int32_t column, stele_str text) {
  t->said++;
  return protoc_say(t->run, "input:%d:%d: " STELE_STR_FMT "\n", line + 1, column + 1,
                    STELE_STR_ARG(text));
}

static bool lexer_error(protoc_text *t, const char *text) {
  return say_at(t, t->line, t->column, stele_cstr(text));
}

bool protoc_text_fail(protoc_text *t, const char *format, ...) {
  stele_buf text;
  va_list args;
  stele_buf_init(&text, t->run->arena, 0);
  va_start(args, format);
  stele_buf_vprintf(&text, format, args);
  va_end(args);
  return say_at(t, t->token_line, t->token_column, stele_buf_str(&text));
}

/* ---- Characters ------------------------------------------------------------------- */

int protoc_text_peek(const protoc_text *t) {
  return t->at < t->text.len ? (unsigned char)t->text.ptr[t->at] : -1;
}

void protoc_text_step(protoc_text *t) {
  char c = t->text.ptr[t->at++];
  if (c == '\n') {
    t->line++;
    t->column = 0;
  } else {
    t->column += c == '\t' ? TAB - t->column % TAB : 1;
  }
}

static bool take_char(protoc_text *t, char c) {
  if (protoc_text_peek(t) != (unsigned char)c) return false;
  protoc_text_step(t);
  return true;
}

bool protoc_text_is_digit(int c) {
  return c >= '0' && c <= '9';
}

bool protoc_text_is_octal(int c) {
  return c >= '0' && c <= '7';
}

bool protoc_text_is_hex(int c) {
  return protoc_text_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool protoc_text_is_letter(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_space(int c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t take_while(protoc_text *t, bool (*is_it)(int c)) {
  size_t start = t->at;
  while (protoc_text_peek(t) >= 0 && is_it(protoc_text_peek(t))) protoc_text_step(t);
  return t->at - start;
}

/* ---- Tokens ------------------------------------------------------------------------- */

void protoc_text_skip_space(protoc_text *t) {
  while (protoc_text_peek(t) >= 0) {
    int c = protoc_text_peek(t);
    if (c == '#') {
      while (protoc_text_peek(t) > 0 && protoc_text_peek(t) != '\n') protoc_text_step(t);
    } else if (is_space(c)) {
      protoc_text_step(t);
    } else if (c < ' ') {
      (void)lexer_error(t, "Invalid control characters encountered in text.");
      while (protoc_text_peek(t) >= 0 && protoc_text_peek(t) < ' ' &&
             !is_space(protoc_text_peek(t)))
        protoc_text_step(t);
    } else {
      return;
    }
  }
}

static void take_escape(protoc_text *t) {
  int c = protoc_text_peek(t);
  if (c >= 0 && strchr("abfnrtv\\?'\"", c) && c) {
    protoc_text_step(t);
  } else if (protoc_text_is_octal(c)) {
    protoc_text_step(t);
  } else if (c == 'x' || c == 'X') {
    protoc_text_step(t);
    if (protoc_text_is_hex(protoc_text_peek(t))) {
      protoc_text_step(t);
    } else {
      (void)lexer_error(t, "Expected hex digits for escape sequence.");
    }
  } else if (c == 'u') {
    protoc_text_step(t);
    for (int i = 0; i < 4; i++) {
      if (!protoc_text_is_hex(protoc_text_peek(t))) {
        (void)lexer_error(t, "Expected four hex digits for \\u escape sequence.");
        return;
      }
      protoc_text_step(t);
    }
  } else if (c == 'U') {
    protoc_text_step(t);
    for (int i = 0; i < 8; i++) {
      bool ok = i < 2    ? protoc_text_peek(t) == '0'
                : i == 2 ? protoc_text_peek(t) == '0' || protoc_text_peek(t) == '1'
                         : protoc_text_is_hex(protoc_text_peek(t));
      if (!ok) {
        (void)lexer_error(t, "Expected eight hex digits up to 10ffff for \\U escape sequence");
        return;
      }
      protoc_text_step(t);
    }
  } else {
    (void)lexer_error(t, "Invalid escape sequence in string literal.");
  }
}

static void take_string(protoc_text *t, char quote) {
  protoc_text_step(t);
  for (;;) {
    int c = protoc_text_peek(t);
    if (c <= 0) {
      (void)lexer_error(t, "Unexpected end of string.");
      return;
    }
    if (c == '\n') {
      (void)lexer_error(t, "Multiline strings are not allowed. Did you miss a \"?.");
      return;
    }
    protoc_text_step(t);
    if (c == quote) return;
    if (c == '\\') take_escape(t);
  }
}

static protoc_text_kind take_number(protoc_text *t, bool with_zero, bool with_dot) {
  bool is_float = with_dot;
  if (with_zero && (take_char(t, 'x') || take_char(t, 'X'))) {
    if (!take_while(t, protoc_text_is_hex))
      (void)lexer_error(t, "\"0x\" must be followed by hex digits.");
  } else if (with_zero && protoc_text_is_digit(protoc_text_peek(t))) {
    take_while(t, protoc_text_is_octal);
    if (protoc_text_is_digit(protoc_text_peek(t))) {
      (void)lexer_error(t, "Numbers starting with leading zero must be in octal.");
      take_while(t, protoc_text_is_digit);
    }
  } else {
    take_while(t, protoc_text_is_digit);
    if (!with_dot && take_char(t, '.')) {
      is_float = true;
      take_while(t, protoc_text_is_digit);
    }
    if (take_char(t, 'e') || take_char(t, 'E')) {
      is_float = true;
      if (!take_char(t, '-')) (void)take_char(t, '+');
      if (!take_while(t, protoc_text_is_digit))
        (void)lexer_error(t, "\"e\" must be followed by exponent.");
    }
    if (take_char(t, 'f') || take_char(t, 'F')) is_float = true;
  }
  if (protoc_text_is_letter(protoc_text_peek(t))) {
    (void)lexer_error(t, "Need space between number and identifier.");
  } else if (protoc_text_peek(t) == '.') {
    (void)lexer_error(t, is_float ? "Already saw decimal point or exponent; can't have another one."
                                  : "Hex and octal numbers must be integers.");
  }
  return is_float ? PROTOC_TEXT_FLOAT : PROTOC_TEXT_INTEGER;
}

bool protoc_text_is_word_part(int c) {
  return protoc_text_is_letter(c) || protoc_text_is_digit(c);
}

static protoc_text_kind take_symbol(protoc_text *t, protoc_text_kind before, bool is_beside) {
  int c = protoc_text_peek(t);
  if (c >= 0x80) {
    stele_str text = stele_str_printf(t->run->arena, "Interpreting non ascii codepoint %d.", c);
    (void)say_at(t, t->line, t->column, text);
  }
  protoc_text_step(t);
  if (c != '.' || !protoc_text_is_digit(protoc_text_peek(t))) return PROTOC_TEXT_SYMBOL;
  if (before == PROTOC_TEXT_WORD && is_beside) {
    (void)say_at(t, t->token_line, t->token_column,
                 STELE_STR("Need space between identifier and decimal point."));
  }
  return take_number(t, false, true);
}

void protoc_text_next(protoc_text *t) {
  protoc_text_kind before = t->kind;
  size_t end = t->at;
  protoc_text_skip_space(t);
  size_t start = t->at;
  int c = protoc_text_peek(t);
  t->token_line = t->line;
  t->token_column = t->column;
  if (c < 0) {
    t->kind = PROTOC_TEXT_END;
  } else if (protoc_text_is_letter(c)) {
    take_while(t, protoc_text_is_word_part);
    t->kind = PROTOC_TEXT_WORD;
  } else if (protoc_text_is_digit(c)) {
    protoc_text_step(t);
    t->kind = take_number(t, c == '0', false);
  } else if (c == '"' || c == '\'') {
    take_string(t, (char)c);
    t->kind = PROTOC_TEXT_STRING;
  } else {
    t->kind = take_symbol(t, before, start == end);
  }
  t->token = (stele_str){t->text.ptr + start, t->at - start};
}

bool protoc_text_at_symbol(const protoc_text *t, const char *symbol) {
  return t->kind != PROTOC_TEXT_STRING && stele_str_eq(t->token, stele_cstr(symbol));
}

bool protoc_text_take(protoc_text *t, const char *symbol) {
  if (!protoc_text_at_symbol(t, symbol)) return false;
  protoc_text_next(t);
  return true;
}

bool protoc_text_expect(protoc_text *t, const char *symbol) {
  return protoc_text_take(t, symbol) ||
         protoc_text_fail(t, "Expected \"%s\", found \"" STELE_STR_FMT "\".", symbol,
                          STELE_STR_ARG(t->token));
}

bool protoc_text_expect_kind(protoc_text *t, protoc_text_kind kind, const char *what,
                             stele_str *out) {
  if (t->kind != kind) {
    return protoc_text_fail(t, "Expected %s, got: " STELE_STR_FMT, what, STELE_STR_ARG(t->token));
  }
  if (out) *out = t->token;
  protoc_text_next(t);
  return true;
}
