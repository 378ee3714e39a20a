/* binary/decode_internal: what the parts of the decoder share.
 *
 * A read that fails answers NULL and has noted what was wrong; a read that
 * succeeds answers where it ended, which may be behind the end of its message:
 * the loop sees that when the message ends at another place than it should.
 * Deps: base, proto/message, proto/wire. */
#ifndef STELE_PROTO_BINARY_DECODE_INTERNAL_H
#define STELE_PROTO_BINARY_DECODE_INTERNAL_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "proto/binary/binary.h"
#include "proto/message/texts.h"

enum {
  SLOP = 32,        /* readable bytes that a field of the loop needs before its text begins, with
                       sixteen of the text */
  SMALL = 4096,     /* bytes of an input that is copied as a whole, or moved */
  PATH_BYTES = 160, /* of an error's path; longer ones lose their beginning */
  TAG_BYTES = 5,
  LEN_BYTES = 5,    /* of a length: Google's readers take no more */
  ENTRY_BYTES = 64, /* of the object of a map's entry: head, two slots */
};

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* What a message is to the one around it. */
typedef enum frame_kind {
  FRAME_PLAIN, /* it is in its place */
  FRAME_ENTRY, /* an entry of a map, in the frame, to be taken apart */
  FRAME_VALUE, /* the value of a map; its entry is in its place, and has the frame below */
  FRAME_ITEM,  /* in a MessageSet: the rest of the item is still to be read */
} frame_kind;

/* A message that is being read. */
typedef struct decode_frame {
  const uint8_t *end;
  uint64_t bits;         /* of the object that waits: the first presence bits */
  stele_object *o;       /* while it waits for one inside it, this and the field of that; NULL: */
  const layout_field *f; /* nobody waits here */
  uint32_t group_end;    /* the tag that ends it, if it is a group */
  frame_kind kind;
  const uint8_t *at; /* FRAME_ENTRY: where it began */
  _Alignas(8) uint8_t entry[ENTRY_BYTES];
} decode_frame;

typedef struct decoder {
  const uint8_t *safe_end;    /* before it, SLOP bytes may be read */
  const uint8_t *start, *end; /* of the whole input, or of its last bytes that were moved */
  const uint8_t *input;       /* where the others begin */
  ptrdiff_t shift;            /* from a byte that was moved to where it was; else 0 */
  /* Texts in this piece stay where they are, or have been copied: that far away. */
  const uint8_t *piece, *piece_end;
  ptrdiff_t piece_shift;
  stele_arena *arena;
  decode_frame *frames;     /* from the outermost message to the one that is read */
  decode_frame *frames_end; /* room for them */
  uint32_t depth;           /* how many there may be behind the first */
  bool discard_unknown;
  bool is_partial; /* some message inside lacks a required field, or did for a while */
  stele_code code; /* of the error */
  const char *what;
  const uint8_t *where;
  uint64_t slow;  /* what a slow read came to; not by pointer, so that the values of the loop
                     stay in registers */
  size_t path_at; /* path[path_at, PATH_BYTES) */
  char path[PATH_BYTES];
  const uint8_t *probe; /* from here on texts were copied one by one, */
  size_t probed;        /* so many bytes of them */
  object_texts texts;
  uint8_t rest[SMALL + SLOP]; /* the last bytes, moved */
} decoder;

/* Decodes all of the input into `o`. False: what is wrong is noted. Does not
 * refuse what lacks required fields. */
bool decode_message(decoder *d, const uint8_t *p, stele_object *o);

/* ---- Errors -------------------------------------------------------------------- */

const uint8_t *decode_fail(decoder *d, const uint8_t *where, const char *what);
const uint8_t *decode_fail_deep(decoder *d, const uint8_t *where);
/* Makes the path of `f` (NULL: no field) in `o`, the message of frame `top`. */
void decode_trace(decoder *d, const stele_object *o, const layout_field *f,
                  const decode_frame *top);
bool decode_tell(const decoder *d, stele_err *err);

/* ---- Reading -------------------------------------------------------------------- */

/* Anywhere in the input; the number is in `slow`. */
const uint8_t *decode_varint_slow(decoder *d, const uint8_t *p);
const uint8_t *decode_tag_slow(decoder *d, const uint8_t *p);
const uint8_t *decode_len_slow(decoder *d, const uint8_t *p, const uint8_t *end);

/* Three and more bytes at once: where the first byte without a continuation bit
 * is, is the length; what is behind is masked off and the sevens are pushed
 * together. */
