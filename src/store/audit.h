/* store/audit: the chain of audit records, and whether it is whole.
 *
 * hash = SHA-256 over the previous record's hash and then every field of this
 * one, each with its length before it, so that no two records read the same.
 * Whoever changes or takes away a record must make all later ones anew; the
 * last hash and the count stand with the tenant, so a cut tail shows too.
 * Deps: store/tables.h. */
#ifndef STELE_STORE_AUDIT_H
#define STELE_STORE_AUDIT_H

#include "store/tables.h"

/* The hash of a record, from all its fields but `hash`. */
bool store_audit_hash(const stele_audit_row *row, stele_sha256 *out, stele_err *err) STELE_MUST_USE;

/* Walks every chain. False with STELE_CORRUPT names the first bad record. */
bool store_audit_check(store_tables *tables, stele_audit_verdict *verdict,
                       stele_err *err) STELE_MUST_USE;

#endif
