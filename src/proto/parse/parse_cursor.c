/* Moving over tokens, and what happens when one is not as it should be.
 *
 * protoc's lexer runs one token ahead of its parser, so its findings and the
 * parser's come mixed, by token. Ours has run to the end before parsing starts;
 * its mistakes wait until the parser comes to their token. */
#include "proto/parse/parse_internal.h"

static void report_mistakes(parser *p) {
  for (; p->next_mistake < p->tokens.mistake_count; p->next_mistake++) {
    const stele_token_mistake *mistake = &p->tokens.mistakes[p->next_mistake];
    if (mistake->token > p->at) return;
    stele_token_report(&p->tokens, mistake, p->report);
    p->had_errors = true;
  }
}

static void add_finding(parser *p, stele_severity severity, uint32_t token, stele_str text) {
  report_mistakes(p);
  stele_place place = stele_token_place(&p->tokens, token);
  stele_place end = stele_token_end(&p->tokens, token);
  stele_report_add(p->report, &(stele_finding){.severity = severity,
                                               .file = p->tokens.source.name,
                                               .line = place.line,
                                               .column = place.column,
                                               .end_column = end.column,
                                               .text = text,
                                               .source_line = stele_token_line(
                                                   &p->tokens, p->token[token].line)});
}

bool parse_fail_text(parser *p, uint32_t token, stele_str text) {
  add_finding(p, STELE_SEVERITY_ERROR, token, text);
  p->had_errors = true;
  return false;
}

bool parse_fail_at(parser *p, uint32_t token, const char *text) {
  return parse_fail_text(p, token, stele_cstr(text));
}

bool parse_fail(parser *p, const char *text) {
  return parse_fail_at(p, p->at, text);
}

bool parse_fail_expected(parser *p, const char *what) {
  return parse_fail_text(p, p->at, stele_str_printf(p->arena, "Expected \"%s\".", what));
}

void parse_warn(parser *p, uint32_t token, stele_str text) {
  add_finding(p, STELE_SEVERITY_WARNING, token, text);
}

void parse_finish_mistakes(parser *p) {
  report_mistakes(p);
}

bool parse_integer(parser *p, uint64_t max, uint64_t *value, const char *error) {
  *value = 0;
  if (!parse_at_kind(p, STELE_TOKEN_INTEGER)) return parse_fail(p, error);
  if (!stele_token_integer(&p->tokens, p->at, max, value)) parse_fail(p, "Integer out of range.");
  p->at++;
  return true;
}

bool parse_int32(parser *p, int32_t *value, const char *error) {
  uint64_t wide = 0;
  if (!parse_integer(p, INT32_MAX, &wide, error)) return false;
  *value = (int32_t)wide;
  return true;
}

bool parse_signed_int32(parser *p, int32_t *value, bool *negative, uint32_t *number,
                        const char *error) {
  uint64_t wide = 0;
  *negative = parse_take(p, STELE_SYM_OF('-'));
  *number = p->at;
  if (!parse_integer(p, (uint64_t)INT32_MAX + *negative, &wide, error)) return false;
  *value = (int32_t)(*negative ? -(int64_t)wide : (int64_t)wide);
  return true;
}

bool parse_float(parser *p, const char *error) {
  uint64_t whole = 0;
  if (parse_at_kind(p, STELE_TOKEN_INTEGER)) {
    /* A decimal too large for an integer is read as a float; others are not. */
    bool is_decimal = stele_token_text(&p->tokens, p->at).ptr[0] != '0';
    if (!is_decimal && !stele_token_integer(&p->tokens, p->at, UINT64_MAX, &whole)) {
      parse_fail(p, "Integer out of range.");
    }
  } else if (!parse_at_kind(p, STELE_TOKEN_FLOAT) && !parse_at(p, STELE_SYM_inf) &&
             !parse_at(p, STELE_SYM_nan)) {
    return parse_fail(p, error);
  }
  p->at++;
  return true;
}

bool parse_strings(parser *p, uint32_t *first, uint32_t *last, const char *error) {
  if (!parse_at_kind(p, STELE_TOKEN_STRING)) return parse_fail(p, error);
  *first = p->at;
  while (parse_at_kind(p, STELE_TOKEN_STRING)) p->at++;
  *last = p->at - 1;
  return true;
}