static inline const uint8_t *decode_varint_long(decoder *d, const uint8_t *p, uint64_t *out) {
  uint64_t word;
  memcpy(&word, p, 8);
  uint64_t stops = ~word & 0x8080808080808080u;
  if (unlikely(!stops)) {
    p = decode_varint_slow(d, p);
    *out = d->slow;
    return p;
  }
  uint64_t bits = word & (stops ^ (stops - 1)) & 0x7f7f7f7f7f7f7f7fu;
  bits = (bits & 0x007f007f007f007fu) | (bits & 0x7f007f007f007f00u) >> 1;
  bits = (bits & 0x00003fff00003fffu) | (bits & 0x3fff00003fff0000u) >> 2;
  *out = (bits & 0x000000000fffffffu) | (bits & 0x0fffffff00000000u) >> 4;
  return p + ((unsigned)__builtin_ctzll(stops) + 1) / 8;
}

/* A number where SLOP bytes may be read. */
static inline const uint8_t *decode_varint(decoder *d, const uint8_t *p, uint64_t *out) {
  uint64_t low = p[0];
  if (likely(low < 0x80)) {
    *out = low;
    return p + 1;
  }
  if (p[1] < 0x80) {
    *out = (low & 0x7f) | (uint64_t)p[1] << 7;
    return p + 2;
  }
  return decode_varint_long(d, p, out);
}

/* The same anywhere. */
static inline const uint8_t *decode_varint_anywhere(decoder *d, const uint8_t *p, uint64_t *out) {
  if (likely(p < d->safe_end)) return decode_varint(d, p, out);
  p = decode_varint_slow(d, p);
  *out = d->slow;
  return p;
}

/* A tag of a byte or two where that may be read. */
static inline const uint8_t *decode_tag(decoder *d, const uint8_t *p, uint32_t *tag) {
  uint32_t low = p[0];
  if (likely(low < 0x80)) {
    *tag = low;
    return p + 1;
  }
  if (likely(p[1] < 0x80)) {
    *tag = (low & 0x7f) | (uint32_t)p[1] << 7;
    return p + 2;
  }
  p = decode_tag_slow(d, p);
  *tag = (uint32_t)d->slow;
  return p;
}

static inline const uint8_t *decode_tag_anywhere(decoder *d, const uint8_t *p, uint32_t *tag) {
  if (likely(p < d->safe_end)) return decode_tag(d, p, tag);
  p = decode_tag_slow(d, p);
  *tag = (uint32_t)d->slow;
  return p;
}

/* A length that fits between it and `end`, where SLOP bytes may be read. Of two
 * ends the nearer is asked first: it is in a register. */
static inline const uint8_t *decode_len_before(decoder *d, const uint8_t *p, const uint8_t *limit,
                                               const uint8_t *const *end, size_t *len) {
  size_t low = p[0];
  if (likely(low < 0x80)) {
    *len = low;
    if (likely((ptrdiff_t)low < limit - p)) return p + 1;
  } else if (p[1] < 0x80) {
    *len = low = (low & 0x7f) | (size_t)p[1] << 7;
    if (likely((ptrdiff_t)low < limit - p - 1)) return p + 2;
  }
  p = decode_len_slow(d, p, *end);
  *len = d->slow;
  return p;
}

static inline const uint8_t *decode_len(decoder *d, const uint8_t *p, const uint8_t *end,
                                        size_t *len) {
  return decode_len_before(d, p, end, &end, len);
}

static inline const uint8_t *decode_len_anywhere(decoder *d, const uint8_t *p, const uint8_t *end,
                                                 size_t *len) {
  if (likely(p < d->safe_end)) return decode_len(d, p, end, len);
  p = decode_len_slow(d, p, end);
  *len = d->slow;
  return p;
}

/* Is a text of more than sixteen bytes, or one that is not ASCII, valid? */
bool decode_is_utf8_long(const uint8_t *p, size_t len);

/* Is the text valid? Sixteen bytes from `p` on may be read, however short it is. */
static inline bool decode_is_utf8(const uint8_t *p, size_t len) {
#ifdef __SSE2__
  if (likely(len <= 16)) {
    uint32_t high = (uint32_t)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)p));
    if (likely(!(high & ((1u << len) - 1)))) return true;
  }
#else
  uint64_t word;
  memcpy(&word, p, 8);
  if (len < 8 && !(word & 0x8080808080808080u & ~(UINT64_MAX << (len * 8)))) return true;
#endif
  return decode_is_utf8_long(p, len);
}

/* The reader goes back to `p`: does the piece begin behind it? */
static inline void decode_go_back(decoder *d, const uint8_t *p) {
  if (p < d->piece) d->piece_end = NULL;
}

