/* The registry over a store in memory: what a snapshot shows, that older ones
 * stay what they were, and what becomes of registrations that race. */
#include <pthread.h>
#include <stdatomic.h>

#include "harness/test.h"
#include "registry/alter.h"
#include "registry/metadata.h"
#include "registry/name.h"
#include "registry/publish.h"
#include "registry/push.h"
#include "registry/setting.h"
#include "store/memory/memory.h"
#include "sys/pool.h"
#include "sys/thread.h"

/* A registry with everything that it needs. */
typedef struct rig {
  stele_test *t;
  stele_store *store;
  sys_pool *workers;
  stele_registry *registry;
  sys_mutex lock;
  sys_cond changed;
} rig;

static void rig_open(rig *r, stele_test *t) {
  stele_err err = {0};
  sys_pool_options pool = {.name = "test", .threads = 4};
  *r = (rig){.t = t};
  sys_mutex_init(&r->lock);
  sys_cond_init(&r->changed);
  t_ok(t, (r->store = stele_memory_open(&err)) != NULL, &err);
  t_ok(t, (r->workers = sys_pool_new(&pool, &err)) != NULL, &err);
  registry_options options = {.store = r->store, .workers = r->workers, .linked_most = 4};
  t_ok(t, (r->registry = registry_open(&options, &err)) != NULL, &err);
}

static void rig_close(rig *r) {
  registry_stop(r->registry);
  sys_pool_free(r->workers);
  r->store->ops->close(r->store);
  registry_close(r->registry);
  sys_cond_release(&r->changed);
  sys_mutex_release(&r->lock);
}

/* --- registering --------------------------------------------------------- */

typedef struct one_publish {
  rig *r;
  stele_arena *arena;
  registry_publish_in in;
  registry_published out;
  bool done;
} one_publish;

static void published(const registry_published *out, void *arg) {
  one_publish *p = arg;
  sys_mutex_lock(&p->r->lock);
  p->out = *out;
  p->done = true;
  sys_cond_wake_all(&p->r->changed);
  sys_mutex_unlock(&p->r->lock);
}

static void begin(rig *r, one_publish *p, stele_arena *arena, const registry_publish_in *in) {
  stele_err err = {0};
  *p = (one_publish){.r = r, .arena = arena, .in = *in};
  p->in.tenant = p->in.tenant.len ? p->in.tenant : STELE_STR(".");
  publish_job *job = registry_publish_new(r->registry, arena, &p->in, published, p);
  t_ok(r->t, registry_publish_start(job, &err), &err);
}

static void finish(one_publish *p) {
  sys_mutex_lock(&p->r->lock);
  while (!p->done) sys_cond_wait(&p->r->changed, &p->r->lock);
  sys_mutex_unlock(&p->r->lock);
}

static registry_published publish(rig *r, const registry_publish_in *in) {
  one_publish *p = STELE_NEW(r->t->arena, one_publish);
  begin(r, p, r->t->arena, in);
  finish(p);
  return p->out;
}

static registry_published publish_text(rig *r, const char *subject, const char *text) {
  return publish(
      r, &(registry_publish_in){.subject = stele_cstr(subject), .schema = stele_cstr(text)});
}

#define ONE "syntax = \"proto3\";\nmessage M {\n  string a = 1;\n}\n"
#define TWO "syntax = \"proto3\";\nmessage M {\n  string a = 1;\n  string b = 2;\n}\n"
#define INT "syntax = \"proto3\";\nmessage M {\n  int32 a = 1;\n}\n"
#define ONE_COMMENTED "// hi\nsyntax = \"proto3\";\nmessage M {\n  string a = 1;\n}\n"

static void test_registering(stele_test *t) {
  static const struct {
    const char *label, *subject, *text;
    bool native;
    bool created;
    int32_t id, version;
    int refused;
    const char *semver;
  } rows[] = {
      {"the first", "s", ONE, false, true, 1, 1, 0, "1.0.0"},
      {"the same again", "s", ONE, false, false, 1, 1, 0, "1.0.0"},
      {"the same but for a comment", "s", ONE_COMMENTED, false, false, 1, 1, 0, "1.0.0"},
      {"a comment, natively", "s", ONE_COMMENTED, true, true, 1, 2, 0, "1.0.1"},
      {"another subject", "r", ONE, false, true, 1, 1, 0, "1.0.0"},
      {"a field more", "s", TWO, false, true, 2, 3, 0, "1.1.0"},
      {"incompatible", "s", INT, false, false, 0, 0, 40901, ""},
      {"no schema", "s", "nonsense", false, false, 0, 0, 42201, ""},
      {"nothing", "x", "", false, false, 0, 0, 42201, ""},
      {"a reserved name", "__GLOBAL", ONE, false, false, 0, 0, 42208, ""},
  };
  rig r;
  rig_open(&r, t);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    registry_published out =
        publish(&r, &(registry_publish_in){.subject = stele_cstr(rows[i].subject),
                                           .schema = stele_cstr(rows[i].text),
                                           .native = rows[i].native});
    t_eq_int(t, out.err.code, STELE_OK);
    t_eq_int(t, out.refused ? out.refused->row->error_code : 0, rows[i].refused);
    t_eq_int(t, out.created, rows[i].created);
    t_eq_int(t, out.id, rows[i].id);
    t_eq_int(t, out.version, rows[i].version);
    t_eq_str(t, out.semver, stele_cstr(rows[i].semver));
  }
  rig_close(&r);
}

