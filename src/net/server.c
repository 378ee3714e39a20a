/* The loops: each with a listener, a tick, its connections and its spare parts.
 *
 * Nothing is shared between loops but the count of open connections. */
#include "net/server.h"

#include <stdlib.h>
#include <string.h>

#include "net/connection.h"
#include "sys/clock.h"

enum {
  BACKLOG = 1024,
  ACCEPT_AT_ONCE = 64,
  TICK_MS = 250,
  SHORTEST_TICK_MS = 10,
  SPARE_BATCHES = 64,
  SPARE_ARENA_BYTES = 256 << 10, /* a batch that holds more is not kept */
  LAG_WINDOW_MS = 10000,
  MOST_LOOPS = 256,
};

const net_options net_options_usual = {
    .max_connections = 10000,
    .limits = {.head_bytes = 16 << 10,
               .target_bytes = 8 << 10,
               .field_count = HTTP1_MOST_FIELDS,
               .body_bytes = 32 << 20},
    .arena_bytes = 256 << 20,
    .head_ms = 10000,
    .body_ms = 30000,
    .answer_ms = 120000,
    .idle_ms = 75000,
    .write_ms = 30000,
};

struct net_server {
  net_options options;
  unsigned loop_count, started;
  _Atomic uint32_t open;
  net_loop *loops;
  uint32_t drain_ms;
  bool joined;
};

void net_server_closed_one(net_server *server) {
  atomic_fetch_sub_explicit(&server->open, 1, memory_order_relaxed);
}

/* --- batches ------------------------------------------------------------- */

void net_batch_free(net_batch *batch) {
  if (!batch) return;
  stele_arena_free(batch->arena);
  stele_arena_free(batch->heads);
  free(batch);
}

static net_batch *batch_new(const net_loop *loop) {
  net_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  batch->arena = stele_arena_new(loop->options->arena_bytes);
  batch->heads = stele_arena_new(0);
  if (batch->arena && batch->heads) return batch;
  net_batch_free(batch);
  return NULL;
}

net_batch *net_batch_take(net_loop *loop) {
  stele_link *spare = stele_list_take(&loop->spare_batches);
  if (!spare) return batch_new(loop);
  loop->spare_batch_count--;
  return STELE_LIST_THING(net_batch, spare, link);
}

void net_batch_give(net_loop *loop, net_batch *batch) {
  if (loop->spare_batch_count >= SPARE_BATCHES ||
      stele_arena_held_bytes(batch->arena) > SPARE_ARENA_BYTES) {
    net_batch_free(batch);
    return;
  }
  stele_arena_reset(batch->arena);
  stele_arena_reset(batch->heads);
  stele_list_add(&loop->spare_batches, &batch->link);
  loop->spare_batch_count++;
}

/* --- accepting ----------------------------------------------------------- */

