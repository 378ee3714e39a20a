/* store/change: what can be asked of a store, in the registry's words.
 *
 * In:   changes, each a row of the closed set below.   Out: a result for each.
 * A change is taken whole or not at all. What it breaks (the newest version
 * has moved, the version is still referenced, ...) is its result's `why`; a
 * failing machine is the stele_err of the whole batch.
 * Deps: base. */
#ifndef STELE_STORE_CHANGE_H
#define STELE_STORE_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/time.h"
#include "stele/str.h"

/* The kinds of change; the text is the audit record's "what". */
// clang-format off
#define STELE_CHANGES(X)                         \
  X(REGISTER,       "register")                  \
  X(RELEASE,        "release")                   \
  X(GROUP,          "group")                     \
  X(DELETE_VERSION, "delete version")            \
  X(DELETE_SUBJECT, "delete subject")            \
  X(DELETE_TENANT,  "delete tenant")             \
  X(SET_STATE,      "set state")                 \
  X(SET_CONFIG,     "set config")                \
  X(DELETE_CONFIG,  "delete config")             \
  X(SET_MODE,       "set mode")                  \
  X(DELETE_MODE,    "delete mode")               \
  X(USAGE,          "usage")

/* Why a change was not taken, and the machine's word for it. STELE_CONFLICT
 * says: the world has moved since you judged, look again and come back. */
#define STELE_WHYS(X)                                                                             \
  X(DONE,              OK,        "done")                                                         \
  X(NEWEST_MOVED,      CONFLICT,  "the subject's newest version is no longer the one judged against") \
  X(VERSION_TAKEN,     CONFLICT,  "the subject has that version already")                         \
  X(BASE_MOVED,        CONFLICT,  "there is a newer release than the one named as base")          \
  X(REFERENCE_MISSING, CONFLICT,  "a referenced version does not exist or is deleted")            \
  X(REFERENCED,        CONFLICT,  "another schema refers to it")                                  \
  X(ID_TAKEN,          CONFLICT,  "the id belongs to another schema")                             \
  X(IDS_USED_UP,       LIMIT,     "the tenant has no ids left")                                   \
  X(SUBJECT_MISSING,   NOT_FOUND, "no such subject")                                              \
  X(VERSION_MISSING,   NOT_FOUND, "no such version")                                              \
  X(TENANT_MISSING,    NOT_FOUND, "no such tenant")                                               \
  X(SETTING_MISSING,   NOT_FOUND, "nothing is set there")                                         \
  X(ALREADY_DELETED,   NOT_FOUND, "it is deleted already")                                        \
  X(NOT_DELETED,       INVALID,   "it must be deleted before it is deleted for good")             \
  X(TENANT_NOT_EMPTY,  INVALID,   "the tenant still has subjects")                                \
  X(KEY_REUSED,        INVALID,   "the idempotency key belongs to another request")               \
  X(OTHER_FAILED,      CANCELLED, "another change of the same group was not taken")               \
  X(MALFORMED,         INVALID,   "the change does not make sense")
// clang-format on

typedef enum stele_change_kind {
#define X(name, text) STELE_CHANGE_##name,
  STELE_CHANGES(X)
#undef X
} stele_change_kind;

typedef enum stele_why {
#define X(name, code, text) STELE_WHY_##name,
  STELE_WHYS(X)
#undef X
} stele_why;

/* The columns of the two tables. */
const char *stele_change_text(stele_change_kind kind);
const char *stele_why_text(stele_why why);
stele_code stele_why_code(stele_why why);

/* These numbers are stored: never renumber. */
typedef enum stele_text_kind {
  STELE_TEXT_SOURCE = 0,    /* .proto text */
  STELE_TEXT_DESCRIPTOR = 1 /* a serialised FileDescriptorProto */
} stele_text_kind;

typedef enum stele_state {
  STELE_STATE_DRAFT = 1,
  STELE_STATE_ACTIVE = 2,
  STELE_STATE_DEPRECATED = 3,
  STELE_STATE_RETIRED = 4
} stele_state;

