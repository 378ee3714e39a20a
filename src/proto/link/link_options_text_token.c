/* Text format's tokens, and stepping over a field whose value does not count.
 *
 * protoc has the text of an aggregate lexed anew. The tokens of the file are
 * the same but for `#`: it starts a comment there, and is a symbol here. */
#include "proto/link/link_options_internal.h"

/* ---- Tokens ---------------------------------------------------------------- */

/* `#` hides the rest of its line. */
void options_text_comment(options_text *t) {
  const stele_token *tokens = t->tokens->at;
  while (t->at < t->end && tokens[t->at].kind == STELE_TOKEN_SYMBOL &&
         tokens[t->at].sym == STELE_SYM_OF('#')) {
    uint32_t line = tokens[t->at].line;
    while (t->at < t->end && tokens[t->at].line == line) t->at++;
  }
}

bool options_text_at_end(const options_text *t) {
  return t->at >= t->end;
}

bool options_text_at(const options_text *t, char symbol) {
  return t->at < t->end && t->tokens->at[t->at].kind == STELE_TOKEN_SYMBOL &&
         t->tokens->at[t->at].sym == STELE_SYM_OF(symbol);
}

bool options_text_at_kind(const options_text *t, stele_token_kind kind) {
  return t->at < t->end && t->tokens->at[t->at].kind == kind;
}

stele_str options_text_token(const options_text *t) {
  return t->at < t->end ? stele_token_text(t->tokens, t->at) : STELE_STR("");
}

void options_text_next(options_text *t) {
  if (t->at < t->end) t->at++;
  options_text_comment(t);
}

bool options_text_take(options_text *t, char symbol) {
  if (!options_text_at(t, symbol)) return false;
  options_text_next(t);
  return true;
}

static void add_error(options_text *t, stele_str text) {
  if (t->error.len) stele_buf_add_cstr(&t->error, "; ");
  stele_buf_add_str(&t->error, text);
}

void options_text_mistakes(options_text *t) {
  size_t count = 0;
  const stele_finding *all = t->mistakes ? stele_report_findings(t->mistakes, &count) : NULL;
  for (; t->mistakes_told < count; t->mistakes_told++) {
    const stele_finding *one = &all[t->mistakes_told];
    stele_place here = stele_token_place(t->tokens, t->at);
    bool is_read = one->line < here.line || (one->line == here.line && one->column <= here.column);
    if (!is_read) return;
    if (one->severity == STELE_SEVERITY_ERROR) add_error(t, one->text);
  }
}

bool options_text_fail(options_text *t, const char *format, ...) {
  va_list args;
  options_text_mistakes(t);
  if (t->error.len) stele_buf_add_cstr(&t->error, "; ");
  va_start(args, format);
  stele_buf_vprintf(&t->error, format, args);
  va_end(args);
  return false;
}

bool options_text_expect(options_text *t, char symbol) {
  if (options_text_take(t, symbol)) return true;
  return options_text_fail(t, "Expected \"%c\", found \"%.*s\".", symbol,
                           STELE_STR_ARG(options_text_token(t)));
}

/* ---- Skipping: fields whose name is reserved ---------------------------------- */

static bool skip_message(options_text *t);

bool options_text_enter(options_text *t) {
  enum { MAX_DEPTH = 100 };
  if (++t->depth <= MAX_DEPTH) return true;
  return options_text_fail(t,
                           "Message is too deep, the parser exceeded the configured recursion "
                           "limit of %d.",
                           MAX_DEPTH);
}

static bool at_message(const options_text *t) {
  return options_text_at(t, '{') || options_text_at(t, '<');
}

static bool skip_value(options_text *t);

static bool skip_list(options_text *t) {
  if (options_text_take(t, ']')) return true;
  for (;;) {
    if (!(at_message(t) ? skip_message(t) : skip_value(t))) return false;
    if (options_text_take(t, ']')) return true;
    if (!options_text_expect(t, ',')) return false;
  }
}

static bool skip_scalar(options_text *t) {
  bool minus = options_text_take(t, '-');
  stele_str token = options_text_token(t);
  bool is_word = options_text_at_kind(t, STELE_TOKEN_IDENTIFIER);
  if (!is_word && !options_text_at_kind(t, STELE_TOKEN_INTEGER) &&
      !options_text_at_kind(t, STELE_TOKEN_FLOAT)) {
    return options_text_fail(t, "Cannot skip field value, unexpected token: %.*s",
                             STELE_STR_ARG(token));
  }
  if (minus && is_word && !options_text_float_word(token, NULL)) {
    stele_str lower = options_text_lower(t, token);
    return options_text_fail(t, "Invalid float number: %.*s", STELE_STR_ARG(lower));
  }
  options_text_next(t);
  return true;
}

static bool skip_value(options_text *t) {
  if (!options_text_enter(t)) return false;
  bool ok = true;
  if (options_text_at_kind(t, STELE_TOKEN_STRING)) {
    while (options_text_at_kind(t, STELE_TOKEN_STRING)) options_text_next(t);
  } else {
    ok = options_text_take(t, '[') ? skip_list(t) : skip_scalar(t);
  }
  t->depth--;
  return ok;
}

void options_text_separator(options_text *t) {
  if (!options_text_take(t, ';')) (void)options_text_take(t, ',');
}

bool options_text_identifier(options_text *t, stele_str *name) {
  *name = options_text_token(t);
  if (!options_text_at_kind(t, STELE_TOKEN_IDENTIFIER)) {
    return options_text_fail(t, "Expected identifier, got: %.*s", STELE_STR_ARG(*name));
  }
  options_text_next(t);
  return true;
}

/* A ":" before anything but a message makes it a value. */
bool options_text_skip(options_text *t) {
  bool colon = options_text_take(t, ':');
  return colon && !at_message(t) ? skip_value(t) : skip_message(t);
}

static bool skip_field(options_text *t) {
  stele_str url, name;
  bool ok = options_text_at(t, '[') ? options_text_bracket(t, &url, &name)
                                    : options_text_identifier(t, &name);
  if (!ok || !options_text_skip(t)) return false;
  options_text_separator(t);
  return true;
}

bool options_text_open(options_text *t, char *close) {
  *close = '>';
  if (options_text_take(t, '<')) return true;
  *close = '}';
  return options_text_expect(t, '{');
}

static bool skip_message(options_text *t) {
  char close;
  if (!options_text_enter(t)) return false;
  if (!options_text_open(t, &close)) return false;
  while (!options_text_at(t, '>') && !options_text_at(t, '}')) {
    if (!skip_field(t)) return false;
  }
  t->depth--;
  return options_text_expect(t, close);
}
