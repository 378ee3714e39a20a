/* Tokens, and what stands between them.
 *
 * protoc gives a comment to a declaration by where its lines end: on the line of
 * the token before, alone, above the next token, with blank lines around or not.
 * So a gap with comments behind the end of a declaration keeps these line ends
 * (of many blank lines one), and only what changes nothing is changed:
 *
 *   - a token that shares the line of a block comment before it gets its own,
 *   - a blank line that is wanted goes above the comment that leads the token,
 *   - one that is not wanted goes where only a leading comment follows,
 *   - a lone comment between two tokens of one line is nobody's, and stays so
 *     with blank lines around it.
 *
 * In all other gaps a comment is nobody's. It stays in its gap. */
#include "proto/format/format_internal.h"

/* ---- Reading a gap --------------------------------------------------------- */

static uint32_t line_comment_end(const char *text, uint32_t at, uint32_t end) {
  const char *newline = memchr(text + at, '\n', end - at);
  return newline ? (uint32_t)(newline - text) : end;
}

static uint32_t block_comment_end(const char *text, uint32_t at, uint32_t end) {
  for (at += 2; at + 1 < end; at++) {
    const char *star = memchr(text + at, '*', end - at - 1);
    if (!star) break;
    at = (uint32_t)(star - text);
    if (star[1] == '/') return at + 2;
  }
  return end;
}

uint32_t format_read_gap(stele_arena *arena, const stele_tokens *tokens, uint32_t token,
                         format_comments *out) {
  const char *text = tokens->source.text.ptr;
  uint32_t at = token ? tokens->at[token - 1].off + tokens->at[token - 1].len : 0;
  uint32_t end = tokens->at[token].off, lines = 0;
  out->count = 0;
  while (at < end) {
    if (text[at] != '/' || at + 1 >= end) {
      lines += text[at++] == '\n';
      continue;
    }
    bool is_block = text[at + 1] == '*';
    uint32_t to = is_block ? block_comment_end(text, at, end) : line_comment_end(text, at, end);
    STELE_VEC_PUSH(arena, out, (format_comment){at, to, is_block, lines > 2 ? 2 : lines});
    lines = 0;
    at = to;
  }
  return lines > 2 ? 2 : lines;
}

/* ---- Writing comments ------------------------------------------------------ */

static void add_line_ends(formatter *f, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) stele_buf_add_cstr(f->out, f->has_cr ? "\r\n" : "\n");
  if (count) f->line_start = f->out->len;
}

/* Behind a line comment: its own bytes say whether a CR stands before. */
static void add_line_ends_after(formatter *f, const format_comment *comment, uint32_t count) {
  if (!comment || comment->is_block || !count) {
    add_line_ends(f, count);
    return;
  }
  stele_buf_add_byte(f->out, '\n');
  f->line_start = f->out->len;
  add_line_ends(f, count - 1);
}

static void add_indent(formatter *f, uint32_t level) {
  stele_buf_add_spaces(f->out, (size_t)level * FORMAT_INDENT);
}

static bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

/* Columns of the bytes [from, to), of which the first is in column 0. */
static size_t width(const char *from, const char *to) {
  size_t column = 0;
  for (; from < to; from++) column = *from == '\t' ? column / 8 * 8 + 8 : column + 1;
  return column;
}

static const char *start_of_line(const formatter *f, uint32_t off) {
  while (off > 0 && f->text[off - 1] != '\n') off--;
  return f->text + off;
}

/* The lines of a block move together: protoc passes over the white space that
 * they start with, and over one star, which we put under the first. */
static void add_block(formatter *f, const format_comment *comment) {
  const char *at = f->text + comment->off, *end = f->text + comment->end;
  size_t old = width(start_of_line(f, comment->off), at);
  size_t now = f->out->len ? width(f->out->ptr + f->line_start, f->out->ptr + f->out->len) : 0;
  const char *newline;
  while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
    stele_buf_add(f->out, at, (size_t)(newline + 1 - at));
    f->line_start = f->out->len;
    at = newline + 1;
    const char *word = at;
    while (word < end && is_space(*word)) word++;
    size_t column = width(at, word) + now;
    at = word;
    if (*word == '\n') {
      at -= word[-1] == '\r';
    } else {
      stele_buf_add_spaces(f->out, *word == '*' ? now + 1 : column > old ? column - old : 0);
    }
  }
  stele_buf_add(f->out, at, (size_t)(end - at));
}

