/* text_internal: what reading and writing share: tokens, and names of groups.
 * Deps: text.h. */
#ifndef STELE_PROTO_TEXT_TEXT_INTERNAL_H
#define STELE_PROTO_TEXT_TEXT_INTERNAL_H

#include "proto/text/text.h"

typedef enum text_kind {
  TEXT_END,
  TEXT_WORD,
  TEXT_INTEGER, /* decimal, octal or hex digits */
  TEXT_FLOAT,   /* with a point, an exponent or an f */
  TEXT_STRING,  /* quotes included */
  TEXT_SYMBOL,  /* one character */
  TEXT_BAD,     /* `what` says why */
} text_kind;

/* One token ahead. */
typedef struct text_lexer {
  const char *start, *at, *end;
  text_kind kind;
  stele_str token;
  const char *what;
} text_lexer;

void text_lexer_init(text_lexer *lexer, stele_str text);
void text_next(text_lexer *lexer);

static inline bool text_is(const text_lexer *lexer, char symbol) {
  return lexer->kind == TEXT_SYMBOL && lexer->token.ptr[0] == symbol;
}

/* Adds the bytes that a STRING token means; false with `what` when an escape is
 * not one. `as_protoc`: see stele_text_read_options. */
bool text_unquote(stele_str token, bool as_protoc, stele_buf *out, const char **what);

/* The name between brackets, '[' being the current token: spaces and comments
 * left out, in `out`; the token behind ']' is current then. */
bool text_bracketed(text_lexer *lexer, stele_buf *out);

/* Would it read so? */
bool text_is_bracketable(stele_str name);

/* Is it a field that old files wrote as `group`? Then text calls it by the name
 * of its type. */
bool text_is_group(const stele_field *field);

#endif
