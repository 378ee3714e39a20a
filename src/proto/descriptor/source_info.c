/* Writing one location: path, span, comments.
 *
 * A location's length stands before it and its comments' lengths are known
 * only when they have been written, since slashes and stars go. But a comment
 * is never longer than its range in the text, so we leave as many bytes as
 * that bound's length needs; in nearly all cases that is right, and else the
 * content moves by a byte. So the comments, which are most of the output, are
 * copied once. */
#include "proto/descriptor/source_info_internal.h"

#include "proto/wire/writer.h"

enum { LOCATION = 1, PATH = 1, SPAN = 2, LEADING = 3, TRAILING = 4, DETACHED = 6 };

/* A path up to this long is copied as so many bytes, which is quicker than
 * asking how many. */
enum { SHORT_PATH = 32 };

void info_init(info_walk *w, stele_arena *scratch, const stele_ast_file *ast,
               const stele_bytes *option_paths, stele_buf *out) {
  *w = (info_walk){.ast = ast, .option_paths = option_paths, .out = out};
  stele_buf_init(&w->path, scratch, 0);
  (void)stele_buf_reserve(&w->path, SHORT_PATH);
  stele_comments_init(&w->comments, scratch, &ast->tokens);
}

size_t info_down(info_walk *w, uint32_t number) {
  size_t len = w->path.len;
  stele_write_varint(&w->path, number);
  return len;
}

size_t info_down2(info_walk *w, uint32_t number, uint32_t index) {
  size_t len = info_down(w, number);
  stele_write_varint(&w->path, index);
  return len;
}

void info_up(info_walk *w, size_t len) {
  w->path.len = len;
}

/* ---- Fields of a location --------------------------------------------------- */

/* What comes behind it is written at the answer; then set_len. */
static size_t leave_len(stele_buf *out, size_t most) {
  size_t room = stele_wire_varint_len(most);
  if (stele_buf_reserve(out, room + most + SHORT_PATH)) out->len += room;
  return out->len;
}

/* The length of what was written since `start`, into the `room` bytes before. */
static void set_len(stele_buf *out, size_t start, size_t most) {
  size_t room = stele_wire_varint_len(most), len = out->len - start;
  size_t need = stele_wire_varint_len(len);
  if (need != room) memmove(out->ptr + start - room + need, out->ptr + start, len);
  out->len = start - room;
  stele_write_varint(out, len);
  out->len += len;
}

static size_t comment_most(const stele_comment *comment) {
  size_t len = comment->end - comment->off;
  return comment->end ? 1 + stele_wire_varint_len(len) + len : 0;
}

static void put_comment(info_walk *w, uint32_t number, const stele_comment *comment) {
  if (!comment->end) return;
  size_t most = comment->end - comment->off;
  stele_write_tag(w->out, number, STELE_WIRE_DELIMITED);
  size_t start = leave_len(w->out, most);
  stele_comment_print(&w->ast->tokens, comment, w->out);
  set_len(w->out, start, most);
}

/* Most files have no tabs, and then a column is a subtraction. */
static stele_place place_of(const stele_tokens *tokens, uint32_t index, uint32_t len) {
  const stele_token *token = &tokens->at[index];
  if (tokens->tab_count) {
    return len ? stele_token_end(tokens, index) : stele_token_place(tokens, index);
  }
  uint32_t column = token->off + len - tokens->line_starts[token->line];
  return (stele_place){(int32_t)token->line, (int32_t)column};
}

typedef struct span {
  stele_place start, end;
} span;

static span span_of(const info_walk *w, uint32_t first, uint32_t last) {
  const stele_tokens *tokens = &w->ast->tokens;
  return (span){place_of(tokens, first, 0), place_of(tokens, last, tokens->at[last].len)};
}

/* Without the path; a step below it included. A fixed copy may go on behind it. */
enum { SPAN_MOST = 4 * 5, PLACE_MOST = 2 + 5 + SPAN_MOST + 5 };

static uint8_t *put_varint(uint8_t *at, uint32_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = (uint8_t)(value | 0x80);
  *at++ = (uint8_t)value;
  return at;
}