uint32_t parse_add(parser *p, stele_ast_kind kind, uint32_t parent) {
  static const uint32_t none = STELE_AST_NONE;
  uint32_t index = (uint32_t)p->decls.count;
  p->decls.at = stele_vec_reserve(p->arena, p->decls.at, p->decls.count, &p->decls.cap,
                                  sizeof *p->decls.at, _Alignof(stele_ast_decl));
  p->decls.at[p->decls.count++] = (stele_ast_decl){.kind = (uint8_t)kind,
                                                   .first = p->at,
                                                   .last = p->at,
                                                   .modifier_token = none,
                                                   .name = none,
                                                   .name_last = none,
                                                   .type = none,
                                                   .type_last = none,
                                                   .type2 = none,
                                                   .type2_last = none,
                                                   .stream = none,
                                                   .stream2 = none,
                                                   .number = none,
                                                   .value = none,
                                                   .value_last = none,
                                                   .bracket_open = none,
                                                   .bracket_close = none,
                                                   .open = none,
                                                   .close = none,
                                                   .parent = parent,
                                                   .option_start = (uint32_t)p->options.count,
                                                   .range_start = (uint32_t)p->ranges.count,
                                                   .reserved_start = (uint32_t)p->names.count};
  if (parent != none) p->decls.at[parent].child_count++;
  return index;
}

bool parse_open_block(parser *p, uint32_t decl) {
  if (!parse_expect(p, '{')) return false;
  parse_decl(p, decl)->open = p->at - 1;
  return true;
}

bool parse_take_close(parser *p, uint32_t decl) {
  if (!parse_take(p, STELE_SYM_OF('}'))) return false;
  parse_decl(p, decl)->close = p->at - 1;
  return parse_close(p, decl);
}

/* To the `}` of a block whose `{` was taken. Like protoc it steps over one
 * more token after each inner brace, whatever that token is. */
static void skip_rest_of_block(parser *p) {
  size_t depth = 1;
  while (!parse_at_end(p)) {
    if (parse_take(p, STELE_SYM_OF('}'))) {
      if (--depth == 0) return;
    } else if (parse_take(p, STELE_SYM_OF('{'))) {
      depth++;
    }
    parse_next(p);
  }
}

static void skip_statement(parser *p) {
  while (!parse_at_end(p)) {
    if (parse_take(p, STELE_SYM_OF(';'))) return;
    if (parse_take(p, STELE_SYM_OF('{'))) {
      skip_rest_of_block(p);
      return;
    }
    if (parse_at(p, STELE_SYM_OF('}'))) return;
    p->at++;
  }
}

/* Skipped tokens from `first` to the one taken last. Runs of them are one
 * declaration, so that a file of rubbish costs no more than its tokens. */
void parse_add_bad(parser *p, uint32_t parent, uint32_t first) {
  stele_ast_decl *last = parse_decl(p, (uint32_t)p->decls.count - 1);
  bool goes_on = last->kind == STELE_AST_BAD && last->parent == parent && last->last + 1 == first;
  uint32_t bad = (uint32_t)p->decls.count - 1;
  if (!goes_on) bad = parse_add(p, STELE_AST_BAD, parent);
  if (!goes_on) parse_decl(p, bad)->first = first;
  (void)parse_close(p, bad);
}

/* What failed stays in the tree: a declaration whose block was opened keeps
 * its kind and what is in it; anything else becomes BAD, all its tokens with it. */
static void keep_failed(parser *p, uint32_t parent, size_t before, uint32_t first,
                        uint32_t failed) {
  bool is_added = p->decls.count > before;
  if (is_added && parse_decl(p, (uint32_t)before)->open != STELE_AST_NONE) {
    parse_decl(p, (uint32_t)before)->last = failed - 1;
    first = failed;
    is_added = false;
  }
  if (p->at == first) { /* nothing was taken: no declaration either */
    if (is_added) {
      p->decls.count = before;
      parse_decl(p, parent)->child_count--;
    }
    return;
  }
  if (!is_added) {
    parse_add_bad(p, parent, first);
    return;
  }
  stele_ast_decl *bad = parse_decl(p, (uint32_t)before);
  bad->meant = bad->kind;
  bad->kind = STELE_AST_BAD;
  bad->first = first;
  (void)parse_close(p, (uint32_t)before);
}

bool parse_statement(parser *p, uint32_t parent, parse_fn *fn) {
  size_t before = p->decls.count;
  uint32_t first = p->at;
  stele_arena_check(p->arena);
  if (fn(p, parent)) return true;
  uint32_t failed = p->at;
  skip_statement(p);
  keep_failed(p, parent, before, first, failed);
  return false;
}

bool parse_take_empty(parser *p, uint32_t parent) {
  if (!parse_at(p, STELE_SYM_OF(';'))) return false;
  uint32_t decl = parse_add(p, STELE_AST_EMPTY, parent);
  p->at++;
  return parse_close(p, decl);
}

bool parse_block(parser *p, uint32_t decl, parse_fn *fn, const char *at_end) {
  if (!parse_open_block(p, decl)) return false;
  while (!parse_take_close(p, decl)) {
    if (parse_at_end(p)) return parse_fail(p, at_end);
    (void)parse_statement(p, decl, fn);
  }
  return true;
}
