/* Strings: their extent and mistakes when lexing, their bytes when asked for.
 *
 * Escapes are those of protoc: \a \b \f \n \r \t \v \? \\ \' \", octal with
 * one to three digits, \x with one or two, \u with four, \U with eight. A wrong
 * escape is reported once, when lexing; its bytes are then whatever comes out. */
#include <stdio.h>

#include "base/utf8.h"
#include "proto/token/token_internal.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool take_hex_digits(token_lexer *lexer, int count) {
  for (; count > 0; count--) {
    if (!token_is_hex(token_peek(lexer))) return false;
    lexer->at++;
  }
  return true;
}

/* Eight digits, at most 001fffff. */
static bool take_long_code(token_lexer *lexer) {
  return token_take(lexer, '0') && token_take(lexer, '0') &&
         (token_take(lexer, '0') || token_take(lexer, '1')) && take_hex_digits(lexer, 5);
}

static bool is_simple_escape(char byte) {
  return byte && strchr("abfnrtv\\?'\"", byte) != NULL;
}

/* Behind the backslash. Further octal and hex digits need no care here: they
 * are ordinary characters of the string. */
static void lex_escape(token_lexer *lexer) {
  char byte = token_peek(lexer);
  if (is_simple_escape(byte) || token_is_octal(byte)) {
    lexer->at++;
  } else if (token_take(lexer, 'x') || token_take(lexer, 'X')) {
    if (take_hex_digits(lexer, 1)) return;
    token_mistake(lexer, lexer->at, "Expected hex digits for escape sequence.");
  } else if (token_take(lexer, 'u')) {
    if (take_hex_digits(lexer, 4)) return;
    token_mistake(lexer, lexer->at, "Expected four hex digits for \\u escape sequence.");
  } else if (token_take(lexer, 'U')) {
    if (take_long_code(lexer)) return;
    token_mistake(lexer, lexer->at,
                  "Expected eight hex digits up to 10ffff for \\U escape sequence");
  } else {
    token_mistake(lexer, lexer->at, "Invalid escape sequence in string literal.");
  }
}

#ifdef __SSE2__
/* Over plain characters, sixteen at a time, to where one needs a look. */
static inline void skip_plain(token_lexer *lexer, char quote) {
  while (lexer->len - lexer->at >= 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(lexer->text + lexer->at));
    __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(quote));
    __m128i escapes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    __m128i lines = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
    __m128i nuls = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());
    __m128i found = _mm_or_si128(_mm_or_si128(quotes, escapes), _mm_or_si128(lines, nuls));
    unsigned mask = (unsigned)_mm_movemask_epi8(found);
    if (mask) {
      lexer->at += (uint32_t)__builtin_ctz(mask);
      return;
    }
    lexer->at += 16;
  }
}
#else
static inline void skip_plain(token_lexer *lexer, char quote) {
  (void)lexer;
  (void)quote;
}
#endif

void token_lex_string(token_lexer *lexer, char quote) {
  for (;;) {
    skip_plain(lexer, quote);
    char byte = token_peek(lexer);
    if (byte == 0) {
      token_mistake(lexer, lexer->at, "Unexpected end of string.");
      return;
    }
    if (byte == '\n') {
      token_mistake(lexer, lexer->at, "Multiline strings are not allowed. Did you miss a \"?.");
      return;
    }
    lexer->at++;
    if (byte == quote) return;
    if (byte == '\\') lex_escape(lexer);
  }
}

/* A string literal being read: `at` stands behind the quote, `end` before the
 * closing one. `out` has room for as many bytes as the literal has. */
typedef struct unescape {
  const char *at, *end;
  char *out;
} unescape;

static uint32_t digits_value(const char *at, int count, uint32_t base) {
  uint32_t value = 0;
  for (int i = 0; i < count; i++) value = value * base + token_digit_value(at[i]);
  return value;
}

static void put_octal(unescape *u) {
  int count = 1;
  while (count < 3 && u->at + count < u->end && token_is_octal(u->at[count])) count++;
  *u->out++ = (char)digits_value(u->at, count, 8);
  u->at += count;
}

