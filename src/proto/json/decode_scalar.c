/* Reading scalars: numbers as numbers or in strings, names of enum values,
 * base64, and the keys of maps. */
#include <math.h>
#include <stdio.h>

#include "fmt/base64.h"
#include "proto/json/json_internal.h"

static inline bool comes_string(const json_in *r) {
  return r->c.at < r->c.end && *r->c.at == '"';
}

bool json_read_text(json_in *r, stele_str *out) {
  return comes_string(r) ? stele_json_read_string(&r->c, out)
                         : stele_json_fail_here(&r->c, "expected a string");
}

/* ---- Numbers --------------------------------------------------------------------- */

/* A number that all of `text` is: the content of a string. */
static bool number_in(json_in *r, stele_str text, const char *at, stele_decimal *out) {
  const char *end = text.ptr + text.len;
  bool ok = text.len > 0 && stele_decimal_scan(text.ptr, end, out) == end;
  return ok || stele_json_fail_at(&r->c, at, "not a number in this string");
}

/* A number, or a string that holds one. */
static inline bool read_decimal(json_in *r, stele_decimal *out) {
  const char *at = r->c.at;
  stele_str text;
  if (!comes_string(r)) {
    bool comes = at < r->c.end && (*at == '-' || (uint8_t)(*at - '0') <= 9);
    return comes ? stele_json_read_number(&r->c, out)
                 : stele_json_fail_here(&r->c, "expected a number");
  }
  return stele_json_read_string(&r->c, &text) && number_in(r, text, at, out);
}

static bool out_of_range(json_in *r, const char *at, const char *what) {
  char text[80];
  (void)snprintf(text, sizeof text, "not in the range of %s", what);
  return stele_json_fail_at(&r->c, at, text);
}

static bool i32_of(json_in *r, const stele_decimal *number, const char *at, int32_t *out) {
  int64_t wide;
  if (number->is_integer && number->digits <= INT32_MAX && !number->is_cut &&
      number->exponent == 0) {
    *out = number->negative ? -(int32_t)number->digits : (int32_t)number->digits;
    return true;
  }
  if (!stele_decimal_i64(number, &wide) || wide < INT32_MIN || wide > INT32_MAX) {
    return out_of_range(r, at, "a 32-bit integer");
  }
  *out = (int32_t)wide;
  return true;
}

static bool u32_of(json_in *r, const stele_decimal *number, const char *at, uint32_t *out) {
  uint64_t wide;
  if (!stele_decimal_u64(number, &wide) || wide > UINT32_MAX) {
    return out_of_range(r, at, "an unsigned 32-bit integer");
  }
  *out = (uint32_t)wide;
  return true;
}

static bool i64_of(json_in *r, const stele_decimal *number, const char *at, int64_t *out) {
  return stele_decimal_i64(number, out) || out_of_range(r, at, "a 64-bit integer");
}

static bool u64_of(json_in *r, const stele_decimal *number, const char *at, uint64_t *out) {
  return stele_decimal_u64(number, out) || out_of_range(r, at, "an unsigned 64-bit integer");
}

/* "NaN", "Infinity", "-Infinity" */
static bool is_special(stele_str text, double *out) {
  if (stele_str_eq(text, STELE_STR("NaN"))) {
    *out = (double)NAN;
  } else if (stele_str_eq(text, STELE_STR("Infinity"))) {
    *out = (double)INFINITY;
  } else if (stele_str_eq(text, STELE_STR("-Infinity"))) {
    *out = (double)-INFINITY;
  } else {
    return false;
  }
  return true;
}

/* A number to be rounded, or one of the words; `*is_word` tells which. */
static inline bool read_real(json_in *r, stele_decimal *number, double *word, bool *is_word) {
  const char *at = r->c.at;
  stele_str text;
  *is_word = false;
  if (!comes_string(r)) return read_decimal(r, number);
  if (!stele_json_read_string(&r->c, &text)) return false;
  *is_word = is_special(text, word);
  return *is_word || number_in(r, text, at, number);
}

static bool read_double(json_in *r, double *out) {
  const char *at = r->c.at;
  stele_decimal number;
  bool is_word;
  if (!read_real(r, &number, out, &is_word)) return false;
  if (is_word) return true;
  *out = stele_decimal_double(&number);
  return isfinite(*out) || out_of_range(r, at, "a double");
}

static bool read_float(json_in *r, float *out) {
  const char *at = r->c.at;
  stele_decimal number;
  double word;
  bool is_word;
  if (!read_real(r, &number, &word, &is_word)) return false;
  *out = is_word ? (float)word : stele_decimal_float(&number);
  return is_word || isfinite(*out) || out_of_range(r, at, "a float");
}