typedef enum stele_scope {
  STELE_SCOPE_GLOBAL = 0, /* tenant and name are empty */
  STELE_SCOPE_TENANT = 1, /* name is empty */
  STELE_SCOPE_PREFIX = 2, /* name is the beginning of subjects */
  STELE_SCOPE_SUBJECT = 3 /* name is a subject */
} stele_scope;

/* Who asks, when and from where: the audit record's columns, and a version's.
 * Members of a release or group take those of its head; their own are unread. */
typedef struct stele_origin {
  stele_time_us time;      /* by the caller's clock */
  stele_str author;        /* principal, or empty */
  stele_str source;        /* network address, or empty */
  stele_str commit;        /* the git commit it came from, or empty */
  stele_str key;           /* idempotency key, or empty; one per tenant, for ever */
  stele_sha256 key_digest; /* of the request behind the key: another one is KEY_REUSED */
} stele_origin;

/* An import and the version it resolves to. `tenant` empty: the referrer's. */
typedef struct stele_reference {
  stele_str name; /* the import path */
  stele_str tenant;
  stele_str subject;
  int32_t version;
} stele_reference;

/* What was registered, byte for byte. */
typedef struct stele_content {
  stele_bytes text;
  stele_text_kind text_kind;
  const stele_reference *references; /* in the order given */
  size_t reference_count;
  stele_str metadata; /* canonical JSON, or empty */
  stele_str rule_set; /* JSON, or empty */
} stele_content;

/* `judged` where nothing was judged: the newest version is not compared. */
enum { STELE_UNJUDGED = -1 };

/* A new version of a subject (tenant and subject come to be with it).
 *
 * id: the identity's id in the tenant if it has one (also when all its versions
 *   were deleted for good), else the tenant's next: 1, 2, ... without a gap.
 * version: one above the highest the subject has, deleted ones included.
 * References must be live, or made earlier in the same group or transaction.
 * Result: id, version, guid, seq; `new_id` when content and guid are now the
 *   id's own (first, or first again after all holders were deleted for good);
 *   `versions`: those that `sweep` removed. On NEWEST_MOVED: version is the
 *   newest live one (0: none).
 * May fail with: NEWEST_MOVED, VERSION_TAKEN, ID_TAKEN, IDS_USED_UP,
 *   REFERENCE_MISSING, KEY_REUSED, MALFORMED. */
typedef struct stele_change_register {
  stele_str tenant, subject;
  stele_sha256 identity, fingerprint;
  stele_md5 guid; /* kept when the id is new, else the id's first guid stays */
  stele_content content;
  stele_str semver; /* "1.2.0" */
  stele_state state;
  int32_t judged;  /* newest live version it was judged against; 0: none; STELE_UNJUDGED */
  int32_t id;      /* imported: keep this id; 0: the store decides */
  int32_t version; /* this one or VERSION_TAKEN; 0: the store decides */
  bool normalized;
  bool sweep;         /* removes for good the deleted versions of the same id in the subject,
                         but for those that something refers to */
  bool any_reference; /* imported: references need not be live */
} stele_change_register;

/* A push: the `count` changes that follow in the batch (REGISTER,
 * DELETE_VERSION, DELETE_SUBJECT, SET_STATE) are taken together or not at all,
 * and belong to the tenant's next release number.
 * A repeated `origin.key` answers what the first one was answered, member by
 * member, with `repeated` set; a head without members then asks for its own
 * part alone. When a member is not taken, the head and the
 * other members come back OTHER_FAILED.
 * Result: release, seq. May fail with: BASE_MOVED, KEY_REUSED, OTHER_FAILED,
 *   MALFORMED. */
typedef struct stele_change_release {
  stele_str tenant;
  stele_str semver;
  int32_t base; /* the newest release must be this one; 0: whatever it is */
  size_t count; /* members */
} stele_change_release;

/* The `count` changes that follow are taken together or not at all, without a
 * release: any kind but RELEASE, GROUP and USAGE. Its audit record is its
 * tenant's. */
