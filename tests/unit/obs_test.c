/* Counters and how they read; log lines and what they hide. */
#include <stdlib.h>
#include <unistd.h>

#include "fmt/json.h"
#include "harness/test.h"
#include "obs/log.h"
#include "obs/metrics.h"
#include "sys/thread.h"

static const obs_route routes[] = {{"/subjects", "GET"}, {"/say \"hi\"", "POST"}};

static bool has_line(stele_str text, const char *line) {
  size_t len = strlen(line);
  for (size_t i = 0; i + len <= text.len; i++) {
    bool starts = i == 0 || text.ptr[i - 1] == '\n';
    bool ends = i + len == text.len || text.ptr[i + len] == '\n';
    if (starts && ends && memcmp(text.ptr + i, line, len) == 0) return true;
  }
  return false;
}

static stele_str rendered(stele_test *t, const obs_metrics *m) {
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  obs_render(m, &out);
  return stele_buf_str(&out);
}

static void test_what_prometheus_reads(stele_test *t) {
  static const char *const lines[] = {
      "# HELP stele_http_requests_total Requests answered, by route, method and status.",
      "# TYPE stele_http_requests_total counter",
      "stele_http_requests_total{route=\"/subjects\",method=\"GET\",code=\"200\"} 5",
      "stele_http_requests_total{route=\"/say \\\"hi\\\"\",method=\"POST\",code=\"404\"} 1",
      "stele_http_requests_total{route=\"/subjects\",method=\"GET\",code=\"other\"} 1",
      "stele_registrations_total{result=\"created\"} 2",
      "stele_registrations_total{result=\"error\"} 0",
      "stele_generations_total{language=\"go\",result=\"cached\"} 1",
      "# TYPE stele_storage_bytes gauge",
      "stele_storage_bytes 12345",
      "stele_validation_errors_total 7",
      "stele_network_bytes_total{direction=\"out\"} 99",
      "# TYPE stele_lookup_seconds histogram",
      "stele_lookup_seconds_bucket{source=\"memory\",le=\"5e-06\"} 1",
      "stele_lookup_seconds_bucket{source=\"memory\",le=\"0.0001\"} 2",
      "stele_lookup_seconds_bucket{source=\"memory\",le=\"30\"} 2",
      "stele_lookup_seconds_bucket{source=\"memory\",le=\"+Inf\"} 3",
      "stele_lookup_seconds_sum{source=\"memory\"} 60.000103",
      "stele_lookup_seconds_count{source=\"memory\"} 3",
      "stele_lookup_seconds_count{source=\"store\"} 0",
      "stele_message_bytes_bucket{le=\"1024\"} 1",
      "stele_message_bytes_sum 1000",
  };
  stele_err err = {0};
  obs_metrics *m = obs_metrics_new(routes, STELE_COUNT(routes), 3, &err);
  t_ok(t, m != NULL, &err);
  for (unsigned shard = 0; shard < 5; shard++) {
    obs_count(obs_shard_of(m, shard), OBS_HTTP_REQUESTS, 0, obs_code_index(200), 1);
  }
  obs_count(obs_shard_of(m, 1), OBS_HTTP_REQUESTS, 1, obs_code_index(404), 1);
  obs_count(obs_shard_of(m, 1), OBS_HTTP_REQUESTS, 0, obs_code_index(299), 1);
  obs_count(obs_shard_of(m, 0), OBS_REGISTRATIONS, OBS_REGISTRATION_CREATED, 0, 2);
  obs_count(obs_shard_of(m, 0), OBS_GENERATIONS, obs_language_find(STELE_STR("go")),
            OBS_GENERATION_CACHED, 1);
  obs_count(obs_shard_of(m, 2), OBS_VALIDATION_ERRORS, 0, 0, 7);
  obs_set(m, OBS_STORAGE_BYTES, 0, 1);
  obs_set(m, OBS_STORAGE_BYTES, 0, 12345);
  obs_set(m, OBS_NETWORK_BYTES, OBS_DIRECTION_OUT, 99);
  obs_observe(obs_shard_of(m, 0), OBS_LOOKUP_SECONDS, OBS_SOURCE_MEMORY, 3);
  obs_observe(obs_shard_of(m, 1), OBS_LOOKUP_SECONDS, OBS_SOURCE_MEMORY, 100);
  obs_observe(obs_shard_of(m, 1), OBS_LOOKUP_SECONDS, OBS_SOURCE_MEMORY, 60000000);
  obs_observe(obs_shard_of(m, 1), OBS_MESSAGE_BYTES, 0, 1000);
  stele_str text = rendered(t, m);
  for (size_t i = 0; i < STELE_COUNT(lines); i++) {
    t_case(t, lines[i]);
    t_true(t, has_line(text, lines[i]));
  }
  t_eq_int(t, obs_total(m, OBS_HTTP_REQUESTS, 0, obs_code_index(200)), 5);
  t_eq_int(t, obs_language_find(STELE_STR("cobol")), OBS_LANGUAGE_OTHER);
  obs_metrics_free(m);
  obs_count(obs_shard_of(NULL, 0), OBS_REGISTRATIONS, 0, 0, 1); /* counts nothing */
}

