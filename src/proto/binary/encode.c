/* Encoding, back to front: a length is known when it is written, because what
 * it counts is there already. The presence bits are walked from the top, so
 * fields come out by number. Messages around the one that is written wait in
 * frames, as in decode.c; maps and MessageSets call themselves. */
#include "base/guard.h"
#include "proto/binary/encode_internal.h"

enum {
  FIRST = 256,
  PAGE = 4000, /* of a chunk that every heap has at hand */
  FRAMES = 101,
  /* Of a buffer that is too large, only what is written is ever touched: one that is too small
     is copied, and was touched for nothing. */
  TIMES = 64,
  LARGE = 1 << 24, /* from here on twice */
};

__attribute__((noinline)) uint8_t *encode_grow(encoder *e, uint8_t *p, size_t more) {
  size_t len = (size_t)(e->end - p);
  if (len + more > (size_t)STELE_CODEC_MAX + (1 << 21)) { /* exactly, when all is written */
    stele_guard_leave(e->arena, STELE_LIMIT, "the message has more than %d bytes", STELE_CODEC_MAX);
  }
  size_t least = len + more, most = least < LARGE / TIMES ? least * TIMES : LARGE;
  if (most < least * 2) most = least * 2;
  if (least <= PAGE) most = PAGE;
  if (len == 0) most = least > FIRST ? least : FIRST;
  size_t left = stele_arena_left(e->arena);
  if (most > left) most = left > least ? left : least;
  uint8_t *end, *start;
  if (e->takes_rest) {
    start = stele_arena_take_rest(e->arena, most, &end);
  } else {
    start = stele_arena_alloc(e->arena, most, 1);
    end = start + most;
  }
  if (len) memcpy(end - len, p, len);
  e->start = start;
  e->end = end;
  return end - len;
}

/* ---- Frames -------------------------------------------------------------------------------- */

static _Noreturn void fail_deep(const encoder *e) {
  stele_guard_leave(e->arena, STELE_LIMIT, "messages are nested more than %d deep", DEEPEST);
}

static __attribute__((noinline)) encode_frame *more_frames(encoder *e, encode_frame *top) {
  size_t used = (size_t)(top - e->frames);
  if (used >= e->depth) fail_deep(e);
  size_t cap = used * 2 < e->depth ? used * 2 : e->depth;
  encode_frame *frames = stele_arena_alloc(e->arena, cap * sizeof *frames, _Alignof(encode_frame));
  memcpy(frames, e->frames, used * sizeof *frames);
  e->frames = frames;
  e->frames_end = frames + cap;
  return frames + used;
}

uint8_t *encode_inner(encoder *e, uint8_t *p, const stele_object *o) {
  size_t before = (size_t)(e->end - p);
  if (e->used >= e->depth) fail_deep(e);
  e->depth--; /* it waits on the stack */
  if (e->frames_end > e->frames + e->depth) e->frames_end = e->frames + e->depth;
  p = encode_room(e, encode_message(e, p, o), ROOM);
  e->depth++;
  return encode_varint(p, (size_t)(e->end - p) - before);
}

/* ---- The loop ------------------------------------------------------------------------------ */

