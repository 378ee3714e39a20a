/* fmt/json_cursor: the tokens of RFC 8259, for readers that know what comes.
 *
 * In:   text.   Out: strings, numbers and words one after the other, and where
 * the text is wrong. The tree of fmt/json.h and the messages of proto/json are
 * both read through it.
 * Deps: base/decimal.h, fmt/json.h. */
#ifndef STELE_FMT_JSON_CURSOR_H
#define STELE_FMT_JSON_CURSOR_H

#include "base/decimal.h"
#include "fmt/json.h"

/* A reader over the text [at, end). Lines are counted where white space is
 * skipped: a raw newline can stand nowhere else. */
typedef struct stele_json_cursor {
  const char *start, *at, *end;
  const char *line_start;
  uint32_t line;
  stele_arena *arena;      /* of strings that have escapes */
  stele_json_place *where; /* of the failure */
  stele_err *err;
} stele_json_cursor;

/* `where` must not be NULL. */
void stele_json_cursor_init(stele_json_cursor *c, stele_arena *arena, stele_str text,
                            stele_json_place *where, stele_err *err);

/* Where something that has been read already is. */
stele_json_place stele_json_place_at(const stele_json_cursor *c, const char *at);

/* Fails with "line 1, column 2 (byte 1): <text>", and sets `where`. */
bool stele_json_fail_place(stele_json_cursor *c, stele_json_place place, stele_code code,
                           const char *text);
/* With STELE_INVALID, at a byte that has been read. */
bool stele_json_fail_at(stele_json_cursor *c, const char *at, const char *text);
/* At the next byte; says that the text ends too early where there is none. */
bool stele_json_fail_here(stele_json_cursor *c, const char *text);

void stele_json_skip_space_slow(stele_json_cursor *c);

static inline void stele_json_skip_space(stele_json_cursor *c) {
  if (c->at < c->end && (uint8_t)*c->at <= ' ') stele_json_skip_space_slow(c);
}

/* Steps over `byte`, if it comes next. */
static inline bool stele_json_take(stele_json_cursor *c, char byte) {
  if (c->at == c->end || *c->at != byte) return false;
  c->at++;
  return true;
}

/* A string, with the cursor on its first quote: decoded, valid UTF-8; it
 * aliases the text unless it has escapes. */
bool stele_json_read_string(stele_json_cursor *c, stele_str *out) STELE_MUST_USE;

/* A number, with the cursor on its first byte. */
bool stele_json_read_number(stele_json_cursor *c, stele_decimal *out) STELE_MUST_USE;

/* true, false or null, with the cursor on its first byte; others fail. */
bool stele_json_read_word(stele_json_cursor *c, stele_str word) STELE_MUST_USE;

/* Steps over a value of any kind that nests at most `depth` deep; it must be
 * valid, but a member may stand in it twice. */
bool stele_json_skip_value(stele_json_cursor *c, uint32_t depth) STELE_MUST_USE;

#endif
