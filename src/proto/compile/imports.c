/* From a tree: its IMPORT declarations in source order. From a descriptor:
 * `dependency`, then `option_dependency`, as the linker takes them. */
#include "proto/compile/imports.h"

#include "base/vec.h"
#include "proto/wire/reader.h"

enum { SKIP_DEPTH = 100 };

typedef struct import_vecs {
  STELE_VEC(stele_str) paths;
  STELE_VEC(stele_place) places;
} import_vecs;

static void add(stele_arena *arena, import_vecs *vecs, stele_str path, stele_place place) {
  STELE_VEC_PUSH(arena, &vecs->paths, path);
  STELE_VEC_PUSH(arena, &vecs->places, place);
}

static void finish(const import_vecs *vecs, stele_str name, compile_imports *out) {
  *out = (compile_imports){vecs->paths.at, vecs->places.at, (uint32_t)vecs->paths.count, false};
  for (uint32_t i = 0; i < out->count; i++) {
    if (stele_str_eq(out->paths[i], name)) out->imports_itself = true;
  }
}

void compile_imports_of_tree(stele_arena *arena, const stele_ast_file *ast, compile_imports *out) {
  import_vecs vecs = {0};
  const stele_ast_decl *root = &ast->decls[0];
  for (uint32_t i = 0; i < root->child_count; i++) {
    const stele_ast_decl *decl = stele_ast_child(ast, root, i);
    if (decl->kind != STELE_AST_IMPORT) continue;
    stele_str path = stele_token_string(arena, &ast->tokens, decl->value, decl->value_last);
    add(arena, &vecs, path, stele_token_place(&ast->tokens, decl->first));
  }
  finish(&vecs, ast->tokens.source.name, out);
}

static bool add_field(stele_arena *arena, import_vecs *vecs, stele_bytes bytes, uint32_t number) {
  stele_reader r = stele_reader_of(bytes);
  while (!stele_read_done(&r)) {
    uint32_t tag = stele_read_tag(&r);
    if (tag == (number << 3 | 2)) {
      add(arena, vecs, stele_bytes_str(stele_read_delimited(&r)), (stele_place){-1, -1});
    } else {
      stele_read_skip_value(&r, tag, SKIP_DEPTH);
    }
  }
  return !r.failed;
}

bool compile_imports_of_descriptor(stele_arena *arena, stele_str name, stele_bytes bytes,
                                   stele_report *report, compile_imports *out) {
  enum { FILE_DEPENDENCY = 3, FILE_OPTION_DEPENDENCY = 15 };
  import_vecs vecs = {0};
  bool ok = add_field(arena, &vecs, bytes, FILE_DEPENDENCY) &&
            add_field(arena, &vecs, bytes, FILE_OPTION_DEPENDENCY);
  if (!ok) {
    stele_report_at(report, STELE_SEVERITY_ERROR, name, (stele_place){-1, -1},
                    "The bytes are no FileDescriptorProto.");
  }
  finish(&vecs, name, out);
  return ok;
}
