"""A sample of tools/agree: random and damaged payloads through Stele's runtime and through Google's."""
import pytest
import runtime
import runtime_json
import runtime_text

COUNT = 2500
FEW = 1200


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    pool, classes = runtime.load(tmp_path_factory.mktemp("runtime"))
    testee = runtime.Testee(classes)
    yield classes, pool, testee
    testee.close()


@pytest.mark.parametrize("seed", [11, 12])
def test_binary_agrees(both, seed):
    figures, wrong = runtime.compare(*both, COUNT, seed)
    assert not wrong, wrong[:5]
    assert figures["both take"] > COUNT / 3 and figures["both refuse"] > COUNT / 5, figures
    assert figures["same bytes"] > 0.9 * figures["both take"], figures


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Python's own reader, over escapes that there are not
@pytest.mark.parametrize("form", [runtime_json, runtime_text])
def test_texts_agree(both, form):
    """Both take and both refuse a good share; what is known to differ is little."""
    figures, wrong = form.compare(*both, FEW, 13)
    assert not wrong, wrong[:5]
    assert figures["both take"] > FEW / 3 and figures["both refuse"] > FEW / 5, figures
    assert figures["both take"] + figures["both refuse"] > 0.95 * FEW, figures


@pytest.mark.parametrize("form,same", [(runtime_json, "same JSON"), (runtime_text, "same text")])
def test_written_texts_agree(both, form, same):
    figures, wrong = form.compare_written(*both, FEW // 2, 14)
    assert not wrong, wrong[:5]
    assert figures[same] > 0.9 * FEW // 2, figures
