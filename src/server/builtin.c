/* Health for machines, numbers for Prometheus, pages for people. The pages do
 * not change while the server runs, so they are made once, by wiring. */
#include "server/builtin.h"

#include "fmt/json.h"
#include "net/server.h"
#include "obs/metrics.h"
#include "server/app.h"
#include "server/docs_page.h"
#include "server/openapi.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/pool.h"
#include "sys/self.h"
#include "version.h"

#define JSON "application/json"
#define PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"

/* --- health -------------------------------------------------------------- */

static const char *state_of(const stele_app *app) {
  if (app->is_draining) return "draining";
  return app->is_ready ? "ok" : "starting";
}

static bool is_ready(const stele_app *app) {
  return app->is_ready && !app->is_draining;
}

static bool get_health(stele_call *call, stele_err *err) {
  (void)err;
  const stele_app *app = call->app;
  stele_buf buf;
  stele_json_writer w;
  stele_buf_init(&buf, call->arena, 0);
  stele_json_writer_init(&w, &buf, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "status", stele_cstr(state_of(app)));
  stele_json_field_str(&w, "version", STELE_STR(STELE_VERSION));
  stele_json_field_str(&w, "store", stele_cstr(app->store_name));
  stele_json_field_i64(&w, "uptime_s", (sys_clock_wall() - app->started) / STELE_US_PER_S);
  stele_json_end_object(&w);
  return call_reply_text(call, is_ready(app) ? 200 : 503, JSON, stele_buf_str(&buf));
}

static bool get_live(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_text(call, 200, JSON, STELE_STR("{\"status\":\"live\"}"));
}

static bool get_ready(stele_call *call, stele_err *err) {
  (void)err;
  if (is_ready(call->app)) {
    return call_reply_text(call, 200, JSON, STELE_STR("{\"status\":\"ready\"}"));
  }
  return call_reply_text(call, 503, JSON,
                         stele_str_printf(call->arena, "{\"status\":\"%s\"}", state_of(call->app)));
}

/* --- metrics ------------------------------------------------------------- */

static void print_process(stele_buf *out) {
  sys_self self;
  sys_self_read(&self);
  const struct {
    const char *name, *kind, *help;
    double value;
  } rows[] = {
      {"process_cpu_seconds_total", "counter", "User and system CPU time.",
       (double)self.cpu / STELE_US_PER_S},
      {"process_resident_memory_bytes", "gauge", "Memory in use.", (double)self.resident_bytes},
      {"process_virtual_memory_bytes", "gauge", "Address space in use.",
       (double)self.virtual_bytes},
      {"process_open_fds", "gauge", "Open descriptors.", (double)self.open_files},
      {"process_max_fds", "gauge", "Most open descriptors.", (double)self.most_files},
      {"process_threads", "gauge", "Threads.", (double)self.threads},
      {"process_start_time_seconds", "gauge", "When the process started, in Unix time.",
       (double)self.started / STELE_US_PER_S},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    obs_render_head(out, rows[i].name, rows[i].kind, rows[i].help);
    obs_render_value(out, rows[i].name, "", rows[i].value);
  }
}

/* What the loops count, each under its own label. */
static const struct {
  const char *name, *kind, *help;
  size_t at; /* in net_stats */
  double unit;
} loop_rows[] = {
    {"stele_connections_open", "gauge", "Connections that are open.", offsetof(net_stats, open), 1},
    {"stele_connections_accepted_total", "counter", "Connections accepted.",
     offsetof(net_stats, accepted), 1},
    {"stele_connections_refused_total", "counter", "Connections beyond the limit.",
     offsetof(net_stats, refused), 1},
    {"stele_requests_received_total", "counter", "Whole requests received.",
     offsetof(net_stats, requests), 1},
    {"stele_bad_requests_total", "counter", "Requests that are no HTTP, or over a limit.",
     offsetof(net_stats, bad_requests), 1},
    {"stele_timeouts_total", "counter", "Requests and answers that took too long.",
     offsetof(net_stats, timeouts), 1},
    {"stele_loop_turns_total", "counter", "How often the loop has woken up.",
     offsetof(net_stats, turns), 1},
    {"stele_loop_lag_seconds", "gauge", "The worst delay of a timer in the last ten seconds.",
     offsetof(net_stats, lag_us), 1e-6},
};

static void print_loops(const net_server *net, stele_buf *out) {
  for (size_t row = 0; row < STELE_COUNT(loop_rows); row++) {
    obs_render_head(out, loop_rows[row].name, loop_rows[row].kind, loop_rows[row].help);
    for (unsigned loop = 0; loop < net_server_loops(net); loop++) {
      net_stats stats;
      uint64_t value;
      char label[24];
      net_server_stats(net, loop, &stats);
      memcpy(&value, (const char *)&stats + loop_rows[row].at, sizeof value);
      (void)snprintf(label, sizeof label, "loop=\"%u\"", loop);
      obs_render_value(out, loop_rows[row].name, label, (double)value * loop_rows[row].unit);
    }
  }
}

