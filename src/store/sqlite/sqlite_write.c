/* The writing half: each verb is a statement or a few. What they mean stands in
 * store/tables.h. */
#include "store/sqlite/sqlite_internal.h"

/* So many pages in the WAL are copied home even when the thread is busy: a long
 * WAL makes the next start slow, a short one makes every commit wait. */
enum { MOST_WAL_PAGES = 4000, IDLE_WAL_PAGES = 1000 };

sqlite_store *sqlite_store_of(store_tables *t) {
  return (sqlite_store *)(void *)t;
}

/* ---- transactions ---- */

static bool lite_begin(store_tables *t, stele_err *err) {
  return sql_run_values(sqlite_store_of(t), SQL_BEGIN, NULL, 0, err);
}

static bool lite_commit(store_tables *t, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  if (!sql_run_values(s, SQL_COMMIT, NULL, 0, err)) return false;
  sqlite_checkpoint(s, MOST_WAL_PAGES);
  return true;
}

static void lite_rollback(store_tables *t) {
  sqlite_store *s = sqlite_store_of(t);
  stele_err ignored = {0};
  sql_reset_all(s);
  if (s->lib.get_autocommit(s->db)) return; /* some failures roll back by themselves */
  (void)!sql_run_values(s, SQL_ROLLBACK, NULL, 0, &ignored);
}

static bool lite_mark(store_tables *t, stele_err *err) {
  return sql_run_values(sqlite_store_of(t), SQL_MARK, NULL, 0, err);
}

static bool lite_keep(store_tables *t, stele_err *err) {
  return sql_run_values(sqlite_store_of(t), SQL_KEEP, NULL, 0, err);
}

static bool lite_rewind(store_tables *t, stele_err *err) {
  return sql_run_values(sqlite_store_of(t), SQL_REWIND, NULL, 0, err) && lite_keep(t, err);
}

/* ---- tenants ---- */

static bool lite_tenant_find(store_tables *t, stele_str name, store_tenant *out, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  sql_statement *q = sql_query(s, TENANT_FIND, err, TEXT(name));
  *out = (store_tenant){0};
  if (sql_step(q)) {
    out->key = sql_i64(q, 0);
    out->standing = sql_i32(q, 1) != 0;
    out->last_id = sql_i32(q, 2);
    out->last_release = sql_i32(q, 3);
    out->audit_count = (uint64_t)sql_i64(q, 4);
    sql_digest(q, 5, &out->audit_head, sizeof out->audit_head);
    out->time = sql_i64(q, 6);
  }
  return sql_done(s, q, err);
}

static bool lite_tenant_add(store_tables *t, stele_str name, store_tenant *out, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  *out = (store_tenant){0};
  if (!sql_run(s, TENANT_ADD, err, TEXT(name), DIGEST(&out->audit_head))) return false;
  out->key = s->lib.last_insert_rowid(s->db);
  return true;
}

static bool lite_tenant_save(store_tables *t, const store_tenant *row, stele_err *err) {
  return sql_run(sqlite_store_of(t), TENANT_SAVE, err, INT(row->key), INT(row->standing),
                 INT(row->last_id), INT(row->last_release), INT(row->audit_count),
                 DIGEST(&row->audit_head), INT(row->time));
}

static bool lite_text_drop(store_tables *t, uint64_t key, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return sql_run(s, TEXT_HOLD, err, INT(key), INT(-1)) &&
         sql_run(s, TEXT_REMOVE_BYTES, err, INT(key)) && sql_run(s, TEXT_REMOVE, err, INT(key));
}

