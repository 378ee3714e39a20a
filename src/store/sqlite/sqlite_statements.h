/* store/sqlite/sqlite_statements: every statement, one row each.
 *
 * Kept prepared; ?n are the values in the order in which they are given. */
#ifndef STELE_STORE_SQLITE_SQLITE_STATEMENTS_H
#define STELE_STORE_SQLITE_SQLITE_STATEMENTS_H

/* Columns that several statements read, in the order of the readers in
 * sqlite_read.c. */
#define SCHEMA_COLUMNS                                                                             \
  "s.id, s.identity, s.fingerprint, s.guid, s.time_us, s.text_id, s.text_kind, s.reference_list, " \
  "s.metadata, s.rule_set, b.bytes"
#define VERSION_COLUMNS                                                                            \
  "v.version, v.id, v.release, v.semver, v.state, v.deleted, v.normalized, v.time_us, "            \
  "v.deprecate_at_us, v.retire_at_us, v.author, v.source, v.git_commit, v.idempotency_key, "       \
  "v.text_id, v.text_kind, v.reference_list, v.metadata, v.rule_set, b.bytes"
#define RELEASE_COLUMNS                                                                            \
  "r.number, r.base, r.semver, r.time_us, r.author, r.source, r.git_commit, r.idempotency_key"
#define TENANT_COLUMNS                                                                             \
  "tenant_id, standing, last_id, last_release, audit_count, audit_head, time_us"
#define ENTRY_COLUMNS "version, id, deleted, text_id, state, deprecate_at_us, retire_at_us"
#define CHANGE_COLUMNS                                                                             \
  "c.seq, c.kind, c.gone, c.tenant_id, c.subject_id, c.number, c.scope, c.name, t.name, s.name "   \
  "FROM changes c JOIN tenants t ON t.tenant_id = c.tenant_id "                                    \
  "LEFT JOIN subjects s ON s.subject_id = c.subject_id "

