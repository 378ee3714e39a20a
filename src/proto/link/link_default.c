/* Default values, spelled as a descriptor spells them.
 *
 * A default is read as its type and printed again: hex becomes decimal, a
 * float is narrowed and gets as few digits as protoc gives it, bytes are
 * escaped. Where the type is still a name, the word waits for link_resolve. */
#include <errno.h>
#include <float.h>
#include <math.h>

#include "base/c_text.h"
#include "base/num.h"
#include "proto/link/link_internal.h"
#include "proto/schema/schema_internal.h"

static void error_default(link_file_state *state, const stele_field *field, const char *text) {
  link_error(state, link_token_of_default(state, field), "%s", text);
}

static stele_str copy(const link_file_state *state, const char *text, size_t len) {
  return stele_str_copy(state->arena, (stele_str){text, len});
}

/* ---- Floats ------------------------------------------------------------- */

static stele_str print_number(const link_file_state *state, uint8_t type, double value) {
  char text[STELE_NUM_TEXT];
  size_t len = type == STELE_TYPE_FLOAT ? stele_num_print_float(text, stele_num_narrow(value))
                                        : stele_num_print_double(text, value);
  return copy(state, text, len);
}

/* ---- Bytes -------------------------------------------------------------- */

static stele_str escape(const link_file_state *state, stele_str bytes) {
  stele_buf out;
  stele_buf_init(&out, state->arena, 0);
  stele_c_escape(&out, stele_str_bytes(bytes));
  return stele_buf_str(&out);
}

/* ---- From the tree ------------------------------------------------------ */

static const stele_ast_option *default_option(const link_file_state *state,
                                              const stele_field *field) {
  const stele_ast_decl *decl = &state->ast->decls[state->field_decls[link_field_at(state, field)]];
  for (uint32_t i = 0; i < decl->option_count; i++) {
    const stele_ast_option *option = &state->ast->options[decl->option_start + i];
    if (state->ast->tokens.at[option->name_first].sym == STELE_SYM_default) return option;
  }
  return NULL;
}

static stele_str tree_integer(const link_file_state *state, const stele_ast_option *option) {
  uint64_t value = 0;
  (void)stele_token_integer(&state->ast->tokens, option->value_last, UINT64_MAX, &value);
  char text[24];
  int len = snprintf(text, sizeof text, "%s%llu", option->negative && value ? "-" : "",
                     (unsigned long long)value);
  return copy(state, text, (size_t)len);
}

static stele_str tree_number(const link_file_state *state, const stele_ast_option *option,
                             uint8_t type) {
  const stele_token *token = &state->ast->tokens.at[option->value_last];
  double value = NAN;
  if (token->sym == STELE_SYM_inf) value = INFINITY;
  if (token->kind != STELE_TOKEN_IDENTIFIER) {
    value = stele_token_float(&state->ast->tokens, option->value_last);
  }
  return print_number(state, type, option->negative ? -value : value);
}

static stele_str tree_default(const link_file_state *state, const stele_ast_option *option,
                              uint8_t type) {
  const stele_tokens *tokens = &state->ast->tokens;
  switch ((stele_field_type)type) {
  case STELE_TYPE_INT32:
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED32:
  case STELE_TYPE_SFIXED64:
  case STELE_TYPE_UINT32:
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED32:
  case STELE_TYPE_FIXED64: return tree_integer(state, option);
  case STELE_TYPE_FLOAT:
  case STELE_TYPE_DOUBLE: return tree_number(state, option, type);
  case STELE_TYPE_STRING: return link_string(state, option->value_first, option->value_last);
  case STELE_TYPE_BYTES:
    return escape(
        state, stele_token_string(state->scratch, tokens, option->value_first, option->value_last));
  case STELE_TYPE_UNRESOLVED:
  case STELE_TYPE_BOOL:
  case STELE_TYPE_ENUM:
  case STELE_TYPE_GROUP:
  case STELE_TYPE_MESSAGE: break;
  }
  stele_str word = stele_token_text(tokens, option->value_first);
  return stele_sym_str(state->job->interner, stele_intern(state->job->interner, word));
}

/* ---- From a descriptor -------------------------------------------------- */

