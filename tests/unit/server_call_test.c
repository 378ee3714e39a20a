/* Calls, from the wire to a handler and back: identity, types, refusals,
 * failures, waiting on other threads, and running out of memory. */
#include "server/call.h"

#include <stdatomic.h>
#include <unistd.h>

#include "fmt/json.h"
#include "harness/test.h"
#include "net/client.h"
#include "net/server.h"
#include "obs/metrics.h"
#include "server/app.h"
#include "server/dispatch.h"
#include "server/router.h"
#include "sys/clock.h"
#include "sys/pool.h"
#include "sys/thread.h"

/* --- handlers ------------------------------------------------------------ */

static bool get_echo(stele_call *call, stele_err *err) {
  stele_str a = STELE_STR("-"), b = STELE_STR("-");
  call_page page;
  (void)call_query(call, "a", &a);
  (void)call_query_nth(call, "a", 1, &b);
  if (!call_query_page(call, 1000, &page, err)) return false;
  return call_reply_json(
      call, 200,
      stele_str_printf(
          call->arena,
          "{\"name\":\"" STELE_STR_FMT "\",\"tenant\":\"" STELE_STR_FMT "\",\"a\":\"" STELE_STR_FMT
          "\",\"a2\":\"" STELE_STR_FMT "\",\"flag\":%d,\"offset\":%zu,\"limit\":%zu}",
          STELE_STR_ARG(call_param(call, "name")), STELE_STR_ARG(call->tenant), STELE_STR_ARG(a),
          STELE_STR_ARG(b), call_query_flag(call, "flag"), page.offset, page.limit));
}

static bool get_number(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200,
                         stele_str_printf(call->arena, "%d", call_param_int(call, "id")));
}

static bool post_json(stele_call *call, stele_err *err) {
  const stele_json *tree = call_json(call, err);
  if (!tree) return false;
  return call_reply_json(call, 201, stele_str_printf(call->arena, "%u", tree->count));
}

static bool get_refused(stele_call *call, stele_err *err) {
  (void)err;
  static const call_refusal row = {409, 40901, "Compatibility_Error", "add, do not remove"};
  return call_refuse(call, &row, STELE_STR("no \"way\""), STELE_STR("{\"rule\":\"X\"}"));
}

static bool get_refused_plainly(stele_call *call, stele_err *err) {
  (void)err;
  static const call_refusal row = {.http = 404, .error_code = 40401};
  return call_refuse(call, &row, STELE_STR("Subject 'a' not found."), (stele_str){NULL, 0});
}

static bool get_failed(stele_call *call, stele_err *err) {
  stele_str code = call_param(call, "code");
  for (int i = 1; i <= STELE_NO_MEMORY; i++) {
    if (!stele_str_eq(code, stele_cstr(stele_code_text((stele_code)i)))) continue;
    return stele_fail(err, (stele_code)i, "the secret of the disk");
  }
  return call_not_found(call);
}

static bool get_nothing(stele_call *call, stele_err *err) {
  (void)err;
  call_header(call, "X-Own", STELE_STR("a\r\nInjected: b"));
  return call_reply_text(call, 204, "", (stele_str){NULL, 0});
}

static bool get_silent(stele_call *call, stele_err *err) {
  (void)call, (void)err;
  return true;
}

static bool get_shared(stele_call *call, stele_err *err) {
  (void)err;
  call_header(call, "Cache-Control", STELE_STR("public, max-age=31536000, immutable"));
  static const char body[] = "{\"schema\":\"…\"}";
  return call_reply_shared(call, 200, NULL,
                           (call_shared){.bytes = {(const uint8_t *)body, sizeof body - 1}});
}

static bool get_too_much(stele_call *call, stele_err *err) {
  for (int i = 0; i < 1000; i++) (void)stele_arena_alloc(call->arena, 1 << 16, 1);
  return stele_fail(err, STELE_INTERNAL, "64 MB came out of 1");
}

/* --- handlers that wait -------------------------------------------------- */

static bool reply_from_worker(stele_call *call, void *arg, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200,
                         stele_str_printf(call->arena, "\"worked %s\"", (const char *)arg));
}

static bool fail_from_worker(stele_call *call, void *arg, stele_err *err) {
  (void)call, (void)arg;
  return stele_fail(err, STELE_CONFLICT, "moved on");
}