static void test_a_snapshot_stays(stele_test *t) {
  rig r;
  rig_open(&r, t);
  (void)publish_text(&r, "s", ONE);
  registry_snapshot *old =
      registry_snapshot_ref((registry_snapshot *)(uintptr_t)registry_read(r.registry));
  (void)publish_text(&r, "s", TWO);
  (void)publish_text(&r, "b", TWO);
  const snap_subject *then = snap_find_subject(old, STELE_STR("."), STELE_STR("s"));
  t_eq_int(t, then->count, 1);
  t_eq_int(t, then->newest_live->id, 1);
  t_true(t, snap_find_subject(old, STELE_STR("."), STELE_STR("b")) == NULL);
  t_true(t, snap_find_id(old, STELE_STR("."), 2) == NULL);

  const registry_snapshot *now = registry_read(r.registry);
  const snap_subject *s = snap_find_subject(now, STELE_STR("."), STELE_STR("s"));
  t_eq_int(t, s->count, 2);
  t_eq_int(t, s->newest_live->version, 2);
  const snap_schema *two = snap_find_id(now, STELE_STR("."), 2);
  t_true(t, two && snap_find_guid(now, two->guid) == two);
  t_true(t, snap_find_identity(now, STELE_STR("."), two->identity) == two);
  t_true(t, s->versions[1]->content.text == two->content.text); /* one copy of a text */
  tree_cursor holders = snap_holders(snap_find_tenant(now, STELE_STR(".")), 2);
  t_eq_str(t, snap_next_holder(&holders, 2)->subject, STELE_STR("b"));
  t_eq_str(t, snap_next_holder(&holders, 2)->subject, STELE_STR("s"));
  t_true(t, snap_next_holder(&holders, 2) == NULL);
  registry_snapshot_unref(old);
  rig_close(&r);
}

/* --- deleting ------------------------------------------------------------ */

typedef struct one_alter {
  registry_alter alter;
  rig *r;
  bool done;
} one_alter;

static void altered(const registry_altered *out, void *arg) {
  one_alter *a = arg;
  (void)out;
  sys_mutex_lock(&a->r->lock);
  a->done = true;
  sys_cond_wake_all(&a->r->changed);
  sys_mutex_unlock(&a->r->lock);
}

static one_alter *new_alter(rig *r) {
  one_alter *a = STELE_NEW(r->t->arena, one_alter);
  a->r = r;
  a->alter =
      (registry_alter){.registry = r->registry, .arena = r->t->arena, .done = altered, .arg = a};
  return a;
}

/* The refusal's code, 0 when it is done. */
static int end_alter(one_alter *a, bool submit) {
  stele_err err = {0};
  if (submit) {
    t_ok(a->r->t, registry_alter_start(&a->alter, &err), &err);
    sys_mutex_lock(&a->r->lock);
    while (!a->done) sys_cond_wait(&a->r->changed, &a->r->lock);
    sys_mutex_unlock(&a->r->lock);
  }
  t_eq_int(a->r->t, a->alter.out.err.code, STELE_OK);
  return a->alter.out.refused ? a->alter.out.refused->row->error_code : 0;
}

static int delete_version(rig *r, const char *subject, int32_t version, bool permanent) {
  one_alter *a = new_alter(r);
  return end_alter(a, registry_delete_version(&a->alter, STELE_STR("."), stele_cstr(subject),
                                              version, permanent));
}

static int delete_subject(rig *r, const char *subject, bool permanent) {
  one_alter *a = new_alter(r);
  return end_alter(
      a, registry_delete_subject(&a->alter, STELE_STR("."), stele_cstr(subject), permanent));
}

