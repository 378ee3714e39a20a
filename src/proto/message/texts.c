/* Blocks double, so that what is left of the last one is no more than the texts
 * themselves; a text that would take much of a block lies alone. */
#include "proto/message/texts.h"

enum { FIRST_BLOCK = 128, LARGEST_BLOCK = 1 << 11 };

void texts_init(object_texts *t, stele_arena *arena, size_t most) {
  static const char nothing[TEXTS_SEEN];
  t->arena = arena;
  t->block = t->at = t->end = NULL;
  t->most = most;
  t->next_block = FIRST_BLOCK;
  for (size_t i = 0; i < 1 << TEXTS_SEEN_BITS; i++) t->seen[i] = nothing;
}

__attribute__((noinline)) void texts_add_block(object_texts *t) {
  size_t size = t->next_block;
  if (size > t->most + TEXTS_SHORT) size = t->most + TEXTS_SHORT;
  t->block = t->at = stele_arena_alloc(t->arena, size, 1);
  t->end = t->at + size;
  if (size < LARGEST_BLOCK) t->next_block = size * 2;
}

__attribute__((noinline)) const char *texts_copy_long(object_texts *t, const uint8_t *text,
                                                      size_t len) {
  if (len == 0) return "";
  if ((size_t)(t->end - t->at) < len) {
    if (len >= t->next_block / 4) {
      uint8_t *alone = stele_arena_alloc(t->arena, len, 1);
      memcpy(alone, text, len);
      return (const char *)alone;
    }
    texts_add_block(t);
  }
  uint8_t *copy = t->at;
  memcpy(copy, text, len);
  t->at += len;
  return (const char *)copy;
}

void texts_end(object_texts *t) {
  if (!t->block) return;
  stele_arena_trim(t->arena, t->block, (size_t)(t->end - t->block), (size_t)(t->at - t->block));
  t->end = t->at;
}
