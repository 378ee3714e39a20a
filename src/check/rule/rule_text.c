/* Columns, as source info counts them and as they are shown. */
#include "check/rule/rule_text.h"

#include "base/err.h"

enum { SOURCE_TAB = 8, SHOWN_TAB = 4, MARK = 0xfeff };

bool rule_text_is_plain(stele_str text) {
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '\t' || (unsigned char)text.ptr[i] >= 0x80) return false;
  }
  return true;
}

const rule_lines *rule_text_lines(stele_arena *arena, stele_str text) {
  uint32_t count = 1;
  for (size_t i = 0; i < text.len; i++) count += text.ptr[i] == '\n';
  rule_lines *lines =
      stele_arena_alloc(arena, sizeof *lines + count * sizeof(uint32_t), _Alignof(rule_lines));
  lines->count = 0;
  lines->starts[lines->count++] = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '\n') lines->starts[lines->count++] = (uint32_t)i + 1;
  }
  return lines;
}

/* The offset of a column in the line that begins at `at`. */
static size_t offset_in_line(stele_str text, size_t at, int32_t column) {
  for (int32_t here = 0; here < column && at < text.len && text.ptr[at] != '\n'; at++) {
    here = text.ptr[at] == '\t' ? (here / SOURCE_TAB + 1) * SOURCE_TAB : here + 1;
  }
  return at;
}

size_t rule_text_offset(stele_str text, stele_place place) {
  size_t at = 0;
  for (int32_t line = place.line; line > 0 && at < text.len; line--) {
    const char *end = memchr(text.ptr + at, '\n', text.len - at);
    at = end ? (size_t)(end - text.ptr) + 1 : text.len;
  }
  return offset_in_line(text, at, place.column);
}

typedef struct range {
  uint32_t first, last;
} range;

/* Blocks, not single characters: what a name or a comment is likely to hold. */
static const range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
static const range nothing[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d}, {0x0e31, 0x0e31},
    {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
    {0x202a, 0x202e}, {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    {MARK, MARK},
};

static bool is_in(const range *ranges, size_t count, uint32_t c) {
  for (size_t i = 0; i < count; i++) {
    if (c >= ranges[i].first && c <= ranges[i].last) return true;
  }
  return false;
}

static int32_t shown_width(uint32_t c) {
  if (c < 0x300) return 1;
  if (is_in(nothing, STELE_COUNT(nothing), c)) return 0;
  return is_in(wide, STELE_COUNT(wide), c) ? 2 : 1;
}

/* One code point; a byte that begins none stands for itself. */
static size_t decode(const char *at, size_t len, uint32_t *code) {
  unsigned char first = (unsigned char)at[0];
  size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  *code = more ? first & (0x3fu >> more) : first;
  if (more >= len) return 1;
  for (size_t i = 1; i <= more; i++) {
    if (((unsigned char)at[i] & 0xc0) != 0x80) return 1;
    *code = *code << 6 | ((unsigned char)at[i] & 0x3fu);
  }
  return more + 1;
}

int32_t rule_text_column(stele_str text, const rule_lines *lines, stele_place place) {
  if (place.line < 0 || (uint32_t)place.line >= lines->count) return place.column;
  size_t at = lines->starts[place.line], end = offset_in_line(text, at, place.column);
  int32_t column = 0;
  while (at < end) {
    if (text.ptr[at] == '\t') {
      column = (column / SHOWN_TAB + 1) * SHOWN_TAB;
      at++;
      continue;
    }
    uint32_t c = 0;
    at += decode(text.ptr + at, end - at, &c);
    column += shown_width(c);
  }
  return column;
}
