/* contract/store_contract: what every store must do, as tests. */
#ifndef STELE_TESTS_CONTRACT_STORE_CONTRACT_H
#define STELE_TESTS_CONTRACT_STORE_CONTRACT_H

#include "contract/store_rig.h"

enum { STORE_CONTRACT_TESTS = 29 };
extern const test_entry store_contract[STORE_CONTRACT_TESTS];

#endif
