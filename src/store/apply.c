/* A transaction's frame: batches, groups, idempotency keys, and what every
 * accepted change leaves behind (audit record, outbox row, key).
 *
 * A unit is a change that stands alone, or a group with its members. Refusals
 * never write: single changes look before they write, groups rewind to their
 * mark. So only a failing machine can take a transaction back. */
#include "store/apply.h"

#include "base/guard.h"
#include "fmt/json.h"
#include "store/apply_key.h"
#include "store/audit.h"

typedef struct kind_row {
  apply_fn *apply; /* NULL: it is a group's head */
  bool in_release, in_group;
  bool is_silent;   /* neither audited nor fed */
  size_t tenant_at; /* where its tenant stands in stele_change */
} kind_row;

#define TENANT_OF(member) offsetof(stele_change, member.tenant)
// clang-format off
static const kind_row kinds[] = {
    [STELE_CHANGE_REGISTER] = {apply_register, true, true, false, TENANT_OF(reg)},
    [STELE_CHANGE_RELEASE] = {NULL, false, false, false, TENANT_OF(release)},
    [STELE_CHANGE_GROUP] = {NULL, false, false, false, TENANT_OF(group)},
    [STELE_CHANGE_DELETE_VERSION] = {apply_delete_version, true, true, false, TENANT_OF(delete_version)},
    [STELE_CHANGE_DELETE_SUBJECT] = {apply_delete_subject, true, true, false, TENANT_OF(delete_subject)},
    [STELE_CHANGE_DELETE_TENANT] = {apply_delete_tenant, false, true, false, TENANT_OF(delete_tenant)},
    [STELE_CHANGE_SET_STATE] = {apply_set_state, true, true, false, TENANT_OF(set_state)},
    [STELE_CHANGE_SET_CONFIG] = {apply_set, false, true, false, TENANT_OF(setting)},
    [STELE_CHANGE_DELETE_CONFIG] = {apply_unset, false, true, false, TENANT_OF(setting)},
    [STELE_CHANGE_SET_MODE] = {apply_set, false, true, false, TENANT_OF(setting)},
    [STELE_CHANGE_DELETE_MODE] = {apply_unset, false, true, false, TENANT_OF(setting)},
    [STELE_CHANGE_USAGE] = {apply_usage, false, false, true, TENANT_OF(usage)},
};
// clang-format on

static stele_str tenant_of(const stele_change *change) {
  stele_str tenant;
  memcpy(&tenant, (const char *)change + kinds[change->kind].tenant_at, sizeof tenant);
  return tenant;
}

static size_t members_of(const stele_change *change) {
  if (change->kind == STELE_CHANGE_RELEASE) return change->release.count;
  return change->kind == STELE_CHANGE_GROUP ? change->group.count : 0;
}

bool apply_refuse(stele_result *result, stele_why why) {
  result->why = why;
  return true;
}

/* ---- a group ---- */

/* The group's own row, before its members. */
static bool open_group(store_txn *txn, const stele_change *head, stele_result *result,
                       stele_err *err) {
  if (head->kind == STELE_CHANGE_GROUP) return true;
  const stele_change_release *release = &head->release;
  const stele_origin *by = &head->origin;
  txn_tenant *tenant = NULL;

  if (!txn_tenant_raise(txn, release->tenant, &tenant, err)) return false;
  tenant->dirty = true;
  stele_release_row row = {.number = ++tenant->row.last_release,
                           .base = release->base,
                           .semver = release->semver,
                           .time = by->time,
                           .author = by->author,
                           .source = by->source,
                           .commit = by->commit,
                           .key = by->key};
  int64_t key = tenant->row.key;
  if (!txn->tables->ops->release_add(txn->tables, key, &row, err)) return false;
  txn->now.counts.releases++;
  txn->release = result->release = row.number;
  store_feed_row feed = {.kind = STELE_ROW_RELEASE, .tenant = key, .number = row.number};
  return txn_feed(txn, feed, result, err);
}

