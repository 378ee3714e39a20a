/* A mutator for encoded messages: fields are lost, repeated, swapped, spliced or
 * changed, in the message or in one that is in it, and lengths stay true. Every
 * third input is left to libFuzzer's own. */
#include <stdbool.h>
#include <string.h>

#include "edit.h"

enum { MOST_DEPTH = 12, MOST_INNER = 1 << 13 };

static bool read_varint(const uint8_t *data, size_t size, size_t *at, uint64_t *out) {
  *out = 0;
  for (unsigned shift = 0; shift < 64 && *at < size; shift += 7) {
    uint8_t byte = data[(*at)++];
    *out |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

static void add_varint(edit_out *out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) edit_add(out, (const uint8_t[]){(uint8_t)(value | 0x80)}, 1);
  edit_add(out, (const uint8_t[]){(uint8_t)value}, 1);
}

/* Steps over a field; `*body` is where its value begins, behind a length. */
static bool next_field(const uint8_t *data, size_t size, size_t *at, uint64_t *tag, size_t *body) {
  uint64_t value;
  if (!read_varint(data, size, at, tag) || *tag >> 3 == 0) return false;
  *body = *at;
  switch (*tag & 7) {
  case 0: return read_varint(data, size, at, &value);
  case 1: *at += 8; break;
  case 5: *at += 4; break;
  case 2:
    if (!read_varint(data, size, at, &value)) return false;
    *body = *at;
    if (value > size - *at) return false;
    *at += value;
    break;
  case 3:
  case 4: break;
  default: return false;
  }
  return *at <= size;
}

/* The fields of a message; false when the bytes are none. */
static bool cut(const uint8_t *data, size_t size, edit_pieces *out) {
  *out = (edit_pieces){.data = data};
  size_t at = 0, body;
  uint64_t tag;
  while (at < size) {
    if (out->count + 1 == EDIT_MOST_PIECES) return false;
    out->starts[out->count++] = (uint32_t)at;
    if (!next_field(data, size, &at, &tag, &body)) return false;
  }
  out->starts[out->count] = (uint32_t)size;
  return out->count > 0;
}

static uint64_t draw_number(uint64_t *state) {
  static const uint64_t numbers[] = {0,         1,          2,         3,        11,
                                     14,        999,        1000,      1001,     18999,
                                     19000,     19999,      20000,     1u << 29, (1u << 29) - 1,
                                     INT32_MAX, UINT32_MAX, UINT64_MAX};
  return numbers[edit_draw(state, sizeof numbers / sizeof *numbers)];
}

static void change(const uint8_t *data, size_t size, uint64_t *state, int depth, edit_out *out);

/* The value of one field changes, or its number. */
static void change_field(const uint8_t *field, size_t size, uint64_t *state, int depth,
                         edit_out *out) {
  size_t at = 0, body = 0;
  uint64_t tag = 0;
  uint8_t inner[MOST_INNER];
  if (!next_field(field, size, &at, &tag, &body)) return;
  if (edit_draw(state, 12) == 0) tag = (uint64_t)(1 + edit_draw(state, 20)) << 3 | (tag & 7);
  add_varint(out, tag);
  size_t len = size - body;
  if ((tag & 7) == 0) {
    add_varint(out, draw_number(state));
  } else if ((tag & 7) != 2 || len > sizeof inner / 2) {
    edit_add(out, field + body, len);
  } else {
    edit_out content = {inner, 0, sizeof inner};
    change(field + body, len, state, depth + 1, &content);
    add_varint(out, content.len);
    edit_add(out, inner, content.len);
  }
}

static void change(const uint8_t *data, size_t size, uint64_t *state, int depth, edit_out *out) {
  edit_pieces pieces;
  if (depth > MOST_DEPTH || !cut(data, size, &pieces)) { /* a text, or something like one */
    size_t most = size + 8 < out->most ? size + 8 : out->most;
    edit_add(out, data, size);
    out->len = LLVMFuzzerMutate(out->at, out->len, most);
  } else if (edit_draw(state, 3) == 0) {
    edit_pieces_once(&pieces, state, out);
  } else {
    uint32_t i = edit_draw(state, pieces.count);
    edit_add_pieces(out, &pieces, 0, i);
    change_field(data + pieces.starts[i], pieces.starts[i + 1] - pieces.starts[i], state, depth,
                 out);
    edit_add_pieces(out, &pieces, i + 1, pieces.count);
  }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
  uint8_t made[EDIT_MOST_BYTES];
  uint64_t state = seed;
  edit_out out = {made, 0, most < sizeof made ? most : sizeof made};
  if (edit_draw(&state, 3) == 0 || size > sizeof made) return LLVMFuzzerMutate(data, size, most);
  change(data, size, &state, 0, &out);
  memcpy(data, made, out.len);
  return out.len ? out.len : LLVMFuzzerMutate(data, size, most);
}

/* Some of the other's fields come into the one. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *made, size_t most, unsigned seed) {
  edit_pieces a, b;
  uint64_t state = seed;
  edit_out out = {made, 0, most};
  if (!cut(one, one_size, &a) || !cut(other, other_size, &b)) return 0;
  uint32_t at = edit_draw(&state, a.count + 1), from = edit_draw(&state, b.count + 1);
  uint32_t to = from + edit_draw(&state, 4);
  if (to > b.count) to = b.count;
  edit_add_pieces(&out, &a, 0, at);
  edit_add_pieces(&out, &b, from, to);
  edit_add_pieces(&out, &a, at, a.count);
  return out.len;
}
