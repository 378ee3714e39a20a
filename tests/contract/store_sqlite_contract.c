/* The contract, kept by store/sqlite, and what only a file can do wrong. */
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/vec.h"
#include "contract/store_contract.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/sqlite_probe.h"
#include "store/sqlite/sqlite_statements.h"
#include "sys/clock.h"

/* Where the files of this run stand, and the disk below them. */
static struct {
  char folder[64];
  sqlite_disk *disk;
} home;

static const char *path_of(stele_test *t, const char *name) {
  return stele_str_printf(t->arena, "%s/%s", home.folder, name).ptr;
}

static const char *slot_path(stele_test *t, int slot) {
  return stele_str_printf(t->arena, "%s/%s-%d.db", home.folder, t->name, slot).ptr;
}

/* Slot 0 is always new; the others show what they had. */
static stele_store *open_sqlite(stele_test *t, int slot, stele_err *err) {
  stele_sqlite_options options = {.path = slot_path(t, slot), .vfs = sqlite_disk_name(home.disk)};
  if (slot == 0) {
    (void)unlink(options.path);
    (void)unlink(stele_str_printf(t->arena, "%s-wal", options.path).ptr);
  }
  return stele_sqlite_open(&options, err);
}

static void fail_disk(stele_store *store, uint64_t n) {
  (void)store;
  sqlite_disk_fail_after(home.disk, n);
}

const rig_backend backend = {"sqlite", open_sqlite, true, fail_disk};

static stele_str probe(stele_test *t, const char *path, const char *sql) {
  stele_buf out;
  stele_err err = {0};
  stele_buf_init(&out, t->arena, 0);
  t_ok(t, sqlite_probe(path, sql, &out, &err), &err);
  return stele_buf_str(&out);
}

/* ---- what is kept ---- */

static void fill(rig *r) {
  static const stele_reference to_a = {
      STELE_STR_INIT("a.proto"), {NULL, 0}, STELE_STR_INIT("a"), 1};
  stele_change user = rig_register("u", "mu", "uses a", 0);
  user.reg.content.references = &to_a;
  user.reg.content.reference_count = 1;
  user.reg.content.metadata = STELE_STR("{\"owner\":\"x\"}");
  stele_change all[] = {
      {.kind = STELE_CHANGE_RELEASE,
       .origin = {.time = 5, .author = STELE_STR("ci"), .key = STELE_STR("k")},
       .release = {.tenant = STELE_STR("."), .semver = STELE_STR("1.0.0"), .count = 2}},
      rig_register("a", "m1", "one", 0),
      user,
      rig_register("a", "m2", "two", 1),
      {.kind = STELE_CHANGE_SET_CONFIG,
       .setting = {STELE_SCOPE_GLOBAL, {NULL, 0}, {NULL, 0}, STELE_STR("{}")}},
      rig_delete("a", 2, false)};
  t_ok(r->t, rig_submit(r, all, STELE_COUNT(all)), &r->err);
  for (size_t i = 0; i < STELE_COUNT(all); i++) t_eq_int(r->t, r->results[i].why, STELE_WHY_DONE);
}

static void opening_again_shows_everything(stele_test *t) {
  rig r;
  rig_open(&r, t, 1);
  fill(&r);
  stele_str rows = rig_load(&r), feed = rig_feed(&r, 0), audit = rig_audit(&r, ".", 0);
  stele_store_stats before, after;
  r.store->ops->stats(r.store, &before);
  rig_close(&r);
  rig_open(&r, t, 1);
  t_eq_str(t, rig_load(&r), rows);
  t_eq_str(t, rig_feed(&r, 0), feed);
  t_eq_int(t, r.seq, before.seq);
  t_eq_str(t, rig_audit(&r, ".", 0), audit);
  r.store->ops->stats(r.store, &after);
  t_eq_int(t, after.tenants, before.tenants);
  t_eq_int(t, after.subjects, before.subjects);
  t_eq_int(t, after.schemas, before.schemas);
  t_eq_int(t, after.versions, before.versions);
  t_eq_int(t, after.releases, before.releases);
  t_eq_int(t, rig_one(&r, rig_register("b", "m9", "nine", 0)), STELE_WHY_DONE);
  t_eq_int(t, r.results[0].id, 4);
  t_true(t, rig_check(&r));
  rig_close(&r);
}

