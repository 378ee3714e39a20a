/* The server over real sockets: batches, slow clients, timeouts, suspended
 * requests, draining. Runs under TSan too, with many clients at once. */
#include "net/server.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/test.h"
#include "sys/clock.h"
#include "sys/pool.h"
#include "sys/thread.h"

enum { PATIENCE_MS = 5000, LARGE = 4 << 20 };

/* --- a server whose answers depend on the path --------------------------- */

typedef struct rig {
  net_server *server;
  sys_pool *pool;
  net_options options;
  char *large;          /* LARGE bytes, shared by all answers */
  _Atomic int released; /* how often the large body was given back */
  _Atomic int hold;     /* /hold answers when this is 0 */
} rig;

static void release_large(void *owner) {
  rig *r = owner;
  atomic_fetch_add(&r->released, 1);
}

static void answer_text(net_exchange *x, int status, stele_str text) {
  net_answer(x, &(net_response){.status = status, .body = stele_str_bytes(text)});
}

/* What a job on another thread needs to know. */
typedef struct job {
  net_exchange *x;
  rig *r;
} job;

static void answer_later(void *arg) {
  job j = *(job *)arg;
  while (atomic_load(&j.r->hold)) sys_clock_sleep_ms(1);
  stele_str text =
      stele_str_printf(j.x->arena, "late " STELE_STR_FMT, STELE_STR_ARG(j.x->request.path));
  answer_text(j.x, 200, text);
}

static void back_on_loop(net_exchange *x, void *arg) {
  (void)arg;
  answer_text(x, 200, STELE_STR("resumed"));
}

static void resume_later(void *arg) {
  job j = *(job *)arg;
  net_resume(j.x, back_on_loop, NULL);
}

static void hand_over(rig *r, net_exchange *x, void (*fn)(void *)) {
  job *j = STELE_NEW(x->arena, job);
  *j = (job){x, r};
  net_suspend(x);
  if (!sys_pool_submit(r->pool, fn, j)) answer_text(x, 503, STELE_STR("full"));
}

static bool is(const net_exchange *x, const char *path) {
  return stele_str_eq(x->request.path, stele_cstr(path));
}

static void answer(net_exchange *x, void *arg) {
  rig *r = arg;
  if (is(x, "/late") || is(x, "/hold")) {
    hand_over(r, x, answer_later);
  } else if (is(x, "/resume")) {
    hand_over(r, x, resume_later);
  } else if (is(x, "/large")) {
    net_answer(x, &(net_response){.status = 200,
                                  .body = {(uint8_t *)r->large, LARGE},
                                  .release = release_large,
                                  .owner = r});
  } else if (is(x, "/close")) {
    net_answer(x,
               &(net_response){.status = 200, .body = {(const uint8_t *)"bye", 3}, .close = true});
  } else {
    stele_str text = stele_str_printf(x->arena, STELE_STR_FMT " " STELE_STR_FMT " %zu",
                                      STELE_STR_ARG(x->request.method_text),
                                      STELE_STR_ARG(x->request.path), x->request.body.len);
    answer_text(x, 200, text);
  }
}

static void rig_open(stele_test *t, rig *r, unsigned loops) {
  stele_err err = {0};
  if (!r->options.max_connections) r->options = net_options_usual;
  r->large = malloc(LARGE);
  t_true(t, r->large != NULL);
  memset(r->large, 'x', LARGE);
  r->pool = sys_pool_new(&(sys_pool_options){.name = "test", .threads = 2}, &err);
  t_ok(t, r->pool != NULL, &err);
  t_ok(t, sys_address_parse(STELE_STR("127.0.0.1:0"), &r->options.address, &err), &err);
  r->options.loops = loops;
  r->options.answer = answer;
  r->options.arg = r;
  r->server = net_server_start(&r->options, &err);
  t_ok(t, r->server != NULL, &err);
}

static void rig_close(rig *r) {
  net_server_drain(r->server, 1000);
  sys_pool_free(r->pool);
  net_server_free(r->server);
  free(r->large);
}

static uint64_t total(const rig *r, size_t at) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < net_server_loops(r->server); i++) {
    net_stats stats;
    uint64_t value;
    net_server_stats(r->server, i, &stats);
    memcpy(&value, (const char *)&stats + at, sizeof value);
    sum += value;
  }
  return sum;
}