static bool eat_on_worker(stele_call *call, void *arg, stele_err *err) {
  (void)arg;
  return get_too_much(call, err);
}

static bool back_on_loop(stele_call *call, void *arg, stele_err *err) {
  (void)err;
  return call_reply_json(call, 200,
                         stele_str_printf(call->arena, "\"back %s\"", (const char *)arg));
}

static bool resume_from_worker(stele_call *call, void *arg, stele_err *err) {
  (void)err;
  call_resume(call, back_on_loop, arg);
  return true;
}

/* Worker, loop, worker again. */
static bool work_again(stele_call *call, void *arg, stele_err *err) {
  return call_work(call, call->app->workers, reply_from_worker, arg, err);
}

static bool go_round(stele_call *call, void *arg, stele_err *err) {
  (void)err;
  call_resume(call, work_again, arg);
  return true;
}

static bool (*const turns[])(stele_call *call, void *arg, stele_err *err) = {
    reply_from_worker, fail_from_worker, eat_on_worker, resume_from_worker, go_round};

static bool get_wait(stele_call *call, stele_err *err) {
  static char word[] = "well";
  return call_work(call, call->app->workers, turns[call_param_int(call, "how")], word, err);
}

/* A full pool: what cannot be queued fails at once. */
static bool get_full(stele_call *call, stele_err *err) {
  return call_work(call, (sys_pool *)(void *)call->app->registry, reply_from_worker, NULL, err);
}

// clang-format off
#define ROW(verb, path_pattern, example, fn) \
  .method = verb, .pattern = path_pattern, .role = STELE_ROLE_READER, .handler = fn, \
  .tag = "T", .summary = "S.", .path = example, .answer = ""
static const api_route routes[] = {
    {ROW("GET", "/echo/{name}", "/echo/a", get_echo), .query = "a flag offset limit"},
    {ROW("GET", "/number/{id:int}", "/number/1", get_number)},
    {ROW("POST", "/json", NULL, post_json), .body = "{}", .takes = "application/x-tar"},
    {ROW("GET", "/refused", NULL, get_refused)},
    {ROW("GET", "/refused/plainly", NULL, get_refused_plainly)},
    {ROW("GET", "/failed/{code}", "/failed/x", get_failed)},
    {ROW("GET", "/nothing", NULL, get_nothing)},
    {ROW("GET", "/silent", NULL, get_silent)},
    {ROW("GET", "/shared", NULL, get_shared)},
    {ROW("GET", "/too-much", NULL, get_too_much)},
    {ROW("GET", "/wait/{how:int}", "/wait/1", get_wait)},
    {ROW("GET", "/full", NULL, get_full)},
};
// clang-format on

/* --- the rig ------------------------------------------------------------- */

typedef struct rig {
  stele_app app;
  net_client *client;
  char url[64];
} rig;

static void rig_open(stele_test *t, rig *r) {
  stele_err err = {0};
  router *table = router_new(t->arena);
  router_add(table, routes, STELE_COUNT(routes));
  t_ok(t, router_freeze(table, &err), &err);
  obs_route *labels = STELE_NEW_ARRAY(t->arena, obs_route, STELE_COUNT(routes) + 1);
  for (size_t i = 0; i < STELE_COUNT(routes); i++) {
    labels[i] = (obs_route){routes[i].pattern, routes[i].method};
  }
  labels[STELE_COUNT(routes)] = (obs_route){"unmatched", "any"};
  r->app.arena = t->arena;
  r->app.routes = table;
  r->app.metrics = obs_metrics_new(labels, STELE_COUNT(routes) + 1, 3, &err);
  t_ok(t, r->app.metrics != NULL, &err);
  r->app.workers = sys_pool_new(&(sys_pool_options){.name = "work", .threads = 2}, &err);
  t_ok(t, r->app.workers != NULL, &err);

  net_options options = net_options_usual;
  t_ok(t, sys_address_parse(STELE_STR("127.0.0.1:0"), &options.address, &err), &err);
  options.loops = 2;
  options.arena_bytes = 1 << 20;
  options.answer = dispatch_request;
  options.arg = dispatch_new(&r->app, options.loops);
  r->app.net = net_server_start(&options, &err);
  t_ok(t, r->app.net != NULL, &err);
  (void)snprintf(r->url, sizeof r->url, "http://127.0.0.1:%u",
                 net_server_address(r->app.net)->port);
  r->client = net_client_new(&(net_client_options){.url = stele_cstr(r->url)}, &err);
  t_ok(t, r->client != NULL, &err);
}

