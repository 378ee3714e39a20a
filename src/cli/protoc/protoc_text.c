/* What protoc says of a text that is no message of its type: read once more as
 * protoc's own parser of text format reads it, for the words and the places. The
 * value itself was refused before, by the codec, which is stricter where the
 * specification is. Source: protobuf's TextFormat::Parser, by its behaviour. */
#include "base/num.h"
#include "base/path.h"
#include "cli/protoc/protoc_text_tokens.h"
#include "proto/schema/schema.h"

enum { MOST_DEPTH = 100 };

/* What is set of one message. */
typedef struct text_level {
  const stele_message *type;
  STELE_VEC(const stele_field *) set;
} text_level;

static bool enter(protoc_text *t) {
  return ++t->depth <= MOST_DEPTH ||
         protoc_text_fail(
             t, "Message is too deep, the parser exceeded the configured recursion limit of %d.",
             MOST_DEPTH);
}

static void take_separator(protoc_text *t) {
  (void)(protoc_text_take(t, ";") || protoc_text_take(t, ","));
}

/* ---- Values --------------------------------------------------------------------------- */

static bool fits(stele_str text, uint64_t most, uint64_t *out) {
  bool is_hex_number = text.len > 1 && (text.ptr[1] | 32) == 'x';
  unsigned base = is_hex_number ? 16 : text.len > 1 && text.ptr[0] == '0' ? 8 : 10;
  uint64_t value = 0;
  for (size_t i = is_hex_number ? 2 : 0; i < text.len; i++) {
    char c = text.ptr[i];
    unsigned digit =
        protoc_text_is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
    if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
        __builtin_add_overflow(value, digit, &value) || value > most) {
      return false;
    }
  }
  *out = value;
  return true;
}

static bool take_unsigned(protoc_text *t, uint64_t most, uint64_t *out) {
  if (t->kind == PROTOC_TEXT_INTEGER && !fits(t->token, most, out)) {
    return protoc_text_fail(t, "Integer out of range (" STELE_STR_FMT ")", STELE_STR_ARG(t->token));
  }
  return protoc_text_expect_kind(t, PROTOC_TEXT_INTEGER, "integer", NULL);
}

static bool take_signed(protoc_text *t, uint64_t most, int64_t *out) {
  bool negative = protoc_text_take(t, "-");
  uint64_t value = 0;
  if (!take_unsigned(t, most + negative, &value)) return false;
  *out = (int64_t)(negative ? 0 - value : value);
  return true;
}