/* As strtoll and strtoull with base 0: sign, 0x, 0, saturation. */
static bool parse_integer(stele_str text, bool is_signed, uint64_t *out) {
  size_t at = 0;
  while (at < text.len && (text.ptr[at] == ' ' || (text.ptr[at] >= '\t' && text.ptr[at] <= '\r')))
    at++;
  bool negative = at < text.len && text.ptr[at] == '-';
  if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+')) at++;
  unsigned base = 10;
  if (at < text.len && text.ptr[at] == '0') {
    base = 8;
    if (at + 2 < text.len + 0 && (text.ptr[at + 1] | 32) == 'x') {
      base = 16;
      at += 2;
    }
  }
  uint64_t value = 0;
  bool saturated = false;
  size_t digits = 0;
  for (; at < text.len; at++, digits++) {
    unsigned char c = (unsigned char)text.ptr[at];
    unsigned digit = c >= '0' && c <= '9'                 ? (unsigned)c - '0'
                     : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32u) - 'a' + 10
                                                          : 99;
    if (digit >= base) return false;
    saturated |= __builtin_mul_overflow(value, base, &value);
    saturated |= __builtin_add_overflow(value, digit, &value);
  }
  if (is_signed) {
    uint64_t most = (uint64_t)INT64_MAX + negative;
    if (saturated || value > most) value = most;
  } else if (saturated) {
    *out = UINT64_MAX;
    return digits > 0;
  }
  *out = negative ? 0 - value : value;
  return digits > 0;
}

static stele_str raw_integer(link_file_state *state, const stele_field *field, bool is_signed,
                             bool is_small) {
  uint64_t value = 0;
  stele_str text = stele_field_default(field);
  if (!parse_integer(text, is_signed, &value)) {
    link_error(state, link_token_of_default(state, field),
               "Couldn't parse default value \"" STELE_STR_FMT "\".", STELE_STR_ARG(text));
    return text;
  }
  char out[24];
  int len;
  if (is_signed) {
    long long wide = is_small ? (int32_t)(uint32_t)value : (long long)value;
    len = snprintf(out, sizeof out, "%lld", wide);
  } else {
    len =
        snprintf(out, sizeof out, "%llu", (unsigned long long)(is_small ? (uint32_t)value : value));
  }
  return copy(state, out, (size_t)len);
}

static stele_str raw_number(link_file_state *state, const stele_field *field) {
  double value;
  if (stele_num_parse_double(stele_field_default(field), &value)) {
    return print_number(state, field->type, value);
  }
  link_error(state, link_token_of_default(state, field),
             "Couldn't parse default value \"" STELE_STR_FMT "\".",
             STELE_STR_ARG(stele_field_default(field)));
  return stele_field_default(field);
}

static stele_str raw_bytes(link_file_state *state, const stele_field *field) {
  stele_buf out;
  stele_buf_init(&out, state->scratch, 0);
  if (!stele_c_unescape(&out, stele_field_default(field))) {
    error_default(state, field, "Invalid escaping in default value.");
    return stele_field_default(field);
  }
  return escape(state, stele_buf_str(&out));
}

static stele_str raw_default(link_file_state *state, stele_field *field) {
  switch ((stele_field_type)field->type) {
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: return raw_integer(state, field, true, true);
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: return raw_integer(state, field, true, false);
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: return raw_integer(state, field, false, true);
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: return raw_integer(state, field, false, false);
  case STELE_TYPE_FLOAT:
  case STELE_TYPE_DOUBLE: return raw_number(state, field);
  case STELE_TYPE_BYTES: return raw_bytes(state, field);
  case STELE_TYPE_BOOL:
    if (!stele_str_eq(stele_field_default(field), STELE_STR("true")) &&
        !stele_str_eq(stele_field_default(field), STELE_STR("false"))) {
      error_default(state, field, "Boolean default must be true or false.");
    }
    break;
  case STELE_TYPE_GROUP:
  case STELE_TYPE_MESSAGE:
    error_default(state, field, "Messages can't have default values.");
    field->has_default = false;
    break;
  case STELE_TYPE_UNRESOLVED:
  case STELE_TYPE_ENUM:
  case STELE_TYPE_STRING: break;
  }
  return stele_field_default(field);
}

void link_default(link_file_state *state, stele_field *field) {
  if (!field->has_default) return;
  if (field->label == STELE_LABEL_REPEATED) {
    error_default(state, field, "Repeated fields can't have default values.");
  }
  if (!state->ast) {
    if (link_raw_field_of(state, field)->has_type) {
      schema_field_more(state->arena, field)->default_value = raw_default(state, field);
    }
    return;
  }
  const stele_ast_option *option = default_option(state, field);
  if (!option) return;
  stele_str text = tree_default(state, option, field->type);
  schema_field_more(state->arena, field)->default_value = text;
}
