/* net/connection: one client, from accept to close; and the loop it is on.
 *
 * A connection answers one request after the other. What the answers of a batch
 * are made of (parts, heads, the requests' memory) is borrowed from the loop for
 * as long as it takes, so an idle connection holds nothing but itself.
 * Deps: net/server.h, sys/loop.h. */
#ifndef STELE_NET_CONNECTION_H
#define STELE_NET_CONNECTION_H

#include <stdatomic.h>
#include <sys/uio.h>

#include "base/list.h"
#include "net/http1.h"
#include "net/server.h"
#include "sys/loop.h"
#include "sys/thread.h"

enum {
  NET_BLOCK_BYTES = 64 << 10, /* what is read at once */
  NET_BATCH_PARTS = 128,
  NET_DATE_BYTES = 37, /* "Date: Sun, 22 Nov 2026 06:30:35 GMT\r\n" */
};

/* What will be written, and what to do then. */
typedef struct net_batch {
  stele_link link;    /* among the loop's spare ones */
  stele_arena *arena; /* of the requests: limited */
  stele_arena *heads; /* of the answers' heads: ours, never large */
  struct iovec parts[NET_BATCH_PARTS];
  struct {
    void (*fn)(void *owner);
    void *owner;
  } releases[NET_BATCH_PARTS]; /* by part */
  size_t first, count;         /* parts[first, count) are to be written */
} net_batch;

/* Counted by the loop, read by anybody. */
typedef struct net_counters {
  _Atomic uint64_t accepted, refused, open, requests, bad_requests, timeouts, bytes_in, bytes_out;
  _Atomic uint64_t turns, lag_us;
} net_counters;

typedef struct net_loop {
  net_server *server;
  const net_options *options;
  unsigned index;
  sys_loop *loop;
  sys_thread thread;
  sys_watch *listener;
  sys_timer *tick;
  sys_task drain;
  stele_list connections; /* open ones */
  stele_list abandoned;   /* closed ones whose request is still with somebody */
  stele_list spare;       /* connections to use again */
  stele_list spare_batches;
  size_t spare_batch_count;
  char *block;             /* NET_BLOCK_BYTES to read into, or NULL: given away */
  uint64_t tick_at_us;     /* when the last tick came */
  uint64_t lag_seen_ms;    /* when lag_us was last raised */
  uint64_t drain_until_ms; /* 0: not draining */
  bool listener_paused;    /* no descriptors left */
  char date[NET_DATE_BYTES];
  _Alignas(64) net_counters counters;
} net_loop;

typedef enum net_state {
  NET_FRESH,   /* about to enter one of these, whose time then starts */
  NET_IDLE,    /* between requests */
  NET_HEAD,    /* part of a head is here */
  NET_BODY,    /* part of a body is here */
  NET_WAITING, /* the request is suspended */
  NET_WRITING, /* the client takes its answer slowly */
  NET_LINGER,  /* all is written; what still comes is thrown away, then closed */
} net_state;

typedef struct net_connection {
  net_exchange exchange; /* first: an exchange is found back by its address */
  net_loop *on;
  stele_link link;
  sys_watch *watch; /* NULL: closed */
  net_state state;
  unsigned wanted;      /* what the watch waits for */
  uint64_t deadline_ms; /* of the state */
  net_batch *batch;     /* NULL: nothing to write, no request at hand */
  char *in;             /* bytes not yet answered: in[in_at, in_len); NULL: none */
  size_t in_at, in_len, in_cap;
  size_t end;         /* of the request at hand, from in_at */
  bool suspended;     /* the request at hand is with somebody */
  bool answered;      /* the request at hand has its answer */
  bool in_turn;       /* inside connection_turn: answers wait for its end */
  bool close_after;   /* when all is written */
  bool peer_finished; /* the client sends no more */
  bool said_continue;
  bool given_up; /* 504 was said for the request at hand */
  sys_task task; /* carries an answer or a resume to the loop */
  net_response late_response;
  void (*resumed)(net_exchange *exchange, void *arg);
  void *resumed_arg;
  char peer[SYS_ADDRESS_TEXT];
  http1 parser;
} net_connection;

/* A connection fewer is open in the whole server. */
void net_server_closed_one(net_server *server);

/* Ends the loop when it drains and its last connection is gone. */
void net_loop_check_drained(net_loop *loop);

/* Takes a fresh descriptor; it is closed when that fails. */
void connection_open(net_loop *loop, int fd, const char *peer);

/* Closes it now, whatever it does. It may be gone afterwards. */
void connection_close(net_connection *c);

/* Looks at the deadline. */
void connection_tick(net_connection *c, uint64_t now_ms);

/* The server drains: an idle one closes, others do after their answer. */
void connection_drain(net_connection *c);

/* Frees the memory of one that is in no list. */
void connection_free(net_connection *c);

/* The loop's spare batches. NULL when there is no memory. */
net_batch *net_batch_take(net_loop *loop);
void net_batch_give(net_loop *loop, net_batch *batch);
void net_batch_free(net_batch *batch);

/* The head of an answer: status line, date, `headers`, length, connection. In
 * `arena`; ends with an empty line. */
stele_str net_head_print(stele_arena *arena, const char date[NET_DATE_BYTES], int status,
                         stele_str headers, size_t body_len, bool close, unsigned minor_version);

/* "Date: …" for now. */
void net_date_print(char out[NET_DATE_BYTES], stele_time_us now);

/* "Not Found"; "" for a status without a row. */
const char *net_status_text(int status);

#endif
