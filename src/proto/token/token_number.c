/* Numbers: what the lexer takes for one, and what it is worth.
 *
 * The lexer is generous: it takes in what is nearly a number and says what is
 * wrong with it, so that a mistake costs one finding and not a cascade. */
#include "base/num.h"
#include "proto/token/token_internal.h"

static void take_digits(token_lexer *lexer) {
  while (token_is_digit(token_peek(lexer))) lexer->at++;
}

/* 0x[0-9a-fA-F]+, behind the 0. */
static void lex_hex(token_lexer *lexer) {
  lexer->at++;
  if (!token_is_hex(token_peek(lexer))) {
    token_mistake(lexer, lexer->at, "\"0x\" must be followed by hex digits.");
  }
  while (token_is_hex(token_peek(lexer))) lexer->at++;
}

/* 0[0-7]*, behind the 0. */
static void lex_octal(token_lexer *lexer) {
  while (token_is_octal(token_peek(lexer))) lexer->at++;
  if (!token_is_digit(token_peek(lexer))) return;
  token_mistake(lexer, lexer->at, "Numbers starting with leading zero must be in octal.");
  take_digits(lexer);
}

/* digits [. digits] [e [+-] digits], behind the first digit or point. */
static bool lex_decimal(token_lexer *lexer, bool has_point) {
  take_digits(lexer);
  if (!has_point && token_take(lexer, '.')) {
    has_point = true;
    take_digits(lexer);
  }
  if (!token_take(lexer, 'e') && !token_take(lexer, 'E')) return has_point;
  if (!token_take(lexer, '-')) (void)token_take(lexer, '+');
  if (!token_is_digit(token_peek(lexer))) {
    token_mistake(lexer, lexer->at, "\"e\" must be followed by exponent.");
  }
  take_digits(lexer);
  return true;
}

stele_token_kind token_lex_number(token_lexer *lexer, char first) {
  bool is_float = false;
  char next = token_peek(lexer);
  if (first == '0' && (next == 'x' || next == 'X')) {
    lex_hex(lexer);
  } else if (first == '0' && token_is_digit(next)) {
    lex_octal(lexer);
  } else {
    is_float = lex_decimal(lexer, first == '.');
  }
  if (token_is_letter(token_peek(lexer))) {
    token_mistake(lexer, lexer->at, "Need space between number and identifier.");
  } else if (token_peek(lexer) == '.') {
    token_mistake(lexer, lexer->at,
                  is_float ? "Already saw decimal point or exponent; can't have another one."
                           : "Hex and octal numbers must be integers.");
  }
  return is_float ? STELE_TOKEN_FLOAT : STELE_TOKEN_INTEGER;
}

bool stele_token_integer(const stele_tokens *tokens, uint32_t index, uint64_t max, uint64_t *out) {
  stele_str text = stele_token_text(tokens, index);
  uint32_t base = 10;
  size_t i = 0;
  if (text.len > 1 && text.ptr[0] == '0') {
    bool is_hex = (text.ptr[1] | 0x20) == 'x';
    base = is_hex ? 16 : 8;
    i = is_hex ? 2 : 1;
  }
  uint64_t value = 0;
  for (; i < text.len; i++) {
    uint32_t digit = token_digit_value(text.ptr[i]);
    if (digit >= base || value > (UINT64_MAX - digit) / base) return false;
    value = value * base + digit;
  }
  if (value > max) return false;
  *out = value;
  return true;
}

double stele_token_float(const stele_tokens *tokens, uint32_t index) {
  stele_str text = stele_token_text(tokens, index);
  uint64_t whole = 0;
  double value = 0;
  if (tokens->at[index].kind == STELE_TOKEN_INTEGER &&
      stele_token_integer(tokens, index, UINT64_MAX, &whole)) {
    return (double)whole;
  }
  /* "1e" and "1e+" were reported, and are worth 1. */
  for (int cut = 0; cut < 3 && text.len > 0; cut++, text.len--) {
    if (stele_num_parse_double(text, &value)) break;
  }
  return value;
}
