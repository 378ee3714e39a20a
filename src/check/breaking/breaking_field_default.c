/* Defaults of fields, compared as values.
 *
 * Numbers, booleans and enum values compare with each other exactly, whatever
 * their types; a long double holds every 64-bit integer and every double. A
 * float against a double is compared as floats. Text compares with text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/num.h"
#include "check/breaking/breaking.h"

enum { FIELD_DEFAULT = 7 };

typedef struct value {
  bool is_text, is_float, is_double;
  stele_str text; /* of strings and bytes */
  long double number;
  stele_str words;
} value;

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One escape of a bytes default, as descriptors spell it; `i` is behind the
 * backslash and ends behind the escape. */
static char unescape_one(stele_str text, size_t *i) {
  static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
  char c = text.ptr[(*i)++];
  const char *at = strchr(from, c);
  if (at && c) return to[at - from];
  int code = 0;
  if (c == 'x' || c == 'X') {
    for (int n = 0; n < 2 && *i < text.len && hex_digit(text.ptr[*i]) >= 0; n++) {
      code = code * 16 + hex_digit(text.ptr[(*i)++]);
    }
    return (char)code;
  }
  if (c < '0' || c > '7') return c;
  code = c - '0';
  for (int n = 0; n < 2 && *i < text.len && text.ptr[*i] >= '0' && text.ptr[*i] <= '7'; n++) {
    code = code * 8 + (text.ptr[(*i)++] - '0');
  }
  return (char)code;
}

static stele_str unescape(stele_arena *arena, stele_str text) {
  char *out = stele_arena_alloc(arena, text.len + 1, 1);
  size_t len = 0;
  for (size_t i = 0; i < text.len;) {
    char c = text.ptr[i++];
    out[len++] = c == '\\' && i < text.len ? unescape_one(text, &i) : c;
  }
  return (stele_str){out, len};
}

static stele_str bytes_words(stele_arena *arena, stele_str bytes) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  stele_buf_add_byte(&out, '[');
  for (size_t i = 0; i < bytes.len; i++) {
    stele_buf_printf(&out, "%s0x%X", i ? "," : "", (unsigned)(unsigned char)bytes.ptr[i]);
  }
  stele_buf_add_byte(&out, ']');
  return stele_buf_str(&out);
}

static value text_value(stele_arena *arena, const stele_field *field) {
  value v = {.is_text = true};
  stele_str text = field->has_default ? stele_field_default(field) : (stele_str){0};
  if (field->type == STELE_TYPE_STRING) {
    v.text = text;
    v.words = rule_quote(arena, text);
  } else {
    v.text = unescape(arena, text);
    v.words = bytes_words(arena, v.text);
  }
  return v;
}

static value enum_value(stele_arena *arena, const stele_field *field) {
  const stele_enum *type = field->type_enum;
  const stele_enum_value *chosen = type->value_count ? &type->values[0] : NULL;
  if (field->has_default) {
    const stele_enum_value *named = stele_enum_value_by_name(type, stele_field_default(field));
    if (named) chosen = named;
  }
  if (!chosen) return (value){.words = type->name};
  for (uint32_t i = 0; i < type->value_count; i++) { /* the first alias speaks */
    if (type->values[i].number != chosen->number) continue;
    chosen = &type->values[i];
    break;
  }
  return (value){.number = chosen->number,
                 .words = stele_str_printf(arena, STELE_STR_FMT "." STELE_STR_FMT,
                                           STELE_STR_ARG(type->name), STELE_STR_ARG(chosen->name))};
}

/* The exponent of "d.ddde±dd". */
static int exponent_of(const char *text) {
  const char *e = strchr(text, 'e');
  return e ? (int)strtol(e + 1, NULL, 10) : 0;
}

/* The fewest digits that give the same number again, with an exponent from a
 * million on and below 0.0001. */
