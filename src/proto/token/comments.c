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
  stele_comment pending, trailing;
  stele_comment_list *detached;
  size_t count;   /* comments given away */
  uint32_t below; /* the line below what was read last: beyond it a line was left blank */
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

/* What comes next stands on this line. */
static void come_to_line(gap_reader *r, uint32_t line) {
  if (line <= r->below) return;
  settle(r);
  r->may_trail = false;
}

/* Line comments go on in one comment until something settles it. */
static void read_comment(gap_reader *r, const stele_token_comment *comment) {
  bool goes_on = r->has_pending && !r->pending.is_block && !comment->is_block;
  if (!goes_on) {
    settle(r);
    r->pending =
        (stele_comment){.off = comment->off, .line = comment->line, .is_block = comment->is_block};
  }
  r->pending.end = comment->end;
  r->has_pending = true;
  r->below = comment->last_line + 1;
}

/* The comments before `next` that were not passed yet, but for those before `from`,
 * which stand where no gap is read: in brackets, say. */
static uint32_t take_comments(stele_comments *c, uint32_t from, const stele_token *next) {
  const stele_tokens *tokens = c->tokens;
  while (c->next < tokens->comment_count && tokens->comments[c->next].off < from) c->next++;
  uint32_t end = c->next;
  while (end < tokens->comment_count && tokens->comments[end].off < next->off) end++;
  return end;
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
  const stele_token_comment *comments = c->tokens->comments;
  gap_reader r = {.comments = c, .detached = detached, .may_trail = !is_start};
  uint32_t end = take_comments(c, token ? token->off + token->len : 0, next);
  bool is_beside = token && c->next < end && comments[c->next].line == token->line;
  uint32_t beside_line = is_beside ? comments[c->next].last_line : 0;
  if (is_beside) {
    read_comment(&r, &comments[c->next++]);
    settle(&r);
  } else if (token) {
    r.below = token->line + 1;
  }
  for (; c->next < end; c->next++) {
    come_to_line(&r, comments[c->next].line);
    read_comment(&r, &comments[c->next]);
  }
  come_to_line(&r, next->line);
  if (closes(next)) settle(&r);
  bool shares_line =
      token && (token->line == next->line || (is_beside && beside_line == next->line));
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

/* Copies in steps of a fixed size, which may go beyond the end in both places:
 * lines are short, and a call for each costs as much as the copying. */
enum { COPY_STEP = 32 };
static char *copy_line(char *to, const char *from, size_t len) {
  for (size_t done = 0; done < len; done += COPY_STEP) memcpy(to + done, from + done, COPY_STEP);
  return to + len;
}

/* The lines without what stands before their slashes, and without those. */
static void print_lines(const stele_tokens *tokens, const stele_comment *comment, stele_buf *out) {
  const char *text = tokens->source.text.ptr, *end = text + comment->end;
  const char *text_end = text + tokens->source.text.len;
  const char *at = text + comment->off;
  if (!stele_buf_reserve(out, comment->end - comment->off + COPY_STEP)) return;
  char *to = out->ptr + out->len;
  for (uint32_t line = comment->line; at < end; line++) {
    bool is_last = line + 1 >= tokens->line_count;
    const char *below = is_last ? end : text + tokens->line_starts[line + 1];
    if (below > end) below = end;
    while (at < below && *at != '/') at++;
    at += 2;
    if (at > below) break;
    size_t len = (size_t)(below - at);
    if (text_end - below >= COPY_STEP) {
      to = copy_line(to, at, len);
    } else {
      memcpy(to, at, len);
      to += len;
    }
    at = below;
  }
  out->len = (size_t)(to - out->ptr);
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
    print_lines(tokens, comment, out);
  }
}
