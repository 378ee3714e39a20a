/* The client against our own server. */
#include "net/client.h"

#include "harness/test.h"
#include "net/server.h"
#include "sys/clock.h"

/* Says back what it was asked. */
static void echo(net_exchange *x, void *arg) {
  (void)arg;
  const http_request *r = &x->request;
  if (stele_str_eq(r->path, STELE_STR("/slow"))) sys_clock_sleep_ms(300);
  stele_str text = stele_str_printf(
      x->arena,
      STELE_STR_FMT " " STELE_STR_FMT " type=" STELE_STR_FMT " accept=" STELE_STR_FMT
                    " auth=" STELE_STR_FMT " x=" STELE_STR_FMT " body=" STELE_STR_FMT,
      STELE_STR_ARG(r->method_text), STELE_STR_ARG(r->target),
      STELE_STR_ARG(http_header(r, HTTP_H_CONTENT_TYPE)),
      STELE_STR_ARG(http_header(r, HTTP_H_ACCEPT)),
      STELE_STR_ARG(http_header(r, HTTP_H_AUTHORIZATION)),
      STELE_STR_ARG(http_header_find(r, "x-y", 0)), STELE_STR_ARG(r->body));
  net_answer(x, &(net_response){.status = stele_str_eq(r->path, STELE_STR("/no")) ? 404 : 200,
                                .headers = STELE_STR("X-Answer:  yes \r\n"),
                                .body = stele_str_bytes(text)});
}

static net_server *serve(stele_test *t, char url[64]) {
  stele_err err = {0};
  net_options options = net_options_usual;
  t_ok(t, sys_address_parse(STELE_STR("127.0.0.1:0"), &options.address, &err), &err);
  options.loops = 1;
  options.answer = echo;
  net_server *server = net_server_start(&options, &err);
  t_ok(t, server != NULL, &err);
  (void)snprintf(url, 64, "http://127.0.0.1:%u", net_server_address(server)->port);
  return server;
}

static void test_requests(stele_test *t) {
  static const char *const extra[] = {"X-Y: z", NULL};
  static const struct {
    const char *label;
    net_request in;
    int status;
    const char *want;
  } rows[] = {
      {"GET",
       {.method = "GET", .path = STELE_STR_INIT("/a?b=c")},
       200,
       "GET /a?b=c type= accept=*/* auth=key x= body="},
      {"POST",
       {.method = "POST",
        .path = STELE_STR_INIT("/p"),
        .type = STELE_STR_INIT("text/x"),
        .body = STELE_STR_INIT("hello"),
        .accept = "text/y"},
       200,
       "POST /p type=text/x accept=text/y auth=key x= body=hello"},
      {"POST of nothing",
       {.method = "POST", .path = STELE_STR_INIT("/p"), .body = STELE_STR_INIT("")},
       200,
       "POST /p type=application/x-www-form-urlencoded accept=*/* auth=key x= body="},
      {"PUT",
       {.method = "PUT",
        .path = STELE_STR_INIT("/p"),
        .type = STELE_STR_INIT("a/b"),
        .body = STELE_STR_INIT("1")},
       200,
       "PUT /p type=a/b accept=*/* auth=key x= body=1"},
      {"DELETE",
       {.method = "DELETE", .path = STELE_STR_INIT("/d")},
       200,
       "DELETE /d type= accept=*/* auth=key x= body="},
      {"HEAD", {.method = "HEAD", .path = STELE_STR_INIT("/h")}, 200, ""},
      {"GET after all of these",
       {.method = "GET", .path = STELE_STR_INIT("/a")},
       200,
       "GET /a type= accept=*/* auth=key x= body="},
      {"a path is sent as it is",
       {.method = "GET", .path = STELE_STR_INIT("/a%2Fb/../c")},
       200,
       "GET /a%2Fb/../c type= accept=*/* auth=key x= body="},
      {"further headers",
       {.method = "GET", .path = STELE_STR_INIT("/x"), .headers = extra},
       200,
       "GET /x type= accept=*/* auth=key x=z body="},
      {"a refusal is an answer",
       {.method = "GET", .path = STELE_STR_INIT("/no")},
       404,
       "GET /no type= accept=*/* auth=key x= body="},
  };
  char url[64];
  net_server *server = serve(t, url);
  stele_err err = {0};
  net_client *client = net_client_new(
      &(net_client_options){.url = stele_cstr(url), .authorization = STELE_STR("key")}, &err);
  t_ok(t, client != NULL, &err);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    net_reply reply;
    t_case(t, rows[i].label);
    t_ok(t, net_client_send(client, t->arena, &rows[i].in, &reply, &err), &err);
    t_eq_int(t, reply.status, rows[i].status);
    t_eq_str(t, reply.body, stele_cstr(rows[i].want));
    t_eq_str(t, net_reply_header(&reply, "x-answer"), STELE_STR("yes"));
    t_true(t, !net_reply_header(&reply, "x-question").ptr);
  }
  net_stats stats;
  net_server_stats(server, 0, &stats);
  t_eq_int(t, stats.accepted, 1); /* one connection for all */
  net_client_free(client);
  net_server_drain(server, 1000);
  net_server_free(server);
}

static void test_no_answer(stele_test *t) {
  char url[64];
  stele_err err = {0};
  net_reply reply;
  net_server *server = serve(t, url);
  net_client *slow =
      net_client_new(&(net_client_options){.url = stele_cstr(url), .timeout_ms = 100}, &err);
  net_client *small =
      net_client_new(&(net_client_options){.url = stele_cstr(url), .limit_bytes = 10}, &err);
  t_true(t, slow && small);
  net_request request = {.method = "GET", .path = STELE_STR("/slow")};
  t_true(t, !net_client_send(slow, t->arena, &request, &reply, &err));
  t_eq_int(t, err.code, STELE_TIMEOUT);
  t_true(t, !net_client_send(small, t->arena, &request, &reply, &err));
  t_eq_int(t, err.code, STELE_LIMIT);
  net_server_drain(server, 1000);
  net_server_free(server);
  t_true(t, !net_client_send(small, t->arena, &request, &reply, &err));
  t_eq_int(t, err.code, STELE_UNAVAILABLE);
  net_client_free(slow);
  net_client_free(small);
}

static void test_urls(stele_test *t) {
  static const struct {
    const char *url;
    bool ok;
  } rows[] = {
      {"http://127.0.0.1:8081", true}, {"http://localhost:8081/registry/", true},
      {"HTTPS://example.org", true},   {"ftp://example.org", false},
      {"file:///etc/passwd", false},   {"localhost:8081", false},
      {"http://a?b", false},           {"", false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    t_case(t, rows[i].url);
    net_client *client =
        net_client_new(&(net_client_options){.url = stele_cstr(rows[i].url)}, &err);
    t_eq_int(t, client != NULL, rows[i].ok);
    if (!client) t_eq_int(t, err.code, STELE_INVALID);
    net_client_free(client);
  }
}

static void test_encoding(stele_test *t) {
  t_eq_str(t, net_segment_encode(t->arena, STELE_STR("trading/a b~1.proto")),
           STELE_STR("trading%2Fa%20b~1.proto"));
  t_eq_str(t, net_segment_encode(t->arena, STELE_STR("\xc3\xa9%+?")), STELE_STR("%C3%A9%25%2B%3F"));
  t_eq_str(t, net_segment_encode(t->arena, STELE_STR("")), STELE_STR(""));
}

TEST_MAIN(test_requests, test_no_answer, test_urls, test_encoding)
