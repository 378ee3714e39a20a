/* Any text at all: when it compiles, what is printed of it compiles again,
 * prints as itself, and means the same; so does its descriptor. Seeds:
 * tests/fuzz/corpus/print (replayed by `meson test`). */
#include <assert.h>

#include "harness/proto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20, TEXT_BYTES = 64 << 10 };

static void check_form(stele_arena *arena, const stele_file *file, stele_print_form form) {
  stele_err err = {0};
  stele_str text = proto_print(arena, file, form, &err);
  assert(text.ptr);
  proto_source source = {.bytes = stele_str_bytes(text)};
  proto_made again = proto_compile_again(arena, file, &source);
  assert(again.file);
  stele_str twice = proto_print(arena, again.file, form, &err);
  assert(stele_str_eq(twice, text));
  stele_sha256 a, b;
  assert(proto_fingerprint(arena, file, &a) && proto_fingerprint(arena, again.file, &b));
  assert(form == STELE_PRINT_IGNORE_EXTENSIONS || memcmp(&a, &b, sizeof a) == 0);
  proto_release(&again);
}

static void check_descriptor(stele_arena *arena, const stele_file *file) {
  proto_source source = {.bytes = proto_descriptor(arena, file), .is_descriptor = true};
  proto_made decoded = proto_compile_again(arena, file, &source);
  assert(decoded.file);
  stele_sha256 a, b;
  assert(proto_fingerprint(arena, file, &a) && proto_fingerprint(arena, decoded.file, &b));
  assert(memcmp(&a, &b, sizeof a) == 0);
  check_form(arena, decoded.file, STELE_PRINT_CANONICAL);
  check_form(arena, decoded.file, STELE_PRINT_NORMALISED);
  proto_release(&decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > TEXT_BYTES) return 0;
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  proto_source source = {.path = "in.proto", .bytes = {data, size}};
  proto_made made = proto_compile(arena, &source, 1, "in.proto");
  if (made.file) {
    check_form(arena, made.file, STELE_PRINT_CANONICAL);
    check_form(arena, made.file, STELE_PRINT_NORMALISED);
    check_form(arena, made.file, STELE_PRINT_IGNORE_EXTENSIONS);
    check_descriptor(arena, made.file);
  }
  proto_release(&made);
  stele_arena_free(arena);
  return 0;
}
