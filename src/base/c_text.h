/* base/c_text: bytes as a string of C spells them, and back. So descriptors keep
 * the defaults of bytes, text format and generated code their strings.
 * Deps: base/buf.h. */
#ifndef STELE_BASE_C_TEXT_H
#define STELE_BASE_C_TEXT_H

#include "base/buf.h"

/* Adds the bytes: \n, \r, \t, quotes and backslashes escaped, octal for what is
 * not printable ASCII. */
void stele_c_escape(stele_buf *out, stele_bytes bytes);

/* Adds the bytes that `text` stands for: short escapes (with \a \b \f \v \?), up
 * to three octal digits, \x with any number of hexadecimal ones. False at an
 * escape that there is not, or that is above 255; what stood before it was added. */
bool stele_c_unescape(stele_buf *out, stele_str text) STELE_MUST_USE;

#endif
