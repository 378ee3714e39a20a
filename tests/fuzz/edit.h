/* fuzz/edit: pieces of an input, for mutators that know how it is made.
 *
 * In:   an input, cut into pieces.   Out: the same with one change: a piece is
 * lost, said twice, swapped with another, or a run of pieces comes again elsewhere.
 * Deps: none. */
#ifndef STELE_FUZZ_EDIT_H
#define STELE_FUZZ_EDIT_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own mutator, and what it calls in ours. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t most, unsigned seed);

enum { EDIT_MOST_BYTES = 1 << 16, EDIT_MOST_PIECES = 4096 };

/* Piece i is [starts[i], starts[i + 1]) of `data`. */
typedef struct edit_pieces {
  const uint8_t *data;
  uint32_t starts[EDIT_MOST_PIECES + 1];
  uint32_t count;
} edit_pieces;

/* What is being written; adding past `most` does nothing. */
typedef struct edit_out {
  uint8_t *at;
  size_t len, most;
} edit_out;

/* A number below `bound` (0 for 0), and the next state. */
uint32_t edit_draw(uint64_t *state, uint32_t bound);

void edit_add(edit_out *out, const uint8_t *bytes, size_t len);

/* Pieces [from, to). */
void edit_add_pieces(edit_out *out, const edit_pieces *pieces, uint32_t from, uint32_t to);

/* One change of the order of pieces. */
void edit_pieces_once(const edit_pieces *pieces, uint64_t *state, edit_out *out);

#endif
