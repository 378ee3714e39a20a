/* input/image_form: images that are written as JSON, text or YAML, as binary ones.
 *
 * In:   the text, and what it may hold.   Out: the bytes of a FileDescriptorSet whose
 * files may have the field that tells imports from the others.
 * Custom options stand in such texts by name, and are declared by files of the very
 * image: read once without them, an image tells the schema by which it is read again.
 * Deps: base, fmt, proto/compile, proto/message and its codecs, input/ref. */
#ifndef STELE_INPUT_IMAGE_FORM_H
#define STELE_INPUT_IMAGE_FORM_H

#include "base/arena.h"
#include "base/err.h"
#include "input/ref.h"
#include "stele/compile.h"

/* What declares the custom options of an image: all of its files. */
typedef struct image_declarations {
  stele_resolver *files;
  const stele_str *names;
  size_t count;
} image_declarations;

/* Reads `text`; members that nobody declares are left out. `by` may be NULL: then no
 * custom option is declared.
 * Errors: STELE_INVALID for a text that is no image, with its line and column where
 * the form has them, or when what `by` names does not compile; STELE_LIMIT.
 * Memory: in `arena`; `text` stays as long. */
bool image_form_decode(stele_arena *arena, input_format form, stele_str text,
                       const image_declarations *by, stele_bytes *out,
                       stele_err *err) STELE_MUST_USE;

#endif
