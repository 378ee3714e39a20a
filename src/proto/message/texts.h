/* message/texts: copies of texts that go away, side by side in an arena.
 *
 * In:   texts of an input.   Out: the same bytes, which live as long as the
 * arena. Copies lie in blocks of their own, so that they cost no alignment. Of
 * the short ones those that come again and again (symbols, currencies, names of
 * states) are kept once: what was copied lately is found by a hash of eight
 * bytes. Under the caller's guard.
 * Deps: base. */
#ifndef STELE_PROTO_MESSAGE_TEXTS_H
#define STELE_PROTO_MESSAGE_TEXTS_H

#include "base/arena.h"

enum {
  TEXTS_SHORT = 16, /* bytes of a text that is copied at once; as many are readable */
  TEXTS_SEEN = 8,   /* of one that is kept once */
  TEXTS_SEEN_BITS = 6,
};

typedef struct object_texts {
  stele_arena *arena;
  uint8_t *block, *at, *end;              /* what is free of it */
  size_t most;                            /* bytes that all the texts together may have */
  size_t next_block;                      /* bytes */
  const char *seen[1 << TEXTS_SEEN_BITS]; /* TEXTS_SEEN bytes of each are readable */
} object_texts;

/* No text yet; `most`: bytes that all of them together may have. */
void texts_init(object_texts *t, stele_arena *arena, size_t most);
/* A block with TEXTS_SHORT bytes free, or more. */
void texts_add_block(object_texts *t);
/* A text of any length. */
const char *texts_copy_long(object_texts *t, const uint8_t *text, size_t len);
/* Gives back what is free of the last block, if nothing lies behind it. */
void texts_end(object_texts *t);

/* The bytes of a text of one to TEXTS_SEEN, of which that many may be read, pushed together. */
static inline uint64_t texts_word(const void *text, size_t len) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return word << (64 - 8 * len);
}

/* Where such a text is, if it was copied lately. */
static inline const char **texts_seen(object_texts *t, const uint8_t *text, size_t len) {
  uint64_t hash = texts_word(text, len) * UINT64_C(0x9e3779b97f4a7c15);
  return &t->seen[hash >> (64 - TEXTS_SEEN_BITS)];
}

/* Does what is there begin with it? A longer one will do. */
static inline bool texts_is_same(const char *seen, const uint8_t *text, size_t len) {
  return texts_word(seen, len) == texts_word(text, len);
}

/* A text of at most TEXTS_SHORT bytes, of which that many may be read. */
static inline const char *texts_copy_short(object_texts *t, const uint8_t *text, size_t len) {
  if (__builtin_expect(t->end - t->at < TEXTS_SHORT, 0)) texts_add_block(t);
  char *copy = (char *)t->at;
  memcpy(copy, text, TEXTS_SHORT);
  t->at += len;
  if (len - 1 < TEXTS_SEEN) *texts_seen(t, text, len) = copy;
  return copy;
}

/* The copy of a text of any length, of which `readable` bytes may be read: a new one, or what was
 * copied lately. */
static inline const char *texts_keep(object_texts *t, const uint8_t *text, size_t len,
                                     size_t readable) {
  if (len > TEXTS_SHORT || readable < TEXTS_SHORT) return texts_copy_long(t, text, len);
  if (len - 1 < TEXTS_SEEN) {
    const char *seen = *texts_seen(t, text, len);
    if (texts_is_same(seen, text, len)) return seen;
  }
  return texts_copy_short(t, text, len);
}

#endif
