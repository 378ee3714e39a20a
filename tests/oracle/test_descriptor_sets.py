"""Descriptor sets that somebody else wrote: protoc and stele say the same of them, or write the same.

Cases by hand lie in tests/golden/descriptors, each with protoc's answer; the mutants are the first of those
that tools/mutate --descriptors goes through by the thousand.
"""
import concurrent.futures

import pytest

import corpus
import descriptors
import mutator
import verdict

CASES = sorted(path.parent for path in (corpus.ROOT / "tests/golden/descriptors").glob("*/in.txtpb"))
SANITIZED = 60  # that the build with sanitizers sees
QUICK = 500


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    want = (case / "oracle.txt").read_text(errors="surrogateescape")
    assert verdict.of_set(corpus.PROTOC, case, [corpus.STELE, "protoc"]) == want


@pytest.mark.parametrize("seeds, binary", [
    pytest.param(range(SANITIZED), corpus.STELE, id="sanitized"),
    pytest.param(range(SANITIZED, SANITIZED + QUICK), corpus.QUICK, id="quick"),
])
def test_mutants(seeds, binary, tmp_path):
    def judge(seed):
        place = tmp_path / str(seed)
        place.mkdir()
        mutant = descriptors.mutate(seed)
        return mutant, descriptors.judge(mutant, place, seed, binary)

    mutator.sources()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(judge, seeds))
    wrong = [f"mutant {seed} of {mutant.title()}: {one.text()}"
             for seed, (mutant, one) in zip(seeds, found) if one.kind]
    assert not [one for _, one in found if one.kind in ("verdict", "bytes")], "\n".join(wrong)
    refused = sum(one.protoc.code == 1 for _, one in found)
    assert len(wrong) <= refused * 0.01, "\n".join(wrong)
    assert refused > len(seeds) * 0.3 and len(seeds) - refused > len(seeds) * 0.1


def test_a_mutant_is_always_the_same():
    assert all(descriptors.mutate(seed) == descriptors.mutate(seed) for seed in range(20))