static void test_deleting(stele_test *t) {
  rig r;
  rig_open(&r, t);
  (void)publish_text(&r, "s", ONE);
  (void)publish_text(&r, "s", TWO);
  t_eq_int(t, delete_version(&r, "s", 3, false), 40402);
  t_eq_int(t, delete_version(&r, "s", 2, true), 40407);
  t_eq_int(t, delete_version(&r, "s", -1, false), 0);
  t_eq_int(t, delete_version(&r, "s", 2, false), 40406);
  const registry_snapshot *now = registry_read(r.registry);
  const snap_subject *s = snap_find_subject(now, STELE_STR("."), STELE_STR("s"));
  t_eq_int(t, s->live_count, 1);
  t_eq_int(t, s->newest_live->version, 1);
  t_true(t, snap_find_id(now, STELE_STR("."), 2) != NULL);
  t_eq_int(t, delete_version(&r, "s", 2, true), 0);
  now = registry_read(r.registry);
  t_true(t, snap_find_id(now, STELE_STR("."), 2) == NULL);
  t_eq_int(t, now->texts.count, 1);
  t_eq_int(t, delete_subject(&r, "s", true), 40405);
  t_eq_int(t, delete_subject(&r, "s", false), 0);
  t_eq_int(t, delete_subject(&r, "s", false), 40404);
  t_eq_int(t, delete_subject(&r, "s", true), 0);
  t_eq_int(t, delete_subject(&r, "s", true), 40401);
  now = registry_read(r.registry);
  t_eq_int(t, now->texts.count, 0);
  t_eq_int(t, now->guids.count, 0);
  one_alter *a = new_alter(&r);
  t_eq_int(t, end_alter(a, registry_delete_tenant(&a->alter, STELE_STR("."))), 0);
  t_true(t, snap_find_tenant(registry_read(r.registry), STELE_STR(".")) == NULL);
  rig_close(&r);
}

/* --- racing -------------------------------------------------------------- */

/* Many registrations of one subject at once: each is judged against a version
 * that is often no longer the newest when it is written. */
static void test_racing(stele_test *t) {
  enum { COUNT = 48 };
  rig r;
  one_publish all[COUNT];
  stele_arena *arenas[COUNT];
  bool seen[COUNT + 1] = {false};
  int created = 0, concurrent = 0;
  rig_open(&r, t);
  for (int i = 0; i < COUNT; i++) {
    arenas[i] = stele_arena_new(0);
    stele_str text = stele_str_printf(
        t->arena, "syntax = \"proto3\";\nmessage M {\n  string f%d = %d;\n}\n", i, i + 1);
    begin(&r, &all[i], arenas[i],
          &(registry_publish_in){.subject = STELE_STR("s"), .schema = text, .force = true});
  }
  for (int i = 0; i < COUNT; i++) {
    finish(&all[i]);
    t_eq_int(t, all[i].out.err.code, STELE_OK);
    if (all[i].out.refused) {
      t_eq_int(t, all[i].out.refused->row->error_code, 40990);
      concurrent++;
      continue;
    }
    t_true(t, all[i].out.version >= 1 && all[i].out.version <= COUNT && !seen[all[i].out.version]);
    seen[all[i].out.version] = true;
    created++;
  }
  t_eq_int(t, created + concurrent, COUNT);
  for (int i = 1; i <= created; i++) t_true(t, seen[i]); /* no gap */
  for (int i = 0; i < COUNT; i++) stele_arena_free(arenas[i]);
  rig_close(&r);
}

/* Readers on threads of their own see whole snapshots, whatever is written. */
typedef struct reader {
  stele_registry *registry;
  _Atomic bool *stop;
  bool torn;
  sys_thread thread;
} reader;

static void read_on(void *arg) {
  reader *me = arg;
  uint32_t before = 0;
  while (!atomic_load(me->stop)) {
    const registry_snapshot *s = registry_read(me->registry);
    const snap_subject *subject = snap_find_subject(s, STELE_STR("."), STELE_STR("s"));
    if (!subject) continue;
    const snap_version *newest = subject->newest_live;
    me->torn |= subject->count < before || newest->version != (int32_t)subject->count ||
                snap_find_id(s, STELE_STR("."), newest->id) == NULL;
    before = subject->count;
  }
}