static stele_str float_words(stele_arena *arena, double number, bool is_float) {
  char text[64];
  if (isnan(number)) return STELE_STR("NaN");
  if (isinf(number)) return number < 0 ? STELE_STR("-Inf") : STELE_STR("+Inf");
  int digits = 0;
  for (; digits < 17; digits++) {
    (void)snprintf(text, sizeof text, "%.*e", digits, number);
    double back = is_float ? (double)strtof(text, NULL) : strtod(text, NULL);
    if (back == number) break;
  }
  int exponent = exponent_of(text);
  if (exponent < -4 || exponent >= 6) return stele_str_copy(arena, stele_cstr(text));
  int after = digits - exponent;
  return stele_str_printf(arena, "%.*f", after > 0 ? after : 0, number);
}

static value float_value(stele_arena *arena, const stele_field *field) {
  double number = 0;
  bool is_float = field->type == STELE_TYPE_FLOAT;
  if (field->has_default) (void)stele_num_parse_double(stele_field_default(field), &number);
  if (field->has_default && stele_field_default(field).len > 0 &&
      stele_field_default(field).ptr[0] == '-' && number == 0) {
    stele_str rest = {stele_field_default(field).ptr + 1, stele_field_default(field).len - 1};
    if (stele_num_parse_double(rest, &number)) number = -number;
  }
  if (is_float) number = (double)(float)number;
  return (value){.is_float = is_float,
                 .is_double = !is_float,
                 .number = number,
                 .words = float_words(arena, number, is_float)};
}

static value whole_value(const stele_field *field) {
  stele_str text = field->has_default ? stele_field_default(field) : STELE_STR("0");
  uint64_t positive;
  int64_t any;
  value v = {.words = text};
  if (stele_num_parse_u64(text, &positive)) {
    v.number = (long double)positive;
  } else if (stele_num_parse_i64(text, &any)) {
    v.number = (long double)any;
  }
  return v;
}

static value bool_value(const stele_field *field) {
  bool is_true = field->has_default && stele_str_eq(stele_field_default(field), STELE_STR("true"));
  return (value){.number = is_true, .words = is_true ? STELE_STR("true") : STELE_STR("false")};
}

static value value_of(stele_arena *arena, const stele_field *field) {
  if (field->type == STELE_TYPE_STRING || field->type == STELE_TYPE_BYTES) {
    return text_value(arena, field);
  }
  if (field->type_enum) return enum_value(arena, field);
  if (field->type == STELE_TYPE_DOUBLE || field->type == STELE_TYPE_FLOAT) {
    return float_value(arena, field);
  }
  return field->type == STELE_TYPE_BOOL ? bool_value(field) : whole_value(field);
}

static bool is_zero(const value *v) {
  return v->is_text ? v->text.len == 0 : v->number == 0;
}

static bool is_equal(const value *a, const value *b) {
  if (a->is_text || b->is_text) {
    return a->is_text && b->is_text && stele_str_eq(a->text, b->text);
  }
  if (isnan(a->number) || isnan(b->number)) return isnan(a->number) && isnan(b->number);
  bool mixed = (a->is_float && b->is_double) || (a->is_double && b->is_float);
  return mixed ? (float)a->number == (float)b->number : a->number == b->number;
}

static bool can_have_default(const stele_field *field) {
  return field->label != STELE_LABEL_REPEATED && !field->type_message;
}

static rule_spot default_spot(rule_run *run, rule_side *side, const stele_field *field) {
  rule_spot spot = rule_spot_step(rule_spot_of(STELE_SYMBOL_FIELD, field), FIELD_DEFAULT);
  if (!rule_spot_is_known(run, side, spot)) return rule_spot_field(run, side, field);
  return rule_spot_from(spot, "default");
}

void breaking_field_same_default(rule_run *run, const void *element, const void *against) {
  const stele_field *now = element, *was = against;
  if (!can_have_default(now) || !can_have_default(was)) return;
  if (!now->has_default && !was->has_default && !now->type_enum && !was->type_enum) return;
  value to = value_of(run->arena, now), from = value_of(run->arena, was);
  if ((is_zero(&to) && is_zero(&from)) || is_equal(&to, &from)) return;
  stele_str words = breaking_field_words(run, now);
  rule_found(run, default_spot(run, &run->now, now), default_spot(run, &run->was, was),
             STELE_STR_FMT " changed default value from " STELE_STR_FMT " to " STELE_STR_FMT ".",
             STELE_STR_ARG(words), STELE_STR_ARG(from.words), STELE_STR_ARG(to.words));
}
