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

void info_init(info_walk *w, stele_arena *scratch, const stele_ast_file *ast,
               const stele_bytes *option_paths, stele_buf *out) {
  *w = (info_walk){.ast = ast, .option_paths = option_paths, .out = out};
  stele_buf_init(&w->path, scratch, 0);
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
  if (stele_buf_reserve(out, room + most)) out->len += room;
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

typedef struct span {
  uint8_t bytes[4 * STELE_WIRE_VARINT_MAX];
  size_t len;
} span;

/* [line, column, end column], or [line, column, end line, end column]. */
static span make_span(stele_place start, stele_place end) {
  int32_t numbers[4] = {start.line, start.column, end.line, end.column};
  span out = {.len = 0};
  for (int i = 0; i < 4; i++) {
    if (i == 2 && end.line == start.line) continue;
    uint32_t value = (uint32_t)numbers[i];
    for (; value >= 0x80; value >>= 7) out.bytes[out.len++] = (uint8_t)(value | 0x80);
    out.bytes[out.len++] = (uint8_t)value;
  }
  return out;
}

static span span_of(const info_walk *w, uint32_t first, uint32_t last) {
  return make_span(stele_token_place(&w->ast->tokens, first),
                   stele_token_end(&w->ast->tokens, last));
}

static void put_place(info_walk *w, const span *at) {
  if (w->path.len) stele_write_bytes_field(w->out, PATH, stele_buf_bytes(&w->path));
  stele_write_bytes_field(w->out, SPAN, (stele_bytes){at->bytes, at->len});
}

static size_t field_len(size_t len) {
  return len ? 1 + stele_wire_varint_len(len) + len : 0;
}

/* ---- Locations --------------------------------------------------------------- */

static void put_location(info_walk *w, const span *at) {
  stele_write_tag(w->out, LOCATION, STELE_WIRE_DELIMITED);
  stele_write_varint(w->out, field_len(w->path.len) + field_len(at->len));
  put_place(w, at);
}

void info_location(info_walk *w, uint32_t first, uint32_t last) {
  span at = span_of(w, first, last);
  put_location(w, &at);
}

/* Of a file without tokens the end comes first: it is where nothing has been
 * read yet. */
void info_root(info_walk *w) {
  const stele_tokens *tokens = &w->ast->tokens;
  stele_place end = {0, 0};
  if (tokens->count >= 2) end = stele_token_end(tokens, tokens->count - 2);
  span at = make_span(stele_token_place(tokens, 0), end);
  put_location(w, &at);
}

void info_part(info_walk *w, uint32_t number, uint32_t first, uint32_t last) {
  size_t up = info_down(w, number);
  info_location(w, first, last);
  info_up(w, up);
}

void info_declaration(info_walk *w, uint32_t first, uint32_t last, uint32_t end) {
  stele_comments_of of;
  if (!stele_comments_take(&w->comments, end, &of)) {
    info_location(w, first, last);
    return;
  }
  span at = span_of(w, first, last);
  size_t most = field_len(w->path.len) + field_len(at.len) + comment_most(&of.leading) +
                comment_most(&of.trailing);
  for (size_t i = 0; i < of.detached_count; i++) most += comment_most(&of.detached[i]);

  stele_write_tag(w->out, LOCATION, STELE_WIRE_DELIMITED);
  size_t start = leave_len(w->out, most);
  put_place(w, &at);
  put_comment(w, LEADING, &of.leading);
  put_comment(w, TRAILING, &of.trailing);
  for (size_t i = 0; i < of.detached_count; i++) put_comment(w, DETACHED, &of.detached[i]);
  set_len(w->out, start, most);
}
