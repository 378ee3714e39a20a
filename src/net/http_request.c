/* Reading a parsed request: names, words, percent-encoding, queries. */
#include "net/http_request.h"

#include "net/http_char.h"

const char *http_method_text(http_method method) {
  static const char *const texts[HTTP_METHOD_COUNT] = {
#define X(name) #name,
      HTTP_METHODS(X)
#undef X
          "other",
  };
  return texts[method];
}

bool http_same_word(stele_str text, const char *lower) {
  size_t i = 0;
  for (; i < text.len && lower[i]; i++) {
    char c = text.ptr[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c | 0x20);
    if (c != lower[i]) return false;
  }
  return i == text.len && !lower[i];
}

stele_str http_header_find(const http_request *request, const char *lower_name, size_t n) {
  for (size_t i = 0; i < request->field_count; i++) {
    const http_field *field = &request->fields[i];
    stele_str name = {request->head + field->name_at, field->name_len};
    if (http_same_word(name, lower_name) && n-- == 0) {
      return (stele_str){request->head + field->value_at, field->value_len};
    }
  }
  return (stele_str){NULL, 0};
}

static bool needs_decoding(stele_str text, bool plus_is_space) {
  if (text.len == 0) return false;
  return memchr(text.ptr, '%', text.len) || (plus_is_space && memchr(text.ptr, '+', text.len));
}

bool http_percent_decode(stele_arena *arena, stele_str text, bool plus_is_space, stele_str *out) {
  *out = text;
  if (!needs_decoding(text, plus_is_space)) return true;
  char *decoded = stele_arena_alloc(arena, text.len, 1);
  size_t len = 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      if (text.len - i < 3 || http_span(text.ptr + i + 1, 2, HTTP_HEX) < 2) return false;
      c = (char)(http_hex_value(text.ptr[i + 1]) << 4 | http_hex_value(text.ptr[i + 2]));
      i += 2;
    }
    decoded[len++] = c;
  }
  *out = (stele_str){decoded, len};
  return true;
}

/* Splits at the first `mark`: the part before it, and the rest behind. */
static stele_str cut(stele_str *rest, char mark) {
  const char *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
  size_t len = at ? (size_t)(at - rest->ptr) : rest->len, next = at ? len + 1 : len;
  stele_str part = {rest->ptr, len};
  *rest = (stele_str){rest->len ? rest->ptr + next : rest->ptr, rest->len - next};
  return part;
}

bool http_query_next(stele_arena *arena, stele_str *rest, http_query_pair *out) {
  while (rest->len) {
    stele_str value = cut(rest, '&');
    if (value.len == 0) continue;
    stele_str key = cut(&value, '=');
    if (!http_percent_decode(arena, key, true, &out->key)) out->key = key;
    if (!http_percent_decode(arena, value, true, &out->value)) out->value = value;
    return true;
  }
  return false;
}
