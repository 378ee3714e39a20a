/* server/call: one request on its way through the server.
 *
 * In:   what the client sent, who they are, which route it is.
 * Out:  exactly one answer: reply, refuse or fail; now, or after a suspend.
 *
 * A handler is `bool handler(stele_call *call, stele_err *err)`, runs on the
 * loop's thread and never waits. It ends in one of four ways:
 *   return call_reply_…(…)     an answer
 *   return call_refuse(…)      the user's request cannot be: a verdict
 *   return false with `err`    the machine failed: the router calls call_fail
 *   call_suspend, return true  somebody else will answer, from any thread
 * All replies answer true, so that a handler can return them.
 *
 * Memory: everything a call gives or takes lives until the call is answered,
 * mostly in call->arena. Running out of it leaves the handler at once with an
 * answer of 413 or 500, so a handler holds no lock and no heap object while it
 * allocates. Threads: a call belongs to one thread at a time: its loop's, and
 * between suspend and the answer whoever was given it.
 * Deps: net/http_request.h, auth/principal.h, base. */
#ifndef STELE_SERVER_CALL_H
#define STELE_SERVER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/principal.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "net/http_request.h"

typedef struct api_route api_route;
typedef struct call_query_pairs call_query_pairs;
typedef struct net_exchange net_exchange;
typedef struct obs_shard obs_shard;
typedef struct stele_app stele_app;
typedef struct stele_json stele_json;
typedef struct sys_pool sys_pool;

enum { CALL_MOST_PARAMS = 8 };

typedef struct call_param_value {
  stele_str name;  /* as in the route's pattern, without ":int" */
  stele_str value; /* percent-decoded */
} call_param_value;

/* What a handler may read. The members after `metrics` are the call's own. */
typedef struct stele_call stele_call;
struct stele_call {
  stele_app *app;
  stele_arena *arena;
  const http_request *request; /* method, raw path and query, headers, body */
  const api_route *route;
  const stele_principal *who;
  stele_str tenant;   /* "." or ".acme": from /contexts/{ctx}/…, else "." */
  bool tenant_named;  /* the path said /contexts/{ctx}/ */
  stele_str id;       /* X-Request-ID: the client's, or a fresh UUID */
  obs_shard *metrics; /* counters of this loop */

  call_param_value params[CALL_MOST_PARAMS];
  size_t param_count;
  net_exchange *exchange;
  call_query_pairs *query; /* NULL until first asked for */
  stele_str extra_headers; /* "Name: value\r\n" each */
  const char *json_type;   /* which JSON type the client wants to see */
  bool cache_control_set;
  struct call_turn *turn; /* made by call_suspend, so that call_resume needs no memory */
  bool suspended;
  bool answered;
};

typedef bool call_handler(stele_call *call, stele_err *err);

/* --- reading ------------------------------------------------------------- */

/* The value of "{name}" in the pattern, percent-decoded; asking for a name
 * that the pattern lacks is a mistake of ours and stops the program. */
stele_str call_param(const stele_call *call, const char *name);

/* The value of "{name:int}": the router has checked that it is one. */
int32_t call_param_int(const stele_call *call, const char *name);

/* The first query parameter of that name, decoded ('+' is a space); false
 * leaves `out` alone. `key=` and `key` alone are found, and empty. */
bool call_query(stele_call *call, const char *name, stele_str *out);

/* The n-th (from 0) query parameter of that name, for those that repeat. */
bool call_query_nth(stele_call *call, const char *name, size_t n, stele_str *out);

/* True when the parameter is there and says "true", in any case. */
bool call_query_flag(stele_call *call, const char *name);

/* The parameter as a number, or `otherwise` when it is absent. What is there
 * but no number of 64 bits fails with STELE_NOT_FOUND, which is how Confluent's
 * server answers it: HTTP 404 Not Found. */
bool call_query_int(stele_call *call, const char *name, int64_t otherwise, int64_t *out,
                    stele_err *err) STELE_MUST_USE;