/* --- clients ------------------------------------------------------------- */

static int client(stele_test *t, const rig *r) {
  stele_err err = {0};
  int fd = -1;
  t_ok(t, sys_socket_connect(net_server_address(r->server), &fd, &err), &err);
  return fd;
}

static void send_text(stele_test *t, int fd, const char *text) {
  t_eq_int(t, write(fd, text, strlen(text)), strlen(text));
}

static bool wait_readable(int fd) {
  struct pollfd one = {.fd = fd, .events = POLLIN};
  return poll(&one, 1, PATIENCE_MS) > 0;
}

/* Reads until `count` bodies have come or the server closes; what came, without
 * the dates. A head says how long its body is. */
typedef struct seen {
  int status[64];
  stele_str body[64];
  size_t count;
  bool closed;
} seen;

/* Where `part` starts in `text`; NULL when it is not there. */
static const char *find(stele_str text, const char *part) {
  size_t len = strlen(part);
  for (size_t i = 0; i + len <= text.len; i++) {
    if (memcmp(text.ptr + i, part, len) == 0) return text.ptr + i;
  }
  return NULL;
}

static bool take_one(stele_test *t, stele_buf *in, size_t *at, seen *out) {
  if (!in->ptr || *at == in->len) return false;
  const char *start = in->ptr + *at;
  size_t len = in->len - *at;
  const char *end = find((stele_str){start, len}, "\r\n\r\n");
  if (!end) return false;
  const char *length = find((stele_str){start, (size_t)(end - start)}, "Content-Length: ");
  size_t body = length ? strtoul(length + 16, NULL, 10) : 0, head = (size_t)(end - start) + 4;
  if (len < head + body) return false;
  out->status[out->count] = (int)strtol(start + 9, NULL, 10);
  out->body[out->count++] = stele_str_copy(t->arena, (stele_str){start + head, body});
  *at += head + body;
  return true;
}

static seen receive(stele_test *t, int fd, size_t count) {
  seen out = {0};
  stele_buf in;
  size_t at = 0;
  stele_buf_init(&in, NULL, 0);
  while (out.count < count && wait_readable(fd)) {
    stele_buf_reserve(&in, 65536);
    ssize_t got = read(fd, in.ptr + in.len, 65536);
    if (got <= 0) {
      out.closed = true;
      break;
    }
    in.len += (size_t)got;
    while (out.count < count && take_one(t, &in, &at, &out)) continue;
  }
  stele_buf_release(&in);
  return out;
}

