/* Any bytes at all as a message: copied or aliased, they are taken or refused
 * alike and mean the same; what is taken comes out again. Seeds:
 * tests/fuzz/corpus/binary (replayed by `meson test`). */
#include <assert.h>

#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const stele_decode_options copied = {.depth = 64},
                                    aliased = {.alias_input = true, .depth = 64};
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  stele_err err = {0}, other = {0};
  stele_bytes in = {data, size};
  stele_object *o = stele_binary_decode(arena, message_layout(), in, &copied, &err);
  stele_object *same = stele_binary_decode(arena, message_layout(), in, &aliased, &other);
  assert(!o == !same && err.code == other.code);
  if (o) {
    assert(stele_object_equal(o, same));
    message_check(arena, o);
  } else {
    assert((err.code == STELE_INVALID || err.code == STELE_LIMIT) && err.msg[0]);
  }
  stele_arena_free(arena);
  return 0;
}
