/* syntax: the tree of one file, also of one with mistakes: for editors.
 *
 * In:   the text of a file, as far as it has been written.   Out: a tree of its
 * declarations, its tokens and comments, and what the parser found wrong.
 * Nothing is resolved and no import is looked at: see stele/compile.h.
 *
 * Declarations, tokens and comments are numbered from 0 in the order of the
 * text; declaration 0 is the file. Offsets and lengths count bytes. An index
 * out of range is no mistake: the answer is then STELE_SYNTAX_NONE, false,
 * nothing or 0, as each function says.
 * Deps: stele/arena.h, stele/report.h. */
#ifndef STELE_SYNTAX_H
#define STELE_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stele/arena.h"
#include "stele/err.h"
#include "stele/report.h"
#include "stele/str.h"

/* Immutable once made: any number of threads may ask it. */
typedef struct stele_syntax stele_syntax;

/* No declaration, no token. */
#define STELE_SYNTAX_NONE UINT32_MAX

/* Kinds of declarations. The options in brackets behind a field are part of
 * the field: their tokens tell them. */
// clang-format off
#define STELE_SYNTAX_KINDS(X)                                                      \
  /* name       text          what it is */                                        \
  X(FILE,       "file",       "all of the text")                                   \
  X(SYNTAX,     "syntax",     "syntax = or edition =; its value is the string")    \
  X(PACKAGE,    "package",    "its name as written, dots included")                \
  X(IMPORT,     "import",     "its value is the string, quotes included")          \
  X(OPTION,     "option",     "a statement; has a name and a value")               \
  X(MESSAGE,    "message",    "has a block")                                       \
  X(ENUM,       "enum",       "has a block")                                       \
  X(SERVICE,    "service",    "has a block")                                       \
  X(EXTEND,     "extend",     "its type is the extendee; no name, has a block")    \
  X(FIELD,      "field",      "of a message, oneof, group or extend")              \
  X(MAP_FIELD,  "map field",  "type: of its keys; second type: of its values")     \
  X(GROUP,      "group",      "its type is the word group; has a block")           \
  X(ONEOF,      "oneof",      "has a block")                                       \
  X(EXTENSIONS, "extensions", "ranges of numbers")                                 \
  X(RESERVED,   "reserved",   "ranges of numbers, or names")                       \
  X(VALUE,      "value",      "of an enum")                                        \
  X(METHOD,     "method",     "type: request; second type: response")              \
  X(EMPTY,      "empty",      "a lone semicolon")                                  \
  X(BAD,        "bad",        "what was skipped after a mistake")
// clang-format on

typedef enum stele_syntax_kind {
#define X(name, text, what) STELE_SYNTAX_##name,
  STELE_SYNTAX_KINDS(X)
#undef X
} stele_syntax_kind;

/* Parts of a declaration. */
typedef enum stele_syntax_part {
  STELE_SYNTAX_PART_WHOLE, /* label to `;` or `}`; every declaration has it */
  STELE_SYNTAX_PART_NAME,
  STELE_SYNTAX_PART_TYPE,
  STELE_SYNTAX_PART_SECOND_TYPE,
  STELE_SYNTAX_PART_NUMBER, /* digits alone, without a sign */
  STELE_SYNTAX_PART_VALUE,  /* of SYNTAX, IMPORT, OPTION */
  STELE_SYNTAX_PART_BLOCK,  /* `{` to `}`; to the last declaration of it if that is missing */
} stele_syntax_part;

typedef enum stele_syntax_token_kind {
  STELE_SYNTAX_TOKEN_END, /* there is no such token */
  STELE_SYNTAX_TOKEN_IDENTIFIER,
  STELE_SYNTAX_TOKEN_INTEGER,
  STELE_SYNTAX_TOKEN_FLOAT,
  STELE_SYNTAX_TOKEN_STRING, /* with its quotes; one without an end goes to the end of its line */
  STELE_SYNTAX_TOKEN_SYMBOL, /* one byte; also one that no .proto file may have */
} stele_syntax_token_kind;

/* A run of the text. Line and column are those of its first byte, counted as in
 * stele_finding: from 0, a tab goes to the next multiple of 8. */
typedef struct stele_syntax_span {
  uint32_t offset, length;
  int32_t line, column;
} stele_syntax_span;

typedef struct stele_syntax_options {
  size_t limit_text_bytes;       /* 0: 64 MiB */
  size_t limit_findings;         /* kept; the others are counted. 0: 1,000 */
  unsigned limit_depth;          /* of messages and groups in each other; 0: what protoc allows */
  const _Atomic bool *cancelled; /* ends the parse with STELE_CANCELLED; may be NULL */
} stele_syntax_options;

/* Parses one file. `path` is the name that findings give it; `options` may be NULL.
 *
 * There is a tree whatever the text is: after a mistake parsing goes on behind
 * the statement or block, and what has a block keeps what is in it.
 * NULL: STELE_LIMIT (a text longer than allowed, or more memory than the arena
 * may have), STELE_NO_MEMORY or STELE_CANCELLED.
 * Memory: the tree lives in `arena` and has copies of path and text. After a
 * failure the arena holds what had been made until then: reset or free it.
 * Threads: safe side by side on distinct arenas. Cost: O(bytes). */
