/* What a store's `why` means to a user depends on what was asked: the table
 * below says it, row by row. */
#include "registry/alter.h"

#include "base/err.h"
#include "base/guard.h"
#include "base/vec.h"
#include "registry/name.h"

/* --- from the store's words to ours -------------------------------------- */

typedef struct why_row {
  stele_change_kind kind;
  stele_why why;
  registry_refusal_id refusal;
} why_row;

static const why_row why_rows[] = {
    {STELE_CHANGE_DELETE_VERSION, STELE_WHY_SUBJECT_MISSING, REGISTRY_SUBJECT_NOT_FOUND},
    {STELE_CHANGE_DELETE_VERSION, STELE_WHY_VERSION_MISSING, REGISTRY_VERSION_NOT_FOUND},
    {STELE_CHANGE_DELETE_VERSION, STELE_WHY_ALREADY_DELETED, REGISTRY_VERSION_SOFT_DELETED},
    {STELE_CHANGE_DELETE_VERSION, STELE_WHY_NOT_DELETED, REGISTRY_VERSION_NOT_SOFT_DELETED},
    {STELE_CHANGE_DELETE_VERSION, STELE_WHY_REFERENCED, REGISTRY_REFERENCED},
    {STELE_CHANGE_DELETE_SUBJECT, STELE_WHY_SUBJECT_MISSING, REGISTRY_SUBJECT_NOT_FOUND},
    {STELE_CHANGE_DELETE_SUBJECT, STELE_WHY_ALREADY_DELETED, REGISTRY_SUBJECT_SOFT_DELETED},
    {STELE_CHANGE_DELETE_SUBJECT, STELE_WHY_NOT_DELETED, REGISTRY_SUBJECT_NOT_SOFT_DELETED},
    {STELE_CHANGE_DELETE_SUBJECT, STELE_WHY_REFERENCED, REGISTRY_REFERENCED},
    {STELE_CHANGE_DELETE_TENANT, STELE_WHY_TENANT_NOT_EMPTY, REGISTRY_CONTEXT_NOT_EMPTY},
    {STELE_CHANGE_DELETE_TENANT, STELE_WHY_REFERENCED, REGISTRY_CONTEXT_NOT_EMPTY},
    {STELE_CHANGE_DELETE_CONFIG, STELE_WHY_SETTING_MISSING, REGISTRY_SUBJECT_NOT_FOUND},
    {STELE_CHANGE_DELETE_MODE, STELE_WHY_SETTING_MISSING, REGISTRY_SUBJECT_NOT_FOUND},
};

static stele_str number_text(stele_arena *arena, int32_t number) {
  return stele_str_printf(arena, "%d", number);
}

/* Every message of these rows begins with the subject, but for the one that
 * names only a version. */
static const registry_refused *refuse(registry_alter *a, registry_refusal_id id, int32_t version) {
  stele_str number = number_text(a->arena, version);
  if (id == REGISTRY_VERSION_NOT_FOUND) return REGISTRY_REFUSE(a->arena, id, number);
  return REGISTRY_REFUSE(a->arena, id, a->subject, number);
}

static const why_row *find_row(stele_change_kind kind, stele_why why) {
  for (size_t i = 0; i < STELE_COUNT(why_rows); i++) {
    if (why_rows[i].kind == kind && why_rows[i].why == why) return &why_rows[i];
  }
  return NULL;
}

/* --- submitting ---------------------------------------------------------- */

/* Answers false, for a verb to return. */
static bool end_refused(registry_alter *a, registry_refusal_id id, int32_t version) {
  a->out.refused = refuse(a, id, version);
  return false;
}

static void read_result(void *arg) {
  registry_alter *a = arg;
  const stele_result *result = a->commit.batch.results;
  a->out.version = result->version;
  a->out.versions = result->versions;
  a->out.version_count = result->version_count;
  if (result->why == STELE_WHY_DONE) return;
  const why_row *row = find_row(a->change.kind, result->why);
  if (row) {
    a->out.refused = refuse(a, row->refusal, a->change.delete_version.version);
  } else {
    (void)stele_fail(&a->out.err, stele_why_code(result->why), "%s", stele_why_text(result->why));
  }
}

static void committed(registry_commit *commit, const stele_err *err, void *arg) {
  registry_alter *a = arg;
  stele_err failure = {0};
  (void)commit;
  if (err) {
    a->out.err = *err;
  } else if (!stele_guard_run(a->arena, read_result, a, &failure)) {
    a->out.err = failure;
  }
  a->done(&a->out, a->arg);
}

