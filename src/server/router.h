/* server/router: from a request to its handler, by tables.
 *
 * In:   tables of routes.   Out: a call per request, its role checked.
 * Each module of handlers exports one table of rows; wiring adds them all and
 * freezes the router. Dispatch, metric labels, /docs and /openapi.json read the
 * same rows.
 *
 *   const api_route subject_routes[2] = {
 *       {"GET", "/subjects", STELE_ROLE_READER, list_subjects,
 *        .tag = "Subjects", .summary = "List subjects.",
 *        .query = "subjectPrefix deleted deletedOnly offset limit",
 *        .answer = "[\"trading/orders.proto\"]"},
 *       {"GET", "/subjects/{subject}/versions/{version}", STELE_ROLE_READER, get_version,
 *        .tag = "Subjects", .summary = "One version of a subject.", .query = "deleted format",
 *        .path = "/subjects/trading%2Forders.proto/versions/latest", .answer = "{…}"},
 *   };
 *
 * Every route except those that say `.global` is reached under
 * /contexts/{ctx}/… too, which sets the call's tenant.
 * Deps: server/call.h. */
#ifndef STELE_SERVER_ROUTER_H
#define STELE_SERVER_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "server/call.h"

/* What a route says it answers with, for Accept. */
typedef enum route_answers {
  ROUTE_JSON,     /* one of Confluent's three types, as the client wishes; else 406 */
  ROUTE_OWN_TYPE, /* the handler names the type; Accept is not asked */
} route_answers;

struct api_route {
  const char *method;  /* "GET"; HEAD comes with it */
  const char *pattern; /* "/subjects/{subject}/versions/{version}", "/schemas/ids/{id:int}" */
  stele_role role;
  call_handler *handler;

  /* For people: /docs and /openapi.json. */
  const char *tag;     /* the chapter it stands in: "Subjects" */
  const char *summary; /* one sentence */
  const char *query;   /* names of query parameters, separated by spaces; NULL: none */
  const char *path;    /* an example of the path; NULL: the pattern, when it has no parameter */
  const char *body;    /* an example of the request's body; NULL: it takes none */
  const char *answer;  /* an example of the answer; "" for an empty one */

  /* For the transport. */
  route_answers answers;
  const char *takes; /* further request types, separated by spaces ("application/x-tar");
                        NULL: the JSON ones only */
  const char *gives; /* the type of ROUTE_OWN_TYPE, for the documents */
  bool global;       /* not under /contexts/{ctx}/ */
};

typedef struct router router;

/* An empty router in `arena`, which it lives as long as. */
router *router_new(stele_arena *arena);

/* Adds a table's rows, which are borrowed for ever. */
void router_add(router *r, const api_route *rows, size_t count);

/* Checks every row (role set, handler, summary and answer there, pattern well
 * formed, no two rows the same) and compiles the table for matching. STELE_INVALID
 * names the row: a server does not start with a table like that. */
bool router_freeze(router *r, stele_err *err) STELE_MUST_USE;

/* The rows, in the order they were added. */
size_t router_count(const router *r);
const api_route *router_row(const router *r, size_t index);

/* What came of looking for a route. */
typedef enum router_found {
  ROUTER_FOUND,
  ROUTER_NO_PATH,     /* 404 */
  ROUTER_NO_METHOD,   /* 405; OPTIONS is answered with the list */
  ROUTER_BAD_ESCAPE,  /* 400: a '%' without two hex digits */
  ROUTER_BAD_CONTEXT, /* 400: a context that is no name */
} router_found;

/* Finds the route of a request and fills route, params and tenant of `call`,
 * which has arena and request set. For ROUTER_NO_METHOD `allow` becomes the list
 * of methods that the path has. */
router_found router_match(const router *r, stele_call *call, stele_str *allow);

/* The index of a matched row: the metric label of its route. */
size_t router_index(const router *r, const api_route *row);

#endif
