/* Finding a route: tables of paths, and tables that are refused. */
#include "server/router.h"

#include "harness/test.h"
#include "net/http1.h"

static bool nothing(stele_call *call, stele_err *err) {
  (void)call, (void)err;
  return true;
}

#define ROW(verb, path_pattern, example)                                                           \
  {                                                                                                \
    verb, path_pattern, STELE_ROLE_READER, nothing, .tag = "T", .summary = "S.", .path = example,  \
                                                    .answer = ""                                   \
  }

static const api_route routes[] = {
    ROW("GET", "/", NULL),
    ROW("POST", "/", NULL),
    ROW("GET", "/subjects", NULL),
    ROW("POST", "/subjects/{subject}", "/subjects/a"),
    ROW("DELETE", "/subjects/{subject}", "/subjects/a"),
    ROW("GET", "/subjects/{subject}/versions", "/subjects/a/versions"),
    ROW("GET", "/subjects/{subject}/versions/{version}", "/subjects/a/versions/1"),
    ROW("GET", "/schemas", NULL),
    ROW("GET", "/schemas/{subject}", "/schemas/a"),
    ROW("GET", "/schemas/{subject}/versions", "/schemas/a/versions"),
    ROW("GET", "/schemas/ids/{id:int}", "/schemas/ids/1"),
    ROW("GET", "/schemas/ids/{id:int}/versions", "/schemas/ids/1/versions"),
    ROW("GET", "/schemas/types", NULL),
    ROW("GET", "/contexts", NULL),
    ROW("DELETE", "/contexts/{context}", "/contexts/.a"),
    {"GET", "/health", STELE_ROLE_PUBLIC, nothing, .tag = "T", .summary = "S.", .answer = "",
     .global = true},
};

static const router *make(stele_test *t) {
  router *r = router_new(t->arena);
  stele_err err = {0};
  router_add(r, routes, STELE_COUNT(routes));
  t_ok(t, router_freeze(r, &err), &err);
  return r;
}

/* "pattern tenant name=value …", or what else came of it. */
static stele_str look(stele_test *t, const router *r, const char *method, const char *target) {
  stele_str text = stele_str_printf(t->arena, "%s %s HTTP/1.1\r\nHost: a\r\n\r\n", method, target);
  char *data = stele_arena_alloc(t->arena, text.len, 1);
  size_t len = text.len;
  static const http_limits limits = {8192, 4096, 8, 0};
  http1 *parser = STELE_NEW(t->arena, http1);
  http_request *request = STELE_NEW(t->arena, http_request);
  memcpy(data, text.ptr, len);
  http1_init(parser, &limits);
  t_eq_int(t, http1_feed(parser, data, &len), HTTP1_DONE);
  http1_request(parser, data, request);

  stele_call call = {.arena = t->arena, .request = request};
  stele_str allow = {NULL, 0};
  static const char *const refused[] = {[ROUTER_NO_PATH] = "no path",
                                        [ROUTER_BAD_ESCAPE] = "bad escape",
                                        [ROUTER_BAD_CONTEXT] = "bad context"};
  router_found found = router_match(r, &call, &allow);
  if (found == ROUTER_NO_METHOD)
    return stele_str_printf(t->arena, "only " STELE_STR_FMT, STELE_STR_ARG(allow));
  if (found != ROUTER_FOUND) return stele_cstr(refused[found]);
  t_true(t, router_row(r, router_index(r, call.route)) == call.route);
  stele_str out = stele_str_printf(t->arena, "%s " STELE_STR_FMT, call.route->pattern,
                                   STELE_STR_ARG(call.tenant));
  for (size_t i = 0; i < call.param_count; i++) {
    out = stele_str_printf(t->arena, STELE_STR_FMT " " STELE_STR_FMT "=" STELE_STR_FMT,
                           STELE_STR_ARG(out), STELE_STR_ARG(call.params[i].name),
                           STELE_STR_ARG(call.params[i].value));
  }
  return out;
}

