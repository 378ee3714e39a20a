/* The reading half: walks the objects and hands out those that are present. */
#include "store/memory/memory_internal.h"

static memory_store *memory_of(store_tables *t) {
  return (memory_store *)(void *)t;
}

static stele_str tenant_name(const memory_store *m, int64_t tenant) {
  return m->tenants.at[tenant - 1]->name;
}

static bool stands(const mem_id *id) {
  return id->present && id->row.text_key;
}

/* ---- one row each ---- */

static stele_row tenant_row(const mem_tenant *tenant) {
  return (stele_row){.kind = STELE_ROW_TENANT,
                     .gone = !tenant->row.standing,
                     .tenant = tenant->name,
                     .standing = {.time = tenant->row.time}};
}

static stele_row schema_row(const memory_store *m, const mem_id *id) {
  return (stele_row){
      .kind = STELE_ROW_SCHEMA, .tenant = tenant_name(m, id->tenant), .schema = id->row};
}

static stele_row version_row(const memory_store *m, const mem_version *version) {
  return (stele_row){.kind = STELE_ROW_VERSION,
                     .tenant = tenant_name(m, version->tenant),
                     .version = version->row};
}

static stele_row release_row(const mem_tenant *tenant, const mem_release *release) {
  return (stele_row){.kind = STELE_ROW_RELEASE, .tenant = tenant->name, .release = release->row};
}

static stele_row setting_row(const memory_store *m, const mem_setting *setting) {
  return (stele_row){
      .kind = setting->kind, .tenant = tenant_name(m, setting->tenant), .setting = setting->row};
}

/* ---- load ---- */

static void load_versions(const memory_store *m, store_emit_row *emit, void *arg) {
  for (size_t i = 0; i < m->subjects.count; i++) {
    const mem_subject *subject = m->subjects.at[i];
    for (size_t v = 0; v < subject->versions.count; v++) {
      if (!subject->versions.at[v]->present) continue;
      stele_row row = version_row(m, subject->versions.at[v]);
      emit(&row, arg);
    }
  }
}

static void load_releases(const memory_store *m, store_emit_row *emit, void *arg) {
  for (size_t i = 0; i < m->tenants.count; i++) {
    const mem_tenant *tenant = m->tenants.at[i];
    for (size_t r = 0; r < tenant->releases.count; r++) {
      if (!tenant->releases.at[r]->present) continue;
      stele_row row = release_row(tenant, tenant->releases.at[r]);
      emit(&row, arg);
    }
  }
}

bool mem_load(store_tables *t, store_emit_row *emit, void *arg, stele_err *err) {
  const memory_store *m = memory_of(t);
  (void)err;
  for (size_t i = 0; i < m->tenants.count; i++) {
    stele_row row = tenant_row(m->tenants.at[i]);
    if (!row.gone) emit(&row, arg);
  }
  for (size_t i = 0; i < m->ids.count; i++) {
    if (!stands(m->ids.at[i])) continue;
    stele_row row = schema_row(m, m->ids.at[i]);
    emit(&row, arg);
  }
  load_versions(m, emit, arg);
  load_releases(m, emit, arg);
  for (size_t i = 0; i < m->settings.count; i++) {
    if (!m->settings.at[i]->present) continue;
    stele_row row = setting_row(m, m->settings.at[i]);
    emit(&row, arg);
  }
  return true;
}

/* ---- feed ---- */

/* The row that a feed row speaks of, as it stands; else gone, with its key. */
static stele_row row_of(memory_store *m, const store_feed_row *feed) {
  const mem_tenant *tenant = m->tenants.at[feed->tenant - 1];
  stele_row gone = {.kind = feed->kind, .gone = true, .tenant = tenant->name};
  if (feed->kind == STELE_ROW_TENANT) {
    stele_row row = tenant_row(tenant);
    row.gone |= feed->gone;
    return row;
  }
  if (feed->kind == STELE_ROW_SCHEMA) {
    const mem_id *id = mem_find(m, MEM_ID, feed->tenant, feed->number, (stele_str){0});
    if (!feed->gone && stands(id)) return schema_row(m, id);
    gone.schema.id = feed->number;
  } else if (feed->kind == STELE_ROW_VERSION) {
    const mem_subject *subject = m->subjects.at[feed->subject - 1];
    const mem_version *version = mem_version_find(subject, feed->number);
    if (!feed->gone && version) return version_row(m, version);
    gone.version.subject = subject->name;
    gone.version.version = feed->number;
  } else if (feed->kind == STELE_ROW_RELEASE) {
    const mem_release *release = tenant->releases.at[feed->number - 1];
    if (release->present) return release_row(tenant, release);
    gone.release.number = feed->number;
  } else {
    const mem_setting *setting = mem_setting_find(m, feed);
    if (!feed->gone && setting) return setting_row(m, setting);
    gone.setting.scope = feed->scope;
    gone.setting.name = feed->name;
  }
  return gone;
}

