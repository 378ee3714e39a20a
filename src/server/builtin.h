/* server/builtin: the routes that speak of the server itself.
 *
 * /health, /health/live, /health/ready, /metrics, /docs, /openapi.json.
 * Deps: server/router.h. */
#ifndef STELE_SERVER_BUILTIN_H
#define STELE_SERVER_BUILTIN_H

#include "base/buf.h"
#include "server/router.h"

extern const api_route builtin_routes[];
extern const size_t builtin_route_count;

/* Every number there is about a running server, as Prometheus reads it. */
void builtin_print_metrics(stele_app *app, stele_buf *out);

#endif
