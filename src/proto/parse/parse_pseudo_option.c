/* `default` and `json_name`: written like options, but members of the field
 * itself. They stay in the field's option list; who links knows them by name. */
#include "base/err.h"
#include "proto/parse/parse_internal.h"

static stele_ast_option *last_option(parser *p) {
  return &p->options.at[p->options.count - 1];
}

/* Was `word` given before in this list? */
static bool is_given(const parser *p, uint32_t decl, stele_sym word) {
  for (size_t i = p->decls.at[decl].option_start; i < p->options.count; i++) {
    if (parse_option_is(p, &p->options.at[i], word)) return true;
  }
  return false;
}

/* "default" | "json_name", then "=" */
static bool begin(parser *p) {
  parse_add_option(p);
  last_option(p)->name_first = last_option(p)->name_last = p->at++;
  return parse_expect(p, '=');
}

static bool end(parser *p, uint32_t first, bool negative, stele_ast_value_kind kind) {
  stele_ast_option *option = last_option(p);
  option->value_kind = (uint8_t)kind;
  option->negative = negative;
  option->value_first = first;
  option->value_last = option->last = p->at - 1;
  return true;
}

/* A default's range: the largest magnitude; one more below zero when signed. */
typedef struct integer_type {
  stele_sym word;
  bool is_signed;
  uint64_t max;
} integer_type;

static const integer_type integer_types[] = {
    {STELE_SYM_int32, true, INT32_MAX},    {STELE_SYM_sint32, true, INT32_MAX},
    {STELE_SYM_sfixed32, true, INT32_MAX}, {STELE_SYM_int64, true, INT64_MAX},
    {STELE_SYM_sint64, true, INT64_MAX},   {STELE_SYM_sfixed64, true, INT64_MAX},
    {STELE_SYM_uint32, false, UINT32_MAX}, {STELE_SYM_fixed32, false, UINT32_MAX},
    {STELE_SYM_uint64, false, UINT64_MAX}, {STELE_SYM_fixed64, false, UINT64_MAX},
};

static bool integer_default(parser *p, const integer_type *type) {
  uint32_t first = p->at;
  uint64_t value;
  bool negative = parse_take(p, STELE_SYM_OF('-'));
  if (negative && !type->is_signed) {
    parse_fail(p, "Unsigned field can't have negative default value.");
  }
  uint64_t max = type->max + (negative && type->is_signed);
  return parse_integer(p, max, &value, "Expected integer for field default value.") &&
         end(p, first, negative, STELE_AST_VALUE_INTEGER);
}

static bool float_default(parser *p) {
  uint32_t first = p->at;
  bool negative = parse_take(p, STELE_SYM_OF('-'));
  return parse_float(p, "Expected number.") && end(p, first, negative, STELE_AST_VALUE_FLOAT);
}

static bool bool_default(parser *p) {
  uint32_t first = p->at;
  if (!parse_take(p, STELE_SYM_true) && !parse_take(p, STELE_SYM_false)) {
    return parse_fail(p, "Expected \"true\" or \"false\".");
  }
  return end(p, first, false, STELE_AST_VALUE_IDENTIFIER);
}

static bool string_default(parser *p, const char *error) {
  uint32_t first, last;
  return parse_strings(p, &first, &last, error) && end(p, first, false, STELE_AST_VALUE_STRING);
}

/* A named type may be an enum or a message: any one token is taken as it is,
 * and the linker has the last word. */
static bool named_default(parser *p) {
  static const stele_ast_value_kind kinds[] = {
      [STELE_TOKEN_END] = STELE_AST_VALUE_IDENTIFIER,
      [STELE_TOKEN_IDENTIFIER] = STELE_AST_VALUE_IDENTIFIER,
      [STELE_TOKEN_INTEGER] = STELE_AST_VALUE_INTEGER,
      [STELE_TOKEN_FLOAT] = STELE_AST_VALUE_FLOAT,
      [STELE_TOKEN_STRING] = STELE_AST_VALUE_STRING,
      [STELE_TOKEN_SYMBOL] = STELE_AST_VALUE_IDENTIFIER,
  };
  uint32_t first = p->at;
  stele_ast_value_kind kind = kinds[p->token[first].kind];
  if (parse_at_end(p)) return true; /* the list's end is missing, and will be missed */
  p->at++;
  return end(p, first, false, kind);
}

static bool typed_default(parser *p, stele_sym type) {
  for (size_t i = 0; i < STELE_COUNT(integer_types); i++) {
    if (integer_types[i].word == type) return integer_default(p, &integer_types[i]);
  }
  if (type == STELE_SYM_float || type == STELE_SYM_double) return float_default(p);
  if (type == STELE_SYM_bool) return bool_default(p);
  if (type == STELE_SYM_string) {
    return string_default(p, "Expected string for field default value.");
  }
  if (type == STELE_SYM_bytes) return string_default(p, "Expected string.");
  if (type == STELE_SYM_group) return parse_fail(p, "Messages can't have default values.");
  return named_default(p);
}

/* Which type a default is read by in the unstable edition: some scalars have
 * other names there, and by their old ones protoc takes them for int32. */
static stele_sym unstable_type(const parser *p, uint32_t token) {
  static const struct {
    const char *name;
    stele_sym type;
  } rows[] = {
      {"varint32", STELE_SYM_int32},   {"varint64", STELE_SYM_int64},
      {"uvarint32", STELE_SYM_uint32}, {"uvarint64", STELE_SYM_uint64},
      {"zigzag32", STELE_SYM_sint32},  {"zigzag64", STELE_SYM_sint64},
      {"fixed32", STELE_SYM_int32},    {"fixed64", STELE_SYM_int32},
      {"sfixed32", STELE_SYM_int32},   {"sfixed64", STELE_SYM_int32},
      {"sint32", STELE_SYM_int32},     {"sint64", STELE_SYM_int32},
  };
  stele_str name = stele_token_text(&p->tokens, token);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (stele_str_eq(name, stele_cstr(rows[i].name))) return rows[i].type;
  }
  return p->token[token].sym;
}

/* default = "default" "=" value */
static bool default_value(parser *p, uint32_t decl) {
  if (is_given(p, decl, STELE_SYM_default)) parse_fail(p, "Already set option \"default\".");
  if (!begin(p)) return false;
  const stele_ast_decl *d = parse_decl(p, decl);
  bool is_simple = d->kind != STELE_AST_MAP_FIELD && d->type == d->type_last;
  stele_sym type = is_simple ? p->token[d->type].sym : 0;
  if (is_simple && p->edition == PARSE_EDITION_UNSTABLE) type = unstable_type(p, d->type);
  return typed_default(p, type);
}

/* json_name = "json_name" "=" string+ */
static bool json_name(parser *p, uint32_t decl) {
  if (is_given(p, decl, STELE_SYM_json_name)) parse_fail(p, "Already set option \"json_name\".");
  return begin(p) && string_default(p, "Expected string for JSON name.");
}

bool parse_field_option(parser *p, uint32_t decl) {
  if (parse_at(p, STELE_SYM_default)) return default_value(p, decl);
  if (parse_at(p, STELE_SYM_json_name)) return json_name(p, decl);
  return parse_option(p);
}