static void rig_close(rig *r) {
  net_client_free(r->client);
  net_server_drain(r->app.net, 1000);
  sys_pool_free(r->app.workers);
  net_server_free(r->app.net);
  obs_metrics_free(r->app.metrics);
}

static net_reply ask(stele_test *t, rig *r, net_request request) {
  stele_err err = {0};
  net_reply reply;
  t_ok(t, net_client_send(r->client, t->arena, &request, &reply, &err), &err);
  return reply;
}

static net_reply get(stele_test *t, rig *r, const char *path) {
  return ask(t, r, (net_request){.method = "GET", .path = stele_cstr(path)});
}

/* --- tests --------------------------------------------------------------- */

static void test_answers(stele_test *t) {
  static const struct {
    const char *label, *path;
    int status;
    const char *body;
  } rows[] = {
      {"nothing in the query", "/echo/x", 200,
       "{\"name\":\"x\",\"tenant\":\".\",\"a\":\"-\",\"a2\":\"-\",\"flag\":0,\"offset\":0,"
       "\"limit\":1000}"},
      {"much in the query", "/echo/a%2Fb?a=1+2&flag=TRUE&a=%33&offset=5&limit=7&unknown=x", 200,
       "{\"name\":\"a/b\",\"tenant\":\".\",\"a\":\"1 "
       "2\",\"a2\":\"3\",\"flag\":1,\"offset\":5,\"limit\":7}"},
      {"a flag that is empty, a limit beyond the most", "/echo/x?flag&a&limit=1001&offset=-1", 200,
       "{\"name\":\"x\",\"tenant\":\".\",\"a\":\"\",\"a2\":\"-\",\"flag\":0,\"offset\":0,\"limit\":"
       "1000}"},
      {"a number that is none", "/echo/x?limit=many", 404,
       "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}"},
      {"in a context", "/contexts/acme/echo/x", 200,
       "{\"name\":\"x\",\"tenant\":\".acme\",\"a\":\"-\",\"a2\":\"-\",\"flag\":0,\"offset\":0,"
       "\"limit\":1000}"},
      {"a context that is none", "/contexts/a:b/echo/x", 400,
       "{\"error_code\":400,\"message\":\"the path names no valid context\"}"},
      {"an integer", "/number/-5", 200, "-5"},
      {"no integer", "/number/five", 404,
       "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}"},
      {"no such path", "/nowhere", 404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}"},
      {"another method", "/json", 405,
       "{\"error_code\":405,\"message\":\"HTTP 405 Method Not Allowed\"}"},
      {"a refusal", "/refused", 409,
       "{\"error_code\":40901,\"message\":\"no \\\"way\\\"\",\"details\":{\"name\":"
       "\"Compatibility_Error\",\"hint\":\"add, do not remove\",\"rule\":\"X\"}}"},
      {"a refusal without details", "/refused/plainly", 404,
       "{\"error_code\":40401,\"message\":\"Subject 'a' not found.\"}"},
      {"nothing", "/nothing", 204, ""},
      {"a handler that forgets", "/silent", 500,
       "{\"error_code\":500,\"message\":\"Internal Server Error\"}"},
      {"a shared body", "/shared", 200, "{\"schema\":\"…\"}"},
      {"more memory than a request may have", "/too-much", 413,
       "{\"error_code\":413,\"message\":\"the request needs more memory than a request may "
       "have\"}"},
      {"a mistake of the user", "/failed/invalid%20argument", 400,
       "{\"error_code\":400,\"message\":\"the secret of the disk\"}"},
      {"a failure of the machine is not told", "/failed/input%20or%20output%20failed", 500,
       "{\"error_code\":500,\"message\":\"Internal Server Error\"}"},
      {"but to come back is", "/failed/temporarily%20down", 503,
       "{\"error_code\":503,\"message\":\"the secret of the disk\"}"},
      {"from a worker", "/wait/0", 200, "\"worked well\""},
      {"a failure on a worker", "/wait/1", 409, "{\"error_code\":409,\"message\":\"moved on\"}"},
      {"out of memory on a worker", "/wait/2", 413,
       "{\"error_code\":413,\"message\":\"the request needs more memory than a request may "
       "have\"}"},
      {"back on the loop", "/wait/3", 200, "\"back well\""},
      {"to and fro", "/wait/4", 200, "\"worked well\""},
  };
  rig r = {0};
  rig_open(t, &r);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    net_reply reply = get(t, &r, rows[i].path);
    t_eq_str(t, reply.body, stele_cstr(rows[i].body));
    t_eq_int(t, reply.status, rows[i].status);
  }
  rig_close(&r);
}

