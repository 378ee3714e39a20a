/* imports: which paths a file imports, before it is linked.
 *
 * In:   a tree, or a descriptor's bytes.   Out: paths in the linker's order.
 * Internal to proto/compile. Deps: base, proto/ast, proto/report. */
#ifndef STELE_PROTO_COMPILE_IMPORTS_H
#define STELE_PROTO_COMPILE_IMPORTS_H

#include "base/arena.h"
#include "proto/ast/ast.h"
#include "proto/report/report.h"

typedef struct compile_imports {
  const stele_str *paths;    /* in the order of stele_file.imports */
  const stele_place *places; /* of each import; {-1, -1} without a tree */
  uint32_t count;
  bool imports_itself;
} compile_imports;

/* Both live in `arena`; the paths of a descriptor alias its bytes. */
void compile_imports_of_tree(stele_arena *arena, const stele_ast_file *ast, compile_imports *out);

/* False when the bytes are no FileDescriptorProto, which is reported. */
bool compile_imports_of_descriptor(stele_arena *arena, stele_str name, stele_bytes bytes,
                                   stele_report *report, compile_imports *out);

#endif