/* Says no to one connection too many, if it can be said at once. */
static void turn_away(net_loop *loop, int fd) {
  static const char body[] =
      "{\"error_code\":503,\"message\":\"HTTP 503: too many connections are open\"}";
  char text[256];
  int len = snprintf(text, sizeof text,
                     "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
                     "Retry-After: 1\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                     sizeof body - 1, body);
  struct iovec part = {text, (size_t)len};
  (void)sys_socket_write(fd, &part, 1);
  sys_socket_finish(fd);
  sys_socket_close(fd);
  atomic_fetch_add_explicit(&loop->counters.refused, 1, memory_order_relaxed);
}

/* One connection; false when there is none, or no room for one. */
static bool accept_one(net_loop *loop) {
  char peer[SYS_ADDRESS_TEXT];
  int fd = sys_socket_accept(sys_watch_fd(loop->listener), peer);
  if (fd == SYS_SOCKET_BROKEN) return true;
  if (fd == SYS_SOCKET_FULL) { /* the tick tries again; until then the backlog waits */
    sys_watch_want(loop->listener, 0);
    loop->listener_paused = true;
  }
  if (fd < 0) return false;
  uint32_t open = atomic_fetch_add_explicit(&loop->server->open, 1, memory_order_relaxed);
  if (open >= loop->options->max_connections) {
    net_server_closed_one(loop->server);
    turn_away(loop, fd);
  } else {
    connection_open(loop, fd, peer);
  }
  return true;
}

static void accept_some(void *arg, unsigned can) {
  (void)can;
  for (int i = 0; i < ACCEPT_AT_ONCE && accept_one(arg); i++) continue;
}

/* --- time ---------------------------------------------------------------- */

static uint32_t tick_ms(const net_options *o) {
  const uint32_t limits[] = {o->head_ms, o->body_ms, o->answer_ms, o->idle_ms, o->write_ms};
  uint32_t least = TICK_MS;
  for (size_t i = 0; i < STELE_COUNT(limits); i++) {
    if (limits[i] / 4 < least) least = limits[i] / 4;
  }
  return least < SHORTEST_TICK_MS ? SHORTEST_TICK_MS : least;
}

/* How much later than due the tick came: what every call on this loop waited. */
static void measure_lag(net_loop *loop, uint64_t now_ms) {
  uint64_t now_us = (uint64_t)sys_clock_mono();
  uint64_t due_us = loop->tick_at_us + tick_ms(loop->options) * (uint64_t)STELE_US_PER_MS;
  uint64_t lag = now_us > due_us ? now_us - due_us : 0;
  uint64_t worst = atomic_load_explicit(&loop->counters.lag_us, memory_order_relaxed);
  if (lag >= worst || now_ms - loop->lag_seen_ms > LAG_WINDOW_MS) {
    atomic_store_explicit(&loop->counters.lag_us, lag, memory_order_relaxed);
    loop->lag_seen_ms = now_ms;
  }
  loop->tick_at_us = now_us;
  atomic_store_explicit(&loop->counters.turns, sys_loop_turns(loop->loop), memory_order_relaxed);
}

static void tick(void *arg) {
  net_loop *loop = arg;
  uint64_t now_ms = sys_loop_now_ms(loop->loop);
  net_date_print(loop->date, sys_clock_wall());
  measure_lag(loop, now_ms);
  if (loop->listener_paused && loop->listener) {
    loop->listener_paused = false;
    sys_watch_want(loop->listener, SYS_CAN_READ);
  }
  bool time_is_up = loop->drain_until_ms && now_ms >= loop->drain_until_ms;
  STELE_LIST_EACH(net_connection, c, &loop->connections, link) {
    if (time_is_up) {
      connection_close(c);
    } else {
      connection_tick(c, now_ms);
    }
  }
  net_loop_check_drained(loop);
}

/* --- draining ------------------------------------------------------------ */

void net_loop_check_drained(net_loop *loop) {
  if (loop->drain_until_ms && stele_list_is_empty(&loop->connections)) sys_loop_stop(loop->loop);
}

static void drain(void *arg) {
  net_loop *loop = arg;
  loop->drain_until_ms = sys_loop_now_ms(loop->loop) + loop->server->drain_ms + 1;
  while (accept_one(loop)) continue; /* who has been let in by the kernel is served */
  sys_watch_close(loop->listener);
  loop->listener = NULL;
  STELE_LIST_EACH(net_connection, c, &loop->connections, link) connection_drain(c);
  net_loop_check_drained(loop);
}

void net_server_drain(net_server *server, uint32_t deadline_ms) {
  if (server->joined) return;
  server->drain_ms = deadline_ms;
  for (unsigned i = 0; i < server->started; i++) {
    net_loop *loop = &server->loops[i];
    loop->drain = (sys_task){.fn = drain, .arg = loop};
    sys_loop_post(loop->loop, &loop->drain);
  }
  for (unsigned i = 0; i < server->started; i++) sys_thread_join(&server->loops[i].thread);
  server->joined = true;
}

/* --- starting and ending ------------------------------------------------- */

static void run_loop(void *arg) {
  net_loop *loop = arg;
  sys_loop_run(loop->loop);
}

static bool open_loop(net_server *server, unsigned index, stele_err *err) {
  net_loop *loop = &server->loops[index];
  int fd = -1;
  loop->server = server;
  loop->options = &server->options;
  loop->index = index;
  stele_list_init(&loop->connections);
  stele_list_init(&loop->abandoned);
  stele_list_init(&loop->spare);
  stele_list_init(&loop->spare_batches);
  loop->loop = sys_loop_new(err);
  if (!loop->loop || !sys_socket_listen(&server->options.address, BACKLOG, &fd, err)) return false;
  loop->listener = sys_watch_open(loop->loop, fd, accept_some, loop, err);
  if (!loop->listener) {
    sys_socket_close(fd);
    return false;
  }
  sys_watch_want(loop->listener, SYS_CAN_READ);
  loop->tick = sys_timer_open(loop->loop, tick_ms(loop->options), tick, loop, err);
  loop->tick_at_us = (uint64_t)sys_clock_mono();
  net_date_print(loop->date, sys_clock_wall());
  return loop->tick != NULL;
}

/* Threads start when every loop is open, so that a port in use is an error and
 * not half a server. */
static bool start_loops(net_server *server, stele_err *err) {
  for (unsigned i = 0; i < server->loop_count; i++) {
    if (!open_loop(server, i, err)) return false;
  }
  for (; server->started < server->loop_count; server->started++) {
    char name[16];
    (void)snprintf(name, sizeof name, "loop-%u", server->started);
    net_loop *loop = &server->loops[server->started];
    if (!sys_thread_start(&loop->thread, name, run_loop, loop, err)) return false;
  }
  return true;
}

net_server *net_server_start(const net_options *options, stele_err *err) {
  net_server *server = calloc(1, sizeof *server);
  if (!server) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a server");
    return NULL;
  }
  server->options = *options;
  server->loop_count = options->loops ? options->loops : sys_thread_cores();
  if (server->loop_count > MOST_LOOPS) server->loop_count = MOST_LOOPS;
  server->loops = aligned_alloc(64, server->loop_count * sizeof *server->loops);
  if (!server->loops) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a server");
    free(server);
    return NULL;
  }
  memset(server->loops, 0, server->loop_count * sizeof *server->loops);
  if (start_loops(server, err)) return server;
  net_server_drain(server, 0);
  net_server_free(server);
  return NULL;
}

