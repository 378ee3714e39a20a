"""Damaged files: both compilers say the same of what is left, or write the same.

What a change breaks is anybody's guess, and so it finds what nobody thought of. These are the first
mutants; tools/mutate goes on from there, by the hundred thousand.
"""
import concurrent.futures

import pytest

import corpus
import mutator

SANITIZED = 120  # that the build with sanitizers sees
QUICK = 1400


def differences(seeds, binary, folder):
    """What differs, for people; and how many of the mutants protoc took, and refused."""
    def judge(seed):
        place = folder / str(seed)
        place.mkdir()
        mutant = mutator.mutate(seed)
        return mutant, mutator.judge(mutant, place, seed, binary)

    mutator.sources()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(judge, seeds))
    texts = [f"mutant {seed} of {mutant.source.name}: {one.text()}"
             for seed, (mutant, one) in zip(seeds, found) if one.kind]
    accepted = sum(one.protoc.code == 0 for _, one in found)
    return texts, accepted, sum(one.protoc.code == 1 for _, one in found)


@pytest.mark.parametrize("seeds, binary", [
    pytest.param(range(SANITIZED), corpus.STELE, id="sanitized"),
    pytest.param(range(SANITIZED, SANITIZED + QUICK), corpus.QUICK, id="quick"),
])
def test_mutants(seeds, binary, tmp_path):
    texts, accepted, refused = differences(seeds, binary, tmp_path)
    assert not texts, "\n".join(texts)
    assert accepted > len(seeds) * 0.04 and refused > len(seeds) * 0.5


def test_a_mutant_is_always_the_same():
    assert all(mutator.mutate(seed) == mutator.mutate(seed) for seed in range(50))
    assert len({mutator.mutate(seed).text for seed in range(50)}) > 45
