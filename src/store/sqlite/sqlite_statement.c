/* Statements: prepared once, bound from a list of values, always reset.
 *
 * Resetting also says how the run ended, so a query that broke off in the
 * middle is told from one that came to its end by sql_done alone. */
#include "store/sqlite/sqlite_internal.h"

static const struct {
  const char *name, *sql;
} rows[] = {
#define X(name, sql) {#name, sql},
    SQLITE_STATEMENTS(X)
#undef X
};

static const struct {
  int sqlite;
  stele_code code;
  const char *hint;
} codes[] = {
    {SQLITE_BUSY, STELE_UNAVAILABLE, "another process holds the file"},
    {SQLITE_LOCKED, STELE_UNAVAILABLE, "another process holds the file"},
    {SQLITE_FULL, STELE_UNAVAILABLE, "there is no room left"},
    {SQLITE_NOMEM, STELE_NO_MEMORY, "no memory"},
    {SQLITE_TOOBIG, STELE_LIMIT, "larger than the store takes"},
    {SQLITE_CORRUPT, STELE_CORRUPT, "the file is damaged"},
    {SQLITE_NOTADB, STELE_CORRUPT, "the file is no SQLite database"},
    {SQLITE_READONLY, STELE_IO, "the file may not be written"},
    {SQLITE_CANTOPEN, STELE_IO, "the file cannot be opened"},
    {SQLITE_IOERR, STELE_IO, "the disk fails"},
    {SQLITE_CONSTRAINT, STELE_CORRUPT, "the rows contradict each other"},
};

bool sql_fail(sqlite_store *s, const char *what, stele_err *err) {
  int code = s->db ? s->lib.errcode(s->db) : SQLITE_NOMEM;
  const char *text = s->db ? s->lib.errmsg(s->db) : "no memory";
  for (size_t i = 0; i < STELE_COUNT(codes); i++) {
    if (codes[i].sqlite != (code & 0xff)) continue;
    return stele_fail(err, codes[i].code, "%s: %s (SQLite: %s)", what, codes[i].hint, text);
  }
  return stele_fail(err, STELE_INTERNAL, "%s: SQLite: %s", what, text);
}

static sql_statement *prepared(sqlite_store *s, sqlite_statement which, stele_err *err) {
  sql_statement *statement = &s->statements[which];
  if (statement->handle) return statement;
  statement->lib = &s->lib;
  if (s->lib.prepare_v3(s->db, rows[which].sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle,
                        NULL) != SQLITE_OK) {
    (void)sql_fail(s, rows[which].name, err);
    return NULL;
  }
  return statement;
}

static int bind(const sql_statement *statement, int at, const sql_value *value) {
  const char *bytes = value->bytes.ptr ? value->bytes.ptr : ""; /* NULL would be SQL's */
  if (value->kind == SQL_IS_INT)
    return statement->lib->bind_int64(statement->handle, at, value->number);
  if (value->kind == SQL_IS_TEXT) {
    return statement->lib->bind_text64(statement->handle, at, bytes, value->bytes.len,
                                       SQLITE_STATIC, SQLITE_UTF8);
  }
  return statement->lib->bind_blob64(statement->handle, at, bytes, value->bytes.len, SQLITE_STATIC);
}

sql_statement *sql_query_values(sqlite_store *s, sqlite_statement which, const sql_value *values,
                                size_t count, stele_err *err) {
  sql_statement *statement = prepared(s, which, err);
  if (!statement) return NULL;
  for (size_t i = 0; i < count; i++) {
    if (bind(statement, (int)i + 1, &values[i]) != SQLITE_OK) {
      (void)sql_fail(s, rows[which].name, err);
      return NULL;
    }
  }
  return statement;
}

bool sql_step(const sql_statement *statement) {
  return statement && statement->lib->step(statement->handle) == SQLITE_ROW;
}

bool sql_done(sqlite_store *s, const sql_statement *statement, stele_err *err) {
  if (!statement) return false;
  if (s->lib.reset(statement->handle) == SQLITE_OK) return true;
  return sql_fail(s, rows[statement - s->statements].name, err);
}

bool sql_run_values(sqlite_store *s, sqlite_statement which, const sql_value *values, size_t count,
                    stele_err *err) {
  sql_statement *statement = sql_query_values(s, which, values, count, err);
  (void)sql_step(statement);
  return sql_done(s, statement, err);
}

bool sql_has_values(sqlite_store *s, sqlite_statement which, const sql_value *values, size_t count,
                    bool *out, stele_err *err) {
  sql_statement *statement = sql_query_values(s, which, values, count, err);
  *out = sql_step(statement);
  return sql_done(s, statement, err);
}

void sql_reset_all(sqlite_store *s) {
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (s->statements[i].handle) (void)s->lib.reset(s->statements[i].handle);
  }
}

void sql_release_all(sqlite_store *s) {
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    if (s->statements[i].handle) (void)s->lib.finalize(s->statements[i].handle);
    s->statements[i].handle = NULL;
  }
}

stele_str sql_str(const sql_statement *statement, int column) {
  const sqlite_calls *lib = statement->lib;
  const char *ptr = lib->column_blob(statement->handle, column); /* text too: as it is */
  return (stele_str){ptr, (size_t)lib->column_bytes(statement->handle, column)};
}

int64_t sql_i64(const sql_statement *statement, int column) {
  return statement->lib->column_int64(statement->handle, column);
}

int32_t sql_i32(const sql_statement *statement, int column) {
  return (int32_t)sql_i64(statement, column);
}

void sql_digest(const sql_statement *statement, int column, void *out, size_t len) {
  stele_str bytes = sql_str(statement, column);
  if (bytes.len == len) {
    memcpy(out, bytes.ptr, len);
  } else {
    memset(out, 0, len);
  }
}