/* Every line is a comment or "name{labels} number". */
static void test_every_line_is_well_formed(stele_test *t) {
  stele_err err = {0};
  obs_metrics *m = obs_metrics_new(routes, STELE_COUNT(routes), 1, &err);
  t_ok(t, m != NULL, &err);
  stele_str text = rendered(t, m);
  t_true(t, text.len > 0 && text.ptr[text.len - 1] == '\n');
  for (size_t at = 0; at < text.len;) {
    const char *line = text.ptr + at, *end = memchr(line, '\n', text.len - at);
    size_t len = (size_t)(end - line);
    const char *space = memrchr(line, ' ', len);
    t_true(t, space && (line[0] == '#' || memcmp(line, "stele_", 6) == 0));
    if (line[0] != '#') t_true(t, space[1] >= '0' && space[1] <= '9');
    at += len + 1;
  }
  obs_metrics_free(m);
}

static void count_much(void *arg) {
  for (int i = 0; i < 10000; i++) obs_count(arg, OBS_DEPRECATED_READS, 0, 0, 1);
}

static void test_counting_from_threads(stele_test *t) {
  stele_err err = {0};
  obs_metrics *m = obs_metrics_new(routes, STELE_COUNT(routes), 2, &err);
  sys_thread threads[4];
  t_ok(t, m != NULL, &err);
  for (unsigned i = 0; i < 4; i++) {
    t_ok(t, sys_thread_start(&threads[i], "count", count_much, obs_shard_of(m, i), &err), &err);
  }
  for (unsigned i = 0; i < 4; i++) sys_thread_join(&threads[i]);
  t_eq_int(t, obs_total(m, OBS_DEPRECATED_READS, 0, 0), 40000);
  obs_metrics_free(m);
}

/* --- log ----------------------------------------------------------------- */

/* A log into a temporary file; its text after closing. */
typedef struct logged {
  FILE *file;
  obs_log *log;
} logged;

static logged log_to_file(stele_test *t, obs_level least) {
  stele_err err = {0};
  logged l = {.file = tmpfile()};
  t_true(t, l.file != NULL);
  l.log = obs_log_open(fileno(l.file), least, &err);
  t_ok(t, l.log != NULL, &err);
  return l;
}

static stele_str close_log(stele_test *t, logged *l) {
  obs_log_close(l->log);
  long size = lseek(fileno(l->file), 0, SEEK_END);
  char *text = stele_arena_alloc(t->arena, (size_t)size + 1, 1);
  rewind(l->file);
  t_eq_int(t, fread(text, 1, (size_t)size, l->file), size);
  (void)fclose(l->file);
  return (stele_str){text, (size_t)size};
}

/* The n-th line as a tree: every line must be JSON. */
static const stele_json *line_at(stele_test *t, stele_str text, size_t n, size_t *count) {
  const stele_json *found = NULL;
  *count = 0;
  for (size_t at = 0; at < text.len; (*count)++) {
    const char *end = memchr(text.ptr + at, '\n', text.len - at);
    t_true(t, end != NULL);
    stele_str line = {text.ptr + at, (size_t)(end - text.ptr) - at};
    stele_err err = {0};
    const stele_json *tree = stele_json_parse(t->arena, line, NULL, NULL, &err);
    t_ok(t, tree != NULL, &err);
    if (*count == n) found = tree;
    at += line.len + 1;
  }
  return found;
}

static stele_str field(const stele_json *line, const char *key) {
  const stele_json *value = stele_json_find(line, stele_cstr(key));
  return value ? value->text : STELE_STR("(absent)");
}