/* Puts what a member has said of itself into the group's record. */
static void add_member(store_txn *txn, const stele_change *member) {
  if (txn->members.len) stele_buf_add_byte(&txn->members, ',');
  stele_buf_add_cstr(&txn->members, "{\"what\":\"");
  stele_buf_add_cstr(&txn->members, stele_change_text(member->kind));
  stele_buf_add_cstr(&txn->members, "\",\"before\":");
  stele_buf_add_str(&txn->members,
                    txn->before.len ? stele_buf_str(&txn->before) : STELE_STR("null"));
  stele_buf_add_cstr(&txn->members, ",\"after\":");
  stele_buf_add_str(&txn->members, txn->after.len ? stele_buf_str(&txn->after) : STELE_STR("null"));
  stele_buf_add_byte(&txn->members, '}');
  txn->members.failed |= txn->before.failed | txn->after.failed;
}

static void close_group(store_txn *txn, const stele_change *head) {
  stele_json_writer w;
  stele_buf_clear(&txn->before);
  stele_buf_clear(&txn->after);
  stele_json_writer_init(&w, &txn->after, 0);
  stele_json_begin_object(&w);
  if (head->kind == STELE_CHANGE_RELEASE) {
    stele_json_field_i64(&w, "release", txn->release);
    stele_json_field_str(&w, "semver", head->release.semver);
    if (head->release.base) stele_json_field_i64(&w, "base", head->release.base);
    if (head->origin.commit.len) stele_json_field_str(&w, "commit", head->origin.commit);
  }
  stele_json_field_array(&w, "changes");
  stele_json_write_raw(&w, stele_buf_str(&txn->members));
  stele_json_end_array(&w);
  stele_json_end_object(&w);
  txn->after.failed |= txn->members.failed;
}

/* Applies the members until one is not taken; answers how many were. */
static bool apply_members(store_txn *txn, const stele_change *members, stele_result *results,
                          size_t count, size_t *done, stele_err *err) {
  for (*done = 0; *done < count; (*done)++) {
    const stele_change *member = &members[*done];
    stele_result *result = &results[*done];
    stele_buf_clear(&txn->before);
    stele_buf_clear(&txn->after);
    if (!kinds[member->kind].apply(txn, member, result, err)) return false;
    if (result->why != STELE_WHY_DONE) return true;
    result->release = txn->release;
    add_member(txn, member);
  }
  return true;
}

static bool base_moved(store_txn *txn, const stele_change *head, bool *moved, stele_err *err) {
  *moved = false;
  if (head->kind != STELE_CHANGE_RELEASE || head->release.base == 0) return true;
  txn_tenant *tenant = NULL;
  if (!txn_tenant_find(txn, head->release.tenant, false, &tenant, err)) return false;
  *moved = head->release.base != (tenant ? tenant->row.last_release : 0);
  return true;
}

static bool group_is_well_formed(const stele_change *head, size_t count) {
  bool is_release = head->kind == STELE_CHANGE_RELEASE;
  if (is_release && (head->release.tenant.len == 0 || head->release.base < 0)) return false;
  for (size_t i = 1; i <= count; i++) {
    if ((size_t)head[i].kind >= STELE_COUNT(kinds)) return false;
    const kind_row *kind = &kinds[head[i].kind];
    if (!(is_release ? kind->in_release : kind->in_group)) return false;
    if (is_release && !stele_str_eq(tenant_of(&head[i]), head->release.tenant)) return false;
  }
  return true;
}

/* Nothing of the group was taken: `culprit` keeps its own why. */
static void refuse_group(stele_result *results, size_t count, size_t culprit) {
  for (size_t i = 0; i < count; i++) {
    stele_why why = i == culprit ? results[i].why : STELE_WHY_OTHER_FAILED;
    int32_t version = i == culprit ? results[i].version : 0;
    results[i] = (stele_result){.why = why, .version = version};
  }
}

static bool apply_group(store_txn *txn, const stele_change *head, stele_result *results,
                        size_t count, stele_err *err) {
  store_tables *t = txn->tables;
  size_t done = 0;
  bool moved;

  if (!group_is_well_formed(head, count)) results[0].why = STELE_WHY_MALFORMED;
  if (!base_moved(txn, head, &moved, err)) return false;
  if (moved) results[0].why = STELE_WHY_BASE_MOVED;
  if (results[0].why != STELE_WHY_DONE) {
    refuse_group(results, count + 1, 0);
    return true;
  }
  if (!t->ops->mark(t, err)) return false;
  txn->marked = txn->now;
  stele_buf_clear(&txn->members);
  if (!open_group(txn, head, &results[0], err)) return false;
  if (!apply_members(txn, head + 1, results + 1, count, &done, err)) return false;
  if (done == count) {
    results[0].seq = txn->now.counts.seq;
    close_group(txn, head);
    return t->ops->keep(t, err);
  }
  txn->now = txn->marked;
  refuse_group(results, count + 1, done + 1);
  return t->ops->rewind(t, err);
}

