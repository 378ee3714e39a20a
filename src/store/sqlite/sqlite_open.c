/* Opening: one process per file, write-ahead log, everything synced, then the
 * migrations that the file has not seen.
 *
 * The lock is exclusive on purpose: readers answer from a snapshot in memory,
 * so a second process that wrote to the file would not be noticed. It also
 * spares the shared-memory file. */
#include "base/guard.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/sqlite_internal.h"

/* "STLE": tells our files from other SQLite databases. */
enum { APPLICATION_ID = 0x53544c45, DEFAULT_WAIT_MS = 2000, PRAGMA_TEXT = 160 };

/* Runs statements for their effect. */
static bool run_text(sqlite_store *s, const char *sql, const char *what, stele_err *err) {
  return s->lib.exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || sql_fail(s, what, err);
}

/* The first column of a statement's first row; -1 when there is none. */
static bool number_of(sqlite_store *s, const char *sql, int64_t *out, stele_err *err) {
  sqlite3_stmt *q = NULL;
  *out = -1;
  bool ok = s->lib.prepare_v3(s->db, sql, -1, 0, &q, NULL) == SQLITE_OK;
  int result = ok ? s->lib.step(q) : SQLITE_ERROR;
  if (result == SQLITE_ROW) *out = s->lib.column_int64(q, 0);
  ok = ok && (result == SQLITE_ROW || result == SQLITE_DONE);
  if (!ok) (void)sql_fail(s, sql, err);
  (void)s->lib.finalize(q);
  return ok;
}

/* ---- migrations ---- */

static bool migrate_step(sqlite_store *s, int to, stele_err *err) {
  char pragma[PRAGMA_TEXT];
  const sqlite_migration *step = &sqlite_migrations[to - 1];
  stele_err ignored = {0};

  (void)snprintf(pragma, sizeof pragma, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                 APPLICATION_ID, to);
  if (run_text(s, "BEGIN IMMEDIATE", "begin a migration", err) &&
      run_text(s, step->sql, step->name, err) && run_text(s, pragma, step->name, err) &&
      run_text(s, "COMMIT", step->name, err)) {
    return true;
  }
  if (!s->lib.get_autocommit(s->db)) (void)run_text(s, "ROLLBACK", step->name, &ignored);
  return false;
}

bool sqlite_migrate(sqlite_store *s, stele_err *err) {
  int64_t application, version, tables;
  if (!number_of(s, "PRAGMA application_id", &application, err) ||
      !number_of(s, "PRAGMA user_version", &version, err) ||
      !number_of(s, "SELECT count(*) FROM sqlite_schema", &tables, err)) {
    return false;
  }
  bool is_new = application == 0 && version == 0 && tables == 0;
  if (!is_new && application != APPLICATION_ID) {
    return stele_fail(err, STELE_CORRUPT, "it is another program's SQLite database");
  }
  if (version > sqlite_migration_count) {
    return stele_fail(err, STELE_UNSUPPORTED,
                      "it was written by a newer Stele (schema %lld, this one knows %d): use that "
                      "one, or a copy from before",
                      (long long)version, sqlite_migration_count);
  }
  for (int to = (int)version + 1; to <= sqlite_migration_count; to++) {
    if (!migrate_step(s, to, err)) return false;
  }
  return true;
}

/* ---- the connection ---- */

static int count_wal(void *arg, sqlite3 *db, const char *name, int pages) {
  sqlite_store *s = arg;
  (void)db;
  (void)name;
  s->wal_pages = pages;
  return SQLITE_OK;
}

static bool set_up(sqlite_store *s, const stele_sqlite_options *options, stele_err *err) {
  char pragmas[PRAGMA_TEXT];
  int64_t page_bytes;
  uint32_t wait_ms = options->wait_ms ? options->wait_ms : DEFAULT_WAIT_MS;

  (void)s->lib.extended_result_codes(s->db, 1);
  (void)s->lib.busy_timeout(s->db, (int)(wait_ms < INT32_MAX ? wait_ms : INT32_MAX));
  if (!run_text(s,
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
                "PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF;"
                "BEGIN IMMEDIATE; COMMIT",
                "take hold of it", err)) {
    return false;
  }
  if (options->max_pages) {
    (void)snprintf(pragmas, sizeof pragmas, "PRAGMA max_page_count = %u", options->max_pages);
    if (!run_text(s, pragmas, "bound it", err)) return false;
  }
  if (!number_of(s, "PRAGMA page_size", &page_bytes, err)) return false;
  s->page_bytes = (uint64_t)page_bytes;
  (void)s->lib.wal_hook(s->db, count_wal, s); /* also: no checkpoint within a commit */
  return true;
}

static const stele_library library = {"libsqlite3.so.0", "libsqlite3-0",
                                      SQLITE_CALLS(STELE_LIBRARY_NAME)};

static bool open_db(sqlite_store *s, const stele_sqlite_options *options, stele_err *err) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (!stele_library_open(&library, &s->lib, sizeof s->lib, err)) return false;
  if (s->lib.open_v2(options->path, &s->db, flags, options->vfs) != SQLITE_OK) {
    return sql_fail(s, "open it", err);
  }
  return set_up(s, options, err) && sqlite_migrate(s, err);
}

typedef struct birth {
  stele_arena *arena;
  sqlite_store *store;
} birth;

static void make_store(void *arg) {
  birth *b = arg;
  b->store = STELE_NEW(b->arena, sqlite_store);
}

stele_store *stele_sqlite_open(const stele_sqlite_options *options, stele_err *err) {
  birth b = {stele_arena_new(0), NULL};
  if (!b.arena || !stele_guard_run(b.arena, make_store, &b, err)) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for a store");
    stele_arena_free(b.arena);
    return NULL;
  }
  sqlite_store *s = b.store;
  s->face.ops = &sqlite_tables_ops;
  s->arena = b.arena;
  stele_buf_init(&s->references, NULL, 0);
  stele_buf_init(&s->decoded, NULL, 0);
  if (!open_db(s, options, err)) {
    (void)stele_wrap(err, "store %s", options->path);
    s->face.ops->close(&s->face);
    return NULL;
  }
  stele_store *store = store_start(&s->face, err);
  if (!store) (void)stele_wrap(err, "store %s", options->path);
  return store;
}
