/* REGISTER: everything is decided first (`plan`), then written.
 *
 * The id comes from the identity, inside the transaction: two registrations of
 * one meaning that race through different subjects still share an id. Numbers
 * are taken only when nothing can be refused any more, so ids stay dense. */
#include "fmt/json.h"
#include "store/apply.h"

typedef struct plan {
  const stele_change_register *in;
  txn_tenant *tenant; /* NULL: new */
  int64_t subject;    /* 0: new */
  int32_t newest, highest;
  int32_t version;
  store_id id;   /* id 0: the tenant's next */
  bool new_id;   /* no row yet */
  bool fill_id;  /* a row, but its content is gone */
  bool new_subj; /* the subject has no versions yet */
} plan;

static bool is_well_formed(const stele_change_register *in) {
  return in->tenant.len && in->subject.len && in->id >= 0 && in->version >= 0 &&
         in->judged >= STELE_UNJUDGED && in->state >= STELE_STATE_DRAFT &&
         in->state <= STELE_STATE_RETIRED;
}

static bool plan_version(store_txn *txn, plan *p, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  store_entry taken = {0};
  if (p->subject && !t->ops->subject_top(t, p->subject, &p->newest, &p->highest, err)) return false;
  p->new_subj = p->highest == 0;
  if (p->in->judged != STELE_UNJUDGED && p->in->judged != p->newest) {
    result->version = p->newest;
    return apply_refuse(result, STELE_WHY_NEWEST_MOVED);
  }
  p->version = p->in->version;
  if (p->version == 0) {
    if (p->highest == INT32_MAX) return apply_refuse(result, STELE_WHY_VERSION_TAKEN);
    p->version = p->highest + 1;
  } else if (p->subject) {
    if (!t->ops->version_find(t, p->subject, p->version, &taken, err)) return false;
    if (taken.version) return apply_refuse(result, STELE_WHY_VERSION_TAKEN);
  }
  return true;
}

static bool plan_id(store_txn *txn, plan *p, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  int64_t tenant = p->tenant ? p->tenant->row.key : 0;
  if (tenant && p->in->id) {
    if (!t->ops->id_find(t, tenant, p->in->id, &p->id, err)) return false;
    if (p->id.id && memcmp(&p->id.identity, &p->in->identity, sizeof p->in->identity) != 0) {
      return apply_refuse(result, STELE_WHY_ID_TAKEN);
    }
  } else if (tenant && !t->ops->id_of(t, tenant, &p->in->identity, &p->id, err)) {
    return false;
  }
  p->new_id = p->id.id == 0;
  p->fill_id = p->id.id && p->id.text_key == 0;
  if (p->new_id) p->id.guid = p->in->guid;
  if (p->new_id && p->in->id == 0 && p->tenant && p->tenant->row.last_id == INT32_MAX) {
    return apply_refuse(result, STELE_WHY_IDS_USED_UP);
  }
  return true;
}

/* Finds the subjects that the references name, into txn->targets (0: none). */
static bool plan_references(store_txn *txn, plan *p, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  stele_buf_clear(&txn->targets);
  for (size_t i = 0; i < p->in->content.reference_count; i++) {
    const stele_reference *ref = &p->in->content.references[i];
    stele_str name = ref->tenant.len ? ref->tenant : p->in->tenant;
    store_tenant tenant = {0};
    store_entry entry = {0};
    int64_t target = 0;
    if (!t->ops->tenant_find(t, name, &tenant, err)) return false;
    if (tenant.key && !t->ops->subject_find(t, tenant.key, ref->subject, &target, err)) {
      return false;
    }
    if (target && !t->ops->version_find(t, target, ref->version, &entry, err)) return false;
    if (!p->in->any_reference && (!entry.version || entry.deleted)) {
      return apply_refuse(result, STELE_WHY_REFERENCE_MISSING);
    }
    stele_buf_add(&txn->targets, &target, sizeof target);
  }
  return !txn->targets.failed || stele_fail(err, STELE_NO_MEMORY, "no memory for references");
}

static bool make_plan(store_txn *txn, plan *p, stele_result *result, stele_err *err) {
  if (!is_well_formed(p->in)) return apply_refuse(result, STELE_WHY_MALFORMED);
  if (!plan_references(txn, p, result, err)) return false;
  if (result->why) return true;
  if (!txn_subject_find(txn, p->in->tenant, p->in->subject, &p->tenant, &p->subject, err)) {
    return false;
  }
  if (!plan_version(txn, p, result, err)) return false;
  return result->why || plan_id(txn, p, result, err);
}

/* Imported references may name what is not here yet: it gets its row now. */
static bool make_targets(store_txn *txn, const stele_change_register *in, stele_err *err) {
  store_tables *t = txn->tables;
  int64_t *targets = (int64_t *)(void *)txn->targets.ptr;
  for (size_t i = 0; i < in->content.reference_count; i++) {
    const stele_reference *ref = &in->content.references[i];
    txn_tenant *tenant = NULL;
    if (targets[i]) continue;
    if (!txn_tenant_find(txn, ref->tenant.len ? ref->tenant : in->tenant, true, &tenant, err) ||
        !t->ops->subject_find(t, tenant->row.key, ref->subject, &targets[i], err)) {
      return false;
    }
    if (!targets[i] && !t->ops->subject_add(t, tenant->row.key, ref->subject, &targets[i], err)) {
      return false;
    }
  }
  return true;
}