static bool lite_tenant_clear(store_tables *t, int64_t tenant, stele_err *err) {
  static const sqlite_statement clears[] = {
      SQL_CLEAR_REFERENCES, SQL_CLEAR_VERSIONS, SQL_CLEAR_SCHEMAS, SQL_CLEAR_RELEASES,
      SQL_CLEAR_SETTINGS,   SQL_CLEAR_KEYS,     SQL_CLEAR_USAGE};
  sqlite_store *s = sqlite_store_of(t);
  sql_value value = INT(tenant);
  sql_statement *texts = sql_query(s, TENANT_TEXTS, err, value);
  bool ok = true;
  while (ok && sql_step(texts)) {
    ok = lite_text_drop(t, (uint64_t)sql_i64(texts, 0), err);
  }
  if (!ok) return false; /* rolling back resets the query */
  if (!sql_done(s, texts, err)) return false;
  for (size_t i = 0; i < STELE_COUNT(clears); i++) {
    if (!sql_run_values(s, clears[i], &value, 1, err)) return false;
  }
  return true;
}

static bool lite_tenant_referenced(store_tables *t, int64_t tenant, bool *out, stele_err *err) {
  return sql_has(sqlite_store_of(t), TENANT_REFERENCED, out, err, INT(tenant));
}

static bool lite_tenant_has_versions(store_tables *t, int64_t tenant, bool *out, stele_err *err) {
  return sql_has(sqlite_store_of(t), TENANT_HAS_VERSIONS, out, err, INT(tenant));
}

/* ---- subjects ---- */

/* The first column of a query's only row; 0 when there is none. */
static bool one_number(sqlite_store *s, sql_statement *q, int64_t *out, stele_err *err) {
  *out = sql_step(q) ? sql_i64(q, 0) : 0;
  return sql_done(s, q, err);
}

static bool lite_subject_find(store_tables *t, int64_t tenant, stele_str name, int64_t *key,
                              stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return one_number(s, sql_query(s, SUBJECT_FIND, err, INT(tenant), TEXT(name)), key, err);
}

static bool lite_subject_add(store_tables *t, int64_t tenant, stele_str name, int64_t *key,
                             stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  if (!sql_run(s, SUBJECT_ADD, err, INT(tenant), TEXT(name))) return false;
  *key = s->lib.last_insert_rowid(s->db);
  return true;
}

static bool lite_subject_top(store_tables *t, int64_t subject, int32_t *newest, int32_t *highest,
                             stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  int64_t number;
  if (!one_number(s, sql_query(s, SUBJECT_HIGHEST, err, INT(subject)), &number, err)) return false;
  *highest = (int32_t)number;
  if (!one_number(s, sql_query(s, SUBJECT_NEWEST, err, INT(subject)), &number, err)) return false;
  *newest = (int32_t)number;
  return true;
}

/* ---- ids and texts ---- */

static bool read_id(sqlite_store *s, sql_statement *q, store_id *out, stele_err *err) {
  *out = (store_id){0};
  if (sql_step(q)) {
    out->id = sql_i32(q, 0);
    sql_digest(q, 1, &out->identity, sizeof out->identity);
    sql_digest(q, 2, &out->guid, sizeof out->guid);
    out->text_key = (uint64_t)sql_i64(q, 3);
  }
  return sql_done(s, q, err);
}

static bool lite_id_of(store_tables *t, int64_t tenant, const stele_sha256 *identity, store_id *out,
                       stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return read_id(s, sql_query(s, ID_OF, err, INT(tenant), DIGEST(identity)), out, err);
}

static bool lite_id_find(store_tables *t, int64_t tenant, int32_t id, store_id *out,
                         stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return read_id(s, sql_query(s, ID_FIND, err, INT(tenant), INT(id)), out, err);
}

static bool lite_id_add(store_tables *t, const store_new_version *v, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  const stele_content *content = &v->reg->content;
  return sqlite_references_encode(s, content, err) &&
         sql_run(s, ID_ADD, err, INT(v->tenant), INT(v->id), DIGEST(&v->reg->identity),
                 DIGEST(&v->reg->fingerprint), DIGEST(&v->reg->guid), INT(v->text_key),
                 INT(content->text_kind), BLOB(s->references.ptr, s->references.len),
                 TEXT(content->metadata), TEXT(content->rule_set), INT(v->origin->time));
}

