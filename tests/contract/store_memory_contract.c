/* The contract, kept by store/memory. */
#include "contract/store_contract.h"
#include "store/memory/memory.h"
#include "store/tables.h"

static stele_store *open_memory(stele_test *t, int slot, stele_err *err) {
  (void)t;
  (void)slot;
  return stele_memory_open(err);
}

static void fail_memory(stele_store *store, uint64_t n) {
  stele_arena_fail_after(store_tables_of(store)->arena, n);
}

const rig_backend backend = {"memory", open_memory, false, fail_memory};

int main(void) {
  return t_run(__FILE__, store_contract, STORE_CONTRACT_TESTS);
}
