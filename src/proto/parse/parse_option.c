/* Options: names, values, and the brackets that hold lists of them. Nothing is
 * interpreted here; an aggregate is only followed to its closing brace. */
#include "proto/parse/parse_internal.h"

static stele_ast_option *last_option(parser *p) {
  return &p->options.at[p->options.count - 1];
}

/* part = name | "(" "."? name ("." name)* ")" */
static bool name_part(parser *p) {
  uint32_t name;
  if (!parse_take(p, STELE_SYM_OF('('))) return parse_name(p, &name, "Expected identifier.");
  if (parse_at_kind(p, STELE_TOKEN_IDENTIFIER)) p->at++;
  while (parse_take(p, STELE_SYM_OF('.'))) {
    if (!parse_name(p, &name, "Expected identifier.")) return false;
  }
  return parse_expect(p, ')');
}

/* name = part ("." part)* */
static bool option_name(parser *p) {
  uint32_t first = p->at;
  bool ok = name_part(p);
  while (ok && parse_take(p, STELE_SYM_OF('.'))) ok = name_part(p);
  if (p->at == first) return false;
  last_option(p)->name_first = first;
  last_option(p)->name_last = p->at - 1;
  p->has_map_entry_option |= p->token[first].sym == STELE_SYM_map_entry;
  return ok;
}

/* "{" … "}", braces balanced. A string is one token, so its braces do not count. */
static bool aggregate(parser *p) {
  size_t depth = 0;
  for (; !parse_at_end(p); p->at++) {
    depth += parse_at(p, STELE_SYM_OF('{'));
    depth -= parse_at(p, STELE_SYM_OF('}'));
    if (depth > 0) continue;
    p->at++;
    last_option(p)->value_kind = STELE_AST_VALUE_AGGREGATE;
    return true;
  }
  return parse_fail(p, "Unexpected end of stream while parsing aggregate value.");
}

static bool identifier(parser *p, bool negative) {
  bool is_float = parse_at(p, STELE_SYM_inf) || parse_at(p, STELE_SYM_nan);
  p->at++;
  last_option(p)->value_kind = negative ? STELE_AST_VALUE_FLOAT : STELE_AST_VALUE_IDENTIFIER;
  if (!negative || is_float) return true;
  return parse_fail(p, "Identifier after '-' symbol must be inf or nan.");
}

/* An integer that 64 bits (63 below zero) cannot hold is a float. */
static bool number(parser *p, bool negative) {
  uint64_t max = negative ? (uint64_t)INT64_MAX + 1 : UINT64_MAX, whole;
  bool is_integer =
      parse_at_kind(p, STELE_TOKEN_INTEGER) && stele_token_integer(&p->tokens, p->at, max, &whole);
  last_option(p)->value_kind = is_integer ? STELE_AST_VALUE_INTEGER : STELE_AST_VALUE_FLOAT;
  return parse_float(p, "Expected number.");
}

static bool strings(parser *p, bool negative) {
  uint32_t first, last;
  if (negative) return parse_fail(p, "Invalid '-' symbol before string.");
  last_option(p)->value_kind = STELE_AST_VALUE_STRING;
  return parse_strings(p, &first, &last, "Expected string.");
}

static bool any_value(parser *p, bool negative) {
  switch ((stele_token_kind)p->token[p->at].kind) {
  case STELE_TOKEN_END:
    return parse_fail(p, "Unexpected end of stream while parsing option value.");
  case STELE_TOKEN_IDENTIFIER: return identifier(p, negative);
  case STELE_TOKEN_INTEGER:
  case STELE_TOKEN_FLOAT: return number(p, negative);
  case STELE_TOKEN_STRING: return strings(p, negative);
  case STELE_TOKEN_SYMBOL: break;
  }
  if (parse_at(p, STELE_SYM_OF('{'))) return aggregate(p);
  return parse_fail(p, "Expected option value.");
}

/* value = name | "-"? integer | "-"? float | "-" ("inf" | "nan") | string+ | aggregate
 * A '-' before an aggregate goes unnoticed, as in protoc. */
static bool option_value(parser *p) {
  uint32_t first = p->at;
  bool negative = parse_take(p, STELE_SYM_OF('-'));
  if (!any_value(p, negative)) return false;
  stele_ast_option *option = last_option(p);
  option->negative = negative;
  option->value_first = first;
  option->value_last = p->at - 1;
  option->last = p->at - 1;
  return true;
}

void parse_add_option(parser *p) {
  p->options.at = stele_vec_reserve(p->arena, p->options.at, p->options.count, &p->options.cap,
                                    sizeof *p->options.at, _Alignof(stele_ast_option));
  p->options.at[p->options.count++] = (stele_ast_option){.first = p->at,
                                                         .last = p->at,
                                                         .name_first = STELE_AST_NONE,
                                                         .name_last = STELE_AST_NONE,
                                                         .value_first = STELE_AST_NONE,
                                                         .value_last = STELE_AST_NONE};
}

/* option = name "=" value */
bool parse_option(parser *p) {
  parse_add_option(p);
  return option_name(p) && parse_expect(p, '=') && option_value(p);
}

bool parse_any_option(parser *p, uint32_t decl) {
  (void)decl;
  return parse_option(p);
}

/* list = "[" option ("," option)* "]" */
bool parse_option_list(parser *p, uint32_t decl, bool (*one)(parser *p, uint32_t decl)) {
  stele_ast_decl *d = parse_decl(p, decl);
  d->option_start = (uint32_t)p->options.count;
  if (!parse_at(p, STELE_SYM_OF('['))) return true;
  d->bracket_open = p->at++;
  do {
    if (!one(p, decl)) return false;
  } while (parse_take(p, STELE_SYM_OF(',')));
  if (!parse_expect(p, ']')) return false;
  d = parse_decl(p, decl);
  d->bracket_close = p->at - 1;
  d->option_count = (uint32_t)p->options.count - d->option_start;
  return true;
}

/* statement = "option" option ";" */
bool parse_option_statement(parser *p, uint32_t parent) {
  uint32_t decl = parse_add(p, STELE_AST_OPTION, parent);
  uint32_t first = p->at++;
  size_t index = p->options.count;
  bool ok = parse_option(p) && parse_end(p, decl);
  stele_ast_option *option = &p->options.at[index];
  option->is_statement = true;
  option->first = first;
  if (!ok) return false;
  option->last = p->at - 1;
  parse_decl(p, decl)->option_count = 1;
  return true;
}