static const char *lower(const protoc_text *t) {
  char *text = STELE_NEW_ARRAY(t->run->arena, char, t->token.len + 1);
  for (size_t i = 0; i < t->token.len; i++) {
    char c = t->token.ptr[i];
    text[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  return text;
}

static bool is_float_word(const protoc_text *t) {
  static const char *const words[] = {"inf", "infinity", "nan"};
  const char *text = lower(t);
  for (size_t i = 0; i < STELE_COUNT(words); i++) {
    if (strcmp(text, words[i]) == 0) return true;
  }
  return false;
}

static bool take_double(protoc_text *t, bool *is_zero) {
  (void)protoc_text_take(t, "-");
  *is_zero = false;
  if (t->kind == PROTOC_TEXT_WORD) {
    if (!is_float_word(t)) return protoc_text_fail(t, "Expected double, got: %s", lower(t));
    protoc_text_next(t);
    return true;
  }
  if (t->kind == PROTOC_TEXT_INTEGER && t->token.len > 1 && t->token.ptr[0] == '0' &&
      ((t->token.ptr[1] | 32) == 'x' || protoc_text_is_octal(t->token.ptr[1]))) {
    return protoc_text_fail(t, "Expect a decimal number, got: " STELE_STR_FMT,
                            STELE_STR_ARG(t->token));
  }
  double value;
  *is_zero = stele_num_parse_double(t->token, &value) && value == 0;
  if (t->kind == PROTOC_TEXT_INTEGER)
    return protoc_text_expect_kind(t, PROTOC_TEXT_INTEGER, "double", NULL);
  return protoc_text_expect_kind(t, PROTOC_TEXT_FLOAT, "double", NULL);
}

static bool take_text(protoc_text *t, bool *is_zero) {
  *is_zero = t->token.len == 2;
  if (!protoc_text_expect_kind(t, PROTOC_TEXT_STRING, "string", NULL)) return false;
  while (t->kind == PROTOC_TEXT_STRING) {
    *is_zero &= t->token.len == 2;
    protoc_text_next(t);
  }
  return true;
}

static bool take_bool(protoc_text *t, const stele_field *field, bool *is_zero) {
  static const char *const words[] = {"false", "False", "f", "true", "True", "t"};
  uint64_t value = 0;
  stele_str word = t->token;
  if (t->kind == PROTOC_TEXT_INTEGER) {
    bool ok = take_unsigned(t, 1, &value);
    *is_zero = value == 0;
    return ok;
  }
  if (!protoc_text_expect_kind(t, PROTOC_TEXT_WORD, "identifier", &word)) return false;
  for (size_t i = 0; i < STELE_COUNT(words); i++) {
    *is_zero = i < 3;
    if (stele_str_eq(word, stele_cstr(words[i]))) return true;
  }
  return protoc_text_fail(
      t, "Invalid value for boolean field \"" STELE_STR_FMT "\". Value: \"" STELE_STR_FMT "\".",
      STELE_STR_ARG(field->name), STELE_STR_ARG(word));
}

static bool take_enum(protoc_text *t, const stele_field *field, bool *is_zero) {
  stele_str word = t->token;
  int64_t number = 0;
  const stele_enum_value *found = NULL;
  *is_zero = false;
  if (t->kind == PROTOC_TEXT_WORD) {
    protoc_text_next(t);
    found = stele_enum_value_by_name(field->type_enum, word);
    if (found) *is_zero = found->number == 0;
  } else if (protoc_text_at_symbol(t, "-") || t->kind == PROTOC_TEXT_INTEGER) {
    if (!take_signed(t, INT32_MAX, &number)) return false;
    word = stele_str_printf(t->run->arena, "%lld", (long long)number);
    *is_zero = number == 0;
    for (uint32_t i = 0; i < field->type_enum->value_count && !found; i++) {
      if (field->type_enum->values[i].number == number) found = &field->type_enum->values[i];
    }
    if (!found && !field->type_enum->is_closed) return true;
  } else {
    return protoc_text_fail(t, "Expected integer or identifier, got: " STELE_STR_FMT,
                            STELE_STR_ARG(t->token));
  }
  return found || protoc_text_fail(t,
                                   "Unknown enumeration value of \"" STELE_STR_FMT
                                   "\" for field \"" STELE_STR_FMT "\".",
                                   STELE_STR_ARG(word), STELE_STR_ARG(field->name));
}

static bool take_scalar(protoc_text *t, const stele_field *field, bool *is_zero) {
  int64_t number = 1;
  uint64_t value = 1;
  bool ok = true;
  switch ((stele_field_type)field->type) {
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: ok = take_signed(t, INT32_MAX, &number); break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: ok = take_signed(t, INT64_MAX, &number); break;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: ok = take_unsigned(t, UINT32_MAX, &value); break;
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: ok = take_unsigned(t, UINT64_MAX, &value); break;
  case STELE_TYPE_FLOAT:
  case STELE_TYPE_DOUBLE: return take_double(t, is_zero);
  case STELE_TYPE_STRING:
  case STELE_TYPE_BYTES: return take_text(t, is_zero);
  case STELE_TYPE_BOOL: return take_bool(t, field, is_zero);
  case STELE_TYPE_ENUM: return take_enum(t, field, is_zero);
  case STELE_TYPE_UNRESOLVED:
  case STELE_TYPE_GROUP:
  case STELE_TYPE_MESSAGE: break;
  }
  *is_zero = number == 0 || value == 0;
  return ok;
}

/* ---- Messages --------------------------------------------------------------------------- */

static bool take_field(protoc_text *t, text_level *level);

static bool take_message(protoc_text *t, const stele_message *type) {
  const char *close = protoc_text_take(t, "<") ? ">" : "}";
  text_level level = {.type = type};
  if (*close == '}' && !protoc_text_expect(t, "{")) return false;
  if (!enter(t)) return false;
  while (!protoc_text_at_symbol(t, ">") && !protoc_text_at_symbol(t, "}")) {
    if (!take_field(t, &level)) return false;
  }
  t->depth--;
  return protoc_text_expect(t, close);
}

static bool has(const text_level *level, const stele_field *field) {
  for (size_t i = 0; i < level->set.count; i++) {
    if (level->set.at[i] == field) return true;
  }
  return false;
}

static bool check_once(protoc_text *t, const text_level *level, const stele_field *field,
                       stele_str name) {
  if (field->label != STELE_LABEL_REPEATED && has(level, field)) {
    return protoc_text_fail(t,
                            "Non-repeated field \"" STELE_STR_FMT "\" is specified multiple times.",
                            STELE_STR_ARG(name));
  }
  for (size_t i = 0; field->oneof && i < level->set.count; i++) {
    const stele_field *other = level->set.at[i];
    if (other->oneof != field->oneof) continue;
    return protoc_text_fail(
        t,
        "Field \"" STELE_STR_FMT "\" is specified along with field \"" STELE_STR_FMT
        "\", another member of oneof \"" STELE_STR_FMT "\".",
        STELE_STR_ARG(name), STELE_STR_ARG(other->name), STELE_STR_ARG(field->oneof->name));
  }
  return true;
}

static bool is_address_part(int c) {
  return protoc_text_is_letter(c) || protoc_text_is_digit(c) ||
         (c > 0 && strchr("-.~!$&()*+,;=%/", c) != NULL);
}

/* What stands before the type's name, with the slash. */
static bool check_prefix(protoc_text *t, stele_str prefix) {
  if (prefix.len == 1) return protoc_text_fail(t, "Type URL prefix is empty");
  if (prefix.ptr[0] == '/') return protoc_text_fail(t, "Type URL starts with \"/\"");
  for (size_t i = 0; i < prefix.len; i++) {
    if (prefix.ptr[i] != '%') continue;
    stele_str code = {prefix.ptr + i, prefix.len - i < 3 ? prefix.len - i : 3};
    if (code.len == 3 && protoc_text_is_hex(code.ptr[1]) && protoc_text_is_hex(code.ptr[2]))
      continue;
    return protoc_text_fail(t, "Invalid percent encode, got: \"" STELE_STR_FMT "\"",
                            STELE_STR_ARG(code));
  }
  return true;
}

static bool check_name(protoc_text *t, stele_str name) {
  for (size_t start = 0; start <= name.len;) {
    size_t end = start;
    while (end < name.len && name.ptr[end] != '.') end++;
    stele_str part = {name.ptr + start, end - start};
    bool ok = part.len && protoc_text_is_letter((unsigned char)part.ptr[0]);
    for (size_t i = 1; i < part.len; i++)
      ok &= protoc_text_is_word_part((unsigned char)part.ptr[i]);
    if (!ok) {
      return protoc_text_fail(t, "Invalid identifier in type name, got: \"" STELE_STR_FMT "\"",
                              STELE_STR_ARG(part));
    }
    start = end + 1;
  }
  return true;
}

/* What stands in brackets: a name, or the URL of a type that ends with it, blanks apart. It
 * is read by characters; what is wrong with it is said of the place behind it. */
static bool take_bracketed(protoc_text *t, stele_str *url, stele_str *name) {
  stele_buf text;
  stele_buf_init(&text, t->run->arena, 0);
  for (protoc_text_skip_space(t); is_address_part(protoc_text_peek(t)); protoc_text_skip_space(t)) {
    stele_buf_add_byte(&text, (uint8_t)protoc_text_peek(t));
    protoc_text_step(t);
  }
  *url = stele_buf_str(&text);
  *name = stele_path_last(*url);
  t->token_line = t->line;
  t->token_column = t->column;
  if (protoc_text_peek(t) != ']') {
    size_t len = protoc_text_peek(t) < 0 ? 0 : 1;
    return protoc_text_fail(t, "Expected \"]\", found \"" STELE_STR_FMT "\".", (int)len,
                            len ? t->text.ptr + t->at : "");
  }
  protoc_text_step(t);
  t->token_line = t->line;
  t->token_column = t->column;
  bool has_prefix = name->len < url->len;
  return (!has_prefix || check_prefix(t, (stele_str){url->ptr, url->len - name->len})) &&
         check_name(t, *name);
}

static bool take_any(protoc_text *t, text_level *level) {
  stele_str url, name;
  if (!take_bracketed(t, &url, &name)) return false;
  if (name.len == url.len) return protoc_text_fail(t, "Type URL prefix is missing");
  protoc_text_next(t);
  (void)protoc_text_take(t, ":");
  stele_symbol symbol = stele_schema_find(t->run->schema, name);
  if (symbol.kind != STELE_SYMBOL_MESSAGE) {
    return protoc_text_fail(
        t, "Could not find type \"" STELE_STR_FMT "\" stored in google.protobuf.Any.",
        STELE_STR_ARG(url));
  }
  if (!take_message(t, symbol.element)) return false;
  if (level->set.count) return protoc_text_fail(t, "Non-repeated Any specified multiple times.");
  STELE_VEC_PUSH(t->run->arena, &level->set, &level->type->fields[0]);
  take_separator(t);
  return true;
}

static bool find_extension(protoc_text *t, const stele_message *type, stele_str *name,
                           const stele_field **out) {
  stele_str url;
  if (!take_bracketed(t, &url, name)) return false;
  if (url.len != name->len) return protoc_text_fail(t, "Extension name contains \"/\"");
  protoc_text_next(t);
  stele_symbol symbol = stele_schema_find(t->run->schema, *name);
  const stele_field *field = symbol.kind == STELE_SYMBOL_FIELD ? symbol.element : NULL;
  if (field && field->is_extension && field->message == type) {
    *out = field;
    return true;
  }
  return protoc_text_fail(t,
                          "Extension \"" STELE_STR_FMT
                          "\" is not defined or is not an extension of \"" STELE_STR_FMT "\".",
                          STELE_STR_ARG(*name), STELE_STR_ARG(type->full_name));
}

/* A group goes by the name of its type. */
static const stele_field *find_field(const stele_message *type, stele_str name) {
  const stele_field *group = NULL;
  for (uint32_t i = 0; i < type->field_count; i++) {
    const stele_field *field = &type->fields[i];
    if (stele_str_eq(field->name, name)) return field;
    if (field->is_delimited && stele_str_eq(field->type_message->name, name)) group = field;
  }
  return group;
}

static bool is_reserved(const stele_message *type, stele_str name) {
  for (uint32_t i = 0; i < type->reserved_name_count; i++) {
    if (stele_str_eq(type->reserved_names[i], name)) return true;
  }
  return false;
}

/* ---- A field whose name is reserved: anything may stand there ------------------------- */

static bool skip_message(protoc_text *t);

static bool skip_scalar(protoc_text *t) {
  bool minus = protoc_text_take(t, "-");
  if (t->kind != PROTOC_TEXT_INTEGER && t->kind != PROTOC_TEXT_FLOAT &&
      t->kind != PROTOC_TEXT_WORD) {
    return protoc_text_fail(t, "Cannot skip field value, unexpected token: " STELE_STR_FMT,
                            STELE_STR_ARG(t->token));
  }
  if (minus && t->kind == PROTOC_TEXT_WORD && !is_float_word(t)) {
    return protoc_text_fail(t, "Invalid float number: %s", lower(t));
  }
  protoc_text_next(t);
  return true;
}

static bool skip_value(protoc_text *t) {
  if (protoc_text_at_symbol(t, "{") || protoc_text_at_symbol(t, "<")) return skip_message(t);
  if (!enter(t)) return false;
  bool ok = true;
  if (t->kind == PROTOC_TEXT_STRING) {
    while (t->kind == PROTOC_TEXT_STRING) protoc_text_next(t);
  } else if (protoc_text_take(t, "[")) {
    do {
      ok = skip_value(t);
      if (ok && protoc_text_take(t, "]")) break;
      ok = ok && protoc_text_expect(t, ",");
    } while (ok);
  } else {
    ok = skip_scalar(t);
  }
  t->depth--;
  return ok;
}

static bool skip_rest(protoc_text *t) {
  if (!(protoc_text_take(t, ":") ? skip_value(t) : skip_message(t))) return false;
  take_separator(t);
  return true;
}

static bool skip_field(protoc_text *t) {
  stele_str name, url;
  if (protoc_text_at_symbol(t, "[")) {
    if (!take_bracketed(t, &url, &name)) return false;
    protoc_text_next(t);
  } else if (!protoc_text_expect_kind(t, PROTOC_TEXT_WORD, "identifier", &name)) {
    return false;
  }
  return skip_rest(t);
}

static bool skip_message(protoc_text *t) {
  const char *close = protoc_text_take(t, "<") ? ">" : "}";
  if (*close == '}' && !protoc_text_expect(t, "{")) return false;
  if (!enter(t)) return false;
  while (!protoc_text_at_symbol(t, ">") && !protoc_text_at_symbol(t, "}")) {
    if (!skip_field(t)) return false;
  }
  t->depth--;
  return protoc_text_expect(t, close);
}

/* ---- Fields ------------------------------------------------------------------------------ */

static bool take_value(protoc_text *t, const stele_field *field, bool *is_zero) {
  *is_zero = false;
  return field->type_message ? take_message(t, field->type_message)
                             : take_scalar(t, field, is_zero);
}

static bool take_values(protoc_text *t, const stele_field *field, bool *is_zero) {
  if (field->label != STELE_LABEL_REPEATED || !protoc_text_take(t, "["))
    return take_value(t, field, is_zero);
  if (protoc_text_take(t, "]")) return true;
  for (;;) {
    if (!take_value(t, field, is_zero)) return false;
    if (protoc_text_take(t, "]")) return true;
    if (!protoc_text_expect(t, ",")) return false;
  }
}

static bool take_field(protoc_text *t, text_level *level) {
  const stele_field *field = NULL;
  const stele_message *type = level->type;
  stele_str name;
  bool is_zero = false;
  if (protoc_text_at_symbol(t, "[")) {
    if (stele_str_eq(type->full_name, STELE_STR("google.protobuf.Any"))) return take_any(t, level);
    if (!find_extension(t, type, &name, &field)) return false;
  } else {
    if (!protoc_text_expect_kind(t, PROTOC_TEXT_WORD, "identifier", &name)) return false;
    field = find_field(type, name);
    if (!field && is_reserved(type, name)) return skip_rest(t);
    if (!field) {
      return protoc_text_fail(
          t, "Message type \"" STELE_STR_FMT "\" has no field named \"" STELE_STR_FMT "\".",
          STELE_STR_ARG(type->full_name), STELE_STR_ARG(name));
    }
  }
  if (!check_once(t, level, field, name)) return false;
  if (field->type_message) {
    (void)protoc_text_take(t, ":");
  } else if (!protoc_text_expect(t, ":")) {
    return false;
  }
  if (!take_values(t, field, &is_zero)) return false;
  if (field->has_presence || !is_zero) STELE_VEC_PUSH(t->run->arena, &level->set, field);
  take_separator(t);
  return true;
}

bool protoc_explain_text(protoc_run *run, const stele_message *type, stele_str text) {
  protoc_text t = {.run = run, .text = text};
  text_level level = {.type = type};
  protoc_text_next(&t);
  while (t.kind != PROTOC_TEXT_END && take_field(&t, &level)) continue;
  return t.said != 0;
}