bool mem_feed(store_tables *t, uint64_t after, store_emit_row *emit, void *arg, stele_err *err) {
  memory_store *m = memory_of(t);
  (void)err;
  for (uint64_t i = after; i < m->feed.count; i++) {
    stele_row row = row_of(m, &m->feed.at[i]);
    row.seq = i + 1;
    emit(&row, arg);
  }
  return true;
}

/* ---- find ---- */

static void find_schemas(memory_store *m, const stele_find *what, int64_t tenant,
                         store_emit_row *emit, void *arg) {
  for (size_t i = 0; i < m->ids.count; i++) {
    const mem_id *id = m->ids.at[i];
    if (!stands(id) || (tenant && id->tenant != tenant)) continue;
    if (memcmp(&id->row.guid, &what->guid, sizeof what->guid) != 0) continue;
    stele_row row = schema_row(m, id);
    emit(&row, arg);
  }
}

static void find_key(memory_store *m, const stele_find *what, int64_t tenant, store_emit_row *emit,
                     void *arg) {
  const mem_key *key = mem_find(m, MEM_KEY, tenant, 0, what->text);
  if (!key || !key->present) return;
  for (uint64_t i = key->row.first_seq; i <= key->row.last_seq; i++) {
    stele_row row = row_of(m, &m->feed.at[i - 1]);
    if (row.gone || (row.kind != STELE_ROW_RELEASE && row.kind != STELE_ROW_VERSION)) continue;
    emit(&row, arg);
  }
}

static void find_usage(memory_store *m, const stele_find *what, int64_t tenant,
                       store_emit_row *emit, void *arg) {
  for (size_t i = 0; i < m->usages.count; i++) {
    const mem_usage *usage = m->usages.at[i];
    if (!usage->present || usage->tenant != tenant) continue;
    if (!stele_str_eq(usage->row.subject, what->text)) continue;
    if (what->version && what->version != usage->row.version) continue;
    stele_row row = {
        .kind = STELE_ROW_USAGE, .tenant = tenant_name(m, tenant), .usage = usage->row};
    emit(&row, arg);
  }
}

bool mem_find_rows(store_tables *t, const stele_find *what, store_emit_row *emit, void *arg,
                   stele_err *err) {
  memory_store *m = memory_of(t);
  store_tenant tenant;
  if (!t->ops->tenant_find(t, what->tenant, &tenant, err)) return false;
  if (what->kind == STELE_FIND_GUID) {
    if (!what->tenant.len || tenant.key) {
      find_schemas(m, what, what->tenant.len ? tenant.key : 0, emit, arg);
    }
    return true;
  }
  if (!tenant.key) return true;
  if (what->kind == STELE_FIND_ID) {
    const mem_id *id = mem_find(m, MEM_ID, tenant.key, what->id, (stele_str){0});
    if (!id || !stands(id)) return true;
    stele_row row = schema_row(m, id);
    emit(&row, arg);
  } else if (what->kind == STELE_FIND_KEY) {
    find_key(m, what, tenant.key, emit, arg);
  } else {
    find_usage(m, what, tenant.key, emit, arg);
  }
  return true;
}

/* ---- audit and counts ---- */

bool mem_each_tenant(store_tables *t, store_emit_tenant *emit, void *arg, stele_err *err) {
  const memory_store *m = memory_of(t);
  for (size_t i = 0; i < m->tenants.count; i++) {
    if (!emit(&m->tenants.at[i]->row, m->tenants.at[i]->name, arg, err)) return false;
  }
  return true;
}

bool mem_each_audit(store_tables *t, int64_t tenant, stele_str name, uint64_t after,
                    store_emit_audit *emit, void *arg, stele_err *err) {
  const mem_audit_vec *audit = &memory_of(t)->tenants.at[tenant - 1]->audit;
  (void)name;
  for (uint64_t i = after; i < audit->count; i++) {
    if (!emit(&audit->at[i], arg, err)) return false;
  }
  return true;
}

static void count_row(const stele_row *row, void *arg) {
  stele_store_stats *out = arg;
  out->tenants += row->kind == STELE_ROW_TENANT;
  out->schemas += row->kind == STELE_ROW_SCHEMA;
  out->versions += row->kind == STELE_ROW_VERSION;
  out->releases += row->kind == STELE_ROW_RELEASE;
}

bool mem_count(store_tables *t, stele_store_stats *out, stele_err *err) {
  const memory_store *m = memory_of(t);
  out->tenants = out->subjects = out->schemas = out->versions = out->releases = 0;
  if (!mem_load(t, count_row, out, err)) return false;
  for (size_t i = 0; i < m->subjects.count; i++) {
    const mem_version_vec *versions = &m->subjects.at[i]->versions;
    size_t v = 0;
    while (v < versions->count && !versions->at[v]->present) v++;
    out->subjects += v < versions->count;
  }
  out->seq = m->feed.count;
  return true;
}

uint64_t mem_bytes(store_tables *t) {
  return stele_arena_held_bytes(memory_of(t)->arena);
}
