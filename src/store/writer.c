/* The store's thread: takes what is queued, answers in order.
 *
 * The queue is two arrays that change places: callers add to one under the
 * lock, the thread works through the other without it. All batches that wait
 * when the thread comes round go into one transaction; while the disk makes
 * that durable the next ones gather. There is no delay to tune.
 *
 * When a transaction of several batches fails, each is tried alone, so that a
 * batch that cannot be stored (a text larger than the backend takes) takes no
 * other with it. */
#include "base/guard.h"
#include "store/apply.h"
#include "store/audit.h"
#include "store/tables.h"
#include "sys/thread.h"

enum {
  MOST_QUEUED = 1 << 16, /* jobs; more is a caller that does not listen */
  MOST_TOGETHER = 4096   /* changes in one transaction, unless one batch has more */
};

typedef enum job_kind { JOB_SUBMIT, JOB_LOAD, JOB_FEED, JOB_FIND, JOB_AUDIT, JOB_CHECK } job_kind;

typedef struct store_job {
  job_kind kind;
  void *arg;
  union {
    struct {
      stele_batch *batch;
      stele_applied *applied;
    } submit;
    struct {
      stele_rows_read *read;
      uint64_t after;  /* FEED */
      stele_find find; /* FIND */
    } rows;
    struct {
      stele_audit_read *read;
      stele_str tenant;
      uint64_t after;
    } audit;
    stele_audit_checked *checked;
  };
} store_job;

typedef struct store_writer {
  stele_store face;
  stele_arena *arena; /* this struct lives in it */
  store_tables *tables;
  store_txn txn;
  sys_thread thread;
  sys_mutex lock;
  sys_cond wake;
  /* under the lock: */
  stele_buf queue; /* store_job each */
  bool closing;
  stele_store_stats published;
  /* the thread's own: */
  stele_buf work;
  stele_store_stats counts;
} store_writer;

/* ---- writing ---- */

typedef struct run {
  store_writer *writer;
  const store_job *jobs;
  size_t count;
  stele_err *err;
  bool ok;
} run;

static void apply_run(void *arg) {
  run *r = arg;
  store_txn *txn = &r->writer->txn;
  store_txn_begin(txn, &r->writer->counts);
  for (size_t i = 0; i < r->count; i++) {
    if (!store_txn_apply(txn, r->jobs[i].submit.batch, r->err)) return;
  }
  r->ok = store_txn_end(txn, r->err);
}

/* Tables in memory may run out of it anywhere: then their guard brings us back. */
static bool apply_guarded(run *r) {
  stele_arena *arena = r->writer->tables->arena;
  if (!arena) {
    apply_run(r);
    return r->ok;
  }
  return stele_guard_run(arena, apply_run, r, r->err) && r->ok;
}

static void publish(store_writer *w, size_t batches) {
  w->counts.bytes = w->tables->ops->bytes(w->tables);
  w->counts.transactions += batches ? 1 : 0;
  w->counts.batches += batches;
  sys_mutex_lock(&w->lock);
  w->published = w->counts;
  sys_mutex_unlock(&w->lock);
}

static bool commit_run(store_writer *w, const store_job *jobs, size_t count, bool *began,
                       stele_err *err) {
  store_tables *t = w->tables;
  run r = {.writer = w, .jobs = jobs, .count = count, .err = err};
  *began = t->ops->begin(t, err);
  if (!*began) return stele_wrap(err, "begin a transaction");
  if (!apply_guarded(&r) || !t->ops->commit(t, err)) {
    t->ops->rollback(t);
    return stele_wrap(err, "apply %zu batches", count);
  }
  w->counts = w->txn.now.counts;
  publish(w, count);
  return true;
}

static void answer_run(const store_job *jobs, size_t count, const stele_err *err) {
  for (size_t i = 0; i < count; i++) {
    jobs[i].submit.applied(jobs[i].submit.batch, err, jobs[i].arg);
  }
}

static void submit_run(store_writer *w, const store_job *jobs, size_t count) {
  stele_err err = {0};
  bool began;
  bool ok = commit_run(w, jobs, count, &began, &err);
  if (ok || count == 1 || !began) {
    answer_run(jobs, count, ok ? NULL : &err);
    return;
  }
  for (size_t i = 0; i < count; i++) submit_run(w, &jobs[i], 1);
}

/* How many of the jobs from here on are batches that go together. */
static size_t run_length(const store_job *jobs, size_t count) {
  size_t changes = 0, n = 0;
  while (n < count && jobs[n].kind == JOB_SUBMIT) {
    changes += jobs[n].submit.batch->count;
    if (n && changes > MOST_TOGETHER) break;
    n++;
  }
  return n;
}