static void add_comment(formatter *f, const format_comment *comment) {
  if (comment->is_block) {
    add_block(f, comment);
  } else {
    stele_buf_add(f->out, f->text + comment->off, comment->end - comment->off);
  }
}

/* ---- Gaps with a new line --------------------------------------------------- */

static bool is_nothing_written(const formatter *f) {
  return f->out->len == f->start;
}

/* The first comment of those that protoc takes together with the last one. The
 * comment on the line of the token before is never one of them. */
static size_t last_group(const formatter *f) {
  const format_comment *c = f->comments.at;
  size_t i = f->comments.count - 1;
  while (i > 0 && !c[i].is_block && !c[i - 1].is_block && c[i].lines == 1 &&
         (i > 1 || c[0].lines > 0 || f->at == 0)) {
    i--;
  }
  return i;
}

/* Behind the end of a declaration. Answers the line ends before the token. */
static uint32_t settle_after_end(formatter *f, format_gap gap, bool is_close, uint32_t after) {
  format_comment *c = f->comments.at;
  bool is_start = f->at == 0, is_own_line = c[0].lines == 0 && !is_start;
  bool is_end = f->token[f->at].kind == STELE_TOKEN_END;
  if (f->comments.count == 1 && is_own_line && after == 0 && !is_end) {
    c[0].lines = 2;
    return is_close ? 1 : 2;
  }
  if (is_close || after == 0) after = 1;
  size_t group = last_group(f);
  bool leads = after == 1 && !is_close && !(group == 0 && is_own_line);
  if (gap == FORMAT_LINE && leads && group == 0) c[0].lines = 1;
  if (gap == FORMAT_BLANK && leads) c[group].lines = 2;
  return gap == FORMAT_BLANK && !leads && !is_close ? 2 : after;
}

/* Anywhere else. A block may stand before its token. */
static uint32_t settle_inside(formatter *f, format_gap gap, bool is_close, uint32_t after) {
  format_comment *c = f->comments.at;
  bool is_one_line = after == 0;
  for (size_t i = 0; i < f->comments.count; i++) is_one_line = is_one_line && c[i].lines == 0;
  if (is_one_line || (gap == FORMAT_LINE && c[0].lines > 1)) c[0].lines = 1;
  if (is_close || (gap == FORMAT_LINE && after > 1)) return 1;
  return after;
}

static void line_gap_with_comments(formatter *f, format_gap gap, bool is_close) {
  const format_comment *before = NULL;
  bool is_in_block = is_close && f->token[f->at].kind != STELE_TOKEN_END;
  uint32_t after = format_read_gap(f->arena, &f->file->tokens, f->at, &f->comments);
  after = f->after_end || f->at == 0 ? settle_after_end(f, gap, is_close, after)
                                     : settle_inside(f, gap, is_close, after);
  for (size_t i = 0; i < f->comments.count; i++) {
    const format_comment *comment = &f->comments.at[i];
    if (is_nothing_written(f)) {
      /* the file begins here */
    } else if (comment->lines == 0) {
      stele_buf_add_byte(f->out, ' ');
    } else {
      add_line_ends_after(f, before, comment->lines);
      add_indent(f, f->level + is_in_block);
    }
    add_comment(f, comment);
    before = comment;
  }
  add_line_ends_after(f, before, after);
  if (after) {
    add_indent(f, f->level);
  } else {
    stele_buf_add_byte(f->out, ' ');
  }
}

static void line_gap(formatter *f, format_gap gap, bool is_close) {
  if (format_has_comment(f, f->at)) {
    line_gap_with_comments(f, gap, is_close);
    return;
  }
  if (is_nothing_written(f)) return;
  bool is_blank = gap == FORMAT_BLANK || (gap == FORMAT_KEEP && format_lines_before(f, f->at) > 1);
  add_line_ends(f, is_blank ? 2 : 1);
  add_indent(f, f->level);
}

/* ---- Gaps within a line ------------------------------------------------------ */

/* Two tokens that would be read as one, or as a comment. */
static bool must_part(const formatter *f, uint32_t index) {
  const stele_token *a = &f->token[index - 1], *b = &f->token[index];
  bool is_word = a->kind == STELE_TOKEN_IDENTIFIER || a->kind == STELE_TOKEN_INTEGER ||
                 a->kind == STELE_TOKEN_FLOAT;
  char first = f->text[b->off];
  if (a->sym == STELE_SYM_OF('/')) return first == '/' || first == '*';
  if (b->kind == STELE_TOKEN_SYMBOL) return is_word && first == '.' && a->sym == 0;
  if (a->sym == STELE_SYM_OF('.')) return b->kind != STELE_TOKEN_IDENTIFIER;
  return is_word && b->kind != STELE_TOKEN_STRING;
}

