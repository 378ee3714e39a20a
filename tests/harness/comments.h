/* harness/comments: whose each comment of a file is.
 *
 * In:   a syntax tree.   Out: its declarations with the comments that protoc's
 * source info gives them.
 * Deps: proto/ast, proto/token. */
#ifndef STELE_TESTS_HARNESS_COMMENTS_H
#define STELE_TESTS_HARNESS_COMMENTS_H

#include "proto/ast/ast.h"
#include "proto/token/comments.h"

/* `ordinal`: how many declarations stand before it, lone `;` not counted.
 * `first`: the token at which its location starts. */
typedef void comments_visit(void *arg, uint32_t ordinal, uint32_t first,
                            const stele_comments_of *of);

/* Calls `visit` for each declaration that has comments, in order. Inside a guard
 * of `arena`, if there is one. */
void comments_walk(stele_arena *arena, const stele_ast_file *file, comments_visit *visit,
                   void *arg);

#endif
