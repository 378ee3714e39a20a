/* One pass over the text before lexing finds where lines start and whether there
 * are tabs and NUL bytes: of the bytes below ' ' most texts have only newlines. It runs at memory
 * speed, and pays for itself: most bytes of a commented file are `//` lines, and the lexer steps
 * over each of those by taking the next line start. */
#include "proto/token/token_internal.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { TAB_WIDTH = 8, BLOCK = 64 };

typedef struct line_finder {
  token_lexer *lexer;
  uint32_t *starts;
  size_t count, cap;
  uint64_t others; /* not 0: some control byte is no newline: it may be a tab or a NUL */
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
    if ((uint8_t)f->lexer->text[i] >= ' ') continue;
    if (f->lexer->text[i] == '\n') {
      f->starts[f->count++] = i + 1;
    } else {
      f->others = 1;
    }
  }
}

#ifdef __SSE2__
/* One bit for each of sixteen bytes that is below ' '. */
static inline uint64_t control_bits(const char *at) {
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
  __m128i cut = _mm_min_epu8(bytes, _mm_set1_epi8(' ' - 1));
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, cut));
}

static inline void scan_block(line_finder *f, uint32_t from) {
  const char *at = f->lexer->text + from;
  uint64_t controls = control_bits(at) | control_bits(at + 16) << 16 | control_bits(at + 32) << 32 |
                      control_bits(at + 48) << 48;
  uint32_t *to = f->starts + f->count;
  unsigned others = 0;
  for (; controls; controls &= controls - 1) {
    uint32_t i = (uint32_t)__builtin_ctzll(controls);
    *to = from + i + 1;
    to += at[i] == '\n';
    others |= (unsigned)(at[i] ^ '\n');
  }
  f->count = (size_t)(to - f->starts);
  f->others |= others;
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
  if (!f.others) return;
  lexer->has_nul = memchr(lexer->text, 0, lexer->len) != NULL;
  if (memchr(lexer->text, '\t', lexer->len)) find_tabs(lexer);
}
