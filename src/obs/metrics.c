/* Cells: a metric's cells stand together, first label outermost; a histogram
 * has one for each bucket, then the sum and the count.
 *
 * A set() replaces what all shards hold, so it keeps to the first one. */
#include "obs/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/num.h"

typedef enum kind { COUNTER, GAUGE, SECONDS, BYTES } kind;

enum { MOST_BUCKETS = 16, CODE_COUNT = 32 };

/* Upper bounds, in what is observed; the last bucket has none. */
static const struct {
  uint64_t at[MOST_BUCKETS];
  size_t count;
  double unit; /* one observed unit in the metric's */
} buckets[] = {
    [SECONDS] = {{5, 10, 25, 50, 100, 250, 500, 1000, 5000, 10000, 50000, 100000, 500000, 1000000,
                  5000000, 30000000},
                 16,
                 1e-6},
    [BYTES] = {{64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20,
                16 << 20},
               10,
               1},
};

/* The commonest first: they are looked for in this order. */
static const int codes[] = {200, 404, 409, 422, 201, 202, 204, 207, 304, 400, 401, 403, 405,
                            406, 408, 410, 412, 413, 415, 429, 499, 500, 501, 503, 504};

typedef enum list_id {
  NONE,
  ROUTES,
  CODES,
  REGISTRATION_RESULTS,
  CHECK_RESULTS,
  GENERATION_RESULTS,
  LANGUAGES,
  SOURCES,
  DIRECTIONS,
} list_id;

#define X(name, text) text,
static const char *const registration_results[] = {OBS_REGISTRATION_RESULTS(X)};
static const char *const check_results[] = {OBS_CHECK_RESULTS(X)};
static const char *const generation_results[] = {OBS_GENERATION_RESULTS(X)};
static const char *const languages[] = {OBS_LANGUAGES(X)};
static const char *const sources[] = {OBS_SOURCES(X)};
static const char *const directions[] = {OBS_DIRECTIONS(X)};
#undef X

static const struct {
  const char *label;
  const char *const *values;
  unsigned count;
} lists[] = {
    [NONE] = {"", NULL, 1},
    [ROUTES] = {"route", NULL, 0}, /* given at the start */
    [CODES] = {"code", NULL, STELE_COUNT(codes) + 1},
    [REGISTRATION_RESULTS] = {"result", registration_results, OBS_REGISTRATION_COUNT},
    [CHECK_RESULTS] = {"result", check_results, OBS_CHECK_COUNT},
    [GENERATION_RESULTS] = {"result", generation_results, OBS_GENERATION_COUNT},
    [LANGUAGES] = {"language", languages, OBS_LANGUAGE_COUNT},
    [SOURCES] = {"source", sources, OBS_SOURCE_COUNT},
    [DIRECTIONS] = {"direction", directions, OBS_DIRECTION_COUNT},
};

static const struct {
  const char *name;
  kind kind;
  list_id first, second;
  const char *help;
} rows[OBS_METRIC_COUNT] = {
#define X(name, text, kind, first, second, help) {text, kind, first, second, help},
    OBS_METRICS(X)
#undef X
};

/* What a shard looks at on its way to a cell. */
typedef struct layout {
  uint32_t at[OBS_METRIC_COUNT + 1];
  uint32_t second_count[OBS_METRIC_COUNT];
  uint32_t width[OBS_METRIC_COUNT]; /* cells of one series */
} layout;

struct obs_shard {
  const layout *layout;
  _Atomic uint64_t *cells;
};

struct obs_metrics {
  layout layout;
  const obs_route *routes;
  size_t route_count;
  unsigned shard_count;
  obs_shard *shards;
};

static unsigned list_count(const obs_metrics *m, list_id list) {
  return list == ROUTES ? (unsigned)m->route_count : lists[list].count;
}

static bool is_histogram(kind k) {
  return k == SECONDS || k == BYTES;
}

static void lay_out(obs_metrics *m) {
  uint32_t at = 0;
  for (size_t i = 0; i < OBS_METRIC_COUNT; i++) {
    layout *l = &m->layout;
    l->at[i] = at;
    l->second_count[i] = list_count(m, rows[i].second);
    l->width[i] = is_histogram(rows[i].kind) ? (uint32_t)buckets[rows[i].kind].count + 3 : 1;
    at += list_count(m, rows[i].first) * l->second_count[i] * l->width[i];
  }
  m->layout.at[OBS_METRIC_COUNT] = at;
}

