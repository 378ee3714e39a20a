/* proto/json, inside: values as nearly everybody writes them.
 *
 * A number without exponent, a string without escapes, each with a comma, a
 * bracket or a blank right behind it, where PLAIN_ROOM bytes may be read. Whatever
 * is different is left alone, for decode_scalar.c to read and to complain about.
 * Deps: base, fmt. */
#ifndef STELE_PROTO_JSON_DECODE_PLAIN_H
#define STELE_PROTO_JSON_DECODE_PLAIN_H

#include "base/decimal_digits.h"
#include "fmt/json_scan.h"
#include "proto/json/json_internal.h"

enum {
  PLAIN_ROOM = 64,   /* bytes that may be read from a value on: two runs of digits and more */
  PLAIN_DIGITS = 18, /* of a number: any so many fit in 63 bits */
};

static inline bool plain_is_end(char c) {
  return c == ',' || c == '}' || c == ']' || (uint8_t)c <= ' ';
}

/* Digits, at most PLAIN_DIGITS, not 0 in front of others; NULL: not plain. */
static inline const char *plain_digits(const char *at, uint64_t *out) {
  const char *end = decimal_gather(at, at + PLAIN_DIGITS + 8, out);
  bool is_good = end > at && end - at <= PLAIN_DIGITS && (*at != '0' || end - at == 1);
  return is_good ? end : NULL;
}

/* An integer, with or without quotes. */
static inline const char *plain_integer(const char *at, int64_t *out) {
  bool has_quotes = *at == '"', negative;
  uint64_t size = 0;
  at += has_quotes;
  negative = *at == '-';
  at = plain_digits(at + negative, &size);
  if (!at || (has_quotes && *at++ != '"') || !plain_is_end(*at)) return NULL;
  *out = negative ? -(int64_t)size : (int64_t)size;
  return at;
}

/* A number whose digits are exact in a double, and the power of ten that it is divided by, too:
 * then the quotient is the nearest one (Clinger). */
static inline const char *plain_double(const char *at, double *out) {
  static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  bool negative = *at == '-';
  uint64_t digits = 0;
  const char *first = at + negative, *point = plain_digits(first, &digits);
  ptrdiff_t places = 0;
  if (!point) return NULL;
  at = point;
  if (*at == '.') {
    at = decimal_gather(point + 1, point + 1 + PLAIN_DIGITS + 8, &digits);
    places = at - point - 1;
    if (places == 0 || at - first > PLAIN_DIGITS + 1) return NULL;
  }
  if (!plain_is_end(*at)) return NULL;
  if (digits <= UINT64_C(1) << 53) {
    *out = (double)digits / tens[places];
  } else {
    stele_decimal number = {.digits = digits, .exponent = (int32_t)-places};
    *out = stele_decimal_double(&number);
  }
  if (negative) *out = -*out;
  return at;
}

/* A string that is as it stands; behind its quote. */
static inline const char *plain_text(const char *at, const char *end, stele_str *out) {
  if (*at != '"') return NULL;
  const char *from = ++at;
  for (; end - at >= PLAIN_ROOM; at += sizeof(json_vec)) {
    unsigned first = json_first_of(json_not_plain(at));
    if (first == sizeof(json_vec)) continue;
    at += first;
    *out = (stele_str){from, (size_t)(at - from)};
    return *at == '"' ? at + 1 : NULL;
  }
  return NULL;
}

/* The name of an enum's value, if it is the one that came last or one of the first few. */
static __attribute__((noinline)) const char *
plain_enum(json_in *r, const layout_enum *type, const char *at, const char *end, int32_t *out) {
  enum { FEW = 4 };
  uint32_t *last = &r->last_values[(uintptr_t)type / sizeof *type % JSON_LAST_VALUES];
  if (*at != '"' || !type->quoted) return NULL;
  for (uint32_t i = 0; i <= FEW; i++) {
    uint32_t index = i ? i - 1 : *last;
    if (index >= type->count || !type->quoted[index].len) continue;
    stele_str name = type->quoted[index];
    if (name.len > (size_t)(end - at) || memcmp(at, name.ptr, name.len) != 0) continue;
    *last = index;
    *out = type->low + (int32_t)index;
    return at + name.len;
  }
  return NULL;
}

/* One of a field's values into memory; NULL: not plain. */
static inline __attribute__((always_inline)) const char *
plain_value(json_in *r, const layout_field *f, int type, stele_value *out) {
  const char *at = r->c.at, *end = r->c.end;
  int64_t number = 0;
  if (end - at < PLAIN_ROOM) return NULL;
  switch (type) {
  case STELE_TYPE_DOUBLE: return plain_double(at, &out->d);
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64: return plain_integer(at, &out->i64);
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64:
    at = plain_integer(at, &out->i64);
    return at && out->i64 >= 0 ? at : NULL;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32:
    at = plain_integer(at, &number);
    out->i32 = (int32_t)number;
    return at && number == out->i32 ? at : NULL;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32:
    at = plain_integer(at, &number);
    out->u32 = (uint32_t)number;
    return at && number == out->u32 ? at : NULL;
  case STELE_TYPE_BOOL:
    out->b = memcmp(at, "true", 4) == 0;
    at += out->b ? 4 : 5;
    return plain_is_end(*at) && (out->b || memcmp(at - 5, "false", 5) == 0) ? at : NULL;
  case STELE_TYPE_STRING:
    at = plain_text(at, end, &out->str);
    if (at) out->str = json_keep_text(r, out->str);
    return at;
  case STELE_TYPE_ENUM: return plain_enum(r, f->sub.enumeration, at, end, &out->i32);
  default: return NULL;
  }
}

#endif