/* Each accepted change, or release, leaves one row for the workers. */
static void the_outbox_holds_what_is_to_do(stele_test *t) {
  rig r;
  rig_open(&r, t, 1);
  fill(&r);
  rig_close(&r);
  t_eq_str(t, probe(t, slot_path(t, 1), "SELECT seq, kind, release FROM outbox ORDER BY outbox_id"),
           STELE_STR("6|1|1\n8|0|0\n9|7|0\n10|3|0\n"));
}

static void shared_texts_are_kept_once(stele_test *t) {
  enum { VERSIONS = 2000, TEXT = 8192 };
  rig r;
  rig_open(&r, t, 1);
  char *text = STELE_NEW_ARRAY(t->arena, char, TEXT + 1);
  memset(text, 'x', TEXT);
  stele_change *all = STELE_NEW_ARRAY(t->arena, stele_change, VERSIONS);
  for (int i = 0; i < VERSIONS; i++) all[i] = rig_register("s", "m", text, i);
  t_ok(t, rig_submit(&r, all, VERSIONS), &r.err);
  t_eq_int(t, r.results[VERSIONS - 1].version, VERSIONS);
  stele_change subject = {.kind = STELE_CHANGE_DELETE_SUBJECT,
                          .delete_subject = {.tenant = STELE_STR("."), .subject = STELE_STR("s")}};
  stele_store_stats stats;
  rig_close(&r);
  rig_open(&r, t, 1);
  r.store->ops->stats(r.store, &stats);
  t_true(t, stats.bytes < (uint64_t)VERSIONS * TEXT / 8);
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_DONE);
  subject.delete_subject.permanent = true;
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_DONE);
  rig_close(&r);
  t_eq_str(t,
           probe(t, slot_path(t, 1),
                 "SELECT count(*) FROM texts; SELECT count(*) FROM text_bytes;"
                 "SELECT count(*) FROM version_references; PRAGMA integrity_check"),
           STELE_STR("0\n0\n0\nok\n"));
}

/* ---- tampering ---- */

