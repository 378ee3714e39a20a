/* contract/store_rig: a store under test, asked and waited for, its rows as
 * text.
 *
 * The callbacks run on the store's thread and only collect; what is collected
 * is checked on the test's thread. A row reads
 *   tenant .
 *   schema . 1 "text"
 *   version . orders 1 id 1 "text" 1.0.0 active [deleted] [release 1] [name=subject:1 ...]
 *   release . 1 1.0.0
 *   config subject . orders {"a":1}
 * with "gone " in front when it is gone. */
#ifndef STELE_TESTS_CONTRACT_STORE_RIG_H
#define STELE_TESTS_CONTRACT_STORE_RIG_H

#include "base/buf.h"
#include "harness/test.h"
#include "store/store.h"
#include "sys/thread.h"

/* What differs between backends. */
typedef struct rig_backend {
  const char *name;
  /* A store of its own for `slot`: the same slot opened again after closing
   * shows what it had, where the backend keeps anything. */
  stele_store *(*open)(stele_test *t, int slot, stele_err *err);
  bool keeps;
  /* Lets the n-th call to the machine (for memory, for the disk) from now fail;
   * 0: the machine is sound again. */
  void (*fail_after)(stele_store *store, uint64_t n);
} rig_backend;

extern const rig_backend backend;

typedef struct rig {
  stele_test *t;
  stele_store *store;
  sys_mutex lock;
  sys_cond wake;
  unsigned waiting; /* answers that have not come */
  bool failed;      /* the last submit */
  stele_err err;
  stele_result *results;
  stele_buf rows; /* text of the last read */
  uint64_t seq;   /* of the last read */
  stele_audit_verdict verdict;
  size_t count; /* rows of the last read */
} rig;

void rig_open(rig *r, stele_test *t, int slot);
void rig_close(rig *r);

/* Submits and waits. The results are in `r->results`; false: `r->err`. */
bool rig_submit(rig *r, const stele_change *changes, size_t count);

/* One change; answers why. Its result is r->results[0]. */
stele_why rig_one(rig *r, stele_change change);

/* The halves of rig_submit: set `waiting`, submit with rig_applied, wait. */
void rig_applied(stele_batch *batch, const stele_err *err, void *arg);
void rig_wait(rig *r);

/* Rows as text, one a line. */
stele_str rig_load(rig *r);
stele_str rig_feed(rig *r, uint64_t after);
stele_str rig_find(rig *r, stele_find what);
stele_str rig_audit(rig *r, const char *tenant, uint64_t after);

/* Checks the audit chains: true when whole, else r->err. */
bool rig_check(rig *r);

/* A registration in tenant ".": `meaning` makes identity and guid, `text` is
 * the content. */
stele_change rig_register(const char *subject, const char *meaning, const char *text,
                          int32_t judged);
stele_change rig_delete(const char *subject, int32_t version, bool permanent);

/* The row as a line of text. */
void rig_print_row(stele_buf *out, const stele_row *row);

#endif
