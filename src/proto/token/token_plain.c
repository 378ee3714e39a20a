/* The tokens that most of a file consists of, fast.
 *
 * Everything here could be left to token_lex.c, and is where there is no SSE2. What
 * makes the difference: where the lexer stands is kept in registers from token to
 * token; a name's end is found sixteen bytes at a time, and its first and last bytes
 * are hashed and compared as two words; and bytes are read ahead without asking how
 * many are left, so it stops some bytes before the end of the text.
 *
 * Half of its time went to waiting for the table of names, which lies far away: now a
 * name's number is looked up sixteen names later. */
#include "proto/token/token_internal.h"

#ifdef __SSE2__
#include <emmintrin.h>

/* A name of up to so many bytes is plain; as many can be read at any token. */
enum { STEP = 16, READABLE = 2 * STEP };

static inline __m128i load(const char *at) {
  return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* One bit for each of sixteen bytes that may go on in a name. Adding moves the
 * range to the bottom of the signed bytes, where one comparison tests it. */
static inline uint32_t name_mask(__m128i bytes) {
  __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
  __m128i letters = _mm_cmplt_epi8(_mm_add_epi8(lower, _mm_set1_epi8((char)(-128 - 'a'))),
                                   _mm_set1_epi8(-128 + 26));
  __m128i digits = _mm_cmplt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8((char)(-128 - '0'))),
                                  _mm_set1_epi8(-128 + 10));
  __m128i scores = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_'));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), scores));
}

/* The length of the name at `at`; READABLE when it is longer than one can see. */
static inline uint32_t name_length(const char *at) {
  uint32_t others = ~name_mask(load(at)) & 0xffff;
  if (others) return (uint32_t)__builtin_ctz(others);
  others = ~name_mask(load(at + STEP)) & 0xffff;
  return STEP + (uint32_t)__builtin_ctz(others | 1u << STEP);
}

/* intern_key_of_str without its calls and branches. */
static inline intern_key key_of_name(const char *at, uint32_t len) {
  uint64_t low = stele_hash_word(at);
  if (len < 8) return intern_key_of(at, len, low & ((UINT64_C(1) << (8 * len)) - 1), 0);
  if (len <= 16) return intern_key_of(at, len, low, stele_hash_word(at + len - 8));
  return intern_key_of_str((stele_str){at, len});
}

static inline uint32_t count_spaces(const char *at) {
  __m128i spaces = _mm_cmpeq_epi8(load(at), _mm_set1_epi8(' '));
  return (uint32_t)__builtin_ctz(~(uint32_t)_mm_movemask_epi8(spaces));
}

/* Digits that are a decimal number whatever comes behind them, up to STEP; else 0. */
static inline uint32_t number_length(const char *at) {
  uint32_t len = 1;
  while (len < STEP && token_is_digit(at[len])) len++;
  bool is_octal = at[0] == '0' && len > 1;
  bool goes_on = token_classes[(uint8_t)at[len]] == TOKEN_LETTER || at[len] == '.';
  return len == STEP || is_octal || goes_on ? 0 : len;
}

static inline void settle(token_lexer *lexer, const token_name *name) {
  name->token->sym = intern_by_key(lexer->interner, &name->key);
}

/* The name gets its number when as many more names have come. */
static inline void wait_for(token_lexer *lexer, stele_token *token, intern_key key) {
  uint32_t count = lexer->name_count++;
  token_name *place = &lexer->names[count % TOKEN_NAMES_AHEAD];
  if (count >= TOKEN_NAMES_AHEAD) settle(lexer, place);
  *place = (token_name){key, token};
  intern_fetch_slot(lexer->interner, key.hash);
}

void token_settle_names(token_lexer *lexer) {
  uint32_t count = lexer->name_count;
  uint32_t from = count < TOKEN_NAMES_AHEAD ? 0 : count - TOKEN_NAMES_AHEAD;
  for (uint32_t i = from; i < count; i++) settle(lexer, &lexer->names[i % TOKEN_NAMES_AHEAD]);
  lexer->name_count = 0;
}

void token_lex_plain(token_lexer *lexer) {
  enum { LINES = 1 << 13 };
  if (lexer->len < READABLE) return;
  const char *const text = lexer->text;
  const uint32_t last = lexer->len - READABLE;
  stele_token *next = lexer->next;
  const stele_token *const limit = lexer->limit;
  uint32_t at = lexer->at, line = lexer->line, ends = 0;
  uint8_t flags = lexer->flags;

  while (at <= last) {
    uint8_t byte = (uint8_t)text[at];
    uint8_t class = token_classes[byte];
    stele_token token = {.off = at, .line = line, .flags = flags};
    if (class == TOKEN_LETTER) {
      token.len = name_length(text + at);
      if (token.len == READABLE || next == limit) break;
      wait_for(lexer, next, key_of_name(text + at, token.len));
      token.kind = STELE_TOKEN_IDENTIFIER;
    } else if (class == TOKEN_SYMBOL_BYTE || class == TOKEN_DOT) {
      if (next == limit || (class == TOKEN_DOT && token_is_digit(text[at + 1]))) break;
      ends += byte == ';' || byte == '{';
      token.len = 1;
      token.sym = STELE_SYM_OF(byte);
      token.kind = STELE_TOKEN_SYMBOL;
    } else if (class == TOKEN_NEWLINE) {
      if (++line % LINES == 0) stele_arena_check(lexer->arena);
      flags |= STELE_TOKEN_FIRST_ON_LINE;
      at += 1 + count_spaces(text + at + 1);
      continue;
    } else if (class == TOKEN_SPACE) {
      at++;
      continue;
    } else if (class == TOKEN_DIGIT) {
      token.len = number_length(text + at);
      if (token.len == 0 || next == limit) break;
      token.kind = STELE_TOKEN_INTEGER;
    } else {
      break;
    }
    *next++ = token;
    flags = 0;
    at += token.len;
    at += text[at] == ' ';
  }
  lexer->out->ends += ends;
  lexer->next = next;
  lexer->at = at;
  lexer->line = line;
  lexer->flags = flags;
}
#else
void token_lex_plain(token_lexer *lexer) {
  (void)lexer;
}

void token_settle_names(token_lexer *lexer) {
  (void)lexer;
}
#endif
