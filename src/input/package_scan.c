/* A statement at the top that begins with "package": comments and strings are stepped
 * over, braces counted, and nothing else looked at. */
#include "input/package_scan.h"

#include <string.h>

#include "base/buf.h"

typedef struct scan {
  const char *at, *end;
} scan;

static bool starts(const scan *s, const char *with) {
  size_t len = strlen(with);
  return (size_t)(s->end - s->at) >= len && memcmp(s->at, with, len) == 0;
}

/* Past the next `mark`, or to the end. */
static void skip_past(scan *s, const char *mark) {
  while (s->at < s->end && !starts(s, mark)) s->at++;
  s->at = (size_t)(s->end - s->at) < strlen(mark) ? s->end : s->at + strlen(mark);
}

static void skip_string(scan *s) {
  char quote = *s->at++;
  while (s->at < s->end && *s->at != quote && *s->at != '\n') {
    s->at += *s->at == '\\' && s->at + 1 < s->end ? 2 : 1;
  }
  if (s->at < s->end) s->at++;
}

/* Blanks and comments. */
static void skip_blank(scan *s) {
  while (s->at < s->end) {
    if (starts(s, "//")) {
      skip_past(s, "\n");
    } else if (starts(s, "/*")) {
      s->at += 2;
      skip_past(s, "*/");
    } else if (strchr(" \t\r\n\v\f", *s->at) && *s->at) {
      s->at++;
    } else {
      return;
    }
  }
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static stele_str take_word(scan *s) {
  const char *from = s->at;
  while (s->at < s->end && is_word(*s->at)) s->at++;
  return (stele_str){from, (size_t)(s->at - from)};
}

static stele_str take_name(stele_arena *arena, scan *s) {
  stele_buf name;
  stele_buf_init(&name, arena, 0);
  for (skip_blank(s); s->at < s->end && (is_word(*s->at) || *s->at == '.'); skip_blank(s)) {
    stele_buf_add_byte(&name, (uint8_t)*s->at++);
  }
  return stele_buf_str(&name);
}

stele_str input_package_of(stele_arena *arena, stele_str text) {
  scan s = {text.ptr, text.ptr + text.len};
  size_t depth = 0;
  bool is_start = true; /* of a statement */
  for (skip_blank(&s); s.at < s.end; skip_blank(&s)) {
    if (is_word(*s.at)) {
      stele_str word = take_word(&s);
      if (is_start && !depth && stele_str_eq(word, STELE_STR("package")))
        return take_name(arena, &s);
      is_start = false;
    } else if (*s.at == '"' || *s.at == '\'') {
      skip_string(&s);
    } else {
      depth += *s.at == '{';
      if (*s.at == '}' && depth) depth--;
      is_start = strchr(";{}", *s.at) && *s.at;
      s.at++;
    }
  }
  return (stele_str){"", 0};
}