/* A page of a list: offset, and limit with 0 for "all". Anything out of range
 * is silently the default, as in Confluent's; `most` is both the default and
 * the largest limit (0: none). */
typedef struct call_page {
  size_t offset, limit;
} call_page;
bool call_query_page(stele_call *call, size_t most, call_page *out, stele_err *err) STELE_MUST_USE;

/* The request's body; empty when there is none. */
static inline stele_str call_body(const stele_call *call) {
  return call->request->body;
}

/* The body as a JSON tree in call->arena. STELE_INVALID, that is 400, with the
 * parser's text when it is none. */
const stele_json *call_json(stele_call *call, stele_err *err) STELE_MUST_USE;

/* --- answering ----------------------------------------------------------- */

/* Adds a header to the answer; name and value are copied. "Cache-Control"
 * replaces the default "no-cache, no-store, must-revalidate". */
void call_header(stele_call *call, const char *name, stele_str value);

/* JSON that lives in call->arena (or longer), under the type that the client
 * asked for. */
bool call_reply_json(stele_call *call, int status, stele_str json);

/* The same for anything else; `content_type` is a literal. An empty type sends
 * none (204). */
bool call_reply_text(stele_call *call, int status, const char *content_type, stele_str text);

/* A body that lives elsewhere and is shared: no byte is copied. `release` is
 * called with `owner` once, on any thread, when the bytes are no longer needed;
 * NULL when they live for ever. `content_type` NULL: the JSON type that the
 * client asked for. */
typedef struct call_shared {
  stele_bytes bytes;
  void (*release)(void *owner);
  void *owner;
} call_shared;
bool call_reply_shared(stele_call *call, int status, const char *content_type, call_shared body);

/* One way in which a request cannot be: a row of the registry's table, or of
 * the router's own. */
typedef struct call_refusal {
  int http;         /* 409 */
  int error_code;   /* 40901 */
  const char *name; /* "Compatibility_Error", or NULL */
  const char *hint; /* what to do about it, or NULL */
} call_refusal;

/* {"error_code":…,"message":…,"details":{"name":…,"hint":…, and what
 * `details_json`, an object "{…}" or empty, holds}}. */
bool call_refuse(stele_call *call, const call_refusal *refusal, stele_str message,
                 stele_str details_json);

/* The machine's failure: status and error_code from the row of err->code in
 * base/err.h. What a stranger may not know (500s) is logged, not told. */
bool call_fail(stele_call *call, const stele_err *err);

/* {"error_code":404,"message":"HTTP 404 Not Found"}: the path means nothing. */
bool call_not_found(stele_call *call);

/* --- waiting ------------------------------------------------------------- */

/* Ends the handler's turn without an answer; answers the call itself. From now
 * on the call is owned by whoever got it; any of the replies above, called on
 * any thread, ends it. A client that goes away meanwhile changes nothing here:
 * the answer is then dropped. The dispatcher's guard holds no more: what is
 * allocated from here on needs a guard of its own (stele_guard_run), on
 * whichever thread. */
stele_call *call_suspend(stele_call *call);

/* From any thread, for a suspended call: runs `fn(call, arg)` on the call's own
 * loop, under a guard. `fn` ends as a handler does. */
typedef bool call_resumed(stele_call *call, void *arg, stele_err *err);
void call_resume(stele_call *call, call_resumed *fn, void *arg);

/* Suspends, runs `work(call, arg)` on a thread of the pool under a guard, where
 * it ends as a handler does (a reply, a failure, a further wait). A full pool
 * fails with STELE_UNAVAILABLE. This is how a handler gets off the loop:
 *   return call_work(call, call->app->workers, compile_it, NULL, err); */
bool call_work(stele_call *call, sys_pool *pool, call_resumed *work, void *arg,
               stele_err *err) STELE_MUST_USE;

/* When the call came in, for deadlines and for what is written with it. */
stele_time_us call_time(const stele_call *call);

/* The peer's address, "127.0.0.1": for audit and usage. */
stele_str call_peer(const stele_call *call);

#endif