// clang-format off
#define SQLITE_STATEMENTS(X) \
  X(BEGIN, "BEGIN IMMEDIATE") \
  X(COMMIT, "COMMIT") \
  X(ROLLBACK, "ROLLBACK") \
  X(MARK, "SAVEPOINT unit") \
  X(REWIND, "ROLLBACK TO unit") \
  X(KEEP, "RELEASE unit") \
  X(PAGES, "PRAGMA page_count") \
  /* tenants */ \
  X(TENANT_FIND, "SELECT " TENANT_COLUMNS " FROM tenants WHERE name = ?1") \
  X(TENANT_EACH, "SELECT " TENANT_COLUMNS ", name FROM tenants ORDER BY tenant_id") \
  X(TENANT_ADD, "INSERT INTO tenants (name, standing, last_id, last_release, audit_count, " \
    "audit_head, time_us) VALUES (?1, 0, 0, 0, 0, ?2, 0)") \
  X(TENANT_SAVE, "UPDATE tenants SET standing = ?2, last_id = ?3, last_release = ?4, " \
    "audit_count = ?5, audit_head = ?6, time_us = ?7 WHERE tenant_id = ?1") \
  X(TENANT_HAS_VERSIONS, "SELECT 1 FROM versions WHERE tenant_id = ?1 LIMIT 1") \
  X(TENANT_REFERENCED, "SELECT 1 FROM subjects s " \
    "JOIN version_references r ON r.target_subject = s.subject_id " \
    "JOIN subjects f ON f.subject_id = r.subject_id " \
    "WHERE s.tenant_id = ?1 AND f.tenant_id <> ?1 LIMIT 1") \
  X(TENANT_TEXTS, "SELECT text_id FROM versions WHERE tenant_id = ?1 UNION ALL " \
    "SELECT text_id FROM schemas WHERE tenant_id = ?1 AND text_id IS NOT NULL") \
  X(CLEAR_REFERENCES, "DELETE FROM version_references WHERE subject_id IN " \
    "(SELECT subject_id FROM subjects WHERE tenant_id = ?1)") \
  X(CLEAR_VERSIONS, "DELETE FROM versions WHERE subject_id IN " \
    "(SELECT subject_id FROM subjects WHERE tenant_id = ?1)") \
  X(CLEAR_SCHEMAS, "UPDATE schemas SET text_id = NULL, reference_list = x'', metadata = '', " \
    "rule_set = '' WHERE tenant_id = ?1") \
  X(CLEAR_RELEASES, "DELETE FROM releases WHERE tenant_id = ?1") \
  X(CLEAR_SETTINGS, "DELETE FROM settings WHERE tenant_id = ?1") \
  X(CLEAR_KEYS, "DELETE FROM idempotency_keys WHERE tenant_id = ?1") \
  X(CLEAR_USAGE, "DELETE FROM usage WHERE tenant_id = ?1") \
  /* subjects */ \
  X(SUBJECT_FIND, "SELECT subject_id FROM subjects WHERE tenant_id = ?1 AND name = ?2") \
  X(SUBJECT_ADD, "INSERT INTO subjects (tenant_id, name) VALUES (?1, ?2)") \
  X(SUBJECT_HIGHEST, "SELECT version FROM versions WHERE subject_id = ?1 " \
    "ORDER BY version DESC LIMIT 1") \
  X(SUBJECT_NEWEST, "SELECT version FROM versions WHERE subject_id = ?1 AND deleted = 0 " \
    "ORDER BY version DESC LIMIT 1") \
  /* ids */ \
  X(ID_OF, "SELECT id, identity, guid, text_id FROM schemas INDEXED BY schemas_by_identity " \
    "WHERE tenant_id = ?1 AND identity = ?2 ORDER BY id LIMIT 1") \
  X(ID_FIND, "SELECT id, identity, guid, text_id FROM schemas WHERE tenant_id = ?1 AND id = ?2") \
  X(ID_ADD, "INSERT INTO schemas (tenant_id, id, identity, fingerprint, guid, text_id, text_kind, " \
    "reference_list, metadata, rule_set, time_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)") \
  X(ID_FILL, "UPDATE schemas SET text_id = ?3, text_kind = ?4, reference_list = ?5, metadata = ?6, " \
    "rule_set = ?7, time_us = ?8 WHERE tenant_id = ?1 AND id = ?2") \
  X(ID_EMPTY, "UPDATE schemas SET text_id = NULL, reference_list = x'', metadata = '', " \
    "rule_set = '' WHERE tenant_id = ?1 AND id = ?2") \
  X(ID_HELD, "SELECT 1 FROM versions WHERE tenant_id = ?1 AND id = ?2 LIMIT 1") \
  /* texts */ \
  X(TEXT_FIND, "SELECT text_id FROM texts WHERE sha256 = ?1") \
  X(TEXT_ADD, "INSERT INTO texts (sha256, holders) VALUES (?1, ?2)") \
  X(TEXT_ADD_BYTES, "INSERT INTO text_bytes (text_id, bytes) VALUES (?1, ?2)") \
  X(TEXT_HOLD, "UPDATE texts SET holders = holders + ?2 WHERE text_id = ?1") \
  X(TEXT_REMOVE_BYTES, "DELETE FROM text_bytes WHERE text_id = ?1 AND " \
    "(SELECT holders FROM texts WHERE text_id = ?1) <= 0") \
  X(TEXT_REMOVE, "DELETE FROM texts WHERE text_id = ?1 AND holders <= 0") \
  /* versions */ \
  X(VERSION_FIND, "SELECT " ENTRY_COLUMNS " FROM versions WHERE subject_id = ?1 AND version = ?2") \
  X(VERSION_NEXT, "SELECT " ENTRY_COLUMNS " FROM versions WHERE subject_id = ?1 AND version > ?2 " \
    "ORDER BY version LIMIT 1") \
  X(VERSION_ADD, "INSERT INTO versions (subject_id, version, tenant_id, id, text_id, text_kind, " \
    "reference_list, metadata, rule_set, semver, state, deleted, normalized, release, " \
    "deprecate_at_us, retire_at_us, time_us, author, source, git_commit, idempotency_key) VALUES " \
    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?13, 0, 0, ?14, ?15, ?16, ?17, ?18)") \
  X(VERSION_DELETE, "UPDATE versions SET deleted = 1 WHERE subject_id = ?1 AND version = ?2") \
  X(VERSION_REMOVE, "DELETE FROM versions WHERE subject_id = ?1 AND version = ?2") \
  X(VERSION_STATE, "UPDATE versions SET state = ?3, deprecate_at_us = ?4, retire_at_us = ?5 " \
    "WHERE subject_id = ?1 AND version = ?2") \
  X(REFERENCE_ADD, "INSERT INTO version_references (subject_id, version, position, " \
    "target_subject, target_version) VALUES (?1, ?2, ?3, ?4, ?5)") \
  X(REFERENCES_REMOVE, "DELETE FROM version_references WHERE subject_id = ?1 AND version = ?2") \
  X(VERSION_REFERENCED, "SELECT 1 FROM version_references r " \
    "JOIN versions v ON v.subject_id = r.subject_id AND v.version = r.version " \
    "WHERE r.target_subject = ?1 AND r.target_version = ?2 AND (v.deleted = 0 OR ?3 = 0) " \
    "AND r.subject_id <> ?4 LIMIT 1") \
  /* settings, releases, keys */ \
  X(SETTING_FIND, "SELECT value, time_us FROM settings " \
    "WHERE tenant_id = ?1 AND kind = ?2 AND scope = ?3 AND name = ?4") \
  X(SETTING_PUT, "INSERT OR REPLACE INTO settings (tenant_id, kind, scope, name, value, time_us) " \
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
  X(SETTING_REMOVE, "DELETE FROM settings " \
    "WHERE tenant_id = ?1 AND kind = ?2 AND scope = ?3 AND name = ?4") \
  X(RELEASE_ADD, "INSERT INTO releases (tenant_id, number, base, semver, time_us, author, source, " \
    "git_commit, idempotency_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
  X(KEY_FIND, "SELECT digest, first_seq, last_seq, results FROM idempotency_keys " \
    "WHERE tenant_id = ?1 AND key = ?2") \
  X(KEY_ADD, "INSERT INTO idempotency_keys (tenant_id, key, digest, first_seq, last_seq, results, " \
    "time_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
  /* feed, audit, outbox, usage */ \
  X(FEED_ADD, "INSERT INTO changes (seq, kind, gone, tenant_id, subject_id, number, scope, name) " \
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
  X(AUDIT_ADD, "INSERT INTO audit (tenant_id, number, seq, time_us, who, from_address, what, " \
    "before, after, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)") \
  X(OUTBOX_ADD, "INSERT INTO outbox (seq, kind, tenant_id, release, time_us) " \
    "VALUES (?1, ?2, ?3, ?4, ?5)") \
  X(USAGE_ADD, "INSERT INTO usage (tenant_id, subject, version, reader, reads, last_us) " \
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET " \
    "reads = reads + excluded.reads, last_us = max(last_us, excluded.last_us)") \
  /* reading */ \
  X(COUNT, "SELECT (SELECT count(*) FROM tenants WHERE standing), " \
    "(SELECT count(*) FROM subjects j WHERE " \
    "EXISTS (SELECT 1 FROM versions v WHERE v.subject_id = j.subject_id)), " \
    "(SELECT count(*) FROM schemas WHERE text_id IS NOT NULL), " \
    "(SELECT count(*) FROM versions), (SELECT count(*) FROM releases), " \
    "(SELECT coalesce(max(seq), 0) FROM changes)") \
  X(LOAD_TENANTS, "SELECT name, time_us FROM tenants WHERE standing ORDER BY tenant_id") \
  X(LOAD_SCHEMAS, "SELECT t.name, " SCHEMA_COLUMNS " FROM schemas s " \
    "JOIN tenants t ON t.tenant_id = s.tenant_id JOIN text_bytes b ON b.text_id = s.text_id " \
    "ORDER BY s.tenant_id, s.id") \
  X(LOAD_VERSIONS, "SELECT t.name, j.name, " VERSION_COLUMNS " FROM versions v " \
    "JOIN subjects j ON j.subject_id = v.subject_id JOIN tenants t ON t.tenant_id = v.tenant_id " \
    "JOIN text_bytes b ON b.text_id = v.text_id ORDER BY v.subject_id, v.version") \
  X(LOAD_RELEASES, "SELECT t.name, " RELEASE_COLUMNS " FROM releases r " \
    "JOIN tenants t ON t.tenant_id = r.tenant_id ORDER BY r.tenant_id, r.number") \
  X(LOAD_SETTINGS, "SELECT t.name, g.kind, g.scope, g.name, g.value, g.time_us FROM settings g " \
    "JOIN tenants t ON t.tenant_id = g.tenant_id " \
    "ORDER BY g.kind, g.tenant_id, g.scope, g.name") \
  X(FEED, "SELECT " CHANGE_COLUMNS "WHERE c.seq > ?1 AND c.seq <= ?2 ORDER BY c.seq") \
  X(SCHEMA_ROW, "SELECT t.name, " SCHEMA_COLUMNS " FROM schemas s " \
    "JOIN tenants t ON t.tenant_id = s.tenant_id JOIN text_bytes b ON b.text_id = s.text_id " \
    "WHERE s.tenant_id = ?1 AND s.id = ?2") \
  X(VERSION_ROW, "SELECT t.name, j.name, " VERSION_COLUMNS " FROM versions v " \
    "JOIN subjects j ON j.subject_id = v.subject_id JOIN tenants t ON t.tenant_id = v.tenant_id " \
    "JOIN text_bytes b ON b.text_id = v.text_id WHERE v.subject_id = ?1 AND v.version = ?2") \
  X(RELEASE_ROW, "SELECT t.name, " RELEASE_COLUMNS " FROM releases r " \
    "JOIN tenants t ON t.tenant_id = r.tenant_id WHERE r.tenant_id = ?1 AND r.number = ?2") \
  X(TENANT_ROW, "SELECT standing, time_us FROM tenants WHERE tenant_id = ?1") \
  X(FIND_GUID, "SELECT t.name, " SCHEMA_COLUMNS " FROM schemas s " \
    "JOIN tenants t ON t.tenant_id = s.tenant_id JOIN text_bytes b ON b.text_id = s.text_id " \
    "WHERE s.guid = ?1 AND (?2 = 0 OR s.tenant_id = ?2) ORDER BY s.tenant_id, s.id") \
  X(FIND_USAGE, "SELECT subject, version, reader, reads, last_us FROM usage " \
    "WHERE tenant_id = ?1 AND subject = ?2 AND (?3 = 0 OR version = ?3) ORDER BY version, reader") \
  X(AUDIT_EACH, "SELECT number, seq, time_us, who, from_address, what, before, after, prev, hash " \
    "FROM audit WHERE tenant_id = ?1 AND number > ?2 ORDER BY number")
// clang-format on

typedef enum sqlite_statement {
#define X(name, sql) SQL_##name,
  SQLITE_STATEMENTS(X)
#undef X
      SQL_COUNT_OF_STATEMENTS
} sqlite_statement;

#endif
