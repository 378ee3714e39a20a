/* One pass over the text before lexing finds where lines start and whether
 * there are tabs and NUL bytes. It runs at memory speed, and pays for itself:
 * most bytes of a commented file are `//` lines, and the lexer steps over
 * each of those by taking the next line start. */
#include "proto/token/token_internal.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { TAB_WIDTH = 8, BLOCK = 64 };

typedef struct line_finder {
  token_lexer *lexer;
  uint32_t *starts;
  size_t count, cap;
} line_finder;

/* Room for every byte of a block to be a newline. */
static void grow_starts(line_finder *f) {
  size_t cap = f->cap * 2 + 2 * BLOCK;
  f->starts = stele_arena_grow(f->lexer->arena, f->starts, f->cap * sizeof *f->starts,
                               cap * sizeof *f->starts, _Alignof(uint32_t));
  f->cap = cap;
}

static inline void reserve_block(line_finder *f) {
  if (f->cap - f->count <= BLOCK) grow_starts(f);
}

static void scan_bytes(line_finder *f, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) {
    if (f->lexer->text[i] == '\n') f->starts[f->count++] = i + 1;
  }
}

#ifdef __SSE2__
static inline uint64_t newline_bits(const char *at) {
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
}

static inline void scan_block(line_finder *f, uint32_t from) {
  const char *at = f->lexer->text + from;
  uint64_t newlines = newline_bits(at) | newline_bits(at + 16) << 16 | newline_bits(at + 32) << 32 |
                      newline_bits(at + 48) << 48;
  for (; newlines; newlines &= newlines - 1) {
    f->starts[f->count++] = from + (uint32_t)__builtin_ctzll(newlines) + 1;
  }
}
#else
static inline void scan_block(line_finder *f, uint32_t from) {
  scan_bytes(f, from, from + BLOCK);
}
#endif

/* Every tab with the column behind it, so that a column is found in log time
 * even in a hostile line of a million tabs. */
static void find_tabs(token_lexer *lexer) {
  const char *end = lexer->text + lexer->len;
  size_t count = 0;
  for (const char *at = lexer->text; (at = memchr(at, '\t', (size_t)(end - at))); at++) count++;

  stele_token_tab *tabs = STELE_NEW_ARRAY(lexer->arena, stele_token_tab, count);
  uint32_t line = 0, done = 0;
  for (const char *at = lexer->text; (at = memchr(at, '\t', (size_t)(end - at))); at++) {
    uint32_t off = (uint32_t)(at - lexer->text);
    while (line + 1 < lexer->out->line_count && lexer->out->line_starts[line + 1] <= off) line++;
    uint32_t start = lexer->out->line_starts[line];
    bool is_first = done == 0 || tabs[done - 1].off < start;
    int32_t column = is_first ? (int32_t)(off - start)
                              : tabs[done - 1].column + (int32_t)(off - tabs[done - 1].off - 1);
    tabs[done++] = (stele_token_tab){off, column + TAB_WIDTH - column % TAB_WIDTH};
  }
  lexer->out->tabs = tabs;
  lexer->out->tab_count = done;
}

void token_find_lines(token_lexer *lexer) {
  line_finder f = {.lexer = lexer, .cap = lexer->len / 32 + 2 * BLOCK};
  f.starts = stele_arena_alloc(lexer->arena, f.cap * sizeof *f.starts, _Alignof(uint32_t));
  f.starts[f.count++] = 0;
  uint32_t at = 0;
  for (; lexer->len - at >= BLOCK; at += BLOCK) {
    reserve_block(&f);
    scan_block(&f, at);
  }
  reserve_block(&f);
  scan_bytes(&f, at, lexer->len);
  stele_arena_trim(lexer->arena, f.starts, f.cap * sizeof *f.starts, f.count * sizeof *f.starts);
  lexer->out->line_starts = f.starts;
  lexer->out->line_count = (uint32_t)f.count;
  if (lexer->len == 0) return;
  lexer->has_nul = memchr(lexer->text, 0, lexer->len) != NULL;
  if (memchr(lexer->text, '\t', lexer->len)) find_tabs(lexer);
}
