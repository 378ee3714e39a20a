/* How protoc gives comments away, restated over the gap between two tokens.
 *
 * Behind a token the first comment is its trailing one if it starts on the
 * token's line, or stands on the lines below with a blank line, a closing
 * bracket or the end of the file behind it. What directly precedes the next
 * token leads it. All the rest is detached, and belongs to the next
 * declaration. A lone comment that shares a line with both neighbours is
 * nobody's, so it is detached too.
 *
 * A declaration gets its leading comments only when it ends, from the gap
 * before its first token: so each gap is read once, at the end of the
 * declaration before, and its leading half is kept. */
#include "proto/token/comments.h"

#include "proto/token/token_internal.h"

/* A gap being read. `pending` may still lead the next token. */
typedef struct gap_reader {
  stele_comments *comments;
  const char *text;
  uint32_t at, end;
  stele_comment pending, trailing;
  stele_comment_list *detached;
  size_t count;              /* comments given away */
  uint32_t trailing_newline; /* newlines inside a block on the token's line */
  bool has_pending;
  bool has_trailing;
  bool may_trail; /* the previous token can still have it */
} gap_reader;

static void add_detached(gap_reader *r, stele_comment comment) {
  STELE_VEC_PUSH(r->comments->arena, r->detached, comment);
}

/* The pending comment does not lead the next token. */
static void settle(gap_reader *r) {
  if (!r->has_pending) return;
  if (r->may_trail) {
    r->trailing = r->pending;
    r->has_trailing = true;
    r->may_trail = false;
  } else {
    add_detached(r, r->pending);
  }
  r->has_pending = false;
  r->count++;
}

static void skip_spaces(gap_reader *r) {
  while (r->at < r->end && token_classes[(uint8_t)r->text[r->at]] == TOKEN_SPACE) r->at++;
}

static bool take_newline(gap_reader *r) {
  if (r->at >= r->end || r->text[r->at] != '\n') return false;
  r->at++;
  return true;
}

static bool at_comment(const gap_reader *r, char second) {
  return r->end - r->at >= 2 && r->text[r->at] == '/' && r->text[r->at + 1] == second;
}

/* Line comments go on in one comment until something settles it. */
static void read_line_comment(gap_reader *r) {
  if (r->has_pending && r->pending.is_block) settle(r);
  if (!r->has_pending) r->pending = (stele_comment){.off = r->at};
  const char *newline = memchr(r->text + r->at, '\n', r->end - r->at);
  r->at = newline ? (uint32_t)(newline - r->text) + 1 : r->end;
  r->pending.end = r->at;
  r->has_pending = true;
}

static void read_block_comment(gap_reader *r) {
  settle(r);
  r->pending = (stele_comment){.off = r->at, .is_block = true};
  r->at += 2;
  while (r->at < r->end &&
         !(r->text[r->at] == '*' && r->end - r->at >= 2 && r->text[r->at + 1] == '/')) {
    r->trailing_newline += r->text[r->at++] == '\n';
  }
  r->at = r->end - r->at >= 2 ? r->at + 2 : r->end;
  r->pending.end = r->at;
  r->has_pending = true;
}

/* The rest of the token's own line. False when the next token stands there. */
static bool read_own_line(gap_reader *r) {
  skip_spaces(r);
  r->trailing_newline = 0;
  if (at_comment(r, '/')) {
    read_line_comment(r);
  } else if (at_comment(r, '*')) {
    read_block_comment(r);
    skip_spaces(r);
  } else {
    return take_newline(r);
  }
  settle(r);
  return true;
}

static void read_lines(gap_reader *r) {
  for (;;) {
    skip_spaces(r);
    if (at_comment(r, '/')) {
      read_line_comment(r);
    } else if (at_comment(r, '*')) {
      read_block_comment(r);
      skip_spaces(r); /* the rest of its line is no blank line */
      (void)take_newline(r);
    } else if (take_newline(r)) {
      settle(r);
      r->may_trail = false;
    } else {
      return;
    }
  }
}

static bool closes(const stele_token *token) {
  return token->kind == STELE_TOKEN_END || token->sym == STELE_SYM_OF('}') ||
         token->sym == STELE_SYM_OF(']') || token->sym == STELE_SYM_OF(')');
}

/* A lone comment between two tokens of one line (or with the next token on the
 * line where it ends). */
