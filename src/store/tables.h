/* store/tables: what a backend keeps, row by row, under the shared rules.
 *
 * The rules (ids, versions, deletion, groups, keys, audit) are written once, in
 * store/apply*.c, over these verbs; a backend only finds and writes rows. All
 * calls come from the store's thread, the writing ones between begin and
 * commit. What is absent is found with key (or id) 0; false is a failing
 * machine and takes the whole transaction back.
 * Deps: store/change.h, store/row.h. */
#ifndef STELE_STORE_TABLES_H
#define STELE_STORE_TABLES_H

#include "store/store.h"

typedef struct store_tables store_tables;

/* A tenant and its counters. A row may be there before the tenant stands:
 * settings and the audit chain come first. */
typedef struct store_tenant {
  int64_t key; /* 0: absent */
  bool standing;
  int32_t last_id, last_release;
  uint64_t audit_count;
  stele_sha256 audit_head;
  stele_time_us time;
} store_tenant;

/* An id. `text_key` 0: all its holders were deleted for good. */
typedef struct store_id {
  int32_t id; /* 0: absent */
  stele_sha256 identity;
  stele_md5 guid;
  uint64_t text_key;
} store_id;

/* A version, as far as the rules need it. */
typedef struct store_entry {
  int32_t version; /* 0: absent */
  int32_t id;
  bool deleted;
  uint64_t text_key;
  stele_state state;
  stele_time_us deprecate_at, retire_at;
} store_entry;

/* A REGISTER with everything decided. */
typedef struct store_new_version {
  const stele_change_register *reg;
  const stele_origin *origin;
  const int64_t *targets; /* subject key of each reference */
  int64_t tenant, subject;
  int32_t id, version, release;
  uint64_t text_key;
} store_new_version;

/* A feed row: which row was written, and whether it is gone. */
typedef struct store_feed_row {
  uint64_t seq;
  stele_row_kind kind;
  bool gone;
  int64_t tenant;
  int64_t subject;   /* VERSION */
  int32_t number;    /* id, version or release number */
  stele_scope scope; /* CONFIG, MODE */
  stele_str name;    /* CONFIG, MODE */
} store_feed_row;

/* An idempotency key and what it was answered. */
typedef struct store_key_row {
  stele_sha256 digest;
  uint64_t first_seq, last_seq;
  stele_bytes results; /* store/key.h; borrowed until the next call */
} store_key_row;

typedef bool store_emit_tenant(const store_tenant *tenant, stele_str name, void *arg,
                               stele_err *err);
typedef bool store_emit_audit(const stele_audit_row *row, void *arg, stele_err *err);
typedef void store_emit_row(const stele_row *row, void *arg);

