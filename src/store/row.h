/* store/row: what a store tells: the rows of a load, the feed and a find.
 *
 * Out: rows, each either as it stands now or gone. Loading gives all rows that
 * stand; the feed gives, in commit order, every row that was written since. A
 * row put twice stands as the newer one says; a reader that applies a load and
 * then the feed behind it has what the store has.
 * Deps: store/change.h. */
#ifndef STELE_STORE_ROW_H
#define STELE_STORE_ROW_H

#include "store/change.h"

/* These numbers are stored: never renumber. */
typedef enum stele_row_kind {
  STELE_ROW_TENANT = 1,  /* gone: with all that was the tenant's */
  STELE_ROW_SCHEMA = 2,  /* an id */
  STELE_ROW_VERSION = 3, /* an entry of a subject */
  STELE_ROW_RELEASE = 4,
  STELE_ROW_CONFIG = 5,
  STELE_ROW_MODE = 6,
  STELE_ROW_USAGE = 7 /* only by find */
} stele_row_kind;

typedef struct stele_tenant_row {
  stele_time_us time;
} stele_tenant_row;

/* An id: its identity, and the content first stored under it. */
typedef struct stele_schema_row {
  int32_t id;
  stele_sha256 identity, fingerprint;
  stele_md5 guid;
  uint64_t text_key; /* the same number: the same bytes; so a reader keeps them once */
  stele_content content;
  stele_time_us time;
} stele_schema_row;

/* A version: its own content, not the id's. */
typedef struct stele_version_row {
  stele_str subject;
  int32_t version;
  int32_t id;
  int32_t release; /* 0: none */
  uint64_t text_key;
  stele_content content;
  stele_str semver;
  stele_state state;
  bool deleted; /* soft */
  bool normalized;
  stele_time_us time;
  stele_time_us deprecate_at, retire_at; /* 0: not scheduled */
  stele_str author, source, commit, key;
} stele_version_row;

typedef struct stele_release_row {
  int32_t number;
  int32_t base; /* 0: none was named */
  stele_str semver;
  stele_time_us time;
  stele_str author, source, commit, key;
} stele_release_row;

typedef struct stele_setting_row {
  stele_scope scope;
  stele_str name;
  stele_str value; /* empty when gone */
  stele_time_us time;
} stele_setting_row;

typedef struct stele_usage_row {
  stele_str subject;
  int32_t version;
  stele_str reader;
  uint64_t reads;
  stele_time_us last;
} stele_usage_row;

/* A gone row has only its key: tenant, and id, or subject and version, or
 * release number, or scope and name. */
typedef struct stele_row {
  stele_row_kind kind;
  bool gone;
  uint64_t seq;     /* feed only, else 0 */
  stele_str tenant; /* empty: a global setting */
  union {
    stele_tenant_row standing;
    stele_schema_row schema;
    stele_version_row version;
    stele_release_row release;
    stele_setting_row setting; /* CONFIG and MODE */
    stele_usage_row usage;
  };
} stele_row;

/* Some rows of an answer: borrowed, gone when the callback returns. */
typedef struct stele_rows {
  const stele_row *at;
  size_t count;
  bool last;            /* nothing follows; the callback is not called again */
  uint64_t seq;         /* with `last`: the answer is current up to here */
  const stele_err *err; /* with `last`: the answer is not whole, and this is why; else NULL */
} stele_rows;

/* One audit record. Each tenant has a chain of its own, numbered 1, 2, ...;
 * what is set globally goes to the chain of tenant "".
 * hash = SHA-256 over prev and all other fields (store/audit.h). */
typedef struct stele_audit_row {
  stele_str tenant;
  uint64_t number;
  uint64_t seq; /* of the last feed row it stands for */
  stele_time_us time;
  stele_str who, from, what;
  stele_str before, after; /* JSON */
  stele_sha256 prev, hash;
} stele_audit_row;

typedef struct stele_audit_rows {
  const stele_audit_row *at;
  size_t count;
  bool last;
  const stele_err *err;
} stele_audit_rows;

#endif
