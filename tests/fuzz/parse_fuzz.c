/* Any bytes at all. Tokens, white space and comments partition the text; every
 * token knows its line; the tree's indexes are inside, children lie within
 * their parents and after one another; without findings nothing was skipped;
 * comments lie in gaps. Seeds: tests/fuzz/corpus/parse (replayed by `meson test`). */
#include <assert.h>

#include "base/guard.h"
#include "proto/parse/parse.h"
#include "proto/token/comments.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 256 << 20, MOST_PLACES = 4000 };

typedef struct fuzz_job {
  stele_arena *arena;
  stele_source source;
} fuzz_job;

/* Where a comment that starts at `at` ends; `at` itself if none starts there. */
static size_t after_comment(stele_str text, size_t at) {
  if (text.len - at < 2 || text.ptr[at] != '/') return at;
  bool is_line = text.ptr[at + 1] == '/';
  if (!is_line && text.ptr[at + 1] != '*') return at;
  for (at += 2; at < text.len && text.ptr[at]; at++) {
    if (is_line && text.ptr[at] == '\n') return at;
    if (is_line || text.len - at < 2) continue;
    if (text.ptr[at] == '*' && text.ptr[at + 1] == '/') return at + 2;
  }
  return at;
}

/* Behind all that is no token: space, control bytes and comments. */
static size_t after_gap(stele_str text, size_t at) {
  bool has_mark = at == 0 && text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0;
  if (has_mark) at = 3;
  for (;;) {
    while (at < text.len && (uint8_t)text.ptr[at] <= ' ') at++;
    size_t behind = after_comment(text, at);
    if (behind == at) return at;
    at = behind;
  }
}

static uint32_t newlines(stele_str text, size_t from, size_t to) {
  uint32_t count = 0;
  for (; from < to; from++) count += text.ptr[from] == '\n';
  return count;
}

static void check_literal(stele_arena *arena, const stele_tokens *tokens, uint32_t i) {
  const stele_token *token = &tokens->at[i];
  uint64_t whole = 0;
  if (token->kind == STELE_TOKEN_STRING) {
    assert(stele_token_string(arena, tokens, i, i).len <= token->len);
  } else if (token->kind == STELE_TOKEN_INTEGER) {
    if (stele_token_integer(tokens, i, 1000, &whole)) assert(whole <= 1000);
    (void)stele_token_float(tokens, i);
  } else if (token->kind == STELE_TOKEN_FLOAT) {
    assert(stele_token_float(tokens, i) >= 0);
  }
}

static void check_place(const stele_tokens *tokens, uint32_t i) {
  stele_place got = stele_token_place(tokens, i);
  stele_place want = stele_source_place(&tokens->source, tokens->at[i].off);
  assert(got.line == want.line && got.column == want.column);
}

static void check_tokens(stele_arena *arena, const stele_tokens *tokens) {
  stele_str text = tokens->source.text;
  size_t at = 0;
  uint32_t line = 0;
  for (uint32_t i = 0; i < tokens->count; i++) {
    const stele_token *token = &tokens->at[i];
    bool is_end = i + 1 == tokens->count;
    assert(token->off == after_gap(text, at));
    line += newlines(text, at, token->off);
    assert(token->line == line);
    assert((token->kind == STELE_TOKEN_END) == is_end && (token->len == 0) == is_end);
    at = (size_t)token->off + token->len;
    assert(at <= text.len && newlines(text, token->off, at) == 0);
    if (token->kind == STELE_TOKEN_IDENTIFIER) {
      assert(
          stele_str_eq(stele_sym_str(tokens->interner, token->sym), stele_token_text(tokens, i)));
    }
    check_literal(arena, tokens, i);
    if (text.len < MOST_PLACES) check_place(tokens, i);
  }
  assert(at == text.len && tokens->line_count == line + 1);
}

static void check_span(const stele_ast_file *file, uint32_t first, uint32_t last) {
  if (first == STELE_AST_NONE) return;
  assert(first <= last && last < file->tokens.count);
}

/* One token or NONE, within the declaration. */
static void check_inside(const stele_ast_decl *decl, uint32_t token) {
  assert(token == STELE_AST_NONE || (token >= decl->first && token <= decl->last));
}

static void check_decl(const stele_ast_file *file, const stele_ast_decl *decl) {
  check_span(file, decl->first, decl->last);
  check_span(file, decl->name, decl->name_last);
  check_span(file, decl->type, decl->type_last);
  check_span(file, decl->type2, decl->type2_last);
  check_span(file, decl->value, decl->value_last);
  const uint32_t inside[] = {
      decl->modifier_token, decl->name,          decl->name_last, decl->type,    decl->type_last,
      decl->type2,          decl->type2_last,    decl->stream,    decl->stream2, decl->value,
      decl->bracket_open,   decl->bracket_close, decl->open,      decl->close};
  bool is_whole = decl->kind != STELE_AST_BAD;
  for (size_t i = 0; is_whole && i < STELE_COUNT(inside); i++) check_inside(decl, inside[i]);
  assert(decl->option_start <= file->option_count &&
         decl->option_count <= file->option_count - decl->option_start);
  assert(decl->range_start <= file->range_count &&
         decl->range_count <= file->range_count - decl->range_start);
  assert(decl->reserved_start <= file->reserved_name_count &&
         decl->reserved_count <= file->reserved_name_count - decl->reserved_start);
  assert(decl->child_start <= file->child_count &&
         decl->child_count <= file->child_count - decl->child_start);
}

