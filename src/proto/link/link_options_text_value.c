/* Scalar values in text format: read, checked, and written as one record. */
#include "proto/link/link_options_internal.h"

#include <ctype.h>
#include <math.h>

stele_str options_text_lower(options_text *t, stele_str text) {
  char *out = STELE_NEW_ARRAY(t->state->scratch, char, text.len + 1);
  for (size_t i = 0; i < text.len; i++) {
    bool is_upper = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
    out[i] = is_upper ? (char)(text.ptr[i] + 32) : text.ptr[i];
  }
  return (stele_str){out, text.len};
}

bool options_text_float_word(stele_str word, double *value) {
  static const struct {
    stele_str word;
    bool is_nan;
  } rows[] = {{STELE_STR_INIT("inf"), false},
              {STELE_STR_INIT("infinity"), false},
              {STELE_STR_INIT("nan"), true}};
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    bool same = word.len == rows[i].word.len;
    for (size_t k = 0; same && k < word.len; k++) {
      same = tolower((unsigned char)word.ptr[k]) == rows[i].word.ptr[k];
    }
    if (!same) continue;
    if (value) *value = rows[i].is_nan ? (double)NAN : (double)INFINITY;
    return true;
  }
  return false;
}

/* ---- Integers ---------------------------------------------------------------- */

static bool read_unsigned(options_text *t, uint64_t max, uint64_t *out) {
  stele_str token = options_text_token(t);
  if (!options_text_at_kind(t, STELE_TOKEN_INTEGER)) {
    return options_text_fail(t, "Expected integer, got: %.*s", STELE_STR_ARG(token));
  }
  if (!stele_token_integer(t->tokens, t->at, max, out)) {
    return options_text_fail(t, "Integer out of range (%.*s)", STELE_STR_ARG(token));
  }
  options_text_next(t);
  return true;
}

static bool read_signed(options_text *t, uint64_t max, int64_t *out) {
  bool negative = options_text_take(t, '-');
  uint64_t value;
  if (!read_unsigned(t, max + negative, &value)) return false;
  *out = negative ? (int64_t)(0 - value) : (int64_t)value;
  return true;
}

static bool put_int32(options_text *t, const stele_field *field, uint64_t *out) {
  int64_t value;
  if (!read_signed(t, INT32_MAX, &value)) return false;
  *out = field->type == STELE_TYPE_SINT32 ? stele_wire_zigzag(value) : (uint64_t)value;
  return true;
}

static bool put_int64(options_text *t, const stele_field *field, uint64_t *out) {
  int64_t value;
  if (!read_signed(t, INT64_MAX, &value)) return false;
  *out = field->type == STELE_TYPE_SINT64 ? stele_wire_zigzag(value) : (uint64_t)value;
  return true;
}

static bool put_uint32(options_text *t, const stele_field *field, uint64_t *out) {
  (void)field;
  return read_unsigned(t, UINT32_MAX, out);
}

static bool put_uint64(options_text *t, const stele_field *field, uint64_t *out) {
  (void)field;
  return read_unsigned(t, UINT64_MAX, out);
}

/* ---- Floats -------------------------------------------------------------------- */

static bool read_decimal(options_text *t, double *out) {
  stele_str token = options_text_token(t);
  if (token.len > 1 && token.ptr[0] == '0') { /* hexadecimal or octal */
    return options_text_fail(t, "Expect a decimal number, got: %.*s", STELE_STR_ARG(token));
  }
  *out = stele_token_float(t->tokens, t->at);
  options_text_next(t);
  return true;
}

static bool read_double(options_text *t, double *out) {
  bool negative = options_text_take(t, '-');
  stele_str token = options_text_token(t);
  bool is_word = options_text_at_kind(t, STELE_TOKEN_IDENTIFIER);
  if (options_text_at_kind(t, STELE_TOKEN_INTEGER)) {
    if (!read_decimal(t, out)) return false;
  } else if (options_text_at_kind(t, STELE_TOKEN_FLOAT)) {
    *out = stele_token_float(t->tokens, t->at);
    options_text_next(t);
  } else if (is_word && options_text_float_word(token, out)) {
    options_text_next(t);
  } else {
    if (is_word) token = options_text_lower(t, token);
    return options_text_fail(t, "Expected double, got: %.*s", STELE_STR_ARG(token));
  }
  if (negative) *out = -*out;
  return true;
}

static bool put_double(options_text *t, const stele_field *field, uint64_t *out) {
  (void)field;
  double value;
  if (!read_double(t, &value)) return false;
  memcpy(out, &value, sizeof value);
  return true;
}

static bool put_float(options_text *t, const stele_field *field, uint64_t *out) {
  (void)field;
  double value;
  if (!read_double(t, &value)) return false;
  float narrow = (float)value;
  uint32_t bits;
  memcpy(&bits, &narrow, sizeof bits);
  *out = bits;
  return true;
}

/* ---- Words --------------------------------------------------------------------- */

static bool fail_bool(options_text *t, const stele_field *field, stele_str word) {
  return options_text_fail(t, "Invalid value for boolean field \"%.*s\". Value: \"%.*s\".",
                           STELE_STR_ARG(field->name), STELE_STR_ARG(word));
}

