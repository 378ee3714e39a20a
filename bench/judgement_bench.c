/* A registration's whole judgement: the registry over a store in memory, ten live
 * versions of a schema of 500 lines, and dry runs of an eleventh, one after the other.
 *
 *   judgement_bench [COUNT]        prints, per dry run, microseconds of wall and CPU time
 *
 * A dry run is all of a registration but the writing: the text is compiled and named,
 * compared with all ten versions by FULL_TRANSITIVE, looked at by lint rules and
 * breaking rules of a policy, and given its semantic version. Rows leave parts out. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/guard.h"
#include "registry/alter.h"
#include "registry/publish.h"
#include "registry/setting.h"
#include "store/memory/memory.h"
#include "sys/pool.h"
#include "sys/thread.h"

enum { VERSIONS = 10, MESSAGES = 10, FIELDS = 10, SOME = 200 };

typedef struct rig {
  stele_store *store;
  sys_pool *workers;
  stele_registry *registry;
  sys_mutex lock;
  sys_cond changed;
  bool done;
  registry_published out;
  const registry_refused *refused;
  stele_err failed;
} rig;

_Noreturn static void die(const char *what, const char *why) {
  (void)fprintf(stderr, "judgement_bench: %s: %s\n", what, why);
  exit(1);
}

/* ---- The schema ---------------------------------------------------------------- */

/* Documented messages, an enum: some 500 lines. Each version adds one field to each
 * message. */
static stele_str schema_text(stele_arena *arena, int version) {
  static const char *const types[] = {"string", "int64", "double", "bool", "Kind", "bytes"};
  stele_buf buf;
  stele_buf_init(&buf, arena, 0);
  stele_buf_add_cstr(&buf, "syntax = \"proto3\";\n\npackage bench.v1;\n\n"
                           "// What kind it is.\nenum Kind {\n  // Unknown.\n"
                           "  KIND_UNSPECIFIED = 0;\n  // One.\n  KIND_ONE = 1;\n}\n");
  for (int m = 0; m < MESSAGES; m++) {
    stele_buf_printf(&buf, "\n// Message number %d.\nmessage Message%d {\n", m, m);
    stele_buf_add_cstr(&buf, "  // Whose it is.\n  string tenant_id = 1;\n");
    for (int f = 2; f < FIELDS + version; f++) {
      stele_buf_printf(&buf, "  // What field number %d says.\n  %s field_number_%d = %d;\n", f,
                       types[f % (int)STELE_COUNT(types)], f, f);
    }
    if (m > 0) stele_buf_printf(&buf, "  // What is below.\n  Message%d below = 100;\n", m - 1);
    stele_buf_add_cstr(&buf, "  // One of two.\n  oneof choice {\n"
                             "    // Left.\n    string left = 101;\n"
                             "    // Right.\n    int32 right = 102;\n  }\n"
                             "  // How many of each.\n  map<string, int64> counts = 103;\n}\n");
  }
  return stele_buf_str(&buf);
}

/* ---- One registration ------------------------------------------------------------- */

static void published(const registry_published *out, void *arg) {
  rig *r = arg;
  sys_mutex_lock(&r->lock);
  r->out = *out;
  r->done = true;
  sys_cond_wake_all(&r->changed);
  sys_mutex_unlock(&r->lock);
}

typedef struct begin_job {
  rig *r;
  stele_arena *arena;
  const registry_publish_in *in;
  publish_job *job;
} begin_job;

static void begin(void *arg) {
  begin_job *b = arg;
  b->job = registry_publish_new(b->r->registry, b->arena, b->in, published, b->r);
}

/* In a request's arena, as the server has it. */
static void publish(rig *r, stele_arena *arena, stele_str text, bool dry_run) {
  stele_err err = {0};
  registry_publish_in in = {
      .tenant = STELE_STR("."), .subject = STELE_STR("bench"), .schema = text, .dry_run = dry_run};
  begin_job b = {.r = r, .arena = arena, .in = &in};
  r->done = false;
  if (!stele_guard_run(arena, begin, &b, &err)) die("publish", err.msg);
  if (!registry_publish_start(b.job, &err)) die("publish", err.msg);
  sys_mutex_lock(&r->lock);
  while (!r->done) sys_cond_wait(&r->changed, &r->lock);
  sys_mutex_unlock(&r->lock);
  if (r->out.err.code) die("publish", r->out.err.msg);
  if (r->out.refused) die("publish", "refused");
}

/* ---- Settings ------------------------------------------------------------------------ */

static void altered(const registry_altered *out, void *arg) {
  rig *r = arg;
  sys_mutex_lock(&r->lock);
  r->refused = out->refused;
  r->failed = out->err;
  r->done = true;
  sys_cond_wake_all(&r->changed);
  sys_mutex_unlock(&r->lock);
}

typedef struct set_job {
  registry_alter alter;
  stele_str value;
  bool started;
} set_job;