void decode_texts_init(decoder *d, stele_bytes in);
const char *decode_text_apart(decoder *d, const uint8_t *p, size_t len);

/* Where the bytes of a text, which sixteen bytes may be read of, stay. */
static inline const char *decode_text(decoder *d, const uint8_t *p, size_t len) {
  if (likely(p + len <= d->piece_end)) return (const char *)p + d->piece_shift;
  if (len - 1 < TEXTS_SEEN) {
    const char *seen = *texts_seen(&d->texts, p, len);
    if (texts_is_same(seen, p, len)) return seen;
  }
  return decode_text_apart(d, p, len);
}

/* How many values of this field, which begin with their length, stand side by side from `p` on; 0
 * where there were only few `before`. */
uint32_t decode_count_run(const layout_field *f, const uint8_t *p, const uint8_t *end,
                          uint32_t before);
/* Makes room in an array whose field has a value of `bytes` bytes here that ends at `p`: for it
 * and for all that follow it. */
void decode_grow(decoder *d, layout_array *array, uint32_t bytes, const layout_field *f,
                 const uint8_t *p, const uint8_t *end);

/* ---- Parts ------------------------------------------------------------------------ */

/* Steps over the value of the tag that was read at `at`; `levels` of groups may
 * be inside. */
const uint8_t *decode_skip(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                           uint32_t tag, uint32_t levels);

/* [at, p) is a record that nobody took. Answers `p`. */
const uint8_t *decode_keep(decoder *d, stele_object *o, const uint8_t *at, const uint8_t *p);
/* A value of a closed enum that has no such value: kept as a record, or as the
 * one that it is, whose value is [at, p). */
void decode_keep_enum(decoder *d, stele_object *o, const layout_field *f, uint64_t number);
void decode_keep_enum_at(decoder *d, stele_object *o, const layout_field *f, const uint8_t *at,
                         const uint8_t *p);

static inline bool decode_has_value(const layout_field *f, uint64_t value) {
  return layout_enum_find(f->sub.enumeration, (int32_t)value) != NULL;
}

/* The value of a packed field, length first. */
const uint8_t *decode_packed(decoder *d, const uint8_t *p, const uint8_t *end, stele_object *o,
                             const layout_field *f);

/* May a field of this code and shape arrive with this wire type, too? */
bool decode_is_other_packing(const layout_field *f, uint32_t tag);
/* A repeated number in the packing that it was not declared with. */
const uint8_t *decode_other_packing(decoder *d, const uint8_t *p, const uint8_t *end,
                                    stele_object *o, const layout_field *f, uint32_t tag);

/* One number of a code into its slot. */
static inline void decode_store(layout_code code, uint8_t *to, uint64_t value) {
  uint32_t small = (uint32_t)value;
  switch ((int)code) {
  case LAYOUT_SINT32: small = (uint32_t)stele_wire_unzigzag((uint32_t)value); break;
  case LAYOUT_SINT64: value = (uint64_t)stele_wire_unzigzag(value); break;
  case LAYOUT_BOOL: *to = value != 0; return;
  default: break;
  }
  if (code == LAYOUT_INT64 || code == LAYOUT_SINT64) {
    memcpy(to, &value, 8);
  } else {
    memcpy(to, &small, 4);
  }
}

/* Entries of a map, tag read, and those that follow with the same tag. Stops at
 * one that is not plain: `p` is then behind that one's tag, and so is `*odd`. If
 * that is one with a message as its value, `*value` is the message, just made,
 * and `p` is at its bytes, which end at `*odd`. */
const uint8_t *decode_entries(decoder *d, const uint8_t *p, const uint8_t *end, stele_object *o,
                              const layout_field *f, const uint8_t **odd, stele_object **value);
/* The object of an entry, empty, in the frame. */
stele_object *decode_entry_begin(decoder *d, decode_frame *frame, const layout_field *f);
/* Puts what the entry in the frame came to into the map of the frame below; it ended at `p`. */
void decode_entry_end(decoder *d, decode_frame *frame, const uint8_t *p);

/* The item of a MessageSet whose start tag was read at `at`: where its message
 * is, if it is of a known type; else it is kept and `*f` is NULL. */
const uint8_t *decode_set_item(decoder *d, const uint8_t *at, const uint8_t *p, const uint8_t *end,
                               stele_object *o, uint32_t levels, const layout_field **f,
                               stele_bytes *message);
/* The end of an item whose message ended at `p`. */
const uint8_t *decode_set_item_end(decoder *d, const uint8_t *p, const uint8_t *end,
                                   uint32_t levels);

#endif