static bool put_bool(options_text *t, const stele_field *field, uint64_t *out) {
  static const struct {
    stele_str word;
    bool value;
  } rows[] = {
      {STELE_STR_INIT("true"), true},   {STELE_STR_INIT("True"), true},
      {STELE_STR_INIT("t"), true},      {STELE_STR_INIT("false"), false},
      {STELE_STR_INIT("False"), false}, {STELE_STR_INIT("f"), false},
  };
  if (options_text_at_kind(t, STELE_TOKEN_INTEGER)) return read_unsigned(t, 1, out);
  stele_str word = options_text_token(t);
  if (!options_text_at_kind(t, STELE_TOKEN_IDENTIFIER)) {
    return options_text_fail(t, "Expected identifier, got: %.*s", STELE_STR_ARG(word));
  }
  options_text_next(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (!stele_str_eq(word, rows[i].word)) continue;
    *out = rows[i].value;
    return true;
  }
  return fail_bool(t, field, word);
}

static bool fail_enum(options_text *t, const stele_field *field, stele_str value) {
  return options_text_fail(t, "Unknown enumeration value of \"%.*s\" for field \"%.*s\".",
                           STELE_STR_ARG(value), STELE_STR_ARG(field->name));
}

/* By number an open enum takes anything, a closed one what it declares. */
static bool put_enum_number(options_text *t, const stele_field *field, uint64_t *out) {
  int64_t number;
  if (!read_signed(t, INT32_MAX, &number)) return false;
  *out = (uint64_t)number;
  if (!field->type_enum->is_closed ||
      stele_enum_value_by_number(field->type_enum, (int32_t)number)) {
    return true;
  }
  char text[24];
  int len = snprintf(text, sizeof text, "%lld", (long long)number);
  return fail_enum(t, field, (stele_str){text, (size_t)len});
}

static bool put_enum(options_text *t, const stele_field *field, uint64_t *out) {
  stele_str word = options_text_token(t);
  if (options_text_at(t, '-') || options_text_at_kind(t, STELE_TOKEN_INTEGER)) {
    return put_enum_number(t, field, out);
  }
  if (!options_text_at_kind(t, STELE_TOKEN_IDENTIFIER)) {
    return options_text_fail(t, "Expected integer or identifier, got: %.*s", STELE_STR_ARG(word));
  }
  options_text_next(t);
  const stele_enum_value *value = stele_enum_value_by_name(field->type_enum, word);
  if (!value) return fail_enum(t, field, word);
  *out = stele_wire_int32(value->number);
  return true;
}

/* ---- All kinds ------------------------------------------------------------------- */

typedef bool put_fn(options_text *t, const stele_field *field, uint64_t *out);

static put_fn *const putters[STELE_TYPE_SINT64 + 1] = {
    [STELE_TYPE_DOUBLE] = put_double,  [STELE_TYPE_FLOAT] = put_float,
    [STELE_TYPE_INT64] = put_int64,    [STELE_TYPE_UINT64] = put_uint64,
    [STELE_TYPE_INT32] = put_int32,    [STELE_TYPE_FIXED64] = put_uint64,
    [STELE_TYPE_FIXED32] = put_uint32, [STELE_TYPE_BOOL] = put_bool,
    [STELE_TYPE_UINT32] = put_uint32,  [STELE_TYPE_ENUM] = put_enum,
    [STELE_TYPE_SFIXED32] = put_int32, [STELE_TYPE_SFIXED64] = put_int64,
    [STELE_TYPE_SINT32] = put_int32,   [STELE_TYPE_SINT64] = put_int64,
};

static bool put_string(options_text *t, const stele_field *field, bool *is_zero) {
  uint32_t first = t->at, last = t->at;
  if (!options_text_at_kind(t, STELE_TOKEN_STRING)) {
    return options_text_fail(t, "Expected string, got: %.*s", STELE_STR_ARG(options_text_token(t)));
  }
  stele_buf bytes;
  stele_buf_init(&bytes, t->state->scratch, 0);
  while (options_text_at_kind(t, STELE_TOKEN_STRING)) { /* a comment may stand between two */
    last = t->at;
    stele_buf_add_str(&bytes, stele_token_string(t->state->scratch, t->tokens, last, last));
    options_text_next(t);
  }
  (void)first;
  *is_zero = bytes.len == 0;
  stele_write_bytes_field(&t->out, (uint32_t)field->number, stele_buf_bytes(&bytes));
  return true;
}

static void write_number(options_text *t, const stele_field *field, uint64_t value) {
  stele_wire_type type = descriptor_wire_type(field);
  stele_write_tag(&t->out, (uint32_t)field->number, type);
  if (type == STELE_WIRE_VARINT) {
    stele_write_varint(&t->out, value);
  } else if (type == STELE_WIRE_FIXED32) {
    stele_write_fixed32(&t->out, (uint32_t)value);
  } else {
    stele_write_fixed64(&t->out, value);
  }
}

bool options_text_scalar(options_text *t, const stele_field *field, bool *is_zero) {
  put_fn *put = putters[field->type];
  uint64_t value = 0;
  if (!put) return put_string(t, field, is_zero);
  if (!put(t, field, &value)) return false;
  *is_zero = value == 0;
  write_number(t, field, value);
  return true;
}