static bool lite_id_fill(store_tables *t, const store_new_version *v, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  const stele_content *content = &v->reg->content;
  return sqlite_references_encode(s, content, err) &&
         sql_run(s, ID_FILL, err, INT(v->tenant), INT(v->id), INT(v->text_key),
                 INT(content->text_kind), BLOB(s->references.ptr, s->references.len),
                 TEXT(content->metadata), TEXT(content->rule_set), INT(v->origin->time));
}

static bool lite_id_empty(store_tables *t, int64_t tenant, int32_t id, stele_err *err) {
  return sql_run(sqlite_store_of(t), ID_EMPTY, err, INT(tenant), INT(id));
}

static bool lite_id_held(store_tables *t, int64_t tenant, int32_t id, bool *out, stele_err *err) {
  return sql_has(sqlite_store_of(t), ID_HELD, out, err, INT(tenant), INT(id));
}

static bool lite_text_take(store_tables *t, stele_bytes text, const stele_sha256 *hash,
                           uint32_t holders, uint64_t *key, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  int64_t found;
  if (!one_number(s, sql_query(s, TEXT_FIND, err, DIGEST(hash)), &found, err)) return false;
  *key = (uint64_t)found;
  if (found) return sql_run(s, TEXT_HOLD, err, INT(found), INT(holders));
  if (!sql_run(s, TEXT_ADD, err, DIGEST(hash), INT(holders))) return false;
  *key = (uint64_t)s->lib.last_insert_rowid(s->db);
  return sql_run(s, TEXT_ADD_BYTES, err, INT(*key), BLOB(text.ptr, text.len));
}

/* ---- versions ---- */

static bool read_entry(sqlite_store *s, sql_statement *q, store_entry *out, stele_err *err) {
  *out = (store_entry){0};
  if (sql_step(q)) {
    out->version = sql_i32(q, 0);
    out->id = sql_i32(q, 1);
    out->deleted = sql_i32(q, 2) != 0;
    out->text_key = (uint64_t)sql_i64(q, 3);
    out->state = (stele_state)sql_i32(q, 4);
    out->deprecate_at = sql_i64(q, 5);
    out->retire_at = sql_i64(q, 6);
  }
  return sql_done(s, q, err);
}

static bool lite_version_find(store_tables *t, int64_t subject, int32_t version, store_entry *out,
                              stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return read_entry(s, sql_query(s, VERSION_FIND, err, INT(subject), INT(version)), out, err);
}

static bool lite_version_next(store_tables *t, int64_t subject, int32_t version, store_entry *out,
                              stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return read_entry(s, sql_query(s, VERSION_NEXT, err, INT(subject), INT(version)), out, err);
}

static bool lite_version_add(store_tables *t, const store_new_version *v, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  const stele_content *content = &v->reg->content;
  const stele_origin *by = v->origin;
  if (!sqlite_references_encode(s, content, err) ||
      !sql_run(s, VERSION_ADD, err, INT(v->subject), INT(v->version), INT(v->tenant), INT(v->id),
               INT(v->text_key), INT(content->text_kind),
               BLOB(s->references.ptr, s->references.len), TEXT(content->metadata),
               TEXT(content->rule_set), TEXT(v->reg->semver), INT(v->reg->state),
               INT(v->reg->normalized), INT(v->release), INT(by->time), TEXT(by->author),
               TEXT(by->source), TEXT(by->commit), TEXT(by->key))) {
    return false;
  }
  for (size_t i = 0; i < content->reference_count; i++) {
    if (!sql_run(s, REFERENCE_ADD, err, INT(v->subject), INT(v->version), INT(i),
                 INT(v->targets[i]), INT(content->references[i].version))) {
      return false;
    }
  }
  return true;
}

static bool lite_version_delete(store_tables *t, int64_t subject, int32_t version, stele_err *err) {
  return sql_run(sqlite_store_of(t), VERSION_DELETE, err, INT(subject), INT(version));
}

