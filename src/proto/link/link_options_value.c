/* Values of options that are one token, or a few: a check and a conversion per
 * kind of field, in protoc's words. */
#include "proto/link/link_options_internal.h"

#include <math.h>

static bool fail(options_run *run, const stele_field *field, const char *before,
                 const char *after) {
  stele_str name = stele_field_full_name(run->state->scratch, field);
  link_error(run->state, run->statement->value_token, "%s option \"" STELE_STR_FMT "\"%s", before,
             STELE_STR_ARG(name), after);
  return false;
}

/* ---- Integers ------------------------------------------------------------ */

typedef struct integer_kind {
  const char *name;
  const char *range;
  int64_t min;
  uint64_t max;
} integer_kind;

static const integer_kind int32_kind = {"int32", "-2147483648 to 2147483647", INT32_MIN, INT32_MAX};
static const integer_kind int64_kind = {"int64", "-9223372036854775808 to 9223372036854775807",
                                        INT64_MIN, INT64_MAX};
static const integer_kind uint32_kind = {"uint32", "0 to 4294967295", 0, UINT32_MAX};
static const integer_kind uint64_kind = {"uint64", "0 to 18446744073709551615", 0, UINT64_MAX};

static bool fail_integer(options_run *run, const stele_field *field, const integer_kind *kind,
                         const char *before) {
  stele_str text =
      stele_str_printf(run->state->scratch, "%s%s, for %s", before, kind->range, kind->name);
  return fail(run, field, text.ptr, ".");
}

static bool get_integer(options_run *run, const stele_field *field, const integer_kind *kind,
                        uint64_t *out) {
  const options_value *value = &run->statement->value;
  bool is_signed = kind->min < 0;
  bool is_positive = options_has(value, OPTIONS_POSITIVE);
  if (!is_positive && !(is_signed && options_has(value, OPTIONS_NEGATIVE))) {
    return fail_integer(run, field, kind, "Value must be integer, from ");
  }
  bool fits = is_positive ? value->positive <= kind->max : value->negative >= kind->min;
  if (!fits) return fail_integer(run, field, kind, "Value out of range, ");
  *out = is_positive ? value->positive : (uint64_t)value->negative;
  return true;
}

static bool put_int32(options_run *run, const stele_field *field, uint64_t *out) {
  return get_integer(run, field, &int32_kind, out);
}

static bool put_int64(options_run *run, const stele_field *field, uint64_t *out) {
  return get_integer(run, field, &int64_kind, out);
}

static bool put_uint32(options_run *run, const stele_field *field, uint64_t *out) {
  return get_integer(run, field, &uint32_kind, out);
}

static bool put_uint64(options_run *run, const stele_field *field, uint64_t *out) {
  return get_integer(run, field, &uint64_kind, out);
}

static bool put_sint(options_run *run, const stele_field *field, uint64_t *out) {
  bool is_32 = field->type == STELE_TYPE_SINT32;
  if (!get_integer(run, field, is_32 ? &int32_kind : &int64_kind, out)) return false;
  *out = stele_wire_zigzag((int64_t)*out);
  return true;
}

/* ---- Floats, bools, enums ------------------------------------------------ */

static bool is_word(const options_value *value, const char *word) {
  return options_has(value, OPTIONS_IDENTIFIER) && stele_str_eq(value->word, stele_cstr(word));
}

static bool put_double(options_run *run, const stele_field *field, uint64_t *out) {
  const options_value *value = &run->statement->value;
  double number;
  if (options_has(value, OPTIONS_DOUBLE)) {
    number = value->number;
  } else if (options_has(value, OPTIONS_POSITIVE)) {
    number = (double)value->positive;
  } else if (options_has(value, OPTIONS_NEGATIVE)) {
    number = (double)value->negative;
  } else if (is_word(value, "inf")) {
    number = (double)INFINITY;
  } else if (is_word(value, "nan")) {
    number = (double)NAN;
  } else {
    return fail(run, field, "Value must be number for double", ".");
  }
  memcpy(out, &number, sizeof number);
  return true;
}

/* Integers become floats at once, not by way of a double: that may round
 * differently. */