static void test_a_line(stele_test *t) {
  logged l = log_to_file(t, OBS_INFO);
  obs_line line;
  t_true(t, obs_line_begin(&line, l.log, OBS_WARN, "request"));
  obs_line_str(&line, "route", STELE_STR("/subjects"));
  obs_line_str(&line, "odd", STELE_STR("\"\\\n\t\x01\x7f \xc3\xa9 \xff"));
  obs_line_int(&line, "status", 200);
  obs_line_int(&line, "least", INT64_MIN);
  obs_line_end(&line);
  size_t count;
  const stele_json *got = line_at(t, close_log(t, &l), 0, &count);
  t_eq_int(t, count, 1);
  t_eq_int(t, field(got, "ts").len, 27);
  t_eq_str(t, field(got, "level"), STELE_STR("warn"));
  t_eq_str(t, field(got, "msg"), STELE_STR("request"));
  t_eq_str(t, field(got, "route"), STELE_STR("/subjects"));
  t_eq_str(t, field(got, "odd"), STELE_STR("\"\\\n\t\x01\x7f \xc3\xa9 \xef\xbf\xbd"));
  t_eq_str(t, field(got, "status"), STELE_STR("200"));
  t_eq_str(t, field(got, "least"), STELE_STR("-9223372036854775808"));
}

static void test_secrets(stele_test *t) {
  static const char *const keys[] = {"password", "Authorization", "access_token", "client_secret",
                                     "api_key",  "set-cookie",    "credentials"};
  logged l = log_to_file(t, OBS_DEBUG);
  for (size_t i = 0; i < STELE_COUNT(keys); i++) {
    obs_log_say(l.log, OBS_INFO, "x", keys[i], STELE_STR("hunter2"));
  }
  obs_log_say(l.log, OBS_INFO, "x", "principal", STELE_STR("ann"));
  stele_str text = close_log(t, &l);
  size_t count;
  for (size_t i = 0; i < STELE_COUNT(keys); i++) {
    t_case(t, keys[i]);
    t_eq_str(t, field(line_at(t, text, i, &count), keys[i]), STELE_STR("[redacted]"));
  }
  t_eq_str(t, field(line_at(t, text, STELE_COUNT(keys), &count), "principal"), STELE_STR("ann"));
  t_eq_int(t, count, STELE_COUNT(keys) + 1);
}

static void test_levels(stele_test *t) {
  logged l = log_to_file(t, OBS_WARN);
  obs_line line;
  obs_level level;
  t_true(t, !obs_line_begin(&line, l.log, OBS_INFO, "quiet"));
  t_true(t, !obs_line_begin(&line, NULL, OBS_ERROR, "nobody"));
  obs_log_say(l.log, OBS_DEBUG, "quiet", NULL, (stele_str){NULL, 0});
  obs_log_say(l.log, OBS_ERROR, "loud", NULL, (stele_str){NULL, 0});
  size_t count;
  t_eq_str(t, field(line_at(t, close_log(t, &l), 0, &count), "msg"), STELE_STR("loud"));
  t_eq_int(t, count, 1);
  t_true(t, obs_level_parse(STELE_STR("debug"), &level) && level == OBS_DEBUG);
  t_true(t, !obs_level_parse(STELE_STR("shout"), &level));
}

/* Too much for a line: what does not fit is cut, and it is JSON all the same. */
static void test_long_lines(stele_test *t) {
  static char long_text[3 * OBS_LINE_BYTES];
  memset(long_text, '"', sizeof long_text);
  logged l = log_to_file(t, OBS_INFO);
  for (size_t cut = 0; cut < 40; cut++) {
    obs_line line;
    t_true(t, obs_line_begin(&line, l.log, OBS_INFO, "long"));
    obs_line_str(&line, "a", (stele_str){long_text, OBS_LINE_BYTES / 2 - 60 + cut});
    obs_line_str(&line, "b", (stele_str){long_text, sizeof long_text});
    obs_line_int(&line, "c", 1234567890);
    obs_line_end(&line);
  }
  size_t count;
  (void)line_at(t, close_log(t, &l), 0, &count);
  t_eq_int(t, count, 40);
}

static void log_much(void *arg) {
  for (int i = 0; i < 500; i++) obs_log_say(arg, OBS_INFO, "x", "key", STELE_STR("value"));
}

static void test_logging_from_threads(stele_test *t) {
  logged l = log_to_file(t, OBS_INFO);
  sys_thread threads[4];
  stele_err err = {0};
  for (unsigned i = 0; i < 4; i++) {
    t_ok(t, sys_thread_start(&threads[i], "talk", log_much, l.log, &err), &err);
  }
  obs_log_flush(l.log);
  for (unsigned i = 0; i < 4; i++) sys_thread_join(&threads[i]);
  size_t count;
  (void)line_at(t, close_log(t, &l), 0, &count);
  t_eq_int(t, count, 2000);
}

TEST_MAIN(test_what_prometheus_reads, test_every_line_is_well_formed, test_counting_from_threads,
          test_a_line, test_secrets, test_levels, test_long_lines, test_logging_from_threads)