static void detach_lone(gap_reader *r) {
  if (r->count + r->has_pending != 1) return;
  if (r->has_trailing) {
    add_detached(r, r->trailing);
    r->has_trailing = false;
  }
  settle(r);
}

/* Reads the gap behind token `index` (NONE: before the first token) into
 * `detached`, the trailing comment into `trailing`, and keeps the leading one. */
static void read_gap(stele_comments *c, uint32_t index, stele_comment_list *detached,
                     stele_comment *trailing) {
  bool is_start = index == UINT32_MAX;
  const stele_token *next = &c->tokens->at[is_start ? 0 : index + 1];
  *trailing = c->leading = (stele_comment){0};
  detached->count = 0;
  if (!(next->flags & STELE_TOKEN_AFTER_COMMENT)) return;

  const stele_token *token = is_start ? NULL : &c->tokens->at[index];
  gap_reader r = {.comments = c,
                  .text = c->tokens->source.text.ptr,
                  .at = token ? token->off + token->len : 0,
                  .end = next->off,
                  .detached = detached,
                  .may_trail = !is_start};
  if (is_start && r.end >= 3 && memcmp(r.text, "\xef\xbb\xbf", 3) == 0) r.at = 3;
  if (!is_start && !read_own_line(&r)) return;
  uint32_t trailing_end_line = token && r.has_trailing ? token->line + r.trailing_newline : 0;
  bool has_own_line_comment = r.has_trailing;
  read_lines(&r);
  if (closes(next)) settle(&r);
  bool shares_line = token && (token->line == next->line ||
                               (has_own_line_comment && trailing_end_line == next->line));
  if (shares_line && next->kind != STELE_TOKEN_END) detach_lone(&r);
  if (r.has_pending) c->leading = r.pending;
  if (r.has_trailing) *trailing = r.trailing;
}

void stele_comments_init(stele_comments *comments, stele_arena *arena, const stele_tokens *tokens) {
  stele_comment none;
  *comments = (stele_comments){.arena = arena, .tokens = tokens};
  read_gap(comments, UINT32_MAX, &comments->detached, &none);
}

/* `//` at the very end of a file, and the shortest block. */
static stele_comment unless_empty(stele_comment comment) {
  bool is_empty = comment.end - comment.off <= (comment.is_block ? 4u : 2u);
  return is_empty ? (stele_comment){0} : comment;
}

bool stele_comments_take(stele_comments *c, uint32_t token, stele_comments_of *out) {
  stele_comment leading = unless_empty(c->leading), trailing;
  read_gap(c, token, &c->spare, &trailing);
  stele_comment_list mine = c->detached;
  c->detached = c->spare;
  c->spare = mine;
  *out = (stele_comments_of){.leading = leading,
                             .trailing = unless_empty(trailing),
                             .detached = mine.at,
                             .detached_count = mine.count};
  return out->leading.end || out->trailing.end || out->detached_count;
}

void stele_comments_pass(stele_comments *c, uint32_t token) {
  stele_comment none;
  read_gap(c, token, &c->spare, &none);
  if (c->tokens->at[token].sym == STELE_SYM_OF('}')) c->detached.count = 0;
  for (size_t i = 0; i < c->spare.count; i++) {
    STELE_VEC_PUSH(c->arena, &c->detached, c->spare.at[i]);
  }
}

static void print_lines(const char *at, const char *end, stele_buf *out) {
  while (at < end) {
    at = memchr(at, '/', (size_t)(end - at));
    if (!at || end - at < 2) return;
    at += 2;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *next = newline ? newline + 1 : end;
    stele_buf_add(out, at, (size_t)(next - at));
    at = next;
  }
}

static void print_block(const char *at, const char *end, stele_buf *out) {
  while (at < end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *next = newline ? newline + 1 : end;
    stele_buf_add(out, at, (size_t)(next - at));
    if (!newline) return;
    at = next;
    while (at < end && token_classes[(uint8_t)*at] == TOKEN_SPACE) at++;
    if (at < end && *at == '*') at++;
  }
}

void stele_comment_print(const stele_tokens *tokens, const stele_comment *comment, stele_buf *out) {
  const char *text = tokens->source.text.ptr;
  if (comment->end - comment->off < 2) return;
  if (comment->is_block) {
    print_block(text + comment->off + 2, text + comment->end - 2, out);
  } else {
    print_lines(text + comment->off, text + comment->end, out);
  }
}
