/* store: what the registry must not forget, behind an asynchronous face.
 *
 * In:   batches of changes, questions.   Out: results and rows, by callback.
 * A backend has one thread of its own: it takes all that is queued, applies it
 * in one transaction, makes that durable, and only then answers. Nothing here
 * blocks the caller. Every backend passes tests/contract/store_contract.c.
 * Deps: store/change.h, store/row.h. */
#ifndef STELE_STORE_STORE_H
#define STELE_STORE_STORE_H

#include "store/change.h"
#include "store/row.h"

typedef struct stele_store stele_store;

/* The batch is durable and `batch->results` says what came of each change; or
 * `err` says why nothing of it was kept (else NULL). Called once, on the
 * store's thread, in the order of commits: keep it short. It may submit and ask
 * more, but not close. */
typedef void stele_applied(stele_batch *batch, const stele_err *err, void *arg);

/* Takes rows: called on the store's thread, the last time with `rows->last`. */
typedef void stele_rows_read(const stele_rows *rows, void *arg);
typedef void stele_audit_read(const stele_audit_rows *rows, void *arg);

/* What came of checking the audit chains: `err` NULL when every chain is whole,
 * else STELE_CORRUPT with tenant and number of the first bad record. */
typedef struct stele_audit_verdict {
  uint64_t chains, records;
  const stele_err *err;
} stele_audit_verdict;

typedef void stele_audit_checked(const stele_audit_verdict *verdict, void *arg);

typedef enum stele_find_kind {
  STELE_FIND_ID,   /* tenant, id: the SCHEMA row */
  STELE_FIND_GUID, /* guid, in `tenant` or (empty) any: the SCHEMA rows */
  STELE_FIND_KEY,  /* tenant, text: what that idempotency key made that still stands: the RELEASE
                      row, then VERSION rows */
  STELE_FIND_USAGE /* tenant, text (subject), version (0: all): USAGE rows */
} stele_find_kind;

typedef struct stele_find {
  stele_find_kind kind;
  stele_str tenant;
  stele_str text;
  int32_t id;
  int32_t version;
  stele_md5 guid;
} stele_find;

/* How much there is, as of the last commit. */
typedef struct stele_store_stats {
  uint64_t bytes; /* on disk, or in memory where there is no disk */
  uint64_t tenants, subjects, schemas, versions, releases;
  uint64_t seq;          /* of the newest feed row */
  uint64_t queued;       /* jobs that wait now */
  uint64_t transactions; /* committed since opening */
  uint64_t batches;      /* in them */
} stele_store_stats;

/* The verbs. All may be called from any thread. Those that answer bool queue a
 * job: true means its callback will be called, false that it will not be
 * (STELE_UNAVAILABLE: the queue is full or the store is closing). Jobs are
 * done in the order they were queued; what they point to is borrowed until
 * (the last call of) their callback.
 *
 * submit: applies a batch; see stele_applied.
 * load:   every row that stands, a few at a time: tenants, schemas, versions (of
 *         a subject ascending), releases, config and modes; `rows->seq` of
 *         the last piece is where the feed goes on.
 * feed:   every row written after `seq`, in commit order; a row that no longer
 *         stands comes as gone.
 * find:   asks for one thing that the snapshot lacks; nothing found: no rows.
 * audit:  one tenant's audit records after number `after`.
 * check:  verifies every audit chain.
 * stats:  at once, without a job.
 * close:  does what is queued first, then frees the store. NULL is fine. */
typedef struct stele_store_ops {
  const char *name; /* "memory", "sqlite": for logs and metrics */
  bool (*submit)(stele_store *s, stele_batch *batch, stele_applied *applied, void *arg,
                 stele_err *err) STELE_MUST_USE;
  bool (*load)(stele_store *s, stele_rows_read *read, void *arg, stele_err *err) STELE_MUST_USE;
  bool (*feed)(stele_store *s, uint64_t seq, stele_rows_read *read, void *arg,
               stele_err *err) STELE_MUST_USE;
  bool (*find)(stele_store *s, const stele_find *what, stele_rows_read *read, void *arg,
               stele_err *err) STELE_MUST_USE;
  bool (*audit)(stele_store *s, stele_str tenant, uint64_t after, stele_audit_read *read, void *arg,
                stele_err *err) STELE_MUST_USE;
  bool (*check)(stele_store *s, stele_audit_checked *checked, void *arg,
                stele_err *err) STELE_MUST_USE;
  void (*stats)(stele_store *s, stele_store_stats *out);
  void (*close)(stele_store *s);
} stele_store_ops;

/* First member of every backend's own struct. */
struct stele_store {
  const stele_store_ops *ops;
};

#endif