static void free_connections(stele_list *list) {
  STELE_LIST_EACH(net_connection, c, list, link) connection_free(c);
  stele_list_init(list);
}

static void close_loop(net_loop *loop) {
  if (!loop->loop) return;
  STELE_LIST_EACH(net_connection, c, &loop->connections, link) connection_close(c);
  if (loop->listener) sys_watch_close(loop->listener);
  if (loop->tick) sys_timer_close(loop->tick);
  sys_loop_free(loop->loop); /* runs what was posted late */
  free_connections(&loop->abandoned);
  free_connections(&loop->spare);
  STELE_LIST_EACH(net_batch, batch, &loop->spare_batches, link) net_batch_free(batch);
  free(loop->block);
}

void net_server_free(net_server *server) {
  if (!server) return;
  for (unsigned i = 0; i < server->loop_count; i++) close_loop(&server->loops[i]);
  free(server->loops);
  free(server);
}

const sys_address *net_server_address(const net_server *server) {
  return &server->options.address;
}

unsigned net_server_loops(const net_server *server) {
  return server->loop_count;
}

void net_server_stats(const net_server *server, unsigned loop, net_stats *out) {
  const net_counters *c = &server->loops[loop].counters;
#define READ(name) .name = atomic_load_explicit(&c->name, memory_order_relaxed)
  *out = (net_stats){READ(accepted),     READ(refused),  READ(open),     READ(requests),
                     READ(bad_requests), READ(timeouts), READ(bytes_in), READ(bytes_out),
                     READ(turns),        READ(lag_us)};
#undef READ
}
