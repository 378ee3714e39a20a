/* The lexer: a text to its tokens, in one pass.
 *
 * Tokens, white space and comments cover the text without gap or overlap.
 * Nothing stops it: what is no token is noted as a mistake, in protoc's words
 * and at protoc's place, and skipped. Comments leave a flag on the token that
 * follows and their places in a list, from which comments.h gives them away.
 *
 * What follows is the whole of it, one token at a time; the plain ones, which are
 * most, are taken by token_plain.c before it comes to that. A line comment is left
 * by looking up where the next line starts. */
#include <limits.h>

#include "base/guard.h"
#include "proto/token/token_internal.h"

enum { MOST_MISTAKES = 1 << 16 };

#define C4(c) (c), (c), (c), (c)
#define C16(c) C4(c), C4(c), C4(c), C4(c)
enum { S = TOKEN_SYMBOL_BYTE, W = TOKEN_SPACE, L = TOKEN_LETTER, D = TOKEN_DIGIT };
enum { Q = TOKEN_QUOTE, X = TOKEN_CONTROL, N = TOKEN_NEWLINE, H = TOKEN_HIGH };

// clang-format off
const uint8_t token_classes[256] = {
    X, X, X, X, X, X, X, X, X, W, N, W, W, W, X, X, /* \t \n \v \f \r */
    C16(X),
    W, S, Q, S, S, S, S, Q, S, S, S, S, S, S, TOKEN_DOT, TOKEN_SLASH,
    D, D, D, D, D, D, D, D, D, D, S, S, S, S, S, S,
    S, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, S, S, S, S, L,
    S, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, S, S, S, S, S,
    C16(H), C16(H), C16(H), C16(H), C16(H), C16(H), C16(H), C16(H),
};
// clang-format on

static inline uint32_t token_count(const token_lexer *lexer) {
  return (uint32_t)(lexer->next - lexer->out->at);
}

void token_mistake_str(token_lexer *lexer, uint32_t off, uint32_t line, stele_str text) {
  if (lexer->mistakes.count >= MOST_MISTAKES) return;
  stele_token_mistake *mistake = STELE_VEC_ADD(lexer->arena, &lexer->mistakes);
  *mistake = (stele_token_mistake){token_count(lexer), off, line, text};
}

void token_mistake(token_lexer *lexer, uint32_t off, const char *text) {
  token_mistake_str(lexer, off, lexer->line, stele_cstr(text));
}

static void grow_tokens(token_lexer *lexer) {
  token_settle_names(lexer);
  size_t count = token_count(lexer);
  lexer->out->at = stele_arena_grow(lexer->arena, lexer->out->at, count * sizeof(stele_token),
                                    count * 2 * sizeof(stele_token), _Alignof(stele_token));
  lexer->next = lexer->out->at + count;
  lexer->limit = lexer->next + count;
}

/* The token from `start` to where the lexer stands. */
static inline void add_token(token_lexer *lexer, uint32_t start, stele_token_kind kind,
                             stele_sym sym) {
  if (lexer->next == lexer->limit) grow_tokens(lexer);
  *lexer->next++ = (stele_token){.off = start,
                                 .len = lexer->at - start,
                                 .line = lexer->line,
                                 .sym = sym,
                                 .kind = (uint8_t)kind,
                                 .flags = lexer->flags};
  lexer->flags = 0;
}

static inline void enter_line(token_lexer *lexer) {
  enum { LINES = 1 << 13 };
  if (++lexer->line % LINES == 0) stele_arena_check(lexer->arena);
  lexer->flags |= STELE_TOKEN_FIRST_ON_LINE;
}

/* [A-Za-z_][A-Za-z0-9_]* */
static void lex_name(token_lexer *lexer) {
  uint32_t start = lexer->at;
  do {
    lexer->at++;
  } while (token_is_letter(token_peek(lexer)) || token_is_digit(token_peek(lexer)));
  stele_str name = {lexer->text + start, lexer->at - start};
  add_token(lexer, start, STELE_TOKEN_IDENTIFIER, stele_intern(lexer->interner, name));
}

static inline void skip_spaces(token_lexer *lexer) {
  uint32_t at = lexer->at;
  while (at < lexer->len && lexer->text[at] == ' ') at++;
  lexer->at = at;
}

/* Steps over one line comment and what its next line begins with. protoc ends a
 * comment at a NUL byte, too; then answers false. */
static inline bool skip_comment_line(token_lexer *lexer, uint32_t *end) {
  uint32_t line = lexer->line;
  bool is_last = line + 1 >= lexer->out->line_count;
  uint32_t newline = is_last ? lexer->len : lexer->out->line_starts[line + 1] - 1;
  const char *nul = lexer->has_nul ? memchr(lexer->text + lexer->at, 0, newline - lexer->at) : NULL;
  lexer->at = nul ? (uint32_t)(nul - lexer->text) : newline;
  bool has_newline = token_take(lexer, '\n');
  *end = lexer->at;
  if (!has_newline) return false;
  enter_line(lexer);
  skip_spaces(lexer);
  return true;
}

