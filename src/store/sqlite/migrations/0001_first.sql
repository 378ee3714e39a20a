-- The first schema. Times are microseconds since 1970 (UTC); enumerations are
-- the numbers of store/change.h and store/row.h; digests are raw bytes.

-- A tenant's row comes with its first registration, setting or audit record;
-- `standing` says whether it is a tenant that readers see. Its counters are
-- never set back, so no id and no release number is given twice.
-- The tenant with the empty name holds what is global.
CREATE TABLE tenants (
  tenant_id    INTEGER PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE,
  standing     INTEGER NOT NULL,
  last_id      INTEGER NOT NULL,
  last_release INTEGER NOT NULL,
  audit_count  INTEGER NOT NULL,
  audit_head   BLOB NOT NULL,      -- hash of the newest audit record
  time_us      INTEGER NOT NULL
) STRICT;

CREATE TABLE subjects (
  subject_id INTEGER PRIMARY KEY,
  tenant_id  INTEGER NOT NULL,
  name       TEXT NOT NULL,
  UNIQUE (tenant_id, name)
) STRICT;

-- Exact texts, kept once. The bytes stand apart so that counting a holder does
-- not write them again. Numbers are never used twice (readers keep them).
CREATE TABLE texts (
  text_id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256  BLOB NOT NULL UNIQUE,
  holders INTEGER NOT NULL
) STRICT;

CREATE TABLE text_bytes (
  text_id INTEGER PRIMARY KEY,
  bytes   BLOB NOT NULL
) STRICT;

-- Ids. The row of an id whose versions were all deleted for good stays, empty
-- (text_id NULL): the identity keeps its id.
-- reference_list is what the exact content needs, as bytes
-- (store/sqlite/sqlite_references.c); empty: none.
CREATE TABLE schemas (
  tenant_id      INTEGER NOT NULL,
  id             INTEGER NOT NULL,
  identity       BLOB NOT NULL,
  fingerprint    BLOB NOT NULL,
  guid           BLOB NOT NULL,
  text_id        INTEGER,
  text_kind      INTEGER NOT NULL,
  reference_list BLOB NOT NULL,
  metadata       TEXT NOT NULL,
  rule_set       TEXT NOT NULL,
  time_us        INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX schemas_by_identity ON schemas (tenant_id, identity);
CREATE INDEX schemas_by_guid ON schemas (guid);

CREATE TABLE versions (
  subject_id      INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  tenant_id       INTEGER NOT NULL,
  id              INTEGER NOT NULL,
  text_id         INTEGER NOT NULL,
  text_kind       INTEGER NOT NULL,
  reference_list  BLOB NOT NULL,
  metadata        TEXT NOT NULL,
  rule_set        TEXT NOT NULL,
  semver          TEXT NOT NULL,
  state           INTEGER NOT NULL,
  deleted         INTEGER NOT NULL,
  normalized      INTEGER NOT NULL,
  release         INTEGER NOT NULL,  -- 0: none
  deprecate_at_us INTEGER NOT NULL,  -- 0: not scheduled
  retire_at_us    INTEGER NOT NULL,
  time_us         INTEGER NOT NULL,
  author          TEXT NOT NULL,
  source          TEXT NOT NULL,
  git_commit      TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  PRIMARY KEY (subject_id, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX versions_by_id ON versions (tenant_id, id);

-- Who refers to what: the same references as in reference_list, to be asked
-- from the other end.
CREATE TABLE version_references (
  subject_id     INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  target_subject INTEGER NOT NULL,
  target_version INTEGER NOT NULL,
  PRIMARY KEY (subject_id, version, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX version_references_by_target ON version_references (target_subject, target_version);

CREATE TABLE releases (
  tenant_id       INTEGER NOT NULL,
  number          INTEGER NOT NULL,
  base            INTEGER NOT NULL,  -- 0: none was named
  semver          TEXT NOT NULL,
  time_us         INTEGER NOT NULL,
  author          TEXT NOT NULL,
  source          TEXT NOT NULL,
  git_commit      TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;

-- Configuration and modes, told apart by `kind`.
CREATE TABLE settings (
  tenant_id INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  scope     INTEGER NOT NULL,
  name      TEXT NOT NULL,
  value     TEXT NOT NULL,
  time_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind, scope, name)
) STRICT, WITHOUT ROWID;

-- What a key was answered (store/apply_key.c) and the feed rows it made.
CREATE TABLE idempotency_keys (
  tenant_id INTEGER NOT NULL,
  key       TEXT NOT NULL,
  digest    BLOB NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL,
  results   BLOB NOT NULL,
  time_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;

-- The feed: one row for each row written, in commit order, without gaps.
CREATE TABLE changes (
  seq        INTEGER PRIMARY KEY,
  kind       INTEGER NOT NULL,
  gone       INTEGER NOT NULL,
  tenant_id  INTEGER NOT NULL,
  subject_id INTEGER NOT NULL,  -- versions
  number     INTEGER NOT NULL,  -- id, version or release number
  scope      INTEGER NOT NULL,  -- settings
  name       TEXT NOT NULL      -- settings
) STRICT;

-- One chain of hashes per tenant (store/audit.h).
CREATE TABLE audit (
  tenant_id    INTEGER NOT NULL,
  number       INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  time_us      INTEGER NOT NULL,
  who          TEXT NOT NULL,
  from_address TEXT NOT NULL,
  what         TEXT NOT NULL,
  before       TEXT NOT NULL,
  after        TEXT NOT NULL,
  prev         BLOB NOT NULL,
  hash         BLOB NOT NULL,
  PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;

-- What is left to do after the commit. Workers (git, webhooks, caches) go
-- through it in order, each from its own place.
CREATE TABLE outbox (
  outbox_id INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,  -- of the change's last feed row
  kind      INTEGER NOT NULL,
  tenant_id INTEGER NOT NULL,
  release   INTEGER NOT NULL,  -- 0: none
  time_us   INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox_workers (
  name    TEXT PRIMARY KEY,
  done_id INTEGER NOT NULL,   -- the last row it has done
  time_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE usage (
  tenant_id INTEGER NOT NULL,
  subject   TEXT NOT NULL,
  version   INTEGER NOT NULL,
  reader    TEXT NOT NULL,
  reads     INTEGER NOT NULL,
  last_us   INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, subject, version, reader)
) STRICT, WITHOUT ROWID;