static inline uint64_t load_bits(const stele_object *o, uint32_t word) {
  uint64_t bits;
  memcpy(&bits, o->head + (size_t)word * 2, 8);
  return bits;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wgnu-label-as-value"
#endif

#define SAME(label)                                                                                \
  &&label, &&label, &&label, &&label, &&label, &&label, &&label, &&label, &&label, &&label,        \
      &&label, &&label, &&label, &&label, &&label, &&label

/* Goes on with the field before: mostly the one with the next lower number. */
#define NEXT()                                                                                     \
  do {                                                                                             \
    if (unlikely(!(bits & f[-1].bit))) goto find;                                                  \
    f--;                                                                                           \
    bits ^= f->bit;                                                                                \
    slot = (const uint8_t *)o + f->offset;                                                         \
    goto *handlers[f->op];                                                                         \
  } while (0)

#define TAG() p = encode_varint(p, f->tag)

#define NUMBER(code)                                                                               \
  p = encode_varint(p, encode_number_of(code, slot));                                              \
  TAG();                                                                                           \
  NEXT()

/* Room for the fields of this message that are still to be written, and `more`. */
#define ENSURE(more)                                                                               \
  do {                                                                                             \
    if (unlikely(p - floor < (ptrdiff_t)(more))) {                                                 \
      p = encode_grow(e, p, (size_t)(more) + layout->room);                                        \
      floor = e->start + layout->room;                                                             \
    }                                                                                              \
  } while (0)

/* The same behind a call that may have moved everything. */
#define SETTLE()                                                                                   \
  do {                                                                                             \
    floor = e->start + layout->room;                                                               \
    ENSURE(0);                                                                                     \
  } while (0)

uint8_t *encode_message(encoder *e, uint8_t *p, const stele_object *o) {
  static const void *const handlers[2 * LAYOUT_PLAIN_OPS] = {
      /* INT32, UINT32, SINT32, INT64, SINT64, BOOL, CLOSED_ENUM, FIXED32, FIXED64, STRING, BYTES,
         MESSAGE, GROUP */
      &&int32, &&uint32, &&sint32, &&int64, &&sint64, &&boolean, &&int32, &&fixed32, &&fixed64,
      &&text, &&text, &&message, &&group, &&special, &&special, &&special,
      /* MANY */
      &&many, &&many, &&many, &&many, &&many, &&many, &&many, &&many, &&many, &&many, &&many,
      &&messages, &&groups, &&special, &&special, &&special,
      /* PACKED, MAP, and what has to be looked for */
      SAME(packed), SAME(map), SAME(special), SAME(special), SAME(special), SAME(special)};
  encode_frame *top = e->frames + e->used;
  const size_t bottom = e->used;
  const stele_layout *layout;
  const layout_field *f;
  const uint8_t *floor, *slot;
  stele_str bytes;
  uint64_t bits;
  uint32_t word;

enter:
  layout = object_layout(o);
  floor = e->start + layout->room;
  ENSURE(0);
  if (unlikely(object_extra_of(o) != NULL)) {
    p = encode_unknown(e, p, object_extra_of(o));
    SETTLE();
  }
  if (unlikely(layout->required != NULL) && !object_has_required(o)) e->is_partial = true;
  word = 0;
  bits = object_bits(o, layout);
  if (unlikely(layout->bit_words > 2)) {
    word = layout->bit_words / 2 - 1;
    bits = load_bits(o, word);
  }
find : {
  if (!bits) goto word_done;
  uint32_t bit = (uint32_t)__builtin_clzll(bits) ^ 63;
  bits ^= UINT64_C(1) << bit;
  f = layout->fields + (size_t)word * 64 + bit;
  slot = (const uint8_t *)o + f->offset;
  goto *handlers[f->op];
}

int32:
  NUMBER(LAYOUT_INT32);
uint32:
  NUMBER(LAYOUT_UINT32);
sint32:
  NUMBER(LAYOUT_SINT32);
int64:
  NUMBER(LAYOUT_INT64);
sint64:
  NUMBER(LAYOUT_SINT64);
boolean:
  NUMBER(LAYOUT_BOOL);
fixed32:
  p -= 4;
  memcpy(p, slot, 4);
  TAG();
  NEXT();
fixed64:
  p -= 8;
  memcpy(p, slot, 8);
  TAG();
  NEXT();
text:
  bytes = object_text(slot);
  ENSURE(bytes.len);
  p -= bytes.len;
  encode_copy(p, bytes.ptr, bytes.len);
  p = encode_varint(p, bytes.len);
  TAG();
  NEXT();
many:
  p = encode_many(e, p, f, *(const layout_array *)(const void *)slot);
  SETTLE();
  NEXT();
packed:
  p = encode_packed(e, p, f, *(const layout_array *)(const void *)slot);
  SETTLE();
  NEXT();
map:
  e->used = (size_t)(top - e->frames);
  p = encode_map(e, p, o, f);
  top = e->frames + e->used;
  SETTLE();
  NEXT();
special:
  slot = object_slot(o, f);
  goto *handlers[f->op - LAYOUT_PLAIN_OPS];

  /* ---- Messages ---- */
message:
  if (unlikely(layout->is_message_set)) {
    e->used = (size_t)(top - e->frames);
    p = encode_set_item(e, p, f, *(stele_object *const *)(const void *)slot);
    top = e->frames + e->used;
    SETTLE();
    NEXT();
  }
  if (unlikely(top >= e->frames_end)) top = more_frames(e, top);
  *top++ = (encode_frame){o, bits, word, 0, f, (size_t)(e->end - p)};
  o = *(stele_object *const *)(const void *)slot;
  goto enter;
messages : {
  layout_array array = *(const layout_array *)(const void *)slot;
  if (unlikely(array.count == 0)) NEXT();
  if (unlikely(top >= e->frames_end)) top = more_frames(e, top);
  *top++ = (encode_frame){o, bits, word, array.count - 1, f, (size_t)(e->end - p)};
  o = ((stele_object *const *)array.at)[array.count - 1];
  goto enter;
}
group:
  p = encode_varint(p, f->tag + (STELE_WIRE_GROUP_END - STELE_WIRE_GROUP));
  if (unlikely(top >= e->frames_end)) top = more_frames(e, top);
  *top++ = (encode_frame){o, bits, word, 0, f, 0};
  o = *(stele_object *const *)(const void *)slot;
  goto enter;
groups : {
  layout_array array = *(const layout_array *)(const void *)slot;
  if (unlikely(array.count == 0)) NEXT();
  p = encode_varint(p, f->tag + (STELE_WIRE_GROUP_END - STELE_WIRE_GROUP));
  if (unlikely(top >= e->frames_end)) top = more_frames(e, top);
  *top++ = (encode_frame){o, bits, word, array.count - 1, f, 0};
  o = ((stele_object *const *)array.at)[array.count - 1];
  goto enter;
}

word_done:
  if (unlikely(word)) {
    word--;
    bits = load_bits(o, word);
    goto find;
  }
  if (top == e->frames + bottom) {
    e->used = bottom;
    return p;
  }
  f = top[-1].f;
  if (likely(layout_code_of(f) == LAYOUT_MESSAGE)) {
    p = encode_varint(p, (size_t)(e->end - p) - top[-1].before);
  }
  TAG();
  if (top[-1].left) { /* one more of a repeated field */
    const stele_object *around = top[-1].o;
    const layout_array *array = object_slot(around, f);
    if (unlikely(layout_code_of(f) == LAYOUT_GROUP)) {
      p = encode_varint(encode_room(e, p, ROOM),
                        f->tag + (STELE_WIRE_GROUP_END - STELE_WIRE_GROUP));
    }
    o = ((stele_object *const *)array->at)[--top[-1].left];
    top[-1].before = (size_t)(e->end - p);
    goto enter;
  }
  top--;
  o = top->o;
  layout = object_layout(o);
  bits = top->bits;
  word = top->word;
  SETTLE();
  NEXT();
}

#pragma GCC diagnostic pop

/* Frames as in decode.c. */
typedef struct encode_memory {
  encoder e;
  encode_frame frames[FRAMES];
} encode_memory;

/* The header goes in front, into a buffer of its own if there is no room. */
static void put_header(encode_buffer *out, stele_bytes header) {
  size_t len = (size_t)(out->end - out->at);
  if ((size_t)(out->at - out->start) < header.len) {
    uint8_t *start = stele_arena_alloc(out->arena, header.len + len, 1);
    if (len) memcpy(start + header.len, out->at, len);
    out->start = start;
    out->at = start + header.len;
    out->end = out->at + len;
  }
  out->at -= header.len;
  memcpy(out->at, header.ptr, header.len);
}

bool encode_object(encode_buffer *out, const stele_object *o, const stele_encode_options *options) {
  encode_memory memory;
  encoder *e = &memory.e;
  e->start = out->start;
  e->end = out->end;
  e->arena = out->arena;
  e->frames = memory.frames;
  e->frames_end = memory.frames + FRAMES;
  e->used = 0;
  e->depth = DEEPEST;
  e->deterministic = options->deterministic;
  e->is_partial = false;
  e->takes_rest = out->takes_rest;
  out->at = encode_message(e, out->at, o);
  out->start = e->start;
  out->end = e->end;
  if (out->end - out->at > STELE_CODEC_MAX) {
    stele_guard_leave(out->arena, STELE_LIMIT, "the message has more than %d bytes",
                      STELE_CODEC_MAX);
  }
  if (options->header.len) put_header(out, options->header);
  return !e->is_partial;
}

/* All that is left of the arena's chunk is the first buffer; what was written stays at its end, and
 * the rest is given back. */
bool binary_encode(stele_arena *arena, const stele_object *o, const stele_encode_options *options,
                   stele_bytes *out) {
  encode_buffer made = {.arena = arena, .takes_rest = true};
  made.start = stele_arena_take_rest(arena, FIRST, &made.end);
  made.at = made.end;
  bool is_whole = encode_object(&made, o, options);
  stele_arena_keep_tail(arena, made.start, made.at, made.end);
  *out = (stele_bytes){made.at, (size_t)(made.end - made.at)};
  return is_whole;
}
