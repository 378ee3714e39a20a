/* Any text at all: one that does not parse is refused; another one is formatted to
 * a text that parses, formats to itself, and gives each declaration the comments
 * that it had (tests/harness/format.h); the formatter itself refuses a result with
 * other tokens. Seeds: tests/fuzz/corpus/format, and those of the parser (replayed
 * by `meson test`). */
#include <stdio.h>
#include <stdlib.h>

#include "harness/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 512 << 20, TEXT_BYTES = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > TEXT_BYTES) return 0;
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  const char *fault = format_fault(arena, (stele_str){(const char *)data, size}, NULL);
  if (fault) {
    (void)fprintf(stderr, "%s\n", fault);
    abort();
  }
  stele_arena_free(arena);
  return 0;
}
