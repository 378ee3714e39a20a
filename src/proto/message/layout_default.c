/* Defaults: a descriptor spells them as text, a message wants the value. */
#include <math.h>

#include "base/num.h"
#include "proto/message/layout_internal.h"

static int octal(stele_str text, size_t *at) {
  int value = 0;
  for (int digits = 0; digits < 3 && *at < text.len; digits++, (*at)++) {
    char c = text.ptr[*at];
    if (c < '0' || c > '7') break;
    value = value * 8 + (c - '0');
  }
  return value;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int hex(stele_str text, size_t *at) {
  int value = 0;
  for (; *at < text.len && hex_digit(text.ptr[*at]) >= 0; (*at)++) {
    value = (value * 16 + hex_digit(text.ptr[*at])) & 0xff;
  }
  return value;
}

/* The default of a bytes field is C-escaped. */
static stele_str unescape(stele_arena *arena, stele_str text) {
  char *out = STELE_NEW_ARRAY(arena, char, text.len);
  size_t len = 0;
  for (size_t i = 0; i < text.len;) {
    char c = text.ptr[i++];
    if (c != '\\' || i == text.len) {
      out[len++] = c;
      continue;
    }
    static const char letters[] = "a\ab\bf\fn\nr\rt\tv\v";
    char letter = text.ptr[i];
    if (letter >= '0' && letter <= '7') {
      out[len++] = (char)octal(text, &i);
      continue;
    }
    i++;
    if (letter == 'x' || letter == 'X') {
      out[len++] = (char)hex(text, &i);
      continue;
    }
    for (const char *at = letters; *at; at += 2) {
      if (*at == letter) {
        letter = at[1];
        break;
      }
    }
    out[len++] = letter;
  }
  return (stele_str){out, len};
}

static double number(stele_str text) {
  double value = 0;
  if (stele_str_eq(text, STELE_STR("inf"))) return INFINITY;
  if (stele_str_eq(text, STELE_STR("-inf"))) return -INFINITY;
  if (stele_str_eq(text, STELE_STR("nan")) || stele_str_eq(text, STELE_STR("-nan"))) return NAN;
  return stele_num_parse_double(text, &value) ? value : 0;
}

static int32_t enum_default(const stele_field *field) {
  const stele_enum *type = field->type_enum;
  const stele_enum_value *value = NULL;
  if (field->has_default) value = stele_enum_value_by_name(type, field->default_value);
  if (!value && type->value_count) value = &type->values[0];
  return value ? value->number : 0;
}

static stele_value integer_default(stele_str text) {
  stele_value value = {.u64 = 0};
  uint64_t u64 = 0;
  int64_t i64 = 0;
  if (stele_num_parse_i64(text, &i64)) value.i64 = i64;
  if (stele_num_parse_u64(text, &u64)) value.u64 = u64;
  return value;
}

stele_value layout_default(stele_arena *arena, const stele_field *field) {
  stele_value value = {.str = {NULL, 0}};
  if (field->label == STELE_LABEL_REPEATED) return value;
  stele_str text = field->default_value;
  if (field->type == STELE_TYPE_ENUM) {
    value.i32 = enum_default(field);
  } else if (field->has_default && field->type == STELE_TYPE_STRING) {
    value.str = text;
  } else if (field->has_default && field->type == STELE_TYPE_BYTES) {
    value.str = unescape(arena, text);
  } else if (field->has_default && field->type == STELE_TYPE_BOOL) {
    value.b = stele_str_eq(text, STELE_STR("true"));
  } else if (field->has_default && field->type == STELE_TYPE_FLOAT) {
    value.f = (float)number(text);
  } else if (field->has_default && field->type == STELE_TYPE_DOUBLE) {
    value.d = number(text);
  } else if (field->has_default) {
    value = integer_default(text);
  }
  return value;
}
