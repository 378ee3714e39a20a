/* snapshot: all that the registry knows, as of one moment.
 *
 * In:   rows of a store (registry/edit.h).   Out: tenants, subjects, versions,
 * ids, guids, who refers to whom, settings, releases; found at once, in order.
 * Immutable but for three things that are made when first asked for: the printed
 * text of a descriptor, the answer of GET /schemas/ids/{id}, and what a config
 * says. Everything is
 * counted and shared between one snapshot and the next; a text is held once,
 * however many versions have it.
 * Borrowed pointers hold as long as the snapshot (see registry_read).
 * Threads: any number of readers.
 * Deps: store/row.h, registry/tree.h. */
#ifndef STELE_REGISTRY_SNAPSHOT_H
#define STELE_REGISTRY_SNAPSHOT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "registry/tree.h"
#include "store/row.h"

/* Bytes that are made once and shared: handed to the network without a copy. */
typedef struct snap_bytes {
  _Atomic uint32_t holders;
  _Atomic int64_t *budget; /* its length is given back here; NULL: it counts nowhere */
  size_t len;
  char at[];
} snap_bytes;

/* A copy of `text` with one holder. */
snap_bytes *snap_bytes_new(stele_str text, _Atomic int64_t *budget);
snap_bytes *snap_bytes_ref(snap_bytes *bytes);
void snap_bytes_unref(void *bytes);

/* What was registered, byte for byte. */
typedef struct snap_text {
  _Atomic uint32_t holders;
  uint32_t users; /* rows that have it; the editor's */
  uint8_t key[8]; /* text_key, big-endian */
  stele_text_kind kind;
  _Atomic(snap_bytes *) printed; /* DESCRIPTOR: as .proto text, once it was asked for */
  size_t len;
  char at[];
} snap_text;

/* What is sent and stored together. */
typedef struct snap_content {
  snap_text *text;
  const stele_reference *references; /* tenant is never empty here */
  uint32_t reference_count;
  stele_str metadata; /* canonical JSON, or empty */
  stele_str rule_set;
} snap_content;

/* The text to answer with: the source, or the printed descriptor. False while
 * a descriptor has not been printed. */
bool snap_content_source(const snap_content *content, stele_str *out);

/* An id. */
typedef struct snap_schema {
  _Atomic uint32_t holders;
  int32_t id;
  uint8_t id_key[4];
  stele_str guid_key;     /* guid, tenant, id */
  stele_str identity_key; /* identity, id */
  stele_str tenant;
  const stele_sha256 *identity, *fingerprint;
  const stele_md5 *guid;
  snap_content content; /* first stored under the id */
  stele_time_us time;
  _Atomic(snap_bytes *) body; /* the answer of GET /schemas/ids/{id}, once it was made */
} snap_schema;

/* An entry of a subject. */
typedef struct snap_version {
  _Atomic uint32_t holders;
  int32_t version, id, release;
  stele_str holder_key; /* id, subject, version */
  stele_str tenant, subject;
  snap_content content;
  stele_str semver, author, source, commit, key;
  stele_time_us time, deprecate_at, retire_at;
  uint8_t state; /* stele_state */
  bool deleted;
  bool normalized;
} snap_version;

/* A reference seen from its target. */
typedef struct snap_referrer {
  _Atomic uint32_t holders;
  stele_str key; /* target: subject, NUL, version; referrer: tenant, NUL, subject, NUL, version */
  stele_str tenant, subject;
  int32_t version, id;
  bool deleted;
} snap_referrer;

/* The versions of a subject, shared by its editions: each sees its own count,
 * and the newest edition may add behind it. */
typedef struct snap_list {
  _Atomic uint32_t holders;
  uint32_t used, cap;
  snap_version *at[];
} snap_list;

/* A named line of versions. */
typedef struct snap_subject {
  _Atomic uint32_t holders;
  stele_str name;
  snap_list *list;
  snap_version *const *versions; /* ascending, deleted ones included */
  uint32_t count, live_count;
  const snap_version *newest_live; /* NULL: all are deleted */
} snap_subject;