// clang-format off
typedef struct store_tables_ops {
  const char *name;

  /* Transactions. `mark` and `rewind` enclose a group; they do not nest. */
  bool (*begin)(store_tables *t, stele_err *err);
  bool (*commit)(store_tables *t, stele_err *err);
  void (*rollback)(store_tables *t);
  bool (*mark)(store_tables *t, stele_err *err);
  bool (*rewind)(store_tables *t, stele_err *err); /* forgets what came since the mark */
  bool (*keep)(store_tables *t, stele_err *err);   /* forgets the mark */

  bool (*tenant_find)(store_tables *t, stele_str name, store_tenant *out, stele_err *err);
  bool (*tenant_add)(store_tables *t, stele_str name, store_tenant *out, stele_err *err);
  bool (*tenant_save)(store_tables *t, const store_tenant *tenant, stele_err *err);
  /* Versions, contents, releases, settings and keys go; id rows stay, empty. */
  bool (*tenant_clear)(store_tables *t, int64_t tenant, stele_err *err);
  /* Does a version of another tenant refer to one of this? */
  bool (*tenant_referenced)(store_tables *t, int64_t tenant, bool *out, stele_err *err);
  bool (*tenant_has_versions)(store_tables *t, int64_t tenant, bool *out, stele_err *err);

  bool (*subject_find)(store_tables *t, int64_t tenant, stele_str name, int64_t *key, stele_err *err);
  bool (*subject_add)(store_tables *t, int64_t tenant, stele_str name, int64_t *key, stele_err *err);
  /* Newest live version and highest version at all; 0: none. */
  bool (*subject_top)(store_tables *t, int64_t subject, int32_t *newest, int32_t *highest, stele_err *err);

  /* The lowest id of an identity. */
  bool (*id_of)(store_tables *t, int64_t tenant, const stele_sha256 *identity, store_id *out, stele_err *err);
  bool (*id_find)(store_tables *t, int64_t tenant, int32_t id, store_id *out, stele_err *err);
  bool (*id_add)(store_tables *t, const store_new_version *first, stele_err *err);
  bool (*id_fill)(store_tables *t, const store_new_version *first, stele_err *err); /* an empty one */
  bool (*id_empty)(store_tables *t, int64_t tenant, int32_t id, stele_err *err);
  bool (*id_held)(store_tables *t, int64_t tenant, int32_t id, bool *out, stele_err *err);

  /* Texts are kept once: `take` finds or adds and counts `holders` more,
   * `drop` counts one less and forgets the text when none is left. */
  bool (*text_take)(store_tables *t, stele_bytes text, const stele_sha256 *hash, uint32_t holders,
                    uint64_t *key, stele_err *err);
  bool (*text_drop)(store_tables *t, uint64_t key, stele_err *err);

  bool (*version_find)(store_tables *t, int64_t subject, int32_t version, store_entry *out, stele_err *err);
  /* The first version after `version`, any state. */
  bool (*version_next)(store_tables *t, int64_t subject, int32_t version, store_entry *out, stele_err *err);
  bool (*version_add)(store_tables *t, const store_new_version *v, stele_err *err);
  bool (*version_delete)(store_tables *t, int64_t subject, int32_t version, stele_err *err); /* soft */
  bool (*version_remove)(store_tables *t, int64_t subject, int32_t version, stele_err *err);
  bool (*version_state)(store_tables *t, int64_t subject, const store_entry *entry, stele_err *err);
  /* Does a version (live, or any) outside subject `but` refer to this one? */
  bool (*version_referenced)(store_tables *t, int64_t subject, int32_t version, bool live_only,
                             int64_t but, bool *out, stele_err *err);

  /* `value` is borrowed until the next call. */
  bool (*setting_find)(store_tables *t, const store_feed_row *at, bool *found, stele_str *value, stele_err *err);
  bool (*setting_put)(store_tables *t, const store_feed_row *at, stele_str value, stele_time_us time, stele_err *err);
  bool (*setting_remove)(store_tables *t, const store_feed_row *at, stele_err *err);

  bool (*release_add)(store_tables *t, int64_t tenant, const stele_release_row *row, stele_err *err);
  bool (*key_find)(store_tables *t, int64_t tenant, stele_str key, bool *found, store_key_row *out, stele_err *err);
  bool (*key_add)(store_tables *t, int64_t tenant, stele_str key, const store_key_row *row, stele_time_us time, stele_err *err);
  bool (*feed_add)(store_tables *t, const store_feed_row *row, stele_err *err);
  bool (*audit_add)(store_tables *t, int64_t tenant, const stele_audit_row *row, stele_err *err);
  bool (*outbox_add)(store_tables *t, uint64_t seq, stele_change_kind kind, int64_t tenant, int32_t release,
                     stele_time_us time, stele_err *err);
  bool (*usage_add)(store_tables *t, const stele_change_usage *usage, int64_t tenant, stele_err *err);

  /* Reading, outside transactions. `count` fills the numbers of rows and seq. */
  bool (*count)(store_tables *t, stele_store_stats *out, stele_err *err);
  uint64_t (*bytes)(store_tables *t);
  bool (*load)(store_tables *t, store_emit_row *emit, void *arg, stele_err *err);
  bool (*feed)(store_tables *t, uint64_t after, store_emit_row *emit, void *arg, stele_err *err);
  bool (*find)(store_tables *t, const stele_find *what, store_emit_row *emit, void *arg, stele_err *err);
  bool (*each_tenant)(store_tables *t, store_emit_tenant *emit, void *arg, stele_err *err);
  bool (*each_audit)(store_tables *t, int64_t tenant, stele_str name, uint64_t after,
                     store_emit_audit *emit, void *arg, stele_err *err);

  /* The thread has nothing to do just now. */
  void (*idle)(store_tables *t);
  void (*close)(store_tables *t);
} store_tables_ops;
// clang-format on

/* First member of a backend's own struct. */
struct store_tables {
  const store_tables_ops *ops;
  stele_arena *arena; /* where its rows live if they live in memory (its failures come back as the
                         transaction's), else NULL */
};

/* Starts a thread over `tables` and owns them from now on, also when it fails
 * (NULL). The face answers to stele_store_ops. */
stele_store *store_start(store_tables *tables, stele_err *err) STELE_MUST_USE;

/* The tables under a store, for tests that must reach below its face while the
 * thread has nothing to do. */
store_tables *store_tables_of(stele_store *store);

#endif
