/* The reading half: rows go out as SQLite shows them, without a copy. */
#include "store/sqlite/sqlite_internal.h"

enum { WAL_FRAME_HEAD = 24 };

/* ---- one row each; `at` is the column of its first field ---- */

static bool read_content(sqlite_store *s, sql_statement *q, int at, uint64_t *text_key,
                         stele_content *content, stele_err *err) {
  *text_key = (uint64_t)sql_i64(q, at);
  content->text_kind = (stele_text_kind)sql_i32(q, at + 1);
  content->metadata = sql_str(q, at + 3);
  content->rule_set = sql_str(q, at + 4);
  content->text = stele_str_bytes(sql_str(q, at + 5));
  return sqlite_references_decode(s, sql_str(q, at + 2), content, err);
}

static bool read_schema(sqlite_store *s, sql_statement *q, stele_row *row, stele_err *err) {
  *row = (stele_row){.kind = STELE_ROW_SCHEMA, .tenant = sql_str(q, 0)};
  stele_schema_row *schema = &row->schema;
  schema->id = sql_i32(q, 1);
  sql_digest(q, 2, &schema->identity, sizeof schema->identity);
  sql_digest(q, 3, &schema->fingerprint, sizeof schema->fingerprint);
  sql_digest(q, 4, &schema->guid, sizeof schema->guid);
  schema->time = sql_i64(q, 5);
  return read_content(s, q, 6, &schema->text_key, &schema->content, err);
}

static bool read_version(sqlite_store *s, sql_statement *q, stele_row *row, stele_err *err) {
  *row = (stele_row){.kind = STELE_ROW_VERSION, .tenant = sql_str(q, 0)};
  row->version = (stele_version_row){.subject = sql_str(q, 1),
                                     .version = sql_i32(q, 2),
                                     .id = sql_i32(q, 3),
                                     .release = sql_i32(q, 4),
                                     .semver = sql_str(q, 5),
                                     .state = (stele_state)sql_i32(q, 6),
                                     .deleted = sql_i32(q, 7) != 0,
                                     .normalized = sql_i32(q, 8) != 0,
                                     .time = sql_i64(q, 9),
                                     .deprecate_at = sql_i64(q, 10),
                                     .retire_at = sql_i64(q, 11),
                                     .author = sql_str(q, 12),
                                     .source = sql_str(q, 13),
                                     .commit = sql_str(q, 14),
                                     .key = sql_str(q, 15)};
  return read_content(s, q, 16, &row->version.text_key, &row->version.content, err);
}

static bool read_release(sqlite_store *s, sql_statement *q, stele_row *row, stele_err *err) {
  (void)s;
  (void)err;
  *row = (stele_row){.kind = STELE_ROW_RELEASE, .tenant = sql_str(q, 0)};
  row->release = (stele_release_row){.number = sql_i32(q, 1),
                                     .base = sql_i32(q, 2),
                                     .semver = sql_str(q, 3),
                                     .time = sql_i64(q, 4),
                                     .author = sql_str(q, 5),
                                     .source = sql_str(q, 6),
                                     .commit = sql_str(q, 7),
                                     .key = sql_str(q, 8)};
  return true;
}

static bool read_tenant(sqlite_store *s, sql_statement *q, stele_row *row, stele_err *err) {
  (void)s;
  (void)err;
  *row = (stele_row){
      .kind = STELE_ROW_TENANT, .tenant = sql_str(q, 0), .standing = {.time = sql_i64(q, 1)}};
  return true;
}

static bool read_setting(sqlite_store *s, sql_statement *q, stele_row *row, stele_err *err) {
  (void)s;
  (void)err;
  *row = (stele_row){.kind = (stele_row_kind)sql_i32(q, 1), .tenant = sql_str(q, 0)};
  row->setting = (stele_setting_row){.scope = (stele_scope)sql_i32(q, 2),
                                     .name = sql_str(q, 3),
                                     .value = sql_str(q, 4),
                                     .time = sql_i64(q, 5)};
  return true;
}

typedef bool row_reader(sqlite_store *s, sql_statement *q, stele_row *row, stele_err *err);

/* Hands out every row of a query. */
static bool emit_all(sqlite_store *s, sql_statement *q, row_reader *read, store_emit_row *emit,
                     void *arg, stele_err *err) {
  stele_row row;
  bool ok = true;
  while (ok && sql_step(q)) {
    ok = read(s, q, &row, err);
    if (ok) emit(&row, arg);
  }
  stele_err end = {0};
  return sql_done(s, q, ok ? err : &end) && ok;
}

/* ---- load ---- */

bool sqlite_load(store_tables *t, store_emit_row *emit, void *arg, stele_err *err) {
  static const struct {
    sqlite_statement which;
    row_reader *read;
  } parts[] = {{SQL_LOAD_TENANTS, read_tenant},
               {SQL_LOAD_SCHEMAS, read_schema},
               {SQL_LOAD_VERSIONS, read_version},
               {SQL_LOAD_RELEASES, read_release},
               {SQL_LOAD_SETTINGS, read_setting}};
  sqlite_store *s = sqlite_store_of(t);
  for (size_t i = 0; i < STELE_COUNT(parts); i++) {
    sql_statement *q = sql_query_values(s, parts[i].which, NULL, 0, err);
    if (!emit_all(s, q, parts[i].read, emit, arg, err)) return false;
  }
  return true;
}

