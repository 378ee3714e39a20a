/* obs/metrics: what the server counts, and how Prometheus reads it.
 *
 * In:   counts and observations, from any thread.   Out: the text format.
 * Every metric and every value of its labels is known when the server starts,
 * so a series is a cell in an array: counting is one atomic addition in a shard
 * of the thread's own, without a lock or a lookup. Shards are summed when read.
 * Deps: base/buf.h. */
#ifndef STELE_OBS_METRICS_H
#define STELE_OBS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Label values. A list is X(enumerator, text). */
// clang-format off
#define OBS_REGISTRATION_RESULTS(X) \
  X(CREATED, "created") X(EXISTING, "existing") X(INCOMPATIBLE, "incompatible") \
  X(INVALID, "invalid") X(REFUSED, "refused") X(ERROR, "error")
#define OBS_CHECK_RESULTS(X) \
  X(COMPATIBLE, "compatible") X(INCOMPATIBLE, "incompatible") X(INVALID, "invalid") \
  X(ERROR, "error")
#define OBS_GENERATION_RESULTS(X) X(DONE, "done") X(CACHED, "cached") X(FAILED, "failed")
#define OBS_LANGUAGES(X) \
  X(PYTHON, "python") X(ES, "es") X(TYPESCRIPT, "typescript") X(GO, "go") X(JAVA, "java") \
  X(C, "c") X(DOCS, "docs") X(OTHER, "other")
#define OBS_SOURCES(X) X(MEMORY, "memory") X(STORE, "store") X(MISSING, "missing")
#define OBS_DIRECTIONS(X) X(IN, "in") X(OUT, "out")

/* The rows: name, kind, the lists its labels take their values from, help.
 * ROUTES carries two labels, route and method, and is given at the start;
 * CODES are HTTP statuses. Of a histogram the unit is what is observed; seconds
 * are observed in microseconds. */
#define OBS_METRICS(X) \
  X(HTTP_REQUESTS, "stele_http_requests_total", COUNTER, ROUTES, CODES, \
    "Requests answered, by route, method and status.") \
  X(HTTP_SECONDS, "stele_http_request_seconds", SECONDS, NONE, NONE, \
    "Time from the whole request to its answer.") \
  X(REGISTRATIONS, "stele_registrations_total", COUNTER, REGISTRATION_RESULTS, NONE, \
    "Registrations asked for, by what came of them.") \
  X(COMPATIBILITY_CHECKS, "stele_compatibility_checks_total", COUNTER, CHECK_RESULTS, NONE, \
    "Compatibility checks, by verdict.") \
  X(GENERATIONS, "stele_generations_total", COUNTER, LANGUAGES, GENERATION_RESULTS, \
    "Code generations, by language and what came of them.") \
  X(LOOKUP_SECONDS, "stele_lookup_seconds", SECONDS, SOURCES, NONE, \
    "Time to find a schema, by where it was found.") \
  X(STORAGE_BYTES, "stele_storage_bytes", GAUGE, NONE, NONE, \
    "Bytes that the store takes.") \
  X(VALIDATION_ERRORS, "stele_validation_errors_total", COUNTER, NONE, NONE, \
    "Mistakes found in schemas that were sent.") \
  X(MESSAGE_BYTES, "stele_message_bytes", BYTES, NONE, NONE, \
    "Size of the schemas that were sent.") \
  X(NETWORK_BYTES, "stele_network_bytes_total", COUNTER, DIRECTIONS, NONE, \
    "Bytes read from and written to clients.") \
  X(DEPRECATED_READS, "stele_deprecated_reads_total", COUNTER, NONE, NONE, \
    "Reads of versions that are deprecated.")
// clang-format on

typedef enum obs_metric {
#define X(name, text, kind, first, second, help) OBS_##name,
  OBS_METRICS(X)
#undef X
      OBS_METRIC_COUNT
} obs_metric;

#define X(name, text) OBS_REGISTRATION_##name,
typedef enum obs_registration {
  OBS_REGISTRATION_RESULTS(X) OBS_REGISTRATION_COUNT
} obs_registration;
#undef X
#define X(name, text) OBS_CHECK_##name,
typedef enum obs_check { OBS_CHECK_RESULTS(X) OBS_CHECK_COUNT } obs_check;
#undef X
#define X(name, text) OBS_GENERATION_##name,
typedef enum obs_generation { OBS_GENERATION_RESULTS(X) OBS_GENERATION_COUNT } obs_generation;
#undef X
#define X(name, text) OBS_LANGUAGE_##name,
typedef enum obs_language { OBS_LANGUAGES(X) OBS_LANGUAGE_COUNT } obs_language;
#undef X
#define X(name, text) OBS_SOURCE_##name,
typedef enum obs_source { OBS_SOURCES(X) OBS_SOURCE_COUNT } obs_source;
#undef X
#define X(name, text) OBS_DIRECTION_##name,
typedef enum obs_direction { OBS_DIRECTIONS(X) OBS_DIRECTION_COUNT } obs_direction;
#undef X

typedef struct obs_metrics obs_metrics;
typedef struct obs_shard obs_shard;

/* A route as labels: borrowed for ever. */
typedef struct obs_route {
  const char *route, *method;
} obs_route;

/* `shards` of them, e.g. one for each loop and one for all other threads. */
obs_metrics *obs_metrics_new(const obs_route *routes, size_t route_count, unsigned shards,
                             stele_err *err) STELE_MUST_USE;
void obs_metrics_free(obs_metrics *metrics);

/* A shard may be written by any thread; it is cheapest when only one does.
 * NULL metrics have a NULL shard, which counts nothing. */
obs_shard *obs_shard_of(obs_metrics *metrics, unsigned index);

/* Adds to a counter. `first` and `second` are indexes into the lists of its
 * labels: 0 where there is no label. */
void obs_count(obs_shard *shard, obs_metric metric, unsigned first, unsigned second, uint64_t by);

/* Sets a gauge, or a counter that somebody else keeps, to what it is now. */
void obs_set(obs_metrics *metrics, obs_metric metric, unsigned first, uint64_t value);

/* Adds to a histogram: microseconds or bytes. */
void obs_observe(obs_shard *shard, obs_metric metric, unsigned first, uint64_t value);

/* The index of a status in CODES; statuses without a row share one. */
unsigned obs_code_index(int status);

/* The index of a language's name; OBS_LANGUAGE_OTHER for those without one. */
obs_language obs_language_find(stele_str name);

/* What a series adds up to over the shards: for tests and health. */
uint64_t obs_total(const obs_metrics *metrics, obs_metric metric, unsigned first, unsigned second);

/* All metrics in Prometheus' text format (0.0.4). Series of counters that were
 * never counted are left out where a metric has labels. */
void obs_render(const obs_metrics *metrics, stele_buf *out);

/* One metric of one series, for numbers that are kept elsewhere. `kind` is
 * "counter" or "gauge"; `labels` is "" or "a=\"b\"". The heading comes with the
 * first series of a metric. */
void obs_render_head(stele_buf *out, const char *name, const char *kind, const char *help);
void obs_render_value(stele_buf *out, const char *name, const char *labels, double value);

#endif