static inline bool at_line_comment(const token_lexer *lexer) {
  return lexer->len - lexer->at >= 2 && lexer->text[lexer->at] == '/' &&
         lexer->text[lexer->at + 1] == '/';
}

/* At the first slash of one, or of many on lines that follow each other: those
 * are one comment, unless the first stands beside a token. */
static void skip_line_comments(token_lexer *lexer) {
  bool is_beside = !(lexer->flags & STELE_TOKEN_FIRST_ON_LINE);
  lexer->flags |= STELE_TOKEN_AFTER_COMMENT;
  stele_token_comment comment = {.off = lexer->at, .line = lexer->line, .is_beside = is_beside};
  bool goes_on;
  do {
    comment.last_line = lexer->line;
    goes_on = skip_comment_line(lexer, &comment.end) && !is_beside && at_line_comment(lexer);
  } while (goes_on);
  STELE_VEC_PUSH(lexer->arena, &lexer->comments, comment);
}

/* White space at the start of a comment's line, and its decoration; true when
 * that was the end of the comment. */
static bool skip_block_line_start(token_lexer *lexer) {
  enter_line(lexer);
  while (token_classes[(uint8_t)token_peek(lexer)] == TOKEN_SPACE) lexer->at++;
  return token_take(lexer, '*') && token_take(lexer, '/');
}

/* At the opening; goes behind the closing, and on from mistakes. */
static void pass_block_comment(token_lexer *lexer) {
  uint32_t start = lexer->at, start_line = lexer->line;
  lexer->at += 2;
  for (;;) {
    char byte = token_peek(lexer);
    if (byte == 0) {
      token_mistake(lexer, lexer->at, "End-of-file inside block comment.");
      token_mistake_str(lexer, start, start_line, STELE_STR("  Comment started here."));
      return;
    }
    lexer->at++;
    if (byte == '\n') {
      if (skip_block_line_start(lexer)) return;
    } else if (byte == '*') {
      if (token_take(lexer, '/')) return;
    } else if (byte == '/' && token_peek(lexer) == '*') {
      token_mistake(lexer, lexer->at,
                    "\"/*\" inside block comment.  Block comments cannot be nested.");
    }
  }
}

static void skip_block_comment(token_lexer *lexer) {
  stele_token_comment comment = {.off = lexer->at,
                                 .line = lexer->line,
                                 .is_block = true,
                                 .is_beside = !(lexer->flags & STELE_TOKEN_FIRST_ON_LINE)};
  lexer->flags |= STELE_TOKEN_AFTER_COMMENT;
  pass_block_comment(lexer);
  comment.end = lexer->at;
  comment.last_line = lexer->line;
  STELE_VEC_PUSH(lexer->arena, &lexer->comments, comment);
}

static inline void lex_slash(token_lexer *lexer) {
  char second = lexer->len - lexer->at > 1 ? lexer->text[lexer->at + 1] : 0;
  if (second == '/') {
    skip_line_comments(lexer);
  } else if (second == '*') {
    skip_block_comment(lexer);
  } else {
    lexer->at++;
    add_token(lexer, lexer->at - 1, STELE_TOKEN_SYMBOL, STELE_SYM_OF('/'));
  }
}

/* A run of control bytes is one mistake; white space among them belongs to it. */
static void skip_controls(token_lexer *lexer) {
  token_mistake(lexer, lexer->at, "Invalid control characters encountered in text.");
  for (; lexer->at < lexer->len && (uint8_t)lexer->text[lexer->at] < ' '; lexer->at++) {
    if (lexer->text[lexer->at] == '\n') enter_line(lexer);
  }
}

static void lex_high_byte(token_lexer *lexer) {
  uint32_t start = lexer->at;
  unsigned byte = (uint8_t)lexer->text[start];
  if (lexer->mistakes.count < MOST_MISTAKES) {
    token_mistake_str(lexer, start, lexer->line,
                      stele_str_printf(lexer->arena, "Interpreting non ascii codepoint %u.", byte));
  }
  lexer->at++;
  add_token(lexer, start, STELE_TOKEN_SYMBOL, 0);
}

static void lex_dot(token_lexer *lexer) {
  uint32_t start = lexer->at++;
  if (!token_is_digit(token_peek(lexer))) {
    add_token(lexer, start, STELE_TOKEN_SYMBOL, STELE_SYM_OF('.'));
    return;
  }
  const stele_token *previous = token_count(lexer) ? lexer->next - 1 : NULL;
  if (previous && previous->kind == STELE_TOKEN_IDENTIFIER &&
      previous->off + previous->len == start) {
    token_mistake(lexer, start, "Need space between identifier and decimal point.");
  }
  lexer->at++;
  add_token(lexer, start, token_lex_number(lexer, '.'), 0);
}

