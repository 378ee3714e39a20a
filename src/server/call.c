/* Answers: from a status and some text to what goes over the wire, counted and
 * logged on the way; and waiting for them.
 *
 * The head that every JSON answer shares is ready-made, one for each of the
 * three types; a hot answer costs two copies into the arena. */
#include "server/call.h"

#include "base/buf.h"
#include "base/guard.h"
#include "fmt/json.h"
#include "net/server.h"
#include "obs/log.h"
#include "obs/metrics.h"
#include "server/app.h"
#include "server/call_internal.h"
#include "server/media.h"
#include "server/router.h"
#include "sys/clock.h"
#include "sys/pool.h"

enum { MOST_ID_BYTES = 128 };

#define NO_CACHE "Cache-Control: no-cache, no-store, must-revalidate\r\n"
#define OTHERS "X-XSS-Protection: 1; mode=block\r\nX-Request-ID: "

static const struct {
  stele_str fresh;  /* not to be cached */
  stele_str cached; /* Cache-Control is among the handler's own headers */
} json_heads[MEDIA_JSON_COUNT] = {
#define HEAD(type)                                                                                 \
  {                                                                                                \
    STELE_STR_INIT("Content-Type: " type "\r\n" NO_CACHE OTHERS),                                  \
        STELE_STR_INIT("Content-Type: " type "\r\nVary: Accept\r\n" OTHERS)                        \
  }
    HEAD("application/vnd.schemaregistry.v1+json"),
    HEAD("application/vnd.schemaregistry+json"),
    HEAD("application/json"),
#undef HEAD
};

/* --- heads --------------------------------------------------------------- */

static size_t json_index(const stele_call *call) {
  size_t i = 0;
  while (i + 1 < MEDIA_JSON_COUNT && media_json_types[i] != call->json_type) i++;
  return i;
}

/* The pieces that a head is put together from; at most this many. */
enum { MOST_PIECES = 8 };
typedef struct pieces {
  stele_str at[MOST_PIECES];
  size_t count, len;
} pieces;

static void add_piece(pieces *p, stele_str text) {
  p->at[p->count++] = text;
  p->len += text.len;
}

static void add_type(pieces *p, const stele_call *call, const char *type) {
  if (!type) {
    size_t index = json_index(call);
    add_piece(p, call->cache_control_set ? json_heads[index].cached : json_heads[index].fresh);
    return;
  }
  if (*type) {
    add_piece(p, STELE_STR("Content-Type: "));
    add_piece(p, stele_cstr(type));
    add_piece(p, STELE_STR("\r\nX-Content-Type-Options: nosniff\r\n"));
  }
  if (!call->cache_control_set) add_piece(p, STELE_STR(NO_CACHE));
  add_piece(p, STELE_STR(OTHERS));
}

/* Everything of the head that is not the transport's. `type` NULL: the client's
 * JSON type; "": none. */
static stele_str headers_of(const stele_call *call, const char *type) {
  pieces p = {.count = 0};
  add_type(&p, call, type);
  add_piece(&p, call->id);
  add_piece(&p, STELE_STR("\r\n"));
  add_piece(&p, call->extra_headers);
  char *text = stele_arena_alloc(call->arena, p.len, 1), *at = text;
  for (size_t i = 0; i < p.count; i++) {
    if (p.at[i].len) memcpy(at, p.at[i].ptr, p.at[i].len);
    at += p.at[i].len;
  }
  return (stele_str){text, p.len};
}

/* A header's value may hold no line end: what it cannot hold becomes a space. */
void call_header(stele_call *call, const char *name, stele_str value) {
  stele_str old = call->extra_headers;
  size_t name_len = strlen(name), len = old.len + name_len + 2 + value.len + 2;
  char *text = stele_arena_alloc(call->arena, len, 1), *at = text;
  if (old.len) memcpy(at, old.ptr, old.len);
  at += old.len;
  memcpy(at, name, name_len);
  at += name_len;
  *at++ = ':';
  *at++ = ' ';
  for (size_t i = 0; i < value.len; i++) {
    unsigned char c = (unsigned char)value.ptr[i];
    *at++ = c < 0x20 || c == 0x7f ? ' ' : (char)c;
  }
  *at++ = '\r';
  *at = '\n';
  call->extra_headers = (stele_str){text, len};
  if (http_same_word((stele_str){name, name_len}, "cache-control")) call->cache_control_set = true;
}

/* --- counting and telling ------------------------------------------------ */

