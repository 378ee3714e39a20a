/* base/shortest: floats as text, with the fewest digits that read back.
 *
 * In:   a float or double.   Out: the shortest decimal that rounds to it, of
 * those the nearest, in the layout of Python's repr (without ".0"): plain from
 * 1e-4 up to below 1e16 ("1.08945", "1000000"), else "1e+16", "5e-324".
 * Deps: none. */
#ifndef STELE_BASE_SHORTEST_H
#define STELE_BASE_SHORTEST_H

#include <stddef.h>

/* Room for any of them, and for what is written beyond the end on the way. */
enum { STELE_SHORTEST_TEXT = 40 };

/* Writes the text (no NUL) and answers its length, at most 24. "inf", "-inf"
 * and "nan" where it is no number. Cost: 20 to 40 ns. */
size_t stele_shortest_double(char out[STELE_SHORTEST_TEXT], double value);
size_t stele_shortest_float(char out[STELE_SHORTEST_TEXT], float value);

#endif
