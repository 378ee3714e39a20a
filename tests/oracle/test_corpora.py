"""Whole trees of other people's files: the bytes of what protoc takes, its words for what it refuses.

tests/oracle/corpora.txt tells which is which, and tools/corpora --write makes it from protoc's answers.
Here every mode is compared for every corpus but the largest; tools/corpora does all of it.
"""
import itertools

import pytest

import corpus
import verdict
from test_descriptors import explain

PARTS = corpus.parts()
REFUSED_OF_EACH = 12
MANY_RUNS = 5
MODES = [dict(zip(("source_info", "imports", "retain"), flags)) for flags in itertools.product((False, True), repeat=3)]
SOME_MODES = [MODES[0b100], MODES[0b111]]
SMALL = [title for title in corpus.CORPORA if title not in ("google", "own")]


def accepted(title):
    """The runs of a corpus."""
    told = PARTS.get(title, {})
    names, runs = corpus.CORPORA[title].files(), [part for key, part in told.items() if key != "refused"]
    return runs or [[name for name in names if name not in set(told.get("refused", []))]]


def compare(title, names, folder, mode):
    roots = corpus.CORPORA[title].roots
    want = corpus.protoc(roots, names, folder, **mode)
    got = corpus.stele(roots, names, folder, binary=corpus.QUICK, **mode)
    if want != got:
        pytest.fail(f"{mode}: {explain(corpus.entries(want), corpus.entries(got))}", pytrace=False)


@pytest.mark.parametrize("title", SMALL)
def test_same_bytes(title, tmp_path):
    runs = accepted(title)
    for mode in SOME_MODES if len(runs) > MANY_RUNS else MODES:
        for names in runs:
            compare(title, names, tmp_path, mode)


@pytest.mark.parametrize("mode", SOME_MODES, ids=["info", "all"])
def test_same_bytes_for_all_of_google(mode, tmp_path):
    """Some 8,000 files at once: protoc needs a quarter of a minute."""
    (names,) = accepted("google")
    assert len(names) > 7000
    compare("google", names, tmp_path, mode)


@pytest.mark.parametrize("title", [title for title, told in PARTS.items() if "refused" in told])
def test_same_words(title, tmp_path):
    names = PARTS[title]["refused"]
    step = max(1, len(names) // REFUSED_OF_EACH)
    for name in names[::step]:
        found = verdict.compare(tmp_path, name, corpus.CORPORA[title].roots, binary=corpus.QUICK)
        assert found.protoc.code == 1, f"{title}/{name} is taken: write corpora.txt anew"
        assert not found.kind, f"{title}/{name}: {found.text()}"


def test_there_is_enough():
    """At least five trees of other authors, with thousands of files between them."""
    sizes = {title: len(tree.files()) for title, tree in corpus.CORPORA.items()}
    assert sum(sizes.values()) > 8500
    others = [title for title, tree in corpus.CORPORA.items() if corpus.OTHERS in tree.own[0].parents]
    assert len(others) >= 10 and all(sizes[title] for title in others)