static void log_request(const stele_call *call, int status, size_t body_len, stele_time_us took) {
  obs_line line;
  obs_level level = status >= 500 ? OBS_ERROR : OBS_INFO;
  if (!obs_line_begin(&line, call->app->log, level, "request")) return;
  obs_line_str(&line, "request_id", call->id);
  obs_line_str(&line, "tenant", call->tenant);
  obs_line_str(&line, "principal", call->who->name);
  obs_line_str(&line, "method", call->request->method_text);
  obs_line_str(&line, "route", stele_cstr(call->route ? call->route->pattern : "unmatched"));
  obs_line_int(&line, "status", status);
  obs_line_int(&line, "us", took);
  obs_line_int(&line, "bytes", (int64_t)body_len);
  obs_line_str(&line, "peer", call_peer(call));
  obs_line_end(&line);
}

/* The row behind the last route is that of requests without one. */
static void count_request(const stele_call *call, int status, stele_time_us took) {
  const stele_app *app = call->app;
  if (!call->metrics) return;
  size_t route = call->route ? router_index(app->routes, call->route) : router_count(app->routes);
  obs_count(call->metrics, OBS_HTTP_REQUESTS, (unsigned)route, obs_code_index(status), 1);
  obs_observe(call->metrics, OBS_HTTP_SECONDS, 0, took > 0 ? (uint64_t)took : 0);
}

static void tell_request(const stele_call *call, int status, size_t body_len) {
  stele_time_us took = sys_clock_mono() - call->exchange->started;
  count_request(call, status, took);
  log_request(call, status, body_len, took);
}

void call_send(stele_call *call, int status, stele_str headers, call_shared body) {
  tell_request(call, status, body.bytes.len);
  /* The last touch: from here on the call may be gone. Only its own loop asks
   * whether it is answered, and not while it is suspended. */
  if (call->suspended) {
    stele_guard_detach(call->arena);
  } else {
    call->answered = true;
  }
  net_answer(call->exchange, &(net_response){.status = status,
                                             .headers = headers,
                                             .body = body.bytes,
                                             .release = body.release,
                                             .owner = body.owner});
}

/* --- replies ------------------------------------------------------------- */

bool call_reply_json(stele_call *call, int status, stele_str json) {
  call_send(call, status, headers_of(call, NULL), (call_shared){.bytes = stele_str_bytes(json)});
  return true;
}

bool call_reply_text(stele_call *call, int status, const char *content_type, stele_str text) {
  call_send(call, status, headers_of(call, content_type),
            (call_shared){.bytes = stele_str_bytes(text)});
  return true;
}

bool call_reply_shared(stele_call *call, int status, const char *content_type, call_shared body) {
  call_send(call, status, headers_of(call, content_type), body);
  return true;
}

/* "details" holds the refusal's name and hint, then what the caller knows. */
static void write_details(stele_json_writer *w, const call_refusal *refusal, stele_str details) {
  bool more = details.len > 2; /* "{}" says nothing */
  if (!refusal->name && !refusal->hint && !more) return;
  stele_json_field_object(w, "details");
  if (refusal->name) stele_json_field_str(w, "name", stele_cstr(refusal->name));
  if (refusal->hint) stele_json_field_str(w, "hint", stele_cstr(refusal->hint));
  if (more) {
    if (refusal->name || refusal->hint) stele_buf_add_byte(w->buf, ',');
    stele_buf_add(w->buf, details.ptr + 1, details.len - 2); /* without its braces */
  }
  stele_json_end_object(w);
}

bool call_refuse(stele_call *call, const call_refusal *refusal, stele_str message,
                 stele_str details_json) {
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, call->arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  stele_json_field_i64(&w, "error_code", refusal->error_code);
  stele_json_field_str(&w, "message", message);
  write_details(&w, refusal, details_json);
  stele_json_end_object(&w);
  return call_reply_json(call, refusal->http, stele_buf_str(&buf));
}

/* What went wrong inside is for the log; the client gets the request's id. */
static void log_failure(const stele_call *call, const stele_err *err) {
  obs_line line;
  if (!obs_line_begin(&line, call->app->log, OBS_ERROR, "request failed")) return;
  obs_line_str(&line, "request_id", call->id);
  obs_line_str(&line, "route", stele_cstr(call->route ? call->route->pattern : "unmatched"));
  obs_line_str(&line, "code", stele_cstr(stele_code_text(err->code)));
  obs_line_str(&line, "error", stele_cstr(err->msg));
  obs_line_end(&line);
}

bool call_fail(stele_call *call, const stele_err *err) {
  int status = stele_code_http(err->code);
  bool is_ours = status >= 500 && err->code != STELE_UNSUPPORTED;
  if (is_ours) log_failure(call, err);
  const char *text = is_ours && err->code != STELE_UNAVAILABLE && err->code != STELE_TIMEOUT
                         ? "Internal Server Error"
                         : err->msg;
  call_refusal refusal = {.http = status, .error_code = status};
  if (err->code == STELE_UNAVAILABLE) call_header(call, "Retry-After", STELE_STR("1"));
  return call_refuse(call, &refusal, stele_cstr(*text ? text : stele_code_text(err->code)),
                     (stele_str){NULL, 0});
}

