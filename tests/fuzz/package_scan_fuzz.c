/* Any bytes at all: a name comes out that has nothing but words and dots in it, and a
 * statement in front of a text is found whatever follows it.
 * Seeds: tests/fuzz/corpus/package_scan (replayed by `meson test`). */
#include <assert.h>
#include <string.h>

#include "input/package_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char words[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
  static const char front[] = "package a.b;";
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  stele_str text = {(const char *)data, size};
  stele_str name = input_package_of(arena, text);
  assert(name.len <= size);
  for (size_t i = 0; i < name.len; i++) assert(name.ptr[i] && strchr(words, name.ptr[i]));
  char *whole = STELE_NEW_ARRAY(arena, char, size + sizeof front);
  memcpy(whole, front, sizeof front - 1);
  if (size) memcpy(whole + sizeof front - 1, data, size);
  name = input_package_of(arena, (stele_str){whole, size + sizeof front - 1});
  assert(stele_str_eq(name, STELE_STR("a.b")));
  stele_arena_free(arena);
  return 0;
}
