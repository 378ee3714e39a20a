#include "edit.h"

#include <string.h>

uint32_t edit_draw(uint64_t *state, uint32_t bound) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return bound ? (uint32_t)((*state >> 33) % bound) : 0;
}

void edit_add(edit_out *out, const uint8_t *bytes, size_t len) {
  if (len > out->most - out->len) len = out->most - out->len;
  if (len) memcpy(out->at + out->len, bytes, len);
  out->len += len;
}

void edit_add_pieces(edit_out *out, const edit_pieces *pieces, uint32_t from, uint32_t to) {
  uint32_t start = pieces->starts[from];
  edit_add(out, pieces->data + start, pieces->starts[to] - start);
}

typedef enum edit_kind { EDIT_LOSE, EDIT_REPEAT, EDIT_SWAP, EDIT_SPLICE, EDIT_KINDS } edit_kind;

void edit_pieces_once(const edit_pieces *pieces, uint64_t *state, edit_out *out) {
  uint32_t count = pieces->count;
  uint32_t a = edit_draw(state, count), b = edit_draw(state, count);
  if (count == 0) return;
  if (a > b) {
    uint32_t kept = a;
    a = b;
    b = kept;
  }
  uint32_t run = 1 + edit_draw(state, edit_draw(state, 3) ? 2 : 24);
  if (run > count - a) run = count - a;
  switch ((edit_kind)edit_draw(state, EDIT_KINDS)) {
  case EDIT_LOSE:
    edit_add_pieces(out, pieces, 0, a);
    edit_add_pieces(out, pieces, a + run, count);
    break;
  case EDIT_REPEAT:
    edit_add_pieces(out, pieces, 0, a + run);
    edit_add_pieces(out, pieces, a, count);
    break;
  case EDIT_SWAP:
    edit_add_pieces(out, pieces, 0, a);
    edit_add_pieces(out, pieces, b, b + 1);
    if (a < b) {
      edit_add_pieces(out, pieces, a + 1, b);
      edit_add_pieces(out, pieces, a, a + 1);
    }
    edit_add_pieces(out, pieces, b + 1, count);
    break;
  case EDIT_SPLICE:
  case EDIT_KINDS:
    edit_add_pieces(out, pieces, 0, b);
    edit_add_pieces(out, pieces, a, a + run);
    edit_add_pieces(out, pieces, b, count);
    break;
  }
}
