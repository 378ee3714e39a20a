/* Any bytes at all, as text and as the bits of floats. What reads as a number
 * is what strtod and strtof make of it; what is printed reads back to the same
 * bits; integers agree with doubles. Seeds: tests/fuzz/corpus/number (replayed
 * by `meson test`). */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/shortest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static stele_decimal scan_all(const char *text, size_t len) {
  stele_decimal number;
  assert(stele_decimal_scan(text, text + len, &number) == text + len);
  return number;
}

static void check_printed(double value) {
  char text[STELE_SHORTEST_TEXT];
  size_t len = stele_shortest_double(text, value);
  assert(len <= 24);
  if (!isfinite(value)) return;
  stele_decimal number = scan_all(text, len);
  double back = stele_decimal_double(&number);
  assert(memcmp(&back, &value, sizeof back) == 0);
}

static void check_printed_float(float value) {
  char text[STELE_SHORTEST_TEXT];
  size_t len = stele_shortest_float(text, value);
  assert(len <= 17);
  if (!isfinite(value)) return;
  stele_decimal number = scan_all(text, len);
  float back = stele_decimal_float(&number);
  assert(memcmp(&back, &value, sizeof back) == 0);
}

static void check_text(char *text, size_t len) {
  stele_decimal number, loose;
  const char *end = stele_decimal_scan(text, text + len, &number);
  const char *loose_end = stele_decimal_scan_loose(text, text + len, &loose);
  assert(!end || (end > text && end <= text + len && loose_end == end));
  if (!end) return;
  text[end - text] = 0;
  double wide = stele_decimal_double(&number), want = strtod(text, NULL);
  assert(memcmp(&wide, &want, sizeof wide) == 0);
  float narrow = stele_decimal_float(&number), want_narrow = strtof(text, NULL);
  assert(memcmp(&narrow, &want_narrow, sizeof narrow) == 0);
  int64_t i64;
  uint64_t u64;
  bool is_i64 = stele_decimal_i64(&number, &i64), is_u64 = stele_decimal_u64(&number, &u64);
  if (is_i64) assert((double)i64 == wide);
  if (is_u64) assert((double)u64 == wide);
  if (is_i64 && is_u64) assert(i64 >= 0 && (uint64_t)i64 == u64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  assert(text);
  if (size) memcpy(text, data, size);
  text[size] = 0;
  double value;
  float narrow;
  if (size >= sizeof value) {
    memcpy(&value, data, sizeof value);
    check_printed(value);
  }
  if (size >= sizeof narrow) {
    memcpy(&narrow, data, sizeof narrow);
    check_printed_float(narrow);
  }
  check_text(text, size);
  free(text);
  return 0;
}