typedef struct stele_change_group {
  stele_str tenant;
  size_t count; /* members */
} stele_change_group;

/* Deletes a version. Soft: hidden, still found by id, restored by registering
 * again. Permanent: only after soft, and for good; when it was the subject's
 * last, the subject's own config and mode go too; when it was the id's last
 * holder, the id's text goes too (the id itself stays with its identity).
 * Result: version, id, seq. May fail with: SUBJECT_MISSING, VERSION_MISSING,
 *   ALREADY_DELETED (soft only), NOT_DELETED (permanent only), REFERENCED (soft:
 *   by a live version; permanent: by any). */
typedef struct stele_change_delete_version {
  stele_str tenant, subject;
  int32_t version;
  bool permanent;
  bool force; /* although referenced; permanent: although not deleted before */
} stele_change_delete_version;

/* Deletes what is live in a subject (soft), or all of it once nothing is live
 * (permanent). References from within the subject do not count.
 * Result: versions (ascending), seq. May fail with: SUBJECT_MISSING,
 *   ALREADY_DELETED, NOT_DELETED, REFERENCED. */
typedef struct stele_change_delete_subject {
  stele_str tenant, subject;
  bool permanent;
  bool force;
} stele_change_delete_subject;

/* Forgets a tenant: versions, texts, releases, settings. Its numbers (ids,
 * releases) are never given again, and its audit stays. References from other
 * tenants count. May fail with: TENANT_MISSING, TENANT_NOT_EMPTY, REFERENCED. */
typedef struct stele_change_delete_tenant {
  stele_str tenant;
  bool with_content; /* although subjects are left, live or deleted */
} stele_change_delete_tenant;

/* The life of a version. Result: version, id, seq.
 * May fail with: SUBJECT_MISSING, VERSION_MISSING. */
typedef struct stele_change_set_state {
  stele_str tenant, subject;
  int32_t version;
  stele_state state;
  stele_time_us deprecate_at, retire_at; /* 0: not scheduled */
} stele_change_set_state;

/* SET_CONFIG, DELETE_CONFIG, SET_MODE, DELETE_MODE: one value per scope; the
 * store does not look into it. Deleting what is not set: SETTING_MISSING. */
typedef struct stele_change_setting {
  stele_scope scope;
  stele_str tenant;
  stele_str name;
  stele_str value; /* set only */
} stele_change_setting;

/* Who read which version: counted together per reader. Not audited, not fed.
 * What it names may be gone by now. */
typedef struct stele_change_usage {
  stele_str tenant, subject;
  int32_t version;
  stele_str reader; /* principal or client id */
  uint64_t reads;
  stele_time_us last; /* the newest of them */
} stele_change_usage;

typedef struct stele_change {
  stele_change_kind kind;
  stele_origin origin;
  union {
    stele_change_register reg;
    stele_change_release release;
    stele_change_group group;
    stele_change_delete_version delete_version;
    stele_change_delete_subject delete_subject;
    stele_change_delete_tenant delete_tenant;
    stele_change_set_state set_state;
    stele_change_setting setting;
    stele_change_usage usage;
  };
} stele_change;

/* What came of one change; which fields are set stands with each kind. */
typedef struct stele_result {
  stele_why why;
  bool repeated; /* the idempotency key was known: this is the first answer again */
  bool new_id;
  int32_t id;
  int32_t version;
  int32_t release;
  stele_md5 guid;
  uint64_t seq; /* of the last row it wrote to the feed */
  const int32_t *versions;
  size_t version_count;
} stele_result;

/* `count` changes and, once applied, a result for each. The batch, its changes
 * and all they point to are borrowed until `applied` is called.
 * Memory: results and their lists (`versions`) are made in `arena`, which is the
 * store's alone until then. Or the caller brings room for `count` results; then
 * `arena` may be NULL, and without it lists are left out. */
typedef struct stele_batch {
  stele_arena *arena;
  const stele_change *changes;
  size_t count;
  stele_result *results; /* NULL: made in `arena` */
} stele_batch;

#endif
