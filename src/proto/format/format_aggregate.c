/* Literals of messages: text format between the tokens of a .proto file.
 *
 * The parser only finds their closing brace, so that their grammar is read here:
 *
 *   message = "{" field* "}" | "<" field* ">"
 *   field   = name ":"? value ("," | ";")?
 *   name    = word | "[" … "]"
 *   value   = message | list | scalar         list = "[" (value ("," value)*)? "]"
 *   scalar  = string+ | "-"? word
 *
 * What is not of this shape, is very deep, or has a `#` (a comment to text
 * format, tokens to us) is written as it stands. */
#include "proto/format/format_internal.h"

enum { DEEPEST = 64 };

/* ---- Looking -------------------------------------------------------------------- */

typedef struct looker {
  const stele_token *token;
  uint32_t at, last; /* `last` is the literal's closing brace */
  int depth;
} looker;

static bool is(const looker *l, char symbol) {
  return l->token[l->at].sym == STELE_SYM_OF(symbol);
}

static bool pass(looker *l, char symbol) {
  if (!is(l, symbol)) return false;
  l->at++;
  return true;
}

static bool is_word(const looker *l) {
  uint8_t kind = l->token[l->at].kind;
  return kind == STELE_TOKEN_IDENTIFIER || kind == STELE_TOKEN_INTEGER || kind == STELE_TOKEN_FLOAT;
}

static bool look_value(looker *l);

static bool look_name(looker *l) {
  if (!pass(l, '[')) return is_word(l) && l->at++ < l->last;
  while (is_word(l) || is(l, '.') || is(l, '/') || is(l, '-')) {
    if (l->at++ >= l->last) return false;
  }
  return pass(l, ']');
}

static bool look_message(looker *l) {
  char close = is(l, '{') ? '}' : '>';
  l->at++;
  while (!is(l, close)) {
    if (l->at >= l->last || !look_name(l)) return false;
    (void)pass(l, ':');
    if (!look_value(l)) return false;
    if (!pass(l, ',')) (void)pass(l, ';');
  }
  return l->at++ <= l->last;
}

static bool look_list(looker *l) {
  l->at++;
  if (pass(l, ']')) return true;
  do {
    if (is(l, '[') || !look_value(l)) return false;
  } while (pass(l, ','));
  return pass(l, ']');
}

static bool look_scalar(looker *l) {
  if (l->token[l->at].kind == STELE_TOKEN_STRING) {
    while (l->token[l->at].kind == STELE_TOKEN_STRING) l->at++;
    return true;
  }
  (void)pass(l, '-');
  return is_word(l) && l->at++ < l->last;
}

static bool look_value(looker *l) {
  if (l->at >= l->last || l->depth >= DEEPEST) return false;
  l->depth++;
  bool ok = is(l, '{') || is(l, '<') ? look_message(l) : is(l, '[') ? look_list(l) : look_scalar(l);
  l->depth--;
  return ok;
}

static bool is_text_format(const formatter *f, uint32_t last) {
  looker l = {f->token, f->at, last, 0};
  return look_message(&l) && l.at == last + 1;
}

/* ---- Writing -------------------------------------------------------------------- */

static void write_value(formatter *f);

/* The opening and what belongs to it. True when something is in it. */
static bool open_block(formatter *f, format_gap gap) {
  char close = format_at(f, '{') ? '}' : format_at(f, '<') ? '>' : ']';
  format_take(f, gap);
  if (format_at(f, close)) {
    if (format_has_comment(f, f->at) && !f->is_flat) {
      format_take_close(f, FORMAT_LINE);
      f->after_end = false;
    } else {
      format_take(f, FORMAT_GLUE);
    }
    return false;
  }
  if (f->is_flat && format_lines_before(f, f->at)) f->flat_failed = true;
  f->level++;
  return true;
}

static void close_block(formatter *f) {
  f->level--;
  if (f->is_flat) {
    format_take(f, FORMAT_GLUE);
    return;
  }
  format_take_close(f, FORMAT_LINE);
  f->after_end = false;
}

/* How the first and the later ones in a block are parted from what is before. */
static format_gap item_gap(const formatter *f, bool is_first) {
  if (f->is_flat) return is_first ? FORMAT_GLUE : FORMAT_SPACE;
  return is_first ? FORMAT_LINE : FORMAT_KEEP;
}

static void write_name(formatter *f, format_gap gap) {
  bool is_extension = format_at(f, '[');
  format_take(f, gap);
  if (!is_extension) return;
  while (!format_at(f, ']')) format_take(f, FORMAT_GLUE);
  format_take(f, FORMAT_GLUE);
}

static void write_message(formatter *f, void *arg) {
  const format_gap *gap = arg;
  char close = format_at(f, '{') ? '}' : '>';
  if (!open_block(f, *gap)) return;
  for (bool is_first = true; !format_at(f, close) && !f->flat_failed; is_first = false) {
    write_name(f, item_gap(f, is_first));
    if (format_at(f, ':')) format_take(f, FORMAT_GLUE);
    write_value(f);
    if (format_at(f, ',') || format_at(f, ';')) format_take(f, FORMAT_GLUE);
  }
  close_block(f);
}

static void write_scalar(formatter *f, format_gap gap) {
  if (f->token[f->at].kind == STELE_TOKEN_STRING && gap == FORMAT_SPACE) {
    uint32_t last = f->at;
    while (f->token[last + 1].kind == STELE_TOKEN_STRING) last++;
    format_strings(f, last, 1);
    return;
  }
  bool is_string = f->token[f->at].kind == STELE_TOKEN_STRING, has_sign = format_at(f, '-');
  format_take(f, gap);
  if (has_sign) format_take(f, FORMAT_GLUE);
  while (is_string && f->token[f->at].kind == STELE_TOKEN_STRING) format_take(f, FORMAT_SPACE);
}

static void write_list(formatter *f, void *arg) {
  format_gap gap = *(const format_gap *)arg;
  if (!open_block(f, gap)) return;
  for (bool is_first = true; !f->flat_failed; is_first = false) {
    gap = item_gap(f, is_first);
    if (format_at(f, '{') || format_at(f, '<')) {
      if (!format_try_flat(f, write_message, &gap, 1)) write_message(f, &gap);
    } else {
      write_scalar(f, gap);
    }
    if (!format_at(f, ',')) break;
    format_take(f, FORMAT_GLUE);
  }
  close_block(f);
}

static void write_value(formatter *f) {
  format_gap gap = FORMAT_SPACE;
  if (format_at(f, '{') || format_at(f, '<')) {
    if (!format_try_flat(f, write_message, &gap, 1)) write_message(f, &gap);
  } else if (format_at(f, '[')) {
    if (!format_try_flat(f, write_list, &gap, 1)) write_list(f, &gap);
  } else {
    write_scalar(f, gap);
  }
}

void format_aggregate(formatter *f, uint32_t last, format_gap gap, size_t room) {
  if (!is_text_format(f, last)) {
    format_take_verbatim(f, last, gap);
  } else if (!format_try_flat(f, write_message, &gap, room)) {
    write_message(f, &gap);
  }
}