static void prepare_set(void *arg) {
  set_job *job = arg;
  setting_place place = {
      .scope = STELE_SCOPE_SUBJECT, .tenant = STELE_STR("."), .name = STELE_STR("bench")};
  job->started = registry_set(&job->alter, STELE_ROW_CONFIG, &place, job->value);
}

static void configure(rig *r, const char *value) {
  stele_err err = {0};
  stele_arena *arena = stele_arena_new(0);
  set_job job = {.alter = {.registry = r->registry, .arena = arena, .done = altered, .arg = r},
                 .value = stele_cstr(value)};
  r->done = false;
  if (!stele_guard_run(arena, prepare_set, &job, &err)) die("config", err.msg);
  if (!job.started || !registry_alter_start(&job.alter, &err)) die("config", "refused");
  sys_mutex_lock(&r->lock);
  while (!r->done) sys_cond_wait(&r->changed, &r->lock);
  sys_mutex_unlock(&r->lock);
  if (r->refused || r->failed.code) die("config", r->failed.msg);
  stele_arena_free(arena);
}

/* ---- Measuring ------------------------------------------------------------------------- */

static double now_us(clockid_t clock) {
  struct timespec t;
  (void)clock_gettime(clock, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void measure(rig *r, const char *label, const char *config, stele_str text, int count) {
  stele_arena *arena = stele_arena_new(0);
  configure(r, config);
  for (int i = 0; i < SOME / 10; i++) {
    publish(r, arena, text, true);
    stele_arena_reset(arena);
  }
  double wall = now_us(CLOCK_MONOTONIC), cpu = now_us(CLOCK_PROCESS_CPUTIME_ID);
  size_t findings = 0;
  for (int i = 0; i < count; i++) {
    publish(r, arena, text, true);
    findings = r->out.finding_count;
    stele_arena_reset(arena);
  }
  printf("%-44s %8.0f us wall %8.0f us CPU  %zu findings\n", label,
         (now_us(CLOCK_MONOTONIC) - wall) / count, (now_us(CLOCK_PROCESS_CPUTIME_ID) - cpu) / count,
         findings);
  stele_arena_free(arena);
}

#define LEVEL(name) "{\"compatibilityLevel\":\"" name "\"}"
#define POLICY(refuse, warn)                                                                       \
  "{\"compatibilityLevel\":\"FULL_TRANSITIVE\",\"rules\":{\"refuse\":[" refuse "],\"warn\":[" warn \
  "]}}"

static const struct {
  const char *label, *config;
} rows[] = {
    {"compile, identity, semantic version", LEVEL("NONE")},
    {"  and FULL_TRANSITIVE", LEVEL("FULL_TRANSITIVE")},
    {"  and rules: WIRE_JSON, STANDARD", POLICY("\"WIRE_JSON\"", "\"STANDARD\"")},
    {"  and rules: all of them",
     POLICY("\"WIRE_JSON\"", "\"FILE\",\"STANDARD\",\"COMMENTS\",\"PLATFORM\"")},
};

/* judgement_bench --schema N prints the text of a version: judgement.py sends it. */
static int print_schema(const char *number) {
  stele_arena *arena = stele_arena_new(0);
  stele_str text = schema_text(arena, (int)strtol(number, NULL, 10));
  (void)fwrite(text.ptr, 1, text.len, stdout);
  stele_arena_free(arena);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "--schema") == 0) return print_schema(argv[2]);
  int count = argc > 1 ? (int)strtol(argv[1], NULL, 10) : SOME;
  stele_err err = {0};
  sys_pool_options pool = {.name = "bench", .threads = 1};
  rig r = {0};
  sys_mutex_init(&r.lock);
  sys_cond_init(&r.changed);
  r.store = stele_memory_open(&err);
  r.workers = r.store ? sys_pool_new(&pool, &err) : NULL;
  registry_options options = {.store = r.store, .workers = r.workers};
  r.registry = r.workers ? registry_open(&options, &err) : NULL;
  if (!r.registry) die("open", err.msg);

  stele_arena *texts = stele_arena_new(0), *arena = stele_arena_new(0);
  for (int i = 0; i < VERSIONS; i++) {
    publish(&r, arena, schema_text(texts, i), false);
    stele_arena_reset(arena);
  }
  stele_str next = schema_text(texts, VERSIONS);
  size_t lines = 0;
  for (size_t i = 0; i < next.len; i++) lines += next.ptr[i] == '\n';
  printf("%d live versions, %zu lines, %zu bytes; %d dry runs each\n", VERSIONS, lines, next.len,
         count);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    measure(&r, rows[i].label, rows[i].config, next, count);
  }
  stele_arena_free(arena);
  stele_arena_free(texts);
  registry_stop(r.registry);
  sys_pool_free(r.workers);
  r.store->ops->close(r.store);
  registry_close(r.registry);
  sys_cond_release(&r.changed);
  sys_mutex_release(&r.lock);
  return 0;
}
