"""Random modules, older and newer: Stele's lint and breaking find what buf's do, byte for byte. Other ones each day; by hand,
many: tools/oracle_rules --random 500."""
import time

import pytest

import rule_pairs

FEW = 6
FIRST = int(time.strftime("%j")) * 1000


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FEW))
def test_the_same_is_found(seed, tmp_path):
    drawn = rule_pairs.pair(seed, tmp_path)
    found, judged = rule_pairs.differences(drawn, tmp_path)
    assert not found, (drawn, found)
    assert judged
