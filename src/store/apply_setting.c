/* SET_STATE, the settings (config and mode), and usage. */
#include "fmt/json.h"
#include "store/apply.h"

static const char *state_text(stele_state state) {
  static const char *const texts[] = {"", "draft", "active", "deprecated", "retired"};
  return texts[(size_t)state < STELE_COUNT(texts) ? state : 0];
}

static void describe_state(stele_buf *buf, stele_str subject, const store_entry *entry) {
  stele_json_writer w;
  stele_json_writer_init(&w, buf, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "subject", subject);
  stele_json_field_i64(&w, "version", entry->version);
  stele_json_field_str(&w, "state", stele_cstr(state_text(entry->state)));
  stele_json_field_i64(&w, "deprecate_at_us", entry->deprecate_at);
  stele_json_field_i64(&w, "retire_at_us", entry->retire_at);
  stele_json_end_object(&w);
}

bool apply_set_state(store_txn *txn, const stele_change *change, stele_result *result,
                     stele_err *err) {
  const stele_change_set_state *in = &change->set_state;
  store_tables *t = txn->tables;
  txn_tenant *tenant = NULL;
  int64_t subject;
  store_entry entry;

  if (in->state < STELE_STATE_DRAFT || in->state > STELE_STATE_RETIRED) {
    return apply_refuse(result, STELE_WHY_MALFORMED);
  }
  if (!txn_subject_find(txn, in->tenant, in->subject, &tenant, &subject, err)) return false;
  if (!subject) return apply_refuse(result, STELE_WHY_SUBJECT_MISSING);
  if (!t->ops->version_find(t, subject, in->version, &entry, err)) return false;
  if (!entry.version) return apply_refuse(result, STELE_WHY_VERSION_MISSING);
  describe_state(&txn->before, in->subject, &entry);
  entry.state = in->state;
  entry.deprecate_at = in->deprecate_at;
  entry.retire_at = in->retire_at;
  describe_state(&txn->after, in->subject, &entry);
  if (!t->ops->version_state(t, subject, &entry, err)) return false;
  result->id = entry.id;
  result->version = entry.version;
  store_feed_row feed = {.kind = STELE_ROW_VERSION,
                         .tenant = tenant->row.key,
                         .subject = subject,
                         .number = entry.version};
  return txn_feed(txn, feed, result, err);
}

/* ---- settings ---- */

static bool setting_is_well_formed(const stele_change_setting *in) {
  bool has_tenant = in->scope != STELE_SCOPE_GLOBAL;
  bool has_name = in->scope == STELE_SCOPE_PREFIX || in->scope == STELE_SCOPE_SUBJECT;
  return (unsigned)in->scope <= STELE_SCOPE_SUBJECT && (in->tenant.len != 0) == has_tenant &&
         (in->name.len != 0) == has_name;
}

static stele_row_kind setting_kind(stele_change_kind kind) {
  bool is_config = kind == STELE_CHANGE_SET_CONFIG || kind == STELE_CHANGE_DELETE_CONFIG;
  return is_config ? STELE_ROW_CONFIG : STELE_ROW_MODE;
}

static void describe_setting(stele_buf *buf, const stele_change_setting *in, stele_str value) {
  static const char *const scopes[] = {"global", "tenant", "prefix", "subject"};
  stele_json_writer w;
  stele_json_writer_init(&w, buf, 0);
  stele_json_begin_object(&w);
  stele_json_field_str(&w, "scope", stele_cstr(scopes[in->scope]));
  if (in->name.len) stele_json_field_str(&w, "name", in->name);
  stele_json_field_str(&w, "value", value);
  stele_json_end_object(&w);
}

/* A setting as it stands. */
typedef struct old_setting {
  store_feed_row at; /* tenant 0: the tenant is unknown, and nothing can be found */
  stele_str value;
  bool found;
} old_setting;

/* Looks for what the change is about; `result` says when it is malformed. */
static bool find_setting(store_txn *txn, const stele_change *change, bool make_tenant,
                         old_setting *out, stele_result *result, stele_err *err) {
  const stele_change_setting *in = &change->setting;
  txn_tenant *tenant = NULL;
  *out = (old_setting){0};
  if (!setting_is_well_formed(in)) return apply_refuse(result, STELE_WHY_MALFORMED);
  if (!txn_tenant_find(txn, in->tenant, make_tenant, &tenant, err)) return false;
  if (!tenant) return true;
  out->at = (store_feed_row){.kind = setting_kind(change->kind),
                             .tenant = tenant->row.key,
                             .scope = in->scope,
                             .name = in->name};
  return txn->tables->ops->setting_find(txn->tables, &out->at, &out->found, &out->value, err);
}

bool apply_set(store_txn *txn, const stele_change *change, stele_result *result, stele_err *err) {
  const stele_change_setting *in = &change->setting;
  store_tables *t = txn->tables;
  old_setting old;
  if (!find_setting(txn, change, true, &old, result, err)) return false;
  if (result->why) return true;
  if (old.found) describe_setting(&txn->before, in, old.value);
  describe_setting(&txn->after, in, in->value);
  return t->ops->setting_put(t, &old.at, in->value, txn->origin->time, err) &&
         txn_feed(txn, old.at, result, err);
}

bool apply_unset(store_txn *txn, const stele_change *change, stele_result *result, stele_err *err) {
  old_setting old;
  if (!find_setting(txn, change, false, &old, result, err)) return false;
  if (result->why) return true;
  if (!old.found) return apply_refuse(result, STELE_WHY_SETTING_MISSING);
  describe_setting(&txn->before, &change->setting, old.value);
  return txn_remove_setting(txn, old.at, result, &old.found, err);
}

/* ---- usage ---- */

bool apply_usage(store_txn *txn, const stele_change *change, stele_result *result, stele_err *err) {
  const stele_change_usage *in = &change->usage;
  txn_tenant *tenant = NULL;
  if (!txn_tenant_find(txn, in->tenant, false, &tenant, err)) return false;
  if (!tenant) return apply_refuse(result, STELE_WHY_TENANT_MISSING);
  return txn->tables->ops->usage_add(txn->tables, in, tenant->row.key, err);
}
