/* store/apply_key: idempotency keys: the first answer, given again.
 * Deps: store/apply.h. */
#ifndef STELE_STORE_APPLY_KEY_H
#define STELE_STORE_APPLY_KEY_H

#include "store/apply.h"

/* Answers a unit (head and members: `count` results) whose origin's key is
 * known; `known` says so. A key of another request: the head is KEY_REUSED. */
bool apply_key_answer(store_txn *txn, stele_result *results, size_t count, bool *known,
                      stele_err *err) STELE_MUST_USE;

/* Keeps the answer of a unit under its origin's key, if it has one. */
bool apply_key_keep(store_txn *txn, int64_t tenant, const stele_result *results, size_t count,
                    uint64_t first_seq, stele_err *err) STELE_MUST_USE;

#endif