/* ---- reading ---- */

static void hand_row(const stele_row *row, void *arg) {
  const store_job *job = arg;
  stele_rows rows = {.at = row, .count = 1};
  job->rows.read(&rows, job->arg);
}

static void read_rows(store_writer *w, store_job *job) {
  store_tables *t = w->tables;
  stele_err err = {0};
  bool ok;
  if (job->kind == JOB_LOAD) {
    ok = t->ops->load(t, hand_row, job, &err);
  } else if (job->kind == JOB_FEED) {
    ok = t->ops->feed(t, job->rows.after, hand_row, job, &err);
  } else {
    ok = t->ops->find(t, &job->rows.find, hand_row, job, &err);
  }
  stele_rows end = {.last = true, .seq = w->counts.seq, .err = ok ? NULL : &err};
  job->rows.read(&end, job->arg);
}

static bool hand_audit(const stele_audit_row *row, void *arg, stele_err *err) {
  const store_job *job = arg;
  stele_audit_rows rows = {.at = row, .count = 1};
  (void)err;
  job->audit.read(&rows, job->arg);
  return true;
}

static void read_audit(store_writer *w, store_job *job) {
  store_tables *t = w->tables;
  stele_err err = {0};
  store_tenant tenant;
  bool ok = t->ops->tenant_find(t, job->audit.tenant, &tenant, &err);
  if (ok && tenant.key) {
    ok = t->ops->each_audit(t, tenant.key, job->audit.tenant, job->audit.after, hand_audit, job,
                            &err);
  }
  stele_audit_rows end = {.last = true, .err = ok ? NULL : &err};
  job->audit.read(&end, job->arg);
}

static void check_audit(store_writer *w, store_job *job) {
  stele_err err = {0};
  stele_audit_verdict verdict = {0};
  bool ok = store_audit_check(w->tables, &verdict, &err);
  verdict.err = ok ? NULL : &err;
  job->checked(&verdict, job->arg);
}

typedef void job_fn(store_writer *w, store_job *job);

static job_fn *const readers[] = {
    [JOB_LOAD] = read_rows,   [JOB_FEED] = read_rows,    [JOB_FIND] = read_rows,
    [JOB_AUDIT] = read_audit, [JOB_CHECK] = check_audit,
};

/* ---- the thread ---- */

static void work_through(store_writer *w) {
  store_job *jobs = (store_job *)(void *)w->work.ptr;
  size_t count = w->work.len / sizeof *jobs;
  for (size_t i = 0; i < count;) {
    size_t together = run_length(&jobs[i], count - i);
    if (together) {
      submit_run(w, &jobs[i], together);
      i += together;
    } else {
      readers[jobs[i].kind](w, &jobs[i]);
      i++;
    }
  }
  stele_buf_clear(&w->work);
}

/* Waits for work; false when there is none and there will be none. */
static bool take_work(store_writer *w) {
  bool was_idle = false;
  sys_mutex_lock(&w->lock);
  while (w->queue.len == 0 && !w->closing) {
    if (was_idle) {
      sys_cond_wait(&w->wake, &w->lock);
    } else { /* nothing waits: time for the backend's housekeeping */
      sys_mutex_unlock(&w->lock);
      w->tables->ops->idle(w->tables);
      was_idle = true;
      sys_mutex_lock(&w->lock);
    }
  }
  stele_buf queue = w->queue;
  w->queue = w->work;
  w->work = queue;
  sys_mutex_unlock(&w->lock);
  return w->work.len != 0;
}

static void writer_main(void *arg) {
  store_writer *w = arg;
  while (take_work(w)) work_through(w);
}

/* ---- the face ---- */

static store_writer *writer_of(stele_store *s) {
  return (store_writer *)(void *)s;
}

store_tables *store_tables_of(stele_store *store) {
  return writer_of(store)->tables;
}

static bool add_job(stele_store *s, const store_job *job, stele_err *err) {
  store_writer *w = writer_of(s);
  bool ok = true;
  sys_mutex_lock(&w->lock);
  if (w->closing) {
    ok = stele_fail(err, STELE_UNAVAILABLE, "the store is closing");
  } else if (w->queue.len >= MOST_QUEUED * sizeof *job) {
    ok = stele_fail(err, STELE_UNAVAILABLE, "%d jobs wait for the store already", MOST_QUEUED);
  } else {
    stele_buf_add(&w->queue, job, sizeof *job);
    if (w->queue.failed) ok = stele_fail(err, STELE_NO_MEMORY, "no memory to queue a job");
    w->queue.failed = false;
  }
  if (ok) sys_cond_wake_one(&w->wake);
  sys_mutex_unlock(&w->lock);
  return ok;
}

