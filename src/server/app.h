/* server/app: what the parts of a running server share; built by server/wiring.
 *
 * Handlers reach it through call->app. Everything in it is either constant while
 * the server runs or safe to use from any thread.
 * Deps: base/time.h. */
#ifndef STELE_SERVER_APP_H
#define STELE_SERVER_APP_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/time.h"
#include "stele/str.h"

typedef struct net_server net_server;
typedef struct obs_log obs_log;
typedef struct obs_metrics obs_metrics;
typedef struct router router;
typedef struct server_config server_config;
typedef struct stele_arena stele_arena;
typedef struct stele_registry stele_registry;
typedef struct stele_store stele_store;
typedef struct sys_pool sys_pool;

typedef struct stele_app {
  const server_config *config;
  stele_arena *arena; /* for what lives as long as the server */
  obs_log *log;       /* NULL: nobody listens */
  obs_metrics *metrics;
  const router *routes;
  net_server *net;
  sys_pool *workers; /* compiling and judging */
  stele_store *store;
  stele_registry *registry;
  stele_str docs_html, openapi_json;
  stele_time_us started;    /* the calendar's */
  const char *store_name;   /* "sqlite", "memory" */
  _Atomic bool is_ready;    /* the registry can answer */
  _Atomic bool is_draining; /* it was asked to stop */
} stele_app;

#endif