static bool lite_version_remove(store_tables *t, int64_t subject, int32_t version, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  return sql_run(s, REFERENCES_REMOVE, err, INT(subject), INT(version)) &&
         sql_run(s, VERSION_REMOVE, err, INT(subject), INT(version));
}

static bool lite_version_state(store_tables *t, int64_t subject, const store_entry *entry,
                               stele_err *err) {
  return sql_run(sqlite_store_of(t), VERSION_STATE, err, INT(subject), INT(entry->version),
                 INT(entry->state), INT(entry->deprecate_at), INT(entry->retire_at));
}

static bool lite_version_referenced(store_tables *t, int64_t subject, int32_t version,
                                    bool live_only, int64_t but, bool *out, stele_err *err) {
  return sql_has(sqlite_store_of(t), VERSION_REFERENCED, out, err, INT(subject), INT(version),
                 INT(live_only), INT(but));
}

/* ---- settings, releases, keys ---- */

static bool lite_setting_find(store_tables *t, const store_feed_row *at, bool *found,
                              stele_str *value, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  sql_statement *q = sql_query(s, SETTING_FIND, err, INT(at->tenant), INT(at->kind), INT(at->scope),
                               TEXT(at->name));
  *found = sql_step(q);
  stele_buf_clear(&s->references); /* a place for the value that outlives the query */
  if (*found) stele_buf_add_str(&s->references, sql_str(q, 0));
  *value = stele_buf_str(&s->references);
  if (s->references.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for a setting");
  return sql_done(s, q, err);
}

static bool lite_setting_put(store_tables *t, const store_feed_row *at, stele_str value,
                             stele_time_us time, stele_err *err) {
  return sql_run(sqlite_store_of(t), SETTING_PUT, err, INT(at->tenant), INT(at->kind),
                 INT(at->scope), TEXT(at->name), TEXT(value), INT(time));
}

static bool lite_setting_remove(store_tables *t, const store_feed_row *at, stele_err *err) {
  return sql_run(sqlite_store_of(t), SETTING_REMOVE, err, INT(at->tenant), INT(at->kind),
                 INT(at->scope), TEXT(at->name));
}

static bool lite_release_add(store_tables *t, int64_t tenant, const stele_release_row *row,
                             stele_err *err) {
  return sql_run(sqlite_store_of(t), RELEASE_ADD, err, INT(tenant), INT(row->number),
                 INT(row->base), TEXT(row->semver), INT(row->time), TEXT(row->author),
                 TEXT(row->source), TEXT(row->commit), TEXT(row->key));
}

static bool lite_key_find(store_tables *t, int64_t tenant, stele_str key, bool *found,
                          store_key_row *out, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  sql_statement *q = sql_query(s, KEY_FIND, err, INT(tenant), TEXT(key));
  *found = sql_step(q);
  stele_buf_clear(&s->references);
  if (*found) {
    sql_digest(q, 0, &out->digest, sizeof out->digest);
    out->first_seq = (uint64_t)sql_i64(q, 1);
    out->last_seq = (uint64_t)sql_i64(q, 2);
    stele_buf_add_str(&s->references, sql_str(q, 3));
    out->results = stele_buf_bytes(&s->references);
  }
  if (s->references.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for an answer");
  return sql_done(s, q, err);
}

static bool lite_key_add(store_tables *t, int64_t tenant, stele_str key, const store_key_row *row,
                         stele_time_us time, stele_err *err) {
  return sql_run(sqlite_store_of(t), KEY_ADD, err, INT(tenant), TEXT(key), DIGEST(&row->digest),
                 INT(row->first_seq), INT(row->last_seq), BLOB(row->results.ptr, row->results.len),
                 INT(time));
}

/* ---- feed, audit, outbox, usage ---- */

static bool lite_feed_add(store_tables *t, const store_feed_row *row, stele_err *err) {
  return sql_run(sqlite_store_of(t), FEED_ADD, err, INT(row->seq), INT(row->kind), INT(row->gone),
                 INT(row->tenant), INT(row->subject), INT(row->number), INT(row->scope),
                 TEXT(row->name));
}

static bool lite_audit_add(store_tables *t, int64_t tenant, const stele_audit_row *row,
                           stele_err *err) {
  return sql_run(sqlite_store_of(t), AUDIT_ADD, err, INT(tenant), INT(row->number), INT(row->seq),
                 INT(row->time), TEXT(row->who), TEXT(row->from), TEXT(row->what),
                 TEXT(row->before), TEXT(row->after), DIGEST(&row->prev), DIGEST(&row->hash));
}

static bool lite_outbox_add(store_tables *t, uint64_t seq, stele_change_kind kind, int64_t tenant,
                            int32_t release, stele_time_us time, stele_err *err) {
  return sql_run(sqlite_store_of(t), OUTBOX_ADD, err, INT(seq), INT(kind), INT(tenant),
                 INT(release), INT(time));
}

static bool lite_usage_add(store_tables *t, const stele_change_usage *usage, int64_t tenant,
                           stele_err *err) {
  return sql_run(sqlite_store_of(t), USAGE_ADD, err, INT(tenant), TEXT(usage->subject),
                 INT(usage->version), TEXT(usage->reader), INT(usage->reads), INT(usage->last));
}

/* ---- the thread's free time, the end ---- */

void sqlite_checkpoint(sqlite_store *s, int least_pages) {
  int in_wal = 0, copied = 0;
  if (s->wal_pages < least_pages) return;
  sql_reset_all(s);
  int result = s->lib.wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
  /* When it fails the WAL still has everything; the next commit tries again. */
  if (result == SQLITE_OK && in_wal == copied) s->wal_pages = 0;
}

static void lite_idle(store_tables *t) {
  sqlite_checkpoint(sqlite_store_of(t), IDLE_WAL_PAGES);
}

static void lite_close(store_tables *t) {
  sqlite_store *s = sqlite_store_of(t);
  sql_release_all(s);
  if (s->db) (void)s->lib.close(s->db);
  stele_buf_release(&s->references);
  stele_buf_release(&s->decoded);
  stele_arena_free(s->arena);
}

const store_tables_ops sqlite_tables_ops = {
    .name = "sqlite",
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .mark = lite_mark,
    .rewind = lite_rewind,
    .keep = lite_keep,
    .tenant_find = lite_tenant_find,
    .tenant_add = lite_tenant_add,
    .tenant_save = lite_tenant_save,
    .tenant_clear = lite_tenant_clear,
    .tenant_referenced = lite_tenant_referenced,
    .tenant_has_versions = lite_tenant_has_versions,
    .subject_find = lite_subject_find,
    .subject_add = lite_subject_add,
    .subject_top = lite_subject_top,
    .id_of = lite_id_of,
    .id_find = lite_id_find,
    .id_add = lite_id_add,
    .id_fill = lite_id_fill,
    .id_empty = lite_id_empty,
    .id_held = lite_id_held,
    .text_take = lite_text_take,
    .text_drop = lite_text_drop,
    .version_find = lite_version_find,
    .version_next = lite_version_next,
    .version_add = lite_version_add,
    .version_delete = lite_version_delete,
    .version_remove = lite_version_remove,
    .version_state = lite_version_state,
    .version_referenced = lite_version_referenced,
    .setting_find = lite_setting_find,
    .setting_put = lite_setting_put,
    .setting_remove = lite_setting_remove,
    .release_add = lite_release_add,
    .key_find = lite_key_find,
    .key_add = lite_key_add,
    .feed_add = lite_feed_add,
    .audit_add = lite_audit_add,
    .outbox_add = lite_outbox_add,
    .usage_add = lite_usage_add,
    .count = sqlite_count,
    .bytes = sqlite_bytes,
    .load = sqlite_load,
    .feed = sqlite_feed,
    .find = sqlite_find,
    .each_tenant = sqlite_each_tenant,
    .each_audit = sqlite_each_audit,
    .idle = lite_idle,
    .close = lite_close,
};
