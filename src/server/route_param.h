/* server/route_param: what a route can be given, for people to read.
 *
 * In:   a row of the route table.   Out: its parameters, with type, help and an
 * example each. /docs and /openapi.json are made from it.
 * Deps: server/router.h. */
#ifndef STELE_SERVER_ROUTE_PARAM_H
#define STELE_SERVER_ROUTE_PARAM_H

#include "server/router.h"

typedef struct route_param {
  stele_str name;
  bool in_path;      /* else in the query */
  const char *type;  /* "string", "integer", "boolean" */
  const char *help;  /* "" when there is nothing to say */
  stele_str example; /* as it stands in the example's URL; empty: none */
} route_param;

typedef struct route_params {
  const route_param *at;
  size_t count;
} route_params;

/* Those of the path, then those of the query, each in the row's order. */
route_params route_params_of(stele_arena *arena, const api_route *row);

/* The pattern without ":int": "/schemas/ids/{id}". */
stele_str route_path_text(stele_arena *arena, const api_route *row);

/* The example path: the row's own, or its pattern when that has no parameter. */
stele_str route_example_path(const api_route *row);

#endif
