/* Any bytes at all as text format: what is taken is written and read again, on
 * one line or many, to the same. Seeds: tests/fuzz/corpus/text. */
#include <assert.h>

#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20 };

static stele_object *again(stele_arena *arena, const stele_object *o, bool one_line) {
  stele_text_write_options options = {.one_line = one_line, .expand_any = one_line};
  static const stele_text_read_options deep = {.depth = 1000}; /* what is in an Any has its own */
  stele_err err = {0};
  stele_str page = {NULL, 0};
  bool ok = stele_text_write(arena, o, &options, &page, &err);
  assert(ok);
  return stele_text_read(arena, stele_object_layout(o), page, &deep, &err);
}

/* A NaN has many bit patterns and one name; so texts are compared, not objects. */
static stele_str page(stele_arena *arena, const stele_object *o) {
  stele_err err = {0};
  stele_str out = {NULL, 0};
  bool ok = stele_text_write(arena, o, NULL, &out, &err);
  assert(ok);
  return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const stele_text_read_options options = {.depth = 64};
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  stele_err err = {0};
  stele_str in = {(const char *)data, size};
  stele_object *o = stele_text_read(arena, message_layout(), in, &options, &err);
  if (o) {
    stele_object *lines = again(arena, o, false), *line = again(arena, o, true);
    assert(lines && stele_str_eq(page(arena, lines), page(arena, o)));
    assert(line);
    message_check(arena, o);
  } else {
    assert((err.code == STELE_INVALID || err.code == STELE_LIMIT) && err.msg[0]);
  }
  stele_arena_free(arena);
  return 0;
}