/* [line, column, end column], or [line, column, end line, end column]. */
static uint8_t *put_span(uint8_t *at, const span *of) {
  at = put_varint(at, (uint32_t)of->start.line);
  at = put_varint(at, (uint32_t)of->start.column);
  if (of->end.line != of->start.line) at = put_varint(at, (uint32_t)of->end.line);
  return put_varint(at, (uint32_t)of->end.column);
}

/* One step below the path, for a location that has no others below it. */
typedef struct step {
  uint32_t number;
  bool is_there;
} step;

static const step no_step = {0, false};

/* Path and span, at most PLACE_MOST bytes and the path. */
static inline uint8_t *put_place(const info_walk *w, uint8_t *at, const span *of, step below) {
  size_t len = w->path.len;
  size_t all = len + (below.is_there ? stele_wire_varint_len(below.number) : 0);
  if (all) {
    *at++ = (uint8_t)stele_wire_tag(PATH, STELE_WIRE_DELIMITED);
    at = put_varint(at, (uint32_t)all);
    if (len <= SHORT_PATH) {
      memcpy(at, w->path.ptr, SHORT_PATH);
    } else {
      memcpy(at, w->path.ptr, len);
    }
    at += len;
    if (below.is_there) at = put_varint(at, below.number);
  }
  *at++ = (uint8_t)stele_wire_tag(SPAN, STELE_WIRE_DELIMITED);
  uint8_t *end = put_span(at + 1, of);
  *at = (uint8_t)(end - at - 1); /* at most SPAN_MOST */
  return end;
}

/* ---- Locations --------------------------------------------------------------- */

/* Without comments: the content is small, so it is written behind room for a
 * length of one byte, and moved when that is too small. */
static inline void put_location(info_walk *w, const span *of, step below) {
  stele_buf *out = w->out;
  if (!stele_buf_reserve(out, 2 + STELE_WIRE_VARINT_MAX + PLACE_MOST + SHORT_PATH + w->path.len))
    return;
  uint8_t *start = (uint8_t *)out->ptr + out->len + 2;
  uint8_t *end = put_place(w, start, of, below);
  size_t len = (size_t)(end - start);
  start[-2] = (uint8_t)stele_wire_tag(LOCATION, STELE_WIRE_DELIMITED);
  if (len < 0x80) {
    start[-1] = (uint8_t)len;
    out->len += 2 + len;
  } else {
    memmove(start - 1 + stele_wire_varint_len(len), start, len);
    out->len += 1;
    stele_write_varint(out, len);
    out->len += len;
  }
}

void info_location(info_walk *w, uint32_t first, uint32_t last) {
  span of = span_of(w, first, last);
  put_location(w, &of, no_step);
}

/* Of a file without tokens the end comes first: it is where nothing has been
 * read yet. */
void info_root(info_walk *w) {
  const stele_tokens *tokens = &w->ast->tokens;
  span of = {.start = place_of(tokens, 0, 0)};
  if (tokens->count >= 2) of.end = span_of(w, 0, tokens->count - 2).end;
  put_location(w, &of, no_step);
}

void info_part(info_walk *w, uint32_t number, uint32_t first, uint32_t last) {
  span of = span_of(w, first, last);
  put_location(w, &of, (step){number, true});
}

void info_declaration(info_walk *w, uint32_t first, uint32_t last, uint32_t end) {
  stele_comments_of of;
  span where = span_of(w, first, last);
  if (!stele_comments_take(&w->comments, end, &of)) {
    put_location(w, &where, no_step);
    return;
  }
  size_t most =
      2 + 5 + SPAN_MOST + w->path.len + comment_most(&of.leading) + comment_most(&of.trailing);
  for (size_t i = 0; i < of.detached_count; i++) most += comment_most(&of.detached[i]);

  stele_write_tag(w->out, LOCATION, STELE_WIRE_DELIMITED);
  size_t start = leave_len(w->out, most);
  if (w->out->failed) return;
  uint8_t *at = (uint8_t *)w->out->ptr + start;
  w->out->len += (size_t)(put_place(w, at, &where, no_step) - at);
  put_comment(w, LEADING, &of.leading);
  put_comment(w, TRAILING, &of.trailing);
  for (size_t i = 0; i < of.detached_count; i++) put_comment(w, DETACHED, &of.detached[i]);
  set_len(w->out, start, most);
}
