/* net/http_request: what a client asked for, as views into its bytes.
 *
 * In:   a complete request, parsed by net/http1.   Out: method, target, headers, body.
 * Memory: everything is borrowed, until the request has been answered.
 * Deps: stele/str.h, base/arena.h. */
#ifndef STELE_NET_HTTP_REQUEST_H
#define STELE_NET_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "stele/str.h"

// clang-format off
#define HTTP_METHODS(X) X(GET) X(HEAD) X(POST) X(PUT) X(DELETE) X(PATCH) X(OPTIONS)

/* Headers that the server looks at, found while parsing. One that is ONCE makes
 * the request bad when it is repeated; of the others the first is kept. */
#define HTTP_HEADERS(X)                                \
  X(HOST,              "host",              ONCE)      \
  X(CONTENT_LENGTH,    "content-length",    ONCE)      \
  X(TRANSFER_ENCODING, "transfer-encoding", ONCE)      \
  X(CONTENT_TYPE,      "content-type",      ONCE)      \
  X(CONTENT_ENCODING,  "content-encoding",  ANY)       \
  X(CONNECTION,        "connection",        ANY)       \
  X(EXPECT,            "expect",            ONCE)      \
  X(ACCEPT,            "accept",            ANY)       \
  X(ACCEPT_ENCODING,   "accept-encoding",   ANY)       \
  X(AUTHORIZATION,     "authorization",     ONCE)      \
  X(X_REQUEST_ID,      "x-request-id",      ANY)       \
  X(USER_AGENT,        "user-agent",        ANY)       \
  X(IF_NONE_MATCH,     "if-none-match",     ANY)       \
  X(IDEMPOTENCY_KEY,   "idempotency-key",   ANY)       \
  X(TRACEPARENT,       "traceparent",       ANY)
// clang-format on

typedef enum http_method {
#define X(name) HTTP_##name,
  HTTP_METHODS(X)
#undef X
      HTTP_OTHER_METHOD,
  HTTP_METHOD_COUNT
} http_method;

typedef enum http_name {
#define X(name, text, times) HTTP_H_##name,
  HTTP_HEADERS(X)
#undef X
      HTTP_NAME_COUNT
} http_name;

/* A header line as offsets from the first byte of the head. */
typedef struct http_field {
  uint16_t name_at, name_len;
  uint16_t value_at, value_len; /* without the blanks around it */
} http_field;

typedef struct http_request {
  const char *head; /* first byte of the request; the fields' offsets start here */
  const http_field *fields;
  size_t field_count;
  const uint8_t *known; /* by http_name: index into fields + 1; 0: absent */
  http_method method;
  uint8_t minor_version; /* of HTTP/1 */
  bool keep_alive;       /* the client lets us keep the connection */
  stele_str method_text;
  stele_str target;    /* as sent */
  stele_str path;      /* raw, starts with '/'; "*" for OPTIONS * */
  stele_str raw_query; /* what follows the first '?' */
  stele_str body;      /* chunks put together */
} http_request;

/* The text of a known method: "GET". */
const char *http_method_text(http_method method);

/* The first header of that name; {NULL, 0} when it is absent. */
static inline stele_str http_header(const http_request *request, http_name name) {
  if (!request->known[name]) return (stele_str){NULL, 0};
  const http_field *field = &request->fields[request->known[name] - 1];
  return (stele_str){request->head + field->value_at, field->value_len};
}

/* The n-th (from 0) header of a name given in lower case; {NULL, 0} when there
 * are not so many. Looks at every line. */
stele_str http_header_find(const http_request *request, const char *lower_name, size_t n);

/* True when `text` is `lower`, in any mix of cases (ASCII). */
bool http_same_word(stele_str text, const char *lower);

/* Undoes percent-encoding once. False on a '%' without two hex digits behind
 * it. The result aliases `text` when there is nothing to undo. */
bool http_percent_decode(stele_arena *arena, stele_str text, bool plus_is_space, stele_str *out);

/* One `key=value` of a query, decoded. */
typedef struct http_query_pair {
  stele_str key, value;
} http_query_pair;

/* Takes the next pair off `*rest`; false at the end. A broken escape is kept as
 * it came: unknown parameters are nobody's business. */
bool http_query_next(stele_arena *arena, stele_str *rest, http_query_pair *out);

#endif
