/* token: the lexer, and the words that the grammar knows.
 *
 * In:   the bytes of a file.   Out: an array of tokens; where comments stand
 * between them; findings for whatever is not a token.
 * Deps: base, proto/source, proto/report. */
#ifndef STELE_PROTO_TOKEN_TOKEN_H
#define STELE_PROTO_TOKEN_TOKEN_H

#include <stdbool.h>

#include "base/intern.h"
#include "proto/report/report.h"
#include "proto/source/source.h"

typedef enum stele_token_kind {
  STELE_TOKEN_END,        /* one, after the last token; its place is the end of the text */
  STELE_TOKEN_IDENTIFIER, /* sym: its name */
  STELE_TOKEN_INTEGER,    /* decimal, 0x, 0…: raw text */
  STELE_TOKEN_FLOAT,      /* raw text */
  STELE_TOKEN_STRING,     /* raw text with its quotes */
  STELE_TOKEN_SYMBOL,     /* one byte; sym: the byte's own fixed number, see STELE_SYM_OF */
} stele_token_kind;

enum {
  STELE_TOKEN_AFTER_COMMENT = 1, /* a comment stands between the previous token and this one */
  STELE_TOKEN_FIRST_ON_LINE = 2,
};

/* 20 bytes. The column is computed on demand: see stele_token_place. */
typedef struct stele_token {
  uint32_t off;  /* first byte */
  uint32_t len;  /* bytes */
  uint32_t line; /* 0-based */
  stele_sym sym; /* of identifiers and symbols; 0 for literals and the end */
  uint8_t kind;  /* stele_token_kind */
  uint8_t flags;
} stele_token;

/* Words that the grammar knows, interned first so that each is a constant:
 * STELE_SYM_message, STELE_SYM_int32, … No word is reserved: the parser asks
 * by position only. */
// clang-format off
#define STELE_WORDS(X)                                                                            \
  X(syntax) X(edition) X(package) X(import) X(public) X(weak) X(option) X(message) X(enum)         \
  X(service) X(extend) X(extensions) X(reserved) X(oneof) X(map) X(group) X(rpc) X(returns)        \
  X(stream) X(to) X(max) X(required) X(optional) X(repeated) X(export) X(local) X(true) X(false)   \
  X(inf) X(nan) X(default) X(json_name) X(features) X(double) X(float) X(int64) X(uint64) X(int32) \
  X(fixed64) X(fixed32) X(bool) X(string) X(bytes) X(uint32) X(sfixed32) X(sfixed64) X(sint32)     \
  X(sint64) X(key) X(value) X(allow_alias) X(map_entry) X(message_set_wire_format)                 \
  X(enforce_utf8)
// clang-format on

/* Symbols come first: the byte c has number c (1 to 127). */
#define STELE_SYM_OF(c) ((stele_sym)(uint8_t)(c))
enum {
  STELE_SYM_WORDS_START = 127,
#define X(word) STELE_SYM_##word,
  STELE_WORDS(X)
#undef X
      STELE_SYM_FIRST_FREE
};

/* An interner that knows the symbols and words above. */
stele_interner *stele_token_interner(stele_arena *arena);

/* What the lexer found wrong, found on the way to the token `token`: the parser
 * reports it when it comes to that token, so that findings are in order. */
typedef struct stele_token_mistake {
  uint32_t token;
  uint32_t off, line; /* of the byte where it was noticed */
  stele_str text;
} stele_token_mistake;

/* A tab: columns after it, up to the next one, count on from `column`. */
typedef struct stele_token_tab {
  uint32_t off;
  int32_t column; /* of the byte after the tab */
} stele_token_tab;

/* A block comment; or line comments on lines that follow each other, of which
 * only the first may have something before it on its line. */
typedef struct stele_token_comment {
  uint32_t off, end;        /* from its first slash to behind its last byte, a newline too */
  uint32_t line, last_line; /* 0-based */
  bool is_block;
  bool is_beside; /* a token stands before it on its line: the next line is not part of it */
} stele_token_comment;

/* The tokens of one file. `at[count - 1]` is the END token. */
typedef struct stele_tokens {
  stele_source source;
  const stele_interner *interner;
  stele_token *at;
  uint32_t count;
  uint32_t *line_starts; /* byte offset of each line */
  uint32_t line_count;
  const stele_token_tab *tabs; /* sorted; seldom any */
  uint32_t tab_count;
  const stele_token_comment *comments; /* in order */
  uint32_t comment_count;
  const stele_token_mistake *mistakes; /* in order; the first ones only, if there are very many */
  uint32_t mistake_count;
  uint32_t ends; /* `;` and `{` tokens: about as many declarations can there be */
} stele_tokens;

/* Lexes a whole file (at most 2 GB less one). Tokens go to `arena`; names to
 * the interner; mistakes to out->mistakes, and to the report unless it is
 * NULL; after each lexing goes on. Inside a guard of `arena`.
 * Cost: O(bytes), one pass for lines and one for tokens. */
void stele_token_lex(stele_arena *arena, stele_interner *interner, const stele_source *source,
                     stele_report *report, stele_tokens *out);

/* Adds one mistake, with its place, to a report. */
void stele_token_report(const stele_tokens *tokens, const stele_token_mistake *mistake,
                        stele_report *report);

/* Place of any byte on a 0-based line that is known. Cost: O(log tabs). */
stele_place stele_token_place_at(const stele_tokens *tokens, uint32_t line, uint32_t off);

/* The text of a 0-based line without its line end. */
stele_str stele_token_line(const stele_tokens *tokens, uint32_t line);

/* Place of the first byte of a token, and of the byte after its last. */
stele_place stele_token_place(const stele_tokens *tokens, uint32_t index);
stele_place stele_token_end(const stele_tokens *tokens, uint32_t index);

/* The raw text of one token. */
static inline stele_str stele_token_text(const stele_tokens *tokens, uint32_t index) {
  const stele_token *token = &tokens->at[index];
  return (stele_str){tokens->source.text.ptr + token->off, token->len};
}

/* The text of tokens [first, last] glued together without the space between
 * them ("a . b" is "a.b"): in place where there is none, else in `arena`. */
stele_str stele_token_glue(stele_arena *arena, const stele_tokens *tokens, uint32_t first,
                           uint32_t last);

/* The value of an INTEGER token: decimal, hex or octal. False when above `max`. */
bool stele_token_integer(const stele_tokens *tokens, uint32_t index, uint64_t max, uint64_t *out);

/* The value of an INTEGER or FLOAT token as a double, as protoc converts it. */
double stele_token_float(const stele_tokens *tokens, uint32_t index);

/* The bytes of the adjacent STRING tokens [first, last]: escapes resolved and
 * joined, in `arena`; one token without escapes is answered as it stands in the
 * text. Escapes were checked when lexing. */
stele_str stele_token_string(stele_arena *arena, const stele_tokens *tokens, uint32_t first,
                             uint32_t last);

#endif
