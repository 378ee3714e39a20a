/* token_internal: what the lexer's own files share. */
#ifndef STELE_PROTO_TOKEN_TOKEN_INTERNAL_H
#define STELE_PROTO_TOKEN_TOKEN_INTERNAL_H

#include "base/vec.h"
#include "proto/token/token.h"

/* What a byte can begin. */
typedef enum token_class {
  TOKEN_SYMBOL_BYTE,
  TOKEN_SPACE,
  TOKEN_NEWLINE,
  TOKEN_LETTER,
  TOKEN_DIGIT,
  TOKEN_QUOTE,
  TOKEN_SLASH,
  TOKEN_DOT,
  TOKEN_CONTROL,
  TOKEN_HIGH, /* not ASCII */
} token_class;

extern const uint8_t token_classes[256];

/* A name whose number is looked up a few names later, when memory has had time to
 * bring the table's slot. */
enum { TOKEN_NAMES_AHEAD = 16 };
typedef struct token_name {
  intern_key key;
  stele_token *token;
} token_name;

/* The lexer at work. `at` never passes `len`. */
typedef struct token_lexer {
  stele_arena *arena;
  stele_interner *interner;
  const char *text;
  uint32_t len;
  uint32_t at;
  uint32_t line;
  uint8_t flags;                       /* of the next token */
  bool has_nul;                        /* then a line comment may end before its line */
  stele_tokens *out;                   /* its tokens are counted at the end */
  stele_token *next, *limit;           /* the place of the next token; behind the last place */
  token_name names[TOKEN_NAMES_AHEAD]; /* the last ones of token_lex_plain: a ring */
  uint32_t name_count;                 /* how many there were in all, since they were settled */
  STELE_VEC(stele_token_comment) comments;
  STELE_VEC(stele_token_mistake) mistakes;
} token_lexer;

/* Finds line starts and tabs in one fast pass, before lexing. */
void token_find_lines(token_lexer *lexer);

/* Takes the tokens that come most, as long as there are any: names, symbols, short
 * decimal numbers, and the white space between them. What it leaves is for the
 * lexer proper; it may leave everything, as it does near the end of the text. */
void token_lex_plain(token_lexer *lexer);

/* Looks up those names that still wait for it: at the end, and before tokens move. */
void token_settle_names(token_lexer *lexer);

/* Notes a mistake at byte `off` of the current line. */
void token_mistake(token_lexer *lexer, uint32_t off, const char *text);
void token_mistake_str(token_lexer *lexer, uint32_t off, uint32_t line, stele_str text);

/* Each starts behind the first byte(s) of its token and ends behind its last. */
void token_lex_string(token_lexer *lexer, char quote);
stele_token_kind token_lex_number(token_lexer *lexer, char first);

/* The next byte, or 0 at the end: as protoc sees it. */
static inline char token_peek(const token_lexer *lexer) {
  return lexer->at < lexer->len ? lexer->text[lexer->at] : 0;
}

static inline bool token_take(token_lexer *lexer, char byte) {
  if (lexer->at >= lexer->len || lexer->text[lexer->at] != byte) return false;
  lexer->at++;
  return true;
}

static inline bool token_is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

static inline bool token_is_octal(char byte) {
  return byte >= '0' && byte <= '7';
}

static inline bool token_is_hex(char byte) {
  return token_is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

static inline bool token_is_letter(char byte) {
  return token_classes[(uint8_t)byte] == TOKEN_LETTER;
}

/* 0 to 35 for a digit or letter, 36 for anything else. */
static inline uint32_t token_digit_value(char byte) {
  if (token_is_digit(byte)) return (uint32_t)(byte - '0');
  char lower = (char)(byte | 0x20);
  if (lower >= 'a' && lower <= 'z') return (uint32_t)(lower - 'a') + 10;
  return 36;
}

#endif
