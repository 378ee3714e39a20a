/* Decoding: one loop over tags, one jump per field.
 *
 * The field that comes next by number is guessed first; else the number is
 * looked up in a table. The tag as it stands on the wire is compared with the
 * one in the table, so number and wire type are checked at once; everything
 * that is not the plain case (the other packing, unknown fields, odd entries of
 * maps, MessageSets) is in functions of its own. Messages inside messages wait
 * in frames, not on the stack, so a level costs a few stores. The presence bits
 * of the first 64 fields are in a register while their message is read.
 *
 * Bounds: while `p` is below `limit`, SLOP bytes may be read, more than a field
 * needs before its text begins. The last bytes of the input are moved to where
 * they have as many behind them as soon as the loop comes there; a small input
 * is moved at once. A value that runs over the end of its message is seen when
 * the message ends at another place than it should.
 *
 * Texts point into the input, those that were moved too, or are copied into
 * the arena: one by one, or, where there is little but texts, all that stands
 * there in one piece (decode_read.c).
 *
 * Labels as values are a GNU extension that gcc and clang share: a switch in a
 * loop costs a range check and one shared jump, which is predicted worse. */
#include "base/guard.h"
#include "proto/binary/decode_internal.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "fixed numbers are copied as they are");

enum { SET_ITEM = 1 << 3 | STELE_WIRE_GROUP };

/* ---- Frames -------------------------------------------------------------------------- */

static uint32_t levels_left(const decoder *d, const decode_frame *top) {
  return d->depth - (uint32_t)(top - d->frames);
}

/* Room for `count` frames behind `top`, which may move; where there may be none,
 * that is noted. */
static __attribute__((noinline)) decode_frame *more_frames(decoder *d, decode_frame *top,
                                                           uint32_t count, const uint8_t *p) {
  size_t used = (size_t)(top - d->frames) + 1, cap = (size_t)(d->frames_end - d->frames);
  if (levels_left(d, top) < count) {
    (void)decode_fail_deep(d, p);
    return top;
  }
  size_t more = cap * 2 + count;
  decode_frame *frames = stele_arena_alloc(d->arena, more * sizeof *frames, _Alignof(decode_frame));
  memcpy(frames, d->frames, used * sizeof *frames);
  d->frames = frames;
  d->frames_end = frames + more;
  return frames + used - 1;
}

/* The input from `p` on, moved to where SLOP bytes may be read behind it. All the
 * messages that are being read end there. */
static __attribute__((noinline)) const uint8_t *move_rest(decoder *d, const uint8_t *p,
                                                          decode_frame *top) {
  size_t len = (size_t)(d->end - p);
  uint8_t *rest = d->rest;
  if (len > SMALL) rest = stele_arena_alloc(d->arena, len + SLOP, 1);
  memcpy(rest, p, len);
  memset(rest + len, 0, SLOP);
  for (decode_frame *frame = d->frames; frame <= top; frame++) frame->end = rest + (frame->end - p);
  bool is_kept = d->piece_end == d->end;
  d->piece = rest;
  d->piece_end = is_kept ? rest + len : NULL;
  d->shift = p - rest;
  d->piece_shift += d->shift;
  d->probe = rest;
  d->probed = 0;
  d->start = rest;
  d->end = d->safe_end = rest + len;
  return rest;
}

/* ---- Marking ------------------------------------------------------------------------- */

static inline uint64_t load_bits(const stele_object *o) {
  return object_bits(o, object_layout(o));
}

static inline void save_bits(stele_object *o, uint64_t bits) {
  object_put_bits(o, object_layout(o), bits);
}

/* Those of the objects that wait. */
static void save_frames(decoder *d, const decode_frame *top) {
  for (const decode_frame *frame = d->frames; frame < top; frame++) {
    if (frame->f) save_bits(frame->o, frame->bits);
  }
}

/* The slot of an extension needs its block; the members of a oneof send the
 * others away; presence bits beyond 64 are in memory. Closed enums and messages
 * are marked when it is known that they are taken. */
