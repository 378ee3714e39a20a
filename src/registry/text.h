/* text: what is answered as the text of a schema, in the form asked for.
 *
 * In:   a stored version or id.   Out: .proto text, or a base64 descriptor.
 * Deps: registry/linked.h, proto/print, proto/descriptor. */
#ifndef STELE_REGISTRY_TEXT_H
#define STELE_REGISTRY_TEXT_H

#include "registry/linked.h"

/* Confluent's values of `format`; whatever else is asked for is the default. */
typedef enum text_form {
  TEXT_DEFAULT,           /* as registered; a descriptor is printed, with its comments */
  TEXT_SERIALIZED,        /* base64 of a FileDescriptorProto named "default" */
  TEXT_IGNORE_EXTENSIONS, /* without custom options and extensions */
} text_form;

text_form text_form_parse(stele_str format);

/* The text when nothing has to be compiled for it; may run on a loop. */
bool text_at_hand(const snap_content *content, text_form form, stele_str *out);

/* The text, compiled for if need be. In `links->arena`, or the snapshot's. What
 * was printed is kept with the snapshot. */
bool text_of_version(linked_job *links, const snap_version *version, text_form form, stele_str *out,
                     stele_err *err) STELE_MUST_USE;
bool text_of_schema(linked_job *links, const snap_schema *schema, text_form form, stele_str *out,
                    stele_err *err) STELE_MUST_USE;

/* The text of a file that is linked. In `arena`. */
bool text_of_file(stele_arena *arena, const stele_file *file, text_form form, stele_str *out,
                  stele_err *err) STELE_MUST_USE;

#endif
