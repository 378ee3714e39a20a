/* Each question is a callback that collects under the lock and wakes the test
 * when the last answer is in. */
#include "contract/store_rig.h"

#include <inttypes.h>

#include "base/digest.h"

void rig_open(rig *r, stele_test *t, int slot) {
  stele_err err = {0};
  *r = (rig){.t = t};
  sys_mutex_init(&r->lock);
  sys_cond_init(&r->wake);
  stele_buf_init(&r->rows, NULL, 0);
  r->store = backend.open(t, slot, &err);
  t_ok(t, r->store != NULL, &err);
}

void rig_close(rig *r) {
  if (r->store) r->store->ops->close(r->store);
  r->store = NULL;
  stele_buf_release(&r->rows);
  sys_cond_release(&r->wake);
  sys_mutex_release(&r->lock);
}

static void begin(rig *r) {
  r->waiting = 1;
  r->failed = false;
  r->count = 0;
  r->err = (stele_err){0};
  stele_buf_clear(&r->rows);
}

static void end(rig *r, const stele_err *err) {
  sys_mutex_lock(&r->lock);
  if (err) {
    r->failed = true;
    r->err = *err;
  }
  r->waiting--;
  sys_cond_wake_all(&r->wake);
  sys_mutex_unlock(&r->lock);
}

void rig_wait(rig *r) {
  sys_mutex_lock(&r->lock);
  while (r->waiting) sys_cond_wait(&r->wake, &r->lock);
  sys_mutex_unlock(&r->lock);
}

/* ---- writing ---- */

void rig_applied(stele_batch *batch, const stele_err *err, void *arg) {
  (void)batch;
  end(arg, err);
}

bool rig_submit(rig *r, const stele_change *changes, size_t count) {
  stele_batch batch = {.arena = r->t->arena, .changes = changes, .count = count};
  begin(r);
  t_ok(r->t, r->store->ops->submit(r->store, &batch, rig_applied, r, &r->err), &r->err);
  rig_wait(r);
  r->results = batch.results;
  return !r->failed;
}

stele_why rig_one(rig *r, stele_change change) {
  t_ok(r->t, rig_submit(r, &change, 1), &r->err);
  return r->results[0].why;
}

/* ---- rows as text ---- */

static const char *const kind_texts[] = {"",        "tenant", "schema", "version",
                                         "release", "config", "mode",   "usage"};

static void print_content(stele_buf *out, const stele_content *content) {
  stele_buf_add_cstr(out, " \"");
  stele_buf_add_str(out, stele_bytes_str(content->text));
  stele_buf_add_byte(out, '"');
}

static void print_version(stele_buf *out, const stele_row *row) {
  static const char *const states[] = {"?", "draft", "active", "deprecated", "retired"};
  const stele_version_row *v = &row->version;
  stele_buf_printf(out, " " STELE_STR_FMT " %d", STELE_STR_ARG(v->subject), v->version);
  if (row->gone) return;
  stele_buf_printf(out, " id %d", v->id);
  print_content(out, &v->content);
  stele_buf_printf(out, " " STELE_STR_FMT " %s", STELE_STR_ARG(v->semver), states[v->state]);
  if (v->deleted) stele_buf_add_cstr(out, " deleted");
  if (v->normalized) stele_buf_add_cstr(out, " normalized");
  if (v->release) stele_buf_printf(out, " release %d", v->release);
  for (size_t i = 0; i < v->content.reference_count; i++) {
    const stele_reference *ref = &v->content.references[i];
    stele_buf_printf(out, " " STELE_STR_FMT "=" STELE_STR_FMT ":" STELE_STR_FMT ":%d",
                     STELE_STR_ARG(ref->name), STELE_STR_ARG(ref->tenant),
                     STELE_STR_ARG(ref->subject), ref->version);
  }
  if (v->content.metadata.len) {
    stele_buf_printf(out, " meta " STELE_STR_FMT, STELE_STR_ARG(v->content.metadata));
  }
  if (v->content.rule_set.len) {
    stele_buf_printf(out, " rules " STELE_STR_FMT, STELE_STR_ARG(v->content.rule_set));
  }
  if (v->author.len) stele_buf_printf(out, " by " STELE_STR_FMT, STELE_STR_ARG(v->author));
}

static void print_setting(stele_buf *out, const stele_row *row) {
  static const char *const scopes[] = {"global", "tenant", "prefix", "subject"};
  stele_buf_printf(out, " %s " STELE_STR_FMT " " STELE_STR_FMT, scopes[row->setting.scope],
                   STELE_STR_ARG(row->setting.name), STELE_STR_ARG(row->setting.value));
}

