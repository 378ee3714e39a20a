"""A sample of tools/agree: random and damaged payloads through Stele's runtime and through Google's."""
import pytest
import runtime

COUNT = 2500


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    pool, classes = runtime.load(tmp_path_factory.mktemp("runtime"))
    testee = runtime.Testee(classes)
    yield pool, classes, testee
    testee.close()


@pytest.mark.parametrize("seed", [11, 12])
def test_binary_agrees(both, seed):
    pool, classes, testee = both
    figures, wrong = runtime.compare(classes, pool, testee, COUNT, seed)
    assert not wrong, wrong[:5]
    assert figures["both take"] > COUNT / 3 and figures["both refuse"] > COUNT / 5, figures
    assert figures["same bytes"] > 0.9 * figures["both take"], figures
