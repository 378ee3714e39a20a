/* The answer is kept as bytes, so that it stays what it was even when the
 * versions are long gone. Little-endian, in this order, one after the other:
 * count u32, then for each result: seq u64, id u32, version u32, release u32,
 * new_id u8, guid 16 bytes, list length u32, the list u32 each. */
#include "store/apply_key.h"

static void put(stele_buf *buf, uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i++) stele_buf_add_byte(buf, (uint8_t)(value >> (8 * i)));
}

typedef struct key_reader {
  const uint8_t *at, *end;
  bool failed;
} key_reader;

static uint64_t get(key_reader *r, unsigned bytes) {
  uint64_t value = 0;
  if (r->failed || (size_t)(r->end - r->at) < bytes) {
    r->failed = true;
    return 0;
  }
  for (unsigned i = 0; i < bytes; i++) value |= (uint64_t)*r->at++ << (8 * i);
  return value;
}

static void put_result(stele_buf *buf, const stele_result *result) {
  put(buf, result->seq, 8);
  put(buf, (uint32_t)result->id, 4);
  put(buf, (uint32_t)result->version, 4);
  put(buf, (uint32_t)result->release, 4);
  put(buf, result->new_id, 1);
  stele_buf_add(buf, result->guid.bytes, sizeof result->guid.bytes);
  put(buf, result->version_count, 4);
  for (size_t i = 0; i < result->version_count; i++) put(buf, (uint32_t)result->versions[i], 4);
}

static bool get_result(store_txn *txn, key_reader *r, stele_result *result, stele_err *err) {
  *result = (stele_result){.repeated = true, .seq = get(r, 8)};
  result->id = (int32_t)get(r, 4);
  result->version = (int32_t)get(r, 4);
  result->release = (int32_t)get(r, 4);
  result->new_id = get(r, 1) != 0;
  for (size_t i = 0; i < sizeof result->guid.bytes; i++) result->guid.bytes[i] = (uint8_t)get(r, 1);
  stele_buf_clear(&txn->versions);
  for (uint64_t left = get(r, 4); left && !r->failed; left--) {
    int32_t version = (int32_t)get(r, 4);
    stele_buf_add(&txn->versions, &version, sizeof version);
  }
  if (r->failed) return stele_fail(err, STELE_CORRUPT, "the answer of an idempotency key is cut");
  return txn_list_versions(txn, result, err);
}

static bool refuse_key(stele_result *results, size_t count) {
  for (size_t i = 1; i < count; i++) results[i].why = STELE_WHY_OTHER_FAILED;
  return apply_refuse(&results[0], STELE_WHY_KEY_REUSED);
}

bool apply_key_answer(store_txn *txn, stele_result *results, size_t count, bool *known,
                      stele_err *err) {
  store_tables *t = txn->tables;
  txn_tenant *tenant = NULL;
  store_key_row row;

  *known = false;
  if (txn->origin->key.len == 0) return true;
  if (!txn_tenant_find(txn, txn->audit_tenant, false, &tenant, err)) return false;
  if (!tenant) return true;
  if (!t->ops->key_find(t, tenant->row.key, txn->origin->key, known, &row, err)) return false;
  if (!*known) return true;
  key_reader r = {row.results.ptr, row.results.ptr + row.results.len, false};
  bool is_same = memcmp(&row.digest, &txn->origin->key_digest, sizeof row.digest) == 0;
  uint64_t kept = get(&r, 4);
  bool head_alone = count == 1 && kept > 1;
  if (!is_same || (kept != count && !head_alone)) return refuse_key(results, count);
  for (size_t i = 0; i < count; i++) {
    if (!get_result(txn, &r, &results[i], err)) return false;
  }
  return true;
}

bool apply_key_keep(store_txn *txn, int64_t tenant, const stele_result *results, size_t count,
                    uint64_t first_seq, stele_err *err) {
  if (txn->origin->key.len == 0) return true;
  stele_buf_clear(&txn->results);
  put(&txn->results, count, 4);
  for (size_t i = 0; i < count; i++) put_result(&txn->results, &results[i]);
  if (txn->results.failed) return stele_fail(err, STELE_NO_MEMORY, "no memory for an answer");
  store_key_row row = {.digest = txn->origin->key_digest,
                       .first_seq = first_seq,
                       .last_seq = txn->now.counts.seq,
                       .results = stele_buf_bytes(&txn->results)};
  store_tables *t = txn->tables;
  return t->ops->key_add(t, tenant, txn->origin->key, &row, txn->origin->time, err);
}