obs_metrics *obs_metrics_new(const obs_route *routes, size_t route_count, unsigned shards,
                             stele_err *err) {
  obs_metrics *m = calloc(1, sizeof *m);
  if (!m) goto no_memory;
  m->routes = routes;
  m->route_count = route_count;
  lay_out(m);
  m->shards = calloc(shards, sizeof *m->shards);
  if (!m->shards) goto no_memory;
  size_t bytes = (m->layout.at[OBS_METRIC_COUNT] * sizeof(uint64_t) + 127) / 64 * 64;
  for (; m->shard_count < shards; m->shard_count++) {
    /* Whole cache lines, so that no shard shares one with another. */
    obs_shard *shard = &m->shards[m->shard_count];
    shard->layout = &m->layout;
    shard->cells = aligned_alloc(64, bytes);
    if (!shard->cells) goto no_memory;
    for (size_t i = 0; i < m->layout.at[OBS_METRIC_COUNT]; i++) atomic_init(&shard->cells[i], 0);
  }
  return m;
no_memory:
  obs_metrics_free(m);
  (void)stele_fail(err, STELE_NO_MEMORY, "no memory for metrics");
  return NULL;
}

void obs_metrics_free(obs_metrics *m) {
  if (!m) return;
  for (unsigned i = 0; i < m->shard_count; i++) free(m->shards[i].cells);
  free(m->shards);
  free(m);
}

obs_shard *obs_shard_of(obs_metrics *m, unsigned index) {
  return m ? &m->shards[index % m->shard_count] : NULL;
}

static size_t cell_of(const layout *l, obs_metric metric, unsigned first, unsigned second) {
  size_t at = l->at[metric] + (first * l->second_count[metric] + second) * l->width[metric];
  return at < l->at[metric + 1] ? at : l->at[metric];
}

static void add(obs_shard *shard, size_t cell, uint64_t by) {
  atomic_fetch_add_explicit(&shard->cells[cell], by, memory_order_relaxed);
}

void obs_count(obs_shard *shard, obs_metric metric, unsigned first, unsigned second, uint64_t by) {
  if (shard) add(shard, cell_of(shard->layout, metric, first, second), by);
}

void obs_set(obs_metrics *m, obs_metric metric, unsigned first, uint64_t value) {
  if (!m) return;
  atomic_store_explicit(&m->shards[0].cells[cell_of(&m->layout, metric, first, 0)], value,
                        memory_order_relaxed);
}

void obs_observe(obs_shard *shard, obs_metric metric, unsigned first, uint64_t value) {
  if (!shard) return;
  size_t count = buckets[rows[metric].kind].count, bucket = 0;
  while (bucket < count && value > buckets[rows[metric].kind].at[bucket]) bucket++;
  size_t cell = cell_of(shard->layout, metric, first, 0);
  add(shard, cell + bucket, 1);
  add(shard, cell + count + 1, value);
  add(shard, cell + count + 2, 1);
}

unsigned obs_code_index(int status) {
  unsigned i = 0;
  while (i < STELE_COUNT(codes) && codes[i] != status) i++;
  return i;
}

obs_language obs_language_find(stele_str name) {
  unsigned i = 0;
  while (i < OBS_LANGUAGE_OTHER && !stele_str_eq(stele_cstr(languages[i]), name)) i++;
  return (obs_language)i;
}

static uint64_t total_cell(const obs_metrics *m, size_t cell) {
  uint64_t total = 0;
  for (unsigned i = 0; i < m->shard_count; i++) {
    total += atomic_load_explicit(&m->shards[i].cells[cell], memory_order_relaxed);
  }
  return total;
}

uint64_t obs_total(const obs_metrics *m, obs_metric metric, unsigned first, unsigned second) {
  return total_cell(m, cell_of(&m->layout, metric, first, second));
}

/* --- rendering ----------------------------------------------------------- */

static void add_label(stele_buf *out, const char *label, const char *value) {
  if (out->len && out->ptr[out->len - 1] != '{') stele_buf_add_byte(out, ',');
  stele_buf_add_cstr(out, label);
  stele_buf_add_cstr(out, "=\"");
  for (; *value; value++) {
    if (*value == '"' || *value == '\\') stele_buf_add_byte(out, '\\');
    stele_buf_add_byte(out, (uint8_t)*value);
  }
  stele_buf_add_byte(out, '"');
}

