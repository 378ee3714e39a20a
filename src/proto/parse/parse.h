/* parse: turns the text of one file into a syntax tree, and goes on after mistakes.
 *
 * In:   a source.   Out: its tree; findings in protoc's words, places and order.
 * Deps: base, proto/source, proto/token, proto/ast, proto/report. */
#ifndef STELE_PROTO_PARSE_PARSE_H
#define STELE_PROTO_PARSE_PARSE_H

#include "proto/ast/ast.h"

/* Lexes and parses `source`. There is always a tree; `has_errors` says whether
 * it may be linked. The tree lives in `arena` and aliases the source's text;
 * names go to `interner`. Must run inside a guard of `arena`.
 * Nesting is bounded (32 levels of messages, as protoc; values likewise). */
const stele_ast_file *stele_parse(stele_arena *arena, stele_interner *interner,
                                  const stele_source *source, stele_report *report);

/* The same; messages and groups may nest no deeper than `limit_depth` (0: the
 * bound above). */
const stele_ast_file *stele_parse_within(stele_arena *arena, stele_interner *interner,
                                         const stele_source *source, unsigned limit_depth,
                                         stele_report *report);

/* Only the import paths of a file, in order, from its tree. */
uint32_t stele_parse_imports(const stele_ast_file *file, stele_arena *arena,
                             const stele_str **paths);

#endif
