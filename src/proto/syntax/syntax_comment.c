/* Comments by themselves. Between two tokens stand white space, comments and
 * bytes that are no token; a slash in there always opens a comment. */
#include "proto/syntax/syntax_internal.h"

/* Behind a comment's opening, which is two bytes. protoc sees the end of the
 * text in a NUL byte; so did the lexer. */
static uint32_t line_end(const char *text, uint32_t at, uint32_t end) {
  uint32_t start = at;
  while (at < end && text[at] != '\n' && text[at] != 0) at++;
  if (at > start && at < end && text[at] == '\n' && text[at - 1] == '\r') at--;
  return at;
}

static uint32_t block_end(const char *text, uint32_t at, uint32_t end) {
  for (; at < end && text[at] != 0; at++) {
    if (text[at] == '*' && at + 1 < end && text[at + 1] == '/') return at + 2;
  }
  return at;
}

static void read_gap(stele_arena *arena, const stele_tokens *tokens, uint32_t token,
                     syntax_comment_list *out) {
  const char *text = tokens->source.text.ptr;
  uint32_t at = token ? tokens->at[token - 1].off + tokens->at[token - 1].len : 0;
  uint32_t end = tokens->at[token].off;
  while (at + 1 < end) {
    if (text[at] != '/') {
      at++;
      continue;
    }
    bool is_block = text[at + 1] == '*';
    uint32_t to = is_block ? block_end(text, at + 2, end) : line_end(text, at + 2, end);
    STELE_VEC_PUSH(arena, out, ((syntax_comment){at, to, token, is_block}));
    at = to;
  }
}

void syntax_find_comments(stele_arena *arena, const stele_tokens *tokens,
                          syntax_comment_list *out) {
  for (uint32_t i = 0; i < tokens->count; i++) {
    if (i % 4096 == 0) stele_arena_check(arena);
    if (tokens->at[i].flags & STELE_TOKEN_AFTER_COMMENT) read_gap(arena, tokens, i, out);
  }
}

uint32_t stele_syntax_comment_count(const stele_syntax *syntax) {
  return (uint32_t)syntax->comments.count;
}

bool stele_syntax_comment_span(const stele_syntax *syntax, uint32_t comment,
                               stele_syntax_span *out) {
  *out = (stele_syntax_span){0};
  if (comment >= syntax->comments.count) return false;
  *out = syntax_span(syntax, syntax->comments.at[comment].off, syntax->comments.at[comment].end);
  return true;
}

bool stele_syntax_comment_is_block(const stele_syntax *syntax, uint32_t comment) {
  return comment < syntax->comments.count && syntax->comments.at[comment].is_block;
}

/* The first comment that stands before `token` or a later one. */
static uint32_t first_before(const stele_syntax *syntax, uint32_t token) {
  uint32_t low = 0, high = (uint32_t)syntax->comments.count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (syntax->comments.at[middle].token < token) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

uint32_t stele_syntax_comments_before(const stele_syntax *syntax, uint32_t token, uint32_t *count) {
  *count = 0;
  if (token >= syntax->file->tokens.count) return STELE_SYNTAX_NONE;
  uint32_t first = first_before(syntax, token);
  *count = first_before(syntax, token + 1) - first;
  return *count ? first : STELE_SYNTAX_NONE;
}

uint32_t stele_syntax_comment_at(const stele_syntax *syntax, size_t offset) {
  const syntax_comment *comments = syntax->comments.at;
  uint32_t low = 0, high = (uint32_t)syntax->comments.count;
  while (low < high) { /* the first one that ends behind the offset */
    uint32_t middle = low + (high - low) / 2;
    if (comments[middle].end <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  bool is_in = low < syntax->comments.count && comments[low].off <= offset;
  return is_in ? low : STELE_SYNTAX_NONE;
}