static void take_network_bytes(stele_app *app) {
  uint64_t in = 0, out = 0;
  for (unsigned loop = 0; loop < net_server_loops(app->net); loop++) {
    net_stats stats;
    net_server_stats(app->net, loop, &stats);
    in += stats.bytes_in;
    out += stats.bytes_out;
  }
  obs_set(app->metrics, OBS_NETWORK_BYTES, OBS_DIRECTION_IN, in);
  obs_set(app->metrics, OBS_NETWORK_BYTES, OBS_DIRECTION_OUT, out);
}

static void take_storage_bytes(stele_app *app) {
  stele_store_stats stats;
  app->store->ops->stats(app->store, &stats);
  obs_set(app->metrics, OBS_STORAGE_BYTES, 0, stats.bytes);
}

void builtin_print_metrics(stele_app *app, stele_buf *out) {
  if (app->net) take_network_bytes(app);
  if (app->store) take_storage_bytes(app);
  obs_render(app->metrics, out);
  if (app->net) print_loops(app->net, out);
  if (app->workers) {
    obs_render_head(out, "stele_workers_waiting", "gauge", "Jobs that wait for a worker.");
    obs_render_value(out, "stele_workers_waiting", "", (double)sys_pool_waiting(app->workers));
  }
  obs_render_head(out, "stele_build_info", "gauge", "1, with the version that runs.");
  obs_render_value(out, "stele_build_info", "version=\"" STELE_VERSION "\"", 1);
  print_process(out);
}

static bool get_metrics(stele_call *call, stele_err *err) {
  (void)err;
  stele_buf buf;
  stele_buf_init(&buf, call->arena, 0);
  builtin_print_metrics(call->app, &buf);
  return call_reply_text(call, 200, PROMETHEUS, stele_buf_str(&buf));
}

/* --- pages --------------------------------------------------------------- */

static bool get_docs(stele_call *call, stele_err *err) {
  (void)err;
  call_header(
      call, "Content-Security-Policy",
      STELE_STR("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                "connect-src 'self'; img-src data:; frame-ancestors 'none'"));
  return call_reply_text(call, 200, "text/html; charset=utf-8", call->app->docs_html);
}

static bool get_openapi(stele_call *call, stele_err *err) {
  (void)err;
  return call_reply_text(call, 200, JSON, call->app->openapi_json);
}

// clang-format off
const api_route builtin_routes[] = {
    {"GET", "/health", STELE_ROLE_PUBLIC, get_health,
     .tag = "Server", .summary = "How the server is; 503 while it cannot answer.",
     .answer = "{\"status\":\"ok\",\"version\":\"" STELE_VERSION "\",\"store\":\"sqlite\",\"uptime_s\":86400}",
     .answers = ROUTE_OWN_TYPE, .gives = JSON, .global = true},
    {"GET", "/health/live", STELE_ROLE_PUBLIC, get_live,
     .tag = "Server", .summary = "Is the process alive?",
     .answer = "{\"status\":\"live\"}",
     .answers = ROUTE_OWN_TYPE, .gives = JSON, .global = true},
    {"GET", "/health/ready", STELE_ROLE_PUBLIC, get_ready,
     .tag = "Server", .summary = "May it be sent requests? 503 while it starts or drains.",
     .answer = "{\"status\":\"ready\"}",
     .answers = ROUTE_OWN_TYPE, .gives = JSON, .global = true},
    {"GET", "/metrics", STELE_ROLE_READER, get_metrics,
     .tag = "Server", .summary = "Numbers for Prometheus.",
     .answer = "# HELP stele_registrations_total Registrations asked for, by what came of them.\n"
               "# TYPE stele_registrations_total counter\n"
               "stele_registrations_total{result=\"created\"} 42\n",
     .answers = ROUTE_OWN_TYPE, .gives = PROMETHEUS, .global = true},
    {"GET", "/docs", STELE_ROLE_PUBLIC, get_docs,
     .tag = "Server", .summary = "This page.",
     .answer = "<!doctype html>…",
     .answers = ROUTE_OWN_TYPE, .gives = "text/html; charset=utf-8", .global = true},
    {"GET", "/openapi.json", STELE_ROLE_PUBLIC, get_openapi,
     .tag = "Server", .summary = "Every route as an OpenAPI document.",
     .answer = "{\"openapi\":\"3.1.0\"}",
     .answers = ROUTE_OWN_TYPE, .gives = JSON, .global = true},
};
// clang-format on

const size_t builtin_route_count = STELE_COUNT(builtin_routes);