static bool write_id(store_txn *txn, plan *p, const store_new_version *v, stele_result *result,
                     stele_err *err) {
  store_tables *t = txn->tables;
  if (p->new_id && !t->ops->id_add(t, v, err)) return false;
  if (p->fill_id && !t->ops->id_fill(t, v, err)) return false;
  if (!p->new_id && !p->fill_id) return true;
  txn->now.counts.schemas++;
  result->new_id = true;
  store_feed_row feed = {.kind = STELE_ROW_SCHEMA, .tenant = v->tenant, .number = v->id};
  return txn_feed(txn, feed, result, err);
}

static bool write_version(store_txn *txn, plan *p, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  stele_str text = stele_bytes_str(p->in->content.text);
  stele_sha256 hash;
  store_new_version v = {.reg = p->in, .origin = txn->origin, .release = txn->release};

  if (!make_targets(txn, p->in, err)) return false;
  if (!txn_tenant_raise(txn, p->in->tenant, &p->tenant, err)) return false;
  if (p->new_id) {
    store_tenant *row = &p->tenant->row;
    p->id.id = p->in->id ? p->in->id : row->last_id + 1;
    if (p->id.id > row->last_id) row->last_id = p->id.id;
    p->tenant->dirty = true;
  }
  v.tenant = p->tenant->row.key;
  v.id = p->id.id;
  v.version = p->version;
  v.targets = (const int64_t *)(const void *)txn->targets.ptr;
  if (!p->subject && !t->ops->subject_find(t, v.tenant, p->in->subject, &p->subject, err)) {
    return false; /* a reference to it may just have made it */
  }
  if (!p->subject && !t->ops->subject_add(t, v.tenant, p->in->subject, &p->subject, err)) {
    return false;
  }
  v.subject = p->subject;
  if (!stele_sha256_of(&text, 1, &hash, err) ||
      !t->ops->text_take(t, p->in->content.text, &hash, p->new_id || p->fill_id ? 2 : 1,
                         &v.text_key, err) ||
      !write_id(txn, p, &v, result, err) || !t->ops->version_add(t, &v, err)) {
    return false;
  }
  txn->now.counts.versions++;
  if (p->new_subj) txn->now.counts.subjects++;
  store_feed_row feed = {
      .kind = STELE_ROW_VERSION, .tenant = v.tenant, .subject = v.subject, .number = v.version};
  return txn_feed(txn, feed, result, err);
}

/* Removes the deleted versions of the id that nothing refers to. */
static bool sweep(store_txn *txn, plan *p, stele_result *result, stele_err *err) {
  store_tables *t = txn->tables;
  stele_buf_clear(&txn->versions);
  if (!p->in->sweep) return true;
  for (store_entry entry = {0};;) {
    bool is_referenced;
    if (!t->ops->version_next(t, p->subject, entry.version, &entry, err)) return false;
    if (!entry.version) break;
    if (!entry.deleted || entry.id != p->id.id) continue;
    if (!t->ops->version_referenced(t, p->subject, entry.version, false, 0, &is_referenced, err)) {
      return false;
    }
    if (is_referenced) continue;
    if (!txn_remove_version(txn, p->tenant, p->subject, p->in->subject, &entry, result, err)) {
      return false;
    }
    stele_buf_add(&txn->versions, &entry.version, sizeof entry.version);
  }
  return txn_list_versions(txn, result, err);
}

static void write_hash(stele_json_writer *w, const char *key, const stele_sha256 *hash) {
  char hex[2 * STELE_SHA256_BYTES];
  for (size_t i = 0; i < STELE_SHA256_BYTES; i++) {
    hex[2 * i] = "0123456789abcdef"[hash->bytes[i] >> 4];
    hex[2 * i + 1] = "0123456789abcdef"[hash->bytes[i] & 15];
  }
  stele_json_field_str(w, key, (stele_str){hex, sizeof hex});
}

/* What the audit record says of it. */
static void describe(store_txn *txn, const plan *p) {
  stele_json_writer w;
  stele_json_writer_init(&w, &txn->before, 0);
  stele_json_begin_object(&w);
  stele_json_field_i64(&w, "newest", p->newest);
  stele_json_end_object(&w);
  stele_json_writer_init(&w, &txn->after, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "subject", p->in->subject);
  stele_json_field_i64(&w, "version", p->version);
  stele_json_field_i64(&w, "id", p->id.id);
  stele_json_field_str(&w, "semver", p->in->semver);
  write_hash(&w, "identity", &p->in->identity);
  if (txn->origin->commit.len && !txn->release) {
    stele_json_field_str(&w, "commit", txn->origin->commit);
  }
  if (txn->versions.len) {
    stele_json_field_array(&w, "removed");
    for (size_t at = 0; at < txn->versions.len; at += sizeof(int32_t)) {
      int32_t version;
      memcpy(&version, txn->versions.ptr + at, sizeof version);
      stele_json_write_i64(&w, version);
    }
    stele_json_end_array(&w);
  }
  stele_json_end_object(&w);
}

bool apply_register(store_txn *txn, const stele_change *change, stele_result *result,
                    stele_err *err) {
  plan p = {.in = &change->reg};
  if (!make_plan(txn, &p, result, err)) return false;
  if (result->why) return true;
  if (!write_version(txn, &p, result, err) || !sweep(txn, &p, result, err)) return false;
  result->id = p.id.id;
  result->version = p.version;
  result->guid = p.id.guid;
  describe(txn, &p);
  return true;
}
