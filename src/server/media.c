/* Choosing a type (RFC 9110, 12.5.1): for each of ours the most specific range
 * that covers it says how welcome it is; the most welcome wins, and of equals
 * the one we prefer. */
#include "server/media.h"

#include "net/http_request.h"

const char *const media_json_types[MEDIA_JSON_COUNT] = {
    "application/vnd.schemaregistry.v1+json",
    "application/vnd.schemaregistry+json",
    "application/json",
};

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static stele_str trim(stele_str text) {
  while (text.len && is_blank(text.ptr[0])) text.ptr++, text.len--;
  while (text.len && is_blank(text.ptr[text.len - 1])) text.len--;
  return text;
}

/* Takes the part before `mark` off `rest`, without blanks around it. */
static stele_str cut(stele_str *rest, char mark) {
  const char *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
  size_t len = at ? (size_t)(at - rest->ptr) : rest->len, next = at ? len + 1 : len;
  stele_str part = {rest->ptr, len};
  *rest = next ? (stele_str){rest->ptr + next, rest->len - next} : *rest;
  return trim(part);
}

/* "0.85" in thousandths; anything odd counts as 1. */
static int quality(stele_str text) {
  if (text.len == 0 || text.len > 5 || (text.ptr[0] != '0' && text.ptr[0] != '1')) return 1000;
  int value = (text.ptr[0] - '0') * 1000, unit = 100;
  if (text.len > 1 && text.ptr[1] != '.') return 1000;
  for (size_t i = 2; i < text.len; i++, unit /= 10) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return 1000;
    value += (text.ptr[i] - '0') * unit;
  }
  return value > 1000 ? 1000 : value;
}

/* The "q" among the parameters behind a range. */
static int range_quality(stele_str parameters) {
  while (parameters.len) {
    stele_str parameter = cut(&parameters, ';');
    stele_str name = cut(&parameter, '=');
    if (http_same_word(name, "q")) return quality(trim(parameter));
  }
  return 1000;
}

/* How closely a range describes a type: 3 the type itself, 2 "application/…",
 * 1 anything, 0 not at all. */
static int closeness(stele_str range, const char *type) {
  if (http_same_word(range, type)) return 3;
  if (http_same_word(range, "application/*")) return 2;
  return http_same_word(range, "*/*") || http_same_word(range, "*") ? 1 : 0;
}

static int welcome(stele_str accept, const char *type) {
  int closest = 0, found = 0;
  while (accept.len) {
    stele_str parameters = cut(&accept, ',');
    stele_str range = cut(&parameters, ';');
    int close = closeness(range, type);
    if (close <= closest) continue;
    closest = close;
    found = range_quality(parameters);
  }
  return found;
}

const char *media_choose_json(stele_str accept) {
  if (trim(accept).len == 0 || stele_str_eq(accept, STELE_STR("*/*"))) return media_json_types[0];
  const char *chosen = NULL;
  int best = 0;
  for (size_t i = 0; i < MEDIA_JSON_COUNT; i++) {
    int value = welcome(accept, media_json_types[i]);
    if (value <= best) continue;
    best = value;
    chosen = media_json_types[i];
  }
  return chosen;
}

bool media_is(stele_str content_type, const char *type) {
  return http_same_word(cut(&content_type, ';'), type);
}

static bool is_in(stele_str list, stele_str type) {
  while (list.len) {
    stele_str item = cut(&list, ' ');
    if (item.len && item.len == type.len && strncasecmp(item.ptr, type.ptr, item.len) == 0) {
      return true;
    }
  }
  return false;
}

bool media_is_taken(stele_str content_type, const char *further) {
  stele_str type = cut(&content_type, ';');
  if (type.len == 0 || http_same_word(type, "application/octet-stream")) return true;
  for (size_t i = 0; i < MEDIA_JSON_COUNT; i++) {
    if (http_same_word(type, media_json_types[i])) return true;
  }
  return further && is_in(stele_cstr(further), type);
}
