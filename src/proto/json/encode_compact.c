/* Writing without spaces and without what is not set, as nearly all JSON is
 * written: the same text as encode.c's, with the place in a register and room
 * asked for once a field.
 *
 * A name is copied with the comma before it, in one copy of fixed length; of the
 * first one the comma becomes the brace. What is seldom (maps, well-known types,
 * bytes, what needs escapes) is encode.c's. */
#include <math.h>

#include "base/guard.h"
#include "base/num.h"
#include "base/shortest.h"
#include "fmt/json_scan.h"
#include "proto/json/json_internal.h"

enum {
  KEY_BYTES = 32,   /* of a name that is copied at once, with the comma */
  VALUE_BYTES = 40, /* a number, with quotes */
  NAME_BYTES = 32,  /* of an enum's name that is copied at once */
};

_Static_assert((int)VALUE_BYTES >= (int)STELE_SHORTEST_TEXT, "a double has room");

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* ---- Room -------------------------------------------------------------------------- */

static __attribute__((noinline)) char *more_room(json_out *w, char *p, size_t more) {
  w->buf.len = (size_t)(p - w->buf.ptr);
  if (!stele_buf_reserve(&w->buf, more)) {
    stele_guard_leave(w->arena, STELE_LIMIT, "the JSON is too long");
  }
  return w->buf.ptr + w->buf.len;
}

static inline char *room(json_out *w, char *p, size_t more) {
  return likely((size_t)(w->buf.ptr + w->buf.cap - p) >= more) ? p : more_room(w, p, more);
}

/* ---- Texts --------------------------------------------------------------------------- */

/* Zero if all eight bytes are ASCII and stand for themselves. A borrow can come only from a byte
 * that does not. */
static inline uint64_t odd_bytes(uint64_t bytes) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  uint64_t control = bytes - 0x20 * ones, quote = (bytes ^ '"' * ones) - ones,
           backslash = (bytes ^ '\\' * ones) - ones;
  return (control | quote | backslash | bytes) & 0x80 * ones;
}

/* A text of less than sixteen bytes; false: something in it is odd. */
static inline bool copy_short(char *to, const char *from, size_t len) {
  uint64_t head = 0, tail = 0;
  if (len >= 8) {
    memcpy(&head, from, 8);
    memcpy(&tail, from + len - 8, 8);
    memcpy(to, &head, 8);
    memcpy(to + len - 8, &tail, 8);
    return !(odd_bytes(head) | odd_bytes(tail));
  }
  const uint64_t blanks = UINT64_C(0x2020202020202020);
  if (len >= 4) {
    uint32_t low, high;
    memcpy(&low, from, 4);
    memcpy(&high, from + len - 4, 4);
    memcpy(to, &low, 4);
    memcpy(to + len - 4, &high, 4);
    return !odd_bytes((uint64_t)high << 32 | low);
  }
  if (len == 0) return true;
  to[0] = from[0];
  to[len / 2] = from[len / 2];
  to[len - 1] = from[len - 1];
  head = (uint8_t)from[0] | (uint64_t)(uint8_t)from[len / 2] << 8 |
         (uint64_t)(uint8_t)from[len - 1] << 16;
  return !odd_bytes(head | blanks << 24);
}

static __attribute__((noinline)) char *put_odd_text(json_out *w, char *p, const char *at,
                                                    const char *end) {
  w->buf.len = (size_t)(p - w->buf.ptr);
  stele_json_escape(&w->buf, (stele_str){at, (size_t)(end - at)});
  p = room(w, w->buf.ptr + w->buf.len, 1);
  *p++ = '"';
  return p;
}

static inline char *put_text(json_out *w, char *p, stele_str text) {
  const char *at = text.ptr, *end = at + text.len;
  p = room(w, p, text.len + sizeof(json_vec) + 2);
  *p++ = '"';
  for (; end - at >= (ptrdiff_t)sizeof(json_vec); at += sizeof(json_vec)) {
    unsigned first = json_first_of(json_not_plain(at));
    memcpy(p, at, sizeof(json_vec));
    if (unlikely(first < sizeof(json_vec))) return put_odd_text(w, p + first, at + first, end);
    p += sizeof(json_vec);
  }
  size_t left = (size_t)(end - at);
  if (unlikely(!copy_short(p, at, left))) return put_odd_text(w, p, at, end);
  p += left;
  *p++ = '"';
  return p;
}

/* ---- Values -------------------------------------------------------------------------- */

/* Something that encode.c writes. */
#define OTHERWISE(call)                                                                            \
  do {                                                                                             \
    w->buf.len = (size_t)(p - w->buf.ptr);                                                         \
    call;                                                                                          \
    p = w->buf.ptr + w->buf.len;                                                                   \
  } while (0)

static inline char *put_enum(json_out *w, char *p, const layout_enum *type, int32_t number) {
  uint64_t at = (uint64_t)((int64_t)number - type->low);
  if (unlikely(!type->quoted || at >= type->count || !type->quoted[at].len ||
               w->options->enum_numbers)) {
    OTHERWISE(json_put_enum(w, type, number));
    return p;
  }
  stele_str name = type->quoted[at];
  p = room(w, p, name.len + NAME_BYTES);
  memcpy(p, name.ptr, NAME_BYTES);
  if (name.len > NAME_BYTES) memcpy(p, name.ptr, name.len);
  return p + name.len;
}

