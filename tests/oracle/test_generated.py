"""Random files, the same every time: each construct in layouts that nobody would write by hand."""
import itertools

import pytest

import corpus
import generator
from test_descriptors import compare


@pytest.mark.parametrize("seed", range(40))
def test_generated(seed, tmp_path):
    (tmp_path / "x.proto").write_text(generator.generate(seed), newline="")
    for info, retain in itertools.product([False, True], repeat=2):
        compare([tmp_path, corpus.OWN], ["x.proto"], tmp_path, source_info=info, retain=retain)
