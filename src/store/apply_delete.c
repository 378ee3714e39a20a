/* DELETE_VERSION, DELETE_SUBJECT, DELETE_TENANT: soft, then for good.
 *
 * References are checked here, inside the transaction, because a registration
 * that refers to the version may have come in since the registry looked. */
#include "fmt/json.h"
#include "store/apply.h"

bool txn_remove_setting(store_txn *txn, store_feed_row at, stele_result *result, bool *found,
                        stele_err *err) {
  store_tables *t = txn->tables;
  stele_str value;
  if (!t->ops->setting_find(t, &at, found, &value, err)) return false;
  if (!*found) return true;
  if (!t->ops->setting_remove(t, &at, err)) return false;
  at.gone = true;
  return txn_feed(txn, at, result, err);
}

/* The subject's last version is gone: so is what was set for it. */
static bool remove_settings(store_txn *txn, int64_t tenant, stele_str name, stele_result *result,
                            stele_err *err) {
  bool found;
  store_feed_row at = {.tenant = tenant, .scope = STELE_SCOPE_SUBJECT, .name = name};
  txn->now.counts.subjects--;
  at.kind = STELE_ROW_CONFIG;
  if (!txn_remove_setting(txn, at, result, &found, err)) return false;
  at.kind = STELE_ROW_MODE;
  return txn_remove_setting(txn, at, result, &found, err);
}

/* The id's last holder is gone: so is its content, but not the id. */
static bool empty_id(store_txn *txn, int64_t tenant, int32_t id, stele_result *result,
                     stele_err *err) {
  store_tables *t = txn->tables;
  store_id row;
  bool is_held;
  if (!t->ops->id_held(t, tenant, id, &is_held, err)) return false;
  if (is_held) return true;
  if (!t->ops->id_find(t, tenant, id, &row, err) || !t->ops->text_drop(t, row.text_key, err) ||
      !t->ops->id_empty(t, tenant, id, err)) {
    return false;
  }
  txn->now.counts.schemas--;
  store_feed_row feed = {.kind = STELE_ROW_SCHEMA, .gone = true, .tenant = tenant, .number = id};
  return txn_feed(txn, feed, result, err);
}

bool txn_remove_version(store_txn *txn, const txn_tenant *tenant, int64_t subject, stele_str name,
                        const store_entry *entry, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  int64_t tenant_key = tenant->row.key; /* the slot may move */
  store_entry first;

  if (!t->ops->version_remove(t, subject, entry->version, err) ||
      !t->ops->text_drop(t, entry->text_key, err)) {
    return false;
  }
  txn->now.counts.versions--;
  store_feed_row feed = {.kind = STELE_ROW_VERSION,
                         .gone = true,
                         .tenant = tenant_key,
                         .subject = subject,
                         .number = entry->version};
  if (!txn_feed(txn, feed, result, err)) return false;
  if (!empty_id(txn, tenant_key, entry->id, result, err)) return false;
  if (!t->ops->version_next(t, subject, 0, &first, err)) return false;
  return first.version || remove_settings(txn, tenant_key, name, result, err);
}

static bool hide_version(store_txn *txn, const txn_tenant *tenant, int64_t subject,
                         const store_entry *entry, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  if (!t->ops->version_delete(t, subject, entry->version, err)) return false;
  store_feed_row feed = {.kind = STELE_ROW_VERSION,
                         .tenant = tenant->row.key,
                         .subject = subject,
                         .number = entry->version};
  return txn_feed(txn, feed, result, err);
}

/* What the audit record says: the versions (txn->versions) that were there, and
 * whether anything of them is left. */
static void describe(store_txn *txn, stele_str subject, bool permanent) {
  stele_json_writer w;
  stele_json_writer_init(&w, &txn->before, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "subject", subject);
  stele_json_field_array(&w, "versions");
  for (size_t at = 0; at < txn->versions.len; at += sizeof(int32_t)) {
    int32_t version;
    memcpy(&version, txn->versions.ptr + at, sizeof version);
    stele_json_write_i64(&w, version);
  }
  stele_json_end_array(&w);
  stele_json_end_object(&w);
  if (!permanent) stele_buf_add_cstr(&txn->after, "{\"deleted\":true}");
}