static inline uint64_t load8(const void *at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static inline uint32_t load4(const void *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* One value, from a slot or from among others; VALUE_BYTES are free. */
static inline __attribute__((always_inline)) char *put_value(json_out *w, char *p,
                                                             const stele_layout *layout,
                                                             const layout_field *f, const void *at,
                                                             bool is_slot) {
  double real;
  switch (layout->info[f->index].type) {
  case STELE_TYPE_DOUBLE:
    memcpy(&real, at, sizeof real);
    if (likely(isfinite(real))) return p + stele_shortest_double(p, real);
    break;
  case STELE_TYPE_INT64:
  case STELE_TYPE_SINT64:
  case STELE_TYPE_SFIXED64:
    *p++ = '"';
    p += stele_num_print_i64(p, (int64_t)load8(at));
    *p++ = '"';
    return p;
  case STELE_TYPE_UINT64:
  case STELE_TYPE_FIXED64:
    *p++ = '"';
    p += stele_num_print_u64(p, load8(at));
    *p++ = '"';
    return p;
  case STELE_TYPE_INT32:
  case STELE_TYPE_SINT32:
  case STELE_TYPE_SFIXED32: return p + stele_num_print_i64(p, (int32_t)load4(at));
  case STELE_TYPE_UINT32:
  case STELE_TYPE_FIXED32: return p + stele_num_print_u64(p, load4(at));
  case STELE_TYPE_BOOL:
    memcpy(p, *(const uint8_t *)at ? "true" : "fals", 4);
    p[4] = 'e';
    return p + (*(const uint8_t *)at ? 4 : 5);
  case STELE_TYPE_STRING: return put_text(w, p, is_slot ? object_text(at) : *(const stele_str *)at);
  case STELE_TYPE_ENUM: return put_enum(w, p, f->sub.enumeration, (int32_t)load4(at));
  case STELE_TYPE_MESSAGE:
  case STELE_TYPE_GROUP: return json_put_compact(w, p, (const stele_object *)(uintptr_t)load8(at));
  default: break;
  }
  stele_value value =
      is_slot ? object_load_slot(layout_code_of(f), at) : object_load(layout_code_of(f), at);
  OTHERWISE(json_put_value(w, layout, f, &value));
  return p;
}

static char *put_list(json_out *w, char *p, const stele_layout *layout, const layout_field *f,
                      layout_array array) {
  uint32_t bytes = layout_code_bytes[layout_code_of(f)];
  char lead = '[';
  for (uint32_t i = 0; i < array.count; i++, lead = ',') {
    p = room(w, p, 1 + VALUE_BYTES);
    *p++ = lead;
    p = put_value(w, p, layout, f, (const uint8_t *)array.at + (size_t)i * bytes, false);
    if (likely(!w->failed)) continue;
    json_trail_index(&w->trail, w->arena, layout, f, i);
    return p;
  }
  p = room(w, p, 2);
  if (array.count == 0) *p++ = '[';
  *p++ = ']';
  return p;
}

/* ---- Objects ------------------------------------------------------------------------- */

/* The name with what stands before it. */
static inline char *put_key(json_out *w, char *p, stele_str key, char lead) {
  p = room(w, p, 1 + key.len + KEY_BYTES + VALUE_BYTES);
  memcpy(p, key.ptr - 1, KEY_BYTES);
  if (unlikely(key.len + 1 > KEY_BYTES)) memcpy(p, key.ptr - 1, key.len + 1);
  *p = lead;
  return p + 1 + key.len;
}

static inline char *put_field(json_out *w, char *p, const stele_object *o,
                              const stele_layout *layout, const layout_field *f) {
  const void *slot = object_slot(o, f);
  layout_shape shape = layout_shape_of(f);
  if (likely(shape == LAYOUT_ONE)) {
    p = put_value(w, p, layout, f, slot, true);
    if (unlikely(w->failed)) json_trail_field(&w->trail, w->arena, layout, f);
  } else if (shape == LAYOUT_MAP) {
    OTHERWISE(json_put_map(w, layout, f, *(object_dict *const *)slot));
  } else {
    p = put_list(w, p, layout, f, *(const layout_array *)slot);
  }
  return p;
}

char *json_put_compact(json_out *w, char *p, const stele_object *o) {
  const stele_layout *layout = object_layout(o);
  char lead = '{';
  if (unlikely(layout->well_known || w->depth == 0)) {
    OTHERWISE(json_put_special(w, o));
    return p;
  }
  w->depth--;
  for (uint32_t word = 0; word < layout->bit_words; word++) {
    for (uint32_t bits = o->head[word]; bits; bits &= bits - 1, lead = ',') {
      const layout_field *f = &layout->fields[word * 32 + (uint32_t)__builtin_ctz(bits)];
      const layout_info *info = &layout->info[f->index];
      p = put_key(w, p, w->options->proto_names ? info->proto_key : info->json_key, lead);
      p = put_field(w, p, o, layout, f);
      if (unlikely(w->failed)) return p;
    }
  }
  w->depth++;
  p = room(w, p, 2);
  if (lead == '{') *p++ = '{';
  *p++ = '}';
  return p;
}
