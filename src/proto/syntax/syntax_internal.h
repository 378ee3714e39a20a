/* syntax_internal: the tree behind stele/syntax.h, and what its files share.
 * Deps: base, proto/ast. */
#ifndef STELE_PROTO_SYNTAX_SYNTAX_INTERNAL_H
#define STELE_PROTO_SYNTAX_SYNTAX_INTERNAL_H

#include "base/vec.h"
#include "proto/ast/ast.h"
#include "stele/syntax.h"

/* The bytes [off, end), which stand before the token `token`. */
typedef struct syntax_comment {
  uint32_t off, end;
  uint32_t token;
  bool is_block;
} syntax_comment;

typedef STELE_VEC(syntax_comment) syntax_comment_list;

struct stele_syntax {
  stele_source source;
  const stele_ast_file *file;
  stele_report *report;
  syntax_comment_list comments; /* in order */
};

/* All comments of the file, read from the gaps between its tokens. */
void syntax_find_comments(stele_arena *arena, const stele_tokens *tokens, syntax_comment_list *out);

/* The span of the bytes [off, end), which are in the text. */
stele_syntax_span syntax_span(const stele_syntax *syntax, uint32_t off, uint32_t end);

#endif