static void lex_digits(token_lexer *lexer) {
  uint32_t start = lexer->at++;
  add_token(lexer, start, token_lex_number(lexer, lexer->text[start]), 0);
}

static void lex_quote(token_lexer *lexer) {
  uint32_t start = lexer->at++;
  token_lex_string(lexer, lexer->text[start]);
  add_token(lexer, start, STELE_TOKEN_STRING, 0);
}

/* What begins with the next byte. */
static void lex_one(token_lexer *lexer) {
  uint8_t byte = (uint8_t)lexer->text[lexer->at];
  switch ((token_class)token_classes[byte]) {
  case TOKEN_SPACE: lexer->at++; break;
  case TOKEN_NEWLINE:
    lexer->at++;
    enter_line(lexer);
    skip_spaces(lexer);
    break;
  case TOKEN_LETTER: lex_name(lexer); break;
  case TOKEN_SYMBOL_BYTE:
    lexer->out->ends += byte == ';' || byte == '{';
    lexer->at++;
    add_token(lexer, lexer->at - 1, STELE_TOKEN_SYMBOL, STELE_SYM_OF(byte));
    break;
  case TOKEN_DIGIT: lex_digits(lexer); break;
  case TOKEN_QUOTE: lex_quote(lexer); break;
  case TOKEN_SLASH: lex_slash(lexer); break;
  case TOKEN_DOT: lex_dot(lexer); break;
  case TOKEN_CONTROL: skip_controls(lexer); break;
  case TOKEN_HIGH: lex_high_byte(lexer); break;
  }
}

static void lex_all(token_lexer *lexer) {
  while (lexer->at < lexer->len) {
    token_lex_plain(lexer);
    if (lexer->at < lexer->len) lex_one(lexer);
  }
  token_settle_names(lexer);
}

/* A UTF-8 byte order mark is passed over. Anything else that starts like one
 * is a token of its own, which no statement starts with: so the parser comes
 * to protoc's second finding by itself. */
static void lex_byte_order_mark(token_lexer *lexer) {
  if (!token_take(lexer, (char)0xef)) return;
  if (token_take(lexer, (char)0xbb) && token_take(lexer, (char)0xbf)) return;
  token_mistake(lexer, lexer->at,
                "Proto file starts with 0xEF but not UTF-8 BOM. "
                "Only UTF-8 is accepted for proto file.");
  add_token(lexer, 0, STELE_TOKEN_SYMBOL, 0);
}

/* About as many as there are in most files, so that the tokens, which come
 * behind, can give back what they do not need. */
static void reserve_comments(token_lexer *lexer) {
  lexer->comments.cap = lexer->len / 256 + 16;
  lexer->comments.at =
      stele_arena_alloc(lexer->arena, lexer->comments.cap * sizeof *lexer->comments.at,
                        _Alignof(stele_token_comment));
}

void stele_token_lex(stele_arena *arena, stele_interner *interner, const stele_source *source,
                     stele_report *report, stele_tokens *out) {
  if (source->text.len >= INT_MAX) {
    stele_guard_leave(arena, STELE_LIMIT, "a source of %zu bytes is too long", source->text.len);
  }
  *out = (stele_tokens){.source = *source, .interner = interner};
  token_lexer lexer = {.arena = arena,
                       .interner = interner,
                       .text = source->text.ptr,
                       .len = (uint32_t)source->text.len,
                       .flags = STELE_TOKEN_FIRST_ON_LINE,
                       .out = out};
  token_find_lines(&lexer);
  reserve_comments(&lexer);
  size_t cap = lexer.len / 16 + 64;
  out->at = stele_arena_alloc(arena, cap * sizeof(stele_token), _Alignof(stele_token));
  lexer.next = out->at;
  lexer.limit = out->at + cap;
  lex_byte_order_mark(&lexer);
  lex_all(&lexer);
  add_token(&lexer, lexer.len, STELE_TOKEN_END, 0);
  out->count = token_count(&lexer);
  stele_arena_trim(arena, out->at, (size_t)(lexer.limit - out->at) * sizeof(stele_token),
                   out->count * sizeof(stele_token));
  out->comments = lexer.comments.at;
  out->comment_count = (uint32_t)lexer.comments.count;
  out->mistakes = lexer.mistakes.at;
  out->mistake_count = (uint32_t)lexer.mistakes.count;
  for (uint32_t i = 0; report && i < out->mistake_count; i++) {
    stele_token_report(out, &out->mistakes[i], report);
  }
}