static bool prepare_all(registry_alter *a, const stele_change *changes, size_t count) {
  a->commit = (registry_commit){
      .batch = {.arena = a->arena, .changes = changes, .count = count},
      .done = committed,
      .arg = a,
  };
  a->commit.batch.results = STELE_NEW_ARRAY(a->arena, stele_result, count);
  return true;
}

static bool prepare(registry_alter *a) {
  a->change.origin = (stele_origin){
      .time = a->caller.time, .author = a->caller.principal, .source = a->caller.address};
  return prepare_all(a, &a->change, 1);
}

bool registry_alter_start(registry_alter *a, stele_err *err) {
  return registry_submit(a->registry, &a->commit, err);
}

/* --- deleting ------------------------------------------------------------ */

static bool is_read_only(registry_alter *a, const registry_snapshot *s, stele_str tenant,
                         stele_str subject) {
  if (!registry_mode_is_read_only(setting_mode(a->arena, s, tenant, subject))) return false;
  a->out.refused = REGISTRY_REFUSE(a->arena, REGISTRY_READ_ONLY, a->subject, tenant);
  return true;
}

/* Somebody outside of the subject (or, for one version, anybody else) refers to
 * it: live ones count always, deleted ones against a permanent deletion. */
static bool is_referenced(registry_alter *a, const registry_snapshot *s, const snap_version *v,
                          bool permanent, bool own_too) {
  const snap_tenant *tenant = snap_find_tenant(s, v->tenant);
  snap_referrer_cursor c = snap_referrers(a->arena, tenant, v->subject, v->version);
  for (const snap_referrer *r; (r = snap_next_referrer(&c));) {
    bool own = stele_str_eq(r->subject, v->subject) && stele_str_eq(r->tenant, v->tenant);
    if ((own && !own_too) || (r->deleted && !permanent)) continue;
    return true;
  }
  return false;
}

bool registry_delete_version(registry_alter *a, stele_str tenant, stele_str subject,
                             int32_t version, bool permanent) {
  const registry_snapshot *s = registry_read(a->registry);
  a->subject = registry_name_print(a->arena, tenant, subject);
  const snap_subject *of = snap_find_subject(s, tenant, subject);
  if (!of || (of->live_count == 0 && !permanent && version == -1)) {
    return end_refused(a, REGISTRY_SUBJECT_NOT_FOUND, version);
  }
  const snap_version *v = version == -1 ? of->newest_live : snap_find_version(of, version);
  if (!v) {
    return end_refused(a, REGISTRY_VERSION_NOT_FOUND, version);
  }
  if (is_read_only(a, s, tenant, subject)) return false;
  if (is_referenced(a, s, v, permanent, true)) {
    return end_refused(a, REGISTRY_REFERENCED, v->version);
  }
  if (v->deleted && !permanent) {
    return end_refused(a, REGISTRY_VERSION_SOFT_DELETED, v->version);
  }
  if (!v->deleted && permanent) {
    return end_refused(a, REGISTRY_VERSION_NOT_SOFT_DELETED, v->version);
  }
  a->change.kind = STELE_CHANGE_DELETE_VERSION;
  a->change.delete_version = (stele_change_delete_version){
      .tenant = tenant, .subject = subject, .version = v->version, .permanent = permanent};
  return prepare(a);
}

bool registry_delete_subject(registry_alter *a, stele_str tenant, stele_str subject,
                             bool permanent) {
  const registry_snapshot *s = registry_read(a->registry);
  a->subject = registry_name_print(a->arena, tenant, subject);
  const snap_subject *of = snap_find_subject(s, tenant, subject);
  if (!of) {
    return end_refused(a, REGISTRY_SUBJECT_NOT_FOUND, 0);
  }
  if (is_read_only(a, s, tenant, subject)) return false;
  if (!permanent && of->live_count == 0) {
    return end_refused(a, REGISTRY_SUBJECT_SOFT_DELETED, 0);
  }
  if (permanent && of->live_count != 0) {
    return end_refused(a, REGISTRY_SUBJECT_NOT_SOFT_DELETED, 0);
  }
  for (uint32_t i = 0; i < of->count; i++) {
    if (!is_referenced(a, s, of->versions[i], permanent, false)) continue;
    return end_refused(a, REGISTRY_REFERENCED, of->versions[i]->version);
  }
  a->change.kind = STELE_CHANGE_DELETE_SUBJECT;
  a->change.delete_subject =
      (stele_change_delete_subject){.tenant = tenant, .subject = subject, .permanent = permanent};
  return prepare(a);
}

