/* The input is the text of an option's value, or of several option statements:
 * it is interpreted or refused, and what it becomes survives being read.
 * Seeds: tests/fuzz/corpus/options (replayed by `meson test`). */
#include "again.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_buf text;
  stele_buf_init(&text, NULL, 0);
  stele_buf_add_cstr(&text, "syntax = \"proto2\"; import \"base.proto\"; message M { ");
  if (size && data[0] == '(') {
    stele_buf_add_cstr(&text, "option "); /* whole statements, which bring their `;` */
    stele_buf_add(&text, data, size);
  } else {
    stele_buf_add_cstr(&text, "option (o.m) = {");
    stele_buf_add(&text, data, size);
    stele_buf_add_cstr(&text, "};");
  }
  stele_buf_add_cstr(&text, "}");
  stele_found found = {.kind = STELE_FOUND_TEXT, .bytes = stele_buf_bytes(&text)};
  again_check(&found);
  stele_buf_release(&text);
  return 0;
}