static bool closes(const formatter *f, uint32_t index) {
  static const char closers[] = ";,)]}>.:";
  stele_sym sym = f->token[index].sym;
  return sym && sym <= STELE_SYM_WORDS_START && strchr(closers, (char)sym);
}

static void continue_line(formatter *f, const format_comment *before) {
  add_line_ends_after(f, before, 1);
  add_indent(f, f->level + FORMAT_CONTINUED);
}

static void inline_gap_with_comments(formatter *f, format_gap gap) {
  bool is_fresh = false;
  const format_comment *before = NULL;
  (void)format_read_gap(f->arena, &f->file->tokens, f->at, &f->comments);
  for (size_t i = 0; i < f->comments.count; i++) {
    const format_comment *comment = &f->comments.at[i];
    if (!is_fresh && !comment->is_block && comment->lines) {
      continue_line(f, before);
    } else if (!is_fresh) {
      stele_buf_add_byte(f->out, ' ');
    }
    add_comment(f, comment);
    is_fresh = !comment->is_block;
    if (is_fresh) continue_line(f, comment);
    before = comment;
  }
  if (!is_fresh && !(gap == FORMAT_GLUE && closes(f, f->at))) stele_buf_add_byte(f->out, ' ');
}

static void inline_gap(formatter *f, format_gap gap) {
  if (format_has_comment(f, f->at)) {
    inline_gap_with_comments(f, gap);
  } else if (gap == FORMAT_SPACE || (f->at && must_part(f, f->at))) {
    stele_buf_add_byte(f->out, ' ');
  }
}

/* ---- Tokens ------------------------------------------------------------------ */

static void write_gap(formatter *f, format_gap gap, bool is_close) {
  if (gap >= FORMAT_LINE) {
    line_gap(f, gap, is_close);
  } else {
    inline_gap(f, gap);
  }
  f->after_end = false;
}

void format_take(formatter *f, format_gap gap) {
  const stele_token *token = &f->token[f->at];
  if (f->is_flat && !f->flat_failed) {
    f->flat_failed = format_has_comment(f, f->at) || format_column(f) > FORMAT_WIDTH;
  }
  if (!f->flat_failed) {
    write_gap(f, gap, false);
    stele_buf_add(f->out, f->text + token->off, token->len);
  }
  f->at++;
}

void format_take_to(formatter *f, uint32_t last, format_gap gap) {
  format_take(f, gap);
  while (f->at <= last) format_take(f, FORMAT_GLUE);
}

void format_take_end(formatter *f, format_gap gap) {
  format_take(f, gap);
  f->after_end = true;
}

void format_take_close(formatter *f, format_gap gap) {
  const stele_token *token = &f->token[f->at];
  write_gap(f, gap, true);
  stele_buf_add(f->out, f->text + token->off, token->len);
  f->at += token->kind != STELE_TOKEN_END;
  f->after_end = true;
}

void format_take_verbatim(formatter *f, uint32_t last, format_gap gap) {
  uint32_t first = f->at;
  uint32_t from = f->token[first].off + f->token[first].len;
  uint32_t to = f->token[last].off + f->token[last].len;
  format_take(f, gap);
  if (f->is_flat && f->token[first].line != f->token[last].line) f->flat_failed = true;
  if (first == last) return;
  f->at = last + 1;
  if (f->flat_failed) return;
  size_t start = f->out->len;
  stele_buf_add(f->out, f->text + from, to - from);
  for (size_t i = f->out->len; i-- > start;) {
    if (f->out->ptr[i] != '\n') continue;
    f->line_start = i + 1;
    break;
  }
}

/* ---- Trying a line ------------------------------------------------------------ */

bool format_try_flat(formatter *f, void (*fn)(formatter *f, void *arg), void *arg, size_t room) {
  if (f->is_flat) { /* whoever tries the longer line looks at the end */
    fn(f, arg);
    return true;
  }
  formatter before = *f;
  size_t len = f->out->len;
  f->is_flat = true;
  fn(f, arg);
  bool fits = !f->flat_failed && format_column(f) + room <= FORMAT_WIDTH;
  f->is_flat = f->flat_failed = false;
  if (fits) return true;
  f->out->len = len;
  f->at = before.at;
  f->level = before.level;
  f->line_start = before.line_start;
  f->after_end = before.after_end;
  return false;
}