static void tampering_shows(stele_test *t) {
  static const struct {
    const char *label, *sql, *want;
  } rows[] = {
      {"a changed text", "UPDATE audit SET after = after || ' ' WHERE number = 2", "record 2"},
      {"another author", "UPDATE audit SET who = 'eve' WHERE number = 1 AND tenant_id = 1",
       "record 1"},
      {"a later time", "UPDATE audit SET time_us = time_us + 1 WHERE number = 3", "record 3"},
      {"a record taken out", "DELETE FROM audit WHERE number = 2", "record 2 is missing"},
      {"the first taken out", "DELETE FROM audit WHERE number = 1", "record 1 is missing"},
      {"the tail cut", "DELETE FROM audit WHERE number = 3", "2 records of 3"},
      {"two that changed places",
       "UPDATE audit SET number = 99 WHERE number = 2;"
       "UPDATE audit SET number = 2 WHERE number = 3;"
       "UPDATE audit SET number = 3 WHERE number = 99",
       "record 2"},
      {"a hash made anew", "UPDATE audit SET hash = x'00' WHERE number = 3", "record 3"},
      {"an emptied chain", "DELETE FROM audit", "0 records of"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    rig r;
    t_case(t, rows[i].label);
    int slot = (int)i + 1;
    rig_open(&r, t, slot);
    fill(&r);
    t_true(t, rig_check(&r));
    t_eq_int(t, r.verdict.records, 4);
    t_eq_int(t, r.verdict.chains, 2);
    rig_close(&r);
    (void)probe(t, slot_path(t, slot), rows[i].sql);
    rig_open(&r, t, slot);
    t_true(t, !rig_check(&r));
    t_eq_int(t, r.err.code, STELE_CORRUPT);
    if (!strstr(r.err.msg, rows[i].want))
      t_eq_str(t, stele_cstr(r.err.msg), stele_cstr(rows[i].want));
    rig_close(&r);
  }
}

/* ---- files that cannot be opened ---- */

static void refused(stele_test *t, const char *path, stele_code code, const char *words) {
  stele_sqlite_options options = {.path = path, .wait_ms = 50};
  stele_err err = {0};
  t_true(t, stele_sqlite_open(&options, &err) == NULL);
  if (err.code != code || !strstr(err.msg, words)) {
    t_eq_str(t, stele_cstr(err.msg), stele_cstr(words));
  }
  t_eq_int(t, err.code, code);
}

static void bad_files_are_refused(stele_test *t) {
  const char *path = path_of(t, "bad");
  FILE *file = fopen(path, "wb");
  t_true(t, file && fputs("this is no database, but long enough to look like one\n", file) >= 0);
  for (int i = 0; i < 100; i++) (void)fputs("0123456789abcdef0123456789abcdef\n", file);
  t_eq_int(t, fclose(file), 0);
  refused(t, path, STELE_CORRUPT, "no SQLite database");
  refused(t, path_of(t, "no/such/folder.db"), STELE_IO, "cannot be opened");
  refused(t, home.folder, STELE_IO, "cannot be opened");

  const char *other = path_of(t, "other.db");
  (void)probe(t, other, "CREATE TABLE mine (x)");
  refused(t, other, STELE_CORRUPT, "another program's");
  t_eq_str(t, probe(t, other, "SELECT count(*) FROM mine"), STELE_STR("0\n"));

  rig r;
  rig_open(&r, t, 1);
  rig_close(&r);
  (void)probe(t, slot_path(t, 1), "PRAGMA user_version = 4711");
  refused(t, slot_path(t, 1), STELE_UNSUPPORTED, "newer Stele");
}

static void a_file_has_one_store(stele_test *t) {
  rig r;
  rig_open(&r, t, 1);
  fill(&r);
  stele_str rows = rig_load(&r);
  pid_t child = fork();
  if (child == 0) { /* another process */
    stele_sqlite_options options = {.path = slot_path(t, 1), .wait_ms = 50};
    stele_err err = {0};
    bool is_held = !stele_sqlite_open(&options, &err) && err.code == STELE_UNAVAILABLE &&
                   strstr(err.msg, "another process");
    _exit(is_held ? 0 : 1);
  }
  int status = -1;
  t_eq_int(t, waitpid(child, &status, 0), child);
  t_eq_int(t, status, 0);
  t_eq_str(t, rig_load(&r), rows);
  rig_close(&r);
}

/* ---- a full disk ---- */

static void a_full_disk_takes_the_batch_back(stele_test *t) {
  enum { TEXT = 4000, BATCHES = 500 };
  stele_sqlite_options options = {.path = slot_path(t, 1), .max_pages = 100};
  rig r, again;
  rig_open(&r, t, 0);
  r.store->ops->close(r.store);
  r.store = stele_sqlite_open(&options, &r.err);
  t_ok(t, r.store != NULL, &r.err);
  char *text = STELE_NEW_ARRAY(t->arena, char, TEXT + 1);
  memset(text, 'x', TEXT);
  int taken = 0;
  for (;; taken++) {
    stele_change both[] = {
        rig_register("s", stele_str_printf(t->arena, "m%d", taken).ptr,
                     stele_str_printf(t->arena, "%d%s", taken, text).ptr, taken),
        rig_register("t", stele_str_printf(t->arena, "n%d", taken).ptr, "small", taken)};
    t_true(t, taken < BATCHES);
    if (!rig_submit(&r, both, 2)) break;
  }
  t_eq_int(t, r.err.code, STELE_UNAVAILABLE);
  t_true(t, strstr(r.err.msg, "no room") != NULL);
  t_true(t, taken > 3);
  stele_str rows = rig_load(&r);
  t_eq_int(t, r.count, 4 * taken + 1); /* nothing of the last batch */
  t_true(t, rig_check(&r));
  rig_close(&r);
  rig_open(&again, t, 1); /* with more room it goes on where it was */
  t_eq_str(t, rig_load(&again), rows);
  t_eq_int(t, rig_one(&again, rig_register("u", "mu", text, 0)), STELE_WHY_DONE);
  t_eq_int(t, again.results[0].id, 2 * taken + 1);
  rig_close(&again);
}

/* Batches that share a transaction do not share their fate. */
typedef struct trio {
  rig *r;
  stele_change changes[4];
  stele_batch batches[4];
  stele_result results[4];
  stele_code codes[4];
} trio;

static void note_code(stele_batch *batch, const stele_err *err, void *arg) {
  trio *all = arg;
  size_t i = (size_t)(batch - all->batches);
  all->codes[i] = err ? err->code : STELE_OK;
  /* the first answer queues the other three while the thread is held up here, so
   * that they come to one transaction */
  for (size_t next = 1; i == 0 && next < 4; next++) {
    stele_err refused_err = {0};
    if (!all->r->store->ops->submit(all->r->store, &all->batches[next], note_code, all,
                                    &refused_err)) {
      all->codes[next] = STELE_INTERNAL;
    }
  }
  if (i != 3) return;
  sys_mutex_lock(&all->r->lock);
  all->r->waiting = 0;
  sys_cond_wake_all(&all->r->wake);
  sys_mutex_unlock(&all->r->lock);
}

static void a_batch_that_cannot_be_kept_fails_alone(stele_test *t) {
  enum { TEXT = 1 << 20 };
  stele_sqlite_options options = {.path = slot_path(t, 1), .max_pages = 100};
  rig r;
  trio all = {.r = &r};
  rig_open(&r, t, 0);
  r.store->ops->close(r.store);
  r.store = stele_sqlite_open(&options, &r.err);
  t_ok(t, r.store != NULL, &r.err);
  char *text = STELE_NEW_ARRAY(t->arena, char, TEXT + 1);
  memset(text, 'x', TEXT);
  static const char *const subjects[] = {"a", "b", "c", "d"};
  for (size_t i = 0; i < 4; i++) {
    all.changes[i] = rig_register(subjects[i], subjects[i], i == 2 ? text : "small", 0);
    all.batches[i] =
        (stele_batch){.changes = &all.changes[i], .count = 1, .results = &all.results[i]};
  }
  r.waiting = 1;
  t_ok(t, r.store->ops->submit(r.store, &all.batches[0], note_code, &all, &r.err), &r.err);
  sys_mutex_lock(&r.lock);
  while (r.waiting) sys_cond_wait(&r.wake, &r.lock);
  sys_mutex_unlock(&r.lock);
  static const stele_code want[] = {STELE_OK, STELE_OK, STELE_UNAVAILABLE, STELE_OK};
  for (size_t i = 0; i < 4; i++) t_eq_int(t, all.codes[i], want[i]);
  t_eq_int(t, all.results[1].id, 2);
  t_eq_int(t, all.results[3].id, 3);
  t_true(t, rig_check(&r));
  rig_close(&r);
}

/* For every n: the n-th call to the disk fails while a file is opened. Then it
 * is told, and with a sound disk the file opens and has what it had. */
static void opening_fails_cleanly(stele_test *t) {
  enum { MOST = 1000 };
  for (int slot = 1; slot <= 2; slot++) { /* a file with rows, and one to be made */
    stele_str rows = STELE_STR("");
    rig r;
    bool done = false;
    if (slot == 1) {
      rig_open(&r, t, slot);
      fill(&r);
      rows = rig_load(&r);
      rig_close(&r);
    }
    uint64_t n = 1;
    for (; !done; n++) {
      stele_err err = {0};
      t_case_n(t, "with failing call", n);
      t_true(t, n < MOST);
      sqlite_disk_fail_after(home.disk, n);
      stele_store *store = open_sqlite(t, slot, &err);
      sqlite_disk_fail_after(home.disk, 0);
      done = store != NULL;
      if (store) store->ops->close(store);
      t_true(t, done || (err.code != STELE_OK && err.msg[0]));
    }
    t_true(t, n > 2);
    rig_open(&r, t, slot);
    t_eq_str(t, rig_load(&r), rows);
    t_true(t, rig_check(&r));
    rig_close(&r);
  }
}

/* ---- a process that dies ---- */

enum { ROUNDS = 12, IN_FLIGHT = 16, LONGEST_LIFE_MS = 60 };

/* One acknowledged registration, through the pipe. */
typedef struct ack {
  int32_t round, number, id;
} ack;

typedef struct doomed {
  int out;
  stele_store *store;
} doomed;

typedef struct doomed_job {
  doomed *d;
  ack ack;
  stele_change change;
  stele_batch batch;
  stele_result result;
  char meaning[32];
} doomed_job;

static void acknowledge(stele_batch *batch, const stele_err *err, void *arg) {
  doomed_job *job = arg;
  job->ack.id = batch->results[0].id;
  if (err || batch->results[0].why || write(job->d->out, &job->ack, sizeof job->ack) < 0) _exit(3);
}

/* The child: registers until it is killed. Never returns. */
static void live_and_die(stele_test *t, int round, int out) {
  stele_err err = {0};
  doomed d = {.out = out};
  static doomed_job jobs[200000];
  stele_sqlite_options options = {.path = slot_path(t, 1)};
  d.store = stele_sqlite_open(&options, &err);
  if (!d.store) _exit(2);
  for (int i = 0; i < (int)STELE_COUNT(jobs); i++) {
    doomed_job *job = &jobs[i];
    stele_store_stats stats;
    (void)snprintf(job->meaning, sizeof job->meaning, "m%d.%d", round, i);
    job->d = &d;
    job->ack = (ack){round, i, 0};
    job->change = rig_register(i % 2 ? "odd" : "even", job->meaning, job->meaning, STELE_UNJUDGED);
    job->batch = (stele_batch){.changes = &job->change, .count = 1, .results = &job->result};
    do { /* a few at a time, so that transactions hold one or many */
      d.store->ops->stats(d.store, &stats);
    } while (stats.queued >= IN_FLIGHT);
    if (!d.store->ops->submit(d.store, &job->batch, acknowledge, job, &err)) _exit(4);
  }
  _exit(5);
}

/* Every acknowledged registration is among the rows, with the id it was given. */
static void check_acks(stele_test *t, rig *r, const ack *acks, size_t count) {
  stele_str rows = rig_load(r);
  for (size_t i = 0; i < count; i++) {
    stele_str want = stele_str_printf(t->arena, "schema . %d \"m%d.%d\"\n", acks[i].id,
                                      acks[i].round, acks[i].number);
    if (!memmem(rows.ptr, rows.len, want.ptr, want.len)) t_eq_str(t, STELE_STR("lost"), want);
  }
  /* the ids are 1, 2, … in the order of the rows: dense, none twice */
  int32_t next = 1;
  for (const char *at = rows.ptr; (at = strstr(at, "schema . ")) != NULL; at++) {
    t_eq_int(t, strtol(at + strlen("schema . "), NULL, 10), next);
    next++;
  }
  stele_store_stats stats;
  r->store->ops->stats(r->store, &stats);
  t_eq_int(t, stats.schemas, next - 1);
  t_eq_int(t, stats.versions, next - 1);
  t_true(t, stats.schemas >= count);
}

static void nothing_acknowledged_is_lost(stele_test *t) {
  STELE_VEC(ack) acks = {0};
  unsigned seed = 20250101;
  (void)unlink(slot_path(t, 1));
  for (int round = 0; round < ROUNDS; round++) {
    int ends[2], status;
    ack one;
    t_eq_int(t, pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) live_and_die(t, round, ends[1]);
    t_true(t, child > 0);
    (void)close(ends[1]);
    /* it dies some time after its first answer, so that no round is idle */
    t_eq_int(t, read(ends[0], &one, sizeof one), sizeof one);
    STELE_VEC_PUSH(t->arena, &acks, one);
    seed = seed * 1103515245u + 12345u;
    sys_clock_sleep_ms(1 + (seed >> 16) % LONGEST_LIFE_MS);
    t_eq_int(t, kill(child, SIGKILL), 0);
    t_eq_int(t, waitpid(child, &status, 0), child);
    t_true(t, WIFSIGNALED(status));
    while (read(ends[0], &one, sizeof one) == (ssize_t)sizeof one) {
      STELE_VEC_PUSH(t->arena, &acks, one);
    }
    (void)close(ends[0]);
    rig r;
    t_case_n(t, "after death", (size_t)round + 1);
    rig_open(&r, t, 1);
    check_acks(t, &r, acks.at, acks.count);
    t_true(t, rig_check(&r));
    rig_close(&r);
  }
  t_true(t, acks.count > ROUNDS);
}

/* A closed store leaves one whole file. */
static void closing_leaves_one_file(stele_test *t) {
  rig r;
  struct stat wal;
  rig_open(&r, t, 1);
  fill(&r);
  rig_close(&r);
  t_eq_int(t, stat(stele_str_printf(t->arena, "%s-wal", slot_path(t, 1)).ptr, &wal), -1);
  t_eq_int(t, errno, ENOENT);
}

/* ---- statements ---- */

/* Those that read whole tables, because that is what they are for. */
static bool may_scan(stele_str name) {
  return memmem(name.ptr, name.len, "LOAD_", 5) || stele_str_eq(name, STELE_STR("COUNT")) ||
         stele_str_eq(name, STELE_STR("TENANT_EACH"));
}

/* No statement searches more than it must: the planner may choose otherwise
 * than the author thought, and says so only when asked. */
static void statements_use_their_indexes(stele_test *t) {
  static const struct {
    const char *name, *sql;
  } rows[] = {
#define X(name, sql) {#name, sql},
      SQLITE_STATEMENTS(X)
#undef X
  };
  rig r;
  rig_open(&r, t, 1);
  rig_close(&r);
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    const char *sql = stele_str_printf(t->arena, "EXPLAIN QUERY PLAN %s", rows[i].sql).ptr;
    if (strcspn(rows[i].sql, " ") > 6 || !strncmp(rows[i].sql, "COMMIT", 6)) continue;
    if (!strncmp(rows[i].sql, "BEGIN", 5) || !strncmp(rows[i].sql, "PRAGMA", 6)) continue;
    t_case(t, rows[i].name);
    stele_str plan = probe(t, slot_path(t, 1), sql);
    if (plan.len == 0) continue; /* it only inserts */
    bool scans = memmem(plan.ptr, plan.len, "SCAN", 4) != NULL;
    t_true(t, !scans || may_scan(stele_cstr(rows[i].name)));
    if (!strcmp(rows[i].name, "ID_OF")) {
      t_true(t, memmem(plan.ptr, plan.len, "identity=?", 10) != NULL);
    }
  }
}

