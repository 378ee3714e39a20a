/* net/client: asks an HTTP server and waits for the answer.
 *
 * In:   a method, a path, a body.   Out: a status, headers, a body.
 * For the command line, which may wait; a loop must not. A client keeps its
 * connection between requests. libcurl does the work and is named nowhere else.
 * Deps: base/arena.h, base/err.h. */
#ifndef STELE_NET_CLIENT_H
#define STELE_NET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "stele/str.h"

typedef struct net_client net_client;

typedef struct net_client_options {
  stele_str url;           /* "http://127.0.0.1:8081" or with a path; no query */
  stele_str authorization; /* of the Authorization header; empty: none is sent */
  uint32_t connect_ms;     /* 0: 10 s */
  uint32_t timeout_ms;     /* for a whole request; 0: 120 s */
  size_t limit_bytes;      /* largest body that is taken; 0: 256 MB */
} net_client_options;

/* A client of one server. STELE_INVALID for a URL that is none, or speaks
 * anything but http and https. */
net_client *net_client_new(const net_client_options *options, stele_err *err) STELE_MUST_USE;
void net_client_free(net_client *client);

typedef struct net_request {
  const char *method;         /* "GET" */
  stele_str path;             /* "/subjects/a%2Fb?deleted=true": encoded, put behind the URL */
  stele_str type;             /* of the body */
  stele_str body;             /* ptr NULL: none is sent */
  const char *accept;         /* NULL: anything */
  const char *const *headers; /* further lines "Name: value"; NULL behind the last; may be NULL */
  /* Called now and then while bytes move, with how many of how many (0: not
   * known); may be NULL. */
  void (*progress)(void *arg, uint64_t sent, uint64_t to_send, uint64_t got, uint64_t to_get);
  void *progress_arg;
} net_request;

typedef struct net_reply {
  int status;
  stele_str body;
  stele_str headers; /* as they came, a line each */
} net_reply;

/* Sends and waits. Any status is an answer; failing means that there was none:
 * STELE_UNAVAILABLE (nobody there), STELE_TIMEOUT, STELE_LIMIT (a body too
 * large), STELE_IO. The reply lives in `arena`, which must not be limited. */
bool net_client_send(net_client *client, stele_arena *arena, const net_request *request,
                     net_reply *out, stele_err *err) STELE_MUST_USE;

/* The value of a header, its name in lower case; {NULL, 0} when it is absent. */
stele_str net_reply_header(const net_reply *reply, const char *lower_name);

/* "a/b c" -> "a%2Fb%20c": for one segment of a path, or a value of a query. */
stele_str net_segment_encode(stele_arena *arena, stele_str text);

#endif
