/* The order of things: log, registry, routes, metrics, workers, network. What
 * is opened last is closed first, and the network opens last, so that no request
 * ever meets a part that is not there. */
#include "server/wiring.h"

#include <unistd.h>

#include "base/buf.h"
#include "net/server.h"
#include "obs/log.h"
#include "obs/metrics.h"
#include "registry/registry.h"
#include "server/api/api.h"
#include "server/builtin.h"
#include "server/dispatch.h"
#include "server/docs_page.h"
#include "server/openapi.h"
#include "server/router.h"
#include "store/memory/memory.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/pool.h"
#include "sys/thread.h"

/* --- parts --------------------------------------------------------------- */

static bool open_log(stele_app *app, stele_err *err) {
  obs_level least;
  if (!obs_level_parse(app->config->log_level, &least)) {
    return stele_fail(err, STELE_INVALID, "no log level \"" STELE_STR_FMT "\"",
                      STELE_STR_ARG(app->config->log_level));
  }
  app->log = obs_log_open(STDERR_FILENO, least, err);
  return app->log != NULL;
}

static bool open_workers(stele_app *app, stele_err *err) {
  sys_pool_options options = {.name = "worker", .threads = app->config->workers};
  app->workers = sys_pool_new(&options, err);
  return app->workers != NULL;
}

static bool starts_with(stele_str text, const char *prefix, stele_str *rest) {
  size_t len = strlen(prefix);
  if (text.len < len || memcmp(text.ptr, prefix, len) != 0) return false;
  *rest = (stele_str){text.ptr + len, text.len - len};
  return true;
}

/* "memory:" or "sqlite:PATH". */
static stele_store *open_store(stele_app *app, stele_err *err) {
  stele_str rest, store = app->config->store;
  if (starts_with(store, "memory:", &rest) && !rest.len) return stele_memory_open(err);
  if (starts_with(store, "sqlite:", &rest) && rest.len) {
    stele_sqlite_options options = {.path = stele_str_copy(app->arena, rest).ptr};
    return stele_sqlite_open(&options, err);
  }
  (void)stele_fail(
      err, STELE_INVALID,
      "no store \"" STELE_STR_FMT "\"; there is sqlite:PATH and memory:", STELE_STR_ARG(store));
  return NULL;
}

/* The registry over the store that config->store names. */
static bool open_registry(stele_app *app, stele_err *err) {
  app->store = open_store(app, err);
  if (!app->store) return false;
  registry_options options = {
      .store = app->store, .workers = app->workers, .text_bytes = app->config->schema_bytes};
  app->store_name = app->store->ops->name;
  app->registry = registry_open(&options, err);
  app->is_ready = app->registry != NULL;
  return app->registry != NULL;
}

static bool open_routes(stele_app *app, stele_err *err) {
  router *routes = router_new(app->arena);
  api_add_routes(routes);
  router_add(routes, builtin_routes, builtin_route_count);
  if (!router_freeze(routes, err)) return false;
  app->routes = routes;

  stele_buf page;
  stele_buf_init(&page, app->arena, 0);
  docs_page_print(app->arena, routes, &page);
  app->docs_html = stele_buf_str(&page);
  stele_buf_init(&page, app->arena, 0);
  openapi_print(app->arena, routes, &page);
  app->openapi_json = stele_buf_str(&page);
  return true;
}

static unsigned loop_count(const stele_app *app) {
  return app->config->loops ? app->config->loops : sys_thread_cores();
}

/* A shard for each loop and one for the other threads. The last route stands
 * for requests that meet none. */
static bool open_metrics(stele_app *app, stele_err *err) {
  size_t count = router_count(app->routes);
  obs_route *labels = STELE_NEW_ARRAY(app->arena, obs_route, count + 1);
  for (size_t i = 0; i < count; i++) {
    labels[i] =
        (obs_route){router_row(app->routes, i)->pattern, router_row(app->routes, i)->method};
  }
  labels[count] = (obs_route){"unmatched", "any"};
  app->metrics = obs_metrics_new(labels, count + 1, loop_count(app) + 1, err);
  return app->metrics != NULL;
}

/* Who can reach the server can do everything while nobody has to say who they
 * are; so nobody else's machine can, unless that is asked for by name. */
static bool check_address(const stele_app *app, const sys_address *address, stele_err *err) {
  if (address->loopback || app->config->allow_remote) return true;
  return stele_fail(err, STELE_INVALID,
                    "authentication is off, and %s can be reached from other machines; use a "
                    "loopback address, or --allow-remote to let everybody in",
                    address->host);
}

static bool open_network(stele_app *app, stele_err *err) {
  const server_config *c = app->config;
  net_options options = net_options_usual;
  if (!sys_address_parse(c->listen, &options.address, err)) return false;
  if (!check_address(app, &options.address, err)) return false;
  options.loops = loop_count(app);
  options.max_connections = c->connections;
  options.limits.head_bytes = c->head_bytes;
  options.limits.target_bytes = c->head_bytes / 2;
  options.limits.body_bytes = c->body_bytes;
  options.arena_bytes = c->request_bytes;
  options.head_ms = c->head_timeout_ms;
  options.body_ms = c->body_timeout_ms;
  options.answer_ms = c->answer_timeout_ms;
  options.idle_ms = c->idle_timeout_ms;
  options.write_ms = c->write_timeout_ms;
  options.answer = dispatch_request;
  options.arg = dispatch_new(app, options.loops);
  app->net = net_server_start(&options, err);
  return app->net != NULL;
}

/* --- the whole ----------------------------------------------------------- */

static bool (*const parts[])(stele_app *app, stele_err *err) = {
    open_log, open_workers, open_registry, open_routes, open_metrics, open_network,
};

stele_app *server_open(const server_config *config, stele_err *err) {
  stele_arena *arena = stele_arena_new(0);
  if (!arena) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a server");
    return NULL;
  }
  stele_app *app = STELE_NEW(arena, stele_app);
  app->arena = arena;
  app->config = config;
  app->started = sys_clock_wall();
  for (size_t i = 0; i < STELE_COUNT(parts); i++) {
    if (parts[i](app, err)) continue;
    server_close(app);
    return NULL;
  }
  obs_log_say(app->log, OBS_INFO, "listening", "address", server_address(app));
  return app;
}

stele_str server_address(const stele_app *app) {
  char text[SYS_ADDRESS_TEXT + 8];
  sys_address_print(net_server_address(app->net), text);
  return stele_str_copy(app->arena, stele_cstr(text));
}

void server_close(stele_app *app) {
  if (!app) return;
  app->is_draining = true;
  if (app->net) net_server_drain(app->net, app->config->drain_timeout_ms);
  /* What has begun ends: a worker may still write, and the store answers through the loops. */
  registry_stop(app->registry);
  sys_pool_free(app->workers);
  if (app->store) app->store->ops->close(app->store);
  net_server_free(app->net);
  registry_close(app->registry);
  obs_metrics_free(app->metrics);
  obs_log_say(app->log, OBS_INFO, "stopped", NULL, (stele_str){NULL, 0});
  obs_log_close(app->log);
  stele_arena_free(app->arena);
}
