/* Numbers of JSON: whether a text is one, and the integers among them, exactly.
 * What a number is worth is base/decimal's matter. */
#include "base/decimal.h"
#include "fmt/json.h"

/* The number that all of `text` is. */
static bool scan(stele_str text, stele_decimal *out) {
  const char *end = text.ptr + text.len;
  return text.len > 0 && stele_decimal_scan(text.ptr, end, out) == end;
}

bool stele_json_is_number(stele_str text) {
  stele_decimal unused;
  return scan(text, &unused);
}

bool stele_json_number_i64(stele_str number, int64_t *out) {
  stele_decimal decimal;
  return scan(number, &decimal) && stele_decimal_i64(&decimal, out);
}

bool stele_json_number_u64(stele_str number, uint64_t *out) {
  stele_decimal decimal;
  return scan(number, &decimal) && stele_decimal_u64(&decimal, out);
}