bool call_not_found(stele_call *call) {
  static const call_refusal row = {.http = 404, .error_code = 404};
  return call_refuse(call, &row, STELE_STR("HTTP 404 Not Found"), (stele_str){NULL, 0});
}

/* --- waiting ------------------------------------------------------------- */

/* A turn of a call on some thread. */
typedef struct call_turn {
  stele_call *call;
  call_resumed *fn;
  void *arg;
} turn;

stele_call *call_suspend(stele_call *call) {
  call->turn = STELE_NEW(call->arena, turn);
  call->suspended = true;
  stele_guard_detach(call->arena);
  net_suspend(call->exchange);
  return call;
}

typedef struct failure {
  stele_call *call;
  const stele_err *err;
} failure;

static void fail(void *arg) {
  const failure *f = arg;
  (void)call_fail(f->call, f->err);
}

/* A turn may fail after it has given up its guard by suspending. */
void call_fail_guarded(stele_call *call, const stele_err *err) {
  failure f = {call, err};
  net_exchange *exchange = call->exchange;
  stele_err left = {0};
  if (!stele_guard_run(call->arena, fail, &f, &left)) call_send_out_of_memory(exchange, &left);
}

/* The turn lies in the call's arena, which is gone once the call is answered. */
static void run_turn(void *arg) {
  turn t = *(turn *)arg;
  stele_err err = {0};
  if (!t.fn(t.call, t.arg, &err)) call_fail_guarded(t.call, &err);
}

static void take_turn(turn *t) {
  net_exchange *exchange = t->call->exchange;
  stele_err left = {0};
  if (!stele_guard_run(t->call->arena, run_turn, t, &left))
    call_send_out_of_memory(exchange, &left);
}

static void resumed(net_exchange *exchange, void *arg) {
  (void)exchange;
  turn *t = arg;
  stele_call *call = t->call;
  call->suspended = false;
  take_turn(t);
  call_must_be_answered(call);
}

void call_resume(stele_call *call, call_resumed *fn, void *arg) {
  *call->turn = (turn){.call = call, .fn = fn, .arg = arg};
  stele_guard_detach(call->arena);
  net_resume(call->exchange, resumed, call->turn);
}

static void worked(void *arg) {
  take_turn(arg);
}

bool call_work(stele_call *call, sys_pool *pool, call_resumed *work, void *arg, stele_err *err) {
  turn *t = STELE_NEW(call->arena, turn);
  *t = (turn){.call = call, .fn = work, .arg = arg};
  call_suspend(call);
  if (sys_pool_submit(pool, worked, t)) return true;
  return stele_fail(err, STELE_UNAVAILABLE, "the server has too much to do; try again");
}

/* The last way out, for an arena that has nothing left: all of it is constant. */
void call_send_out_of_memory(net_exchange *exchange, const stele_err *err) {
  static const struct {
    int status;
    stele_str body;
  } limit = {413, STELE_STR_INIT("{\"error_code\":413,\"message\":\"the request needs more memory "
                                 "than a request may have\"}")},
    memory = {503, STELE_STR_INIT("{\"error_code\":503,\"message\":\"the server is out of "
                                  "memory\"}")};
  int status = err->code == STELE_LIMIT ? limit.status : memory.status;
  stele_str body = err->code == STELE_LIMIT ? limit.body : memory.body;
  const stele_call *call = exchange->user; /* NULL: it did not even fit itself */
  if (call) tell_request(call, status, body.len);
  net_answer(exchange, &(net_response){
                           .status = status,
                           .headers = STELE_STR("Content-Type: application/json\r\n" NO_CACHE),
                           .body = stele_str_bytes(body),
                       });
}

void call_must_be_answered(stele_call *call) {
  if (call->suspended || call->answered) return;
  static const stele_err err = {.code = STELE_INTERNAL, .msg = "a handler gave no answer"};
  call_fail(call, &err);
}

/* --- who, when, what ----------------------------------------------------- */

void call_take_id(stele_call *call, sys_prng *prng) {
  stele_str sent = http_header(call->request, HTTP_H_X_REQUEST_ID);
  bool once = sent.len && !http_header_find(call->request, "x-request-id", 1).ptr;
  if (once && sent.len <= MOST_ID_BYTES) {
    call->id = sent;
    return;
  }
  char *text = stele_arena_alloc(call->arena, SYS_UUID_TEXT, 1);
  sys_uuid_print(prng, text);
  call->id = (stele_str){text, SYS_UUID_TEXT};
}

stele_time_us call_time(const stele_call *call) {
  return sys_clock_wall() - (sys_clock_mono() - call->exchange->started);
}

stele_str call_peer(const stele_call *call) {
  return stele_cstr(call->exchange->peer);
}