#define V1 "application/vnd.schemaregistry.v1+json"

static void test_types(stele_test *t) {
  static const struct {
    const char *label, *accept, *type, *body;
    int status;
    const char *want; /* Content-Type */
  } rows[] = {
      {"anything", NULL, "application/json", "{\"a\":1}", 201, V1},
      {"plain JSON", "application/json", V1, "[1,2]", 201, "application/json"},
      {"HTML", "text/html", "application/json", "{}", 406, V1},
      {"a form", NULL, "application/x-www-form-urlencoded", "{}", 415, V1},
      {"a tar, which is taken and is no JSON", NULL, "application/x-tar", "tar", 400, V1},
      {"broken JSON", "application/json", "application/json", "{", 400, "application/json"},
      {"nothing at all", NULL, "application/json", "", 400, V1},
  };
  rig r = {0};
  rig_open(t, &r);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    net_reply reply = ask(t, &r,
                          (net_request){.method = "POST",
                                        .path = STELE_STR("/json"),
                                        .type = stele_cstr(rows[i].type),
                                        .body = stele_cstr(rows[i].body),
                                        .accept = rows[i].accept});
    t_eq_int(t, reply.status, rows[i].status);
    t_eq_str(t, net_reply_header(&reply, "content-type"), stele_cstr(rows[i].want));
  }
  rig_close(&r);
}

static void test_headers(stele_test *t) {
  static const char *const one[] = {"X-Request-ID: mine", NULL}, *const two[] = {"X-Request-ID: a",
                                                                                 "X-Request-ID: b",
                                                                                 NULL};
  rig r = {0};
  rig_open(t, &r);
  net_request request = {.method = "GET", .path = STELE_STR("/number/1"), .headers = one};
  net_reply reply = ask(t, &r, request);
  t_eq_str(t, net_reply_header(&reply, "x-request-id"), STELE_STR("mine"));
  request.headers = two;
  reply = ask(t, &r, request);
  stele_str fresh = net_reply_header(&reply, "x-request-id");
  t_eq_int(t, fresh.len, 36);
  t_true(t, fresh.ptr[14] == '4' && fresh.ptr[8] == '-');
  reply = get(t, &r, "/number/1");
  t_true(t, !stele_str_eq(fresh, net_reply_header(&reply, "x-request-id")));
  t_eq_str(t, net_reply_header(&reply, "cache-control"),
           STELE_STR("no-cache, no-store, must-revalidate"));
  t_eq_str(t, net_reply_header(&reply, "x-xss-protection"), STELE_STR("1; mode=block"));
  reply = get(t, &r, "/shared");
  t_eq_str(t, net_reply_header(&reply, "cache-control"),
           STELE_STR("public, max-age=31536000, immutable"));
  t_eq_str(t, net_reply_header(&reply, "vary"), STELE_STR("Accept"));
  reply = get(t, &r, "/nothing");
  t_eq_str(t, net_reply_header(&reply, "x-own"), STELE_STR("a  Injected: b"));
  t_true(t, !net_reply_header(&reply, "injected").ptr);
  t_true(t, !net_reply_header(&reply, "content-type").ptr);
  reply = ask(t, &r, (net_request){.method = "PUT", .path = STELE_STR("/json")});
  t_eq_str(t, net_reply_header(&reply, "allow"), STELE_STR("POST, OPTIONS"));
  reply = ask(t, &r, (net_request){.method = "OPTIONS", .path = STELE_STR("/json")});
  t_eq_int(t, reply.status, 200);
  t_eq_str(t, net_reply_header(&reply, "allow"), STELE_STR("POST, OPTIONS"));
  reply = get(t, &r, "/failed/temporarily%20down");
  t_eq_str(t, net_reply_header(&reply, "retry-after"), STELE_STR("1"));
  rig_close(&r);
}