static bool is_closed(int fd) {
  char byte;
  return wait_readable(fd) && read(fd, &byte, 1) <= 0;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* --- tests --------------------------------------------------------------- */

static void test_one_after_the_other(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  for (int i = 0; i < 3; i++) {
    send_text(t, fd, GET("/a"));
    seen got = receive(t, fd, 1);
    t_eq_int(t, got.status[0], 200);
    t_eq_str(t, got.body[0], STELE_STR("GET /a 0"));
  }
  close(fd);
  rig_close(&r);
}

static void test_pipelined_answers_come_in_order(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  send_text(t, fd,
            GET("/1") GET("/late") "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" GET(
                "/resume") GET("/5"));
  seen got = receive(t, fd, 5);
  t_eq_int(t, got.count, 5);
  t_eq_str(t, got.body[0], STELE_STR("GET /1 0"));
  t_eq_str(t, got.body[1], STELE_STR("late /late"));
  t_eq_str(t, got.body[2], STELE_STR("POST /3 2"));
  t_eq_str(t, got.body[3], STELE_STR("resumed"));
  t_eq_str(t, got.body[4], STELE_STR("GET /5 0"));
  close(fd);
  rig_close(&r);
}

/* More than one read's and one write's worth. */
static void test_a_thousand_at_once(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  stele_buf all;
  stele_buf_init(&all, t->arena, 0);
  for (int i = 0; i < 1000; i++) stele_buf_printf(&all, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
  t_eq_int(t, write(fd, all.ptr, all.len), all.len);
  sys_socket_finish(fd);
  stele_buf in;
  stele_buf_init(&in, NULL, 0);
  while (wait_readable(fd)) {
    stele_buf_reserve(&in, 65536);
    ssize_t got = read(fd, in.ptr + in.len, 65536);
    if (got <= 0) break;
    in.len += (size_t)got;
  }
  size_t at = 0, answered = 0;
  for (seen one = {0}; take_one(t, &in, &at, &one); one.count = 0) {
    char text[32];
    (void)snprintf(text, sizeof text, "GET /%zu 0", answered++);
    t_eq_str(t, one.body[0], stele_cstr(text));
  }
  t_eq_int(t, answered, 1000);
  t_eq_int(t, at, in.len);
  stele_buf_release(&in);
  close(fd);
  rig_close(&r);
}

static void test_a_request_in_small_pieces(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  const char *text = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n" GET("/next");
  for (const char *at = text; *at; at++) {
    t_eq_int(t, write(fd, at, 1), 1);
    if ((at - text) % 16 == 0) sys_clock_sleep_ms(1);
  }
  seen got = receive(t, fd, 2);
  t_eq_str(t, got.body[0], STELE_STR("POST /p 11"));
  t_eq_str(t, got.body[1], STELE_STR("GET /next 0"));
  close(fd);
  rig_close(&r);
}

static void test_a_large_body_in(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  char head[128];
  (void)snprintf(head, sizeof head, "PUT /big HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
                 LARGE);
  send_text(t, fd, head);
  for (size_t sent = 0; sent < LARGE;) {
    ssize_t put = write(fd, r.large + sent, LARGE - sent);
    t_true(t, put > 0);
    sent += (size_t)put;
  }
  t_eq_str(t, receive(t, fd, 1).body[0], STELE_STR("PUT /big 4194304"));
  close(fd);
  rig_close(&r);
}

/* The client reads nothing while more is answered than sockets hold; the shared
 * body is given back once for each answer, read or not. */
static void test_a_slow_reader(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  send_text(t, fd, GET("/large") GET("/large") GET("/after"));
  sys_clock_sleep_ms(50);
  t_true(t, atomic_load(&r.released) < 2);
  seen got = receive(t, fd, 3);
  t_eq_int(t, got.count, 3);
  t_eq_int(t, got.body[1].len, LARGE);
  t_eq_str(t, got.body[2], STELE_STR("GET /after 0"));
  t_eq_int(t, atomic_load(&r.released), 2);
  send_text(t, fd, GET("/large") GET("/large"));
  sys_clock_sleep_ms(20);
  close(fd); /* without reading */
  rig_close(&r);
  t_true(t, atomic_load(&r.released) >= 3);
}

static void test_head_has_no_body(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  char text[512] = {0};
  send_text(t, fd, "HEAD /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  size_t len = 0;
  for (ssize_t got; wait_readable(fd) && (got = read(fd, text + len, sizeof text - 1 - len)) > 0;) {
    len += (size_t)got;
  }
  t_true(t, strstr(text, "Content-Length: 4194304\r\n") != NULL);
  t_true(t, strstr(text, "Connection: close\r\n") != NULL);
  t_true(t, len > 4 && strcmp(text + len - 4, "\r\n\r\n") == 0);
  t_eq_int(t, atomic_load(&r.released), 1);
  close(fd);
  rig_close(&r);
}

static void test_bad_requests_end_the_connection(stele_test *t) {
  static const struct {
    const char *label, *in;
    int status;
    size_t before; /* answers that still come */
  } rows[] = {
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, 0},
      {"LF alone", "GET / HTTP/1.1\nHost: a\n\n", 400, 0},
      {"after a good one", GET("/1") "GET /2 HTTP/1.1\r\nHost : a\r\n\r\n" GET("/3"), 400, 1},
      {"too large", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413, 0},
      {"HTTP/2", "GET / HTTP/2.0\r\n\r\n", 505, 0},
  };
  rig r = {0};
  rig_open(t, &r, 1);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    int fd = client(t, &r);
    send_text(t, fd, rows[i].in);
    seen got = receive(t, fd, rows[i].before + 1);
    t_eq_int(t, got.count, rows[i].before + 1);
    t_eq_int(t, got.status[rows[i].before], rows[i].status);
    t_true(t, is_closed(fd));
    close(fd);
  }
  t_eq_int(t, total(&r, offsetof(net_stats, bad_requests)), STELE_COUNT(rows));
  rig_close(&r);
}

static void test_continue(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  char text[64] = {0};
  send_text(t, fd,
            "POST /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  t_true(t, wait_readable(fd));
  t_eq_int(t, read(fd, text, sizeof text - 1), 25);
  t_eq_str(t, stele_cstr(text), STELE_STR("HTTP/1.1 100 Continue\r\n\r\n"));
  send_text(t, fd, "abc");
  t_eq_str(t, receive(t, fd, 1).body[0], STELE_STR("POST /c 3"));
  close(fd);
  rig_close(&r);
}

static void test_closing(stele_test *t) {
  static const struct {
    const char *label, *in;
  } rows[] = {
      {"asked by the client", "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
      {"HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n"},
      {"wanted by the answer", GET("/close")},
      {"wanted by the answer, with more behind", GET("/close") GET("/never")},
  };
  rig r = {0};
  rig_open(t, &r, 1);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    int fd = client(t, &r);
    send_text(t, fd, rows[i].in);
    t_eq_int(t, receive(t, fd, 1).status[0], 200);
    t_true(t, is_closed(fd));
    close(fd);
  }
  rig_close(&r);
}

static void test_timeouts(stele_test *t) {
  static const struct {
    const char *label, *in;
    int status; /* 0: closed without a word */
  } rows[] = {
      {"nothing is sent", "", 0},
      {"half a head", "GET / HTTP/1.1\r\nHo", 408},
      {"half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", 408},
      {"no answer", GET("/hold"), 504},
  };
  rig r = {.options = net_options_usual, .hold = 1};
  r.options.head_ms = r.options.body_ms = r.options.idle_ms = r.options.answer_ms = 150;
  rig_open(t, &r, 1);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    int fd = client(t, &r);
    send_text(t, fd, rows[i].in);
    seen got = receive(t, fd, 1);
    t_eq_int(t, got.count, rows[i].status ? 1 : 0);
    t_eq_int(t, got.status[0], rows[i].status);
    t_true(t, got.closed || is_closed(fd));
    close(fd);
  }
  atomic_store(&r.hold, 0);
  rig_close(&r);
}

/* The client hangs up while its request is with another thread. */
static void test_gone_while_waiting(stele_test *t) {
  rig r = {.options = net_options_usual, .hold = 1};
  r.options.answer_ms = 100;
  rig_open(t, &r, 1);
  int fds[4];
  for (size_t i = 0; i < STELE_COUNT(fds); i++) {
    fds[i] = client(t, &r);
    send_text(t, fds[i], GET("/hold"));
  }
  sys_clock_sleep_ms(30);
  for (size_t i = 0; i < STELE_COUNT(fds); i++) close(fds[i]);
  sys_clock_sleep_ms(300); /* 504 is said to nobody */
  atomic_store(&r.hold, 0);
  int fd = client(t, &r);
  send_text(t, fd, GET("/late"));
  t_eq_str(t, receive(t, fd, 1).body[0], STELE_STR("late /late"));
  close(fd);
  rig_close(&r);
}

static void test_too_many_connections(stele_test *t) {
  rig r = {.options = net_options_usual};
  r.options.max_connections = 2;
  rig_open(t, &r, 1);
  int first = client(t, &r), second = client(t, &r);
  send_text(t, first, GET("/1"));
  send_text(t, second, GET("/2"));
  t_eq_int(t, receive(t, first, 1).status[0], 200);
  t_eq_int(t, receive(t, second, 1).status[0], 200);
  int third = client(t, &r);
  t_eq_int(t, receive(t, third, 1).status[0], 503);
  close(third);
  close(second);
  sys_clock_sleep_ms(20);
  third = client(t, &r);
  send_text(t, third, GET("/3"));
  t_eq_int(t, receive(t, third, 1).status[0], 200);
  close(first);
  close(third);
  rig_close(&r);
}

static void let_go(void *arg) {
  rig *r = arg;
  sys_clock_sleep_ms(50);
  atomic_store(&r->hold, 0);
}

/* What is in flight is answered; idle connections end; nobody new gets in. */
static void test_draining(stele_test *t) {
  rig r = {.hold = 1};
  rig_open(t, &r, 2);
  int idle = client(t, &r), busy = client(t, &r);
  send_text(t, idle, GET("/1"));
  t_eq_int(t, receive(t, idle, 1).status[0], 200);
  send_text(t, busy, GET("/hold"));
  sys_clock_sleep_ms(20);
  stele_err err = {0};
  sys_thread helper;
  t_ok(t, sys_thread_start(&helper, "let-go", let_go, &r, &err), &err);
  stele_time_us began = sys_clock_mono();
  net_server_drain(r.server, 3000);
  t_true(t, sys_clock_mono() - began < 2500 * (stele_time_us)STELE_US_PER_MS);
  t_true(t, is_closed(idle));
  seen got = receive(t, busy, 1);
  t_eq_int(t, got.status[0], 200);
  t_true(t, is_closed(busy));
  int late = -1;
  t_true(t, !sys_socket_connect(net_server_address(r.server), &late, &err));
  sys_thread_join(&helper);
  close(idle);
  close(busy);
  rig_close(&r);
}

/* A request that nobody answers does not keep the server up. */
static void test_draining_has_an_end(stele_test *t) {
  rig r = {.hold = 1};
  rig_open(t, &r, 1);
  int fd = client(t, &r);
  send_text(t, fd, GET("/hold"));
  sys_clock_sleep_ms(20);
  stele_time_us began = sys_clock_mono();
  net_server_drain(r.server, 100);
  t_true(t, sys_clock_mono() - began < 2000 * (stele_time_us)STELE_US_PER_MS);
  t_true(t, is_closed(fd));
  atomic_store(&r.hold, 0); /* its answer comes after the loops have ended */
  close(fd);
  rig_close(&r);
}

/* --- many at once -------------------------------------------------------- */

enum { CLIENTS = 8, ROUNDS = 60 };

typedef struct crowd {
  const rig *r;
  unsigned number;
  int mistakes;
} crowd;

/* Like receive(), without a test to fail: counts answers with status 200. */
static int count_ok(int fd, int wanted) {
  char block[16384];
  stele_buf in;
  int ok = 0;
  stele_buf_init(&in, NULL, 0);
  while (ok < wanted && wait_readable(fd)) {
    ssize_t got = read(fd, block, sizeof block);
    if (got <= 0) break;
    stele_buf_add(&in, block, (size_t)got);
    ok = 0;
    stele_str left = stele_buf_str(&in);
    for (const char *at; (at = find(left, "HTTP/1.1 200")) != NULL;) {
      left = (stele_str){at + 1, left.len - (size_t)(at + 1 - left.ptr)};
      ok++;
    }
  }
  stele_buf_release(&in);
  return ok;
}

static void one_of_a_crowd(void *arg) {
  static const char *const texts[] = {
      GET("/a") GET("/late") GET("/b"),
      GET("/resume") GET("/resume"),
      "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" GET("/late"),
  };
  static const int answers[] = {3, 2, 2};
  crowd *c = arg;
  int fd = -1;
  for (unsigned i = 0; i < ROUNDS; i++) {
    stele_err err = {0};
    unsigned kind = (i + c->number) % 3;
    if (fd < 0 && !sys_socket_connect(net_server_address(c->r->server), &fd, &err)) {
      c->mistakes++;
      return;
    }
    size_t len = strlen(texts[kind]);
    if (write(fd, texts[kind], len) != (ssize_t)len) c->mistakes++;
    if (i % 7 != 6 && count_ok(fd, answers[kind]) != answers[kind]) c->mistakes++;
    if (i % 7 < 5) continue;
    close(fd); /* sometimes without waiting for the answers */
    fd = -1;
  }
  if (fd >= 0) close(fd);
}

static void test_a_crowd(stele_test *t) {
  rig r = {0};
  rig_open(t, &r, 2);
  crowd clients[CLIENTS];
  sys_thread threads[CLIENTS];
  stele_err err = {0};
  for (unsigned i = 0; i < CLIENTS; i++) {
    clients[i] = (crowd){.r = &r, .number = i};
    t_ok(t, sys_thread_start(&threads[i], "client", one_of_a_crowd, &clients[i], &err), &err);
  }
  for (unsigned i = 0; i < CLIENTS; i++) {
    sys_thread_join(&threads[i]);
    t_eq_int(t, clients[i].mistakes, 0);
  }
  rig_close(&r);
}

TEST_MAIN(test_one_after_the_other, test_pipelined_answers_come_in_order, test_a_thousand_at_once,
          test_a_request_in_small_pieces, test_a_large_body_in, test_a_slow_reader,
          test_head_has_no_body, test_bad_requests_end_the_connection, test_continue, test_closing,
          test_timeouts, test_gone_while_waiting, test_too_many_connections, test_draining,
          test_draining_has_an_end, test_a_crowd)