bool registry_delete_tenant(registry_alter *a, stele_str tenant) {
  const snap_tenant *t = snap_find_tenant(registry_read(a->registry), tenant);
  a->subject = tenant;
  if (!t) return false; /* nothing is left of it */
  if (t->subjects.count) {
    return end_refused(a, REGISTRY_CONTEXT_NOT_EMPTY, 0);
  }
  a->change.kind = STELE_CHANGE_DELETE_TENANT;
  a->change.delete_tenant = (stele_change_delete_tenant){.tenant = tenant};
  return prepare(a);
}

/* --- settings ------------------------------------------------------------ */

static stele_change_setting setting_change(const setting_place *place, stele_str value) {
  return (stele_change_setting){
      .scope = place->scope, .tenant = place->tenant, .name = place->name, .value = value};
}

/* Modes may always be changed; all else waits until the mode allows it. */
static bool config_is_read_only(registry_alter *a, stele_row_kind kind,
                                const setting_place *place) {
  return kind == STELE_ROW_CONFIG &&
         is_read_only(a, registry_read(a->registry), place->tenant, place->name);
}

bool registry_set(registry_alter *a, stele_row_kind kind, const setting_place *place,
                  stele_str value) {
  a->subject = place->name;
  if (config_is_read_only(a, kind, place)) return false;
  a->out.value = value;
  a->change.kind = kind == STELE_ROW_CONFIG ? STELE_CHANGE_SET_CONFIG : STELE_CHANGE_SET_MODE;
  a->change.setting = setting_change(place, value);
  return prepare(a);
}

static stele_change_kind delete_kind(stele_row_kind kind) {
  return kind == STELE_ROW_CONFIG ? STELE_CHANGE_DELETE_CONFIG : STELE_CHANGE_DELETE_MODE;
}

bool registry_unset(registry_alter *a, stele_row_kind kind, const setting_place *place) {
  const snap_setting *old = setting_at(a->arena, registry_read(a->registry), kind, place);
  a->subject = place->name;
  if (!old) {
    return end_refused(a, REGISTRY_SUBJECT_NOT_FOUND, 0);
  }
  if (config_is_read_only(a, kind, place)) return false;
  a->out.value = stele_str_copy(a->arena, old->value);
  a->change.kind = delete_kind(kind);
  a->change.setting = setting_change(place, (stele_str){0});
  return prepare(a);
}

typedef STELE_VEC(stele_change) change_list;

static void add_unset(registry_alter *a, change_list *list, stele_row_kind kind,
                      const setting_place *place) {
  const snap_setting *old = setting_at(a->arena, registry_read(a->registry), kind, place);
  if (!old) return;
  stele_change *change = STELE_VEC_ADD(a->arena, list);
  change->kind = delete_kind(kind);
  change->setting = setting_change(place, (stele_str){0});
}

static void add_scope(registry_alter *a, change_list *list, stele_row_kind kind, stele_scope scope,
                      stele_str tenant) {
  const registry_snapshot *s = registry_read(a->registry);
  stele_str prefix = snap_setting_key(a->arena, kind, scope, tenant, STELE_STR(""));
  tree_cursor c = tree_seek(&snap_setting_kind, &s->settings, prefix);
  for (const snap_setting *each;
       (each = tree_next(&c)) && tree_key_has_prefix(each->key, prefix);) {
    stele_change *change = STELE_VEC_ADD(a->arena, list);
    setting_place place = {scope, tenant, stele_str_copy(a->arena, each->name)};
    change->kind = delete_kind(kind);
    change->setting = setting_change(&place, (stele_str){0});
  }
}

bool registry_unset_all(registry_alter *a, stele_row_kind kind, const setting_place *place) {
  const snap_setting *old = setting_at(a->arena, registry_read(a->registry), kind, place);
  change_list list = {0};
  a->subject = place->name;
  if (old) a->out.value = stele_str_copy(a->arena, old->value);
  *STELE_VEC_ADD(a->arena, &list) = (stele_change){.kind = STELE_CHANGE_GROUP};
  add_unset(a, &list, kind, place);
  if (place->scope == STELE_SCOPE_TENANT) {
    add_scope(a, &list, kind, STELE_SCOPE_SUBJECT, place->tenant);
    add_scope(a, &list, kind, STELE_SCOPE_PREFIX, place->tenant);
  }
  if (list.count == 1) return false;
  list.at[0].origin = (stele_origin){
      .time = a->caller.time, .author = a->caller.principal, .source = a->caller.address};
  list.at[0].group = (stele_change_group){.tenant = place->tenant, .count = list.count - 1};
  return prepare_all(a, list.at, list.count);
}
