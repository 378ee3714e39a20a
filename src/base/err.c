/* Errors: a code and a text on the caller's stack.
 *
 * The three tables are made from the one list in stele/err.h. */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *text;
  int http, grpc;
} rows[] = {
#define X(name, text, http, grpc) {text, http, grpc},
    STELE_CODES(X)
#undef X
};

bool stele_fail_v(stele_err *err, stele_code code, const char *format, va_list args) {
  err->code = code;
  (void)vsnprintf(err->msg, sizeof err->msg, format, args);
  return false;
}

bool stele_fail(stele_err *err, stele_code code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  (void)stele_fail_v(err, code, format, args);
  va_end(args);
  return false;
}

bool stele_wrap(stele_err *err, const char *format, ...) {
  char old[STELE_ERR_TEXT];
  memcpy(old, err->msg, sizeof old);
  va_list args;
  va_start(args, format);
  int len = vsnprintf(err->msg, sizeof err->msg, format, args);
  va_end(args);
  if (len < 0) len = 0;
  if ((size_t)len >= sizeof err->msg) return false;
  size_t room = sizeof err->msg - (size_t)len;
  (void)snprintf(err->msg + len, room, ": %.*s", (int)room, old);
  return false;
}

const char *stele_code_text(stele_code code) {
  return rows[code].text;
}

int stele_code_http(stele_code code) {
  return rows[code].http;
}

int stele_code_grpc(stele_code code) {
  return rows[code].grpc;
}