/* ---- a unit ---- */

/* What every accepted unit leaves behind. */
static bool finish(store_txn *txn, const stele_change *head, const stele_result *results,
                   size_t count, uint64_t first_seq, stele_err *err) {
  store_tables *t = txn->tables;
  txn_tenant *tenant = NULL;

  if (txn->before.failed || txn->after.failed) {
    return stele_fail(err, STELE_NO_MEMORY, "no memory for an audit record");
  }
  if (!txn_tenant_find(txn, txn->audit_tenant, true, &tenant, err)) return false;
  tenant->dirty = true;
  stele_audit_row row = {.tenant = txn->audit_tenant,
                         .number = ++tenant->row.audit_count,
                         .seq = txn->now.counts.seq,
                         .time = head->origin.time,
                         .who = head->origin.author,
                         .from = head->origin.source,
                         .what = stele_cstr(stele_change_text(head->kind)),
                         .before =
                             txn->before.len ? stele_buf_str(&txn->before) : STELE_STR("null"),
                         .after = txn->after.len ? stele_buf_str(&txn->after) : STELE_STR("null"),
                         .prev = tenant->row.audit_head};
  if (!store_audit_hash(&row, &row.hash, err)) return false;
  tenant->row.audit_head = row.hash;
  return t->ops->audit_add(t, tenant->row.key, &row, err) &&
         t->ops->outbox_add(t, row.seq, head->kind, tenant->row.key, results[0].release, row.time,
                            err) &&
         apply_key_keep(txn, tenant->row.key, results, count, first_seq, err);
}

static bool apply_unit(store_txn *txn, const stele_change *head, stele_result *results,
                       size_t members, stele_err *err) {
  uint64_t first_seq = txn->now.counts.seq + 1;
  bool known = false, ok;
  bool is_silent = kinds[head->kind].is_silent;

  txn->origin = &head->origin;
  txn->release = 0;
  txn->audit_tenant = tenant_of(head);
  stele_buf_clear(&txn->before);
  stele_buf_clear(&txn->after);
  if (!is_silent && !apply_key_answer(txn, results, members + 1, &known, err)) return false;
  if (known) return true;
  if (kinds[head->kind].apply) {
    ok = kinds[head->kind].apply(txn, head, &results[0], err);
  } else {
    ok = apply_group(txn, head, results, members, err);
  }
  if (!ok || is_silent || results[0].why != STELE_WHY_DONE) return ok;
  return finish(txn, head, results, members + 1, first_seq, err);
}

/* ---- a batch ---- */

typedef struct room {
  stele_batch *batch;
} room;

static void make_room(void *arg) {
  stele_batch *batch = ((room *)arg)->batch;
  batch->results = STELE_NEW_ARRAY(batch->arena, stele_result, batch->count);
}

static bool clear_results(stele_batch *batch, stele_err *err) {
  room r = {batch};
  if (!batch->results && batch->arena && !stele_guard_run(batch->arena, make_room, &r, err)) {
    return false;
  }
  if (!batch->results && batch->count) {
    return stele_fail(err, STELE_INVALID, "the batch has neither results nor an arena for them");
  }
  if (batch->count) memset(batch->results, 0, batch->count * sizeof *batch->results);
  return true;
}

bool store_txn_apply(store_txn *txn, stele_batch *batch, stele_err *err) {
  if (!clear_results(batch, err)) return false;
  txn->arena = batch->arena;
  for (size_t i = 0; i < batch->count;) {
    const stele_change *head = &batch->changes[i];
    bool is_kind = (size_t)head->kind < STELE_COUNT(kinds);
    size_t members = is_kind ? members_of(head) : 0;
    size_t left = batch->count - i - 1;
    if (!is_kind || members > left) {
      batch->results[i].why = STELE_WHY_MALFORMED;
      refuse_group(batch->results + i, (members > left ? left : 0) + 1, 0);
      i += (members > left ? left : 0) + 1;
      continue;
    }
    if (!apply_unit(txn, head, batch->results + i, members, err)) return false;
    i += members + 1;
  }
  return true;
}

/* ---- the frame ---- */

