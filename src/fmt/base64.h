/* fmt/base64: RFC 4648, both ways.
 * Deps: base. */
#ifndef STELE_FMT_BASE64_H
#define STELE_FMT_BASE64_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the standard form: '+' and '/', padded, one line. */
void stele_base64_encode(stele_buf *out, stele_bytes bytes);

/* STRICT takes only what encode writes: standard letters, padding, no white
 * space, no stray bits at the end. EITHER also takes '-' and '_', a missing
 * padding and stray bits: what JSON of protobuf may hold. TOLERANT takes white
 * space as well: what MIME and the web send. */
typedef enum stele_base64_form {
  STELE_BASE64_STRICT,
  STELE_BASE64_EITHER,
  STELE_BASE64_TOLERANT
} stele_base64_form;

/* Appends what `text` stands for; false when it stands for nothing, and `out`
 * is then as it was. */
bool stele_base64_decode(stele_buf *out, stele_str text, stele_base64_form form) STELE_MUST_USE;

/* The same, and which byte it is that cannot stand where it does: the text's length when
 * something is missing behind it. */
bool stele_base64_decode_at(stele_buf *out, stele_str text, stele_base64_form form,
                            size_t *fault) STELE_MUST_USE;

#endif
