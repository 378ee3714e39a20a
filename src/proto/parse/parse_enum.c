/* Enums. Two of protoc's checks are its parser's: aliases that are declared in
 * vain. They fail the enum after its `}`, so that the statement behind it is
 * skipped. */
#include <stdlib.h>

#include "base/err.h"
#include "proto/parse/parse_internal.h"

/* value = name "=" "-"? integer [options] ";" */
static bool value(parser *p, uint32_t parent) {
  uint32_t decl = parse_add(p, STELE_AST_VALUE, parent), name = 0, number = 0;
  int32_t number_value = 0;
  bool negative = false;
  if (!parse_name(p, &name, "Expected enum constant name.")) return false;
  parse_decl(p, decl)->name = parse_decl(p, decl)->name_last = name;
  if (!parse_take(p, STELE_SYM_OF('='))) {
    return parse_fail(p, "Missing numeric value for enum constant.");
  }
  if (!parse_signed_int32(p, &number_value, &negative, &number, "Expected integer.")) return false;
  stele_ast_decl *d = parse_decl(p, decl);
  d->negative = negative;
  d->number = number;
  d->number_value = number_value;
  return parse_option_list(p, decl, parse_any_option) && parse_end(p, decl);
}

/* statement = ";" | option | reserved | value */
static bool statement(parser *p, uint32_t parent) {
  if (parse_take_empty(p, parent)) return true;
  if (parse_at(p, STELE_SYM_option)) return parse_option_statement(p, parent);
  if (parse_at(p, STELE_SYM_reserved)) return parse_reserved(p, parent);
  return value(p, parent);
}

static bool is_word(const parser *p, uint32_t token, stele_sym word) {
  return p->token[token].sym == word;
}

/* The first option allow_alias: absent (0), without effect (-1) or true (1).
 * One that could not be read counts as without effect. */
static int find_allow_alias(const parser *p, uint32_t first_option) {
  for (size_t i = first_option; i < p->options.count; i++) {
    const stele_ast_option *option = &p->options.at[i];
    if (!option->is_statement || !parse_option_is(p, option, STELE_SYM_allow_alias)) continue;
    bool is_true = option->value_kind == STELE_AST_VALUE_IDENTIFIER && !option->negative &&
                   option->value_first != STELE_AST_NONE &&
                   is_word(p, option->value_first, STELE_SYM_true);
    return is_true ? 1 : -1;
  }
  return 0;
}

static int compare_numbers(const void *left, const void *right) {
  int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
  return (a > b) - (a < b);
}

/* Values that failed count with number 0, as they do in protoc. */
static bool has_alias(parser *p, uint32_t decl) {
  size_t count = 0, room = p->decls.count - decl;
  int32_t *numbers = STELE_NEW_ARRAY(p->arena, int32_t, room);
  for (size_t i = decl + 1; i < p->decls.count; i++) {
    const stele_ast_decl *child = &p->decls.at[i];
    bool is_value = child->kind == STELE_AST_VALUE || child->meant == STELE_AST_VALUE;
    if (is_value) numbers[count++] = child->number_value;
  }
  qsort(numbers, count, sizeof *numbers, compare_numbers);
  for (size_t i = 1; i < count; i++) {
    if (numbers[i] == numbers[i - 1]) return true;
  }
  return false;
}

static bool check_alias(parser *p, uint32_t decl) {
  int allow = find_allow_alias(p, parse_decl(p, decl)->option_start);
  if (allow == 0 || (allow > 0 && has_alias(p, decl))) return true;
  stele_str name = stele_token_text(&p->tokens, parse_decl(p, decl)->name);
  return parse_fail_text(
      p, p->at,
      allow < 0
          ? stele_str_printf(p->arena,
                             "\"" STELE_STR_FMT "\" declares 'option allow_alias = false;' which "
                             "has no effect. Please remove the declaration.",
                             STELE_STR_ARG(name))
          : stele_str_printf(p->arena,
                             "\"" STELE_STR_FMT "\" declares support for enum aliases but no enum "
                             "values share field numbers. Please remove the unnecessary 'option "
                             "allow_alias = true;' declaration.",
                             STELE_STR_ARG(name)));
}

/* enum = "enum" name "{" statement* "}" */
bool parse_enum(parser *p, uint32_t parent, uint32_t modifier) {
  uint32_t decl = parse_add(p, STELE_AST_ENUM, parent), name = 0;
  parse_set_visibility(p, decl, modifier);
  p->at++;
  if (!parse_name(p, &name, "Expected enum name.")) return false;
  parse_decl(p, decl)->name = parse_decl(p, decl)->name_last = name;
  return parse_block(p, decl, statement,
                     "Reached end of input in enum definition (missing '}').") &&
         check_alias(p, decl);
}