void store_txn_init(store_txn *txn, store_tables *tables, const stele_store_stats *counts) {
  *txn = (store_txn){.tables = tables, .now = {.counts = *counts}};
  stele_buf *bufs[] = {&txn->before,   &txn->after,   &txn->members,
                       &txn->versions, &txn->targets, &txn->results};
  for (size_t i = 0; i < STELE_COUNT(bufs); i++) stele_buf_init(bufs[i], NULL, 0);
}

void store_txn_release(store_txn *txn) {
  stele_buf *bufs[] = {&txn->before,   &txn->after,   &txn->members,
                       &txn->versions, &txn->targets, &txn->results};
  for (size_t i = 0; i < STELE_COUNT(bufs); i++) stele_buf_release(bufs[i]);
}

void store_txn_begin(store_txn *txn, const stele_store_stats *counts) {
  txn->now.tenant_count = 0;
  txn->now.counts = *counts;
}

static bool save_tenants(store_txn *txn, stele_err *err) {
  store_tables *t = txn->tables;
  for (size_t i = 0; i < txn->now.tenant_count; i++) {
    txn_tenant *tenant = &txn->now.tenants[i];
    if (tenant->dirty && !t->ops->tenant_save(t, &tenant->row, err)) return false;
    tenant->dirty = false;
  }
  return true;
}

bool store_txn_end(store_txn *txn, stele_err *err) {
  return save_tenants(txn, err);
}

/* ---- what the changes share ---- */

bool txn_tenant_find(store_txn *txn, stele_str name, bool add, txn_tenant **out, stele_err *err) {
  store_tables *t = txn->tables;
  txn_numbers *now = &txn->now;
  *out = NULL;
  for (size_t i = 0; i < now->tenant_count; i++) {
    if (stele_str_eq(now->tenants[i].name, name)) {
      *out = &now->tenants[i];
      return true;
    }
  }
  txn_tenant found = {.name = name};
  if (!t->ops->tenant_find(t, name, &found.row, err)) return false;
  if (!found.row.key && !add) return true;
  if (!found.row.key && !t->ops->tenant_add(t, name, &found.row, err)) return false;
  if (now->tenant_count == TXN_TENANTS) {
    if (!save_tenants(txn, err)) return false;
    now->tenant_count = 0;
  }
  *out = &now->tenants[now->tenant_count++];
  **out = found;
  return true;
}

bool txn_tenant_raise(store_txn *txn, stele_str name, txn_tenant **out, stele_err *err) {
  if (!txn_tenant_find(txn, name, true, out, err)) return false;
  txn_tenant *tenant = *out;
  if (tenant->row.standing) return true;
  tenant->row.standing = true;
  tenant->row.time = txn->origin->time;
  tenant->dirty = true;
  txn->now.counts.tenants++;
  store_feed_row feed = {.kind = STELE_ROW_TENANT, .tenant = tenant->row.key};
  stele_result ignored = {0};
  return txn_feed(txn, feed, &ignored, err);
}

bool txn_subject_find(store_txn *txn, stele_str tenant, stele_str name, txn_tenant **out_tenant,
                      int64_t *subject, stele_err *err) {
  *subject = 0;
  if (!txn_tenant_find(txn, tenant, false, out_tenant, err)) return false;
  if (!*out_tenant) return true;
  store_tables *t = txn->tables;
  return t->ops->subject_find(t, (*out_tenant)->row.key, name, subject, err);
}

bool txn_feed(store_txn *txn, store_feed_row row, stele_result *result, stele_err *err) {
  row.seq = result->seq = ++txn->now.counts.seq;
  return txn->tables->ops->feed_add(txn->tables, &row, err);
}

typedef struct version_copy {
  stele_arena *arena;
  const stele_buf *from;
  int32_t *to;
} version_copy;

static void copy_versions(void *arg) {
  version_copy *copy = arg;
  copy->to = STELE_NEW_ARRAY(copy->arena, int32_t, copy->from->len / sizeof(int32_t));
  memcpy(copy->to, copy->from->ptr, copy->from->len);
}

bool txn_list_versions(store_txn *txn, stele_result *result, stele_err *err) {
  if (txn->versions.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for a result");
  if (!txn->arena || txn->versions.len == 0) return true;
  version_copy copy = {txn->arena, &txn->versions, NULL};
  if (!stele_guard_run(txn->arena, copy_versions, &copy, err)) return false;
  result->versions = copy.to;
  result->version_count = txn->versions.len / sizeof(int32_t);
  return true;
}
