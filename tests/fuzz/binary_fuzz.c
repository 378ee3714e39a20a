/* Any bytes at all as a message: copied or aliased, alone or behind a field that
 * makes a large message of them, they are taken or refused alike and mean the
 * same; what is taken comes out again. Seeds: tests/fuzz/corpus/binary (replayed
 * by `meson test`). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20, PADDING = 4096 };

/* The same behind an unknown field; what was decoded from is gone. */
static stele_object *decode_large(stele_arena *arena, stele_bytes in, bool aliases,
                                  stele_err *err) {
  static const uint8_t field[] = {0x82, 0xb5, 0x18, 0x80, 0x20}; /* 50000, PADDING bytes */
  size_t before = sizeof field + PADDING;
  stele_decode_options options = {.alias_input = aliases, .discard_unknown = true, .depth = 64};
  uint8_t *large = malloc(before + in.len);
  if (!large) return NULL;
  memcpy(large, field, sizeof field);
  memset(large + sizeof field, 'x', PADDING);
  if (in.len) memcpy(large + before, in.ptr, in.len);
  stele_bytes whole = {large, before + in.len};
  if (aliases) {
    stele_encode_options as_it_is = {.header = whole};
    stele_object *empty = stele_object_new(arena, message_layout(), err);
    bool ok = empty && stele_binary_encode(arena, empty, &as_it_is, &whole, err);
    assert(ok);
  }
  stele_object *o = stele_binary_decode(arena, message_layout(), whole, &options, err);
  free(large);
  return o;
}

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
    stele_decode_options known = {.discard_unknown = true, .depth = 64};
    same = stele_binary_decode(arena, message_layout(), in, &known, &other);
    for (int aliases = 0; same && aliases < 2; aliases++) {
      stele_object *large = decode_large(arena, in, aliases, &other);
      assert(large && stele_object_equal(large, same));
    }
  } else {
    assert((err.code == STELE_INVALID || err.code == STELE_LIMIT) && err.msg[0]);
  }
  stele_arena_free(arena);
  return 0;
}
