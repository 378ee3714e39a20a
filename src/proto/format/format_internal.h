/* format_internal: what the files of the formatter share.
 *
 * Tokens are written in their order, each once: `take` writes the next one and
 * what stands in the text before it. Who calls says only how the two tokens are
 * to be parted; the comments between them are format_gap.c's business.
 * Deps: format.h, base, proto/ast. */
#ifndef STELE_PROTO_FORMAT_FORMAT_INTERNAL_H
#define STELE_PROTO_FORMAT_FORMAT_INTERNAL_H

#include "base/vec.h"
#include "proto/ast/ast.h"
#include "proto/format/format.h"

enum {
  FORMAT_INDENT = 2,
  FORMAT_WIDTH = 100,   /* columns that are used where there is a choice */
  FORMAT_CONTINUED = 2, /* levels that the rest of a declaration stands further right */
};

/* What parts a token from the one before. */
typedef enum format_gap {
  FORMAT_GLUE,
  FORMAT_SPACE,
  FORMAT_LINE,  /* a new line, and no blank one */
  FORMAT_KEEP,  /* a new line, after a blank one where the text has any */
  FORMAT_BLANK, /* a new line after a blank one */
} format_gap;

/* One comment of a gap. */
typedef struct format_comment {
  uint32_t off, end; /* without the newline that ends a line comment */
  bool is_block;
  uint32_t lines; /* line ends before it: 0, 1 or 2 for more */
} format_comment;

typedef STELE_VEC(format_comment) format_comments;

typedef struct formatter {
  stele_arena *arena;
  const stele_ast_file *file;
  const stele_token *token; /* all tokens */
  const char *text;
  stele_buf *out;
  size_t start;      /* of our text in `out` */
  size_t line_start; /* in `out`: where the line at hand begins */
  uint32_t at;       /* the token to be written next */
  uint32_t level;    /* of the line at hand */
  bool has_cr;       /* lines end in CR LF */
  bool is_flat;      /* trying to write on one line: comments and long lines fail it */
  bool flat_failed;
  bool after_end;              /* the token written last ended a declaration, or opened its block */
  format_comments comments;    /* of the gap at hand */
  STELE_VEC(uint32_t) dropped; /* tokens that were left out, in order */
} formatter;

/* ---- Tokens and gaps: format_gap.c ----------------------------------------- */

/* Writes the next token. */
void format_take(formatter *f, format_gap gap);

/* The next tokens up to `last`, glued together behind the first. */
void format_take_to(formatter *f, uint32_t last, format_gap gap);

/* The next token, as one that ends a declaration or opens its block. */
void format_take_end(formatter *f, format_gap gap);

/* A `}` of a declaration, or the end of the file: comments before it still belong
 * to the block. */
void format_take_close(formatter *f, format_gap gap);

/* The text from the next token to the end of token `last`, as it stands. */
void format_take_verbatim(formatter *f, uint32_t last, format_gap gap);

static inline bool format_at(const formatter *f, char symbol) {
  return f->token[f->at].sym == STELE_SYM_OF(symbol);
}

static inline bool format_has_comment(const formatter *f, uint32_t token) {
  return f->token[token].flags & STELE_TOKEN_AFTER_COMMENT;
}

/* Line ends between a token and the one before it. */
static inline uint32_t format_lines_before(const formatter *f, uint32_t token) {
  return f->token[token].line - f->token[token - 1].line;
}

static inline size_t format_column(const formatter *f) {
  return f->out->len - f->line_start;
}

/* Reads the comments before token `token` (not 0 unless it is the file's first)
 * of `tokens` into `out`; answers the line ends behind the last one. */
uint32_t format_read_gap(stele_arena *arena, const stele_tokens *tokens, uint32_t token,
                         format_comments *out);

/* ---- Trying a line ---------------------------------------------------------- */

/* Writes by `fn` on one line, if it fits there (leaving `room` columns) and if
 * there are no comments in it; else writes nothing and answers false. */
bool format_try_flat(formatter *f, void (*fn)(formatter *f, void *arg), void *arg, size_t room);

/* ---- Options: format_option.c, format_aggregate.c --------------------------- */

/* `name = value`, at the name. `room`: columns that follow the value. */
void format_option(formatter *f, const stele_ast_option *option, format_gap gap, size_t room);

/* ` [a = b, …]` of a declaration, if it has one. */
void format_brackets(formatter *f, const stele_ast_decl *decl);

/* One or more strings up to `last`, each on a line of its own when they were
 * written so or are too long for one. */
void format_strings(formatter *f, uint32_t last, size_t room);

/* From `{` to its `}` at token `last`. */
void format_aggregate(formatter *f, uint32_t last, format_gap gap, size_t room);

/* ---- Declarations: format_decl.c -------------------------------------------- */

void format_file(formatter *f);

/* ---- Proof: format_same.c ---------------------------------------------------- */

/* Whether `text` has the tokens (but for lone `;`) and the comments of the file
 * that was formatted. */
bool format_is_same(formatter *f, stele_str text, stele_interner *interner);

#endif
