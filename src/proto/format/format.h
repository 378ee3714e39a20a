/* format: the text of one file, laid out anew.
 *
 * In:   a source.   Out: the same tokens and the same comments in one style;
 * findings where the text is no .proto file.
 * The style is written down in docs/format.md. Nothing is reordered, no token is
 * added or changed; lone `;` after a block, which mean nothing, go. Comments
 * keep their words to the byte and the declaration that protoc gives them to,
 * so the descriptor is the same before and after, comments included.
 * Pure. Deps: base, proto/source, proto/report, proto/token, proto/ast, proto/parse. */
#ifndef STELE_PROTO_FORMAT_FORMAT_H
#define STELE_PROTO_FORMAT_FORMAT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "proto/source/source.h"

typedef struct stele_report stele_report;

/* Appends the formatted text of `source` to `out` (which may be on the heap;
 * `arena` is scratch). Line ends are those of the first line; a byte order mark
 * goes. format(format(x)) = format(x).
 *
 * STELE_INVALID: the text does not parse, the report says where, and nothing was
 * appended. STELE_INTERNAL: what came out is not what went in; then it is not to
 * be used, and nothing was appended either. Else STELE_NO_MEMORY or STELE_LIMIT.
 * Cost: O(bytes); what was written is lexed again and compared.
 * Threads: safe on distinct arenas. */
bool stele_format(stele_arena *arena, const stele_source *source, stele_report *report,
                  stele_buf *out, stele_err *err) STELE_MUST_USE;

#endif