/* Children are in order, apart, and within their parent. */
static void check_children(const stele_ast_file *file, uint32_t index, uint8_t *seen) {
  const stele_ast_decl *decl = &file->decls[index];
  uint32_t free_from = decl->first;
  for (uint32_t i = 0; i < decl->child_count; i++) {
    uint32_t child_index = file->children[decl->child_start + i];
    assert(child_index > index && child_index < file->decl_count && !seen[child_index]);
    seen[child_index] = 1;
    const stele_ast_decl *child = stele_ast_child(file, decl, i);
    assert(child->parent == index && child->first >= free_from && child->last <= decl->last);
    free_from = child->last + 1;
  }
}

static void check_tree(stele_arena *arena, const stele_ast_file *file) {
  uint8_t *seen = STELE_NEW_ARRAY(arena, uint8_t, file->decl_count);
  assert(file->decl_count > 0 && file->decls[0].kind == STELE_AST_FILE);
  assert(file->child_count == file->decl_count - 1);
  for (uint32_t i = 0; i < file->decl_count; i++) {
    check_decl(file, &file->decls[i]);
    check_children(file, i, seen);
    if (!file->has_errors) assert(file->decls[i].kind != STELE_AST_BAD);
  }
  for (uint32_t i = 1; i < file->decl_count; i++) assert(seen[i]);
  for (uint32_t i = 0; i < file->option_count; i++) {
    const stele_ast_option *option = &file->options[i];
    check_span(file, option->first, option->last);
    check_span(file, option->name_first, option->name_last);
    check_span(file, option->value_first, option->value_last);
  }
  for (uint32_t i = 0; i < file->range_count; i++) {
    check_span(file, file->ranges[i].first, file->ranges[i].last);
  }
}

/* Without findings the top level's declarations leave no token out. */
static void check_cover(const stele_ast_file *file) {
  const stele_ast_decl *root = &file->decls[0];
  uint32_t next = 0;
  for (uint32_t i = 0; i < root->child_count; i++) {
    const stele_ast_decl *child = stele_ast_child(file, root, i);
    assert(child->first == next);
    next = child->last + 1;
  }
  assert(next == file->tokens.count - 1);
}

static void check_comment(const stele_ast_file *file, const stele_comment *comment,
                          stele_arena *arena) {
  stele_buf text;
  if (!comment->end) return;
  stele_buf_init(&text, arena, 0);
  assert(comment->off < comment->end && comment->end <= file->tokens.source.text.len);
  assert(file->tokens.source.text.ptr[comment->off] == '/');
  stele_comment_print(&file->tokens, comment, &text);
  assert(text.len <= comment->end - comment->off);
}

static void check_comments(stele_arena *arena, const stele_ast_file *file) {
  stele_comments comments;
  stele_comments_of of;
  stele_comments_init(&comments, arena, &file->tokens);
  for (uint32_t i = 0; i + 1 < file->tokens.count; i++) {
    stele_sym sym = file->tokens.at[i].sym;
    bool opens = sym == STELE_SYM_OF(';') || sym == STELE_SYM_OF('{');
    if (sym == STELE_SYM_OF('}')) stele_comments_pass(&comments, i);
    if (!opens || !stele_comments_take(&comments, i, &of)) continue;
    check_comment(file, &of.leading, arena);
    check_comment(file, &of.trailing, arena);
    for (size_t j = 0; j < of.detached_count; j++) check_comment(file, &of.detached[j], arena);
  }
}

static void check(void *arg) {
  fuzz_job *job = arg;
  stele_report *report = stele_report_new(job->arena, 0);
  stele_interner *interner = stele_token_interner(job->arena);
  const stele_ast_file *file = stele_parse(job->arena, interner, &job->source, report);
  assert(file->has_errors == stele_report_has_errors(report));
  check_tokens(job->arena, &file->tokens);
  check_tree(job->arena, file);
  check_comments(job->arena, file);
  if (!file->has_errors) check_cover(file);

  const stele_str *paths;
  stele_buf text;
  if (!file->has_errors) (void)stele_parse_imports(file, job->arena, &paths);
  stele_buf_init(&text, job->arena, 0);
  for (int form = STELE_REPORT_PROTOC; form <= STELE_REPORT_GITHUB; form++) {
    stele_report_print(report, (stele_report_form)form, &text);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  stele_arena *arena = stele_arena_new(ARENA_BYTES);
  if (!arena) return 0;
  fuzz_job job = {arena, {STELE_STR("in.proto"), {(const char *)data, size}}};
  stele_err err = {0};
  if (!stele_guard_run(arena, check, &job, &err)) assert(err.code == STELE_LIMIT);
  stele_arena_free(arena);
  return 0;
}
