/* What can be asked of finished tokens: their places, lines and text; and the
 * interner that knows the grammar's words by number. */
#include "proto/token/token.h"

#include "base/err.h"

enum { TAB_WIDTH = 8, SYMBOL_COUNT = STELE_SYM_WORDS_START };

/* Texts of the fixed numbers, one after the other: the bytes 1 to 127 as
 * themselves, then the words. */
static const char symbols[SYMBOL_COUNT + 1] =
    "\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020"
    "\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037\040"
    "\041\042\043\044\045\046\047\050\051\052\053\054\055\056\057\060"
    "\061\062\063\064\065\066\067\070\071\072\073\074\075\076\077\100"
    "\101\102\103\104\105\106\107\110\111\112\113\114\115\116\117\120"
    "\121\122\123\124\125\126\127\130\131\132\133\134\135\136\137\140"
    "\141\142\143\144\145\146\147\150\151\152\153\154\155\156\157\160"
    "\161\162\163\164\165\166\167\170\171\172\173\174\175\176\177";

static const stele_str words[] = {
#define X(word) STELE_STR_INIT(#word),
    STELE_WORDS(X)
#undef X
};

stele_interner *stele_token_interner(stele_arena *arena) {
  enum { FIXED = SYMBOL_COUNT + STELE_COUNT(words) };
  stele_str *fixed = STELE_NEW_ARRAY(arena, stele_str, FIXED);
  for (size_t i = 0; i < SYMBOL_COUNT; i++) fixed[i] = (stele_str){&symbols[i], 1};
  for (size_t i = 0; i < STELE_COUNT(words); i++) fixed[SYMBOL_COUNT + i] = words[i];
  return stele_interner_new(arena, fixed, FIXED);
}

/* The last tab before `off`, or NULL. */
static const stele_token_tab *tab_before(const stele_tokens *tokens, uint32_t off) {
  uint32_t low = 0, high = tokens->tab_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (tokens->tabs[middle].off < off) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low ? &tokens->tabs[low - 1] : NULL;
}

stele_place stele_token_place_at(const stele_tokens *tokens, uint32_t line, uint32_t off) {
  uint32_t start = tokens->line_starts[line];
  const stele_token_tab *tab = tokens->tab_count ? tab_before(tokens, off) : NULL;
  if (tab && tab->off >= start) {
    return (stele_place){(int32_t)line, tab->column + (int32_t)(off - tab->off - 1)};
  }
  return (stele_place){(int32_t)line, (int32_t)(off - start)};
}

stele_place stele_token_place(const stele_tokens *tokens, uint32_t index) {
  const stele_token *token = &tokens->at[index];
  return stele_token_place_at(tokens, token->line, token->off);
}

stele_place stele_token_end(const stele_tokens *tokens, uint32_t index) {
  const stele_token *token = &tokens->at[index];
  return stele_token_place_at(tokens, token->line, token->off + token->len);
}

stele_str stele_token_line(const stele_tokens *tokens, uint32_t line) {
  if (line >= tokens->line_count) return (stele_str){0};
  const char *text = tokens->source.text.ptr;
  uint32_t start = tokens->line_starts[line];
  uint32_t end = (uint32_t)tokens->source.text.len;
  if (line + 1 < tokens->line_count) end = tokens->line_starts[line + 1] - 1;
  if (end > start && text[end - 1] == '\r') end--;
  return (stele_str){text + start, end - start};
}

void stele_token_report(const stele_tokens *tokens, const stele_token_mistake *mistake,
                        stele_report *report) {
  stele_place place = stele_token_place_at(tokens, mistake->line, mistake->off);
  stele_report_add(report,
                   &(stele_finding){.severity = STELE_SEVERITY_ERROR,
                                    .file = tokens->source.name,
                                    .line = place.line,
                                    .column = place.column,
                                    .end_column = -1,
                                    .text = mistake->text,
                                    .source_line = stele_token_line(tokens, mistake->line)});
}

stele_str stele_token_glue(stele_arena *arena, const stele_tokens *tokens, uint32_t first,
                           uint32_t last) {
  const stele_token *at = tokens->at;
  size_t len = 0;
  for (uint32_t i = first; i <= last; i++) len += at[i].len;
  if (at[last].off + at[last].len - at[first].off == len) {
    return (stele_str){tokens->source.text.ptr + at[first].off, len};
  }
  char *glued = stele_arena_alloc(arena, len, 1);
  size_t done = 0;
  for (uint32_t i = first; i <= last; i++) {
    memcpy(glued + done, tokens->source.text.ptr + at[i].off, at[i].len);
    done += at[i].len;
  }
  return (stele_str){glued, len};
}