/* ---- feed ---- */

typedef struct feed_walk {
  sqlite_store *store;
  sql_statement *feed; /* stands on the row at hand: see CHANGE_COLUMNS */
  store_emit_row *emit;
  void *arg;
} feed_walk;

/* The row's key, as it is told when the row is gone. */
static stele_row gone_row(sql_statement *q) {
  stele_row row = {.kind = (stele_row_kind)sql_i32(q, 1), .gone = true, .tenant = sql_str(q, 8)};
  if (row.kind == STELE_ROW_SCHEMA) {
    row.schema.id = sql_i32(q, 5);
  } else if (row.kind == STELE_ROW_VERSION) {
    row.version.subject = sql_str(q, 9);
    row.version.version = sql_i32(q, 5);
  } else if (row.kind == STELE_ROW_RELEASE) {
    row.release.number = sql_i32(q, 5);
  } else if (row.kind != STELE_ROW_TENANT) {
    row.setting.scope = (stele_scope)sql_i32(q, 6);
    row.setting.name = sql_str(q, 7);
  }
  return row;
}

/* Starts the query for the row that stands under the key of `gone`. */
static sql_statement *query_row(const feed_walk *w, const stele_row *gone, stele_err *err) {
  sqlite_store *s = w->store;
  int64_t tenant = sql_i64(w->feed, 3), subject = sql_i64(w->feed, 4);
  int64_t number = sql_i64(w->feed, 5);
  if (gone->kind == STELE_ROW_TENANT) return sql_query(s, TENANT_ROW, err, INT(tenant));
  if (gone->kind == STELE_ROW_SCHEMA) {
    return sql_query(s, SCHEMA_ROW, err, INT(tenant), INT(number));
  }
  if (gone->kind == STELE_ROW_VERSION) {
    return sql_query(s, VERSION_ROW, err, INT(subject), INT(number));
  }
  if (gone->kind == STELE_ROW_RELEASE) {
    return sql_query(s, RELEASE_ROW, err, INT(tenant), INT(number));
  }
  return sql_query(s, SETTING_FIND, err, INT(tenant), INT(gone->kind), INT(gone->setting.scope),
                   TEXT(gone->setting.name));
}

static bool read_standing(const feed_walk *w, sql_statement *q, stele_row *row, stele_err *err) {
  if (row->kind == STELE_ROW_SCHEMA) return read_schema(w->store, q, row, err);
  if (row->kind == STELE_ROW_VERSION) return read_version(w->store, q, row, err);
  if (row->kind == STELE_ROW_RELEASE) return read_release(w->store, q, row, err);
  if (row->kind == STELE_ROW_TENANT) {
    row->gone = sql_i32(q, 0) == 0;
    row->standing.time = sql_i64(q, 1);
    return true;
  }
  row->gone = false;
  row->setting.value = sql_str(q, 0);
  row->setting.time = sql_i64(q, 1);
  return true;
}

/* Hands out the feed row at hand: as it stands, or gone. */
static bool emit_change(const feed_walk *w, bool only_made, stele_err *err) {
  stele_row row = gone_row(w->feed);
  sql_statement *q = NULL;
  bool ok = true;
  if (sql_i32(w->feed, 2) == 0) {
    q = query_row(w, &row, err);
    if (!q) return false;
    if (sql_step(q)) ok = read_standing(w, q, &row, err);
  }
  row.seq = (uint64_t)sql_i64(w->feed, 0);
  bool is_made = !row.gone && (row.kind == STELE_ROW_RELEASE || row.kind == STELE_ROW_VERSION);
  if (ok && (is_made || !only_made)) w->emit(&row, w->arg);
  stele_err end = {0};
  return (!q || sql_done(w->store, q, ok ? err : &end)) && ok;
}

static bool walk_feed(sqlite_store *s, uint64_t after, uint64_t last, bool only_made,
                      store_emit_row *emit, void *arg, stele_err *err) {
  if (after > INT64_MAX) after = INT64_MAX;
  feed_walk w = {s, sql_query(s, FEED, err, INT(after), INT(last)), emit, arg};
  bool ok = true;
  while (ok && sql_step(w.feed)) ok = emit_change(&w, only_made, err);
  stele_err end = {0};
  return sql_done(s, w.feed, ok ? err : &end) && ok;
}

bool sqlite_feed(store_tables *t, uint64_t after, store_emit_row *emit, void *arg, stele_err *err) {
  return walk_feed(sqlite_store_of(t), after, INT64_MAX, false, emit, arg, err);
}

/* ---- find ---- */