static void test_paths(stele_test *t) {
  static const struct {
    const char *label, *method, *target, *want;
  } rows[] = {
      {"the root", "GET", "/", "/ ."},
      {"a name", "GET", "/subjects", "/subjects ."},
      {"a slash at the end", "GET", "/subjects/", "/subjects ."},
      {"a query is no part of it", "GET", "/subjects?deleted=true", "/subjects ."},
      {"a parameter", "POST", "/subjects/orders", "/subjects/{subject} . subject=orders"},
      {"decoded after the split", "GET", "/subjects/trading%2Fmarket_data.proto/versions",
       "/subjects/{subject}/versions . subject=trading/market_data.proto"},
      {"decoded once", "POST", "/subjects/a%252Fb", "/subjects/{subject} . subject=a%2Fb"},
      {"a plus is a plus", "POST", "/subjects/a+b", "/subjects/{subject} . subject=a+b"},
      {"a qualified subject is a segment", "POST", "/subjects/:.acme:orders",
       "/subjects/{subject} . subject=:.acme:orders"},
      {"two parameters", "GET", "/subjects/a/versions/latest",
       "/subjects/{subject}/versions/{version} . subject=a version=latest"},
      {"an escaped name is the name", "GET", "/%73ubjects", "/subjects ."},
      {"a name goes before a parameter", "GET", "/schemas/types", "/schemas/types ."},
      {"a number", "GET", "/schemas/ids/12", "/schemas/ids/{id:int} . id=12"},
      {"a negative number", "GET", "/schemas/ids/-1", "/schemas/ids/{id:int} . id=-1"},
      {"no number", "GET", "/schemas/ids/abc", "no path"},
      {"a number beyond 32 bits", "GET", "/schemas/ids/2147483648", "no path"},
      {"taken back: versions of a subject called ids", "GET", "/schemas/ids/versions",
       "/schemas/{subject}/versions . subject=ids"},
      {"versions of an id", "GET", "/schemas/ids/7/versions",
       "/schemas/ids/{id:int}/versions . id=7"},
      {"an empty segment is no parameter", "GET", "/subjects//versions", "no path"},
      {"nothing there", "GET", "/nothing", "no path"},
      {"too deep", "GET", "/subjects/a/versions/1/x", "no path"},
      {"far too deep", "GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", "no path"},
      {"names are not folded", "GET", "/Subjects", "no path"},
      {"HEAD goes where GET goes", "HEAD", "/subjects", "/subjects ."},
      {"another method", "PUT", "/subjects/a", "only POST, DELETE, OPTIONS"},
      {"an unknown method", "BREW", "/subjects", "only GET, HEAD, OPTIONS"},
      {"OPTIONS lists them", "OPTIONS", "/", "only GET, HEAD, POST, OPTIONS"},
      {"OPTIONS of everything", "OPTIONS", "*", "no path"},
      {"a broken escape", "GET", "/subjects/%zz/versions", "bad escape"},
      {"an escape cut short", "GET", "/subjects/a%2", "bad escape"},
      {"the list of contexts", "GET", "/contexts", "/contexts ."},
      {"one context", "DELETE", "/contexts/.acme", "/contexts/{context} . context=.acme"},
      {"in a context", "GET", "/contexts/.acme/subjects", "/subjects .acme"},
      {"its dot may be left out", "GET", "/contexts/acme/subjects", "/subjects .acme"},
      {"the default context by name", "GET", "/contexts/./subjects", "/subjects ."},
      {"parameters in a context", "GET", "/contexts/.acme/subjects/a/versions/1",
       "/subjects/{subject}/versions/{version} .acme subject=a version=1"},
      {"a context with a colon", "GET", "/contexts/:.acme:/subjects", "bad context"},
      {"a context with an escaped colon", "GET", "/contexts/a%3Ab/subjects", "bad context"},
      {"a context with a control character", "GET", "/contexts/a%0Ab/subjects", "bad context"},
      {"an empty context", "GET", "/contexts//subjects", "bad context"},
      {"nothing there in a context", "GET", "/contexts/.acme/nothing", "no path"},
      {"another method in a context", "PUT", "/contexts/.acme/subjects", "only GET, HEAD, OPTIONS"},
      {"the server itself has no context", "GET", "/contexts/.acme/health", "no path"},
      {"but is there", "GET", "/health", "/health ."},
  };
  const router *r = make(t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_eq_str(t, look(t, r, rows[i].method, rows[i].target), stele_cstr(rows[i].want));
  }
}

static void test_tables_that_do_not_start(stele_test *t) {
  static const struct {
    const char *label;
    api_route row;
    const char *want;
  } rows[] = {
      {"no role",
       {"GET", "/x", STELE_ROLE_UNSET, nothing, .tag = "T", .summary = "S.", .answer = ""},
       "route GET /x lacks a role"},
      {"no handler",
       {"GET", "/x", STELE_ROLE_READER, NULL, .tag = "T", .summary = "S.", .answer = ""},
       "route GET /x lacks a handler"},
      {"no summary",
       {"GET", "/x", STELE_ROLE_READER, nothing, .tag = "T", .answer = ""},
       "route GET /x lacks a summary"},
      {"no tag",
       {"GET", "/x", STELE_ROLE_READER, nothing, .summary = "S.", .answer = ""},
       "route GET /x lacks a tag"},
      {"no answer",
       {"GET", "/x", STELE_ROLE_READER, nothing, .tag = "T", .summary = "S."},
       "route GET /x lacks an example answer"},
      {"an unknown method", ROW("BREW", "/x", NULL), "route BREW /x lacks a known method"},
      {"a parameter without an example", ROW("GET", "/{x}", NULL),
       "route GET /{x} lacks an example path"},
      {"an own type that is not told",
       {"GET", "/x", STELE_ROLE_READER, nothing, .tag = "T", .summary = "S.", .answer = "",
        .answers = ROUTE_OWN_TYPE},
       "route GET /x lacks the type that it gives"},
      {"no slash in front", ROW("GET", "x", NULL), "route GET x is no path"},
      {"an empty segment", ROW("GET", "/x//y", NULL), "route GET /x//y is no path"},
      {"half a parameter", ROW("GET", "/{x", "/1"), "route GET /{x is no path"},
      {"a parameter without a name", ROW("GET", "/{}", "/1"), "route GET /{} is no path"},
      {"an unknown kind", ROW("GET", "/{x:date}", "/1"), "route GET /{x:date} is no path"},
      {"the same again", ROW("GET", "/subjects", NULL), "route GET /subjects stands twice"},
      {"the same by another name", ROW("POST", "/subjects/{s}", "/subjects/a"),
       "route POST /subjects/{s} stands twice"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    router *r = router_new(t->arena);
    stele_err err = {0};
    t_case(t, rows[i].label);
    router_add(r, routes, STELE_COUNT(routes));
    router_add(r, &rows[i].row, 1);
    t_true(t, !router_freeze(r, &err));
    t_eq_int(t, err.code, STELE_INVALID);
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(rows[i].want));
  }
}

TEST_MAIN(test_paths, test_tables_that_do_not_start)
