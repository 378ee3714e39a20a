/* The input is a FileDescriptorProto of a stranger: it is linked or refused,
 * and written again as it came to be understood.
 * Seeds: tests/fuzz/corpus/descriptor (replayed by `meson test`). */
#include "again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_found found = {.kind = STELE_FOUND_DESCRIPTOR, .bytes = {data, size}};
  again_check(&found);
  return 0;
}
