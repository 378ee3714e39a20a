/* print: a linked file as .proto text.
 *
 * In:   a linked file (from text or from a descriptor).   Out: text that
 * compiles to the same fingerprint.
 * For what was registered as a descriptor, and for clients that ask for the
 * normalised form. The layout is the one that Confluent's registry prints.
 * Pure. Deps: base, proto/schema, proto/wire. */
#ifndef STELE_PROTO_PRINT_PRINT_H
#define STELE_PROTO_PRINT_PRINT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

typedef struct stele_file stele_file;

/* EXACT: everything in the order of the descriptor, so that the text compiles to
 *   its bytes; otherwise as the canonical form, with the syntax line of proto2 and
 *   a blank line around blocks. (Lists of a file or message that declare no
 *   elements of each other may stand in any order; they come as fields, messages,
 *   extend blocks, enums, services.)
 * CANONICAL: syntax line; package; imports in order, then public ones; options;
 *   messages, then enums; extend blocks; services. Two spaces of indent, one
 *   blank line before each section and none between its members; type names as
 *   written (a descriptor's: in the file's own package the shortest spelling that
 *   resolves to the same element, else the full name, else with a leading dot); map<K, V> folded
 * back from its entry; proto3 optional without its synthetic oneof; groups as groups. Weak and
 *   option imports, string escapes and defaults of bytes are kept and quoted.
 * NORMALISED: besides, what order does not matter for is sorted: imports (each
 *   once), options by name (custom ones as one literal each), fields, oneofs by
 *   lowest member, enum values (but the first value of a closed enum and the
 *   zero of an open one stay first), reserved and extensions one a line and
 *   merged; type names with a leading dot; numbers in plain decimal (up to 21
 *   zeros); json_name only where it is not the default.
 * IGNORE_EXTENSIONS: canonical without custom options other than confluent.*,
 *   extend blocks and extension ranges. */
typedef enum stele_print_form {
  STELE_PRINT_CANONICAL,
  STELE_PRINT_NORMALISED,
  STELE_PRINT_IGNORE_EXTENSIONS,
  STELE_PRINT_EXACT,
} stele_print_form;

typedef struct stele_print_options {
  stele_print_form form;
  bool comments; /* those of the file's source info, if it was compiled with any: each stays
                    with its element, word for word. (A comment without a line end that holds
                    the marks of a block gets one; those of statements that become one stand
                    before it.) The fingerprint is the same with or without */
} stele_print_options;

/* Appends the text of `file` to `out`, which may be in `arena`. Editions are
 * printed as editions. print(compile(print(f))) = print(f) for every form, and
 * all but IGNORE_EXTENSIONS keep the fingerprint; messages keep their order in all of
 * them, if need be by groups standing among the messages.
 *
 * An option whose definition is not in sight, or whose value .proto text has no
 * words for, is shown as a comment with its bytes: then the text means less than
 * the file did. What a descriptor may say and no text can (a group whose message
 * is declared elsewhere) is refused with STELE_INVALID.
 * Fails else only with STELE_NO_MEMORY or STELE_LIMIT. Threads: any. */
bool stele_print_file(stele_arena *arena, const stele_file *file,
                      const stele_print_options *options, stele_buf *out,
                      stele_err *err) STELE_MUST_USE;

#endif
