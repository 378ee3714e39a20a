/* store/apply: the rules of a store, written once over any backend's tables.
 *
 * In:   batches, inside one transaction.   Out: results, rows, feed, audit.
 * A change is judged against the rows before anything is written, so a change
 * that is not taken has written nothing; a group sets a mark first.
 * Deps: store/tables.h. */
#ifndef STELE_STORE_APPLY_H
#define STELE_STORE_APPLY_H

#include "base/buf.h"
#include "store/tables.h"

/* The tenants that a transaction touches keep their counters here: read once,
 * written once. More of them than slots only costs writing some twice. */
enum { TXN_TENANTS = 16 };

typedef struct txn_tenant {
  stele_str name; /* borrowed from a change */
  store_tenant row;
  bool dirty;
} txn_tenant;

/* What a transaction counts, and what a rewind must bring back. */
typedef struct txn_numbers {
  txn_tenant tenants[TXN_TENANTS];
  size_t tenant_count;
  stele_store_stats counts; /* counts.seq: the last feed row */
} txn_numbers;

/* The work of the store's thread: lives as long as the store. */
typedef struct store_txn {
  store_tables *tables;
  txn_numbers now, marked;

  /* Of the change at hand: */
  const stele_origin *origin;
  stele_arena *arena;     /* of its batch, or NULL */
  int32_t release;        /* that it belongs to; 0: none */
  stele_str audit_tenant; /* whose audit chain takes it */

  /* Written by the change, JSON; empty: null. */
  stele_buf before, after;
  stele_buf members;  /* a group's changes so far, JSON */
  stele_buf versions; /* int32_t each: the result's list */
  stele_buf targets;  /* int64_t each: the references' subjects */
  stele_buf results;  /* encoded, for the key row */
} store_txn;

/* `counts` is what the tables hold now. */
void store_txn_init(store_txn *txn, store_tables *tables, const stele_store_stats *counts);
void store_txn_release(store_txn *txn);

/* Between the tables' begin and commit: forgets what an earlier transaction
 * knew; applies a batch, filling its results; writes the counters. */
void store_txn_begin(store_txn *txn, const stele_store_stats *counts);
bool store_txn_apply(store_txn *txn, stele_batch *batch, stele_err *err) STELE_MUST_USE;
bool store_txn_end(store_txn *txn, stele_err *err) STELE_MUST_USE;

/* ---- for the files of apply ---- */

/* One kind of change. Answers false only when the machine fails. */
typedef bool apply_fn(store_txn *txn, const stele_change *change, stele_result *result,
                      stele_err *err);

apply_fn apply_register, apply_delete_version, apply_delete_subject, apply_delete_tenant,
    apply_set_state, apply_set, apply_unset, apply_usage;

/* Does not take the change: answers true, so that it can be returned. */
bool apply_refuse(stele_result *result, stele_why why);

/* The tenant's counters; NULL in `out` when it is not there (and not `add`). The
 * pointer holds until the next call. */
bool txn_tenant_find(store_txn *txn, stele_str name, bool add, txn_tenant **out,
                     stele_err *err) STELE_MUST_USE;
/* The same, and it stands from now on. */
bool txn_tenant_raise(store_txn *txn, stele_str name, txn_tenant **out,
                      stele_err *err) STELE_MUST_USE;

/* Tenant and subject of a change that needs both; `subject` 0: not there. */
bool txn_subject_find(store_txn *txn, stele_str tenant, stele_str name, txn_tenant **out_tenant,
                      int64_t *subject, stele_err *err) STELE_MUST_USE;

/* Adds a row to the feed; gives it the next number, also to the result. */
bool txn_feed(store_txn *txn, store_feed_row row, stele_result *result,
              stele_err *err) STELE_MUST_USE;

/* Removes a version for good, and with the last of its kind what was its own:
 * the text, the id's content, the subject's settings. */
bool txn_remove_version(store_txn *txn, const txn_tenant *tenant, int64_t subject, stele_str name,
                        const store_entry *entry, stele_result *result,
                        stele_err *err) STELE_MUST_USE;

/* Removes a setting if it is there. */
bool txn_remove_setting(store_txn *txn, store_feed_row at, stele_result *result, bool *found,
                        stele_err *err) STELE_MUST_USE;

/* Hands txn->versions to the result, in the batch's arena. */
bool txn_list_versions(store_txn *txn, stele_result *result, stele_err *err) STELE_MUST_USE;

#endif
