/* descriptor/source_info: google.protobuf.SourceCodeInfo of a file.
 *
 * In:   a syntax tree without mistakes, and what its options came to.
 * Out:  the encoded message: locations in protoc's order, with comments.
 * Deps: base, proto/token, proto/ast, proto/wire. */
#ifndef STELE_PROTO_DESCRIPTOR_SOURCE_INFO_H
#define STELE_PROTO_DESCRIPTOR_SOURCE_INFO_H

#include "base/buf.h"
#include "proto/ast/ast.h"

/* Appends the encoded locations of `ast` to `out`.
 *
 * option_paths: one for each of ast->options: the interpreted path below the
 * element's options field, as varints (stele_option.path).
 * Memory: `scratch` is used and rewound; `out` must lie elsewhere. */
void stele_source_info_encode(stele_arena *scratch, const stele_ast_file *ast,
                              const stele_bytes *option_paths, stele_buf *out);

/* The same info without the locations at or below any of `paths[0, count)`
 * (numbers as varints); in `arena`. */
stele_bytes descriptor_source_info_strip(stele_arena *arena, stele_bytes info,
                                         const stele_bytes *paths, size_t count);

#endif