static bool face_submit(stele_store *s, stele_batch *batch, stele_applied *applied, void *arg,
                        stele_err *err) {
  store_job job = {.kind = JOB_SUBMIT, .arg = arg, .submit = {.batch = batch, .applied = applied}};
  return add_job(s, &job, err);
}

static bool face_load(stele_store *s, stele_rows_read *read, void *arg, stele_err *err) {
  store_job job = {.kind = JOB_LOAD, .arg = arg, .rows = {.read = read}};
  return add_job(s, &job, err);
}

static bool face_feed(stele_store *s, uint64_t seq, stele_rows_read *read, void *arg,
                      stele_err *err) {
  store_job job = {.kind = JOB_FEED, .arg = arg, .rows = {.read = read, .after = seq}};
  return add_job(s, &job, err);
}

static bool face_find(stele_store *s, const stele_find *what, stele_rows_read *read, void *arg,
                      stele_err *err) {
  store_job job = {.kind = JOB_FIND, .arg = arg, .rows = {.read = read, .find = *what}};
  return add_job(s, &job, err);
}

static bool face_audit(stele_store *s, stele_str tenant, uint64_t after, stele_audit_read *read,
                       void *arg, stele_err *err) {
  store_job job = {
      .kind = JOB_AUDIT, .arg = arg, .audit = {.read = read, .tenant = tenant, .after = after}};
  return add_job(s, &job, err);
}

static bool face_check(stele_store *s, stele_audit_checked *checked, void *arg, stele_err *err) {
  store_job job = {.kind = JOB_CHECK, .arg = arg, .checked = checked};
  return add_job(s, &job, err);
}

static void face_stats(stele_store *s, stele_store_stats *out) {
  store_writer *w = writer_of(s);
  sys_mutex_lock(&w->lock);
  *out = w->published;
  out->queued = w->queue.len / sizeof(store_job);
  sys_mutex_unlock(&w->lock);
}

static void writer_free(store_writer *w) {
  store_txn_release(&w->txn);
  stele_buf_release(&w->queue);
  stele_buf_release(&w->work);
  sys_cond_release(&w->wake);
  sys_mutex_release(&w->lock);
  w->tables->ops->close(w->tables);
  stele_arena_free(w->arena);
}

static void face_close(stele_store *s) {
  if (!s) return;
  store_writer *w = writer_of(s);
  sys_mutex_lock(&w->lock);
  w->closing = true;
  sys_cond_wake_all(&w->wake);
  sys_mutex_unlock(&w->lock);
  sys_thread_join(&w->thread);
  writer_free(w);
}

/* ---- starting ---- */

static void set_face(store_writer *w) {
  stele_store_ops *ops = STELE_NEW(w->arena, stele_store_ops);
  *ops = (stele_store_ops){.name = w->tables->ops->name,
                           .submit = face_submit,
                           .load = face_load,
                           .feed = face_feed,
                           .find = face_find,
                           .audit = face_audit,
                           .check = face_check,
                           .stats = face_stats,
                           .close = face_close};
  w->face.ops = ops;
}

typedef struct birth {
  stele_arena *arena;
  store_tables *tables;
  store_writer *writer;
} birth;

static void make_writer(void *arg) {
  birth *b = arg;
  b->writer = STELE_NEW(b->arena, store_writer);
  b->writer->arena = b->arena;
  b->writer->tables = b->tables;
  set_face(b->writer);
}

stele_store *store_start(store_tables *tables, stele_err *err) {
  birth b = {stele_arena_new(0), tables, NULL};
  stele_store_stats counts = {0};

  if (!b.arena || !stele_guard_run(b.arena, make_writer, &b, err)) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a store");
    stele_arena_free(b.arena);
    tables->ops->close(tables);
    return NULL;
  }
  store_writer *w = b.writer;
  sys_mutex_init(&w->lock);
  sys_cond_init(&w->wake);
  stele_buf_init(&w->queue, NULL, 0);
  stele_buf_init(&w->work, NULL, 0);
  if (!tables->ops->count(tables, &counts, err)) goto out;
  store_txn_init(&w->txn, tables, &counts);
  w->counts = counts;
  publish(w, 0);
  if (!sys_thread_start(&w->thread, "store", writer_main, w, err)) goto out;
  return &w->face;
out:
  writer_free(w);
  return NULL;
}