static void put_hex(unescape *u) {
  int count = 0;
  u->at++;
  while (count < 2 && u->at + count < u->end && token_is_hex(u->at[count])) count++;
  *u->out++ = (char)digits_value(u->at, count, 16);
  u->at += count;
}

static bool is_head_surrogate(uint32_t code) {
  return code >= 0xd800 && code < 0xdc00;
}

static bool is_trail_surrogate(uint32_t code) {
  return code >= 0xdc00 && code < 0xe000;
}

/* A pair \uD83D\uDE00 is one character; a half alone is written as it is.
 * Codes above 10ffff come out as their escape: ten bytes for ten. */
static void put_unicode(unescape *u) {
  enum { LARGEST_CODE = 0x10ffff };
  int count = *u->at == 'u' ? 4 : 8;
  if (u->end - u->at <= count) {
    *u->out++ = *u->at++;
    return;
  }
  uint32_t code = digits_value(u->at + 1, count, 16);
  u->at += 1 + count;
  if (is_head_surrogate(code) && u->end - u->at >= 6 && u->at[0] == '\\' && u->at[1] == 'u') {
    uint32_t trail = digits_value(u->at + 2, 4, 16);
    if (is_trail_surrogate(trail)) {
      code = 0x10000 + ((code - 0xd800) << 10 | (trail - 0xdc00));
      u->at += 6;
    }
  }
  if (code <= LARGEST_CODE) {
    u->out += stele_utf8_encode(u->out, code);
    return;
  }
  char text[16];
  int len = snprintf(text, sizeof text, "\\U%08x", code);
  memcpy(u->out, text, (size_t)len);
  u->out += len;
}

static void put_simple(unescape *u) {
  static const char from[] = "abfnrtv\\?'\"";
  static const char to[] = "\a\b\f\n\r\t\v\\?'\"";
  const char *found = *u->at ? strchr(from, *u->at) : NULL;
  *u->out++ = found ? to[found - from] : '?';
  u->at++;
}

static void put_escape(unescape *u) {
  if (token_is_octal(*u->at)) {
    put_octal(u);
  } else if ((*u->at | 0x20) == 'x') {
    put_hex(u);
  } else if ((*u->at | 0x20) == 'u') {
    put_unicode(u);
  } else {
    put_simple(u);
  }
}

/* The literal without its quotes; an unterminated one has no closing quote. */
static unescape open_literal(stele_str text, char *out) {
  unescape u = {text.ptr + 1, text.ptr + text.len, out};
  if (text.len > 1 && text.ptr[text.len - 1] == text.ptr[0]) u.end--;
  return u;
}

static char *append_literal(stele_str text, char *out) {
  unescape u = open_literal(text, out);
  while (u.at < u.end) {
    const char *escape = memchr(u.at, '\\', (size_t)(u.end - u.at));
    size_t plain = (size_t)((escape ? escape : u.end) - u.at);
    memcpy(u.out, u.at, plain);
    u.out += plain;
    u.at += plain;
    if (!escape) break;
    if (u.end - u.at == 1) { /* a backslash at the very end: the text was cut there */
      *u.out++ = *u.at++;
    } else {
      u.at++;
      put_escape(&u);
    }
  }
  return u.out;
}

stele_str stele_token_string(stele_arena *arena, const stele_tokens *tokens, uint32_t first,
                             uint32_t last) {
  size_t room = 0;
  for (uint32_t i = first; i <= last; i++) room += tokens->at[i].len;
  if (first == last && !memchr(stele_token_text(tokens, first).ptr, '\\', room)) {
    unescape u = open_literal(stele_token_text(tokens, first), NULL);
    return (stele_str){u.at, (size_t)(u.end - u.at)};
  }
  char *bytes = stele_arena_alloc(arena, room, 1);
  char *end = bytes;
  for (uint32_t i = first; i <= last; i++) end = append_literal(stele_token_text(tokens, i), end);
  return (stele_str){bytes, (size_t)(end - bytes)};
}
