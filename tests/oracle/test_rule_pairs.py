"""Random modules and workspaces, older and newer: Stele's lint and breaking find what buf's do, byte for byte. Other modules
each day; by hand, many: tools/oracle_rules --random 500, tools/oracle_rules --workspaces 200."""
import time

import pytest

import rule_pairs
import rule_workspaces

FEW = 6
FIRST = int(time.strftime("%j")) * 1000


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FEW))
def test_the_same_is_found(seed, tmp_path):
    drawn = rule_pairs.pair(seed, tmp_path)
    found, judged = rule_pairs.differences(drawn, tmp_path)
    assert not found, (drawn, found)
    assert judged


@pytest.mark.parametrize("seed", [100, 272, 1024])  # what differed once
def test_the_same_is_found_in_workspaces(seed, tmp_path):
    drawn = rule_workspaces.workspace(seed, tmp_path)
    found, _ = rule_workspaces.differences(drawn, tmp_path)
    assert not found, (drawn, found)