static __attribute__((noinline)) uint8_t *special_slot(decoder *d, stele_object *o,
                                                       const layout_field *f) {
  layout_code code = layout_code_of(f);
  uint8_t *slot = object_slot_new(d->arena, o, f);
  bool is_number_or_text = code < LAYOUT_MESSAGE && code != LAYOUT_CLOSED_ENUM;
  if (layout_shape_of(f) == LAYOUT_ONE && is_number_or_text) object_mark(o, f);
  return slot;
}

static __attribute__((noinline)) bool mark_special(stele_object *o, const layout_field *f) {
  bool was_set = object_has(o, f);
  object_mark(o, f);
  return was_set;
}

/* An explicit zero in a field that has no presence is seldom sent. */
static __attribute__((noinline)) void mark_zero(stele_object *o, const layout_field *f) {
  if (f->flags & LAYOUT_IMPLICIT) {
    object_unmark(o, f);
  } else {
    object_mark(o, f);
  }
}

/* What remains to be done when all of a message has been read. */
static __attribute__((noinline)) void finish(decoder *d, stele_object *o) {
  OBJECT_EACH(o, f) {
    if (layout_shape_of(f) == LAYOUT_MAP) {
      dict_settle(d->arena, *(object_dict **)object_slot(o, f));
    }
  }
  if (!object_has_required(o)) d->is_partial = true;
}

/* ---- The loop ------------------------------------------------------------------------ */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wgnu-label-as-value"
#endif

/* The handlers of one shape, by code. */
#define SAME(label)                                                                                \
  &&label, &&label, &&label, &&label, &&label, &&label, &&label, &&label, &&label, &&label,        \
      &&label, &&label, &&label, &&label, &&label, &&label

/* Goes on with the next field. */
#define NEXT()                                                                                     \
  do {                                                                                             \
    if (unlikely(p >= limit)) goto edge;                                                           \
    if (likely(f[1].byte_tag == *p)) {                                                             \
      p++;                                                                                         \
      f++;                                                                                         \
      slot = (uint8_t *)o + f->offset;                                                             \
      goto *handlers[f->op];                                                                       \
    }                                                                                              \
    goto look_up;                                                                                  \
  } while (0)

/* One more of the same, whose tag has a single byte? */
#define AGAIN() (p < limit && *p == f->byte_tag)

/* A number or text in its slot. */
#define SET(is_zero)                                                                               \
  do {                                                                                             \
    if (unlikely(is_zero)) goto zero;                                                              \
    bits |= f->bit;                                                                                \
    NEXT();                                                                                        \
  } while (0)

#define NUMBER(code, is_zero)                                                                      \
  p = decode_varint(d, p, &value);                                                                 \
  if (unlikely(!p)) goto bad;                                                                      \
  decode_store(code, slot, value);                                                                 \
  SET(is_zero)

/* Marks a field that is not a number or text; `first` makes it ready. */
#define BEGIN(first)                                                                               \
  do {                                                                                             \
    if (bits & f->bit) break;                                                                      \
    if (unlikely(layout_is_special(f))) {                                                          \
      save_bits(o, bits);                                                                          \
      bool was_set = mark_special(o, f);                                                           \
      bits = load_bits(o);                                                                         \
      if (was_set) break;                                                                          \
    }                                                                                              \
    bits |= f->bit;                                                                                \
    first;                                                                                         \
  } while (0)

#define BEGIN_ARRAY()                                                                              \
  array = (layout_array *)(void *)slot;                                                            \
  BEGIN((*array = (layout_array){0}))

/* Room for the messages around one that begins at `where`. */
#define ROOM(count, where)                                                                         \
  do {                                                                                             \
    if (likely(d->frames_end - top > (count))) break;                                              \
    top = more_frames(d, top, (count), (where));                                                   \
    if (d->what) goto bad;                                                                         \
  } while (0)

#define MOVE_REST()                                                                                \
  do {                                                                                             \
    p = move_rest(d, p, top);                                                                      \
    limit = top->end;                                                                              \
  } while (0)

