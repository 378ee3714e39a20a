/* store/sqlite, inside: the connection, its statements and what they read.
 * Deps: store. */
#ifndef STELE_STORE_SQLITE_SQLITE_INTERNAL_H
#define STELE_STORE_SQLITE_SQLITE_INTERNAL_H

#include <sqlite3.h>

#include "base/buf.h"
#include "base/library.h"
#include "store/sqlite/sqlite_statements.h"
#include "store/tables.h"

// clang-format off
#define SQLITE_CALLS(X) \
  X(sqlite3_, open_v2) X(sqlite3_, close) X(sqlite3_, exec) X(sqlite3_, errcode) \
  X(sqlite3_, errmsg) X(sqlite3_, extended_result_codes) X(sqlite3_, busy_timeout) \
  X(sqlite3_, wal_hook) X(sqlite3_, wal_checkpoint_v2) X(sqlite3_, get_autocommit) \
  X(sqlite3_, last_insert_rowid) X(sqlite3_, prepare_v3) X(sqlite3_, bind_int64) \
  X(sqlite3_, bind_text64) X(sqlite3_, bind_blob64) X(sqlite3_, step) X(sqlite3_, reset) \
  X(sqlite3_, finalize) X(sqlite3_, column_int64) X(sqlite3_, column_blob) \
  X(sqlite3_, column_bytes)
// clang-format on

typedef struct sqlite_calls {
  SQLITE_CALLS(STELE_LIBRARY_CALL)
} sqlite_calls;

/* A statement, prepared when it is first used. */
typedef struct sql_statement {
  const sqlite_calls *lib;
  sqlite3_stmt *handle;
} sql_statement;

/* One step of the schema, embedded from migrations/NNNN_*.sql. */
typedef struct sqlite_migration {
  const char *name;
  const char *sql;
} sqlite_migration;

extern const sqlite_migration sqlite_migrations[];
extern const int sqlite_migration_count;

typedef struct sqlite_store {
  store_tables face;
  stele_arena *arena; /* this struct lives in it */
  sqlite_calls lib;
  sqlite3 *db;
  sql_statement statements[SQL_COUNT_OF_STATEMENTS];
  stele_buf references; /* encoded: of the version being written */
  stele_buf decoded;    /* stele_reference each: of the row being read */
  uint64_t page_bytes;
  int wal_pages; /* as of the last commit; 0 after a checkpoint */
} sqlite_store;

sqlite_store *sqlite_store_of(store_tables *t);

/* ---- statements ---- */

typedef enum sql_kind { SQL_IS_INT, SQL_IS_TEXT, SQL_IS_BLOB } sql_kind;

/* A value for a statement; what it points to is borrowed until the statement
 * is done. */
typedef struct sql_value {
  sql_kind kind;
  int64_t number;
  stele_str bytes;
} sql_value;

#define INT(value) ((sql_value){SQL_IS_INT, (int64_t)(value), {NULL, 0}})
#define TEXT(value) ((sql_value){SQL_IS_TEXT, 0, (value)})
#define BLOB(at, size) ((sql_value){SQL_IS_BLOB, 0, {(const char *)(at), (size)}})
#define DIGEST(digest) BLOB((digest)->bytes, sizeof(digest)->bytes)

/* Fails with SQLite's words and the code that fits them. */
bool sql_fail(sqlite_store *s, const char *what, stele_err *err);

/* Runs a statement that answers no rows. */
#define sql_run(s, which, err, ...)                                                                \
  sql_run_values((s), SQL_##which, (const sql_value[]){__VA_ARGS__},                               \
                 STELE_COUNT(((const sql_value[]){__VA_ARGS__})), (err))
bool sql_run_values(sqlite_store *s, sqlite_statement which, const sql_value *values, size_t count,
                    stele_err *err) STELE_MUST_USE;

/* Starts a statement that answers rows; step it, then call sql_done, always.
 * NULL when it cannot be started. */
#define sql_query(s, which, err, ...)                                                              \
  sql_query_values((s), SQL_##which, (const sql_value[]){__VA_ARGS__},                             \
                   STELE_COUNT(((const sql_value[]){__VA_ARGS__})), (err))
sql_statement *sql_query_values(sqlite_store *s, sqlite_statement which, const sql_value *values,
                                size_t count, stele_err *err) STELE_MUST_USE;

/* The next row: false at the end and on failure, which sql_done tells apart. */
bool sql_step(const sql_statement *statement);
/* Ends a query; NULL (could not be started) is a failure already told. */
bool sql_done(sqlite_store *s, const sql_statement *statement, stele_err *err) STELE_MUST_USE;

/* Whether a query has a row. */
#define sql_has(s, which, out, err, ...)                                                           \
  sql_has_values((s), SQL_##which, (const sql_value[]){__VA_ARGS__},                               \
                 STELE_COUNT(((const sql_value[]){__VA_ARGS__})), (out), (err))
bool sql_has_values(sqlite_store *s, sqlite_statement which, const sql_value *values, size_t count,
                    bool *out, stele_err *err) STELE_MUST_USE;

/* Ends whatever is under way, and forgets all statements. */
void sql_reset_all(sqlite_store *s);
void sql_release_all(sqlite_store *s);

/* Columns. Text and bytes are borrowed until the next step. */
stele_str sql_str(const sql_statement *statement, int column);
int64_t sql_i64(const sql_statement *statement, int column);
int32_t sql_i32(const sql_statement *statement, int column);
/* A digest's bytes; zeros when the column has another length. */
void sql_digest(const sql_statement *statement, int column, void *out, size_t len);

/* ---- references as bytes ---- */

/* Into s->references. */
bool sqlite_references_encode(sqlite_store *s, const stele_content *content,
                              stele_err *err) STELE_MUST_USE;
/* Into s->decoded, borrowing from `list`. */
bool sqlite_references_decode(sqlite_store *s, stele_str list, stele_content *content,
                              stele_err *err) STELE_MUST_USE;

/* ---- opening ---- */

/* Brings the schema up to date. */
bool sqlite_migrate(sqlite_store *s, stele_err *err) STELE_MUST_USE;

/* Copies what is in the WAL into the file when there is enough of it. */
void sqlite_checkpoint(sqlite_store *s, int least_pages);

/* ---- the reading half of the table of verbs ---- */

bool sqlite_count(store_tables *t, stele_store_stats *out, stele_err *err);
uint64_t sqlite_bytes(store_tables *t);
bool sqlite_load(store_tables *t, store_emit_row *emit, void *arg, stele_err *err);
bool sqlite_feed(store_tables *t, uint64_t after, store_emit_row *emit, void *arg, stele_err *err);
bool sqlite_find(store_tables *t, const stele_find *what, store_emit_row *emit, void *arg,
                 stele_err *err);
bool sqlite_each_tenant(store_tables *t, store_emit_tenant *emit, void *arg, stele_err *err);
bool sqlite_each_audit(store_tables *t, int64_t tenant, stele_str name, uint64_t after,
                       store_emit_audit *emit, void *arg, stele_err *err);

/* The writing half; complete. */
extern const store_tables_ops sqlite_tables_ops;

#endif
