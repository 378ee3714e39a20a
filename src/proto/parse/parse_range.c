/* Ranges of numbers, and reserved names. */
#include "proto/parse/parse_internal.h"

static stele_ast_range *add_range(parser *p) {
  p->ranges.at = stele_vec_reserve(p->arena, p->ranges.at, p->ranges.count, &p->ranges.cap,
                                   sizeof *p->ranges.at, _Alignof(stele_ast_range));
  stele_ast_range *range = &p->ranges.at[p->ranges.count++];
  *range = (stele_ast_range){.start = p->at, .end = p->at, .first = p->at, .last = p->at};
  return range;
}

/* The end of a range is exclusive in a descriptor, so the largest int32 has none. */
static bool bounded_int32(parser *p, int32_t *value, const char *error) {
  if (!parse_int32(p, value, error)) return false;
  return *value != INT32_MAX || parse_fail(p, "Field number out of bounds.");
}

/* range = integer ("to" (integer | "max"))? */
static bool field_range(parser *p, const char *error) {
  stele_ast_range *range = add_range(p);
  if (!bounded_int32(p, &range->start_value, error)) return false;
  range->end_value = range->start_value;
  if (!parse_take(p, STELE_SYM_to)) return true;
  range->end = range->last = p->at;
  if (parse_take(p, STELE_SYM_max)) {
    range->is_max = true;
    range->end_value = INT32_MAX;
    return true;
  }
  return bounded_int32(p, &range->end_value, "Expected integer.");
}

/* range = "-"? integer ("to" ("-"? integer | "max"))? */
static bool value_range(parser *p, const char *error) {
  stele_ast_range *range = add_range(p);
  bool negative;
  if (!parse_signed_int32(p, &range->start_value, &negative, &range->start, error)) return false;
  range->end = range->last = range->start;
  range->end_value = range->start_value;
  if (!parse_take(p, STELE_SYM_to)) return true;
  range->end = range->last = p->at;
  if (parse_take(p, STELE_SYM_max)) {
    range->is_max = true;
    range->end_value = INT32_MAX;
    return true;
  }
  if (!parse_signed_int32(p, &range->end_value, &negative, &range->end, "Expected integer.")) {
    return false;
  }
  range->last = range->end;
  return true;
}

/* extensions = "extensions" range ("," range)* [options] ";" */
bool parse_extensions(parser *p, uint32_t message) {
  uint32_t decl = parse_add(p, STELE_AST_EXTENSIONS, message);
  p->at++;
  do {
    if (!field_range(p, "Expected field number range.")) return false;
    parse_decl(p, decl)->range_count++;
  } while (parse_take(p, STELE_SYM_OF(',')));
  return parse_option_list(p, decl, parse_any_option) && parse_end(p, decl);
}

/* What is said where a message and an enum differ. */
typedef struct reserved_words {
  bool (*range)(parser *p, const char *error);
  const char *string, *name, *first_range, *range_after;
} reserved_words;

static const reserved_words of_message = {
    field_range, "Expected field name string literal.", "Expected field name identifier.",
    "Expected field name or number range.", "Expected field number range."};
static const reserved_words of_enum = {
    value_range, "Expected enum value string literal.", "Expected enum value identifier.",
    "Expected enum value or number range.", "Expected enum number range."};

static bool is_identifier(stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    char lower = (char)(text.ptr[i] | 0x20);
    bool is_letter = (lower >= 'a' && lower <= 'z') || text.ptr[i] == '_';
    bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (!is_letter && (i == 0 || !is_digit)) return false;
  }
  return text.len > 0;
}

static void add_name(parser *p, uint32_t first, uint32_t last, stele_str name) {
  STELE_VEC_PUSH(p->arena, &p->names,
                 (stele_ast_reserved_name){.first = first, .last = last, .name = name});
}

/* Any string may be reserved before editions; one that is no name is odd. */
static void warn_odd_name(parser *p, uint32_t token, stele_str name) {
  stele_buf text;
  if (is_identifier(name)) return;
  stele_buf_init(&text, p->arena, 0);
  stele_buf_add_cstr(&text, "Reserved name \"");
  stele_buf_add_str(&text, name);
  stele_buf_add_cstr(&text, "\" is not a valid identifier.");
  parse_warn(p, token, stele_buf_str(&text));
}

/* string ("," string)* */
static bool strings(parser *p, uint32_t decl, const reserved_words *words) {
  uint32_t first, last;
  do {
    if (!parse_strings(p, &first, &last, words->string)) return false;
    stele_str name = stele_token_string(p->arena, &p->tokens, first, last);
    warn_odd_name(p, first, name);
    add_name(p, first, last, name);
    parse_decl(p, decl)->reserved_count++;
  } while (parse_take(p, STELE_SYM_OF(',')));
  return true;
}

/* name ("," name)* */
static bool names(parser *p, uint32_t decl, const reserved_words *words) {
  uint32_t name = 0;
  do {
    if (!parse_name(p, &name, words->name)) return false;
    add_name(p, name, name, stele_token_text(&p->tokens, name));
    parse_decl(p, decl)->reserved_count++;
  } while (parse_take(p, STELE_SYM_OF(',')));
  return true;
}

/* range ("," range)* */
static bool ranges(parser *p, uint32_t decl, const reserved_words *words) {
  const char *error = words->first_range;
  do {
    if (!words->range(p, error)) return false;
    parse_decl(p, decl)->range_count++;
    error = words->range_after;
  } while (parse_take(p, STELE_SYM_OF(',')));
  return true;
}

/* reserved = "reserved" (strings | names | ranges) ";"
 * Strings before editions, names since. */
bool parse_reserved(parser *p, uint32_t parent) {
  const reserved_words *words =
      parse_decl(p, parent)->kind == STELE_AST_ENUM ? &of_enum : &of_message;
  uint32_t decl = parse_add(p, STELE_AST_RESERVED, parent);
  bool ok = false;
  p->at++;
  if (parse_at_kind(p, STELE_TOKEN_STRING)) {
    if (p->is_editions) {
      return parse_fail(p, "Reserved names must be identifiers in editions, not string literals.");
    }
    ok = strings(p, decl, words);
  } else if (parse_at_kind(p, STELE_TOKEN_IDENTIFIER)) {
    if (!p->is_editions) {
      return parse_fail(p, "Reserved names must be string literals. (Only editions supports "
                           "identifiers.)");
    }
    ok = names(p, decl, words);
  } else {
    ok = ranges(p, decl, words);
  }
  return ok && parse_end(p, decl);
}
