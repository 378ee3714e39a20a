/* One connection: read, take requests, write what was answered, wait.
 *
 * The heart is pump(): it takes whole requests out of what has come in and has
 * each answered, then writes all answers at once, and goes on if there is more.
 * Whatever ends a wait (bytes, room to write, a late answer) ends in pump().
 *
 * Three things are borrowed from the loop. The block that is read into: a
 * connection that must keep bytes copies a partial request into memory of its
 * own, or, when a request in the block is still being looked at, keeps the block
 * and leaves the loop to take another. The batch: parts to write and the memory
 * behind them. A connection object: used again when it is closed.
 *
 * Closing is marked at once (no watch) but the object goes back only where no
 * caller still holds it: every entry point ends with reap(). */
#include "net/connection.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"

enum {
  KEEP_LEAST_BYTES = 1024,
  SLOWEST_BODY_BYTES_PER_MS = 16,
  LINGER_MS = 2000,
  BATCH_ARENA_BYTES = 1 << 20, /* a batch whose requests took more is written first */
  SLOTS_PER_ANSWER = 4,        /* head, body, "100 Continue", and one to spare */
};

static void count(_Atomic uint64_t *counter, uint64_t by) {
  atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static bool has_unwritten(const net_connection *c) {
  return c->batch && c->batch->first < c->batch->count;
}

/* --- states -------------------------------------------------------------- */

static uint32_t state_ms(const net_connection *c, net_state state) {
  const net_options *o = c->on->options;
  const uint32_t limits[] = {
      [NET_FRESH] = 0,          [NET_IDLE] = o->idle_ms,      [NET_HEAD] = o->head_ms,
      [NET_BODY] = o->body_ms,  [NET_WAITING] = o->answer_ms, [NET_WRITING] = o->write_ms,
      [NET_LINGER] = LINGER_MS,
  };
  return limits[state];
}

/* A state's time runs from when it was entered, not from its last byte. */
static void enter(net_connection *c, net_state state) {
  if (c->state == state) return;
  c->state = state;
  c->deadline_ms = sys_loop_now_ms(c->on->loop) + state_ms(c, state);
}

static void want(net_connection *c, unsigned events) {
  if (!c->watch || c->wanted == events) return;
  c->wanted = events;
  sys_watch_want(c->watch, events);
}

/* --- memory -------------------------------------------------------------- */

static void drop_input(net_connection *c) {
  net_loop *loop = c->on;
  if (c->in && c->in != loop->block) {
    if (c->in_cap == NET_BLOCK_BYTES && !loop->block) {
      loop->block = c->in;
    } else {
      free(c->in);
    }
  }
  c->in = NULL;
  c->in_at = c->in_len = c->in_cap = 0;
}

/* Bytes that stay over the turn go from the loop's block to memory of our own;
 * while an answer may still point into the block, the block itself goes. */
static bool keep_input(net_connection *c) {
  size_t len = c->in_len - c->in_at;
  if (!c->in || c->in != c->on->block) return true;
  if (c->suspended || has_unwritten(c)) {
    c->on->block = NULL;
    return true;
  }
  size_t cap = KEEP_LEAST_BYTES;
  while (cap < len * 2) cap *= 2;
  char *kept = malloc(cap);
  if (!kept) return false;
  memcpy(kept, c->in + c->in_at, len);
  c->in = kept;
  c->in_at = 0;
  c->in_len = len;
  c->in_cap = cap;
  return true;
}

/* Room behind in_len. */
static bool make_room(net_connection *c) {
  if (!c->in) {
    if (!c->on->block) c->on->block = malloc(NET_BLOCK_BYTES);
    c->in = c->on->block;
    c->in_cap = NET_BLOCK_BYTES;
    return c->in != NULL;
  }
  if (c->in_at > 0) {
    memmove(c->in, c->in + c->in_at, c->in_len - c->in_at);
    c->in_len -= c->in_at;
    c->in_at = 0;
  }
  if (c->in_len < c->in_cap) return true;
  size_t cap = c->in_cap * 2;
  if (c->parser.phase == HTTP1_LENGTH) { /* its end is known: no more than that */
    size_t whole = c->parser.head_len + (size_t)c->parser.body_len;
    if (whole > c->in_cap && whole < cap) cap = whole;
  }
  char *grown = realloc(c->in, cap);
  if (!grown) return false;
  c->in = grown;
  c->in_cap = cap;
  return true;
}

static void release_part(net_batch *batch, size_t part) {
  void (*fn)(void *owner) = batch->releases[part].fn;
  batch->releases[part].fn = NULL;
  if (fn) fn(batch->releases[part].owner);
}

static void drop_unwritten(net_batch *batch) {
  for (; batch->first < batch->count; batch->first++) release_part(batch, batch->first);
  batch->first = batch->count = 0;
}

/* --- closing ------------------------------------------------------------- */

static void close_now(net_connection *c) {
  if (!c->watch) return;
  sys_watch_close(c->watch);
  c->watch = NULL;
  stele_list_remove(&c->link);
  stele_list_add(&c->on->abandoned, &c->link);
  if (c->batch) drop_unwritten(c->batch);
  atomic_fetch_sub_explicit(&c->on->counters.open, 1, memory_order_relaxed);
  net_server_closed_one(c->on->server);
}

/* Gives a closed connection back, unless somebody still holds it. */
static void reap(net_connection *c) {
  net_loop *loop = c->on;
  if (!c->watch && !c->suspended && !c->in_turn) {
    if (c->batch) net_batch_give(loop, c->batch);
    c->batch = NULL;
    drop_input(c);
    stele_list_remove(&c->link);
    stele_list_add(&loop->spare, &c->link);
  }
  net_loop_check_drained(loop);
}

void connection_close(net_connection *c) {
  close_now(c);
  reap(c);
}

void connection_free(net_connection *c) {
  if (c->batch) net_batch_free(c->batch);
  if (c->in != c->on->block) free(c->in);
  free(c);
}

/* --- answers ------------------------------------------------------------- */

static void add_part(net_batch *batch, const void *at, size_t len, void (*fn)(void *),
                     void *owner) {
  size_t part = batch->count++;
  batch->parts[part] = (struct iovec){(void *)(uintptr_t)at, len};
  batch->releases[part].fn = fn;
  batch->releases[part].owner = owner;
}

static bool need_batch(net_connection *c) {
  if (!c->batch) c->batch = net_batch_take(c->on);
  return c->batch != NULL;
}

/* Puts an answer behind those that are waiting to be written. */
static void put_answer(net_connection *c, const net_response *r) {
  const http_request *request = &c->exchange.request;
  c->answered = true;
  if (!c->watch || c->given_up) { /* nobody is there to read it */
    if (r->release) r->release(r->owner);
    return;
  }
  bool close = r->close || !request->keep_alive || c->on->drain_until_ms != 0;
  c->close_after = c->close_after || close;
  stele_str head = net_head_print(c->batch->heads, c->on->date, r->status, r->headers, r->body.len,
                                  close, request->minor_version);
  add_part(c->batch, head.ptr, head.len, NULL, NULL);
  if (request->method == HTTP_HEAD || r->body.len == 0) {
    if (r->release) r->release(r->owner);
    return;
  }
  add_part(c->batch, r->body.ptr, r->body.len, r->release, r->owner);
}

/* An answer of the transport's own, after which nothing is believed. */
static void put_refusal(net_connection *c, int status, const char *why) {
  if (!need_batch(c)) {
    close_now(c);
    return;
  }
  stele_str body =
      stele_str_printf(c->batch->heads, "{\"error_code\":%d,\"message\":\"HTTP %d %s: %s\"}",
                       status, status, net_status_text(status), why);
  static const stele_str headers = STELE_STR_INIT("Content-Type: application/json\r\n"
                                                  "Cache-Control: no-store\r\n");
  stele_str head = net_head_print(c->batch->heads, c->on->date, status, headers, body.len, true, 1);
  add_part(c->batch, head.ptr, head.len, NULL, NULL);
  add_part(c->batch, body.ptr, body.len, NULL, NULL);
  c->close_after = true;
}

/* The request at hand has its answer: on to the next. */
static void finish_request(net_connection *c) {
  assert(c->answered && !c->suspended);
  c->in_at += c->end;
  http1_next(&c->parser);
  c->said_continue = false;
  c->state = NET_FRESH; /* the next one's time starts anew */
}

/* Has one whole request answered; false when it is suspended. */
static bool answer_request(net_connection *c) {
  net_exchange *x = &c->exchange;
  if (!need_batch(c)) {
    close_now(c);
    return false;
  }
  http1_request(&c->parser, c->in + c->in_at, &x->request);
  x->arena = c->batch->arena;
  x->user = NULL;
  x->started = sys_clock_mono();
  c->end = c->parser.end;
  c->answered = false;
  count(&c->on->counters.requests, 1);
  c->on->options->answer(x, c->on->options->arg);
  if (c->suspended) return false;
  finish_request(c);
  return true;
}

static void say_continue(net_connection *c) {
  static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
  if (c->said_continue || !c->parser.expects_continue || !need_batch(c)) return;
  c->said_continue = true;
  add_part(c->batch, text, sizeof text - 1, NULL, NULL);
}

/* Takes the next request out of the input; false when there is no whole one. */
static bool next_request(net_connection *c) {
  size_t len = c->in_len - c->in_at;
  http1_phase phase = http1_feed(&c->parser, c->in + c->in_at, &len);
  c->in_len = c->in_at + len;
  if (phase == HTTP1_DONE) return answer_request(c);
  if (phase == HTTP1_BAD) {
    count(&c->on->counters.bad_requests, 1);
    put_refusal(c, c->parser.status, c->parser.why);
  } else if (http1_wants_body(&c->parser)) {
    say_continue(c);
  }
  return false;
}

/* True while another request may be taken before anything is written. */
static bool may_take(const net_connection *c) {
  if (c->suspended || c->close_after || !c->watch || c->in_at == c->in_len) return false;
  if (!c->batch) return true;
  return c->batch->count + SLOTS_PER_ANSWER <= NET_BATCH_PARTS &&
         stele_arena_used_bytes(c->batch->arena) < BATCH_ARENA_BYTES;
}

/* --- writing ------------------------------------------------------------- */

static void advance(net_batch *batch, size_t written) {
  while (batch->first < batch->count && written >= batch->parts[batch->first].iov_len) {
    written -= batch->parts[batch->first].iov_len;
    release_part(batch, batch->first++);
  }
  if (!written) return;
  struct iovec *part = &batch->parts[batch->first];
  part->iov_base = (char *)part->iov_base + written;
  part->iov_len -= written;
}

/* True when all is written; false when the client must read first, or is gone. */
static bool flush(net_connection *c) {
  net_batch *batch = c->batch;
  if (!batch || !c->watch) return c->watch != NULL;
  while (batch->first < batch->count) {
    ssize_t put = sys_socket_write(sys_watch_fd(c->watch), batch->parts + batch->first,
                                   batch->count - batch->first);
    if (put == SYS_SOCKET_BUSY) return false;
    if (put < 0) {
      close_now(c);
      return false;
    }
    count(&c->on->counters.bytes_out, (uint64_t)put);
    advance(batch, (size_t)put);
  }
  batch->first = batch->count = 0;
  if (!c->suspended) {
    stele_arena_reset(batch->arena);
    stele_arena_reset(batch->heads);
  }
  return true;
}

/* All is written and the connection shall end. What the client still sends is
 * read for a while: closing over unread bytes resets the connection, and the
 * reset may overtake the answer. */
static void end_politely(net_connection *c) {
  bool client_knows = c->peer_finished || (c->parser.phase != HTTP1_BAD && c->in_at == c->in_len &&
                                           !c->exchange.request.keep_alive);
  if (c->suspended) { /* somebody still reads the request: its bytes go with the last of it */
    close_now(c);
    return;
  }
  drop_input(c);
  if (client_knows) {
    close_now(c);
    return;
  }
  sys_socket_finish(sys_watch_fd(c->watch));
  enter(c, NET_LINGER);
  want(c, SYS_CAN_READ);
}

/* Chooses what to wait for. */
static void settle(net_connection *c) {
  if (!c->watch) return;
  if (has_unwritten(c)) {
    enter(c, NET_WRITING);
    want(c, SYS_CAN_WRITE);
    if (!keep_input(c)) close_now(c);
    return;
  }
  if (c->suspended && !c->given_up) {
    enter(c, NET_WAITING);
    want(c, 0);
    if (!keep_input(c)) close_now(c);
    return;
  }
  if (c->batch && !c->suspended) {
    net_batch_give(c->on, c->batch);
    c->batch = NULL;
  }
  if (c->close_after) {
    end_politely(c);
    return;
  }
  if (c->in_at == c->in_len) {
    drop_input(c);
    enter(c, NET_IDLE);
  } else {
    enter(c, http1_wants_body(&c->parser) ? NET_BODY : NET_HEAD);
    if (!keep_input(c)) close_now(c);
  }
  if (c->peer_finished) close_now(c);
  want(c, SYS_CAN_READ);
}

/* Requests in, answers out, until nothing more can be done without waiting. */
static void pump(net_connection *c) {
  c->in_turn = true;
  bool more = true;
  while (more) {
    while (may_take(c) && (more = next_request(c))) continue;
    if (!flush(c)) break;
    more = more && may_take(c);
  }
  c->in_turn = false;
  settle(c);
}

/* --- what wakes it up ---------------------------------------------------- */

static void read_linger(net_connection *c) {
  char thrown_away[4096];
  ssize_t got;
  do {
    got = sys_socket_read(sys_watch_fd(c->watch), thrown_away, sizeof thrown_away);
  } while (got > 0);
  if (got != SYS_SOCKET_BUSY) close_now(c);
}

static void read_some(net_connection *c) {
  if (!make_room(c)) {
    close_now(c);
    return;
  }
  ssize_t got = sys_socket_read(sys_watch_fd(c->watch), c->in + c->in_len, c->in_cap - c->in_len);
  if (got == SYS_SOCKET_BROKEN) {
    close_now(c);
    return;
  }
  if (got > 0) {
    count(&c->on->counters.bytes_in, (uint64_t)got);
    if (c->state == NET_BODY) c->deadline_ms += (uint64_t)got / SLOWEST_BODY_BYTES_PER_MS;
    c->in_len += (size_t)got;
  }
  if (got == 0) c->peer_finished = true;
  pump(c);
}

static void ready(void *arg, unsigned can) {
  net_connection *c = arg;
  if (c->state == NET_LINGER) {
    read_linger(c);
  } else if (has_unwritten(c)) {
    if (can & SYS_CAN_WRITE) {
      c->state = NET_FRESH; /* something moved: the time to write starts anew */
      pump(c);
    }
  } else if (!c->suspended && (can & SYS_CAN_READ)) {
    read_some(c);
  }
  reap(c);
}

void connection_open(net_loop *loop, int fd, const char *peer) {
  stele_err err = {0};
  stele_link *spare = stele_list_take(&loop->spare);
  net_connection *c = spare ? STELE_LIST_THING(net_connection, spare, link) : malloc(sizeof *c);
  if (!c) {
    sys_socket_close(fd);
    net_server_closed_one(loop->server);
    return;
  }
  memset(c, 0, offsetof(net_connection, parser));
  c->on = loop;
  c->exchange.loop = loop->index;
  c->exchange.peer = c->peer;
  (void)snprintf(c->peer, sizeof c->peer, "%s", peer);
  http1_init(&c->parser, &loop->options->limits);
  c->watch = sys_watch_open(loop->loop, fd, ready, c, &err);
  if (!c->watch) {
    sys_socket_close(fd);
    net_server_closed_one(loop->server);
    stele_list_add(&loop->spare, &c->link);
    return;
  }
  stele_list_add(&loop->connections, &c->link);
  count(&loop->counters.accepted, 1);
  count(&loop->counters.open, 1);
  enter(c, NET_IDLE);
  want(c, SYS_CAN_READ);
}

/* --- time ---------------------------------------------------------------- */

static void time_over_reading(net_connection *c) {
  put_refusal(c, 408, "the request took too long to arrive");
  pump(c);
}

/* The request is still with somebody, and so is its memory: what is said is
 * made of the loop's own. */
static void time_over_waiting(net_connection *c) {
  put_refusal(c, 504, "the answer took too long");
  c->given_up = true;
  pump(c);
}

/* What the end of a state's time means. */
static void (*const time_over[])(net_connection *c) = {
    [NET_FRESH] = close_now,           [NET_IDLE] = close_now,
    [NET_HEAD] = time_over_reading,    [NET_BODY] = time_over_reading,
    [NET_WAITING] = time_over_waiting, [NET_WRITING] = close_now,
    [NET_LINGER] = close_now,
};

void connection_tick(net_connection *c, uint64_t now_ms) {
  if (now_ms < c->deadline_ms) return;
  if (c->state != NET_IDLE && c->state != NET_LINGER) count(&c->on->counters.timeouts, 1);
  time_over[c->state](c);
  reap(c);
}

void connection_drain(net_connection *c) {
  /* A request may have arrived that was not read yet. */
  if (c->state == NET_IDLE) read_some(c);
  if (c->watch && c->state == NET_IDLE) close_now(c);
  reap(c);
}

/* --- suspended ----------------------------------------------------------- */

static net_connection *connection_of(net_exchange *x) {
  return (net_connection *)(void *)x;
}

/* The request at hand is back on its loop, and answered unless suspended again. */
static void back_on_loop(net_connection *c) {
  if (!c->suspended && c->watch && !c->given_up) {
    finish_request(c);
    pump(c);
  } else if (!c->suspended && c->watch && !has_unwritten(c)) {
    settle(c); /* 504 was said and is written */
  }
  reap(c);
}

static void answered_late(void *arg) {
  net_connection *c = arg;
  c->suspended = false;
  put_answer(c, &c->late_response);
  back_on_loop(c);
}

void net_answer(net_exchange *exchange, const net_response *response) {
  net_connection *c = connection_of(exchange);
  if (!c->suspended) {
    put_answer(c, response);
    return;
  }
  c->late_response = *response;
  c->task = (sys_task){.fn = answered_late, .arg = c};
  sys_loop_post(c->on->loop, &c->task);
}

void net_suspend(net_exchange *exchange) {
  connection_of(exchange)->suspended = true;
}

static void run_resumed(void *arg) {
  net_connection *c = arg;
  c->suspended = false;
  c->in_turn = true;
  c->resumed(&c->exchange, c->resumed_arg);
  c->in_turn = false;
  back_on_loop(c);
}

void net_resume(net_exchange *exchange, void (*fn)(net_exchange *exchange, void *arg), void *arg) {
  net_connection *c = connection_of(exchange);
  c->resumed = fn;
  c->resumed_arg = arg;
  c->task = (sys_task){.fn = run_resumed, .arg = c};
  sys_loop_post(c->on->loop, &c->task);
}