static void test_pages_of_other_sites(stele_test *t) {
  static const struct {
    const char *label, *method, *path, *header;
    int status;
  } rows[] = {
      {"a page of ours", "POST", "/json", "Sec-Fetch-Site: same-origin", 201},
      {"no page at all", "POST", "/json", "X-Nothing: x", 201},
      {"a page of another site", "POST", "/json", "Sec-Fetch-Site: cross-site", 403},
      {"which may look", "GET", "/number/1", "Sec-Fetch-Site: cross-site", 200},
  };
  rig r = {0};
  rig_open(t, &r);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const char *const headers[] = {rows[i].header, NULL};
    net_request request = {
        .method = rows[i].method, .path = stele_cstr(rows[i].path), .headers = headers};
    if (*rows[i].method == 'P') request.body = STELE_STR("{}");
    request.type = request.body.ptr ? STELE_STR("application/json") : (stele_str){NULL, 0};
    t_case(t, rows[i].label);
    t_eq_int(t, ask(t, &r, request).status, rows[i].status);
  }
  rig_close(&r);
}

static void test_counting(stele_test *t) {
  rig r = {0};
  rig_open(t, &r);
  for (int i = 0; i < 3; i++) (void)get(t, &r, "/number/1");
  (void)get(t, &r, "/wait/0");
  (void)get(t, &r, "/nowhere");
  const obs_metrics *m = r.app.metrics;
  t_eq_int(t, obs_total(m, OBS_HTTP_REQUESTS, 1, obs_code_index(200)), 3);
  t_eq_int(t, obs_total(m, OBS_HTTP_REQUESTS, 10, obs_code_index(200)), 1);
  t_eq_int(t, obs_total(m, OBS_HTTP_REQUESTS, STELE_COUNT(routes), obs_code_index(404)), 1);
  rig_close(&r);
}

static void sleep_a_little(void *arg) {
  while (atomic_load((_Atomic int *)arg)) sys_clock_sleep_ms(1);
}

static void test_a_full_pool(stele_test *t) {
  rig r = {0};
  stele_err err = {0};
  _Atomic int busy = 1;
  rig_open(t, &r);
  sys_pool *narrow =
      sys_pool_new(&(sys_pool_options){.name = "narrow", .threads = 1, .queue_length = 1}, &err);
  t_ok(t, narrow != NULL, &err);
  while (sys_pool_submit(narrow, sleep_a_little, &busy)) sys_clock_sleep_ms(1);
  r.app.registry = (void *)narrow; /* where the handler looks for it */
  net_reply reply = get(t, &r, "/full");
  t_eq_int(t, reply.status, 503);
  t_eq_str(t, net_reply_header(&reply, "retry-after"), STELE_STR("1"));
  atomic_store(&busy, 0);
  rig_close(&r);
  sys_pool_free(narrow);
}

/* Many clients, each waiting on workers: for TSan. */
static void one_of_many(void *arg) {
  stele_err err = {0};
  stele_arena *arena = stele_arena_new(0);
  rig *r = arg;
  net_client *client = net_client_new(&(net_client_options){.url = stele_cstr(r->url)}, &err);
  static const char *const paths[] = {"/wait/0", "/wait/1", "/wait/2",  "/wait/3",
                                      "/wait/4", "/shared", "/too-much"};
  for (size_t i = 0; client && i < 70; i++) {
    net_reply reply;
    net_request request = {.method = "GET", .path = stele_cstr(paths[i % STELE_COUNT(paths)])};
    if (!net_client_send(client, arena, &request, &reply, &err)) abort();
  }
  net_client_free(client);
  stele_arena_free(arena);
}

static void test_many_waiting(stele_test *t) {
  rig r = {0};
  sys_thread threads[6];
  stele_err err = {0};
  rig_open(t, &r);
  for (size_t i = 0; i < STELE_COUNT(threads); i++) {
    t_ok(t, sys_thread_start(&threads[i], "client", one_of_many, &r, &err), &err);
  }
  for (size_t i = 0; i < STELE_COUNT(threads); i++) sys_thread_join(&threads[i]);
  t_eq_int(t, obs_total(r.app.metrics, OBS_HTTP_REQUESTS, 8, obs_code_index(200)), 60);
  rig_close(&r);
}

TEST_MAIN(test_answers, test_types, test_headers, test_pages_of_other_sites, test_counting,
          test_a_full_pool, test_many_waiting)