static void add_list_label(const obs_metrics *m, stele_buf *out, list_id list, unsigned index) {
  if (list == NONE) return;
  if (list == ROUTES) {
    add_label(out, "route", m->routes[index].route);
    add_label(out, "method", m->routes[index].method);
  } else if (list == CODES) {
    char text[8] = "other";
    if (index < STELE_COUNT(codes)) (void)snprintf(text, sizeof text, "%d", codes[index]);
    add_label(out, "code", text);
  } else {
    add_label(out, lists[list].label, lists[list].values[index]);
  }
}

/* name{labels} without the closing brace, so that "le" can be added. */
static void add_name(const obs_metrics *m, stele_buf *out, size_t metric, const char *suffix,
                     unsigned first, unsigned second) {
  stele_buf_add_cstr(out, rows[metric].name);
  stele_buf_add_cstr(out, suffix);
  stele_buf_add_byte(out, '{');
  add_list_label(m, out, rows[metric].first, first);
  add_list_label(m, out, rows[metric].second, second);
}

/* Ends the labels; a metric without any has no braces. */
static void end_name(stele_buf *out) {
  if (out->len && out->ptr[out->len - 1] == '{') {
    out->len--;
  } else {
    stele_buf_add_byte(out, '}');
  }
  stele_buf_add_byte(out, ' ');
}

static void add_number(stele_buf *out, double value) {
  char text[STELE_NUM_TEXT];
  stele_buf_add(out, text, stele_num_print_g(text, value, 15));
}

static void render_histogram(const obs_metrics *m, stele_buf *out, size_t metric, unsigned first) {
  kind k = rows[metric].kind;
  size_t cell = cell_of(&m->layout, (obs_metric)metric, first, 0), count = buckets[k].count;
  uint64_t so_far = 0;
  for (size_t b = 0; b <= count; b++) {
    char bound[STELE_NUM_TEXT + 1] = "+Inf";
    if (b < count) {
      bound[stele_num_print_g(bound, (double)buckets[k].at[b] * buckets[k].unit, 15)] = 0;
    }
    so_far += total_cell(m, cell + b);
    add_name(m, out, metric, "_bucket", first, 0);
    add_label(out, "le", bound);
    end_name(out);
    stele_buf_add_u64(out, so_far);
    stele_buf_add_byte(out, '\n');
  }
  add_name(m, out, metric, "_sum", first, 0);
  end_name(out);
  add_number(out, (double)total_cell(m, cell + count + 1) * buckets[k].unit);
  stele_buf_add_byte(out, '\n');
  add_name(m, out, metric, "_count", first, 0);
  end_name(out);
  stele_buf_add_u64(out, so_far); /* of the buckets: the two may not differ */
  stele_buf_add_byte(out, '\n');
}

static void render_series(const obs_metrics *m, stele_buf *out, size_t metric, unsigned first,
                          unsigned second) {
  uint64_t value = obs_total(m, (obs_metric)metric, first, second);
  bool crowded = rows[metric].first == ROUTES || rows[metric].first == LANGUAGES;
  if (value == 0 && crowded) return;
  add_name(m, out, metric, "", first, second);
  end_name(out);
  stele_buf_add_u64(out, value);
  stele_buf_add_byte(out, '\n');
}

void obs_render_head(stele_buf *out, const char *name, const char *kind_text, const char *help) {
  stele_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind_text);
}

void obs_render_value(stele_buf *out, const char *name, const char *labels, double value) {
  stele_buf_add_cstr(out, name);
  if (*labels) stele_buf_printf(out, "{%s}", labels);
  stele_buf_add_byte(out, ' ');
  add_number(out, value);
  stele_buf_add_byte(out, '\n');
}

void obs_render(const obs_metrics *m, stele_buf *out) {
  static const char *const kinds[] = {
      [COUNTER] = "counter", [GAUGE] = "gauge", [SECONDS] = "histogram", [BYTES] = "histogram"};
  for (size_t metric = 0; metric < OBS_METRIC_COUNT; metric++) {
    obs_render_head(out, rows[metric].name, kinds[rows[metric].kind], rows[metric].help);
    for (unsigned first = 0; first < list_count(m, rows[metric].first); first++) {
      for (unsigned second = 0; second < list_count(m, rows[metric].second); second++) {
        if (is_histogram(rows[metric].kind)) {
          render_histogram(m, out, metric, first);
        } else {
          render_series(m, out, metric, first, second);
        }
      }
    }
  }
}
