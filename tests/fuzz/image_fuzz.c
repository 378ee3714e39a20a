/* An image as somebody writes it by hand: the first byte says in which form (J, T, Y), the
 * rest is the text. What is read has the bytes of a descriptor set, which is compiled, or
 * refused with a finding.
 * Seeds: tests/fuzz/corpus/image, made by buf build (replayed by `meson test`). */
#include <assert.h>

#include "input/image_form.h"
#include "proto/report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20, MOST_BYTES = 64 << 10 };

static bool form_of(uint8_t letter, input_format *out) {
  switch (letter) {
  case 'J': *out = INPUT_JSON; return true;
  case 'T': *out = INPUT_TXTPB; return true;
  case 'Y': *out = INPUT_YAML; return true;
  default: return false;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  input_format form;
  if (size == 0 || size > MOST_BYTES || !form_of(data[0], &form)) return 0;
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  stele_report *report = stele_report_new(arena, 0);
  stele_str text = {(const char *)data + 1, size - 1};
  stele_bytes set;
  stele_err err = {0};
  if (image_form_decode(arena, form, text, NULL, &set, &err)) {
    const stele_schema *schema = stele_compile_set(set, NULL, report, &err);
    assert(schema || err.code == STELE_LIMIT || err.code == STELE_INVALID);
    if (schema) stele_schema_unref(schema);
  } else {
    assert(err.code == STELE_INVALID || err.code == STELE_LIMIT);
    assert(err.msg[0]);
  }
  stele_arena_free(arena);
  return 0;
}
