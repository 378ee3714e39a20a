/* The parser's entry: lex, parse statement by statement, hand over the tree.
 *
 * Declarations are added when they start, so that their order is the order of
 * the text; who is whose child is put side by side at the end, by counting. */
#include "proto/parse/parse.h"

#include "proto/parse/parse_internal.h"

/* A `}` that closes nothing. */
static void unmatched_brace(parser *p) {
  parse_fail(p, "Unmatched \"}\".");
  p->at++;
  parse_add_bad(p, 0, p->at - 1);
}

/* file = syntax? statement* */
static void parse_all(parser *p) {
  uint32_t file = parse_add(p, STELE_AST_FILE, STELE_AST_NONE);
  bool has_syntax = parse_at(p, STELE_SYM_syntax) || parse_at(p, STELE_SYM_edition);
  if (has_syntax && !parse_syntax(p, file)) { /* nothing else is worth reading then */
    parse_decl(p, file + 1)->kind = STELE_AST_BAD;
    parse_decl(p, file + 1)->meant = STELE_AST_SYNTAX;
    (void)parse_close(p, file + 1);
    return;
  }
  while (!parse_at_end(p)) {
    if (parse_statement(p, file, parse_file_statement)) continue;
    if (parse_at(p, STELE_SYM_OF('}'))) unmatched_brace(p);
  }
}

/* Each parent's children side by side, in source order. */
static const uint32_t *place_children(parser *p) {
  size_t count = p->decls.count;
  uint32_t *children = STELE_NEW_ARRAY(p->arena, uint32_t, count);
  uint32_t start = 0;
  for (size_t i = 0; i < count; i++) {
    stele_ast_decl *decl = &p->decls.at[i];
    decl->child_start = start;
    start += decl->child_count;
    decl->child_count = 0;
    if (decl->parent == STELE_AST_NONE) continue;
    stele_ast_decl *parent = &p->decls.at[decl->parent];
    children[parent->child_start + parent->child_count++] = (uint32_t)i;
  }
  return children;
}

static const stele_ast_file *finish(parser *p) {
  stele_ast_file *file = STELE_NEW(p->arena, stele_ast_file);
  stele_ast_decl *root = parse_decl(p, 0);
  bool has_syntax = p->decls.count > 1 && p->decls.at[1].kind == STELE_AST_SYNTAX;
  root->last = p->tokens.count > 1 ? p->tokens.count - 2 : 0;
  file->tokens = p->tokens;
  file->children = place_children(p);
  file->child_count = (uint32_t)p->decls.count - 1;
  file->decls = p->decls.at;
  file->decl_count = (uint32_t)p->decls.count;
  file->options = p->options.at;
  file->option_count = (uint32_t)p->options.count;
  file->ranges = p->ranges.at;
  file->range_count = (uint32_t)p->ranges.count;
  file->reserved_names = p->names.at;
  file->reserved_name_count = (uint32_t)p->names.count;
  file->edition = p->edition;
  file->has_syntax = has_syntax;
  file->has_errors = p->had_errors;
  return file;
}

const stele_ast_file *stele_parse(stele_arena *arena, stele_interner *interner,
                                  const stele_source *source, stele_report *report) {
  return stele_parse_within(arena, interner, source, 0, report);
}

const stele_ast_file *stele_parse_within(stele_arena *arena, stele_interner *interner,
                                         const stele_source *source, unsigned limit_depth,
                                         stele_report *report) {
  parser p = {
      .arena = arena, .report = report, .edition = PARSE_PROTO2, .limit_depth = limit_depth};
  stele_token_lex(arena, interner, source, NULL, &p.tokens);
  p.token = p.tokens.at;
  p.decls.cap = (size_t)p.tokens.ends + 2;
  p.decls.at = stele_arena_alloc(arena, p.decls.cap * sizeof *p.decls.at, _Alignof(stele_ast_decl));
  parse_all(&p);
  parse_finish_mistakes(&p);
  return finish(&p);
}

uint32_t stele_parse_imports(const stele_ast_file *file, stele_arena *arena,
                             const stele_str **paths) {
  const stele_ast_decl *root = &file->decls[0];
  stele_str *found = STELE_NEW_ARRAY(arena, stele_str, root->child_count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < root->child_count; i++) {
    const stele_ast_decl *decl = stele_ast_child(file, root, i);
    if (decl->kind != STELE_AST_IMPORT) continue;
    found[count++] = stele_token_string(arena, &file->tokens, decl->value, decl->value_last);
  }
  *paths = found;
  return count;
}