bool apply_delete_version(store_txn *txn, const stele_change *change, stele_result *result,
                          stele_err *err) {
  const stele_change_delete_version *in = &change->delete_version;
  store_tables *t = txn->tables;
  txn_tenant *tenant = NULL;
  int64_t subject;
  store_entry entry;
  bool is_referenced = false;

  if (!txn_subject_find(txn, in->tenant, in->subject, &tenant, &subject, err)) return false;
  if (!subject) return apply_refuse(result, STELE_WHY_SUBJECT_MISSING);
  if (!t->ops->version_next(t, subject, 0, &entry, err)) return false;
  if (!entry.version) return apply_refuse(result, STELE_WHY_SUBJECT_MISSING);
  if (!t->ops->version_find(t, subject, in->version, &entry, err)) return false;
  if (!entry.version) return apply_refuse(result, STELE_WHY_VERSION_MISSING);
  if (!in->force && !t->ops->version_referenced(t, subject, in->version, !in->permanent, 0,
                                                &is_referenced, err)) {
    return false;
  }
  if (is_referenced) return apply_refuse(result, STELE_WHY_REFERENCED);
  if (entry.deleted && !in->permanent) return apply_refuse(result, STELE_WHY_ALREADY_DELETED);
  if (!entry.deleted && in->permanent && !in->force) {
    return apply_refuse(result, STELE_WHY_NOT_DELETED);
  }
  stele_buf_clear(&txn->versions);
  stele_buf_add(&txn->versions, &entry.version, sizeof entry.version);
  result->id = entry.id;
  result->version = entry.version;
  describe(txn, in->subject, in->permanent);
  return in->permanent ? txn_remove_version(txn, tenant, subject, in->subject, &entry, result, err)
                       : hide_version(txn, tenant, subject, &entry, result, err);
}

/* Lists in txn->versions what a subject's deletion takes: the live versions, or
 * for good all of them; or says why not. */
static bool list_subject(store_txn *txn, const stele_change_delete_subject *in, int64_t subject,
                         stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  size_t all = 0, live = 0;
  stele_buf_clear(&txn->versions);
  for (store_entry entry = {0};; all++) {
    bool is_referenced = false;
    if (!t->ops->version_next(t, subject, entry.version, &entry, err)) return false;
    if (!entry.version) break;
    live += !entry.deleted;
    if (entry.deleted && !in->permanent) continue;
    if (!in->force && !t->ops->version_referenced(t, subject, entry.version, !in->permanent,
                                                  subject, &is_referenced, err)) {
      return false;
    }
    if (is_referenced) return apply_refuse(result, STELE_WHY_REFERENCED);
    stele_buf_add(&txn->versions, &entry.version, sizeof entry.version);
  }
  if (all == 0) return apply_refuse(result, STELE_WHY_SUBJECT_MISSING);
  if (live == 0 && !in->permanent) return apply_refuse(result, STELE_WHY_ALREADY_DELETED);
  if (live && in->permanent && !in->force) return apply_refuse(result, STELE_WHY_NOT_DELETED);
  return true;
}

bool apply_delete_subject(store_txn *txn, const stele_change *change, stele_result *result,
                          stele_err *err) {
  const stele_change_delete_subject *in = &change->delete_subject;
  store_tables *t = txn->tables;
  txn_tenant *tenant = NULL;
  int64_t subject;

  if (!txn_subject_find(txn, in->tenant, in->subject, &tenant, &subject, err)) return false;
  if (!subject) return apply_refuse(result, STELE_WHY_SUBJECT_MISSING);
  if (!list_subject(txn, in, subject, result, err)) return false;
  if (result->why) return true;
  for (size_t at = 0; at < txn->versions.len; at += sizeof(int32_t)) {
    int32_t version;
    store_entry entry;
    memcpy(&version, txn->versions.ptr + at, sizeof version);
    if (!t->ops->version_find(t, subject, version, &entry, err)) return false;
    bool ok = in->permanent
                  ? txn_remove_version(txn, tenant, subject, in->subject, &entry, result, err)
                  : hide_version(txn, tenant, subject, &entry, result, err);
    if (!ok) return false;
  }
  describe(txn, in->subject, in->permanent);
  return txn_list_versions(txn, result, err);
}

bool apply_delete_tenant(store_txn *txn, const stele_change *change, stele_result *result,
                         stele_err *err) {
  const stele_change_delete_tenant *in = &change->delete_tenant;
  store_tables *t = txn->tables;
  txn_tenant *tenant = NULL;
  bool found;

  if (!txn_tenant_find(txn, in->tenant, false, &tenant, err)) return false;
  if (!tenant || !tenant->row.standing) return apply_refuse(result, STELE_WHY_TENANT_MISSING);
  int64_t key = tenant->row.key;
  if (!t->ops->tenant_has_versions(t, key, &found, err)) return false;
  if (found && !in->with_content) return apply_refuse(result, STELE_WHY_TENANT_NOT_EMPTY);
  if (!t->ops->tenant_referenced(t, key, &found, err)) return false;
  if (found) return apply_refuse(result, STELE_WHY_REFERENCED);

  uint64_t seq = txn->now.counts.seq;
  tenant->row.standing = false;
  tenant->dirty = true;
  if (!t->ops->tenant_clear(t, key, err)) return false;
  if (!t->ops->tenant_save(t, &tenant->row, err)) return false; /* for the count */
  if (!t->ops->count(t, &txn->now.counts, err)) return false;
  txn->now.counts.seq = seq;
  store_feed_row feed = {.kind = STELE_ROW_TENANT, .gone = true, .tenant = key};
  return txn_feed(txn, feed, result, err);
}
