/* net/server: HTTP/1.1 over TCP, one loop per core.
 *
 * In:   an address, limits, a function that answers.   Out: calls of it, each
 * with one whole request; what it answers goes out.
 * Every loop has its own listening socket (SO_REUSEPORT) and its own
 * connections; they share nothing but counters. Requests that came in one read
 * are answered with one write. The function runs on the loop and may not wait;
 * it suspends instead, and the answer comes from any thread.
 * Deps: net/http1.h, sys/socket.h. */
#ifndef STELE_NET_SERVER_H
#define STELE_NET_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "net/http1.h"
#include "net/http_request.h"
#include "sys/socket.h"

typedef struct net_server net_server;

/* One request and its answer. Valid until it is answered. */
typedef struct net_exchange {
  http_request request;
  stele_arena *arena;    /* for everything about this request */
  stele_time_us started; /* sys_clock_mono when the request was complete */
  unsigned loop;         /* index of its loop, from 0 */
  const char *peer;      /* the client's address */
  void *user;            /* the answering function's own */
} net_exchange;

typedef struct net_options {
  sys_address address;
  unsigned loops;           /* 0: one for each core */
  uint32_t max_connections; /* further ones get 503 and are closed */
  http_limits limits;
  size_t arena_bytes; /* memory of one request, its body apart */
  uint32_t head_ms;   /* from the first byte of a request to the end of its head */
  uint32_t body_ms;   /* from there to the end of its body, plus a second per 16 KB */
  uint32_t answer_ms; /* for a suspended request, then 504 */
  uint32_t idle_ms;   /* between requests */
  uint32_t write_ms;  /* without a byte taken by the client */
  void (*answer)(net_exchange *exchange, void *arg);
  void *arg;
} net_options;

/* 10,000 connections, 256 MB, 10 s, 30 s, 120 s, 75 s, 30 s. */
extern const net_options net_options_usual;

/* What the answer is made of. What it points to lives in the exchange's arena,
 * or until `release(owner)`, or for ever. */
typedef struct net_response {
  int status;
  stele_str headers; /* whole lines, "Name: value\r\n" each; without Content-Length, Date and
                        Connection, which are the server's */
  stele_bytes body;  /* dropped after HEAD, but counted */
  void (*release)(void *owner); /* called once, on the loop's thread; may be NULL */
  void *owner;
  bool close; /* the connection ends with this answer */
} net_response;

/* Binds, and starts the loops' threads. */
net_server *net_server_start(const net_options *options, stele_err *err) STELE_MUST_USE;

/* The address it listens on, its port filled in. */
const sys_address *net_server_address(const net_server *server);
unsigned net_server_loops(const net_server *server);

/* Stops accepting, lets every request in flight finish for at most
 * `deadline_ms`, closes what is left; returns when the loops have ended. */
void net_server_drain(net_server *server, uint32_t deadline_ms);

/* After net_server_drain, and after everybody who holds a suspended request has
 * answered it or is gone. NULL is fine. */
void net_server_free(net_server *server);

/* --- answering ----------------------------------------------------------- */

/* Answers: once per exchange. Threads: the loop's; any, when it is suspended. */
void net_answer(net_exchange *exchange, const net_response *response);

/* The answering function will return without an answer. */
void net_suspend(net_exchange *exchange);

/* From any thread, for a suspended exchange: runs `fn` on its loop, where the
 * exchange is no longer suspended: fn answers it, or suspends it again. */
void net_resume(net_exchange *exchange, void (*fn)(net_exchange *exchange, void *arg), void *arg);

/* --- counting ------------------------------------------------------------ */

typedef struct net_stats {
  uint64_t accepted, refused; /* connections */
  uint64_t open;
  uint64_t requests;     /* whole ones */
  uint64_t bad_requests; /* not HTTP, or over a limit */
  uint64_t timeouts;
  uint64_t bytes_in, bytes_out;
  uint64_t turns;  /* of the loops */
  uint64_t lag_us; /* the worst delay of a tick in the last ten seconds */
} net_stats;

/* Of one loop; any thread may ask. */
void net_server_stats(const net_server *server, unsigned loop, net_stats *out);

#endif
