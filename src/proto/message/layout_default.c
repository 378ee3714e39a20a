/* Defaults: a descriptor spells them as text, a message wants the value. */
#include <math.h>

#include "base/c_text.h"
#include "base/num.h"
#include "proto/message/layout_internal.h"

/* The default of a bytes field is C-escaped; what is no such text stands for itself. */
static stele_str unescape(stele_arena *arena, stele_str text) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  return stele_c_unescape(&out, text) ? stele_buf_str(&out) : text;
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
  if (field->has_default) value = stele_enum_value_by_name(type, stele_field_default(field));
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
  stele_str text = stele_field_default(field);
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
