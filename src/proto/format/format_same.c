/* The proof: what was written has the tokens and the comments of what was read.
 *
 * The lone `;` that were left out are missing. A comment has the same words: all bytes but for the
 * white space and the stars that the lines of a block start with. */
#include "proto/format/format_internal.h"

typedef struct proof {
  stele_arena *arena;
  const stele_tokens *old, *new;
  format_comments old_comments, new_comments;
} proof;

static bool is_start_of_line(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f' || byte == '*';
}

/* Steps over what a line of a block may start with. */
static uint32_t skip_start(const char *text, uint32_t at, uint32_t end) {
  while (at < end && is_start_of_line(text[at])) at++;
  return at;
}

static bool is_same_comment(const proof *p, const format_comment *old, const format_comment *new) {
  const char *a = p->old->source.text.ptr, *b = p->new->source.text.ptr;
  uint32_t i = old->off, k = new->off, len = old->end - i;
  if (old->is_block != new->is_block) return false;
  if (len == new->end - k && memcmp(a + i, b + k, len) == 0) return true;
  while (i < old->end && k < new->end) {
    if (a[i] != b[k]) return false;
    bool is_newline = old->is_block && a[i] == '\n';
    i = is_newline ? skip_start(a, i + 1, old->end) : i + 1;
    k = is_newline ? skip_start(b, k + 1, new->end) : k + 1;
  }
  return i == old->end && k == new->end;
}

static bool is_same_gap(proof *p, uint32_t old, uint32_t new) {
  bool has = p->old->at[old].flags & STELE_TOKEN_AFTER_COMMENT;
  if (has != (bool)(p->new->at[new].flags &STELE_TOKEN_AFTER_COMMENT)) return false;
  if (!has) return true;
  (void)format_read_gap(p->arena, p->old, old, &p->old_comments);
  (void)format_read_gap(p->arena, p->new, new, &p->new_comments);
  if (p->old_comments.count != p->new_comments.count) return false;
  for (size_t i = 0; i < p->old_comments.count; i++) {
    if (!is_same_comment(p, &p->old_comments.at[i], &p->new_comments.at[i])) return false;
  }
  return true;
}

static bool is_same_token(const proof *p, uint32_t old, uint32_t new) {
  const stele_token *a = &p->old->at[old], *b = &p->new->at[new];
  if (a->kind != b->kind || a->sym != b->sym || a->len != b->len) return false;
  if (a->sym || !a->len) return true;
  return memcmp(p->old->source.text.ptr + a->off, p->new->source.text.ptr + b->off, a->len) == 0;
}

bool format_is_same(formatter *f, stele_str text, stele_interner *interner) {
  stele_source source = {f->file->tokens.source.name, text};
  stele_tokens tokens;
  stele_token_lex(f->arena, interner, &source, NULL, &tokens);
  proof p = {.arena = f->arena, .old = &f->file->tokens, .new = &tokens};
  uint32_t new = 0;
  size_t dropped = 0;
  if (tokens.mistake_count) return false;
  for (uint32_t old = 0; old < p.old->count; old++) {
    if (dropped < f->dropped.count && f->dropped.at[dropped] == old) {
      if (p.old->at[old].sym != STELE_SYM_OF(';')) return false;
      dropped++;
      continue;
    }
    bool is_same = new < tokens.count &&is_same_token(&p, old, new) && is_same_gap(&p, old, new);
    if (!is_same) return false;
    new ++;
  }
  return new == tokens.count;
}
