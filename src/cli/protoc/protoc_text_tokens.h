/* protoc_text_tokens: text format as protoc's own tokenizer cuts it, with its
 * words for what is wrong; behind a mistake it goes on.
 *
 * In:   text.   Out: the token at hand; mistakes are said as "input:LINE:COLUMN: ...".
 * Source: protobuf's io::Tokenizer, by its behaviour.
 * Deps: protoc.h. */
#ifndef STELE_CLI_PROTOC_PROTOC_TEXT_TOKENS_H
#define STELE_CLI_PROTOC_PROTOC_TEXT_TOKENS_H

#include "cli/protoc/protoc.h"

typedef enum protoc_text_kind {
  PROTOC_TEXT_END,
  PROTOC_TEXT_WORD,
  PROTOC_TEXT_INTEGER,
  PROTOC_TEXT_FLOAT,
  PROTOC_TEXT_STRING,
  PROTOC_TEXT_SYMBOL
} protoc_text_kind;

typedef struct protoc_text {
  protoc_run *run;
  stele_str text;
  size_t at; /* behind the token at hand */
  int32_t line, column;
  protoc_text_kind kind; /* of the token at hand */
  stele_str token;
  int32_t token_line, token_column;
  size_t said;
  int depth;
} protoc_text;

/* Says it of the token at hand; false. */
bool protoc_text_fail(protoc_text *t, const char *format, ...) STELE_PRINTF(2, 3);

/* Characters: the next one, or -1; past it; past blanks and comments. */
int protoc_text_peek(const protoc_text *t);
void protoc_text_step(protoc_text *t);
void protoc_text_skip_space(protoc_text *t);

bool protoc_text_is_digit(int c);
bool protoc_text_is_octal(int c);
bool protoc_text_is_hex(int c);
bool protoc_text_is_letter(int c);
bool protoc_text_is_word_part(int c);

/* Tokens: the next one becomes the one at hand. `expect` fails unless it is there. */
void protoc_text_next(protoc_text *t);
bool protoc_text_at_symbol(const protoc_text *t, const char *symbol);
bool protoc_text_take(protoc_text *t, const char *symbol);
bool protoc_text_expect(protoc_text *t, const char *symbol);
bool protoc_text_expect_kind(protoc_text *t, protoc_text_kind kind, const char *what,
                             stele_str *out);

#endif
