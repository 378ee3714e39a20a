/* comments: which comment belongs to which declaration, as protoc decides it.
 *
 * In:   tokens, and the `;`, `{` and `}` that end declarations, in order.
 * Out:  for each: its leading, trailing and detached comments, as ranges of the
 *       text, and on demand as the words alone.
 * A collector is fed every `;`, `{` and `}` that is an end (not the braces and
 * brackets of option values), in the order of the text, once each.
 * Deps: base, proto/token. */
#ifndef STELE_PROTO_TOKEN_COMMENTS_H
#define STELE_PROTO_TOKEN_COMMENTS_H

#include "base/vec.h"
#include "proto/token/token.h"

/* One comment: a block, or line comments on lines that follow each other. It
 * goes from its first slash to behind its last byte, which for line comments
 * is the newline. `end` 0: no comment. */
typedef struct stele_comment {
  uint32_t off, end;
  uint32_t line; /* that it starts on, 0-based */
  bool is_block;
} stele_comment;

typedef STELE_VEC(stele_comment) stele_comment_list;

/* Open only so that it can stand on the stack. */
typedef struct stele_comments {
  stele_arena *arena;
  const stele_tokens *tokens;
  stele_comment leading; /* of the declaration that comes next */
  stele_comment_list detached, spare;
  uint32_t next; /* in the tokens' comments: what was not passed yet */
} stele_comments;

/* Comments of one declaration. `detached` holds until the next call. */
typedef struct stele_comments_of {
  stele_comment leading, trailing;
  const stele_comment *detached;
  size_t detached_count;
} stele_comments_of;

/* Begins a file: reads what stands before its first token. */
void stele_comments_init(stele_comments *comments, stele_arena *arena, const stele_tokens *tokens);

/* The comments of a declaration that has a location and ends (or opens its
 * block) at `token`. False when there are none at all.
 * A leading or trailing comment without any text is none. */
bool stele_comments_take(stele_comments *comments, uint32_t token, stele_comments_of *out);

/* Passes an end that has no location: a block's `}`, an empty statement's `;`. */
void stele_comments_pass(stele_comments *comments, uint32_t token);

/* Appends the text of a comment as protoc stores it: without slashes and
 * stars, in a block also without the white space and star that lines start
 * with. Never longer than the range. */
void stele_comment_print(const stele_tokens *tokens, const stele_comment *comment, stele_buf *out);

#endif
