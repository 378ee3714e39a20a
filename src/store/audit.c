/* One walk: tenant by tenant, record by record, each must be the next number,
 * name its predecessor's hash, and hash to what it says. */
#include "store/audit.h"

#include <inttypes.h>

enum { HASHED_FIELDS = 11 };

static stele_str le64(uint8_t out[8], uint64_t value) {
  for (unsigned i = 0; i < 8; i++) out[i] = (uint8_t)(value >> (8 * i));
  return (stele_str){(const char *)out, 8};
}

bool store_audit_hash(const stele_audit_row *row, stele_sha256 *out, stele_err *err) {
  uint8_t numbers[3][8], lengths[HASHED_FIELDS][8];
  const stele_str fields[HASHED_FIELDS] = {{(const char *)row->prev.bytes, sizeof row->prev.bytes},
                                           row->tenant,
                                           le64(numbers[0], row->number),
                                           le64(numbers[1], row->seq),
                                           le64(numbers[2], (uint64_t)row->time),
                                           row->who,
                                           row->from,
                                           row->what,
                                           row->before,
                                           row->after,
                                           STELE_STR("stele audit 1")};
  stele_str parts[2 * HASHED_FIELDS];
  for (size_t i = 0; i < HASHED_FIELDS; i++) {
    parts[2 * i] = le64(lengths[i], fields[i].len);
    parts[2 * i + 1] = fields[i];
  }
  return stele_sha256_of(parts, STELE_COUNT(parts), out, err);
}

typedef struct chain_walk {
  store_tables *tables;
  stele_audit_verdict *verdict;
  uint64_t number; /* of the record before */
  stele_sha256 head;
} chain_walk;

static bool same(const stele_sha256 *a, const stele_sha256 *b) {
  return memcmp(a, b, sizeof *a) == 0;
}

static bool check_record(const stele_audit_row *row, void *arg, stele_err *err) {
  chain_walk *walk = arg;
  stele_sha256 hash;
  if (row->number != walk->number + 1) {
    return stele_fail(err, STELE_CORRUPT,
                      "audit of tenant \"" STELE_STR_FMT "\": record %" PRIu64 " is missing",
                      STELE_STR_ARG(row->tenant), walk->number + 1);
  }
  if (!store_audit_hash(row, &hash, err)) return false;
  if (!same(&row->prev, &walk->head) || !same(&row->hash, &hash)) {
    return stele_fail(err, STELE_CORRUPT,
                      "audit of tenant \"" STELE_STR_FMT "\": record %" PRIu64 " was altered",
                      STELE_STR_ARG(row->tenant), row->number);
  }
  walk->number = row->number;
  walk->head = hash;
  walk->verdict->records++;
  return true;
}

static bool check_tenant(const store_tenant *tenant, stele_str name, void *arg, stele_err *err) {
  chain_walk *walk = arg;
  walk->number = 0;
  walk->head = (stele_sha256){0};
  if (!walk->tables->ops->each_audit(walk->tables, tenant->key, name, 0, check_record, walk, err)) {
    return false;
  }
  if (walk->number != tenant->audit_count || !same(&walk->head, &tenant->audit_head)) {
    return stele_fail(err, STELE_CORRUPT,
                      "audit of tenant \"" STELE_STR_FMT "\": %" PRIu64 " records of %" PRIu64
                      " are there",
                      STELE_STR_ARG(name), walk->number, tenant->audit_count);
  }
  walk->verdict->chains++;
  return true;
}

bool store_audit_check(store_tables *tables, stele_audit_verdict *verdict, stele_err *err) {
  chain_walk walk = {.tables = tables, .verdict = verdict};
  return tables->ops->each_tenant(tables, check_tenant, &walk, err);
}
