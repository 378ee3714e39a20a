/* store/memory, inside: rows as objects in one arena, found by one index.
 *
 * Objects are never freed: `present` says whether a row is there. Before
 * anything is changed its old bytes go to the undo log (mem_touch), so that
 * rolling back is copying them home again.
 * Deps: store. */
#ifndef STELE_STORE_MEMORY_MEMORY_INTERNAL_H
#define STELE_STORE_MEMORY_MEMORY_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "store/tables.h"

typedef struct mem_text {
  uint64_t key;
  stele_bytes bytes;
  uint32_t holders; /* 0: not there */
} mem_text;

typedef struct mem_id {
  int64_t tenant;
  bool present;
  uint32_t holders; /* versions */
  stele_schema_row row;
} mem_id;

typedef STELE_VEC(mem_id *) mem_id_vec;

typedef struct mem_version {
  int64_t tenant, subject;
  bool present;
  stele_version_row row;
  const int64_t *targets; /* subject of each reference */
} mem_version;

typedef STELE_VEC(mem_version *) mem_version_vec;

typedef struct mem_subject {
  int64_t key, tenant;
  bool present;
  stele_str name;
  mem_version_vec versions;  /* by number, gone ones among them */
  mem_version_vec referrers; /* a version once for each reference to this subject */
} mem_subject;

typedef struct mem_release {
  bool present;
  stele_release_row row;
} mem_release;

typedef STELE_VEC(mem_release *) mem_release_vec;
typedef STELE_VEC(stele_audit_row) mem_audit_vec;

typedef struct mem_tenant {
  bool present;
  stele_str name;
  store_tenant row;
  mem_release_vec releases; /* number - 1 */
  mem_audit_vec audit;      /* number - 1 */
} mem_tenant;

typedef struct mem_setting {
  bool present;
  stele_row_kind kind;
  int64_t tenant;
  stele_setting_row row;
} mem_setting;

typedef struct mem_key {
  int64_t tenant;
  bool present;
  store_key_row row;
} mem_key;

typedef struct mem_usage {
  int64_t tenant;
  bool present;
  stele_usage_row row;
} mem_usage;

typedef struct mem_outbox {
  uint64_t seq;
  stele_change_kind kind;
  int64_t tenant;
  int32_t release;
  stele_time_us time;
} mem_outbox;

typedef struct memory_store {
  store_tables face;
  stele_arena *arena;
  stele_map index;                   /* every row's key (mem_key_*) to its object */
  STELE_VEC(mem_tenant *) tenants;   /* key - 1 */
  STELE_VEC(mem_subject *) subjects; /* key - 1 */
  STELE_VEC(mem_text *) texts;       /* key - 1 */
  mem_id_vec ids;
  STELE_VEC(mem_setting *) settings;
  STELE_VEC(mem_key *) keys;
  STELE_VEC(mem_usage *) usages;
  STELE_VEC(store_feed_row) feed; /* seq - 1 */
  STELE_VEC(mem_outbox) outbox;
  stele_buf undo;   /* undo_entry and its bytes, one after the other */
  stele_buf lookup; /* the key being looked up */
  stele_buf name;   /* a name made of two, for such a key */
  size_t mark;      /* length of `undo` at the mark */
} memory_store;

/* Which table a key of the index belongs to. */
typedef enum mem_table {
  MEM_TENANT = 'T',
  MEM_SUBJECT = 'S',
  MEM_ID = 'N',
  MEM_IDENTITY = 'I',
  MEM_TEXT = 'X',
  MEM_SETTING = 'C',
  MEM_KEY = 'K',
  MEM_USAGE = 'U'
} mem_table;

/* The key of a row: table, owner (a tenant or subject), a number, a name. The
 * result holds until the next call. */
stele_str mem_index_key(memory_store *m, mem_table table, int64_t owner, int64_t number,
                        stele_str name);
void *mem_find(memory_store *m, mem_table table, int64_t owner, int64_t number, stele_str name);
/* Its place, made (NULL) when the key is new. */
void **mem_place(memory_store *m, mem_table table, int64_t owner, int64_t number, stele_str name);

mem_setting *mem_setting_find(memory_store *m, const store_feed_row *at);
mem_version *mem_version_find(const mem_subject *subject, int32_t version);

/* The reading half of the table of verbs. */
bool mem_count(store_tables *t, stele_store_stats *out, stele_err *err);
uint64_t mem_bytes(store_tables *t);
bool mem_load(store_tables *t, store_emit_row *emit, void *arg, stele_err *err);
bool mem_feed(store_tables *t, uint64_t after, store_emit_row *emit, void *arg, stele_err *err);
bool mem_find_rows(store_tables *t, const stele_find *what, store_emit_row *emit, void *arg,
                   stele_err *err);
bool mem_each_tenant(store_tables *t, store_emit_tenant *emit, void *arg, stele_err *err);
bool mem_each_audit(store_tables *t, int64_t tenant, stele_str name, uint64_t after,
                    store_emit_audit *emit, void *arg, stele_err *err);

#endif
