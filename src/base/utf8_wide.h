/* base/utf8, inside: long texts by vectors, where the processor can.
 * Deps: none. */
#ifndef STELE_BASE_UTF8_WIDE_H
#define STELE_BASE_UTF8_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __x86_64__
#define UTF8_WIDE
#endif

#ifdef UTF8_WIDE
/* Is it UTF-8? Only where the processor has SSSE3. */
bool utf8_is_valid_wide(const uint8_t *at, size_t len);
#endif

#endif
