/* Names in the three spellings, as the tool that teams come from makes them.
 *
 * A name is cut at its outer blanks and delimiters first. In snake case a word
 * begins at a capital whose left neighbour is a small letter or whose right one
 * is neither capital, digit nor delimiter, so "HTTPServer" is "http_server" and
 * a digit never begins a word. */
#include "check/rule/rule_internal.h"

#include <stdlib.h>

#include "base/buf.h"

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_delimiter(char c) {
  return c == '.' || c == '-' || c == '_' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char to_upper(char c) {
  return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c) {
  return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static stele_str trim(stele_str name) {
  while (name.len > 0 && is_delimiter(name.ptr[0])) name = (stele_str){name.ptr + 1, name.len - 1};
  while (name.len > 0 && is_delimiter(name.ptr[name.len - 1])) name.len--;
  return name;
}

stele_str rule_pascal_case(stele_arena *arena, stele_str name) {
  char *out = stele_arena_alloc(arena, name.len + 1, 1);
  size_t len = 0;
  bool begins = true;
  for (size_t i = 0; i < name.len; i++) {
    if (is_delimiter(name.ptr[i])) {
      begins = true;
      continue;
    }
    out[len++] = begins ? to_upper(name.ptr[i]) : name.ptr[i];
    begins = false;
  }
  return (stele_str){out, len};
}

static bool begins_word(stele_str name, size_t i) {
  if (i == 0 || !is_upper(name.ptr[i])) return false;
  if (is_lower(name.ptr[i - 1])) return true;
  if (i + 1 == name.len) return false;
  char next = name.ptr[i + 1];
  return !is_upper(next) && !is_digit(next) && !is_delimiter(next);
}

static stele_str snake_case(stele_arena *arena, stele_str name, char (*fold)(char c)) {
  name = trim(name);
  char *out = stele_arena_alloc(arena, 2 * name.len + 1, 1);
  size_t len = 0;
  for (size_t i = 0; i < name.len; i++) {
    bool delimits = is_delimiter(name.ptr[i]);
    if ((delimits || begins_word(name, i)) && len > 0 && out[len - 1] != '_') out[len++] = '_';
    if (!delimits) out[len++] = fold(name.ptr[i]);
  }
  return (stele_str){out, len};
}

stele_str rule_lower_snake_case(stele_arena *arena, stele_str name) {
  return snake_case(arena, name, to_lower);
}

stele_str rule_upper_snake_case(stele_arena *arena, stele_str name) {
  return snake_case(arena, name, to_upper);
}

stele_str rule_quote(stele_arena *arena, stele_str text) {
  static const char hex[] = "0123456789abcdef";
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  stele_buf_add_byte(&out, '"');
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    const char *at = c ? strchr("\a\b\f\n\r\t\v\\\"", c) : NULL;
    if (at) {
      stele_buf_add_byte(&out, '\\');
      stele_buf_add_byte(&out, (uint8_t) "abfnrtv\\\""[at - "\a\b\f\n\r\t\v\\\""]);
    } else if (c < 0x20 || c == 0x7f) {
      stele_buf_add_cstr(&out, "\\x");
      stele_buf_add_byte(&out, (uint8_t)hex[c >> 4]);
      stele_buf_add_byte(&out, (uint8_t)hex[c & 15]);
    } else {
      stele_buf_add_byte(&out, c);
    }
  }
  stele_buf_add_byte(&out, '"');
  return stele_buf_str(&out);
}

stele_str rule_folder(stele_str path) {
  size_t len = path.len;
  while (len > 0 && path.ptr[len - 1] != '/') len--;
  return len == 0 ? STELE_STR(".") : (stele_str){path.ptr, len - 1};
}

bool rule_starts_with(stele_str text, stele_str start) {
  return text.len >= start.len && stele_str_eq((stele_str){text.ptr, start.len}, start);
}

bool rule_ends_with(stele_str text, stele_str end) {
  return text.len >= end.len &&
         stele_str_eq((stele_str){text.ptr + text.len - end.len, end.len}, end);
}

/* A number of at least 1 in 32 bits; a sign is a number's too. */
static bool is_number(stele_str text) {
  uint64_t value = 0;
  if (text.len > 0 && text.ptr[0] == '+') text = (stele_str){text.ptr + 1, text.len - 1};
  if (text.len == 0) return false;
  for (size_t i = 0; i < text.len; i++) {
    if (!is_digit(text.ptr[i])) return false;
    value = value * 10 + (uint64_t)(text.ptr[i] - '0');
    if (value > INT32_MAX) return false;
  }
  return value >= 1;
}

/* Cuts `text` at the first `mark`. */
static bool cut(stele_str text, stele_str mark, stele_str *before, stele_str *after) {
  for (size_t i = 0; i + mark.len <= text.len; i++) {
    if (memcmp(text.ptr + i, mark.ptr, mark.len) != 0) continue;
    *before = (stele_str){text.ptr, i};
    *after = (stele_str){text.ptr + i + mark.len, text.len - i - mark.len};
    return true;
  }
  return false;
}

static rule_version unstable_if(bool ok) {
  return ok ? RULE_UNSTABLE : RULE_UNVERSIONED;
}

/* v1, v1test…, v1alpha, v1beta2, v1p1beta1 */
static rule_version part_version(stele_str part) {
  stele_str before, after, major, patch;
  if (part.len < 2 || part.ptr[0] != 'v') return RULE_UNVERSIONED;
  part = (stele_str){part.ptr + 1, part.len - 1};
  if (cut(part, STELE_STR("test"), &before, &after)) return unstable_if(is_number(before));
  bool alpha = cut(part, STELE_STR("alpha"), &before, &after);
  if (alpha && cut(part, STELE_STR("beta"), &major, &patch)) return RULE_UNVERSIONED;
  if (!alpha && !cut(part, STELE_STR("beta"), &before, &after)) {
    return is_number(part) ? RULE_STABLE : RULE_UNVERSIONED;
  }
  if (after.len > 0 && !is_number(after)) return RULE_UNVERSIONED;
  if (cut(before, STELE_STR("p"), &major, &patch)) {
    return unstable_if(is_number(major) && is_number(patch));
  }
  return unstable_if(is_number(before));
}

rule_version rule_package_version(stele_str package) {
  size_t start = package.len;
  while (start > 0 && package.ptr[start - 1] != '.') start--;
  if (start == 0) return RULE_UNVERSIONED;
  return part_version((stele_str){package.ptr + start, package.len - start});
}

static int by_text(const void *a, const void *b) {
  return stele_str_order(*(const stele_str *)a, *(const stele_str *)b);
}

stele_str rule_join_sorted(stele_arena *arena, stele_str *texts, size_t count) {
  stele_buf out;
  stele_buf_init(&out, arena, 0);
  if (count > 0) qsort(texts, count, sizeof *texts, by_text);
  for (size_t i = 0; i < count; i++) {
    if (i > 0 && stele_str_eq(texts[i], texts[i - 1])) continue;
    if (out.len > 0) stele_buf_add_byte(&out, ',');
    stele_buf_add_str(&out, texts[i]);
  }
  return stele_buf_str(&out);
}

stele_str rule_type_name(const stele_field *field) {
  stele_str name = stele_field_type_name(field);
  return name.len > 0 && name.ptr[0] == '.' ? (stele_str){name.ptr + 1, name.len - 1} : name;
}
