/* Any text at all: when it compiles, what is printed of it in each form, with
 * comments and without, compiles again, prints as itself, and means the same; so
 * does its descriptor (tests/harness/proto.h). Seeds:
 * tests/fuzz/corpus/print (replayed by `meson test`). */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/proto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20, TEXT_BYTES = 64 << 10 };

static void check_forms(stele_arena *arena, const stele_file *file) {
  const char *fault = proto_print_faults(arena, file);
  if (!fault) return;
  (void)fprintf(stderr, "%s\n", fault);
  abort();
}

static void check_descriptor(stele_arena *arena, const stele_file *file) {
  proto_source source = {.bytes = proto_descriptor(arena, file), .is_descriptor = true};
  proto_made decoded = proto_compile_again(arena, file, &source);
  assert(decoded.file);
  stele_sha256 a, b;
  assert(proto_fingerprint(arena, file, &a) && proto_fingerprint(arena, decoded.file, &b));
  assert(memcmp(&a, &b, sizeof a) == 0);
  check_forms(arena, decoded.file);
  proto_release(&decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > TEXT_BYTES) return 0;
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  proto_source source = {.path = "in.proto", .bytes = {data, size}};
  proto_made made = proto_compile(arena, &source, 1, "in.proto");
  if (made.file) {
    check_forms(arena, made.file);
    check_descriptor(arena, made.file);
  }
  proto_release(&made);
  stele_arena_free(arena);
  return 0;
}