/* ---- the program ---- */

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk) {
  (void)info;
  (void)kind;
  (void)walk;
  return remove(path);
}

#define ROW(fn)                                                                                    \
  { #fn, fn }

static const test_entry own_tests[] = {
    ROW(opening_again_shows_everything),
    ROW(the_outbox_holds_what_is_to_do),
    ROW(shared_texts_are_kept_once),
    ROW(tampering_shows),
    ROW(bad_files_are_refused),
    ROW(a_file_has_one_store),
    ROW(a_full_disk_takes_the_batch_back),
    ROW(nothing_acknowledged_is_lost),
    ROW(a_batch_that_cannot_be_kept_fails_alone),
    ROW(opening_fails_cleanly),
    ROW(closing_leaves_one_file),
    ROW(statements_use_their_indexes),
};

int main(void) {
  test_entry all[STORE_CONTRACT_TESTS + STELE_COUNT(own_tests)];
  const char *temp = getenv("TMPDIR");
  /* In memory where there is such a folder: no test here can tell a synced file
   * from another, since what a killed process has written the kernel keeps. */
  if (!temp) temp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  (void)snprintf(home.folder, sizeof home.folder, "%s/stele-store-XXXXXX", temp);
  home.disk = sqlite_disk_new();
  if (!mkdtemp(home.folder) || !home.disk) return 1;
  memcpy(all, store_contract, sizeof store_contract);
  memcpy(all + STORE_CONTRACT_TESTS, own_tests, sizeof own_tests);
  int failed = t_run(__FILE__, all, STELE_COUNT(all));
  sqlite_disk_free(home.disk);
  (void)nftw(home.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  return failed;
}
