/* The walk that the encoder of source info makes, without the info. */
#include "harness/comments.h"

typedef struct walk {
  const stele_ast_file *file;
  stele_comments comments;
  comments_visit *visit;
  void *arg;
  uint32_t ordinal;
} walk;

/* The declaration's location starts at `first` and gets its comments at `end`. */
static void take(walk *w, uint32_t first, uint32_t end) {
  stele_comments_of of;
  if (stele_comments_take(&w->comments, end, &of)) w->visit(w->arg, w->ordinal, first, &of);
  w->ordinal++;
}

static void visit_decl(walk *w, const stele_ast_decl *decl) {
  bool is_file = decl->kind == STELE_AST_FILE;
  bool hides_modifier = decl->modifier == STELE_AST_EXPORT || decl->modifier == STELE_AST_LOCAL;
  if (decl->kind == STELE_AST_EMPTY) {
    stele_comments_pass(&w->comments, decl->first);
    return;
  }
  if (!is_file) {
    take(w, decl->first + hides_modifier, decl->open != STELE_AST_NONE ? decl->open : decl->last);
  }
  for (uint32_t i = 0; i < decl->child_count; i++) visit_decl(w, stele_ast_child(w->file, decl, i));
  if (decl->open != STELE_AST_NONE) stele_comments_pass(&w->comments, decl->close);
}

void comments_walk(stele_arena *arena, const stele_ast_file *file, comments_visit *visit,
                   void *arg) {
  walk w = {.file = file, .visit = visit, .arg = arg};
  stele_comments_init(&w.comments, arena, &file->tokens);
  visit_decl(&w, &file->decls[0]);
}