static void test_readers(stele_test *t) {
  enum { READERS = 3, WRITES = 120 };
  rig r;
  reader readers[READERS];
  _Atomic bool stop = false;
  stele_err err = {0};
  rig_open(&r, t);
  for (int i = 0; i < READERS; i++) {
    readers[i] = (reader){.registry = r.registry, .stop = &stop};
    t_ok(t, sys_thread_start(&readers[i].thread, "reader", read_on, &readers[i], &err), &err);
  }
  for (int i = 0; i < WRITES; i++) {
    stele_str text = stele_str_printf(
        t->arena, "syntax = \"proto3\";\nmessage M {\n  string f%d = %d;\n}\n", i, i + 1);
    registry_published out = publish(
        &r, &(registry_publish_in){.subject = STELE_STR("s"), .schema = text, .force = true});
    t_eq_int(t, out.version, i + 1);
  }
  atomic_store(&stop, true);
  for (int i = 0; i < READERS; i++) {
    sys_thread_join(&readers[i].thread);
    t_true(t, !readers[i].torn);
  }
  rig_close(&r);
}

/* --- names, settings, metadata ------------------------------------------- */

static void test_names(stele_test *t) {
  static const struct {
    const char *text, *tenant, *subject;
    bool qualified, global, anywhere;
  } rows[] = {
      {"orders", ".", "orders", false, false, false},
      {":.acme:orders", ".acme", "orders", true, false, false},
      {":.:x", ".", "x", true, false, false},
      {":.acme:", ".acme", "", true, false, false},
      {":.acme", ".acme", "", true, false, false},
      {":.a:b:c", ".a", "b:c", true, false, false},
      {":*:x", ".", "x", true, false, true},
      {":.__GLOBAL:", ".__GLOBAL", "", true, true, false},
      {":x", ".", ":x", false, false, false},
      {"", ".", "", false, false, false},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].text);
    registry_name name = registry_name_parse(stele_cstr(rows[i].text), STELE_STR("."));
    t_eq_str(t, name.tenant, stele_cstr(rows[i].tenant));
    t_eq_str(t, name.subject, stele_cstr(rows[i].subject));
    t_true(t, name.qualified == rows[i].qualified && name.global == rows[i].global &&
                  name.anywhere == rows[i].anywhere);
  }
}

static void test_metadata(stele_test *t) {
  static const struct {
    const char *label, *json, *want;
  } rows[] = {
      {"sorted, each once",
       "{\"sensitive\":[\"b\",\"a\",\"b\"],\"properties\":{\"y\":\"1\",\"x\":\"2\"}}",
       "{\"properties\":{\"x\":\"2\",\"y\":\"1\"},\"sensitive\":[\"a\",\"b\"]}"},
      {"what is empty goes", "{\"tags\":{\"p\":[]},\"properties\":{},\"sensitive\":[]}", ""},
      {"nulls go", "{\"tags\":null,\"properties\":{\"a\":null,\"b\":\"\"}}",
       "{\"properties\":{\"b\":\"\"}}"},
      {"what is unknown goes", "{\"x\":1,\"tags\":{\"p\":[\"b\",\"a\"]}}",
       "{\"tags\":{\"p\":[\"a\",\"b\"]}}"},
      {"null is none", "null", ""},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    stele_err err = {0};
    stele_str out = {0};
    t_case(t, rows[i].label);
    const stele_json *json = stele_json_parse(t->arena, stele_cstr(rows[i].json), NULL, NULL, &err);
    t_ok(t, json && metadata_canonical(t->arena, json, &out, &err), &err);
    t_eq_str(t, out, stele_cstr(rows[i].want));
  }
}

static void test_metadata_merging(stele_test *t) {
  stele_err err = {0};
  stele_str out;
  stele_str base = STELE_STR("{\"tags\":{\"p\":[\"a\"]},\"properties\":{\"x\":\"1\",\"y\":\"1\"}}");
  stele_str over = STELE_STR("{\"tags\":{\"q\":[\"b\"]},\"properties\":{\"y\":\"2\"}}");
  t_ok(t, metadata_merge(t->arena, base, over, &out, &err), &err);
  t_eq_str(
      t, out,
      STELE_STR(
          "{\"tags\":{\"p\":[\"a\"],\"q\":[\"b\"]},\"properties\":{\"x\":\"1\",\"y\":\"2\"}}"));
  t_ok(t, metadata_with(t->arena, over, STELE_STR("y"), (stele_str){0}, &out, &err), &err);
  t_eq_str(t, out, STELE_STR("{\"tags\":{\"q\":[\"b\"]}}"));
  t_ok(t, metadata_with(t->arena, (stele_str){0}, STELE_STR("y"), STELE_STR("z"), &out, &err),
       &err);
  t_eq_str(t, out, STELE_STR("{\"properties\":{\"y\":\"z\"}}"));
  t_ok(t, metadata_property(t->arena, out, STELE_STR("y"), &out, &err), &err);
  t_eq_str(t, out, STELE_STR("z"));
}

TEST_MAIN(test_registering, test_a_snapshot_stays, test_deleting, test_racing, test_readers,
          test_names, test_metadata, test_metadata_merging)