/* A length and what it counts. */
#define LENGTH()                                                                                   \
  p = decode_len_before(d, p, limit, &top->end, &len);                                             \
  if (unlikely(!p)) goto bad

bool decode_message(decoder *d, const uint8_t *p, stele_object *o) {
  static const void *const handlers[2 * LAYOUT_PLAIN_OPS] = {
      /* INT32, UINT32, SINT32, INT64, SINT64, BOOL, CLOSED_ENUM, FIXED32, FIXED64, STRING, BYTES,
         MESSAGE, GROUP */
      &&int32, &&int32, &&sint32, &&int64, &&sint64, &&boolean, &&closed_enum, &&fixed32, &&fixed64,
      &&string, &&bytes, &&message, &&group, &&unknown, &&unknown, &&unknown,
      /* MANY */
      &&numbers, &&numbers, &&numbers, &&numbers, &&numbers, &&numbers, &&loose, &&loose, &&loose,
      &&strings, &&strings, &&messages, &&groups, &&unknown, &&unknown, &&unknown,
      /* PACKED, MAP, and what has to be made ready */
      SAME(packed), SAME(map), SAME(special), SAME(special), SAME(special), SAME(special)};
  /* These are in registers, so few that they stay there. What is seldom asked for is in the
     frame. */
  decode_frame *top = d->frames;
  const uint8_t *limit = d->safe_end;
  const layout_field *f = object_layout(o)->fields - 1;
  uint64_t bits = load_bits(o);
  uint8_t *slot = NULL;
  /* These hold within one field. */
  const stele_layout *layout;
  const uint8_t *at = p;
  stele_object *sub;
  layout_array *array;
  uint64_t value = 0;
  size_t len = 0;
  uint32_t tag = 0;

  top->end = d->end;
  top->group_end = 0;
  NEXT();

look_up:
  at = p;
  p = decode_tag(d, p, &tag);
  if (unlikely(!p)) goto bad_record;
  layout = object_layout(o);
  if (likely(stele_wire_number(tag) < layout->dense_count)) {
    f = &layout->dense[stele_wire_number(tag)];
  } else {
    f = layout_find_slow(layout, stele_wire_number(tag));
    if (!f) goto unknown;
  }
  if (unlikely(f->tag != tag)) goto not_plain;
  slot = (uint8_t *)o + f->offset;
  goto *handlers[f->op];

  /* ---- One value ---- */
int32:
  NUMBER(LAYOUT_INT32, (uint32_t)value == 0);
sint32:
  NUMBER(LAYOUT_SINT32, (uint32_t)value == 0);
int64:
  NUMBER(LAYOUT_INT64, value == 0);
sint64:
  NUMBER(LAYOUT_SINT64, value == 0);
boolean:
  NUMBER(LAYOUT_BOOL, value == 0);
closed_enum:
  at = p;
  p = decode_varint(d, p, &value);
  if (unlikely(!p)) goto bad;
  if (unlikely(!decode_has_value(f, value))) {
    decode_keep_enum_at(d, o, f, at, p); /* and leaves its oneof alone */
    NEXT();
  }
  memcpy(slot, &(uint32_t){(uint32_t)value}, 4);
  BEGIN((void)0);
  SET((uint32_t)value == 0);
fixed32:
  memcpy(&tag, p, 4);
  memcpy(slot, &tag, 4);
  p += 4;
  SET(tag == 0);
fixed64:
  memcpy(&value, p, 8);
  memcpy(slot, &value, 8);
  p += 8;
  SET(value == 0);
string:
  LENGTH();
  if (unlikely(!decode_is_utf8(p, len))) goto not_utf8;
  object_put_text(slot, decode_text(d, p, len), len);
  p += len;
  SET(len == 0);
bytes:
  LENGTH();
  object_put_text(slot, decode_text(d, p, len), len);
  p += len;
  SET(len == 0);
zero:
  save_bits(o, bits);
  mark_zero(o, f);
  bits = load_bits(o);
  NEXT();
special:
  save_bits(o, bits);
  slot = special_slot(d, o, f);
  bits = load_bits(o);
  goto *handlers[f->op - LAYOUT_PLAIN_OPS];

  /* ---- Repeated ---- */
numbers:
  BEGIN_ARRAY();
  do {
    layout_code code = layout_code_of(f);
    p = decode_varint(d, p, &value);
    if (unlikely(!p)) goto bad;
    decode_store(code, array_add(d->arena, array, layout_code_bytes[code]), value);
  } while (AGAIN() && p++);
  NEXT();
strings:
  BEGIN_ARRAY();
  do {
    LENGTH();
    if (layout_code_of(f) == LAYOUT_STRING && unlikely(!decode_is_utf8(p, len))) goto not_utf8;
    if (unlikely(array->count == array->cap)) {
      decode_grow(d, array, sizeof(stele_str), f, p + len, top->end);
    }
    ((stele_str *)array->at)[array->count++] = (stele_str){decode_text(d, p, len), len};
    p += len;
  } while (AGAIN() && p++);
  NEXT();
loose:
  save_bits(o, bits);
  p = decode_other_packing(d, p, top->end, o, f, f->tag);
  bits = load_bits(o);
  if (unlikely(!p)) goto bad;
  NEXT();
packed:
  save_bits(o, bits);
  p = decode_packed(d, p, top->end, o, f);
  bits = load_bits(o);
  if (unlikely(!p)) goto bad;
  NEXT();

  /* ---- Messages ---- */
message:
  LENGTH();
  BEGIN(*(stele_object **)(void *)slot = object_new(d->arena, layout_sub_layout(f)));
  sub = *(stele_object **)(void *)slot;
  goto push;
messages:
  LENGTH();
  BEGIN_ARRAY();
  if (unlikely(array->count == array->cap)) {
    decode_grow(d, array, sizeof sub, f, p + len, top->end);
  }
  sub = object_new(d->arena, layout_sub_layout(f));
  ((stele_object **)array->at)[array->count++] = sub;
push:
  ROOM(1, p);
  top[1].end = p + len;
  top[1].group_end = 0;
  top[1].kind = FRAME_PLAIN;
enter:
  top->o = o;
  top->f = f;
  top->bits = bits;
enter_above:
  top++;
  o = sub;
  limit = top->end < d->safe_end ? top->end : d->safe_end;
  layout = object_layout(o);
  bits = object_bits(o, layout);
  f = layout->fields - 1;
  NEXT();
group:
  BEGIN(*(stele_object **)(void *)slot = object_new(d->arena, layout_sub_layout(f)));
  sub = *(stele_object **)(void *)slot;
  goto push_group;
groups:
  BEGIN_ARRAY();
  sub = object_new(d->arena, layout_sub_layout(f));
  *(stele_object **)array_add(d->arena, array, sizeof sub) = sub;
push_group:
  ROOM(1, p);
  top[1].end = top->end;
  top[1].group_end = f->tag + (STELE_WIRE_GROUP_END - STELE_WIRE_GROUP);
  top[1].kind = FRAME_PLAIN;
  goto enter;

  /* ---- Maps ---- */
map : {
  stele_object *value_object = NULL;
  const uint8_t *odd = NULL;
  save_bits(o, bits);
  p = decode_entries(d, p, top->end, o, f, &odd, &value_object);
  bits = load_bits(o);
  if (likely(!odd)) NEXT();
  sub = value_object;
  if (sub) { /* two levels: an entry, and the message in it */
    ROOM(2, p);
    top->o = o;
    top->f = f;
    top->bits = bits;
    top++;
    top->end = odd;
    top->f = NULL;
    top[1].end = odd;
    top[1].group_end = 0;
    top[1].kind = FRAME_VALUE;
    goto enter_above;
  }
}
  p = decode_len_anywhere(d, p, top->end, &len);
  if (unlikely(!p)) goto bad;
  if (p + len > d->safe_end && d->safe_end != d->end) MOVE_REST(); /* so that it is in one piece */
  ROOM(1, p);
  top[1].end = p + len;
  top[1].group_end = 0;
  top[1].kind = FRAME_ENTRY;
  top[1].at = p;
  sub = decode_entry_begin(d, top + 1, f);
  goto enter;

  /* ---- Not in the table as it stands ---- */
not_plain:
  if (f->tag != LAYOUT_HOLE && decode_is_other_packing(f, tag)) {
    save_bits(o, bits);
    p = decode_other_packing(d, p, top->end, o, f, tag);
    bits = load_bits(o);
    if (unlikely(!p)) goto bad;
    NEXT();
  }
unknown:
  f = object_layout(o)->fields - 1;
  if (tag == top->group_end && tag) goto done;
  if (stele_wire_number(tag) == 0) {
    (void)decode_fail(d, at, "a tag has no field number");
    goto bad_record;
  }
  if (unlikely(object_layout(o)->is_message_set) && tag == SET_ITEM) goto set_item;
  p = decode_skip(d, at, p, top->end, tag, levels_left(d, top));
  if (unlikely(!p)) goto bad_record;
  (void)decode_keep(d, o, at, p);
  NEXT();
set_item : {
  const layout_field *extension = NULL;
  stele_bytes item = {NULL, 0};
  p = decode_set_item(d, at, p, top->end, o, levels_left(d, top), &extension, &item);
  if (unlikely(!p)) goto bad_record;
  if (!extension) NEXT();
  f = extension;
  save_bits(o, bits);
  sub = object_sub(d->arena, o, f);
  bits = load_bits(o);
  ROOM(1, at);
  top[1].end = item.ptr + item.len;
  top[1].group_end = 0;
  top[1].kind = FRAME_ITEM;
  p = item.ptr;
  goto enter;
}

  /* ---- The end of a message, or of what may be read fast ---- */
edge:
  if (likely(p == top->end)) {
    if (likely(!top->group_end)) goto done;
    (void)decode_fail(d, p, "a group does not end");
    goto bad_record;
  }
  if (p > top->end) goto over;
  MOVE_REST();
  NEXT();
done:
  layout = object_layout(o);
  object_put_bits(o, layout, bits);
  if (unlikely(layout->needs_finish)) finish(d, o);
  if (top == d->frames) return true;
  if (unlikely(top->kind != FRAME_PLAIN)) goto done_specially;
leave:
  top--;
  o = top->o;
  f = top->f;
  limit = top->end < d->safe_end ? top->end : d->safe_end;
  bits = top->bits;
  if (AGAIN()) {
    p++;
    slot = (uint8_t *)o + f->offset;
    goto *handlers[f->op];
  }
  NEXT();
done_specially:
  if (top->kind == FRAME_ENTRY) {
    save_bits(top[-1].o, top[-1].bits);
    decode_entry_end(d, top, p);
    top[-1].bits = load_bits(top[-1].o);
  }
  if (top->kind == FRAME_ITEM) {
    o = top[-1].o;
    bits = top[-1].bits;
    p = decode_set_item_end(d, p, top[-1].end, levels_left(d, top - 1));
    if (unlikely(!p)) goto bad_record;
  }
  if (top->kind == FRAME_VALUE) top--;
  goto leave;

  /* ---- Errors ---- */
over:
  if (layout_shape_of(f) == LAYOUT_ONE && f->tag != LAYOUT_HOLE &&
      (layout_code_of(f) == LAYOUT_FIXED32 || layout_code_of(f) == LAYOUT_FIXED64)) {
    (void)decode_fail(d, p - layout_code_bytes[layout_code_of(f)], "a number is cut off");
    goto bad;
  }
  (void)decode_fail(d, top->end, "a field runs over the end of its message");
  goto bad_record;
not_utf8:
  (void)decode_fail(d, p, "not valid UTF-8");
bad:
  save_bits(o, bits);
  save_frames(d, top);
  decode_trace(d, o, f, top);
  return false;
bad_record:
  save_bits(o, bits);
  save_frames(d, top);
  decode_trace(d, o, NULL, top);
  return false;
}

#pragma GCC diagnostic pop