typedef struct snap_release {
  _Atomic uint32_t holders;
  int32_t number, base;
  uint8_t number_key[4];
  stele_str semver, author, source, commit, key;
  stele_time_us time;
} snap_release;

typedef struct setting_read setting_read; /* registry/setting.c */

/* One value: CONFIG or MODE. */
typedef struct snap_setting {
  _Atomic uint32_t holders;
  stele_str key; /* kind, scope, tenant, NUL, name */
  stele_str name;
  stele_str value;
  _Atomic(setting_read *) read; /* CONFIG: what the value says, once it was asked for */
} snap_setting;

/* An isolation boundary: a context. */
typedef struct snap_tenant {
  _Atomic uint32_t holders;
  stele_str name;
  tree subjects;   /* snap_subject by name */
  tree schemas;    /* snap_schema by id */
  tree identities; /* snap_schema by identity, id */
  tree by_id;      /* snap_version by id, subject, version */
  tree referrers;  /* snap_referrer by what they refer to */
  tree releases;   /* snap_release by number */
  int32_t max_id;
} snap_tenant;

typedef struct registry_snapshot {
  _Atomic uint32_t holders;
  uint64_t seq;  /* of the store's feed */
  tree tenants;  /* snap_tenant by name */
  tree guids;    /* snap_schema by guid, tenant, id */
  tree texts;    /* snap_text by key */
  tree settings; /* snap_setting */
} registry_snapshot;

extern const tree_kind snap_tenant_kind, snap_subject_kind, snap_schema_kind, snap_identity_kind,
    snap_guid_kind, snap_version_kind, snap_referrer_kind, snap_release_kind, snap_text_kind,
    snap_setting_kind;

registry_snapshot *registry_snapshot_ref(registry_snapshot *snapshot);
void registry_snapshot_unref(registry_snapshot *snapshot);

/* --- looking ------------------------------------------------------------- */

/* Each is NULL when there is none. */
const snap_tenant *snap_find_tenant(const registry_snapshot *s, stele_str tenant);
const snap_subject *snap_find_subject(const registry_snapshot *s, stele_str tenant,
                                      stele_str subject);
const snap_version *snap_find_version(const snap_subject *subject, int32_t version);
const snap_schema *snap_find_id(const registry_snapshot *s, stele_str tenant, int32_t id);
const snap_schema *snap_find_guid(const registry_snapshot *s, const stele_md5 *guid);
const snap_schema *snap_find_identity(const registry_snapshot *s, stele_str tenant,
                                      const stele_sha256 *identity);
const snap_release *snap_find_release(const snap_tenant *tenant, int32_t number);
const snap_release *snap_newest_release(const snap_tenant *tenant);

/* The newest version of `subject` that has the id: a live one, or with `deleted`
 * any. */
const snap_version *snap_version_of_id(const snap_subject *subject, int32_t id, bool deleted);

/* Walks the versions that have an id, by subject and number. */
tree_cursor snap_holders(const snap_tenant *tenant, int32_t id);
const snap_version *snap_next_holder(tree_cursor *cursor, int32_t id);

/* Walks who refers to a version. */
typedef struct snap_referrer_cursor {
  tree_cursor cursor;
  stele_str prefix;
} snap_referrer_cursor;
snap_referrer_cursor snap_referrers(stele_arena *arena, const snap_tenant *tenant,
                                    stele_str subject, int32_t version);
const snap_referrer *snap_next_referrer(snap_referrer_cursor *cursor);

/* A setting of exactly that scope: CONFIG or MODE. */
const snap_setting *snap_find_setting(stele_arena *arena, const registry_snapshot *s,
                                      stele_row_kind kind, stele_scope scope, stele_str tenant,
                                      stele_str name);

/* The setting of the longest prefix that `subject` starts with. */
const snap_setting *snap_find_prefix_setting(stele_arena *arena, const registry_snapshot *s,
                                             stele_row_kind kind, stele_str tenant,
                                             stele_str subject);

/* Big-endian numbers, as they stand in keys. */
void snap_key_u32(uint8_t out[4], uint32_t value);

/* The key of a setting. */
stele_str snap_setting_key(stele_arena *arena, stele_row_kind kind, stele_scope scope,
                           stele_str tenant, stele_str name);

#endif