static bool find_usage(sqlite_store *s, const stele_find *what, int64_t tenant,
                       store_emit_row *emit, void *arg, stele_err *err) {
  sql_statement *q =
      sql_query(s, FIND_USAGE, err, INT(tenant), TEXT(what->text), INT(what->version));
  while (sql_step(q)) {
    stele_row row = {.kind = STELE_ROW_USAGE,
                     .tenant = what->tenant,
                     .usage = {.subject = sql_str(q, 0),
                               .version = sql_i32(q, 1),
                               .reader = sql_str(q, 2),
                               .reads = (uint64_t)sql_i64(q, 3),
                               .last = sql_i64(q, 4)}};
    emit(&row, arg);
  }
  return sql_done(s, q, err);
}

static bool find_key(store_tables *t, const stele_find *what, int64_t tenant, store_emit_row *emit,
                     void *arg, stele_err *err) {
  store_key_row key;
  bool found;
  if (!t->ops->key_find(t, tenant, what->text, &found, &key, err)) return false;
  if (!found) return true;
  return walk_feed(sqlite_store_of(t), key.first_seq - 1, key.last_seq, true, emit, arg, err);
}

bool sqlite_find(store_tables *t, const stele_find *what, store_emit_row *emit, void *arg,
                 stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  store_tenant tenant = {0};
  bool is_anywhere = what->kind == STELE_FIND_GUID && what->tenant.len == 0;
  if (!is_anywhere && !t->ops->tenant_find(t, what->tenant, &tenant, err)) return false;
  if (!is_anywhere && !tenant.key) return true;
  if (what->kind == STELE_FIND_KEY) return find_key(t, what, tenant.key, emit, arg, err);
  if (what->kind == STELE_FIND_USAGE) return find_usage(s, what, tenant.key, emit, arg, err);
  sql_statement *q = what->kind == STELE_FIND_GUID
                         ? sql_query(s, FIND_GUID, err, DIGEST(&what->guid), INT(tenant.key))
                         : sql_query(s, SCHEMA_ROW, err, INT(tenant.key), INT(what->id));
  return emit_all(s, q, read_schema, emit, arg, err);
}

/* ---- audit and counts ---- */

bool sqlite_each_tenant(store_tables *t, store_emit_tenant *emit, void *arg, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  sql_statement *q = sql_query_values(s, SQL_TENANT_EACH, NULL, 0, err);
  bool ok = true;
  while (ok && sql_step(q)) {
    store_tenant row = {.key = sql_i64(q, 0),
                        .standing = sql_i32(q, 1) != 0,
                        .last_id = sql_i32(q, 2),
                        .last_release = sql_i32(q, 3),
                        .audit_count = (uint64_t)sql_i64(q, 4),
                        .time = sql_i64(q, 6)};
    sql_digest(q, 5, &row.audit_head, sizeof row.audit_head);
    ok = emit(&row, sql_str(q, 7), arg, err);
  }
  stele_err end = {0};
  return sql_done(s, q, ok ? err : &end) && ok;
}

bool sqlite_each_audit(store_tables *t, int64_t tenant, stele_str name, uint64_t after,
                       store_emit_audit *emit, void *arg, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  if (after > INT64_MAX) after = INT64_MAX;
  sql_statement *q = sql_query(s, AUDIT_EACH, err, INT(tenant), INT(after));
  bool ok = true;
  while (ok && sql_step(q)) {
    stele_audit_row row = {.tenant = name,
                           .number = (uint64_t)sql_i64(q, 0),
                           .seq = (uint64_t)sql_i64(q, 1),
                           .time = sql_i64(q, 2),
                           .who = sql_str(q, 3),
                           .from = sql_str(q, 4),
                           .what = sql_str(q, 5),
                           .before = sql_str(q, 6),
                           .after = sql_str(q, 7)};
    sql_digest(q, 8, &row.prev, sizeof row.prev);
    sql_digest(q, 9, &row.hash, sizeof row.hash);
    ok = emit(&row, arg, err);
  }
  stele_err end = {0};
  return sql_done(s, q, ok ? err : &end) && ok;
}

bool sqlite_count(store_tables *t, stele_store_stats *out, stele_err *err) {
  sqlite_store *s = sqlite_store_of(t);
  sql_statement *q = sql_query_values(s, SQL_COUNT, NULL, 0, err);
  if (sql_step(q)) {
    out->tenants = (uint64_t)sql_i64(q, 0);
    out->subjects = (uint64_t)sql_i64(q, 1);
    out->schemas = (uint64_t)sql_i64(q, 2);
    out->versions = (uint64_t)sql_i64(q, 3);
    out->releases = (uint64_t)sql_i64(q, 4);
    out->seq = (uint64_t)sql_i64(q, 5);
  }
  return sql_done(s, q, err);
}

uint64_t sqlite_bytes(store_tables *t) {
  sqlite_store *s = sqlite_store_of(t);
  stele_err ignored = {0};
  sql_statement *q = sql_query_values(s, SQL_PAGES, NULL, 0, &ignored);
  uint64_t pages = sql_step(q) ? (uint64_t)sql_i64(q, 0) : 0;
  if (!sql_done(s, q, &ignored)) pages = 0;
  return pages * s->page_bytes + (uint64_t)s->wal_pages * (s->page_bytes + WAL_FRAME_HEAD);
}