static bool put_float(options_run *run, const stele_field *field, uint64_t *out) {
  const options_value *value = &run->statement->value;
  float number;
  if (options_has(value, OPTIONS_DOUBLE)) {
    number = (float)value->number;
  } else if (options_has(value, OPTIONS_POSITIVE)) {
    number = (float)value->positive;
  } else if (options_has(value, OPTIONS_NEGATIVE)) {
    number = (float)value->negative;
  } else if (is_word(value, "inf")) {
    number = INFINITY;
  } else if (is_word(value, "nan")) {
    number = NAN;
  } else {
    return fail(run, field, "Value must be number for float", ".");
  }
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  *out = bits;
  return true;
}

static bool put_bool(options_run *run, const stele_field *field, uint64_t *out) {
  const options_value *value = &run->statement->value;
  if (!options_has(value, OPTIONS_IDENTIFIER)) {
    return fail(run, field, "Value must be identifier for boolean", ".");
  }
  *out = is_word(value, "true");
  if (*out || is_word(value, "false")) return true;
  return fail(run, field, "Value must be \"true\" or \"false\" for boolean", ".");
}

/* Values are siblings of their enum: a name that belongs to another enum in
 * the same scope gets a finding that says so. */
static bool fail_enum(options_run *run, const stele_field *field, stele_str value) {
  link_file_state *state = run->state;
  const stele_enum *type = field->type_enum;
  stele_str scope = {type->full_name.ptr, type->full_name.len - type->name.len};
  stele_str sibling =
      stele_str_printf(state->scratch, "%.*s%.*s", STELE_STR_ARG(scope), STELE_STR_ARG(value));
  link_symbol_id id = link_find_anywhere(state->job, sibling);
  bool is_sibling =
      id != LINK_ROOT && link_symbol_get(state->job, id)->kind == STELE_SYMBOL_ENUM_VALUE;
  stele_str before =
      stele_str_printf(state->scratch, "Enum type \"%.*s\" has no value named \"%.*s\" for",
                       STELE_STR_ARG(type->full_name), STELE_STR_ARG(value));
  return fail(run, field, before.ptr,
              is_sibling ? ". This appears to be a value from a sibling type." : ".");
}

static bool put_enum(options_run *run, const stele_field *field, uint64_t *out) {
  const options_value *value = &run->statement->value;
  if (!options_has(value, OPTIONS_IDENTIFIER)) {
    return fail(run, field, "Value must be identifier for enum-valued", ".");
  }
  const stele_enum_value *found = stele_enum_value_by_name(field->type_enum, value->word);
  if (!found) return fail_enum(run, field, value->word);
  *out = stele_wire_int32(found->number);
  return true;
}

/* ---- All kinds ----------------------------------------------------------- */

typedef bool put_fn(options_run *run, const stele_field *field, uint64_t *out);

static put_fn *const putters[STELE_TYPE_SINT64 + 1] = {
    [STELE_TYPE_DOUBLE] = put_double,  [STELE_TYPE_FLOAT] = put_float,
    [STELE_TYPE_INT64] = put_int64,    [STELE_TYPE_UINT64] = put_uint64,
    [STELE_TYPE_INT32] = put_int32,    [STELE_TYPE_FIXED64] = put_uint64,
    [STELE_TYPE_FIXED32] = put_uint32, [STELE_TYPE_BOOL] = put_bool,
    [STELE_TYPE_UINT32] = put_uint32,  [STELE_TYPE_ENUM] = put_enum,
    [STELE_TYPE_SFIXED32] = put_int32, [STELE_TYPE_SFIXED64] = put_int64,
    [STELE_TYPE_SINT32] = put_sint,    [STELE_TYPE_SINT64] = put_sint,
};

static bool put_string(options_run *run, const stele_field *field) {
  const options_value *value = &run->statement->value;
  if (!options_has(value, OPTIONS_STRING)) {
    return fail(run, field, "Value must be quoted string for string", ".");
  }
  stele_back_str_field(&run->out, (uint32_t)field->number, value->text);
  return true;
}

bool link_options_put(options_run *run) {
  const stele_field *field = run->path[run->statement->part_count - 1];
  put_fn *put = putters[field->type];
  if (!put) {
    bool is_string = field->type == STELE_TYPE_STRING || field->type == STELE_TYPE_BYTES;
    return is_string ? put_string(run, field) : link_options_put_message(run, field);
  }
  uint64_t value = 0;
  if (!put(run, field, &value)) return false;
  descriptor_put_number(&run->out, field, value);
  stele_back_tag(&run->out, (uint32_t)field->number, descriptor_wire_type(field));
  return true;
}