static bool read_bool(json_in *r, bool *out) {
  stele_json_cursor *c = &r->c;
  *out = c->at < c->end && *c->at == 't';
  if (*out) return stele_json_read_word(c, STELE_STR("true"));
  bool comes = c->at < c->end && *c->at == 'f';
  return comes ? stele_json_read_word(c, STELE_STR("false"))
               : stele_json_fail_here(c, "expected true or false");
}

static bool read_kept_text(json_in *r, stele_str *out) {
  if (!json_read_text(r, out)) return false;
  *out = json_keep_text(r, *out);
  return true;
}

/* ---- Bytes, enums ------------------------------------------------------------------ */

static bool read_bytes(json_in *r, stele_str *out) {
  const char *at = r->c.at;
  stele_str text;
  stele_buf bytes;
  if (!json_read_text(r, &text)) return false;
  stele_buf_init(&bytes, r->arena, 0);
  if (!stele_base64_decode(&bytes, text, STELE_BASE64_EITHER)) {
    return stele_json_fail_at(&r->c, at, "not base64");
  }
  *out = stele_buf_str(&bytes);
  return true;
}

static json_got unknown_enum(json_in *r, const char *at, const layout_enum *type, stele_str name) {
  char text[200];
  stele_str full = type->type->full_name;
  if (r->options->ignore_unknown) return JSON_LEFT_OUT;
  (void)snprintf(text, sizeof text, "no value \"%.*s\" of %.*s", name.len > 80 ? 80 : (int)name.len,
                 name.ptr, full.len > 80 ? 80 : (int)full.len, full.ptr);
  (void)stele_json_fail_at(&r->c, at, text);
  return JSON_FAILED;
}

/* A name, or a number: any for open enums, a known one for closed ones. */
static json_got read_enum(json_in *r, const layout_enum *type, int32_t *out) {
  stele_json_cursor *c = &r->c;
  const char *at = c->at;
  if (type->is_null_value && at < c->end && *at == 'n') {
    *out = 0;
    return stele_json_read_word(c, STELE_STR("null")) ? JSON_READ : JSON_FAILED;
  }
  if (comes_string(r)) {
    stele_str name;
    if (!stele_json_read_string(c, &name)) return JSON_FAILED;
    const stele_enum_value *value = layout_enum_find_name(type, name);
    if (!value) return unknown_enum(r, at, type, name);
    *out = value->number;
    return JSON_READ;
  }
  stele_decimal number;
  if (!read_decimal(r, &number) || !i32_of(r, &number, at, out)) return JSON_FAILED;
  if (!type->type->is_closed || layout_enum_find(type, *out)) return JSON_READ;
  return unknown_enum(r, at, type, (stele_str){at, (size_t)(c->at - at)});
}

/* ---- All of them ----------------------------------------------------------------------- */

static bool read_integer(json_in *r, int type, void *at) {
  const char *from = r->c.at;
  stele_decimal number;
  if (!read_decimal(r, &number)) return false;
  switch (type) {
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: return i32_of(r, &number, from, at);
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: return u32_of(r, &number, from, at);
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: return u64_of(r, &number, from, at);
  default: return i64_of(r, &number, from, at);
  }
}

json_got json_read_scalar(json_in *r, const stele_layout *layout, const layout_field *f, void *at) {
  bool ok;
  int type = layout->info[f->index].field->type;
  switch (type) {
  case STELE_TYPE_DOUBLE: ok = read_double(r, at); break;
  case STELE_TYPE_FLOAT: ok = read_float(r, at); break;
  case STELE_TYPE_BOOL: ok = read_bool(r, at); break;
  case STELE_TYPE_STRING: ok = read_kept_text(r, at); break;
  case STELE_TYPE_BYTES: ok = read_bytes(r, at); break;
  case STELE_TYPE_ENUM: return read_enum(r, f->sub.enumeration, at);
  default: ok = read_integer(r, type, at); break;
  }
  return ok ? JSON_READ : JSON_FAILED;
}

/* ---- Keys ------------------------------------------------------------------------------ */

bool json_key_of(json_in *r, const stele_field *field, stele_str text, const char *at,
                 stele_value *out) {
  stele_decimal number;
  int type = field->type;
  if (type == STELE_TYPE_STRING || type == STELE_TYPE_BYTES) {
    out->str = json_keep_text(r, text);
    return true;
  }
  if (type == STELE_TYPE_BOOL) {
    out->b = stele_str_eq(text, STELE_STR("true"));
    bool ok = out->b || stele_str_eq(text, STELE_STR("false"));
    return ok || stele_json_fail_at(&r->c, at, "a key must be \"true\" or \"false\" here");
  }
  if (!number_in(r, text, at, &number)) return false;
  switch (type) {
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: return i32_of(r, &number, at, &out->i32);
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: return u32_of(r, &number, at, &out->u32);
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64: return u64_of(r, &number, at, &out->u64);
  default: return i64_of(r, &number, at, &out->i64);
  }
}