STELE_API const stele_syntax *stele_syntax_parse(stele_arena *arena, stele_str path, stele_str text,
                                                 const stele_syntax_options *options,
                                                 stele_err *err) STELE_MUST_USE;

/* Would a compile refuse the file for its syntax? Of a file with no errors here
 * it may still say that names are not defined, and the like. */
STELE_API bool stele_syntax_has_errors(const stele_syntax *syntax);

/* Errors and warnings, in protoc's words and order; never NULL. */
STELE_API const stele_report *stele_syntax_findings(const stele_syntax *syntax);

/* The tree's own copies. */
STELE_API stele_str stele_syntax_path(const stele_syntax *syntax);
STELE_API stele_str stele_syntax_text(const stele_syntax *syntax);

/* The bytes of a span; those of it that lie in the text. */
STELE_API stele_str stele_syntax_span_text(const stele_syntax *syntax, stele_syntax_span span);

/* Lines, at least one; and where line `line` (from 0) starts, the end of the
 * text for one that is not there. `offset - start` is a column in bytes. */
STELE_API uint32_t stele_syntax_line_count(const stele_syntax *syntax);
STELE_API uint32_t stele_syntax_line_offset(const stele_syntax *syntax, uint32_t line);

/* ---- Declarations ----------------------------------------------------------- */

/* At least 1: the file. */
STELE_API uint32_t stele_syntax_decl_count(const stele_syntax *syntax);

/* The row of STELE_SYNTAX_KINDS; BAD out of range. */
STELE_API stele_syntax_kind stele_syntax_decl_kind(const stele_syntax *syntax, uint32_t decl);

/* As what a BAD declaration began; BAD when nobody can tell. Others: their kind. */
STELE_API stele_syntax_kind stele_syntax_decl_meant(const stele_syntax *syntax, uint32_t decl);

/* "message", "map field": the text of a kind's row; "" for no kind. */
STELE_API const char *stele_syntax_kind_text(stele_syntax_kind kind);

/* The name as written ("a . b" of a package stays so); empty: it has none. In
 * the tree's text. */
STELE_API stele_str stele_syntax_decl_name(const stele_syntax *syntax, uint32_t decl);

/* Where a part stands. False, and a zeroed span: the declaration has none. */
STELE_API bool stele_syntax_decl_span(const stele_syntax *syntax, uint32_t decl,
                                      stele_syntax_part part, stele_syntax_span *out);

/* The declaration around; NONE for the file. Less than `decl` itself. */
STELE_API uint32_t stele_syntax_decl_parent(const stele_syntax *syntax, uint32_t decl);

/* Those right inside, in the order of the text; NONE out of range. They lie
 * inside their parent and do not overlap. */
STELE_API uint32_t stele_syntax_decl_child_count(const stele_syntax *syntax, uint32_t decl);
STELE_API uint32_t stele_syntax_decl_child(const stele_syntax *syntax, uint32_t decl, uint32_t i);

/* The innermost declaration that the byte at `offset` is part of: the file for
 * what stands between declarations and for the end of the text, NONE behind it.
 * Cost: O(depth * log declarations). */
STELE_API uint32_t stele_syntax_decl_at(const stele_syntax *syntax, size_t offset);

/* ---- Tokens ----------------------------------------------------------------- */

/* Comments and white space are none. */
STELE_API uint32_t stele_syntax_token_count(const stele_syntax *syntax);

/* END out of range. */
STELE_API stele_syntax_token_kind stele_syntax_token_kind_of(const stele_syntax *syntax,
                                                             uint32_t token);

/* False, and a zeroed span: out of range. */
STELE_API bool stele_syntax_token_span(const stele_syntax *syntax, uint32_t token,
                                       stele_syntax_span *out);

/* The token that the byte at `offset` is part of, or NONE. Cost: O(log tokens). */
STELE_API uint32_t stele_syntax_token_at(const stele_syntax *syntax, size_t offset);

/* The first token that ends behind `offset`: the one at it, or the next one
 * after it; the count of tokens when there is no other. The one before that is
 * what stands to the left of a cursor. Cost: O(log tokens). */
STELE_API uint32_t stele_syntax_token_from(const stele_syntax *syntax, size_t offset);

/* ---- Comments --------------------------------------------------------------- */

STELE_API uint32_t stele_syntax_comment_count(const stele_syntax *syntax);

/* From the first slash to the end of its line, line end left out, or behind the
 * last slash; one block without an end goes to the end of the text (both end
 * before a NUL byte). False, and a zeroed span: out of range. */
STELE_API bool stele_syntax_comment_span(const stele_syntax *syntax, uint32_t comment,
                                         stele_syntax_span *out);

/* Is it one between slash and star? False out of range. */
STELE_API bool stele_syntax_comment_is_block(const stele_syntax *syntax, uint32_t comment);

/* The comments between token - 1 and `token`: the first of them, and how many;
 * `token` may be the count of tokens: those at the end. NONE and 0: there are
 * none. Cost: O(log comments). */
STELE_API uint32_t stele_syntax_comments_before(const stele_syntax *syntax, uint32_t token,
                                                uint32_t *count);

/* The comment that the byte at `offset` is part of, or NONE. Cost: O(log comments). */
STELE_API uint32_t stele_syntax_comment_at(const stele_syntax *syntax, size_t offset);

#endif
