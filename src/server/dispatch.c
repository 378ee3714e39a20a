/* The checks every request passes, as a list of steps; the first that refuses
 * ends it.
 *
 * Everything runs under the guard of the request's arena: a request that takes
 * more memory than it may is answered, not obeyed. */
#include "server/dispatch.h"

#include "base/guard.h"
#include "net/server.h"
#include "obs/metrics.h"
#include "server/app.h"
#include "server/call_internal.h"
#include "server/media.h"
#include "server/router.h"

/* What a loop has for itself; on cache lines of its own. */
typedef struct loop_state {
  _Alignas(64) sys_prng prng;
} loop_state;

struct dispatcher {
  stele_app *app;
  loop_state *loops;
};

dispatcher *dispatch_new(stele_app *app, unsigned loops) {
  dispatcher *d = STELE_NEW(app->arena, dispatcher);
  d->app = app;
  d->loops = STELE_NEW_ARRAY(app->arena, loop_state, loops);
  for (unsigned i = 0; i < loops; i++) sys_prng_init(&d->loops[i].prng);
  return d;
}

/* --- steps --------------------------------------------------------------- */

static bool refuse(stele_call *call, int status, const char *message) {
  call_refusal row = {.http = status, .error_code = status};
  (void)call_refuse(call, &row, stele_cstr(message), (stele_str){NULL, 0});
  return false;
}

static bool no_method(stele_call *call, stele_str allow) {
  call_header(call, "Allow", allow);
  if (call->request->method != HTTP_OPTIONS)
    return refuse(call, 405, "HTTP 405 Method Not Allowed");
  (void)call_reply_text(call, 200, "", (stele_str){NULL, 0});
  return false;
}

static bool find_route(stele_call *call) {
  stele_str allow = {NULL, 0};
  router_found found = router_match(call->app->routes, call, &allow);
  if (found == ROUTER_FOUND) return true;
  if (found == ROUTER_NO_METHOD) return no_method(call, allow);
  if (found == ROUTER_NO_PATH) return refuse(call, 404, "HTTP 404 Not Found");
  return refuse(call, 400,
                found == ROUTER_BAD_ESCAPE ? "the path has a broken percent-escape"
                                           : "the path names no valid context");
}

/* With authentication off everybody is the anonymous principal. */
static bool check_role(stele_call *call) {
  if (auth_allows(call->who, call->route->role)) return true;
  return refuse(call, 403, "User is denied operation on this server.");
}

/* A page of some other site may make a browser send us requests, and while
 * nobody has to say who they are it would speak for whoever looks at it. Browsers
 * tell such requests apart; other clients do not send this header. */
static bool check_site(stele_call *call) {
  http_method method = call->request->method;
  if (method == HTTP_GET || method == HTTP_HEAD) return true;
  stele_str site = http_header_find(call->request, "sec-fetch-site", 0);
  if (!http_same_word(site, "cross-site")) return true;
  return refuse(call, 403, "requests that change things are not taken from other sites' pages");
}

static bool check_accept(stele_call *call) {
  if (call->route->answers == ROUTE_OWN_TYPE) return true;
  const char *type = media_choose_json(http_header(call->request, HTTP_H_ACCEPT));
  if (!type) return refuse(call, 406, "HTTP 406 Not Acceptable");
  call->json_type = type;
  return true;
}

static bool check_content_type(stele_call *call) {
  if (call->request->body.len == 0) return true;
  if (media_is_taken(http_header(call->request, HTTP_H_CONTENT_TYPE), call->route->takes)) {
    return true;
  }
  return refuse(call, 415, "HTTP 415 Unsupported Media Type");
}

static bool run_handler(stele_call *call) {
  stele_err err = {0};
  if (!call->route->handler(call, &err)) call_fail_guarded(call, &err);
  return true;
}

/* In this order; each answers false when it has refused. */
static bool (*const steps[])(stele_call *call) = {
    find_route, check_role, check_site, check_accept, check_content_type, run_handler,
};

/* --- the frame ----------------------------------------------------------- */

typedef struct job {
  dispatcher *dispatcher;
  net_exchange *exchange;
} job;

static void run(void *arg) {
  const job *j = arg;
  net_exchange *x = j->exchange;
  stele_call *call = STELE_NEW(x->arena, stele_call);
  call->app = j->dispatcher->app;
  call->arena = x->arena;
  call->request = &x->request;
  call->exchange = x;
  call->who = &auth_anonymous;
  call->tenant = STELE_STR(".");
  call->metrics = obs_shard_of(call->app->metrics, x->loop);
  call->json_type = media_json_types[0];
  call_take_id(call, &j->dispatcher->loops[x->loop].prng);
  x->user = call;

  size_t i = 0;
  while (i < STELE_COUNT(steps) && steps[i](call)) i++;
  call_must_be_answered(call);
}

void dispatch_request(net_exchange *exchange, void *arg) {
  job j = {arg, exchange};
  stele_err err = {0};
  if (!stele_guard_run(exchange->arena, run, &j, &err)) call_send_out_of_memory(exchange, &err);
}
