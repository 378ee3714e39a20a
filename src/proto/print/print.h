/* print: a linked file as .proto text.
 *
 * In:   a linked file (from text or from a descriptor).   Out: text that
 * compiles to the same fingerprint.
 * For what was registered as a descriptor, and for clients that ask for the
 * normalised form. The layout is the one that Confluent's registry prints.
 * Pure. Deps: base, proto/schema, proto/descriptor. */
#ifndef STELE_PROTO_PRINT_PRINT_H
#define STELE_PROTO_PRINT_PRINT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

typedef struct stele_file stele_file;

/* CANONICAL: syntax line; package; imports in order, then public ones; options;
 *   messages, then enums; extend blocks; services. Two spaces of indent, one
 *   blank line before each section and none between its members; type names as
 *   written (a descriptor's: the shortest spelling that resolves to the same
 *   element, else with a leading dot); map<K, V> folded back from its entry;
 *   proto3 optional without its synthetic oneof; groups as groups. Weak and
 *   option imports, string escapes and defaults of bytes are kept and quoted.
 * NORMALISED: besides, what order does not matter for is sorted: imports (each
 *   once), options by name, fields, oneofs by lowest member, enum values,
 *   reserved and extensions one a line and merged; type names with a leading
 *   dot; numbers in plain decimal; json_name only where it is not the default.
 * IGNORE_EXTENSIONS: canonical without custom options other than confluent.*,
 *   extend blocks and extension ranges. */
typedef enum stele_print_form {
  STELE_PRINT_CANONICAL,
  STELE_PRINT_NORMALISED,
  STELE_PRINT_IGNORE_EXTENSIONS,
} stele_print_form;

/* Appends the text of `file` to `out`, which may be in `arena`. Editions are
 * printed as editions. print(compile(print(f))) = print(f) for every form.
 * Fails only with STELE_NO_MEMORY or STELE_LIMIT. Threads: any. */
bool stele_print_file(stele_arena *arena, const stele_file *file, stele_print_form form,
                      stele_buf *out, stele_err *err) STELE_MUST_USE;

#endif
