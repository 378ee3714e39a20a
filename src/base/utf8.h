/* base/utf8: is it UTF-8, and what does a code point look like.
 * Deps: stele/str.h. */
#ifndef STELE_BASE_UTF8_H
#define STELE_BASE_UTF8_H

#include "stele/str.h"

/* Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, at most
 * U+10FFFF. */
bool stele_utf8_is_valid(stele_str text);

/* Length of the longest valid prefix, in bytes. */
size_t stele_utf8_valid_len(stele_str text);

/* Length of the run of sequences of two bytes and more that begins at `at`; 0
 * where the first is not valid. */
size_t stele_utf8_wide_len(const char *at, const char *end);

/* Writes `code` as 1 to 4 bytes and answers how many. Surrogates are written
 * as the three bytes they would be: the caller decides what is allowed. */
size_t stele_utf8_encode(char out[4], uint32_t code);

#endif