void rig_print_row(stele_buf *out, const stele_row *row) {
  if (row->gone) stele_buf_add_cstr(out, "gone ");
  stele_buf_printf(out, "%s " STELE_STR_FMT, kind_texts[row->kind], STELE_STR_ARG(row->tenant));
  if (row->kind == STELE_ROW_SCHEMA) {
    stele_buf_printf(out, " %d", row->schema.id);
    if (!row->gone) print_content(out, &row->schema.content);
  } else if (row->kind == STELE_ROW_VERSION) {
    print_version(out, row);
  } else if (row->kind == STELE_ROW_RELEASE) {
    stele_buf_printf(out, " %d", row->release.number);
    if (!row->gone) stele_buf_printf(out, " " STELE_STR_FMT, STELE_STR_ARG(row->release.semver));
  } else if (row->kind == STELE_ROW_CONFIG || row->kind == STELE_ROW_MODE) {
    print_setting(out, row);
  } else if (row->kind == STELE_ROW_USAGE) {
    stele_buf_printf(out, " " STELE_STR_FMT " %d " STELE_STR_FMT " %" PRIu64,
                     STELE_STR_ARG(row->usage.subject), row->usage.version,
                     STELE_STR_ARG(row->usage.reader), row->usage.reads);
  }
  stele_buf_add_byte(out, '\n');
}

/* ---- reading ---- */

static void collect(const stele_rows *rows, void *arg) {
  rig *r = arg;
  for (size_t i = 0; i < rows->count; i++) rig_print_row(&r->rows, &rows->at[i]);
  r->count += rows->count;
  if (!rows->last) return;
  r->seq = rows->seq;
  end(r, rows->err);
}

static stele_str collected(rig *r, bool queued) {
  t_ok(r->t, queued, &r->err);
  rig_wait(r);
  t_ok(r->t, !r->failed, &r->err);
  return stele_str_copy(r->t->arena, stele_buf_str(&r->rows));
}

stele_str rig_load(rig *r) {
  begin(r);
  return collected(r, r->store->ops->load(r->store, collect, r, &r->err));
}

stele_str rig_feed(rig *r, uint64_t after) {
  begin(r);
  return collected(r, r->store->ops->feed(r->store, after, collect, r, &r->err));
}

stele_str rig_find(rig *r, stele_find what) {
  begin(r);
  return collected(r, r->store->ops->find(r->store, &what, collect, r, &r->err));
}

static void collect_audit(const stele_audit_rows *rows, void *arg) {
  rig *r = arg;
  for (size_t i = 0; i < rows->count; i++) {
    const stele_audit_row *row = &rows->at[i];
    stele_buf_printf(&r->rows, "%" PRIu64 " " STELE_STR_FMT " " STELE_STR_FMT "@" STELE_STR_FMT,
                     row->number, STELE_STR_ARG(row->what), STELE_STR_ARG(row->who),
                     STELE_STR_ARG(row->from));
    stele_buf_printf(&r->rows, " %" PRId64 " " STELE_STR_FMT " " STELE_STR_FMT "\n", row->time,
                     STELE_STR_ARG(row->before), STELE_STR_ARG(row->after));
  }
  if (rows->last) end(r, rows->err);
}

stele_str rig_audit(rig *r, const char *tenant, uint64_t after) {
  begin(r);
  return collected(
      r, r->store->ops->audit(r->store, stele_cstr(tenant), after, collect_audit, r, &r->err));
}

static void checked(const stele_audit_verdict *verdict, void *arg) {
  rig *r = arg;
  r->verdict = *verdict;
  r->verdict.err = NULL;
  end(r, verdict->err);
}

bool rig_check(rig *r) {
  begin(r);
  t_ok(r->t, r->store->ops->check(r->store, checked, r, &r->err), &r->err);
  rig_wait(r);
  return !r->failed;
}

/* ---- changes ---- */

stele_change rig_register(const char *subject, const char *meaning, const char *text,
                          int32_t judged) {
  stele_change change = {.kind = STELE_CHANGE_REGISTER,
                         .origin = {.time = 1000},
                         .reg = {.tenant = STELE_STR("."),
                                 .subject = stele_cstr(subject),
                                 .semver = STELE_STR("1.0.0"),
                                 .state = STELE_STATE_ACTIVE,
                                 .judged = judged}};
  stele_str name = stele_cstr(meaning);
  stele_err err = {0};
  if (!stele_sha256_of(&name, 1, &change.reg.identity, &err)) abort();
  change.reg.fingerprint = change.reg.identity;
  memcpy(change.reg.guid.bytes, change.reg.identity.bytes, sizeof change.reg.guid.bytes);
  change.reg.content.text = stele_str_bytes(stele_cstr(text));
  return change;
}

stele_change rig_delete(const char *subject, int32_t version, bool permanent) {
  return (stele_change){.kind = STELE_CHANGE_DELETE_VERSION,
                        .origin = {.time = 2000},
                        .delete_version = {.tenant = STELE_STR("."),
                                           .subject = stele_cstr(subject),
                                           .version = version,
                                           .permanent = permanent}};
}
