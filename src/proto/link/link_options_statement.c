/* Option statements: names and values from the tokens of the file, or from
 * what a descriptor left uninterpreted. */
#include "proto/link/link_options_internal.h"

/* part = identifier | "(" name ")", from its first token; answers the token
 * behind it. */
static uint32_t read_part(link_file_state *state, uint32_t at, options_part *part) {
  const stele_tokens *tokens = &state->ast->tokens;
  uint32_t first = at;
  part->is_extension = tokens->at[at].sym == STELE_SYM_OF('(');
  if (!part->is_extension) {
    part->text = stele_token_text(tokens, at);
    return at + 1;
  }
  while (tokens->at[at].sym != STELE_SYM_OF(')')) at++;
  part->name = link_name_from_tokens(state, first + 1, at - 1);
  part->text = stele_token_glue(state->scratch, tokens, first + 1, at - 1);
  return at + 1;
}

static void read_name(link_file_state *state, const stele_ast_option *option,
                      options_statement *out) {
  uint32_t behind = read_part(state, option->name_first, &out->only);
  out->parts = &out->only;
  out->part_count = 1;
  if (behind > option->name_last) return;
  STELE_VEC(options_part) parts = {0};
  STELE_VEC_PUSH(state->scratch, &parts, out->only);
  for (uint32_t at = behind + 1; at <= option->name_last; at++) {
    at = read_part(state, at, STELE_VEC_ADD(state->scratch, &parts)); /* then a dot, or the end */
  }
  out->parts = parts.at;
  out->part_count = (uint32_t)parts.count;
}

static void read_integer(const stele_tokens *tokens, uint32_t token, bool negative,
                         options_value *out) {
  uint64_t value = 0;
  (void)stele_token_integer(tokens, token, UINT64_MAX, &value);
  options_add_kind(out, negative ? OPTIONS_NEGATIVE : OPTIONS_POSITIVE);
  out->positive = value;
  out->negative = (int64_t)(0 - value);
}

/* -nan has no sign in protoc. */
static double read_float(const stele_tokens *tokens, uint32_t token, bool negative) {
  stele_sym sym = tokens->at[token].sym;
  if (sym == STELE_SYM_nan) return (double)__builtin_nanf("");
  double value = sym == STELE_SYM_inf ? (double)__builtin_inff() : stele_token_float(tokens, token);
  return negative ? -value : value;
}

static void read_value(link_file_state *state, const stele_ast_option *option, options_value *out) {
  const stele_tokens *tokens = &state->ast->tokens;
  uint32_t first = option->value_first + option->negative;
  switch ((stele_ast_value_kind)option->value_kind) {
  case STELE_AST_VALUE_IDENTIFIER:
    options_add_kind(out, OPTIONS_IDENTIFIER);
    out->word = stele_token_text(tokens, first);
    break;
  case STELE_AST_VALUE_INTEGER: read_integer(tokens, first, option->negative, out); break;
  case STELE_AST_VALUE_FLOAT:
    options_add_kind(out, OPTIONS_DOUBLE);
    out->number = read_float(tokens, first, option->negative);
    break;
  case STELE_AST_VALUE_STRING:
    options_add_kind(out, OPTIONS_STRING);
    out->text = stele_token_string(state->scratch, tokens, first, option->value_last);
    break;
  case STELE_AST_VALUE_AGGREGATE:
    options_add_kind(out, OPTIONS_AGGREGATE);
    out->tokens = tokens;
    out->first = first + 1;
    out->end = option->value_last;
    break;
  }
}

static void read_statement(link_file_state *state, uint32_t index, options_statement *out) {
  const stele_ast_option *option = &state->ast->options[index];
  *out = (options_statement){
      .name_token = option->name_first, .value_token = option->value_first, .ast_option = index};
  read_name(state, option, out);
  read_value(state, option, &out->value);
}

/* Options that hold for several elements are copied to them, and a copy has no
 * place in the text: those of a map field, at its entry's fields, and those of
 * `extensions`, at all ranges but the first. */
static bool is_copy(const link_file_state *state, const link_target *target) {
  if (target->kind == LINK_TARGET_FIELD) {
    const stele_field *field = target->element;
    return !field->is_extension && field->message->is_map_entry;
  }
  if (target->kind != LINK_TARGET_EXTENSION_RANGE) return false;
  uint32_t ref = state->range_refs[link_range_at(state, target->element)];
  return ref != state->ast->decls[target->decl].range_start;
}

options_list link_options_list(link_file_state *state, const link_target *target) {
  options_list list = {.count = target->ref_count};
  if (state->ast) {
    list.has_place = !is_copy(state, target);
  } else {
    list.count = link_options_uninterpreted(state, target->raw, &list.raw);
  }
  return list;
}

bool link_options_is_reserved(stele_str word) {
  return stele_str_eq(word, STELE_STR("uninterpreted_option"));
}

bool link_options_is_custom(const link_file_state *state, const link_target *target,
                            const options_list *list, uint32_t i) {
  if (list->raw) {
    if (list->raw[i].part_count == 0) return true; /* refused there, too */
    const options_part *first = &list->raw[i].parts[0];
    return first->is_extension || link_options_is_reserved(first->text);
  }
  const stele_tokens *tokens = &state->ast->tokens;
  const stele_ast_option *option =
      &state->ast->options[state->option_refs.at[target->ref_start + i]];
  return tokens->at[option->name_first].sym == STELE_SYM_OF('(') ||
         link_options_is_reserved(stele_token_text(tokens, option->name_first));
}

void link_options_read(link_file_state *state, const link_target *target, const options_list *list,
                       uint32_t i, options_statement *out) {
  if (list->raw) {
    *out = list->raw[i];
    return;
  }
  read_statement(state, state->option_refs.at[target->ref_start + i], out);
  if (!list->has_place) out->name_token = out->value_token = LINK_NONE;
}
